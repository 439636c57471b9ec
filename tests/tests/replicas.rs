//! Three replicas of the endpoint share one PostgreSQL server and one bucket. They are killed in turn while
//! witnesses send, and the server crashes with them. The test runs where `SAKSI_TEST_POSTGRES` names a
//! server; `cargo xtask test --only services` starts one.
//!
//! Work ends this test, not time. A kill comes after a number of accepted statements, and the test ends when
//! every accepted statement has its receipt.

#![expect(clippy::print_stdout, reason = "a test that does not run must say so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use central::store::StoreLocation;
use evidence::{DeviceKey, LogPublicKey, Receipt, StatementId};
use protocol::{CBOR, LogKeys, Outcome, PushRequest, PushResponse, ReceiptsRequest, ReceiptsResponse, path};
use saksi_tests::Endpoint;
use saksi_tests::eventually::eventually;
use saksi_tests::fleet::{SimWitness, election_with_stations, papers, seed_enrolled, tally_of};
use saksi_tests::http::HttpConnection;
use saksi_tests::postgres::{psql, test_server};
use saksi_tests::process::output_of;
use saksi_tests::rng::TestRng;
use serde_bytes::ByteBuf;
use tally::Election;

const REPLICAS: usize = 3;
const KILLS: usize = 10;
/// Kills that take the database server along.
const SERVER_CRASHES: [usize; 2] = [3, 7];
/// Statements accepted by all replicas together before one of them is killed.
const STATEMENTS_BEFORE_KILL: usize = 50;
/// Statements accepted by the others before the killed one starts again.
const STATEMENTS_BEFORE_RESTART: usize = 20;
const SENDERS: usize = 6;
const WITNESSES_PER_SENDER: usize = 40;
/// Number of pushes after which a sender waits for a receipt, so that the log is read while replicas die.
const PUSHES_PER_RECEIPT: usize = 6;

/// What the replicas promised to the senders.
#[derive(Default)]
struct Ledger {
    accepted: Mutex<BTreeMap<StatementId, Vec<u8>>>,
    receipts: Mutex<BTreeMap<StatementId, Vec<u8>>>,
    /// Set after the last kill, and when a sender failed. Then nobody waits for more statements.
    done: AtomicBool,
}

impl Ledger {
    fn accepted(&self) -> MutexGuard<'_, BTreeMap<StatementId, Vec<u8>>> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receipts(&self) -> MutexGuard<'_, BTreeMap<StatementId, Vec<u8>>> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `more` statements are accepted on top of those of this moment.
    fn wait_for_accepted(&self, more: usize) -> Result<()> {
        let wanted = self.accepted().len() + more;
        eventually(&format!("{wanted} accepted statements"), || {
            ensure!(!self.done.load(Ordering::SeqCst), "a sender failed");
            Ok((self.accepted().len() >= wanted).then_some(()))
        })
    }
}

#[test]
fn killing_any_replica_or_the_server_loses_no_statement_and_does_not_fork_the_log() -> Result<()> {
    let Some(server) = test_server() else {
        println!("SAKSI_TEST_POSTGRES names no server: not run");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let election = election_with_stations(1_000, 1)?;
    let package = folder.path().join("election.json");
    std::fs::write(&package, election.to_json()?)?;
    let mut replicas = start_replicas(&package)?;
    let database = replicas[0].database().context("a database")?.to_owned();
    let urls: Vec<String> = replicas.iter().map(Endpoint::url).collect::<Result<_>>()?;
    let mut witnesses: Vec<SimWitness> = (0_u64..)
        .zip(election.stations().take(WITNESSES_PER_SENDER * SENDERS))
        .map(|(number, station)| SimWitness::new(number, station))
        .collect();
    seed_enrolled(&StoreLocation::Server(database.clone()), &election, &witnesses)?;

    let ledger = Ledger::default();
    std::thread::scope(|scope| -> Result<()> {
        let mut senders = Vec::new();
        for seed in 0..SENDERS as u64 {
            let share = witnesses.split_off(witnesses.len() - WITNESSES_PER_SENDER);
            let mut sender = Sender::new(&urls, &election, share, seed, &ledger)?;
            senders.push(scope.spawn(move || {
                let sent = sender.send_until_done();
                if sent.is_err() {
                    sender.ledger.done.store(true, Ordering::SeqCst);
                }
                sent
            }));
        }
        let killed = kill_in_turn(&mut replicas, &server, &ledger);
        ledger.done.store(true, Ordering::SeqCst);
        for sender in senders {
            sender.join().map_err(|_| anyhow!("a sender panicked"))??;
        }
        killed
    })?;

    every_accepted_statement_has_a_receipt_that_verifies(&urls, &ledger)?;
    the_log_holds_each_statement_once(&database, &ledger)?;
    the_counts_are_what_a_rebuild_makes_of_the_statements(&mut replicas, &database)?;
    println!("{} statements, each with its receipt; {KILLS} kills", ledger.accepted().len());
    Ok(())
}

fn start_replicas(package: &Path) -> Result<Vec<Endpoint>> {
    let mut first = Endpoint::new(package)?;
    first.start()?;
    let mut replicas = vec![first];
    for _ in 1..REPLICAS {
        let mut replica = Endpoint::replica_of(&replicas[0])?;
        replica.start()?;
        replicas.push(replica);
    }
    Ok(replicas)
}

/// Kills one replica after the other as a power cut would, and twice the server under them.
fn kill_in_turn(replicas: &mut [Endpoint], server: &str, ledger: &Ledger) -> Result<()> {
    for kill in 0..KILLS {
        ledger.wait_for_accepted(STATEMENTS_BEFORE_KILL)?;
        let victim = &mut replicas[kill % REPLICAS];
        victim.kill()?;
        if SERVER_CRASHES.contains(&kill) {
            crash_server(server)?;
        }
        ledger.wait_for_accepted(STATEMENTS_BEFORE_RESTART)?;
        victim.start()?;
    }
    ledger.wait_for_accepted(STATEMENTS_BEFORE_KILL)
}

/// Crashes the server and lets it recover, where the environment says how.
fn crash_server(server: &str) -> Result<()> {
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
    command.args(["-D", &data, "-m", "immediate", "-w", "-t", "180", "-o", &options, "-l"]).arg(&log);
    command.arg("restart").current_dir(&data);
    output_of(command)?;
    Ok(())
}

/// One thread that sends for its witnesses, to whichever replica answers.
struct Sender<'a> {
    client: AnyReplica<'a>,
    election: &'a Election,
    witnesses: Vec<SimWitness>,
    figures: Vec<tally::Figures>,
    paper: tally::Paper,
    ledger: &'a Ledger,
}

