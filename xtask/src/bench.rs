//! `bench`: figures, optimised, each with its ratio to a bare limit that is measured in the same run.

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

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
    setup::set_up(&[Purpose::Build])?;
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
    // What is measured is printed by the measuring program itself.
    let status = command.status()?;
    ensure!(status.success(), "measuring ended with {status}");
    Ok(())
}
