//! What sync costs: bytes on the network (with headers, without TLS), bytes that an interrupted photo
//! repeats, a 2G link, and sealing beside a bare transaction. `cargo xtask bench sync`.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use device::sync::{Answer, Call, HttpTransport, Sender, Transport, run, send_due};
use device::view::SyncError;
use device::{Device, LifeState, MemoryKeystore, Platform, TallyKey};
use rusqlite::{Connection, params};
use saksi_tests::data::demo_election;
use saksi_tests::eventually::WATCHDOG;
use saksi_tests::fleet::plausible;
use saksi_tests::in_process::InProcessEndpoint;
use saksi_tests::network_link::NetworkLink;
use saksi_tests::rng::TestRng;
use saksi_tests::sheet::sheet_photo;
use tally::{Paper, StationId};

struct Bench {
    device: Device,
    transport: HttpTransport,
    tally_key: TallyKey,
    folder: tempfile::TempDir,
}

impl Bench {
    async fn join(endpoint: &InProcessEndpoint, link: &NetworkLink) -> Result<Self> {
        let station: StationId = "52.71.05.1001-001".parse()?;
        let folder = tempfile::tempdir()?;
        let device = Device::open(folder.path(), Platform::system(Arc::new(MemoryKeystore::default())))?;
        let transport = HttpTransport::new()?;
        let invitation = endpoint.invite(&station)?.replace(&endpoint.url, &link.url);
        device.join(&invitation, &transport).await?;
        Ok(Self { device, transport, tally_key: TallyKey::first(&station, &"ppwp".parse()?), folder })
    }

    /// Seals a complete tally. Every tally after the first is a correction.
    fn seal(&self, seed: u64) -> Result<()> {
        if self.device.tally(&self.tally_key)?.life.state != LifeState::Draft {
            self.device.begin_correction(&self.tally_key, "salah ketik")?;
        }
        let paper = self.device.paper(&self.tally_key)?;
        for (field, figure) in plausible(&paper, &mut TestRng::new(seed)).0 {
            self.device.set_figure(&self.tally_key, &field, Some(figure))?;
        }
        for found in self.device.tally(&self.tally_key)?.findings {
            self.device.acknowledge(&self.tally_key, &found.finding.key, true)?;
        }
        for reading in self.device.tally(&self.tally_key)?.readings {
            self.device.acknowledge(&self.tally_key, &reading.key, true)?;
        }
        Ok(self.device.seal(&self.tally_key)?)
    }

    /// Syncs after the operating system reported that the device is online.
    async fn resume(&self) -> Result<()> {
        self.device.connection_may_be_back()?;
        Ok(send_due(&self.device, &self.transport).await?)
    }

    fn waiting(&self) -> Result<u32> {
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

/// A transport that counts the bytes of each kind of exchange.
struct Metered<'a> {
    transport: &'a HttpTransport,
    link: &'a NetworkLink,
    push: AtomicU64,
    receipts: AtomicU64,
}

impl Transport for Metered<'_> {
    async fn exchange(&self, sender: Sender<'_>, call: Call) -> Answer {
        let meter = if matches!(call, Call::Push(_)) { &self.push } else { &self.receipts };
        let before = self.link.bytes();
        let answer = self.transport.exchange(sender, call).await;
        meter.fetch_add(self.link.bytes() - before, Ordering::SeqCst);
        answer
    }
}

/// A transport on which photos fail.
struct WithoutPhotos<'a>(&'a HttpTransport);

impl Transport for WithoutPhotos<'_> {
    async fn exchange(&self, sender: Sender<'_>, call: Call) -> Answer {
        match call {
            Call::AskOffset(_) | Call::SendPiece { .. } => Answer::Failed(SyncError::Unreachable),
            other => self.0.exchange(sender, other).await,
        }
    }
}

