//! How much one endpoint ingests, and how it answers meanwhile. Endpoint and load share the machine. Each
//! figure comes with the bare limit of the same run. `cargo xtask bench central [-- --nation]`.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

mod bare;
mod hostile;
mod load;
mod official;
mod package;
mod people;
mod take_over;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use central::store::StoreLocation;
use clap::Parser;
use evidence::{Body, DeviceKey};
use rusqlite::Connection;
use saksi_tests::eventually::{WATCHDOG, eventually_within};
use saksi_tests::fleet::{SimWitness, election_with_stations, seed_enrolled, some_papers, tally_of};
use saksi_tests::http::HttpConnection;
use saksi_tests::postgres::{create_database, psql, test_server};
use saksi_tests::process::{Process, output_of, peak_bytes};
use saksi_tests::program;
use saksi_tests::rng::TestRng;
use tally::{ContestId, Election, Paper, StationId};

use load::{Load, log_in};

/// What is measured.
#[derive(Debug, Parser)]
struct Arguments {
    /// Number of stations of the election.
    #[arg(long, default_value_t = 40_000)]
    stations: u32,
    /// All stations of the country.
    #[arg(long)]
    nation: bool,
    /// Number of contests of a station, up to five: the presidential one, then DPR, DPD, DPRD provinsi and
    /// DPRD kabupaten/kota with lists. Each station sends a tally of each.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=5))]
    contests: u8,
    /// Maximum number of stations that send, spread over the country; without it, all of them.
    #[arg(long)]
    senders: Option<usize>,
    /// Number of connections of the load.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Measure once more with a fifth of all statements forged, and a flood from one address; then under all
    /// attacks of `saksi-fleet attack` at once.
    #[arg(long)]
    hostile: bool,
    /// Measure only the import of people, and pages and searches among 800,000.
    #[arg(long)]
    people: bool,
    /// Import official results of all stations, and look at the differences.
    #[arg(long)]
    official: bool,
    /// Measure only this store: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
}

/// Number of different figures for each contest, to be used in rotation.
const PAPERS_OF_ONE: usize = 400;
const PAPERS_OF_MANY: usize = 6;
/// TPS of the election of 2024 within the country.
const STATIONS_OF_2024: u32 = 820_161;
const USER: &str = "meter";
const PASSWORD: &str = "a long enough password";
/// Watchdog of a wait for the counts of a whole nation.
const COUNTS_WATCHDOG: Duration = Duration::from_secs(1_800);

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    // People are measured among all of the nation.
    let is_nation = arguments.nation || arguments.people;
    let stations = if is_nation { STATIONS_OF_2024 } else { arguments.stations };
    let election = election_with_stations(stations, arguments.contests)?;
    println!("{} stations, {} contest(s)", election.station_count(), election.contests.len());
    if arguments.people {
        return measure_people(&arguments, &election);
    }
    package::measure(&election)?;

    let verify = bare::verify(&election)?;
    println!("bare verify_strict: {verify:.0} a second on one core");
    let rows = bare::sqlite()?;
    println!("bare SQLite, WAL and FULL, groups of 100: {rows:.0} rows a second");
    if arguments.only.as_deref() != Some("postgres") {
        measure(&arguments, &election, None, verify.min(rows))?;
    }
    match test_server() {
        Some(server) if arguments.only.as_deref() != Some("sqlite") => {
            let bare = bare::postgres(&server)?;
            println!("bare PostgreSQL, UNNEST of 1,000: {bare:.0} rows a second");
            measure(&arguments, &election, Some(&server), verify.min(bare))?;
            take_over::measure()?;
        }
        Some(_) => {}
        None => println!("PostgreSQL: not measured; name a server in SAKSI_TEST_POSTGRES"),
    }
    Ok(())
}

