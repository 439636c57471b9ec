//! Election night in one process and in virtual time: real devices (store, sync core, driver, SQLite) and the
//! real endpoint's router, under a schedule that a seed decides. The same seed gives the same night, byte for
//! byte.
//!
//! What goes wrong:
//! - Requests are lost, and so are responses. Requests arrive twice, or late and out of order. Uploads break
//!   off.
//! - The endpoint is busy, a captive portal answers in its place, or it refuses for a reason of its own.
//! - The endpoint is killed and starts again over its data.
//! - A device is killed whenever it reads the clock or the random number generator. That is before and after
//!   every commit, and between a response and its acknowledgement.
//! - Disks are full for a while. Clocks jump by minutes and by years.
//!
//! Meanwhile a coordinator gives verdicts and asks for originals. Then the network heals, and everything must
//! arrive without help.

mod invariants;
mod network;
mod photos;
mod witness;

pub use self::network::Fate;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, bail};
use device::sabotage::Bug;
use environment::Clock;
use sha2::{Digest as _, Sha256};

use self::network::SimNetwork;
use self::witness::Witness;
use crate::rng::TestRng;

/// When every night starts.
const START_MS: i64 = 1_796_792_400_000;
/// Maximum number of rounds after the network healed. They are 12 hours, twice the time after which a device
/// offers a refused statement again.
const HEALING_ROUNDS_MAX: u32 = 48;
const ROUND_MS: i64 = 15 * 60_000;

/// Virtual time, shared by all.
#[derive(Debug, Clone)]
pub(crate) struct VirtualTime(Arc<AtomicI64>);

impl VirtualTime {
    fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for VirtualTime {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The result of a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// A hash of all bytes that went over the network.
    pub trace: [u8; 32],
    /// Exchanges between device and endpoint.
    pub exchanges: u32,
    /// Those of them in which something went wrong.
    pub disturbed: u32,
    /// Kills of devices and of the endpoint.
    pub kills: u32,
    /// Sealed statements.
    pub sealed: usize,
}

/// Runs one night, with a deliberate bug if one is given. An error names the broken promise.
///
/// # Errors
/// When an invariant does not hold, or something fails that must not fail.
pub async fn night(seed: u64, bug: Option<Bug>) -> Result<Night> {
    device::sabotage::put_in(bug);
    let result = run_night(seed).await;
    device::sabotage::put_in(None);
    result
}

async fn run_night(seed: u64) -> Result<Night> {
    let mut rng = TestRng::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5a5a);
    let time = VirtualTime(Arc::new(AtomicI64::new(START_MS)));
    let network = SimNetwork::open(seed, time.clone())?;
    let mut witnesses = Vec::new();
    for number in 0..1 + rng.below(3) {
        witnesses.push(Witness::join(&network, number, seed, &time).await?);
    }

    for _ in 0..25 + rng.below(35) {
        let index = rng.index(witnesses.len());
        let witness = &mut witnesses[index];
        step(&network, witness, &mut rng, &time).await?;
    }
    heal(&network, &mut witnesses, &time).await?;

    let mut sealed = 0;
    for witness in &witnesses {
        sealed += invariants::hold(&network, witness)?;
    }
    invariants::log_is_complete(&network, sealed)?;
    let report = network.report();
    Ok(Night {
        trace: Sha256::digest(&report.trace).into(),
        exchanges: report.exchanges,
        disturbed: report.disturbed,
        kills: report.kills + witnesses.iter().map(|witness| witness.kills).sum::<u32>(),
        sealed,
    })
}

/// One thing happens.
async fn step(
    network: &SimNetwork,
    witness: &mut Witness,
    rng: &mut TestRng,
    time: &VirtualTime,
) -> Result<()> {
    match rng.below(12) {
        0..=4 => {
            witness.may_be_killed(rng);
            witness.sync(network).await
        }
        5..=7 => {
            witness.may_be_killed(rng);
            witness.act(rng)
        }
        8 => {
            time.advance_ms(i64::from(1_000 + rng.below(20 * 60_000)));
            Ok(())
        }
        9 => match rng.below(2) {
            0 => network.sequence(),
            _ => network.coordinate(rng, &witness.station),
        },
        10 => match rng.below(4) {
            0 => witness.fill_disk(true),
            1 => witness.fill_disk(false),
            _ => {
                witness.jump_clock(rng);
                Ok(())
            }
        },
        _ => match rng.below(3) {
            0 => network.crash(),
            _ => network.deliver_late().await,
        },
    }
}

/// The network heals and the disks have room. The devices sync until nothing waits.
async fn heal(network: &SimNetwork, witnesses: &mut [Witness], time: &VirtualTime) -> Result<()> {
    network.heal().await?;
    for witness in &mut *witnesses {
        witness.fill_disk(false)?;
    }
    for round in 0..HEALING_ROUNDS_MAX {
        let mut idle = true;
        for witness in &mut *witnesses {
            witness.sync(network).await?;
            idle &= witness.is_idle()?;
        }
        network.sequence()?;
        // After three rounds every device has read its inbox once more.
        if idle && round > 2 {
            break;
        }
        time.advance_ms(ROUND_MS);
    }
    Ok(())
}

/// The command that runs a failed night again.
pub fn replay(seed: u64) -> String {
    format!(
        "run it again with SAKSI_SEED={seed} cargo nextest run -p saksi-tests --test simulation one_night"
    )
}

/// Runs the nights of `seeds` on all cores, and gives the lowest failed seed with its error.
///
/// # Errors
/// When a runtime cannot be made.
pub fn nights(seeds: std::ops::Range<u64>, bug: Option<Bug>) -> Result<Option<(u64, String)>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = std::sync::atomic::AtomicU64::new(seeds.start);
    let failed = std::sync::Mutex::new(None::<(u64, String)>);
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for _ in 0..threads {
            running.push(scope.spawn(|| -> Result<()> {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let stop = failed.lock().is_ok_and(|failed| failed.is_some());
                    if seed >= seeds.end || stop {
                        return Ok(());
                    }
                    if let Err(error) = runtime.block_on(night(seed, bug))
                        && let Ok(mut failed) = failed.lock()
                        && failed.as_ref().is_none_or(|(so_far, _)| seed < *so_far)
                    {
                        *failed = Some((seed, format!("{error:#}")));
                    }
                }
            }));
        }
        for thread in running {
            match thread.join() {
                Ok(result) => result?,
                Err(_) => bail!("a thread of the simulator panicked"),
            }
        }
        Ok(())
    })?;
    Ok(failed.into_inner().unwrap_or_default())
}
