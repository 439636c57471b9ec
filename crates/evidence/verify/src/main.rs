//! `saksi-verify`: checks evidence offline. It asks nobody, and trusts only the keys that it is given.

mod audit;
mod input;
mod keys;
mod report;
mod show;
mod states;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::keys::Trust;

/// Checks Saksi's evidence offline: statements, chains, receipts, checkpoints, photos and bundles.
///
/// Every check has a number. The exit code is 0 where all of them hold, 1 where one does not, 2 where the question
/// itself was wrong.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    verify: Verify,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints what stands in files as a person reads it, without checking any of it.
    Show {
        /// Statements, receipts, checkpoints, bundles, texts of QR codes.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct Verify {
    /// Statements, receipts, checkpoints, consistency proofs, changes of key, photos, bundles, texts of QR codes, in any
    /// order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The log's public key, pinned: a file with its hex or PEM. Receipts and checkpoints count under it, and under
    /// keys to which it was handed over.
    #[arg(long, value_name = "FILE")]
    log_key: Option<PathBuf>,
    /// A device's public key: a file with its hex or PEM. May be given more than once.
    #[arg(long, value_name = "FILE")]
    device_key: Vec<PathBuf>,
    /// The devices that were enrolled: a file with one public key in hex at the beginning of each line. A statement of
    /// another device fails.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// The files hold a selection: statements that are missing from a chain are told, and do not count as a failure.
    #[arg(long)]
    partial: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // Nothing is left to be done about an error that cannot be printed.
            let _ = writeln!(io::stderr(), "saksi-verify: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    if let Some(Command::Show { files }) = &arguments.command {
        return Ok(show::files(files, &mut out)?);
    }
    let Verify { files, log_key, device_key, roster, partial, json } = &arguments.verify;
    let trust = Trust::read(log_key.as_deref(), device_key, roster.as_deref(), *partial)?;
    let report = audit::audit(files, trust);
    if *json {
        report.write_json(&mut out)?;
    } else {
        report.write_text(&mut out)?;
    }
    Ok(report.holds())
}
