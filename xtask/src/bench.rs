//! `bench`: figures, optimised, each with its ratio to a bare limit that is measured in the same run.

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::services::{Outlives, SERVER, Services};
use crate::setup::{self, Purpose};
use crate::workspace::cargo;

/// What `bench` can be told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What to measure.
    what: What,
    /// What the measuring program is told, behind `--`.
    #[arg(last = true)]
    more: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Taking a photo in and looking at it, beside libvips.
    Sheet,
    /// Bytes on the wire, interrupted photos, a 2G line, and sealing beside a bare transaction.
    Sync,
    /// What one endpoint takes in on SQLite and PostgreSQL, and how it answers meanwhile; `-- --nation` for all stations.
    Central,
    /// Sealing, verifying, receipts and proofs, beside bare Ed25519.
    Evidence,
}

/// Measures, and prints a table.
///
/// # Errors
/// When something is missing and cannot be installed, does not build, or the measuring fails.
pub(crate) fn bench(options: &Options) -> Result<()> {
    // Where nobody names a server to measure on, one is started for as long as it takes.
    let serves_itself = matches!(options.what, What::Central) && std::env::var_os(SERVER).is_none();
    setup::set_up(if serves_itself { &[Purpose::Build, Purpose::Services] } else { &[Purpose::Build] })?;
    let (package, example) = match options.what {
        What::Sheet => ("saksi-sheet", "bench_sheet"),
        What::Central => ("saksi-tests", "bench_central"),
        What::Sync => ("saksi-tests", "bench_sync"),
        What::Evidence => ("saksi-evidence", "bench_evidence"),
    };
    if matches!(options.what, What::Central) {
        let mut build = cargo(&["build", "--locked", "--release", "--package", "saksi-central"]);
        ensure!(build.status()?.success(), "saksi-central does not build");
    }
    let mut command = cargo(&["run", "--locked", "--release", "--package", package, "--example", example]);
    command.arg("--").args(&options.more);
    let services = serves_itself.then(|| Services::start(Outlives::PowerCuts)).transpose()?;
    if let Some(services) = &services {
        services.tell(&mut command);
    }
    // What is measured is printed by the measuring program itself.
    let status = command.status()?;
    ensure!(status.success(), "measuring ended with {status}");
    Ok(())
}
