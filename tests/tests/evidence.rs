//! Independent verification: `saksi-verify` checks what a real device sealed and a real endpoint logged.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result};
use device::sync::send_due;
use device::{LifeState, TallyKey};
use saksi_tests::data::{demo_election, drawn_photo};
use saksi_tests::eventually::eventually_async;
use saksi_tests::fleet::plausible;
use saksi_tests::in_process::{InProcessEndpoint, Witness};
use saksi_tests::rng::TestRng;
use saksi_tests::{Endpoint, program};
use tally::{ContestId, StationId};

/// Checks a file with the log's public key only, which the endpoint publishes.
fn verify(file: &Path, log_key: &Path) -> Result<Output> {
    Ok(Command::new(program::own("saksi-verify")?).arg(file).arg("--log-key").arg(log_key).output()?)
}

async fn published_log_key(endpoint: &InProcessEndpoint, folder: &Path) -> Result<PathBuf> {
    let answer = reqwest::get(format!("{}{}", endpoint.url, protocol::path::LOG_KEYS)).await?;
    let keys: protocol::LogKeys = serde_json::from_slice(&answer.bytes().await?)?;
    let file = folder.join("log.pub");
    std::fs::write(&file, keys.current)?;
    Ok(file)
}

async fn witness_with_a_receipt(endpoint: &InProcessEndpoint) -> Result<Witness> {
    let (station, contest): (StationId, ContestId) = ("52.71.05.1001-001".parse()?, "ppwp".parse()?);
    let witness = endpoint.witness(&station).await?;
    let paper = witness.device.paper(&TallyKey::first(&station, &contest))?;
    for (field, figure) in plausible(&paper, &mut TestRng::new(11)).0 {
        witness.device.set_figure(&TallyKey::first(&station, &contest), &field, Some(figure))?;
    }
    witness.device.attach_photo(&TallyKey::first(&station, &contest), 2, &drawn_photo(2)?)?;
    witness.device.seal(&TallyKey::first(&station, &contest))?;
    send_due(&witness.device, &witness.transport).await?;
    endpoint.endpoint.sequence()?;
    witness.device.try_now()?;
    send_due(&witness.device, &witness.transport).await?;
    let state = witness.device.tally(&TallyKey::first(&station, &contest))?.life.state;
    anyhow::ensure!(state == LifeState::Receipted, "the tally is {state:?}");
    Ok(witness)
}

#[tokio::test]
async fn a_devices_bundle_verifies_and_a_changed_one_does_not() -> Result<()> {
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let witness = witness_with_a_receipt(&endpoint).await?;
    let bundle = witness.device.export_bundle()?;
    let file = witness.folder().join(&bundle.name);
    std::fs::write(&file, &bundle.bytes)?;
    let log_key = published_log_key(&endpoint, witness.folder()).await?;
    let good = verify(&file, &log_key)?;
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stdout));

    for index in [bundle.bytes.len() / 3, bundle.bytes.len() - 40] {
        let mut changed = bundle.bytes.clone();
        *changed.get_mut(index).context("a byte")? ^= 1;
        std::fs::write(&file, changed)?;
        assert!(!verify(&file, &log_key)?.status.success(), "byte {index} was changed");
    }
    endpoint.stop().await
}

#[tokio::test]
async fn an_imported_bundle_arrives_and_its_device_fetches_the_receipts() -> Result<()> {
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let (station, contest): (StationId, ContestId) = ("52.71.05.1001-002".parse()?, "ppwp".parse()?);
    let witness = endpoint.witness(&station).await?;
    witness.device.set_figure(
        &TallyKey::first(&station, &contest),
        &"IV.1".parse()?,
        Some(tally::Figure::Written(7)),
    )?;
    witness.device.attach_photo(&TallyKey::first(&station, &contest), 1, &drawn_photo(1)?)?;
    witness.device.seal(&TallyKey::first(&station, &contest))?;
    let bundle = witness.device.export_bundle()?;
    let file = witness.folder().join(&bundle.name);
    std::fs::write(&file, &bundle.bytes)?;

    let imported = endpoint.endpoint.import(&file)?;
    assert_eq!((imported.accepted, imported.photos), (2, 1));
    endpoint.endpoint.sequence()?;
    // The signal comes back: the endpoint answers that it has everything already, and the device fetches its
    // receipts.
    send_due(&witness.device, &witness.transport).await?;
    let tally = witness.device.tally(&TallyKey::first(&station, &contest))?;
    assert_eq!(tally.life.state, LifeState::Receipted);
    assert!(tally.pages.iter().any(|page| page.photo.as_ref().is_some_and(|photo| photo.arrived)));
    endpoint.stop().await
}

