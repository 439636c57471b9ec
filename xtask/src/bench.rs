//! `bench`: figures of optimised builds, each with its ratio to a bare limit of the same run.

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::services::{SERVER, Services, Use};
use crate::setup::{self, Purpose};
use crate::workspace::cargo;

/// Options of `bench`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What to measure.
    what: What,
    /// Options of the measuring program, after `--`.
    #[arg(last = true)]
    more: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Importing a photo and checking its quality, compared with libvips.
    Sheet,
    /// Bytes on the wire, interrupted photos, a 2G line; sealing compared with a bare transaction.
    Sync,
    /// Statements that one endpoint ingests on SQLite and PostgreSQL, and its response times; `-- --nation`:
    /// all stations; `-- --people`: the import of people, and pages and searches among them.
    Central,
    /// Sealing, verifying, receipts and proofs, compared with bare Ed25519.
    Evidence,
    /// The next station of a review queue in which 10,000 wait.
    Review,
}

/// Measures, and prints a table.
///
/// # Errors
/// When software is missing and cannot be installed, does not build, or the measuring program fails.
pub(crate) fn bench(options: &Options) -> Result<()> {
    // If the environment names no database server, one is started for the measurement.
    let starts_services = matches!(options.what, What::Central) && std::env::var_os(SERVER).is_none();
    setup::set_up(if starts_services { &[Purpose::Build, Purpose::Services] } else { &[Purpose::Build] })?;
    let (package, example) = match options.what {
        What::Sheet => ("saksi-sheet", "bench_sheet"),
        What::Central => ("saksi-tests", "bench_central"),
        What::Sync => ("saksi-tests", "bench_sync"),
        What::Review => ("saksi-tests", "bench_review"),
        What::Evidence => ("saksi-evidence", "bench_evidence"),
    };
    if matches!(options.what, What::Central) {
        let mut build = cargo(&["build", "--locked", "--release", "--package", "saksi-central"]);
        ensure!(build.status()?.success(), "saksi-central does not build");
    }
    let mut command = cargo(&["run", "--locked", "--release", "--package", package, "--example", example]);
    command.arg("--").args(&options.more);
    let services = starts_services.then(|| Services::start(Use::Measurements)).transpose()?;
    if let Some(services) = &services {
        services.set_variables(&mut command);
    }
    let status = command.status()?;
    ensure!(status.success(), "the measuring program ended with {status}");
    Ok(())
}
