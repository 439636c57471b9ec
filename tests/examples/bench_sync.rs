//! What sending costs: bytes on the wire (headers included, TLS excluded), how far an interrupted photo goes back, a 2G line,
//! and sealing beside a bare transaction. `cargo xtask bench sync`.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use device::sync::{Answer, Call, HttpTransport, Transport, run, send_due};
use device::{Device, LifeState, MemoryKeystore, Outside};
use rusqlite::{Connection, params};
use saksi_tests::data::demo_election;
use saksi_tests::fleet::{Chance, plausible};
use saksi_tests::inside::InsideEndpoint;
use saksi_tests::sheet::sheet_photo;
use tally::{ContestId, StationId};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A line between device and endpoint: counted, slowed, and cut where asked.
struct Line {
    url: String,
    up_bytes: AtomicU64,
    down_bytes: AtomicU64,
    /// Bytes a second each way; 0 for as fast as it goes.
    rate: u64,
    /// Half of the round trip.
    delay: Duration,
    /// The connection breaks after so many bytes up; -1 for never.
    cut_after: AtomicI64,
    up: AtomicBool,
}

impl Line {
    async fn to(endpoint: &str, rate: u64, delay: Duration) -> Result<Arc<Self>> {
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
        });
        let accepting = Arc::clone(&line);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
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

    fn bytes(&self) -> u64 {
        self.up_bytes.load(Ordering::SeqCst) + self.down_bytes.load(Ordering::SeqCst)
    }
}

struct Bench {
    device: Device,
    transport: HttpTransport,
    station: StationId,
    contest: ContestId,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn join(endpoint: &InsideEndpoint, line: &Line) -> Result<Self> {
        let station: StationId = "52.71.05.1001-001".parse()?;
        let folder = tempfile::tempdir()?;
        let device = Device::open(folder.path(), Outside::system(Arc::new(MemoryKeystore::default())))?;
        let transport = HttpTransport::new()?;
        let invitation = endpoint.invite(&station)?.replace(&endpoint.url, &line.url);
        device.join(&invitation, &transport).await?;
        Ok(Self { device, transport, station, contest: "ppwp".parse()?, _folder: folder })
    }

    /// Seals a whole tally; another one corrects it.
    fn seal(&self, seed: u64) -> Result<()> {
        if self.device.tally(&self.station, &self.contest)?.life.state != LifeState::Draft {
            self.device.begin_correction(&self.station, &self.contest, "salah ketik")?;
        }
        let paper = self.device.paper(&self.station, &self.contest)?;
        for (field, figure) in plausible(&paper, &mut Chance::new(seed)).0 {
            self.device.set_figure(&self.station, &self.contest, &field, Some(figure))?;
        }
        for found in self.device.tally(&self.station, &self.contest)?.findings {
            self.device.acknowledge(&self.station, &self.contest, &found.finding.key, true)?;
        }
        for reading in self.device.tally(&self.station, &self.contest)?.readings {
            self.device.acknowledge(&self.station, &self.contest, &reading.key, true)?;
        }
        Ok(self.device.seal(&self.station, &self.contest)?)
    }

    async fn send(&self) -> Result<()> {
        self.device.try_now()?;
        Ok(send_due(&self.device, &self.transport).await?)
    }

    fn waits(&self) -> Result<u32> {
        let outbox = self.device.app()?.witness.context("it has joined")?.outbox;
        Ok(outbox.tallies_waiting + outbox.photos_waiting + outbox.proofs_waiting)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    bytes_on_the_wire(1).await?;
    bytes_on_the_wire(5).await?;
    interrupted_photo().await?;
    slow_line().await?;
    sealing().await
}

/// The transport, with the bytes that each kind of exchange took.
struct Metered<'a> {
    transport: &'a HttpTransport,
    line: &'a Line,
    push: AtomicU64,
    receipts: AtomicU64,
}

