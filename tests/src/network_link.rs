//! A bad network link inside this process. It counts bytes, and it can be slow, lose packets, break and be
//! off.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::rng::TestRng;

/// First retransmission timeout of TCP (RFC 6298, section 2.1).
const RETRANSMISSION_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum number of bytes in one packet: what an Ethernet frame holds of a TCP stream, roughly.
const PACKET_BYTES: usize = 1_400;
/// Of a hundred lost packets, how many break the connection.
const BROKEN_PERCENT: u32 = 10;

/// What happens to a packet.
enum PacketFate {
    Delivered,
    Retransmitted,
    ConnectionBreaks,
}

/// A link between a device and an endpoint.
#[derive(Debug)]
pub struct NetworkLink {
    /// The address under which the device reaches the endpoint.
    pub url: String,
    /// Bytes from the device to the endpoint.
    pub up_bytes: AtomicU64,
    /// Bytes from the endpoint to the device.
    pub down_bytes: AtomicU64,
    /// Bytes per second in each direction; 0 for no limit.
    bytes_per_second: u64,
    /// Half of a round trip.
    delay: Duration,
    /// The connection breaks after this number of bytes up; -1 for never.
    pub cut_after: AtomicI64,
    /// Whether the link is on.
    pub up: AtomicBool,
    /// Of a hundred packets, how many are lost.
    lost_percent: u32,
    rng: Mutex<TestRng>,
}

impl NetworkLink {
    /// A link to the endpoint at this address.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn to(endpoint: &str, bytes_per_second: u64, delay: Duration) -> Result<Arc<Self>> {
        Self::losing(endpoint, bytes_per_second, delay, 0).await
    }

    /// The same, with `lost_percent` of a hundred packets lost.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn losing(
        endpoint: &str,
        bytes_per_second: u64,
        delay: Duration,
        lost_percent: u32,
    ) -> Result<Arc<Self>> {
        let target = endpoint.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let link = Arc::new(Self {
            url: format!("http://{}", listener.local_addr()?),
            up_bytes: AtomicU64::new(0),
            down_bytes: AtomicU64::new(0),
            bytes_per_second,
            delay,
            cut_after: AtomicI64::new(-1),
            up: AtomicBool::new(true),
            lost_percent,
            rng: Mutex::new(TestRng::new(7)),
        });
        let accepting = Arc::clone(&link);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if !accepting.up.load(Ordering::SeqCst) {
                    continue;
                }
                let (link, target) = (Arc::clone(&accepting), target.clone());
                tokio::spawn(async move {
                    // A TCP handshake costs one round trip.
                    tokio::time::sleep(link.delay * 2).await;
                    if let Ok(far) = TcpStream::connect(&target).await {
                        link.join(near, far).await;
                    }
                });
            }
        });
        Ok(link)
    }

    async fn join(&self, near: TcpStream, far: TcpStream) {
        let (near_read, near_write) = near.into_split();
        let (far_read, far_write) = far.into_split();
        tokio::select! {
            () = self.forward(near_read, far_write, &self.up_bytes, true) => {}
            () = self.forward(far_read, near_write, &self.down_bytes, false) => {}
        }
    }

    async fn forward(
        &self,
        mut from: tokio::net::tcp::OwnedReadHalf,
        mut to: tokio::net::tcp::OwnedWriteHalf,
        count: &AtomicU64,
        up: bool,
    ) {
        let mut buffer = [0; PACKET_BYTES];
        loop {
            let Ok(read) = from.read(&mut buffer).await else { return };
            if read == 0 || !self.up.load(Ordering::SeqCst) {
                return;
            }
            let length = if up { self.before_the_cut(read) } else { read };
            count.fetch_add(length as u64, Ordering::SeqCst);
            match self.packet_fate() {
                PacketFate::Delivered => {}
                PacketFate::Retransmitted => tokio::time::sleep(RETRANSMISSION_TIMEOUT).await,
                PacketFate::ConnectionBreaks => return,
            }
            self.transmit(length).await;
            if to.write_all(&buffer[..length]).await.is_err() || length < read {
                return;
            }
        }
    }

    /// How many of the next `length` bytes up pass before the connection is cut.
    fn before_the_cut(&self, length: usize) -> usize {
        if self.cut_after.load(Ordering::SeqCst) < 0 {
            return length;
        }
        let left = self.cut_after.fetch_sub(length as i64, Ordering::SeqCst);
        if left >= length as i64 {
            return length;
        }
        self.cut_after.store(-1, Ordering::SeqCst);
        usize::try_from(left).unwrap_or(0)
    }

    /// Takes the time that a packet takes.
    async fn transmit(&self, length: usize) {
        if self.bytes_per_second > 0 {
            let seconds = length as f64 / self.bytes_per_second as f64;
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        }
        // A packet that is not full ends a message. The other side answers only after the delay.
        if !self.delay.is_zero() && length < PACKET_BYTES {
            tokio::time::sleep(self.delay).await;
        }
    }

    fn packet_fate(&self) -> PacketFate {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        match (rng.happens(self.lost_percent), rng.happens(BROKEN_PERCENT)) {
            (false, _) => PacketFate::Delivered,
            (true, false) => PacketFate::Retransmitted,
            (true, true) => PacketFate::ConnectionBreaks,
        }
    }

    /// Bytes in both directions.
    pub fn bytes(&self) -> u64 {
        self.up_bytes.load(Ordering::SeqCst) + self.down_bytes.load(Ordering::SeqCst)
    }
}
