//! What one endpoint takes in, and how it answers meanwhile, with the endpoint and its load on the same machine; each figure
//! beside the bare limit that is measured in the same run. `cargo xtask bench central [-- --nation]`.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use evidence::StatementId;
use protocol::{CBOR, Outcome, PushRequest, PushResponse, ReceiptsRequest, ReceiptsResponse, path};
use rusqlite::{Connection, params};
use saksi_tests::fleet::{Chance, Light, Wire, election_of, papers, psql, seed_server, tally_of};
use saksi_tests::process::{Process, output_of};
use saksi_tests::program;
use serde_bytes::ByteBuf;
use tally::{Election, Figures, StationId};

/// What is measured.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many stations the election has.
    #[arg(long, default_value_t = 40_000)]
    stations: u32,
    /// All stations of the country.
    #[arg(long)]
    nation: bool,
    /// Contests; each station sends a tally of each.
    #[arg(long, default_value_t = 1)]
    contests: u8,
    /// Connections of the load.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Once more with a fifth of all statements forged, and a flood from one address.
    #[arg(long)]
    hostile: bool,
    /// Only on this store: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
}

const STATIONS_OF_2024: u32 = 820_161;
const PASSWORD: &str = "a long enough password";

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let stations = if arguments.nation { STATIONS_OF_2024 } else { arguments.stations };
    let election = election_of(stations, arguments.contests)?;
    println!("{} stations, {} contest(s)", election.station_count(), election.contests.len());

    let verify = bare_verify(&election)?;
    println!("bare verify_strict: {verify:.0} a second on one core");
    let rows = bare_sqlite()?;
    println!("bare SQLite, WAL and FULL, groups of 100: {rows:.0} rows a second");
    let postgres = std::env::var("SAKSI_TEST_POSTGRES").ok();
    if arguments.only.as_deref() != Some("postgres") {
        run(&arguments, &election, None, verify.min(rows))?;
    }
    match postgres {
        Some(server) if arguments.only.as_deref() != Some("sqlite") => {
            let bare = bare_postgres(&server)?;
            println!("bare PostgreSQL, UNNEST of 1,000: {bare:.0} rows a second");
            run(&arguments, &election, Some(&server), verify.min(bare))?;
        }
        Some(_) => {}
        None => println!("PostgreSQL: not measured; name a server in SAKSI_TEST_POSTGRES"),
    }
    Ok(())
}

fn a_second(times: usize, begun: Instant) -> f64 {
    times as f64 / begun.elapsed().as_secs_f64()
}

fn bare_verify(election: &Election) -> Result<f64> {
    const TIMES: usize = 8_000;
    let station = election.stations().next().context("a station")?;
    let paper = election.paper(&election.contests[0].id).context("a paper")?;
    let mut light = Light::new(1, station);
    let sealed = light.seal(election.id.as_str(), 1, tally_of(&paper, 1, &papers(&paper, 1)[0]))?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&light.key.public().to_bytes())?;
    let signing = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let signature = ed25519_dalek::Signer::sign(&signing, &sealed.bytes);
    let begun = Instant::now();
    for _ in 0..TIMES {
        // Under the wrong key it takes as long.
        black_box(key.verify_strict(black_box(&sealed.bytes), &signature).is_ok());
    }
    Ok(a_second(TIMES, begun))
}

