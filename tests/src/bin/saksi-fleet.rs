//! `saksi-fleet`: simulated witnesses with real devices.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use saksi_tests::fleet::{Evening, work_through};

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
}

#[tokio::main]
async fn main() -> Result<()> {
    let Command::Evening { endpoint, links, data, speed, seed } = Arguments::parse().command;
    ensure!(speed.is_finite() && speed > 0.0, "--speed is a number above 0");
    let text = std::fs::read_to_string(&links).with_context(|| format!("reading {}", links.display()))?;
    let links: Vec<String> =
        text.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned).collect();
    ensure!(!links.is_empty(), "there is no invitation in the file");
    if let Some(other) = links.iter().find(|link| !link.starts_with(&endpoint)) {
        anyhow::bail!("{other} is no invitation to {endpoint}");
    }
    work_through(&Evening { links, data, speed, seed }).await
}