fn measure_people(arguments: &Arguments, election: &Election) -> Result<()> {
    if arguments.only.as_deref() != Some("postgres") {
        people::measure(election, None)?;
    }
    match test_server() {
        Some(server) if arguments.only.as_deref() != Some("sqlite") => {
            people::measure(election, Some(&server))
        }
        Some(_) => Ok(()),
        None => {
            println!("PostgreSQL: not measured; name a server in SAKSI_TEST_POSTGRES");
            Ok(())
        }
    }
}

/// One endpoint with its data.
struct Bench {
    data: PathBuf,
    package: PathBuf,
    /// Name and address of its database, if that is on a server.
    database: Option<(String, String)>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new(election: &Election, server: Option<&str>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let package = folder.path().join("election.json");
        std::fs::write(&package, election.to_json()?)?;
        let name = format!("saksi_bench_{}", std::process::id());
        let database = match server {
            None => None,
            Some(server) => Some((name.clone(), create_database(server, &name)?)),
        };
        Ok(Self { data: folder.path().join("data"), package, database, _folder: folder })
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(program::own("saksi-central")?);
        command.args(arguments).arg("--data").arg(&self.data);
        if let Some((_, database)) = &self.database {
            command.args(["--database", database]);
        }
        Ok(command)
    }

    /// Starts the program on a free port; gives it and its address.
    fn serve(&self) -> Result<(Process, String)> {
        let mut serve = self.command(&["serve", "--listen", "127.0.0.1:0"])?;
        serve.arg("--election").arg(&self.package);
        let process = Process::start(serve, &self.data.with_extension("log"))?;
        let address = process.wait_for_line(WATCHDOG, |line| {
            line.split_once("listening on http://").map(|(_, address)| address.trim().to_owned())
        })?;
        Ok((process, format!("http://{address}")))
    }

    /// Creates the store, and a user of the console. The store has its election after its first start.
    fn set_up(&self) -> Result<()> {
        self.serve()?.0.terminate(WATCHDOG)?;
        let mut user = self.command(&["user", "add", USER, "--role", "admin"])?;
        user.env("SAKSI_PASSWORD", PASSWORD);
        output_of(user)?;
        Ok(())
    }

    fn store(&self) -> StoreLocation {
        match &self.database {
            Some((_, database)) => StoreLocation::Server(database.clone()),
            None => StoreLocation::File(self.data.join("central.sqlite")),
        }
    }

    fn bytes_on_disk(&self) -> Result<u64> {
        if let Some((_, database)) = &self.database {
            return Ok(psql(database, "SELECT pg_database_size(current_database())")?.trim().parse()?);
        }
        let file = self.data.join("central.sqlite");
        Connection::open(&file)?.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        Ok(std::fs::metadata(file)?.len())
    }
}

/// Times of one run of the load.
#[derive(Default)]
struct Times {
    took: Duration,
    acknowledged: Vec<Duration>,
    receipts: Vec<Duration>,
    pages: Vec<Duration>,
}