/// Rows as long as a statement, a hundred in a transaction.
fn bare_sqlite() -> Result<f64> {
    const TIMES: u64 = 20_000;
    let folder = tempfile::tempdir()?;
    let mut bare = Connection::open(folder.path().join("bare.sqlite"))?;
    bare.pragma_update(None, "journal_mode", "wal")?;
    bare.pragma_update(None, "synchronous", "full")?;
    bare.execute_batch("CREATE TABLE statement (id BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    let begun = Instant::now();
    for group in 0..TIMES / 100 {
        let transaction = bare.transaction()?;
        for number in 0..100 {
            let id = key_of(group * 100 + number);
            let mut insert = transaction.prepare_cached("INSERT INTO statement VALUES (?1, ?2)")?;
            insert.execute(params![id, [7_u8; 430]])?;
        }
        transaction.commit()?;
    }
    Ok(a_second(usize::try_from(TIMES)?, begun))
}

/// Thirty-two bytes that lie anywhere, as hashes do.
fn key_of(number: u64) -> [u8; 32] {
    let mut chance = Chance::new(number);
    std::array::from_fn(|_| u8::try_from(chance.below(256)).unwrap_or(0))
}

fn bare_postgres(server: &str) -> Result<f64> {
    psql(server, "DROP TABLE IF EXISTS bare")?;
    psql(server, "CREATE TABLE bare (id bytea PRIMARY KEY, bytes bytea NOT NULL)")?;
    let sql = "DO $$ BEGIN FOR part IN 1..50 LOOP
            INSERT INTO bare SELECT * FROM UNNEST(
                (SELECT array_agg(sha256((part * 1000 + n)::text::bytea)) FROM generate_series(1, 1000) n),
                (SELECT array_agg(decode(repeat('07', 430), 'hex')) FROM generate_series(1, 1000)));
            COMMIT;
        END LOOP; END $$";
    let begun = Instant::now();
    psql(server, sql)?;
    let rate = a_second(50_000, begun);
    psql(server, "DROP TABLE bare")?;
    Ok(rate)
}

/// One endpoint with its data.
struct Bench {
    data: PathBuf,
    database: Option<String>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(program::own("saksi-central")?);
        command.args(words).arg("--data").arg(&self.data);
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        Ok(command)
    }

    fn bytes_on_disk(&self) -> Result<u64> {
        if let Some(database) = &self.database {
            return Ok(psql(database, "SELECT pg_database_size(current_database())")?.trim().parse()?);
        }
        let file = self.data.join("central.sqlite");
        Connection::open(&file)?.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        Ok(std::fs::metadata(file)?.len())
    }
}

