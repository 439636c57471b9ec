//! Three copies of the endpoint over one PostgreSQL server and one bucket, killed in turn while witnesses send, and the
//! server with them. It runs where `SAKSI_TEST_POSTGRES` names a server; `cargo xtask test --only services` starts one.

#![expect(clippy::print_stdout, reason = "a test that is not run must say so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use evidence::{LogPublicKey, Receipt, StatementId};
use protocol::{CBOR, LogKeys, Outcome, PushRequest, PushResponse, ReceiptsRequest, ReceiptsResponse, path};
use saksi_tests::Endpoint;
use saksi_tests::fleet::{Chance, Light, Wire, election_of, papers, psql, seed_server, tally_of};
use saksi_tests::process::output_of;
use serde_bytes::ByteBuf;
use tally::Election;

const COPIES: usize = 3;
const KILLS: usize = 10;
const SENDERS: u64 = 6;
const WITNESSES_EACH: usize = 40;

/// What the senders were told, and what they keep.
#[derive(Default)]
struct Told {
    accepted: BTreeMap<StatementId, Vec<u8>>,
    receipts: BTreeMap<StatementId, Vec<u8>>,
}

#[test]
fn killing_any_copy_or_the_server_loses_nothing_and_forks_nothing() -> Result<()> {
    let Ok(server) = std::env::var("SAKSI_TEST_POSTGRES") else {
        println!("no server is named in SAKSI_TEST_POSTGRES: not run");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let election = election_of(1_000, 1)?;
    let package = folder.path().join("election.json");
    std::fs::write(&package, election.to_json()?)?;
    let mut copies = vec![Endpoint::new(&package)?];
    copies[0].start()?;
    let database = copies[0].database().context("a database")?.to_owned();
    for _ in 1..COPIES {
        let mut copy = Endpoint::copy_of(&copies[0])?;
        copy.start()?;
        copies.push(copy);
    }
    let urls: Vec<String> = copies.iter().map(Endpoint::url).collect::<Result<_>>()?;
    let crowd: Vec<Light> = (0_u64..)
        .zip(election.stations().take(WITNESSES_EACH * usize::try_from(SENDERS)?))
        .map(|(number, station)| Light::new(number, station))
        .collect();
    seed_server(&database, &election, &crowd)?;

    let told = Mutex::new(Told::default());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| -> Result<()> {
        let mut rest = crowd;
        let mut senders = Vec::new();
        for seed in 0..SENDERS {
            let share = rest.split_off(rest.len() - WITNESSES_EACH);
            let (urls, election, told, done) = (&urls, &election, &told, &done);
            senders.push(scope.spawn(move || send(urls, election, share, seed, told, done)));
        }
        let chaos = kill_in_turn(&mut copies, &server);
        done.store(true, Ordering::SeqCst);
        for sender in senders {
            sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
        }
        chaos
    })?;

    let told = told.into_inner().map_err(|_| anyhow::anyhow!("a sender panicked"))?;
    ensure!(told.accepted.len() > 500, "only {} statements were accepted", told.accepted.len());
    ensure!(told.receipts.len() > 50, "only {} receipts were fetched", told.receipts.len());
    wait_until_quiet(&database)?;
    let logged: BTreeSet<String> = psql(&database, "SELECT encode(statement, 'hex') FROM log_leaf")?
        .lines()
        .map(str::to_owned)
        .collect();
    for id in told.accepted.keys() {
        ensure!(logged.contains(&id.to_string()), "{id} was accepted and is not in the log");
    }
    let whole = psql(
        &database,
        "SELECT count(*), count(DISTINCT statement), max(position) + 1, (SELECT count(*) FROM statement) FROM log_leaf",
    )?;
    let numbers: BTreeSet<&str> = whole.trim().split('|').collect();
    ensure!(numbers.len() == 1, "the log has holes or statements twice: {whole}");

    let mut wire = Wire::open(&urls[0])?;
    let keys: LogKeys = serde_json::from_slice(&wire.exchange("GET", path::LOG_KEYS, &[], &[])?.body)?;
    let key = LogPublicKey::from_hex(&keys.current)?;
    for (id, receipt) in &told.receipts {
        let bytes = told.accepted.get(id).context("a receipt of what was accepted")?;
        Receipt::parse(receipt)?.verify(&key, bytes).with_context(|| format!("the receipt of {id}"))?;
    }

    let counts = counts_of(&database)?;
    for copy in &mut copies {
        copy.stop()?;
    }
    output_of(copies[0].command(&["rebuild"]))?;
    ensure!(counts_of(&database)? == counts, "what is rebuilt is not what was counted");
    println!("{} statements, {} receipts, {KILLS} kills", told.accepted.len(), told.receipts.len());
    Ok(())
}

