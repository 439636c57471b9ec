//! Attacks on an endpoint from many addresses at once, beside honest phones, the probe of a load balancer and
//! a coordinator. The report says what the honest ones noticed, and whether anything acknowledged was lost.

mod attacker;
mod floods;
mod idle_connections;
mod observers;
mod phones;
mod report;

use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{Builder, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use tally::Election;

use self::attacker::Attacker;
use self::floods::Pictures;
use self::observers::{Coordinator, coordinate, probe, reads_crops};
use self::phones::HonestPhone;
pub use self::report::{AttackReport, KindReport, Latencies};
use super::client::{ReconnectingClient, invitation_of};
use super::sim_witness::SimWitness;
use crate::http::HttpConnection;
use crate::process::peak_bytes;

/// Maximum number of addresses from which attackers send.
pub const ADDRESSES_MAX: u8 = 64;
/// Stack of an attacker's thread. There are some hundred.
const STACK_BYTES: usize = 256 * 1024;

/// A kind of attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AttackKind {
    /// HTTP/2 requests for large files, of which nothing is read.
    UnreadStreams,
    /// Bodies that stop before their last byte, or come byte by byte.
    SlowBodies,
    /// Answers that are read byte by byte.
    SlowReaders,
    /// Requests for receipts without a proof, or in the name of devices that never enrolled.
    StrangersReceipts,
    /// Pushes of forged statements, from connections that break before the answer.
    DroppedPushes,
    /// Photos that are small as files and large in memory.
    ImageBombs,
    /// Signed statements about stations at which the phone is not assigned.
    UnassignedStatements,
    /// Logins with wrong passwords, also under the name of the coordinator.
    WrongLogins,
}

impl AttackKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::UnreadStreams,
        Self::SlowBodies,
        Self::SlowReaders,
        Self::StrangersReceipts,
        Self::DroppedPushes,
        Self::ImageBombs,
        Self::UnassignedStatements,
        Self::WrongLogins,
    ];
}

/// The parameters of an attack.
#[derive(Debug)]
pub struct Attack<'a> {
    /// The endpoint's address.
    pub url: &'a str,
    pub election: &'a Election,
    pub kinds: Vec<AttackKind>,
    /// Number of addresses of each kind of attacker.
    pub addresses: u8,
    pub duration: Duration,
    /// The endpoint's process, if it runs on this machine: its memory is measured.
    pub process: Option<u32>,
    /// Name and password of a user of the console.
    pub user: &'a str,
    pub password: &'a str,
    /// Enrolled phones that witness, each at its station.
    pub honest: Vec<SimWitness>,
    /// Enrolled phones in the attackers' hands.
    pub hostile: Vec<SimWitness>,
}

/// Enrols a phone with each link. Gives the part of the election that they see, and the phones.
///
/// # Errors
/// When an invitation is refused, or there is none.
pub fn enrol_phones(links: &[String], first_number: u64) -> Result<(Election, Vec<SimWitness>)> {
    let mut election = None;
    let mut phones = Vec::new();
    for (number, link) in (first_number..).zip(links) {
        let (url, code) = invitation_of(link)?;
        let joined = ReconnectingClient::new(url, Ipv4Addr::LOCALHOST).join(number, &code)?;
        let station = joined.assignments.first().context("an assignment")?.station.clone();
        phones.push(SimWitness::new(number, station));
        election.get_or_insert(joined.election);
    }
    Ok((election.context("an invitation")?, phones))
}

/// What all threads of an attack share.
struct Shared<'a> {
    attack: &'a Attack<'a>,
    end: Instant,
    /// The largest file of the console.
    file: String,
    pictures: Pictures,
    /// Hashes of photos in the attackers' hands that the endpoint has accepted.
    accepted_photos: Mutex<Vec<String>>,
    counts: Vec<Counts>,
}

/// What became of the attempts of one kind.
#[derive(Debug, Default)]
struct Counts {
    attempts: AtomicU64,
    done: AtomicU64,
    refused: AtomicU64,
    later: AtomicU64,
    broken: AtomicU64,
}

