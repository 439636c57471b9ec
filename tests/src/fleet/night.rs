//! A night of any number of light witnesses: they arrive as phones did in 2024, try again when they are not heard, and some
//! of them misbehave.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use evidence::{Body, PhotoBody, PhotoHash, Sealed};
use protocol::{CBOR, EnrolRequest, EnrolResponse, Outcome, PHOTO_PIECE, PushRequest, PushResponse, path};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

use super::crowd::{Light, Reply, Wire, tally_of};
use super::figures::{Chance, plausible};
use super::progress::{Counts, Progress};
use crate::data::drawn_photo;

/// Of a hundred witnesses, how many send in each hour, from one in the afternoon on: half between 19:00 and 01:00, the
/// busiest hour eleven.
const HOURS: [u32; 24] = [1, 2, 3, 4, 5, 7, 9, 11, 10, 8, 7, 5, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3];
const FIRST_HOUR_MS: i64 = 1_796_796_000_000;
const PIECE: usize = 64 * 1024;
/// How long somebody who is not heard goes on trying.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a night is made of.
#[derive(Debug, Clone)]
pub struct Night {
    /// One invitation's link for each witness.
    pub links: Vec<String>,
    /// How many times faster than real the night passes.
    pub speed: f64,
    /// Connections that are open at once.
    pub connections: usize,
    /// Of a hundred witnesses, how many send a forged statement beside their own.
    pub forged_percent: u32,
    /// Of a hundred, how many send everything twice.
    pub replayed_percent: u32,
    /// The same seed gives the same night.
    pub seed: u64,
}

/// What came of a night.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct NightTold {
    /// Statements that were accepted, each counted once.
    pub accepted: u64,
    /// Forged ones, all refused.
    pub forged: u64,
    /// Statements that were sent again, and answered as before.
    pub replayed: u64,
    /// Times that somebody was told to wait, or not heard.
    pub waited: u64,
}

/// Lets the night pass.
///
/// # Errors
/// When somebody is not heard for too long, an honest statement is refused, or a forged one is accepted.
pub fn night_of(night: &Night) -> Result<NightTold> {
    let mut chance = Chance::new(night.seed);
    let mut order: Vec<(f64, usize)> =
        (0..night.links.len()).map(|place| (arrival(&mut chance), place)).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let witnesses = night.links.len() as u64;
    let progress = Progress::new(Counts { witnesses, tallies: witnesses, photos: witnesses });
    let (queue, waited) = (Mutex::new(order.into_iter()), AtomicU64::new(0));
    let begun = Instant::now();
    let told = std::thread::scope(|scope| -> Result<NightTold> {
        let running: Vec<_> = (0..night.connections)
            .map(|_| {
                let (queue, waited, progress) = (&queue, &waited, &progress);
                scope.spawn(move || -> Result<NightTold> {
                    let mut sum = NightTold::default();
                    loop {
                        let next = queue.lock().map_err(|_| anyhow::anyhow!("a witness panicked"))?.next();
                        let Some((hour, place)) = next else { return Ok(sum) };
                        let due = Duration::from_secs_f64(hour * 3_600.0 / night.speed);
                        std::thread::sleep(due.saturating_sub(begun.elapsed()));
                        let one = witness(night, place, waited, progress)?;
                        sum.accepted += one.accepted;
                        sum.forged += one.forged;
                        sum.replayed += one.replayed;
                    }
                })
            })
            .collect();
        let mut all = NightTold::default();
        for thread in running {
            let one = thread.join().map_err(|_| anyhow::anyhow!("a witness panicked"))??;
            all.accepted += one.accepted;
            all.forged += one.forged;
            all.replayed += one.replayed;
        }
        Ok(all)
    })?;
    Ok(NightTold { waited: waited.load(Ordering::SeqCst), ..told })
}

/// When a witness sends, in hours after one in the afternoon.
fn arrival(chance: &mut Chance) -> f64 {
    let mut left = chance.below(HOURS.iter().sum());
    let within = f64::from(chance.below(3_600)) / 3_600.0;
    for (hour, &weight) in (0_u32..).zip(&HOURS) {
        if left < weight {
            return f64::from(hour) + within;
        }
        left -= weight;
    }
    within
}

