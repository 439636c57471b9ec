//! A night of any number of simulated witnesses. They arrive as phones did in 2024, try again when nobody
//! answers, and some of them misbehave.

use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use evidence::{Body, DeviceKey, PhotoBody, PhotoHash, Sealed};
use protocol::Outcome;
use sha2::{Digest as _, Sha256};
use tally::{Election, Paper};

use super::client::{ReconnectingClient, invitation_of};
use super::figures::plausible;
use super::progress::{Counts, Progress};
use super::sim_witness::{SimWitness, tally_of};
use crate::data::drawn_photo;
use crate::rng::TestRng;

/// Of a hundred witnesses, how many send in each hour, from 13:00 on: half of them between 19:00 and 01:00,
/// 11 in the busiest hour.
const ARRIVALS_BY_HOUR: [u32; 24] =
    [1, 2, 3, 4, 5, 7, 9, 11, 10, 8, 7, 5, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3];
const FIRST_HOUR_S: i64 = 1_796_796_000;

/// The parameters of a night.
#[derive(Debug, Clone)]
pub struct Night {
    /// Links of invitations, one for each witness.
    pub links: Vec<String>,
    /// How many times faster than real time the night passes.
    pub speed: f64,
    /// Maximum number of open connections.
    pub connections: usize,
    /// Of a hundred witnesses, how many also send a forged statement.
    pub forged_percent: u32,
    /// Of a hundred witnesses, how many send everything twice.
    pub replayed_percent: u32,
    /// The same seed gives the same night.
    pub seed: u64,
}

/// The result of a night.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct NightReport {
    /// Accepted statements, each counted once.
    pub accepted: u64,
    /// Forged statements; all were refused.
    pub forged: u64,
    /// Statements that were sent again and answered in the same way.
    pub replayed: u64,
    /// Requests that were throttled or got no answer, and were tried again.
    pub retries: u64,
}

impl NightReport {
    fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.forged += other.forged;
        self.replayed += other.replayed;
        self.retries += other.retries;
    }
}

/// Runs a night.
///
/// # Errors
/// When a witness gets no answer for too long, an honest statement is refused, or a forged one is accepted.
pub fn run_night(night: &Night) -> Result<NightReport> {
    let mut rng = TestRng::new(night.seed);
    let mut arrivals: Vec<(f64, usize)> =
        (0..night.links.len()).map(|index| (arrival_hour(&mut rng), index)).collect();
    arrivals.sort_by(|one, other| one.0.total_cmp(&other.0));
    let witnesses = night.links.len() as u64;
    let progress = Progress::new(Counts { witnesses, tallies: witnesses, photos: witnesses });
    let queue = Mutex::new(arrivals.into_iter());
    let started = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..night.connections)
            .map(|_| {
                let (queue, progress) = (&queue, &progress);
                scope.spawn(move || -> Result<NightReport> {
                    let mut report = NightReport::default();
                    loop {
                        let next = queue.lock().map_err(|_| anyhow!("a witness panicked"))?.next();
                        let Some((hour, index)) = next else { return Ok(report) };
                        let due = Duration::from_secs_f64(hour * 3_600.0 / night.speed);
                        std::thread::sleep(due.saturating_sub(started.elapsed()));
                        report.add(NightWitness::new(night, index, progress)?.run()?);
                    }
                })
            })
            .collect();
        let mut report = NightReport::default();
        for thread in threads {
            report.add(thread.join().map_err(|_| anyhow!("a witness panicked"))??);
        }
        Ok(report)
    })
}

/// When a witness sends, in hours after 13:00.
fn arrival_hour(rng: &mut TestRng) -> f64 {
    let mut left = rng.below(ARRIVALS_BY_HOUR.iter().sum());
    let within = f64::from(rng.below(3_600)) / 3_600.0;
    for (hour, &weight) in (0_u32..).zip(&ARRIVALS_BY_HOUR) {
        if left < weight {
            return f64::from(hour) + within;
        }
        left -= weight;
    }
    within
}

