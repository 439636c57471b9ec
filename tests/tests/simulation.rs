//! Nights that a seed decides: whatever goes wrong, nothing is lost, doubled, changed, or claimed.

use anyhow::{Context as _, Result, bail, ensure};
use device::sabotage::Bug;
use saksi_tests::simulator::{night, nights, replay};

/// Nights in an ordinary run; `SAKSI_SOAK=1` lets 20,000 pass.
const NIGHTS: u64 = 500;
const SOAK: u64 = 20_000;

fn soak() -> bool {
    std::env::var_os("SAKSI_SOAK").is_some_and(|value| value == "1")
}

#[test]
fn after_every_night_everything_has_arrived_once_and_is_proved() -> Result<()> {
    let count = if soak() { SOAK } else { NIGHTS };
    match nights(0..count, None)? {
        Some((seed, wrong)) => bail!("the night of seed {seed} went wrong: {wrong}\n{}", replay(seed)),
        None => Ok(()),
    }
}

/// Does nothing without a seed.
#[tokio::test]
async fn one_night() -> Result<()> {
    let Some(seed) = std::env::var("SAKSI_SEED").ok() else { return Ok(()) };
    night(seed.parse()?, None).await?;
    Ok(())
}

#[tokio::test]
async fn the_same_seed_gives_the_same_night_to_the_last_byte_and_another_gives_another() -> Result<()> {
    let mut troubled = 0;
    let mut kills = 0;
    for seed in 0..6 {
        let first = night(seed, None).await?;
        assert_eq!(first, night(seed, None).await?, "seed {seed}");
        assert_ne!(first.trace, night(seed + 100, None).await?.trace);
        troubled += first.troubled;
        kills += first.kills;
    }
    ensure!(troubled > 20 && kills > 10, "nothing went wrong: {troubled} exchanges, {kills} kills");
    Ok(())
}

#[test]
fn each_bug_put_in_on_purpose_is_caught() -> Result<()> {
    for bug in Bug::ALL {
        let (seed, wrong) =
            nights(0..NIGHTS, Some(bug))?.with_context(|| format!("{bug:?} was not caught"))?;
        println!("{bug:?}: caught by seed {seed}: {wrong}");
    }
    Ok(())
}
