//! `saksi-fleet`: simulated witnesses, with real devices or as many as one likes.
#![expect(clippy::print_stdout, reason = "it says what came of the night")]

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use saksi_tests::fleet::{Evening, Night, night_of, work_through};

/// Simulated witnesses with real devices.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Work through an election evening until all tallies and photos have arrived.
    Evening {
        /// The endpoint's address; the links must be invitations to it.
        #[arg(long)]
        endpoint: String,
        /// A file with one invitation's link in each line.
        #[arg(long)]
        links: PathBuf,
        /// The folder of the devices; one of an earlier evening is gone on with.
        #[arg(long)]
        data: PathBuf,
        /// How many times faster than real the evening passes.
        #[arg(long, default_value_t = 900.0)]
        speed: f64,
        /// The same seed gives the same evening.
        #[arg(long, default_value_t = 2024)]
        seed: u64,
    },
    /// Let any number of light witnesses send a tally and a photo each, through a day and a night as it was in 2024.
    Night {
        /// A file with one invitation's link in each line.
        #[arg(long)]
        links: PathBuf,
        /// How many times faster than real the night passes.
        #[arg(long, default_value_t = 1_000.0)]
        speed: f64,
        /// Connections that are open at once.
        #[arg(long, default_value_t = 32)]
        connections: usize,
        /// Of a hundred witnesses, how many send a forged statement too.
        #[arg(long, default_value_t = 2)]
        forged_percent: u32,
        /// Of a hundred, how many send everything twice.
        #[arg(long, default_value_t = 10)]
        replayed_percent: u32,
        /// The same seed gives the same night.
        #[arg(long, default_value_t = 2024)]
        seed: u64,
    },
}

fn links_in(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let links: Vec<String> =
        text.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect();
    ensure!(!links.is_empty(), "there is no invitation in the file");
    Ok(links)
}

#[tokio::main]
async fn main() -> Result<()> {
    let (endpoint, links, data, speed, seed) = match Arguments::parse().command {
        Command::Evening { endpoint, links, data, speed, seed } => (endpoint, links, data, speed, seed),
        Command::Night { links, speed, connections, forged_percent, replayed_percent, seed } => {
            ensure!(speed.is_finite() && speed > 0.0, "--speed is a number above 0");
            let links = links_in(&links)?;
            let night = Night { links, speed, connections, forged_percent, replayed_percent, seed };
            let told = tokio::task::spawn_blocking(move || night_of(&night)).await??;
            println!("{told:?}");
            return Ok(());
        }
    };
    ensure!(speed.is_finite() && speed > 0.0, "--speed is a number above 0");
    let links = links_in(&links)?;
    if let Some(other) = links.iter().find(|link| !link.starts_with(&endpoint)) {
        anyhow::bail!("{other} is no invitation to {endpoint}");
    }
    work_through(&Evening { links, data, speed, seed }).await
}
