//! A bad line in a process: counted, slowed, losing, cut and switched off where asked.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::fleet::Chance;

/// After so long TCP sends a lost packet again, at first.
const RESENT_AFTER: Duration = Duration::from_secs(1);

/// What becomes of a packet.
enum Luck {
    Through,
    Again,
    Broken,
}

/// A line between device and endpoint: counted, slowed, and cut where asked.
#[derive(Debug)]
pub struct Line {
    /// Where the device finds the endpoint.
    pub url: String,
    /// Bytes that went up.
    pub up_bytes: AtomicU64,
    /// Bytes that came down.
    pub down_bytes: AtomicU64,
    /// Bytes a second each way; 0 for as fast as it goes.
    rate: u64,
    /// Half of the round trip.
    delay: Duration,
    /// The connection breaks after so many bytes up; -1 for never.
    pub cut_after: AtomicI64,
    /// Whether there is a line at all.
    pub up: AtomicBool,
    /// Of a hundred packets, how many are lost and come a second later; one in ten of those takes the connection along.
    lost_percent: u32,
    chance: Mutex<Chance>,
}

impl Line {
    /// A line to the endpoint at this address.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn to(endpoint: &str, rate: u64, delay: Duration) -> Result<Arc<Self>> {
        Self::losing(endpoint, rate, delay, 0).await
    }

    /// The same, where so many of a hundred packets are lost.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn losing(endpoint: &str, rate: u64, delay: Duration, lost_percent: u32) -> Result<Arc<Self>> {
        let target = endpoint.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let line = Arc::new(Self {
            url: format!("http://{}", listener.local_addr()?),
            up_bytes: AtomicU64::new(0),
            down_bytes: AtomicU64::new(0),
            rate,
            delay,
            cut_after: AtomicI64::new(-1),
            up: AtomicBool::new(true),
            lost_percent,
            chance: Mutex::new(Chance::new(7)),
        });
        let accepting = Arc::clone(&line);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if !accepting.up.load(Ordering::SeqCst) {
                    continue;
                }
                let (line, target) = (Arc::clone(&accepting), target.clone());
                tokio::spawn(async move {
                    // A handshake costs a round trip.
                    tokio::time::sleep(line.delay * 2).await;
                    if let Ok(far) = TcpStream::connect(&target).await {
                        line.join(near, far).await;
                    }
                });
            }
        });
        Ok(line)
    }

    async fn join(&self, near: TcpStream, far: TcpStream) {
        let (near_read, near_write) = near.into_split();
        let (far_read, far_write) = far.into_split();
        tokio::select! {
            () = self.carry(near_read, far_write, &self.up_bytes, true) => {}
            () = self.carry(far_read, near_write, &self.down_bytes, false) => {}
        }
    }

    async fn carry(
        &self,
        mut from: tokio::net::tcp::OwnedReadHalf,
        mut to: tokio::net::tcp::OwnedWriteHalf,
        count: &AtomicU64,
        up: bool,
    ) {
        let mut buffer = [0; 1400];
        loop {
            let Ok(length) = from.read(&mut buffer).await else { return };
            if length == 0 || !self.up.load(Ordering::SeqCst) {
                return;
            }
            let mut length = length;
            let mut cut = false;
            if up && self.cut_after.load(Ordering::SeqCst) >= 0 {
                let left = self.cut_after.fetch_sub(length as i64, Ordering::SeqCst);
                if left < length as i64 {
                    self.cut_after.store(-1, Ordering::SeqCst);
                    (length, cut) = (usize::try_from(left).unwrap_or(0), true);
                }
            }
            count.fetch_add(length as u64, Ordering::SeqCst);
            match self.luck() {
                Luck::Through => {}
                Luck::Again => tokio::time::sleep(RESENT_AFTER).await,
                Luck::Broken => return,
            }
            if self.rate > 0 {
                tokio::time::sleep(Duration::from_secs_f64(length as f64 / self.rate as f64)).await;
            }
            if !self.delay.is_zero() && length < 1400 {
                // The end of a message: what comes after it waits for its way.
                tokio::time::sleep(self.delay).await;
            }
            if to.write_all(&buffer[..length]).await.is_err() || cut {
                return;
            }
        }
    }

    fn luck(&self) -> Luck {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        match (chance.comes(self.lost_percent), chance.comes(10)) {
            (false, _) => Luck::Through,
            (true, false) => Luck::Again,
            (true, true) => Luck::Broken,
        }
    }

    /// Bytes both ways.
    pub fn bytes(&self) -> u64 {
        self.up_bytes.load(Ordering::SeqCst) + self.down_bytes.load(Ordering::SeqCst)
    }
}