/// One witness: joins, sends a tally and a photo of it.
fn witness(night: &Night, place: usize, waited: &AtomicU64, progress: &Progress) -> Result<NightTold> {
    let mut chance = Chance::new(night.seed ^ (place as u64).wrapping_mul(0x9e37_79b9));
    let (url, code) = night.links[place].split_once("/#").context("an invitation's link")?;
    let mut line = Line { url, wire: None, waited };
    let number = night.seed.wrapping_add(place as u64);
    let first = Light::new(number, "11.01.01.1001-001".parse()?);
    let proof = first.key.sign_message(&protocol::enrol_proof_message(code));
    let request = EnrolRequest {
        invitation: code.to_owned(),
        public_key: first.key.public().to_hex(),
        proof: proof.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let json = serde_json::to_vec(&request)?;
    let joined = line.until_heard("POST", path::ENROL, &[("content-type", "application/json")], &json)?;
    ensure!(joined.status == 200, "joining was refused: {}", String::from_utf8_lossy(&joined.body));
    let joined: EnrolResponse = serde_json::from_slice(&joined.body)?;
    progress.joined();
    let assignment = joined.assignments.first().context("an assignment")?;
    let election = joined.election;
    let paper = election.paper(assignment.contests.first().context("a contest")?).context("a paper")?;
    let mut light = Light::new(number, assignment.station.clone());
    let now_s = FIRST_HOUR_MS / 1_000;
    let id = election.id.as_str();

    let tally = light.seal(id, now_s, tally_of(&paper, election.version, &plausible(&paper, &mut chance)))?;
    progress.sealed(1);
    let picture = drawn_photo(u8::try_from(place % 251)?)?;
    let hash = PhotoHash(Sha256::digest(&picture).into());
    let body = PhotoBody {
        tally: tally.id,
        page: 2,
        original: hash,
        original_bytes: picture.len() as u64,
        derivative: hash,
        derivative_bytes: picture.len() as u64,
        seen: None,
    };
    let photo = light.seal(id, now_s, Body::Photo(body))?;
    let mut told = NightTold::default();
    for round in 0..=u64::from(chance.comes(night.replayed_percent)) {
        let outcomes = line.push(&[&tally, &photo])?;
        let all = outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. }));
        ensure!(all, "an honest statement was refused: {outcomes:?}");
        if round == 0 { told.accepted += 2 } else { told.replayed += 2 }
    }
    progress.tallies_arrived(1);
    if chance.comes(night.forged_percent) {
        let mut forged =
            light.seal(id, now_s, tally_of(&paper, election.version, &plausible(&paper, &mut chance)))?;
        if let Some(last) = forged.bytes.last_mut() {
            *last ^= 1;
        }
        let outcomes = line.push(&[&forged])?;
        let refused = outcomes.iter().all(|outcome| matches!(outcome, Outcome::Refused { .. }));
        ensure!(refused, "a forged statement was accepted");
        told.forged += 1;
    }
    line.send_photo(hash, &picture)?;
    progress.photos_arrived(1);
    Ok(told)
}

/// A connection that is made anew as often as it breaks.
struct Line<'a> {
    url: &'a str,
    wire: Option<Wire>,
    waited: &'a AtomicU64,
}

impl Line<'_> {
    fn until_heard(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply> {
        let until = Instant::now() + PATIENCE;
        loop {
            let heard = match self.wire.take() {
                Some(wire) => Ok(wire),
                None => Wire::open(self.url),
            }
            .and_then(|mut wire| Ok((wire.exchange(method, path, headers, body)?, wire)));
            match heard {
                Ok((reply, wire)) if !matches!(reply.status, 429 | 503) => {
                    self.wire = Some(wire);
                    return Ok(reply);
                }
                _ => _ = self.waited.fetch_add(1, Ordering::SeqCst),
            }
            ensure!(Instant::now() < until, "{method} {path} is not heard");
            // The night passes faster than real, and so does what somebody is told to wait.
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn push(&mut self, statements: &[&Sealed]) -> Result<Vec<Outcome>> {
        let statements = statements.iter().map(|sealed| ByteBuf::from(sealed.bytes.clone())).collect();
        let body = protocol::to_cbor(&PushRequest { statements })?;
        let reply = self.until_heard("POST", path::STATEMENTS, &[("content-type", CBOR)], &body)?;
        ensure!(reply.status == 200, "a push was refused: {}", String::from_utf8_lossy(&reply.body));
        let answer: PushResponse = protocol::from_cbor(&reply.body)?;
        Ok(answer.outcomes)
    }

    /// Two witnesses may have the same picture: then the second finds it there.
    fn send_photo(&mut self, hash: PhotoHash, bytes: &[u8]) -> Result<()> {
        let path = format!("{}/{hash}", path::PHOTOS);
        let mut held = self.held(&path)?;
        while held < bytes.len() {
            let piece = bytes.get(held..(held + PIECE).min(bytes.len())).unwrap_or_default();
            let offset = held.to_string();
            let headers = [("content-type", PHOTO_PIECE), (protocol::UPLOAD_OFFSET, offset.as_str())];
            self.until_heard("PATCH", &path, &headers, piece)?;
            held = self.held(&path)?;
        }
        Ok(())
    }

    fn held(&mut self, path: &str) -> Result<usize> {
        let reply = self.until_heard("HEAD", path, &[], &[])?;
        ensure!(reply.status == 200, "the photo is not expected: {}", reply.status);
        reply.upload_offset.context("an offset")
    }
}