#[tokio::test]
async fn another_witness_carries_a_bundle_and_both_devices_get_its_receipts() -> Result<()> {
    let endpoint = InProcessEndpoint::start(tally::load::read(&demo_election())?).await?;
    let (station, contest): (StationId, ContestId) = ("52.71.05.1001-002".parse()?, "ppwp".parse()?);
    let stranded = endpoint.witness(&station).await?;
    stranded.device.set_figure(
        &TallyKey::first(&station, &contest),
        &"IV.1".parse()?,
        Some(tally::Figure::Written(7)),
    )?;
    stranded.device.attach_photo(&TallyKey::first(&station, &contest), 1, &drawn_photo(1)?)?;
    stranded.device.seal(&TallyKey::first(&station, &contest))?;

    let carrier = endpoint.witness(&"52.71.05.1001-001".parse()?).await?;
    carrier.device.accept_bundle(&stranded.device.export_bundle()?.bytes)?;
    send_due(&carrier.device, &carrier.transport).await?;
    endpoint.endpoint.sequence()?;
    carrier.device.try_now()?;
    send_due(&carrier.device, &carrier.transport).await?;
    let carried = carrier.device.app()?.witness.context("a witness")?.carried;
    let [at] = &carried[..] else { anyhow::bail!("{carried:?}") };
    assert_eq!((at.records, at.proved, at.photos, at.photos_arrived), (2, 2, 1, 1));

    // Then the first device has a signal too. The endpoint has everything already, and gives it the receipts.
    send_due(&stranded.device, &stranded.transport).await?;
    assert_eq!(stranded.device.tally(&TallyKey::first(&station, &contest))?.life.state, LifeState::Receipted);
    endpoint.stop().await
}

#[tokio::test]
async fn a_device_follows_a_log_key_rotation_and_its_bundle_verifies_under_the_old_key() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    let (station, contest): (StationId, ContestId) = ("52.71.05.1001-001".parse()?, "ppwp".parse()?);
    let witness = Witness::new()?;
    let invitation = endpoint.invite(&["52.71.05.1001-001"])?.pop().context("an invitation")?;
    witness.device.join(&invitation, &witness.transport).await?;
    let pinned = witness.folder().join("log.pub");
    let keys =
        reqwest::get(format!("{}{}", endpoint.url()?, protocol::path::LOG_KEYS)).await?.bytes().await?;
    std::fs::write(&pinned, serde_json::from_slice::<protocol::LogKeys>(&keys)?.current)?;

    witness.device.set_figure(
        &TallyKey::first(&station, &contest),
        &"IV.1".parse()?,
        Some(tally::Figure::Written(7)),
    )?;
    witness.device.seal(&TallyKey::first(&station, &contest))?;
    until_receipted(&witness, &station, &contest).await?;
    endpoint.stop()?;
    endpoint.rotate_log_key()?;
    endpoint.start()?;
    witness.device.begin_correction(&TallyKey::first(&station, &contest), "salah ketik")?;
    witness.device.set_figure(
        &TallyKey::first(&station, &contest),
        &"IV.1".parse()?,
        Some(tally::Figure::Written(8)),
    )?;
    witness.device.seal(&TallyKey::first(&station, &contest))?;
    until_receipted(&witness, &station, &contest).await?;

    let bundle = witness.device.export_bundle()?;
    let file = witness.folder().join(&bundle.name);
    std::fs::write(&file, &bundle.bytes)?;
    let checked = verify(&file, &pinned)?;
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    endpoint.stop()
}

/// Syncs until the newest tally has its receipt.
async fn until_receipted(witness: &Witness, station: &StationId, contest: &ContestId) -> Result<()> {
    eventually_async("the receipt of the tally", async || {
        witness.device.try_now()?;
        send_due(&witness.device, &witness.transport).await?;
        let state = witness.device.tally(&TallyKey::first(station, contest))?.life.state;
        Ok((state == LifeState::Receipted).then_some(()))
    })
    .await
}
