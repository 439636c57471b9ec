//! The load: senders, a coordinator who looks at pages, and a device that waits for receipts.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use evidence::{DeviceKey, StatementId};
use protocol::{CBOR, Outcome, PushRequest, PushResponse, ReceiptsRequest, ReceiptsResponse, path};
use saksi_tests::eventually::eventually;
use saksi_tests::http::{HttpConnection, HttpReply};
use saksi_tests::rng::TestRng;
use serde_bytes::ByteBuf;

use super::{PASSWORD, USER};

/// What the threads of a load share.
pub(super) struct Load<'a> {
    pub(super) url: &'a str,
    /// The key of the device that carries the statements.
    pub(super) courier: &'a DeviceKey,
    pub(super) statements: &'a [Vec<u8>],
    /// Index of the next statement that nobody sends yet.
    pub(super) next: AtomicUsize,
    /// Set when everything is sent.
    pub(super) done: AtomicBool,
    pub(super) latencies: Mutex<Vec<Duration>>,
}

impl<'a> Load<'a> {
    pub(super) fn new(url: &'a str, courier: &'a DeviceKey, statements: &'a [Vec<u8>]) -> Self {
        Self {
            url,
            courier,
            statements,
            next: AtomicUsize::new(0),
            done: AtomicBool::new(false),
            latencies: Mutex::default(),
        }
    }

    /// Sends batches of one to five, as devices do, until nothing is left.
    pub(super) fn send(&self, number: usize) -> Result<()> {
        // Each sender has its own address, as phones have.
        let own = Ipv4Addr::new(127, 0, 1, u8::try_from(number % 250)? + 1);
        let mut connection = HttpConnection::open_from(self.url, own)?;
        let mut latencies = Vec::new();
        let mut size = 0;
        loop {
            size = size % 5 + 1;
            let from = self.next.fetch_add(size, Ordering::SeqCst);
            let Some(batch) = self.statements.get(from..(from + size).min(self.statements.len())) else {
                break;
            };
            if batch.is_empty() {
                break;
            }
            let started = Instant::now();
            let reply = push(&mut connection, self.courier, batch)?;
            latencies.push(started.elapsed());
            let response: PushResponse = protocol::from_cbor(&reply.body)?;
            let all = response.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. }));
            ensure!(all, "not all were accepted: {:?}", response.outcomes);
        }
        append(&self.latencies, latencies);
        Ok(())
    }

    /// Looks at the overview and at regions' pages, as coordinators do.
    pub(super) fn look_at_pages(
        &self,
        regions: &[String],
        kinds: &BTreeSet<&str>,
        times: &Mutex<Vec<Duration>>,
    ) -> Result<()> {
        let kinds: Vec<&str> = kinds.iter().copied().collect();
        let mut connection = HttpConnection::open(self.url)?;
        let cookie = log_in(&mut connection)?;
        let mut rng = TestRng::new(9);
        let mut own = Vec::new();
        while !self.done.load(Ordering::SeqCst) {
            let (region, kind) = (&regions[rng.index(regions.len())], kinds[rng.index(kinds.len())]);
            let path = match rng.below(4) {
                0 => format!("/api/regions?kind={kind}"),
                _ => format!("/api/regions/{region}?kind={kind}"),
            };
            let started = Instant::now();
            let reply = connection.exchange("GET", &path, &[("cookie", &cookie)], &[])?;
            own.push(started.elapsed());
            ensure!(reply.status == 200, "{path} was answered with {}", reply.status);
            std::thread::sleep(Duration::from_millis(20));
        }
        append(times, own);
        Ok(())
    }

    /// Waits for the receipt of a statement that was just sent, again and again.
    pub(super) fn wait_for_receipts(&self, times: &Mutex<Vec<Duration>>) -> Result<()> {
        let mut connection = HttpConnection::open(self.url)?;
        let mut own = Vec::new();
        while !self.done.load(Ordering::SeqCst) {
            // A statement 200 behind the newest was accepted a moment ago.
            let index = self.next.load(Ordering::SeqCst).saturating_sub(200);
            let Some(bytes) = self.statements.get(index) else { break };
            let request = ReceiptsRequest { statements: vec![StatementId::of(bytes)], seen_size: 0 };
            let body = protocol::to_cbor(&request)?;
            let started = Instant::now();
            eventually("a receipt", || {
                let headers = [("content-type", CBOR)];
                let reply = connection.exchange_as(self.courier, "POST", path::RECEIPTS, &headers, &body)?;
                if reply.status != 200 {
                    return Ok(None);
                }
                let response: ReceiptsResponse = protocol::from_cbor(&reply.body)?;
                Ok(response.receipts.iter().any(Option::is_some).then_some(()))
            })?;
            own.push(started.elapsed());
            std::thread::sleep(Duration::from_millis(50));
        }
        append(times, own);
        Ok(())
    }
}

/// Pushes a batch until the endpoint takes it.
pub(super) fn push(
    connection: &mut HttpConnection,
    courier: &DeviceKey,
    batch: &[Vec<u8>],
) -> Result<HttpReply> {
    let push = PushRequest { statements: batch.iter().map(|bytes| ByteBuf::from(bytes.clone())).collect() };
    let body = protocol::to_cbor(&push)?;
    loop {
        let reply =
            connection.exchange_as(courier, "POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        match reply.status {
            200 => return Ok(reply),
            429 | 503 => std::thread::sleep(Duration::from_millis(200)),
            status => anyhow::bail!("refused with {status}: {}", String::from_utf8_lossy(&reply.body)),
        }
    }
}

fn append(all: &Mutex<Vec<Duration>>, mut times: Vec<Duration>) {
    if let Ok(mut all) = all.lock() {
        all.append(&mut times);
    }
}

/// Logs in to the console; gives the cookie.
pub(super) fn log_in(connection: &mut HttpConnection) -> Result<String> {
    let body = serde_json::json!({ "user": USER, "password": PASSWORD }).to_string();
    let headers = [("content-type", "application/json")];
    let reply = connection.exchange("POST", "/api/login", &headers, body.as_bytes())?;
    reply.cookie.with_context(|| format!("logging in was answered with {}", reply.status))
}
