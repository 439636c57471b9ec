//! `saksi-fleet`: simulated witnesses. `evening` runs real devices; `night` runs any number of signing
//! clients; `attack` runs honest ones and attackers.
#![expect(clippy::print_stdout, reason = "it prints the reports")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use saksi_tests::fleet::{
    ADDRESSES_MAX, Attack, AttackKind, Evening, Night, enrol_phones, run_attack, run_evening, run_night,
};

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
    /// Attack an endpoint on this machine from many addresses, while honest phones push, a probe asks for
    /// `/readyz` and a coordinator opens pages. The password of the coordinator is read from
    /// `SAKSI_PASSWORD`.
    Attack {
        /// A file with the link of one invitation in each line. The first ones become honest phones, the
        /// others are in the attackers' hands.
        #[arg(long)]
        links: PathBuf,
        /// Number of honest phones.
        #[arg(long, default_value_t = 24)]
        honest: usize,
        /// The kinds of attack; all of them at once if none is named.
        #[arg(long, value_enum)]
        kind: Vec<AttackKind>,
        /// Number of addresses of each kind of attack.
        #[arg(long, default_value_t = ADDRESSES_MAX)]
        addresses: u8,
        /// Duration in seconds.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Name of a user of the console.
        #[arg(long)]
        user: String,
        /// The id of the endpoint's process, whose memory is then reported.
        #[arg(long)]
        process: Option<u32>,
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
        Command::Attack { links, honest, kind, addresses, seconds, user, process } => {
            let kinds = if kind.is_empty() { AttackKind::ALL.to_vec() } else { kind };
            let duration = Duration::from_secs(seconds);
            let attackers = Attackers { kinds, addresses, duration, user, process };
            return tokio::task::spawn_blocking(move || attack(&links_in(&links)?, honest, attackers))
                .await?;
        }
    };
    ensure!(speed.is_finite() && speed > 0.0, "--speed is a number above 0");
    let links = links_in(&links)?;
    if let Some(other) = links.iter().find(|link| !link.starts_with(&endpoint)) {
        anyhow::bail!("{other} is not an invitation to {endpoint}");
    }
    run_evening(&Evening { links, data, speed, seed }).await
}

struct Attackers {
    kinds: Vec<AttackKind>,
    addresses: u8,
    duration: Duration,
    user: String,
    process: Option<u32>,
}

fn attack(links: &[String], honest: usize, attackers: Attackers) -> Result<()> {
    let Attackers { kinds, addresses, duration, user, process } = attackers;
    ensure!((1..links.len()).contains(&honest), "{} invitations are too few", links.len());
    let password = std::env::var("SAKSI_PASSWORD").context("reading SAKSI_PASSWORD")?;
    let url = links.first().and_then(|link| link.split_once("/#")).context("the link of an invitation")?.0;
    let (election, mut phones) = enrol_phones(links, u64::from(std::process::id()) << 32)?;
    let hostile = phones.split_off(honest);
    let attack = Attack {
        url,
        election: &election,
        kinds,
        addresses,
        duration,
        process,
        user: &user,
        password: &password,
        honest: phones,
        hostile,
    };
    println!("{}", run_attack(&attack)?);
    Ok(())
}