impl Counts {
    fn add(&self, counter: &AtomicU64) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn report(&self, kind: AttackKind) -> KindReport {
        let [attempts, done, refused, later, broken] =
            [&self.attempts, &self.done, &self.refused, &self.later, &self.broken]
                .map(|counter| counter.load(Ordering::Relaxed));
        KindReport { kind, attempts, done, refused, later, broken }
    }
}

impl Shared<'_> {
    fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// The address of an attacker, 127.0.0.2 and following.
    fn hostile_address(&self, number: u8) -> Ipv4Addr {
        Ipv4Addr::new(127, 0, 0, 2 + number)
    }
}

/// Runs the attack and gives its report.
///
/// # Errors
/// When the attack is impossible, such as without enrolled phones, or an honest client meets what must never
/// happen: a refusal, or a wrong answer.
pub fn run_attack(attack: &Attack<'_>) -> Result<AttackReport> {
    ensure!((1..=ADDRESSES_MAX).contains(&attack.addresses), "from 1 to {ADDRESSES_MAX} addresses");
    ensure!(!attack.honest.is_empty() && !attack.hostile.is_empty(), "phones of both sides are needed");
    let coordinator = Coordinator::log_in(attack)?;
    let shared = Shared {
        attack,
        end: Instant::now() + attack.duration,
        file: largest_file(attack.url)?,
        pictures: Pictures::new()?,
        accepted_photos: Mutex::default(),
        counts: attack.kinds.iter().map(|_| Counts::default()).collect(),
    };
    let mut report = run_threads(&shared, &coordinator)?;
    report.kinds =
        shared.counts.iter().zip(&attack.kinds).map(|(counts, kind)| counts.report(*kind)).collect();
    report.peak_bytes = attack.process.map(peak_bytes).transpose()?;
    Ok(report)
}

/// Lets all sides run until the end, and then asks for what was acknowledged.
fn run_threads(shared: &Shared<'_>, coordinator: &Coordinator) -> Result<AttackReport> {
    std::thread::scope(|scope| {
        let mut attackers = Vec::new();
        for (place, kind) in shared.attack.kinds.iter().enumerate() {
            for number in 0..shared.attack.addresses {
                let attacker = Attacker::new(shared, place, number)?;
                attackers.push(spawn(scope, move || attacker.run(*kind))?);
            }
        }
        let phones: Vec<_> = (0..shared.attack.honest.len())
            .map(|number| spawn(scope, move || HonestPhone::new(shared, number)?.run()))
            .collect::<Result<_>>()?;
        let probing = spawn(scope, || probe(shared))?;
        let pages = spawn(scope, || coordinate(shared, coordinator))?;
        let crops = spawn(scope, || reads_crops(shared, coordinator))?;

        let mut report = AttackReport::default();
        let phones: Vec<HonestPhone<'_>> = phones.into_iter().map(join).collect::<Result<_>>()?;
        (report.readiness, report.wrong_readiness) = join(probing)?;
        (report.pages, report.logins) = join(pages)?;
        report.crops = join(crops)?;
        attackers.into_iter().try_for_each(join)?;
        for mut phone in phones {
            report.acknowledged += phone.acknowledged.len();
            report.in_the_log += phone.receipts()?;
            report.retries += phone.client.retries;
            report.pushes.append(phone.latencies);
        }
        Ok(report)
    })
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> Result<T> + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, Result<T>>> {
    Ok(Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work)?)
}

fn join<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_| anyhow!("a client panicked"))?
}

/// The path of the largest script that the console's first page names; the first page where it names none.
fn largest_file(url: &str) -> Result<String> {
    let mut connection = HttpConnection::open(url)?;
    let page = connection.exchange("GET", "/", &[], &[])?;
    let page = String::from_utf8(page.body).context("reading the console's first page")?;
    let mut largest = (page.len(), "/".to_owned());
    for path in page.split('"').filter(|part| part.contains("assets/")) {
        let path = format!("/{}", path.trim_start_matches('.').trim_start_matches('/'));
        let bytes = connection.exchange("GET", &path, &[], &[])?.body.len();
        largest = largest.max((bytes, path));
    }
    Ok(largest.1)
}