fn run(arguments: &Arguments, election: &Election, server: Option<&str>, limit: f64) -> Result<()> {
    let store = if server.is_some() { "PostgreSQL" } else { "SQLite" };
    let folder = tempfile::tempdir()?;
    let package = folder.path().join("election.json");
    std::fs::write(&package, election.to_json()?)?;
    let name = format!("saksi_bench_{}", std::process::id());
    let database = match server {
        None => None,
        Some(server) => {
            psql(server, &format!("CREATE DATABASE {name}"))?;
            Some(format!("{}/{name}", server.trim_end_matches('/')))
        }
    };
    let bench = Bench { data: folder.path().join("data"), database, _folder: folder };
    let mut user = bench.command(&["user", "add", "meter", "--role", "admin"])?;
    user.env("SAKSI_PASSWORD", PASSWORD).arg("--election").arg(&package);
    if output_of(user).is_err() {
        // The folder knows its election only once it was opened with one.
        let mut check = bench.command(&["serve", "--listen", "127.0.0.1:0"])?;
        check.arg("--election").arg(&package);
        let mut process = Process::start(check, &bench.data.with_extension("log"))?;
        process.wait_for_line(Duration::from_secs(120), address_in)?;
        process.terminate(Duration::from_secs(60))?;
        let mut user = bench.command(&["user", "add", "meter", "--role", "admin"])?;
        user.env("SAKSI_PASSWORD", PASSWORD);
        output_of(user)?;
    }

    let begun = Instant::now();
    let stations: Vec<StationId> = election.stations().collect();
    let mut crowd: Vec<Light> =
        (0_u64..).zip(&stations).map(|(number, station)| Light::new(number, station.clone())).collect();
    seed(&bench, election, &crowd)?;
    let statements = sign_all(election, &mut crowd)?;
    println!(
        "\n{store}: {} witnesses at hand, {} tallies signed in {:.0} s",
        crowd.len(),
        statements.len(),
        begun.elapsed().as_secs_f64()
    );
    let before = bench.bytes_on_disk()?;

    let serve = bench.command(&["serve", "--listen", "127.0.0.1:0"])?;
    let mut process = Process::start(serve, &bench.data.with_extension("log"))?;
    let address = process.wait_for_line(Duration::from_secs(120), address_in)?;
    let url = format!("http://{address}");
    let load = Load {
        url: &url,
        statements: &statements,
        next: AtomicUsize::new(0),
        done: AtomicBool::new(false),
        latencies: Mutex::default(),
    };
    let regions: Vec<String> = election.regions.iter().map(|region| region.code.to_string()).collect();
    let pages = Mutex::new(Vec::new());
    let lags = Mutex::new(Vec::new());
    let begun = Instant::now();
    let took = std::thread::scope(|scope| -> Result<Duration> {
        let readers =
            [scope.spawn(|| look(&load, &regions, &pages)), scope.spawn(|| wait_for_receipts(&load, &lags))];
        let senders: Vec<_> = (0..arguments.connections)
            .map(|number| {
                let load = &load;
                scope.spawn(move || load.send(number))
            })
            .collect();
        for sender in senders {
            sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
        }
        let took = begun.elapsed();
        load.done.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.join().map_err(|_| anyhow::anyhow!("a reader panicked"))??;
        }
        Ok(took)
    })?;
    let rate = statements.len() as f64 / took.as_secs_f64();
    let behind = settled(&url, election, &stations)?;
    if arguments.hostile {
        hostile(arguments, election, &mut crowd, &url, &process)?;
    }
    let peak_mb = peak_bytes(process.id())? as f64 / 1e6;
    process.terminate(Duration::from_secs(60))?;

    let mut acknowledged =
        std::mem::take(&mut *load.latencies.lock().map_err(|_| anyhow::anyhow!("poisoned"))?);
    let (mut pages, mut lags) = (into_inner(pages)?, into_inner(lags)?);
    println!(
        "  accepted durably: {rate:.0} a second, {:.2} of the binding bare limit ({limit:.0})",
        rate / limit
    );
    println!(
        "  acknowledged: median {:.1} ms, p99 {:.1} ms",
        at(&mut acknowledged, 0.5),
        at(&mut acknowledged, 0.99)
    );
    println!(
        "  receipts under load: median {:.2} s, p99 {:.2} s, latest {:.2} s (goal 2)",
        at(&mut lags, 0.5) / 1e3,
        at(&mut lags, 0.99) / 1e3,
        at(&mut lags, 1.0) / 1e3
    );
    println!(
        "  {} pages of regions under load: median {:.1} ms, p99 {:.1} ms (goal 20)",
        pages.len(),
        at(&mut pages, 0.5),
        at(&mut pages, 0.99)
    );
    println!(
        "  the counts had followed {:.1} s after the last tally; memory at most {peak_mb:.0} MB (goal 512)",
        behind.as_secs_f64()
    );
    let after = bench.bytes_on_disk()?;
    println!(
        "  on disk: {:.0} bytes a statement, all included (goal 1,500)",
        (after - before) as f64 / (statements.len() * if arguments.hostile { 3 } else { 1 }) as f64
    );
    let begun = Instant::now();
    output_of(bench.command(&["rebuild"])?)?;
    println!(
        "  rebuilt from the statements in {:.1} s (goal 60 for the nation)",
        begun.elapsed().as_secs_f64()
    );
    if let (Some(server), true) = (server, bench.database.is_some()) {
        psql(server, &format!("DROP DATABASE {name}"))?;
    }
    Ok(())
}

fn into_inner<T>(mutex: Mutex<T>) -> Result<T> {
    mutex.into_inner().map_err(|_| anyhow::anyhow!("a thread panicked"))
}

