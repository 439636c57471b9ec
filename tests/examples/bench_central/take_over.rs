//! Take-over time of the log: from the kill of the replica that appends to it until the next leaf.
//!
//! A table lock stops one sequencer in the middle of its transaction, so that the benchmark knows which
//! replica holds the log's lock. It kills that replica (SIGKILL), lifts the table lock, and waits for the
//! next leaf. Only the other replica can append it.

use std::io::Write as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use central::store::StoreLocation;
use saksi_tests::Endpoint;
use saksi_tests::eventually::eventually;
use saksi_tests::fleet::{SimWitness, election_with_stations, papers, seed_enrolled, tally_of};
use saksi_tests::http::HttpConnection;
use saksi_tests::postgres::psql;
use tally::Election;

use super::load::push;
use super::quantile_ms;

const KILLS: usize = 10;

/// The name of the connection whose insertion into the log waits for the table lock.
const HOLDER: &str = "SELECT a.application_name FROM pg_stat_activity a JOIN pg_locks l USING (pid)
    WHERE l.relation = 'log_leaf'::regclass AND NOT l.granted";

pub(super) fn measure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let election = election_with_stations(100, 1)?;
    let package = folder.path().join("election.json");
    std::fs::write(&package, election.to_json()?)?;
    let first = Endpoint::new(&package)?;
    let database = first.database().context("a database")?.to_owned();
    let second = Endpoint::replica_of(&first)?;
    let mut replicas = [first, second];
    for replica in &mut replicas {
        replica.start()?;
    }
    let mut witnesses: Vec<SimWitness> =
        (0..).zip(election.stations()).map(|(number, station)| SimWitness::new(number, station)).collect();
    seed_enrolled(&StoreLocation::Server(database.clone()), &election, &witnesses)?;
    let mut times = Vec::new();
    for kill in 0..KILLS {
        let witness = &mut witnesses[kill % 100];
        times.push(one_take_over(&mut replicas, &database, &election, witness)?);
    }
    println!(
        "  the log's take-over after its holder is killed: median {:.0} ms, latest {:.0} ms ({KILLS} kills)",
        quantile_ms(&mut times, 0.5),
        quantile_ms(&mut times, 1.0)
    );
    Ok(())
}

fn one_take_over(
    replicas: &mut [Endpoint; 2],
    database: &str,
    election: &Election,
    witness: &mut SimWitness,
) -> Result<Duration> {
    let lock = TableLock::take(database)?;
    for replica in &*replicas {
        let statement = tally(election, witness)?;
        push(&mut HttpConnection::open(&replica.url()?)?, &witness.key, &[statement])?;
    }
    let holder = eventually("a sequencer in its transaction", || {
        let name = psql(database, HOLDER)?.trim().to_owned();
        Ok((!name.is_empty()).then_some(name))
    })?;
    let victim = replicas
        .iter_mut()
        .find(|replica| replica.application_name() == holder)
        .with_context(|| format!("no replica is named {holder:?}"))?;
    let size: u64 = psql(database, "SELECT count(*) FROM log_leaf")?.trim().parse()?;

    let started = Instant::now();
    victim.kill()?;
    lock.release()?;
    let next_leaf = format!(
        "DO $$ BEGIN WHILE (SELECT count(*) FROM log_leaf) <= {size} LOOP
            PERFORM pg_sleep(0.002);
        END LOOP; END $$"
    );
    psql(database, &format!("SET statement_timeout = '180s'; {next_leaf}"))?;
    let took = started.elapsed();
    victim.start()?;
    Ok(took)
}

fn tally(election: &Election, witness: &mut SimWitness) -> Result<Vec<u8>> {
    let paper = election.paper(&election.contests[0].id).context("a paper")?;
    let body = tally_of(&paper, election.version, &papers(&paper, 3)[0]);
    Ok(witness.seal(election.id.as_str(), 1_796_821_200, body)?.bytes)
}

/// A lock on the log's table. Readers pass, writers wait.
struct TableLock {
    psql: Child,
    input: ChildStdin,
}

impl TableLock {
    fn take(database: &str) -> Result<Self> {
        let mut psql = Command::new("psql")
            .args([database, "-qAt", "-v", "ON_ERROR_STOP=1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting psql")?;
        let mut input = psql.stdin.take().context("a pipe to psql")?;
        writeln!(input, "BEGIN; LOCK TABLE log_leaf IN EXCLUSIVE MODE; SELECT 'locked';")?;
        let output = psql.stdout.as_mut().context("a pipe from psql")?;
        let mut answer = [0; 7];
        std::io::Read::read_exact(output, &mut answer)?;
        ensure!(answer.starts_with(b"locked"), "psql did not lock the table");
        Ok(Self { psql, input })
    }

    fn release(self) -> Result<()> {
        let Self { mut psql, mut input } = self;
        writeln!(input, "COMMIT;")?;
        drop(input);
        ensure!(psql.wait()?.success(), "psql did not release the table");
        Ok(())
    }
}