async fn bytes_on_the_wire(tallies: u64) -> Result<()> {
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let link = NetworkLink::to(&endpoint.url, 0, Duration::ZERO).await?;
    let bench = Bench::join(&endpoint, &link).await?;
    if tallies == 1 {
        println!("joining: {} bytes, the election package included, compressed", link.bytes());
    }
    for seed in 0..tallies {
        bench.seal(seed)?;
    }
    let metered = Metered {
        transport: &bench.transport,
        link: &link,
        push: AtomicU64::new(0),
        receipts: AtomicU64::new(0),
    };
    while bench.waiting()? > 0 {
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
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let link = NetworkLink::to(&endpoint.url, 0, Duration::ZERO).await?;
    let bench = Bench::join(&endpoint, &link).await?;
    bench.device.attach_photo(&bench.tally_key, 2, &sheet_photo(2, &[], 5)?)?;
    bench.seal(1)?;
    let size = bench.device.tally(&bench.tally_key)?.pages[1].photo.as_ref().context("a photo")?.total_bytes;
    send_due(&bench.device, &WithoutPhotos(&bench.transport)).await?;
    let before = link.up_bytes.load(Ordering::SeqCst);
    let step = size / (CUTS + 1);
    for _ in 0..CUTS {
        link.cut_after.store(i64::try_from(step)?, Ordering::SeqCst);
        bench.resume().await?;
    }
    link.cut_after.store(-1, Ordering::SeqCst);
    bench.resume().await?;
    let sent = link.up_bytes.load(Ordering::SeqCst) - before;
    println!(
        "a photo of {size} bytes, interrupted {CUTS} times: {sent} bytes up, headers included, {:.2} × its size (goal 1.05)",
        sent as f64 / size as f64
    );
    endpoint.stop().await
}

/// 40 kbit/s and a round trip of 600 ms, inside this process. Packet loss needs a kernel.
async fn slow_line() -> Result<()> {
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let link = NetworkLink::to(&endpoint.url, 5_000, Duration::from_millis(300)).await?;
    let bench = Bench::join(&endpoint, &link).await?;
    bench.device.attach_photo(&bench.tally_key, 2, &sheet_photo(2, &[], 5)?)?;
    bench.seal(1)?;
    let size = bench.device.tally(&bench.tally_key)?.pages[1].photo.as_ref().context("a photo")?.total_bytes;
    let started = Instant::now();
    let bench = Arc::new(bench);
    let syncing = Arc::clone(&bench);
    let running = tokio::spawn(async move { run(&syncing.device, &syncing.transport, || ()).await });
    let (mut receipted, mut arrived) = (None, None);
    while arrived.is_none() || receipted.is_none() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let tally = bench.device.tally(&bench.tally_key)?;
        if tally.life.state == LifeState::Receipted {
            receipted.get_or_insert(started.elapsed());
        }
        if tally.pages.iter().any(|page| page.photo.as_ref().is_some_and(|photo| photo.arrived)) {
            arrived.get_or_insert(started.elapsed());
        }
        anyhow::ensure!(started.elapsed() < WATCHDOG * 5, "the tally and the photo did not arrive");
    }
    running.abort();
    println!(
        "2G (40 kbit/s, 600 ms, no loss): a tally receipted after {:.1} s (goal 10), a photo of {} KB whole after {:.1} s (link rate {:.1}; goal twice that)",
        receipted.unwrap_or_default().as_secs_f64(),
        size / 1000,
        arrived.unwrap_or_default().as_secs_f64(),
        size as f64 / 5_000.0
    );
    endpoint.stop().await
}

/// Sealing, beside a transaction that only writes the same rows.
async fn sealing() -> Result<()> {
    const TIMES: u32 = 60;
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let link = NetworkLink::to(&endpoint.url, 0, Duration::ZERO).await?;
    let bench = Bench::join(&endpoint, &link).await?;
    let folder = tempfile::tempdir()?;
    let bare = bare_database(&bench, &folder.path().join("bare.db"))?;
    let (mut device, mut transaction) = (Vec::new(), Vec::new());
    for seed in 0..TIMES {
        if bench.device.tally(&bench.tally_key)?.life.state != LifeState::Draft {
            bench.device.begin_correction(&bench.tally_key, "salah ketik")?;
        }
        let paper = bench.device.paper(&bench.tally_key)?;
        for (field, figure) in plausible(&paper, &mut TestRng::new(seed.into())).0 {
            bench.device.set_figure(&bench.tally_key, &field, Some(figure))?;
        }
        let started = Instant::now();
        bench.device.seal(&bench.tally_key)?;
        device.push(started.elapsed());
        transaction.push(bare_transaction(&bare, &bench, &paper, seed)?);
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    let (device, transaction) = (median(&mut device), median(&mut transaction));
    println!(
        "sealing: {device:.2} ms, a bare transaction with the same rows {transaction:.2} ms: ratio {:.2} (goal 1.5)",
        device / transaction
    );
    endpoint.stop().await
}

/// A copy of the device's database: the same tables, indexes and constraints.
fn bare_database(bench: &Bench, file: &Path) -> Result<Connection> {
    let original = Connection::open(bench.folder.path().join("saksi.db"))?;
    original.execute("VACUUM INTO ?1", [file.to_str()])?;
    let bare = Connection::open(file)?;
    bare.pragma_update(None, "journal_mode", "WAL")?;
    bare.pragma_update(None, "synchronous", "FULL")?;
    bare.pragma_update(None, "foreign_keys", true)?;
    Ok(bare)
}

/// Writes the rows of one sealed tally, and gives the time that the transaction took.
fn bare_transaction(bare: &Connection, bench: &Bench, paper: &Paper, seed: u32) -> Result<Duration> {
    let (station, contest) = (bench.tally_key.station.to_string(), bench.tally_key.contest.as_str());
    // The draft's rows must exist, so that they can be deleted as in the device.
    bare.execute(
        "INSERT INTO draft (station, contest, round, saved_at_ms) VALUES (?1, ?2, 1, 1)",
        params![station, contest],
    )?;
    for field in paper.fields() {
        bare.execute(
            "INSERT INTO draft_figure (station, contest, round, field, figure) VALUES (?1, ?2, 1, ?3, 1)",
            params![station, contest, field.code.as_str()],
        )?;
    }
    let started = Instant::now();
    let transaction = bare.unchecked_transaction()?;
    let id: Vec<u8> = (0..32).map(|byte: u8| byte ^ seed.to_le_bytes()[0]).collect();
    transaction
        .prepare_cached(
            "INSERT INTO statement (id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms)
             VALUES (?1, ?2, 'tally', ?3, ?4, ?5, 1, 'sealed', 1)",
        )?
        .execute(params![id, seed + 1, station, contest, vec![7_u8; 430]])?;
    transaction.prepare_cached("INSERT INTO outbox (statement) VALUES (?1)")?.execute(params![id])?;
    transaction
        .prepare_cached("DELETE FROM draft WHERE station = ?1 AND contest = ?2 AND round = 1")?
        .execute(params![station, contest])?;
    transaction.commit()?;
    Ok(started.elapsed())
}