/// Measures one endpoint over one store. `limit` is the lower of the bare limits, in statements a second.
fn measure(arguments: &Arguments, election: &Election, server: Option<&str>, limit: f64) -> Result<()> {
    let bench = Bench::new(election, server)?;
    bench.set_up()?;
    let started = Instant::now();
    let stations = stations_that_send(arguments, election);
    let mut witnesses: Vec<SimWitness> =
        (0_u64..).zip(&stations).map(|(number, station)| SimWitness::new(number, station.clone())).collect();
    seed_enrolled(&bench.store(), election, &witnesses)?;
    let statements = sign_all(election, &mut witnesses)?;
    println!(
        "\n{}: {} witnesses enrolled, {} tallies signed in {:.0} s",
        if server.is_some() { "PostgreSQL" } else { "SQLite" },
        witnesses.len(),
        statements.len(),
        started.elapsed().as_secs_f64()
    );
    let bytes_before = bench.bytes_on_disk()?;

    let starting = Instant::now();
    let (mut process, url) = bench.serve()?;
    println!(
        "  listens after {:.1} s, with the package given again (goal 10)",
        starting.elapsed().as_secs_f64()
    );
    let mut times = send_all(arguments, election, &url, &witnesses[0].key, &statements)?;
    let counts_after = counts_follow(&url, election, &stations)?;
    let mut stored = statements.len();
    if arguments.hostile {
        stored += hostile::measure(arguments.connections, election, &mut witnesses, &url, &process)?;
    }
    if arguments.official {
        official::measure(&url, election)?;
    }
    let peak_mb = peak_bytes(process.id())? as f64 / 1e6;
    process.terminate(WATCHDOG)?;

    report(&mut times, statements.len(), limit);
    println!(
        "  the counts had followed {:.1} s after the last tally; memory at most {peak_mb:.0} MB (goal 700 for the nation)",
        counts_after.as_secs_f64()
    );
    println!(
        "  on disk: {:.0} bytes a statement, all included (goal 1,500)",
        (bench.bytes_on_disk()? - bytes_before) as f64 / stored as f64
    );
    let started = Instant::now();
    output_of(bench.command(&["rebuild"])?)?;
    println!(
        "  rebuilt from the statements in {:.1} s (goal 60 for the nation)",
        started.elapsed().as_secs_f64()
    );
    if let (Some(server), Some((name, _))) = (server, &bench.database) {
        psql(server, &format!("DROP DATABASE {name}"))?;
    }
    Ok(())
}

/// Sends all statements, while coordinators look at pages and a device waits for receipts.
fn send_all(
    arguments: &Arguments,
    election: &Election,
    url: &str,
    courier: &DeviceKey,
    statements: &[Vec<u8>],
) -> Result<Times> {
    let load = Load::new(url, courier, statements);
    let kinds = kinds_of(election);
    let regions: Vec<String> = election.regions.iter().map(|region| region.code.to_string()).collect();
    let (pages, receipts) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let started = Instant::now();
    let took = std::thread::scope(|scope| -> Result<Duration> {
        let readers = [
            scope.spawn(|| load.look_at_pages(&regions, &kinds, &pages)),
            scope.spawn(|| load.wait_for_receipts(&receipts)),
        ];
        let senders: Vec<_> = (0..arguments.connections)
            .map(|number| {
                let load = &load;
                scope.spawn(move || load.send(number))
            })
            .collect();
        let sent = senders
            .into_iter()
            .try_for_each(|sender| sender.join().map_err(|_| anyhow!("a sender panicked"))?);
        let took = started.elapsed();
        load.done.store(true, Ordering::SeqCst);
        sent?;
        for reader in readers {
            reader.join().map_err(|_| anyhow!("a reader panicked"))??;
        }
        Ok(took)
    })?;
    Ok(Times {
        took,
        acknowledged: into_inner(load.latencies)?,
        receipts: into_inner(receipts)?,
        pages: into_inner(pages)?,
    })
}

fn report(times: &mut Times, statements: usize, limit: f64) {
    let rate = statements as f64 / times.took.as_secs_f64();
    println!(
        "  accepted durably: {rate:.0} a second, {:.2} of the binding bare limit ({limit:.0})",
        rate / limit
    );
    println!(
        "  acknowledged: median {:.1} ms, p99 {:.1} ms",
        quantile_ms(&mut times.acknowledged, 0.5),
        quantile_ms(&mut times.acknowledged, 0.99)
    );
    println!(
        "  receipts under load: median {:.2} s, p99 {:.2} s, latest {:.2} s (goal 2)",
        quantile_ms(&mut times.receipts, 0.5) / 1e3,
        quantile_ms(&mut times.receipts, 0.99) / 1e3,
        quantile_ms(&mut times.receipts, 1.0) / 1e3
    );
    println!(
        "  {} pages of regions under load: median {:.1} ms, p99 {:.1} ms (goal 20)",
        times.pages.len(),
        quantile_ms(&mut times.pages, 0.5),
        quantile_ms(&mut times.pages, 0.99)
    );
}

fn into_inner<T>(mutex: Mutex<T>) -> Result<T> {
    mutex.into_inner().map_err(|_| anyhow!("a thread panicked"))
}

