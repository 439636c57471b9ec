//! A device without a window. It types, photographs, seals and sends as fast as it can, and prints each step
//! before and after it. `tests/kills.rs` kills it: what it reported as done must still be there.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Parser;
use device::sync::{HttpTransport, run};
use device::{Device, LifeState, NoKeystore, Platform, TallyKey};
use saksi_tests::data::drawn_photo;
use saksi_tests::rng::TestRng;
use tally::{Figure, StationId};

#[derive(Parser)]
struct Arguments {
    /// The device's folder.
    folder: PathBuf,
    /// The invitation for a device that has not joined yet.
    invitation: String,
    /// Decides what it types.
    seed: u64,
}

fn report(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let device = Arc::new(Device::open(&arguments.folder, Platform::system(Arc::new(NoKeystore)))?);
    let transport = HttpTransport::new()?;
    if device.app()?.witness.is_none() {
        device.join(&arguments.invitation, &transport).await?;
    }
    report("open")?;
    let sending = (Arc::clone(&device), transport);
    tokio::spawn(async move { run(&sending.0, &sending.1, || ()).await });
    tokio::task::spawn_blocking(move || hurry(&device, TestRng::new(arguments.seed))).await?
}

fn hurry(device: &Device, mut rng: TestRng) -> Result<()> {
    let witness = device.app()?.witness.context("the device has joined")?;
    let station: StationId = witness.stations.first().context("a station")?.station.clone();
    let tally_key = TallyKey::first(&station, &"ppwp".parse()?);
    loop {
        if device.tally(&tally_key)?.life.state != LifeState::Draft {
            device.begin_correction(&tally_key, "salah ketik")?;
            report("began")?;
        }
        for field in ["IV.1", "IV.2", "IV.3", "V.B"] {
            let figure = rng.below(300);
            report(&format!("typing {field} {figure}"))?;
            device.set_figure(&tally_key, &field.parse()?, Some(Figure::Written(figure)))?;
            report(&format!("typed {field} {figure}"))?;
        }
        if rng.happens(40) {
            let page = 1 + u8::try_from(rng.below(3))?;
            device.attach_photo(&tally_key, page, &drawn_photo(page)?)?;
        }
        let tally = device.tally(&tally_key)?;
        for finding in tally.findings {
            device.acknowledge(&tally_key, &finding.finding.key, true)?;
        }
        report("sealing")?;
        device.seal(&tally_key)?;
        let statement = device.tally(&tally_key)?.statement.context("a statement")?;
        report(&format!("sealed {statement}"))?;
    }
}
