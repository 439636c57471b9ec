//! A witness's device without a window that types, photographs, seals and sends as fast as it can, and prints each thing
//! before and after it did it: what it says is done must survive its being killed. For the test of kills.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Parser;
use device::sync::{HttpTransport, run};
use device::{Device, LifeState, NoKeystore, Outside};
use saksi_tests::data::drawn_photo;
use saksi_tests::fleet::Chance;
use tally::{ContestId, Figure, StationId};

#[derive(Parser)]
struct Arguments {
    /// The device's folder.
    folder: PathBuf,
    /// The invitation to join with, where the device has not joined yet.
    invitation: String,
    /// What it types.
    seed: u64,
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let device = Arc::new(Device::open(&arguments.folder, Outside::system(Arc::new(NoKeystore)))?);
    let transport = HttpTransport::new()?;
    if device.app()?.witness.is_none() {
        device.join(&arguments.invitation, &transport).await?;
    }
    say("open")?;
    let sending = (Arc::clone(&device), transport);
    tokio::spawn(async move { run(&sending.0, &sending.1, || ()).await });
    tokio::task::spawn_blocking(move || hurry(&device, Chance::new(arguments.seed))).await?
}

fn hurry(device: &Device, mut chance: Chance) -> Result<()> {
    let witness = device.app()?.witness.context("the device has joined")?;
    let station: StationId = witness.stations.first().context("a station")?.station.clone();
    let contest: ContestId = "ppwp".parse()?;
    loop {
        if device.tally(&station, &contest)?.life.state != LifeState::Draft {
            device.begin_correction(&station, &contest, "salah ketik")?;
            say("began")?;
        }
        for field in ["IV.1", "IV.2", "IV.3", "V.B"] {
            let figure = chance.below(300);
            say(&format!("typing {field} {figure}"))?;
            device.set_figure(&station, &contest, &field.parse()?, Some(Figure::Written(figure)))?;
            say(&format!("typed {field} {figure}"))?;
        }
        if chance.comes(40) {
            let page = 1 + u8::try_from(chance.below(3))?;
            device.attach_photo(&station, &contest, page, &drawn_photo(page)?)?;
        }
        let tally = device.tally(&station, &contest)?;
        for finding in tally.findings {
            device.acknowledge(&station, &contest, &finding.finding.key, true)?;
        }
        say("sealing")?;
        device.seal(&station, &contest)?;
        let statement = device.tally(&station, &contest)?.statement.context("a statement")?;
        say(&format!("sealed {statement}"))?;
    }
}