impl Transport for Metered<'_> {
    async fn exchange(&self, base: &str, call: Call) -> Answer {
        let meter = if matches!(call, Call::Push(_)) { &self.push } else { &self.receipts };
        let before = self.line.bytes();
        let answer = self.transport.exchange(base, call).await;
        meter.fetch_add(self.line.bytes() - before, Ordering::SeqCst);
        answer
    }
}

async fn bytes_on_the_wire(tallies: u64) -> Result<()> {
    let endpoint = InsideEndpoint::start(tally::load::read(&demo_election())?).await?;
    let line = Line::to(&endpoint.url, 0, Duration::ZERO).await?;
    let bench = Bench::join(&endpoint, &line).await?;
    for seed in 0..tallies {
        bench.seal(seed)?;
    }
    let metered = Metered {
        transport: &bench.transport,
        line: &line,
        push: AtomicU64::new(0),
        receipts: AtomicU64::new(0),
    };
    while bench.waits()? > 0 {
        bench.device.try_now()?;
        send_due(&bench.device, &metered).await?;
        endpoint.endpoint.sequence()?;
    }
    let (push, receipts) = (metered.push.into_inner(), metered.receipts.into_inner());
    let goal = if tallies == 1 { 1_200 } else { 700 };
    println!(
        "{tallies} at once, bytes on the wire a tally, headers included: {:>4} to send it (goal {goal}), {:>4} more for the proof, asked for twice",
        push / tallies,
        receipts / tallies
    );
    endpoint.stop().await
}

async fn interrupted_photo() -> Result<()> {
    const CUTS: u64 = 20;
    let endpoint = InsideEndpoint::start(tally::load::read(&demo_election())?).await?;
    let line = Line::to(&endpoint.url, 0, Duration::ZERO).await?;
    let bench = Bench::join(&endpoint, &line).await?;
    bench.device.attach_photo(&bench.station, &bench.contest, 2, &sheet_photo(2, &[], 5)?)?;
    bench.seal(1)?;
    let size = bench.device.tally(&bench.station, &bench.contest)?.pages[1]
        .photo
        .as_ref()
        .context("a photo")?
        .total_bytes;
    let before = line.up_bytes.load(Ordering::SeqCst);
    let step = size / (CUTS + 1);
    for cut in 0..CUTS {
        line.cut_after.store(i64::try_from(if cut == 0 { step + 4_000 } else { step })?, Ordering::SeqCst);
        bench.send().await?;
        endpoint.endpoint.sequence()?;
    }
    line.cut_after.store(-1, Ordering::SeqCst);
    while bench.waits()? > 0 {
        bench.send().await?;
        endpoint.endpoint.sequence()?;
    }
    let sent = line.up_bytes.load(Ordering::SeqCst) - before;
    println!(
        "a photo of {size} bytes, interrupted {CUTS} times: {sent} bytes up, statements, headers and receipts included, {:.2} × its size (goal 1.05)",
        sent as f64 / size as f64
    );
    endpoint.stop().await
}

/// 40 kbit/s and 600 ms there and back, in a process: loss is what a kernel has to do.
async fn slow_line() -> Result<()> {
    let endpoint = InsideEndpoint::start(tally::load::read(&demo_election())?).await?;
    let line = Line::to(&endpoint.url, 5_000, Duration::from_millis(300)).await?;
    let bench = Bench::join(&endpoint, &line).await?;
    bench.device.attach_photo(&bench.station, &bench.contest, 2, &sheet_photo(2, &[], 5)?)?;
    bench.seal(1)?;
    let size = bench.device.tally(&bench.station, &bench.contest)?.pages[1]
        .photo
        .as_ref()
        .context("a photo")?
        .total_bytes;
    let begun = Instant::now();
    let bench = Arc::new(bench);
    let sending = Arc::clone(&bench);
    let running = tokio::spawn(async move { run(&sending.device, &sending.transport, || ()).await });
    let (mut receipted, mut arrived) = (None, None);
    while arrived.is_none() || receipted.is_none() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let tally = bench.device.tally(&bench.station, &bench.contest)?;
        if tally.life.state == LifeState::Receipted {
            receipted.get_or_insert(begun.elapsed());
        }
        if tally.pages.iter().any(|page| page.photo.as_ref().is_some_and(|photo| photo.arrived)) {
            arrived.get_or_insert(begun.elapsed());
        }
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(180), "the line was too slow");
    }
    running.abort();
    println!(
        "2G (40 kbit/s, 600 ms, no loss): a tally receipted after {:.1} s (goal 10), a photo of {} KB whole after {:.1} s (line rate {:.1}; goal twice that)",
        receipted.unwrap_or_default().as_secs_f64(),
        size / 1000,
        arrived.unwrap_or_default().as_secs_f64(),
        size as f64 / 5_000.0
    );
    endpoint.stop().await
}

