//! `saksi-fleet`: simulated witnesses. `evening` runs real devices; `night` runs any number of signing
//! clients.
#![expect(clippy::print_stdout, reason = "it prints the report of the night")]

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use saksi_tests::fleet::{Evening, Night, run_evening, run_night};

/// Simulated witnesses for demonstrations and load tests.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run an election evening with real devices until all tallies and photos have arrived.
    Evening {
        /// The endpoint's address; the links must be invitations to it.
        #[arg(long)]
        endpoint: String,
        /// A file with the link of one invitation in each line.
        #[arg(long)]
        links: PathBuf,
        /// The folder of the devices. An earlier evening in it is continued.
        #[arg(long)]
        data: PathBuf,
        /// How many times faster than real time the evening passes.
        #[arg(long, default_value_t = 900.0)]
        speed: f64,
        /// The same seed gives the same evening.
        #[arg(long, default_value_t = 2024)]
        seed: u64,
    },
    /// Run a night in which each witness sends a tally and a photo, with the arrival times of 2024.
    Night {
        /// A file with the link of one invitation in each line.
        #[arg(long)]
        links: PathBuf,
        /// How many times faster than real time the night passes.
        #[arg(long, default_value_t = 1_000.0)]
        speed: f64,
        /// Maximum number of open connections.
        #[arg(long, default_value_t = 32)]
        connections: usize,
        /// Of a hundred witnesses, how many also send a forged statement.
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
    ensure!(!links.is_empty(), "the file has no invitation");
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
            let report = tokio::task::spawn_blocking(move || run_night(&night)).await??;
            println!("{report:?}");
            return Ok(());
        }
    };
    ensure!(speed.is_finite() && speed > 0.0, "--speed is a number above 0");
    let links = links_in(&links)?;
    if let Some(other) = links.iter().find(|link| !link.starts_with(&endpoint)) {
        anyhow::bail!("{other} is not an invitation to {endpoint}");
    }
    run_evening(&Evening { links, data, speed, seed }).await
}
