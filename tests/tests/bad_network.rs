//! A real device and the real endpoint over TCP and a bad line. `cargo xtask test --netem` runs them: inside a network
//! namespace whose loopback the kernel makes bad where it can (`tc netem`), otherwise over a line in this process.

#![expect(clippy::print_stderr, reason = "its figures are printed")]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use device::LifeState;
use device::sync::run;
use saksi_tests::data::demo_election;
use saksi_tests::fleet::{Chance, plausible};
use saksi_tests::inside::{InsideEndpoint, Witness};
use saksi_tests::line::Line;
use saksi_tests::sheet::sheet_photo;
use tally::{ContestId, StationId};

/// Set where the kernel makes the loopback bad.
fn by_kernel() -> bool {
    std::env::var_os("SAKSI_NETEM").is_some()
}

/// Whether the line goes off and on every so often.
const OFF_AND_ON: Duration = Duration::from_secs(20);

struct Weather {
    bytes_a_second: u64,
    half_round_trip: Duration,
    lost_percent: u32,
    goes_off: bool,
    /// A tally must be proved, and a photo whole, after so long.
    patience: Duration,
}

/// Seals a tally with a photo and lets the device send by itself until both are proved and whole.
async fn arrives_in(weather: Weather) -> Result<()> {
    let endpoint = InsideEndpoint::start(tally::load::read(&demo_election())?).await?;
    let (station, contest): (StationId, ContestId) = ("52.71.05.1001-001".parse()?, "ppwp".parse()?);
    let line = match by_kernel() {
        true => None,
        false => {
            let Weather { bytes_a_second, half_round_trip, lost_percent, .. } = weather;
            Some(Line::losing(&endpoint.url, bytes_a_second, half_round_trip, lost_percent).await?)
        }
    };
    let invitation = endpoint.invite(&station)?;
    let invitation = match &line {
        Some(line) => invitation.replace(&endpoint.url, &line.url),
        None => invitation,
    };
    let witness = Arc::new(Witness::new()?);
    // A witness who joins over such a line tries until it works.
    let mut tries = 0;
    while let Err(error) = witness.device.join(&invitation, &witness.transport).await {
        tries += 1;
        ensure!(tries < 30, "joining: {error}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let paper = witness.device.paper(&station, &contest)?;
    for (field, figure) in plausible(&paper, &mut Chance::new(3)).0 {
        witness.device.set_figure(&station, &contest, &field, Some(figure))?;
    }
    witness.device.attach_photo(&station, &contest, 2, &sheet_photo(2, &[], 5)?)?;
    let view = witness.device.tally(&station, &contest)?;
    for found in &view.findings {
        witness.device.acknowledge(&station, &contest, &found.finding.key, true)?;
    }
    for reading in &view.readings {
        witness.device.acknowledge(&station, &contest, &reading.key, true)?;
    }
    witness.device.seal(&station, &contest)?;

    let begun = Instant::now();
    let sending = Arc::clone(&witness);
    let running = tokio::spawn(async move { run(&sending.device, &sending.transport, || ()).await });
    let (mut proved, mut is_on) = (None, true);
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let should_be_on = (begun.elapsed().as_secs() / OFF_AND_ON.as_secs()).is_multiple_of(2);
        if weather.goes_off && is_on != should_be_on {
            is_on = should_be_on;
            switch(line.as_deref(), is_on)?;
        }
        let tally = witness.device.tally(&station, &contest)?;
        if tally.life.state == LifeState::Receipted {
            proved.get_or_insert(begun.elapsed());
        }
        if proved.is_some() && tally.pages.iter().any(|page| page.photo.as_ref().is_some_and(|it| it.arrived))
        {
            break;
        }
        ensure!(
            begun.elapsed() < weather.patience,
            "not there after {:?}: {:?}",
            weather.patience,
            tally.life
        );
    }
    running.abort();
    let proved = proved.context("it was proved")?.as_secs_f64();
    eprintln!("proved after {proved:.1} s, the photo whole after {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Takes the line away, or gives it back.
fn switch(line: Option<&Line>, on: bool) -> Result<()> {
    if let Some(line) = line {
        line.up.store(on, Ordering::SeqCst);
        return Ok(());
    }
    let loss = if on { "0%" } else { "100%" };
    let changed =
        Command::new("tc").args(["qdisc", "change", "dev", "lo", "root", "netem", "loss", loss]).status()?;
    ensure!(changed.success(), "tc could not change the line");
    Ok(())
}

const MINUTE: Duration = Duration::from_secs(60);

#[ignore = "takes a minute of bad weather; cargo xtask test --netem"]
#[tokio::test(flavor = "multi_thread")]
async fn two_g_with_five_percent_lost() -> Result<()> {
    let half_round_trip = Duration::from_millis(300);
    let patience = 5 * MINUTE;
    arrives_in(Weather { bytes_a_second: 5_000, half_round_trip, lost_percent: 5, goes_off: false, patience })
        .await
}

#[ignore = "takes a minute of bad weather; cargo xtask test --netem"]
#[tokio::test(flavor = "multi_thread")]
async fn thirty_percent_lost() -> Result<()> {
    let half_round_trip = Duration::from_millis(50);
    let patience = 15 * MINUTE;
    arrives_in(Weather { bytes_a_second: 0, half_round_trip, lost_percent: 30, goes_off: false, patience })
        .await
}

#[ignore = "takes a minute of bad weather; cargo xtask test --netem"]
#[tokio::test(flavor = "multi_thread")]
async fn off_and_on_every_twenty_seconds() -> Result<()> {
    let half_round_trip = Duration::from_millis(50);
    let patience = 10 * MINUTE;
    arrives_in(Weather { bytes_a_second: 2_500, half_round_trip, lost_percent: 0, goes_off: true, patience })
        .await
}
