//! Simulated nights: whatever goes wrong, nothing is lost, doubled, changed, or reported as sent too early.

use anyhow::{Context as _, Result, bail, ensure};
use device::sabotage::Bug;
use saksi_tests::simulator::{night, nights, replay};

/// Number of nights in an ordinary run.
const NIGHTS: u64 = 200;
/// Maximum number of nights in which a deliberate bug must be caught.
const BUG_NIGHTS: u64 = 500;
/// Number of nights with `SAKSI_SOAK=1`.
const SOAK_NIGHTS: u64 = 20_000;

fn soak() -> bool {
    std::env::var_os("SAKSI_SOAK").is_some_and(|value| value == "1")
}

#[test]
fn after_every_night_everything_has_arrived_once_and_has_its_receipt() -> Result<()> {
    let count = if soak() { SOAK_NIGHTS } else { NIGHTS };
    match nights(0..count, None)? {
        Some((seed, error)) => bail!("the night of seed {seed} failed: {error}\n{}", replay(seed)),
        None => Ok(()),
    }
}

/// Runs the night of `SAKSI_SEED`; does nothing without it.
#[tokio::test]
async fn one_night() -> Result<()> {
    let Some(seed) = std::env::var("SAKSI_SEED").ok() else { return Ok(()) };
    night(seed.parse()?, None).await?;
    Ok(())
}

#[tokio::test]
async fn the_same_seed_gives_the_same_night_byte_for_byte_and_another_seed_another_night() -> Result<()> {
    let mut disturbed = 0;
    let mut kills = 0;
    for seed in 0..6 {
        let first = night(seed, None).await?;
        assert_eq!(first, night(seed, None).await?, "seed {seed}");
        assert_ne!(first.trace, night(seed + 100, None).await?.trace);
        disturbed += first.disturbed;
        kills += first.kills;
    }
    ensure!(disturbed > 20 && kills > 10, "too little went wrong: {disturbed} exchanges, {kills} kills");
    Ok(())
}

#[test]
fn the_simulator_catches_each_deliberate_bug() -> Result<()> {
    for bug in Bug::ALL {
        let (seed, error) =
            nights(0..BUG_NIGHTS, Some(bug))?.with_context(|| format!("{bug:?} was not caught"))?;
        println!("{bug:?}: caught by seed {seed}: {error}");
    }
    Ok(())
}
