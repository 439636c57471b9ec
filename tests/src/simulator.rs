//! Election night in one process and no time at all: real devices (store, core, driver, SQLite) against the real endpoint's
//! router, under a schedule that a seed decides. The same seed gives the same night, to the last byte.
//!
//! What goes wrong: requests lost on their way, answers lost on theirs, requests that arrive twice, or late and out of
//! order, uploads that break off, a busy endpoint, a login page in its place, an endpoint that refuses for a reason of its
//! own, an endpoint that is killed and comes back, a device that is killed at any moment at which it asks for the time or
//! for chance (before and after every commit, between an answer and its acknowledgement), disks that are full for a while, and clocks that jump
//! by minutes and by years. A coordinator decides meanwhile, and asks for originals. Then the network heals, and everything must come right by itself.

mod hub;
mod invariants;
mod photos;
mod witness;

pub use self::hub::Fate;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, bail};
use device::sabotage::Bug;
use sha2::{Digest as _, Sha256};

use self::hub::Hub;
use self::witness::Witness;
use crate::fleet::Chance;

/// When every night begins.
const BEGIN_MS: i64 = 1_796_792_400_000;
/// Rounds of a quarter of an hour after the network healed: more than the six hours after which a refused record is
/// offered again.
const HEALING_ROUNDS: u32 = 48;
const ROUND_MS: i64 = 15 * 60_000;

/// Virtual time, for everybody.
#[derive(Debug, Clone)]
pub(crate) struct Time(Arc<AtomicI64>);

impl Time {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn pass_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

/// What happened in a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// Everything that went over the wire, in one hash.
    pub trace: [u8; 32],
    /// Exchanges that were begun.
    pub exchanges: u32,
    /// Those of them to which something happened.
    pub troubled: u32,
    /// Devices and endpoints that were killed.
    pub kills: u32,
    /// Statements that were sealed.
    pub sealed: usize,
}

/// Lets a night pass. An error is a broken promise, and names it.
///
/// # Errors
/// When an invariant does not hold, or something fails that must not.
pub async fn night(seed: u64, bug: Option<Bug>) -> Result<Night> {
    device::sabotage::put_in(bug);
    let result = pass_night(seed).await;
    device::sabotage::put_in(None);
    result
}

async fn pass_night(seed: u64) -> Result<Night> {
    let mut chance = Chance::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5a5a);
    let time = Time(Arc::new(AtomicI64::new(BEGIN_MS)));
    let hub = Hub::open(seed, time.clone())?;
    let mut witnesses = Vec::new();
    for number in 0..1 + chance.below(3) {
        witnesses.push(Witness::join(&hub, number, seed, &time).await?);
    }

    for _ in 0..25 + chance.below(35) {
        let who = usize::try_from(chance.below(u32::try_from(witnesses.len())?))?;
        let witness = &mut witnesses[who];
        match chance.below(12) {
            0..=4 => {
                witness.may_be_killed(&mut chance);
                witness.sync(&hub).await?;
            }
            5..=7 => {
                witness.may_be_killed(&mut chance);
                witness.act(&mut chance)?;
            }
            8 => time.pass_ms(i64::from(1_000 + chance.below(20 * 60_000))),
            9 => match chance.below(2) {
                0 => hub.sequence()?,
                _ => hub.coordinate(&mut chance, &witness.station)?,
            },
            10 => match chance.below(4) {
                0 => witness.fill_disk(true)?,
                1 => witness.fill_disk(false)?,
                _ => witness.jump(&mut chance),
            },
            _ => match chance.below(3) {
                0 => hub.crash()?,
                _ => hub.deliver_late().await?,
            },
        }
    }

    hub.heal().await?;
    for witness in &mut witnesses {
        witness.fill_disk(false)?;
    }
    for round in 0..HEALING_ROUNDS {
        let mut quiet = true;
        for witness in &mut witnesses {
            witness.sync(&hub).await?;
            quiet &= witness.is_quiet()?;
        }
        hub.sequence()?;
        // By then every inbox was read once more.
        if quiet && round > 2 {
            break;
        }
        time.pass_ms(ROUND_MS);
    }
    let mut sealed = 0;
    for witness in &witnesses {
        sealed += invariants::hold(&hub, witness)?;
    }
    invariants::log_is_whole(&hub, sealed)?;
    let told = hub.told();
    Ok(Night {
        trace: Sha256::digest(&told.trace).into(),
        exchanges: told.exchanges,
        troubled: told.troubled,
        kills: told.kills + witnesses.iter().map(|witness| witness.kills).sum::<u32>(),
        sealed,
    })
}

/// How to see a night again that went wrong.
pub fn replay(seed: u64) -> String {
    format!("replay it with SAKSI_SEED={seed} cargo nextest run -p saksi-tests --test simulation one_night")
}

/// Lets `nights` pass on as many threads as the machine has cores, and gives the first seed whose night went wrong.
///
/// # Errors
/// When a runtime cannot be made.
pub fn nights(seeds: std::ops::Range<u64>, bug: Option<Bug>) -> Result<Option<(u64, String)>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = std::sync::atomic::AtomicU64::new(seeds.start);
    let wrong = std::sync::Mutex::new(None::<(u64, String)>);
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for _ in 0..threads {
            running.push(scope.spawn(|| -> Result<()> {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let found = wrong.lock().is_ok_and(|wrong| wrong.is_some());
                    if seed >= seeds.end || found {
                        return Ok(());
                    }
                    if let Err(error) = runtime.block_on(night(seed, bug))
                        && let Ok(mut wrong) = wrong.lock()
                        && wrong.as_ref().is_none_or(|(so_far, _)| seed < *so_far)
                    {
                        *wrong = Some((seed, format!("{error:#}")));
                    }
                }
            }));
        }
        for thread in running {
            match thread.join() {
                Ok(result) => result?,
                Err(_) => bail!("a thread of the simulation panicked"),
            }
        }
        Ok(())
    })?;
    Ok(wrong.into_inner().unwrap_or_default())
}