/// One witness: joins, then sends a tally and a photo of it.
struct NightWitness<'a> {
    night: &'a Night,
    index: usize,
    code: String,
    client: ReconnectingClient<'a>,
    rng: TestRng,
    progress: &'a Progress,
}

impl<'a> NightWitness<'a> {
    fn new(night: &'a Night, index: usize, progress: &'a Progress) -> Result<Self> {
        let (url, code) = invitation_of(&night.links[index])?;
        let client = ReconnectingClient::new(url, Ipv4Addr::LOCALHOST);
        let rng = TestRng::new(night.seed ^ (index as u64).wrapping_mul(0x9e37_79b9));
        Ok(Self { night, index, code, client, rng, progress })
    }

    fn run(mut self) -> Result<NightReport> {
        let number = self.night.seed.wrapping_add(self.index as u64);
        let joined = self.client.join(number, &self.code)?;
        self.progress.joined();
        let assignment = joined.assignments.first().context("an assignment")?;
        let election = joined.election;
        let paper = election.paper(assignment.contests.first().context("a contest")?).context("a paper")?;
        let mut witness = SimWitness::new(number, assignment.station.clone());
        let mut report = NightReport::default();

        let tally = self.seal_tally(&mut witness, &election, &paper)?;
        self.progress.sealed(1);
        let picture = drawn_photo(u8::try_from(self.index % 251)?)?;
        let hash = PhotoHash(Sha256::digest(&picture).into());
        let body = Body::Photo(photo_of(&tally, hash, picture.len() as u64));
        let photo = witness.seal(election.id.as_str(), FIRST_HOUR_S, body)?;
        self.push_honest(&witness.key, &[&tally, &photo], &mut report)?;
        self.progress.tallies_arrived(1);
        if self.rng.happens(self.night.forged_percent) {
            let forged = self.seal_tally(&mut witness, &election, &paper)?;
            self.push_forged(&witness.key, forged, &mut report)?;
        }
        self.client.send_photo(&witness.key, hash, &picture)?;
        self.progress.photos_arrived(1);
        report.retries = self.client.retries;
        Ok(report)
    }

    fn seal_tally(&mut self, witness: &mut SimWitness, election: &Election, paper: &Paper) -> Result<Sealed> {
        let body = tally_of(paper, election.version, &plausible(paper, &mut self.rng));
        witness.seal(election.id.as_str(), FIRST_HOUR_S, body)
    }

    /// Some witnesses send everything twice.
    fn push_honest(
        &mut self,
        key: &DeviceKey,
        statements: &[&Sealed],
        report: &mut NightReport,
    ) -> Result<()> {
        let pushes = 1 + u64::from(self.rng.happens(self.night.replayed_percent));
        for push in 0..pushes {
            let outcomes = self.client.push(key, statements)?;
            let all = outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. }));
            ensure!(all, "an honest statement was refused: {outcomes:?}");
            let count = statements.len() as u64;
            if push == 0 { report.accepted += count } else { report.replayed += count }
        }
        Ok(())
    }

    /// The last byte belongs to the signature.
    fn push_forged(
        &mut self,
        key: &DeviceKey,
        mut statement: Sealed,
        report: &mut NightReport,
    ) -> Result<()> {
        if let Some(last) = statement.bytes.last_mut() {
            *last ^= 1;
        }
        let outcomes = self.client.push(key, &[&statement])?;
        let refused = outcomes.iter().all(|outcome| matches!(outcome, Outcome::Refused { .. }));
        ensure!(refused, "a forged statement was accepted");
        report.forged += 1;
        Ok(())
    }
}

fn photo_of(tally: &Sealed, hash: PhotoHash, bytes: u64) -> PhotoBody {
    PhotoBody {
        tally: tally.id,
        page: 2,
        original: hash,
        original_bytes: bytes,
        derivative: hash,
        derivative_bytes: bytes,
        seen: None,
    }
}
