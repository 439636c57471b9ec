//! How fast a hall answers the phones of a class that all speak, on the real program.
//! `cargo run --release -p saksi-tests --example bench_hall`, under `taskset -c 0` for one core.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::time::Duration;

use anyhow::{Context as _, Result};
use practice::{Level, Scenario};
use protocol::DrillStage;
use saksi_tests::Endpoint;
use saksi_tests::data::demo_election;
use saksi_tests::drill_phone::DrillPhone;
use tally::ContestKind;

const PHONES: u8 = 30;
/// How often each phone speaks. Every second time it says something new, which is stored.
const ROUNDS: usize = 60;
/// Between two words of a phone: a sixth of what the app waits.
const PAUSE: Duration = Duration::from_millis(500);

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("scenario.json");
    std::fs::write(&file, Scenario::of_kinds(Level::FirstSteps, 1, &[ContestKind::Ppwp]).to_json())?;
    let mut hall = Endpoint::of_drill(&demo_election(), &file)?;
    hall.start()?;
    let url = hall.url()?;
    let phones: Vec<DrillPhone> =
        (0..PHONES).map(|number| DrillPhone::join(&url, number)).collect::<Result<_>>()?;
    let mut times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let speaking: Vec<_> = phones.iter().map(|phone| scope.spawn(|| speak(phone, &url))).collect();
        let mut times = Vec::new();
        for one in speaking {
            times.extend(one.join().ok().context("a phone failed")??);
        }
        Ok(times)
    })?;
    times.sort_unstable();
    let at = |permille: usize| times.get(times.len() * permille / 1_000).copied().unwrap_or_default();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "a class of {PHONES} phones, {} answers: median {:.1} ms, p99 {:.1} ms (goal 50)",
        times.len(),
        ms(at(500)),
        ms(at(990))
    );
    Ok(())
}

fn speak(phone: &DrillPhone, url: &str) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let stage = if round % 4 < 2 { DrillStage::Entering } else { DrillStage::Photographing };
        times.push(phone.say(url, stage, 1)?.1);
        std::thread::sleep(PAUSE);
    }
    Ok(times)
}