/// The value below which this share of them lies, in milliseconds.
fn at(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

fn address_in(line: &str) -> Option<String> {
    line.split_once("listening on http://").map(|(_, address)| address.trim().to_owned())
}

/// Witnesses that have enrolled, put where enrolling puts them: it is the night that is measured, and not the weeks
/// before.
fn seed(bench: &Bench, election: &Election, crowd: &[Light]) -> Result<()> {
    let contests: Vec<&str> = election.contests.iter().map(|contest| contest.id.as_str()).collect();
    if let Some(database) = &bench.database {
        return seed_server(database, election, crowd);
    }
    let mut connection = Connection::open(bench.data.join("central.sqlite"))?;
    connection.pragma_update(None, "synchronous", "off")?;
    let transaction = connection.transaction()?;
    {
        let mut device =
            transaction.prepare("INSERT INTO device (id, public_key, enrolled_at_ms) VALUES (?1, ?2, 1)")?;
        let mut assignment =
            transaction.prepare("INSERT INTO assignment (device, station, contest) VALUES (?1, ?2, ?3)")?;
        for light in crowd {
            let public = light.key.public();
            device.execute(params![public.device_id().0, public.to_bytes()])?;
            for contest in &contests {
                assignment.execute(params![public.device_id().0, light.station.to_string(), contest])?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

/// One tally of each contest by each witness, signed on all cores, in an order that no region decides.
fn sign_all(election: &Election, crowd: &mut [Light]) -> Result<Vec<Vec<u8>>> {
    let contests: Vec<(tally::Paper, Vec<Figures>)> = election
        .contests
        .iter()
        .filter_map(|contest| election.paper(&contest.id))
        .map(|paper| (paper.clone(), papers(&paper, 11)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = crowd.len().div_ceil(threads).max(1);
    let mut signed: Vec<Vec<u8>> = std::thread::scope(|scope| -> Result<_> {
        let running: Vec<_> = crowd
            .chunks_mut(share)
            .map(|part| {
                let contests = &contests;
                scope.spawn(move || -> Result<Vec<Vec<u8>>> {
                    let mut signed = Vec::new();
                    for (number, light) in part.iter_mut().enumerate() {
                        for (paper, figures) in contests {
                            let body = tally_of(paper, election.version, &figures[number % figures.len()]);
                            signed.push(light.seal(election.id.as_str(), 1_796_821_200, body)?.bytes);
                        }
                    }
                    Ok(signed)
                })
            })
            .collect();
        let mut all = Vec::new();
        for thread in running {
            all.append(&mut thread.join().map_err(|_| anyhow::anyhow!("a signer panicked"))??);
        }
        Ok(all)
    })?;
    let mut chance = Chance::new(5);
    for place in (1..signed.len()).rev() {
        signed.swap(place, usize::try_from(chance.below(u32::try_from(place + 1)?))?);
    }
    Ok(signed)
}

/// The same witnesses send corrections, first undisturbed, then while others forge and flood.
fn hostile(
    arguments: &Arguments,
    election: &Election,
    crowd: &mut [Light],
    url: &str,
    process: &Process,
) -> Result<()> {
    let rate = |statements: &[Vec<u8>], disturbed: bool| -> Result<f64> {
        let load = Load {
            url,
            statements,
            next: AtomicUsize::new(0),
            done: AtomicBool::new(false),
            latencies: Mutex::default(),
        };
        let turned_away = AtomicUsize::new(0);
        std::thread::scope(|scope| -> Result<f64> {
            let begun = Instant::now();
            let disturbers: Vec<_> = (0..if disturbed { 5 } else { 0 })
                .map(|number| {
                    let (load, turned_away) = (&load, &turned_away);
                    scope.spawn(move || if number == 0 { forge(load) } else { flood(load, turned_away) })
                })
                .collect();
            let senders: Vec<_> = (0..arguments.connections)
                .map(|number| {
                    let load = &load;
                    scope.spawn(move || load.send(number))
                })
                .collect();
            for sender in senders {
                sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
            }
            let rate = a_second(statements.len(), begun);
            load.done.store(true, Ordering::SeqCst);
            let mut forged = 0;
            for disturber in disturbers {
                forged += disturber.join().map_err(|_| anyhow::anyhow!("a disturber panicked"))??;
            }
            if disturbed {
                println!(
                    "  hostile: {forged} forged statements, {} requests of the flood turned away",
                    turned_away.load(Ordering::SeqCst)
                );
            }
            Ok(rate)
        })
    };
    let calm = rate(&sign_all(election, crowd)?, false)?;
    let troubled = rate(&sign_all(election, crowd)?, true)?;
    let peak_mb = peak_bytes(process.id())? as f64 / 1e6;
    println!(
        "  hostile: honest witnesses at {troubled:.0} a second, {:.2} of {calm:.0} undisturbed (goal 0.80); memory at most {peak_mb:.0} MB",
        troubled / calm
    );
    Ok(())
}

/// Sends statements of real witnesses that were changed on the way, one for each four honest ones.
fn forge(load: &Load<'_>) -> Result<usize> {
    let mut wire = Wire::open_from(load.url, Ipv4Addr::new(127, 0, 2, 1))?;
    let mut forged = 0;
    while !load.done.load(Ordering::SeqCst) {
        let due = load.next.load(Ordering::SeqCst) / 4;
        if forged >= due {
            std::thread::sleep(Duration::from_millis(1));
            continue;
        }
        let statements =
            (0..4).filter_map(|step| load.statements.get((forged + step) % load.statements.len()));
        let bent = statements.map(|bytes| {
            let mut bytes = bytes.clone();
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            ByteBuf::from(bytes)
        });
        let body = protocol::to_cbor(&PushRequest { statements: bent.collect() })?;
        let reply = wire.exchange("POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        if reply.status == 200 {
            let answer: PushResponse = protocol::from_cbor(&reply.body)?;
            let taken = answer.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Accepted { .. }));
            ensure!(!taken, "a forged statement was accepted");
        }
        forged += 4;
    }
    Ok(forged)
}

/// Asks as often as it can, two thousand times a second all together, from one address.
fn flood(load: &Load<'_>, turned_away: &AtomicUsize) -> Result<usize> {
    let mut wire = Wire::open_from(load.url, Ipv4Addr::new(127, 0, 3, 1))?;
    let body = protocol::to_cbor(&PushRequest { statements: vec![ByteBuf::from(vec![0; 400])] })?;
    while !load.done.load(Ordering::SeqCst) {
        let reply = wire.exchange("POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        if reply.status == 429 {
            turned_away.fetch_add(1, Ordering::SeqCst);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(0)
}

/// What the senders share.
struct Load<'a> {
    url: &'a str,
    statements: &'a [Vec<u8>],
    next: AtomicUsize,
    done: AtomicBool,
    latencies: Mutex<Vec<Duration>>,
}

impl Load<'_> {
    /// Sends batches of one to five, as devices do, until nothing is left.
    fn send(&self, number: usize) -> Result<()> {
        // Each from an address of its own, as phones have.
        let own = Ipv4Addr::new(127, 0, 1, u8::try_from(number % 250)? + 1);
        let mut wire = Wire::open_from(self.url, own)?;
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
            let push =
                PushRequest { statements: batch.iter().map(|bytes| ByteBuf::from(bytes.clone())).collect() };
            let body = protocol::to_cbor(&push)?;
            let begun = Instant::now();
            let reply = loop {
                let reply = wire.exchange("POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
                match reply.status {
                    200 => break reply,
                    429 | 503 => std::thread::sleep(Duration::from_millis(200)),
                    status => {
                        anyhow::bail!("refused with {status}: {}", String::from_utf8_lossy(&reply.body))
                    }
                }
            };
            latencies.push(begun.elapsed());
            let answer: PushResponse = protocol::from_cbor(&reply.body)?;
            let all = answer.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. }));
            ensure!(all, "not all were accepted: {:?}", answer.outcomes);
        }
        if let Ok(mut all) = self.latencies.lock() {
            all.append(&mut latencies);
        }
        Ok(())
    }
}

/// Looks at the overview and at regions' pages while the load goes on, as coordinators do.
fn look(load: &Load<'_>, regions: &[String], pages: &Mutex<Vec<Duration>>) -> Result<()> {
    let mut wire = Wire::open(load.url)?;
    let cookie = log_in(&mut wire)?;
    let mut chance = Chance::new(9);
    let mut times = Vec::new();
    while !load.done.load(Ordering::SeqCst) {
        let region = usize::try_from(chance.below(u32::try_from(regions.len())?))?;
        let path = match chance.below(4) {
            0 => "/api/regions?contest=ppwp".to_owned(),
            _ => format!("/api/regions/{}?contest=ppwp", regions[region]),
        };
        let begun = Instant::now();
        let reply = wire.exchange("GET", &path, &[("cookie", &cookie)], &[])?;
        times.push(begun.elapsed());
        ensure!(reply.status == 200, "{path} was answered with {}", reply.status);
        std::thread::sleep(Duration::from_millis(20));
    }
    if let Ok(mut pages) = pages.lock() {
        pages.append(&mut times);
    }
    Ok(())
}

fn log_in(wire: &mut Wire) -> Result<String> {
    let body = serde_json::json!({ "user": "meter", "password": PASSWORD }).to_string();
    let reply =
        wire.exchange("POST", "/api/login", &[("content-type", "application/json")], body.as_bytes())?;
    reply.cookie.with_context(|| format!("logging in was answered with {}", reply.status))
}

/// Takes a statement that was just sent, and waits for its receipt, again and again.
fn wait_for_receipts(load: &Load<'_>, lags: &Mutex<Vec<Duration>>) -> Result<()> {
    let mut wire = Wire::open(load.url)?;
    let mut times = Vec::new();
    while !load.done.load(Ordering::SeqCst) {
        // What is some way behind the senders was accepted a moment ago.
        let place = load.next.load(Ordering::SeqCst).saturating_sub(200);
        let Some(bytes) = load.statements.get(place) else { break };
        let asked = ReceiptsRequest { statements: vec![StatementId::of(bytes)], seen_size: 0 };
        let body = protocol::to_cbor(&asked)?;
        let begun = Instant::now();
        loop {
            let reply = wire.exchange("POST", path::RECEIPTS, &[("content-type", CBOR)], &body)?;
            let there = reply.status == 200
                && protocol::from_cbor::<ReceiptsResponse>(&reply.body)?.receipts.iter().any(Option::is_some);
            if there {
                break;
            }
            ensure!(begun.elapsed() < Duration::from_secs(60), "no receipt after a minute");
            std::thread::sleep(Duration::from_millis(25));
        }
        times.push(begun.elapsed());
        std::thread::sleep(Duration::from_millis(50));
    }
    if let Ok(mut lags) = lags.lock() {
        lags.append(&mut times);
    }
    Ok(())
}

/// How long it takes until the overview counts every station.
fn settled(url: &str, election: &Election, stations: &[StationId]) -> Result<Duration> {
    let mut wire = Wire::open(url)?;
    let cookie = log_in(&mut wire)?;
    let begun = Instant::now();
    for contest in &election.contests {
        loop {
            let path = format!("/api/regions?contest={}", contest.id);
            let reply = wire.exchange("GET", &path, &[("cookie", &cookie)], &[])?;
            let view: serde_json::Value = serde_json::from_slice(&reply.body)?;
            if view["coverage"]["provisional"] == stations.len() {
                break;
            }
            ensure!(
                begun.elapsed() < Duration::from_secs(600),
                "the counts do not follow: {}",
                view["coverage"]
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(begun.elapsed())
}

/// The most memory that a process had, as the kernel says.
fn peak_bytes(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).context("the kernel tells no peak")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kilobytes * 1024)
}