impl<'a> Sender<'a> {
    fn new(
        urls: &'a [String],
        election: &'a Election,
        witnesses: Vec<SimWitness>,
        seed: u64,
        ledger: &'a Ledger,
    ) -> Result<Self> {
        let paper = election.paper(&election.contests[0].id).context("a paper")?;
        let figures = papers(&paper, seed);
        Ok(Self {
            client: AnyReplica::new(urls, courier_key()?, seed),
            election,
            witnesses,
            figures,
            paper,
            ledger,
        })
    }

    fn send_until_done(&mut self) -> Result<()> {
        let mut sealed = 0;
        for push in 1.. {
            if self.ledger.done.load(Ordering::SeqCst) {
                break;
            }
            let mut batch = BTreeMap::new();
            for _ in 0..=self.client.rng.below(4) {
                let (id, bytes) = self.seal(sealed)?;
                batch.insert(id, bytes);
                sealed += 1;
            }
            self.client.push(batch.values())?;
            let newest = batch.keys().next().copied().context("a statement")?;
            self.ledger.accepted().extend(batch);
            if push % PUSHES_PER_RECEIPT == 0 {
                let receipts = self.client.receipts_of(&[newest])?;
                self.ledger.receipts().extend(receipts);
            }
        }
        Ok(())
    }

    fn seal(&mut self, number: usize) -> Result<(StatementId, Vec<u8>)> {
        let figures = &self.figures[number % self.figures.len()];
        let body = tally_of(&self.paper, self.election.version, figures);
        let index = number % self.witnesses.len();
        let sealed = self.witnesses[index].seal(self.election.id.as_str(), 1_796_821_200, body)?;
        Ok((sealed.id, sealed.bytes))
    }
}

/// The key of the first witness, who carries what all of them sealed.
fn courier_key() -> Result<DeviceKey> {
    // Only the number makes the key.
    Ok(SimWitness::new(0, "11.01.01.1001-001".parse()?).key)
}

/// A client of all replicas: a request goes to one of them, and to another when that one is down.
struct AnyReplica<'a> {
    urls: &'a [String],
    connections: BTreeMap<usize, HttpConnection>,
    /// The key of the device that carries the statements.
    key: DeviceKey,
    rng: TestRng,
}

impl<'a> AnyReplica<'a> {
    fn new(urls: &'a [String], key: DeviceKey, seed: u64) -> Self {
        Self { urls, connections: BTreeMap::new(), key, rng: TestRng::new(seed) }
    }