/// Kills each copy in turn as a power cut would, and twice the server under them.
fn kill_in_turn(copies: &mut [Endpoint], server: &str) -> Result<()> {
    for round in 0..KILLS {
        std::thread::sleep(Duration::from_millis(700));
        let victim = &mut copies[round % COPIES];
        victim.kill()?;
        if round == 3 || round == 7 {
            restart_server(server)?;
        }
        std::thread::sleep(Duration::from_millis(300));
        victim.start()?;
    }
    std::thread::sleep(Duration::from_millis(700));
    Ok(())
}

/// Crashes the server and lets it come back, where the tests were told how.
fn restart_server(server: &str) -> Result<()> {
    let (Ok(programs), Ok(data)) =
        (std::env::var("SAKSI_TEST_POSTGRES_PROGRAMS"), std::env::var("SAKSI_TEST_POSTGRES_DATA"))
    else {
        println!("the server is not the tests' own: it is not restarted");
        return Ok(());
    };
    let port = server.rsplit(':').next().context("a port")?;
    let program = Path::new(&programs).join("pg_ctl");
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["--user", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=400 -c unix_socket_directories={data}"
    );
    let log = Path::new(&data).join("restarted.log");
    command.args(["-D", &data, "-m", "immediate", "-w", "-o", &options, "-l"]).arg(&log).arg("restart");
    command.current_dir(&data);
    output_of(command)?;
    Ok(())
}

/// Sends until told to stop; what was begun is sent until somebody accepts it.
fn send(
    urls: &[String],
    election: &Election,
    mut witnesses: Vec<Light>,
    seed: u64,
    told: &Mutex<Told>,
    done: &AtomicBool,
) -> Result<()> {
    let paper = election.paper(&election.contests[0].id).context("a paper")?;
    let figures = papers(&paper, seed);
    let mut chance = Chance::new(seed);
    let mut wires: BTreeMap<usize, Wire> = BTreeMap::new();
    let mut number = 0_usize;
    while !done.load(Ordering::SeqCst) {
        let mut batch = Vec::new();
        for _ in 0..=chance.below(4) {
            number += 1;
            let place = number % witnesses.len();
            let body = tally_of(&paper, election.version, &figures[number % figures.len()]);
            batch.push(witnesses[place].seal(election.id.as_str(), 1_796_821_200, body)?);
        }
        let push = PushRequest {
            statements: batch.iter().map(|sealed| ByteBuf::from(sealed.bytes.clone())).collect(),
        };
        let body = protocol::to_cbor(&push)?;
        let answer: PushResponse =
            protocol::from_cbor(&until_heard(&mut wires, urls, &mut chance, path::STATEMENTS, &body)?)?;
        let all = answer.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. }));
        ensure!(all, "refused: {:?}", answer.outcomes);
        let asked = ReceiptsRequest { statements: vec![batch[0].id], seen_size: 0 };
        if let Ok(mut told) = told.lock() {
            told.accepted.extend(batch.iter().map(|sealed| (sealed.id, sealed.bytes.clone())));
        }
        if chance.comes(30) {
            let body =
                until_heard(&mut wires, urls, &mut chance, path::RECEIPTS, &protocol::to_cbor(&asked)?)?;
            let answer: ReceiptsResponse = protocol::from_cbor(&body)?;
            if let (Some(Some(receipt)), Ok(mut told)) = (answer.receipts.into_iter().next(), told.lock()) {
                told.receipts.insert(batch[0].id, receipt.into_vec());
            }
        }
    }
    Ok(())
}

/// Asks one copy after the other until one answers.
fn until_heard(
    wires: &mut BTreeMap<usize, Wire>,
    urls: &[String],
    chance: &mut Chance,
    path: &str,
    body: &[u8],
) -> Result<Vec<u8>> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let copy = usize::try_from(chance.below(u32::try_from(urls.len())?))?;
        let wire = match wires.remove(&copy) {
            Some(wire) => Ok(wire),
            None => Wire::open(&urls[copy]),
        };
        if let Ok(mut wire) = wire
            && let Ok(reply) = wire.exchange("POST", path, &[("content-type", CBOR)], body)
        {
            match reply.status {
                200 => {
                    wires.insert(copy, wire);
                    return Ok(reply.body);
                }
                429 | 503 => _ = wires.insert(copy, wire),
                status => anyhow::bail!("{path}: {status} {}", String::from_utf8_lossy(&reply.body)),
            }
        }
        ensure!(Instant::now() < until, "no copy answers");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn wait_until_quiet(database: &str) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let waiting = psql(
            database,
            "SELECT (SELECT count(*) FROM log_waiting) + (SELECT count(*) FROM count_waiting)",
        )?;
        if waiting.trim() == "0" {
            return Ok(());
        }
        ensure!(Instant::now() < until, "{} things still wait", waiting.trim());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn counts_of(database: &str) -> Result<String> {
    [
        "station_count ORDER BY 1, 2",
        "region_count ORDER BY 1, 2",
        "arrival WHERE tallies <> 0 OR photos <> 0 ORDER BY 1, 2, 3",
    ]
    .into_iter()
    .map(|table| psql(database, &format!("SELECT * FROM {table}")))
    .collect()
}
