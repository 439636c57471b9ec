//! A real device and the real endpoint over a bad network. `cargo xtask test --netem` runs these tests. Where
//! the kernel allows it, they run in a network namespace with a bad loopback (`tc netem`); elsewhere, over a
//! link in this process.

#![expect(clippy::print_stderr, reason = "the test prints its times")]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use device::sync::run;
use device::view::PageView;
use device::{LifeState, TallyKey};
use saksi_tests::data::demo_election;
use saksi_tests::eventually::{POLL_INTERVAL, eventually_async};
use saksi_tests::fleet::plausible;
use saksi_tests::in_process::{InProcessEndpoint, Witness};
use saksi_tests::network_link::NetworkLink;
use saksi_tests::rng::TestRng;
use saksi_tests::sheet::sheet_photo;
use tally::{ContestId, StationId};

/// Whether the kernel makes the loopback bad.
fn by_kernel() -> bool {
    std::env::var_os("SAKSI_NETEM").is_some()
}

/// Interval at which the link goes off and on.
const OFF_ON_INTERVAL: Duration = Duration::from_secs(20);
/// Watchdog of one test. The slowest of them takes about three minutes.
const NETWORK_WATCHDOG: Duration = Duration::from_secs(20 * 60);

/// The network of one test.
struct Network {
    bytes_per_second: u64,
    half_round_trip: Duration,
    lost_percent: u32,
    goes_off: bool,
}

/// Seals a tally with a photo. Then the device syncs until the tally has its receipt and the photo has
/// arrived.
async fn arrives_over(network: Network) -> Result<()> {
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let (station, contest): (StationId, ContestId) = ("52.71.05.1001-001".parse()?, "ppwp".parse()?);
    let link = match by_kernel() {
        true => None,
        false => {
            let Network { bytes_per_second, half_round_trip, lost_percent, .. } = network;
            Some(NetworkLink::losing(&endpoint.url, bytes_per_second, half_round_trip, lost_percent).await?)
        }
    };
    let invitation = endpoint.invite(&station)?;
    let invitation = match &link {
        Some(link) => invitation.replace(&endpoint.url, &link.url),
        None => invitation,
    };
    let witness = Arc::new(Witness::new()?);
    // Over such a network, a witness tries to join more than once.
    eventually_async("joining", async || Ok(witness.device.join(&invitation, &witness.transport).await.ok()))
        .await?;
    let tally_key = TallyKey::first(&station, &contest);
    let paper = witness.device.paper(&tally_key)?;
    for (field, figure) in plausible(&paper, &mut TestRng::new(3)).0 {
        witness.device.set_figure(&tally_key, &field, Some(figure))?;
    }
    witness.device.attach_photo(&tally_key, 2, &sheet_photo(2, &[], 5)?)?;
    let view = witness.device.tally(&tally_key)?;
    for found in &view.findings {
        witness.device.acknowledge(&tally_key, &found.finding.key, true)?;
    }
    for reading in &view.readings {
        witness.device.acknowledge(&tally_key, &reading.key, true)?;
    }
    witness.device.seal(&tally_key)?;

    let started = Instant::now();
    let syncing = Arc::clone(&witness);
    let running = tokio::spawn(async move { run(&syncing.device, &syncing.transport, || ()).await });
    let (mut receipted_after, mut is_on) = (None, true);
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let should_be_on = (started.elapsed().as_secs() / OFF_ON_INTERVAL.as_secs()).is_multiple_of(2);
        if network.goes_off && is_on != should_be_on {
            is_on = should_be_on;
            switch(link.as_deref(), is_on)?;
        }
        let tally = witness.device.tally(&tally_key)?;
        if tally.life.state == LifeState::Receipted {
            receipted_after.get_or_insert(started.elapsed());
        }
        let arrived = |page: &PageView| page.photo.as_ref().is_some_and(|photo| photo.arrived);
        if receipted_after.is_some() && tally.pages.iter().any(arrived) {
            break;
        }
        ensure!(
            started.elapsed() < NETWORK_WATCHDOG,
            "not there after {NETWORK_WATCHDOG:?}: {:?}",
            tally.life
        );
    }
    running.abort();
    let receipted_after = receipted_after.context("a receipt")?.as_secs_f64();
    let arrived_after = started.elapsed().as_secs_f64();
    eprintln!("receipt after {receipted_after:.1} s, photo after {arrived_after:.1} s");
    Ok(())
}

/// Switches the link off or on.
fn switch(link: Option<&NetworkLink>, on: bool) -> Result<()> {
    if let Some(link) = link {
        link.up.store(on, Ordering::SeqCst);
        return Ok(());
    }
    let loss = if on { "0%" } else { "100%" };
    let changed =
        Command::new("tc").args(["qdisc", "change", "dev", "lo", "root", "netem", "loss", loss]).status()?;
    ensure!(changed.success(), "tc cannot change the link");
    Ok(())
}

#[ignore = "takes a minute of bad network; cargo xtask test --netem"]
#[tokio::test(flavor = "multi_thread")]
async fn a_tally_and_a_photo_arrive_over_2g_with_5_percent_packet_loss() -> Result<()> {
    let half_round_trip = Duration::from_millis(300);
    arrives_over(Network { bytes_per_second: 5_000, half_round_trip, lost_percent: 5, goes_off: false }).await
}

#[ignore = "takes a minute of bad network; cargo xtask test --netem"]
#[tokio::test(flavor = "multi_thread")]
async fn a_tally_and_a_photo_arrive_with_30_percent_packet_loss() -> Result<()> {
    let half_round_trip = Duration::from_millis(50);
    arrives_over(Network { bytes_per_second: 0, half_round_trip, lost_percent: 30, goes_off: false }).await
}

#[ignore = "takes a minute of bad network; cargo xtask test --netem"]
#[tokio::test(flavor = "multi_thread")]
async fn a_tally_and_a_photo_arrive_over_a_link_that_goes_off_every_20_seconds() -> Result<()> {
    let half_round_trip = Duration::from_millis(50);
    arrives_over(Network { bytes_per_second: 2_500, half_round_trip, lost_percent: 0, goes_off: true }).await
}