    /// Sends statements until a replica accepts them all.
    fn push<'b>(&mut self, statements: impl Iterator<Item = &'b Vec<u8>>) -> Result<()> {
        let push = PushRequest { statements: statements.cloned().map(ByteBuf::from).collect() };
        let response: PushResponse =
            protocol::from_cbor(&self.post(path::STATEMENTS, &protocol::to_cbor(&push)?)?)?;
        let all = response.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. }));
        ensure!(all, "refused: {:?}", response.outcomes);
        Ok(())
    }

    /// Waits until the log gives a receipt for each statement.
    fn receipts_of(&mut self, statements: &[StatementId]) -> Result<Vec<(StatementId, Vec<u8>)>> {
        let request = protocol::to_cbor(&ReceiptsRequest { statements: statements.to_vec(), seen_size: 0 })?;
        eventually("receipts of accepted statements", || {
            let response: ReceiptsResponse = protocol::from_cbor(&self.post(path::RECEIPTS, &request)?)?;
            let receipts: Option<Vec<ByteBuf>> = response.receipts.into_iter().collect();
            Ok(receipts.map(|receipts| {
                statements.iter().copied().zip(receipts.into_iter().map(ByteBuf::into_vec)).collect()
            }))
        })
    }

    /// Posts to one replica after the other until one answers.
    fn post(&mut self, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        eventually(&format!("an answer of a replica to {path}"), || {
            let replica = self.rng.index(self.urls.len());
            let connection = match self.connections.remove(&replica) {
                Some(connection) => Ok(connection),
                None => HttpConnection::open(&self.urls[replica]),
            };
            let Ok(mut connection) = connection else { return Ok(None) };
            let Ok(reply) = connection.exchange_as(&self.key, "POST", path, &[("content-type", CBOR)], body)
            else {
                return Ok(None);
            };
            self.connections.insert(replica, connection);
            match reply.status {
                200 => Ok(Some(reply.body)),
                429 | 503 => Ok(None),
                status => bail!("{path}: {status} {}", String::from_utf8_lossy(&reply.body)),
            }
        })
    }
}

/// Fetches the receipts that are missing, then verifies all under the log's key.
fn every_accepted_statement_has_a_receipt_that_verifies(urls: &[String], ledger: &Ledger) -> Result<()> {
    let mut client = AnyReplica::new(urls, courier_key()?, 99);
    let (accepted, mut receipts) = (ledger.accepted(), ledger.receipts());
    let missing: Vec<StatementId> =
        accepted.keys().filter(|id| !receipts.contains_key(id)).copied().collect();
    for part in missing.chunks(protocol::limit::RECEIPTS_PER_REQUEST) {
        receipts.extend(client.receipts_of(part)?);
    }
    let reply = HttpConnection::open(&urls[0])?.exchange("GET", path::LOG_KEYS, &[], &[])?;
    let keys: LogKeys = serde_json::from_slice(&reply.body)?;
    let key = LogPublicKey::from_hex(&keys.current)?;
    for (id, bytes) in accepted.iter() {
        let receipt = receipts.get(id).with_context(|| format!("{id} has no receipt"))?;
        Receipt::parse(receipt)?.verify(&key, bytes).with_context(|| format!("the receipt of {id}"))?;
    }
    Ok(())
}

/// A push whose response was lost is in the log too, so the log may hold more than the ledger.
fn the_log_holds_each_statement_once(database: &str, ledger: &Ledger) -> Result<()> {
    wait_until_idle(database)?;
    let log = psql(database, "SELECT encode(statement, 'hex') FROM log_leaf")?;
    let logged: BTreeSet<&str> = log.lines().collect();
    for id in ledger.accepted().keys() {
        ensure!(logged.contains(id.to_string().as_str()), "{id} was accepted and is not in the log");
    }
    let sizes = psql(
        database,
        "SELECT count(*), count(DISTINCT statement), max(position) + 1, (SELECT count(*) FROM statement) FROM log_leaf",
    )?;
    let distinct: BTreeSet<&str> = sizes.trim().split('|').collect();
    ensure!(distinct.len() == 1, "the log has holes, or a statement twice: {sizes}");
    Ok(())
}

fn wait_until_idle(database: &str) -> Result<()> {
    let waiting = "SELECT (SELECT count(*) FROM log_waiting) + (SELECT count(*) FROM count_waiting)";
    eventually("an empty queue before log and counts", || {
        Ok((psql(database, waiting)?.trim() == "0").then_some(()))
    })
}

fn the_counts_are_what_a_rebuild_makes_of_the_statements(
    replicas: &mut [Endpoint],
    database: &str,
) -> Result<()> {
    let counts = counts_in(database)?;
    for replica in replicas.iter_mut() {
        replica.stop()?;
    }
    output_of(replicas[0].command(&["rebuild"]))?;
    ensure!(counts_in(database)? == counts, "a rebuild makes other counts than the replicas did");
    Ok(())
}

fn counts_in(database: &str) -> Result<String> {
    [
        "station_count ORDER BY 1, 2",
        "region_count ORDER BY 1, 2",
        "arrival WHERE tallies <> 0 OR photos <> 0 ORDER BY 1, 2, 3",
    ]
    .into_iter()
    .map(|table| psql(database, &format!("SELECT * FROM {table}")))
    .collect()
}