/// The quantile of the times, in milliseconds; 0.5 is the median.
fn quantile_ms(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

fn per_second(times: usize, started: Instant) -> f64 {
    times as f64 / started.elapsed().as_secs_f64()
}

/// One tally of each contest by each witness, signed on all cores, and shuffled over all regions.
fn sign_all(election: &Election, witnesses: &mut [SimWitness]) -> Result<Vec<Vec<u8>>> {
    let bodies = bodies_of(election, witnesses);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = witnesses.len().div_ceil(threads).max(1);
    let mut signed: Vec<Vec<u8>> = std::thread::scope(|scope| -> Result<_> {
        let signers: Vec<_> = witnesses
            .chunks_mut(share)
            .map(|part| scope.spawn(|| sign_each(election, &bodies, part)))
            .collect();
        let mut all = Vec::new();
        for signer in signers {
            all.append(&mut signer.join().map_err(|_| anyhow!("a signer panicked"))??);
        }
        Ok(all)
    })?;
    let mut rng = TestRng::new(5);
    for index in (1..signed.len()).rev() {
        signed.swap(index, rng.index(index + 1));
    }
    Ok(signed)
}

fn sign_each(election: &Election, bodies: &Bodies, witnesses: &mut [SimWitness]) -> Result<Vec<Vec<u8>>> {
    let mut signed = Vec::new();
    for (number, witness) in witnesses.iter_mut().enumerate() {
        for contest in election.contests_at(&witness.station.clone()) {
            let bodies = bodies.get(&contest.id).context("the bodies of a contest")?;
            let body = bodies[number % bodies.len()].clone();
            signed.push(witness.seal(election.id.as_str(), 1_796_821_200, body)?.bytes);
        }
    }
    Ok(signed)
}

/// What the tallies of each contest say.
type Bodies = HashMap<ContestId, Vec<Body>>;

/// The bodies for the contests of these witnesses.
fn bodies_of(election: &Election, witnesses: &[SimWitness]) -> Bodies {
    let count = if election.contests.len() == 1 { PAPERS_OF_ONE } else { PAPERS_OF_MANY };
    let mut bodies = Bodies::new();
    for contest in witnesses.iter().flat_map(|witness| election.contests_at(&witness.station)) {
        bodies.entry(contest.id.clone()).or_insert_with(|| {
            let paper = election.paper(&contest.id);
            let of_paper = |paper: &Paper| {
                let papers = some_papers(paper, 11, count).into_iter();
                papers.map(|figures| tally_of(paper, election.version, &figures)).collect()
            };
            paper.as_ref().map(of_paper).unwrap_or_default()
        });
    }
    bodies
}

/// The stations whose witnesses send.
fn stations_that_send(arguments: &Arguments, election: &Election) -> Vec<StationId> {
    let all = election.station_count() as usize;
    let step = all.div_ceil(arguments.senders.unwrap_or(all).max(1)).max(1);
    election.stations().step_by(step).collect()
}

/// The kinds of the election's contests.
fn kinds_of(election: &Election) -> BTreeSet<&'static str> {
    election.contests.iter().map(|contest| contest.kind.word()).collect()
}

/// Time until the overview counts every station.
fn counts_follow(url: &str, election: &Election, stations: &[StationId]) -> Result<Duration> {
    let mut connection = HttpConnection::open(url)?;
    let cookie = log_in(&mut connection)?;
    let started = Instant::now();
    for kind in kinds_of(election) {
        eventually_within(COUNTS_WATCHDOG, "all stations in the counts", || {
            let path = format!("/api/regions?kind={kind}");
            let reply = connection.exchange("GET", &path, &[("cookie", &cookie)], &[])?;
            let view: serde_json::Value = serde_json::from_slice(&reply.body)?;
            Ok((view["coverage"]["provisional"] == stations.len()).then_some(()))
        })?;
    }
    Ok(started.elapsed())
}