/// Sealing beside a transaction that writes the same rows and nothing else.
async fn sealing() -> Result<()> {
    const TIMES: u32 = 60;
    let endpoint = InsideEndpoint::start(tally::load::read(&demo_election())?).await?;
    let line = Line::to(&endpoint.url, 0, Duration::ZERO).await?;
    let bench = Bench::join(&endpoint, &line).await?;
    let folder = tempfile::tempdir()?;
    let bare = Connection::open(folder.path().join("bare.db"))?;
    bare.pragma_update(None, "journal_mode", "WAL")?;
    bare.pragma_update(None, "synchronous", "FULL")?;
    bare.execute_batch(
        "CREATE TABLE statement (id BLOB PRIMARY KEY, sequence INTEGER UNIQUE, kind TEXT, station TEXT, contest TEXT,
            bytes BLOB, sealed_at_ms INTEGER, state TEXT, state_at_ms INTEGER) STRICT;
         CREATE INDEX of_tally ON statement (station, contest, kind, sequence);
         CREATE TABLE outbox (place INTEGER PRIMARY KEY, statement BLOB UNIQUE) STRICT;
         CREATE TABLE figure (field TEXT PRIMARY KEY, figure INTEGER) STRICT;",
    )?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for seed in 0..TIMES {
        if bench.device.tally(&bench.station, &bench.contest)?.life.state != LifeState::Draft {
            bench.device.begin_correction(&bench.station, &bench.contest, "salah ketik")?;
        }
        let paper = bench.device.paper(&bench.station, &bench.contest)?;
        for (field, figure) in plausible(&paper, &mut Chance::new(seed.into())).0 {
            bench.device.set_figure(&bench.station, &bench.contest, &field, Some(figure))?;
        }
        let begun = Instant::now();
        bench.device.seal(&bench.station, &bench.contest)?;
        ours.push(begun.elapsed());

        // The draft's rows are there to be deleted, as they are for the device.
        for field in paper.fields() {
            bare.execute("INSERT OR REPLACE INTO figure VALUES (?1, 1)", [field.code.as_str()])?;
        }
        let begun = Instant::now();
        let transaction = bare.unchecked_transaction()?;
        let id: Vec<u8> = (0..32).map(|byte: u8| byte ^ seed.to_le_bytes()[0]).collect();
        transaction.execute(
            "INSERT INTO statement VALUES (?1, ?2, 'tally', '52.71.05.1001-001', 'ppwp', ?3, 1, 'sealed', 1)",
            params![id, seed, vec![7_u8; 430]],
        )?;
        transaction.execute("INSERT INTO outbox (statement) VALUES (?1)", params![id])?;
        transaction.execute("DELETE FROM figure", [])?;
        transaction.commit()?;
        theirs.push(begun.elapsed());
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    let (ours, theirs) = (median(&mut ours), median(&mut theirs));
    println!(
        "sealing: {ours:.2} ms, a bare transaction with the same rows {theirs:.2} ms: ratio {:.2} (goal 1.5)",
        ours / theirs
    );
    endpoint.stop().await
}
