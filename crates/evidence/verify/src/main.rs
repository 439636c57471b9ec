//! `saksi-verify`: checks evidence offline. It uses no network and trusts only the keys that it is given.

mod audit;
mod input;
mod keys;
mod log;
mod output;
mod photos;
mod report;
mod show;
mod states;
mod summary;
mod things;
mod trust;
mod verdicts;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use evidence::Namespace;

use crate::report::Outcome;
use crate::trust::{Trust, TrustedKeys};

/// Checks Saksi's evidence offline: statements, chains, receipts, checkpoints, photos and bundles.
///
/// First comes a summary, then every check with its number. A check holds, fails, or could not be checked;
/// then the summary says what is needed.
///
/// Exit codes: 0 all checks hold. 1 a check fails. 2 no check fails, but some could not be checked. 3 the
/// arguments are wrong or a file cannot be read.
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
    /// Prints the contents of files for people, without checking anything.
    Show {
        /// Statements, receipts, checkpoints, bundles, texts of QR codes.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Prints the fingerprint of a log's key, to be compared by voice.
    Fingerprint {
        /// The key: a file, or the key itself as 64 hex digits or PEM.
        #[arg(value_name = "KEY", allow_hyphen_values = true)]
        key: String,
    },
}

#[derive(Debug, Args)]
struct Verify {
    /// Statements, receipts, checkpoints, consistency proofs, changes of key, photos, bundles, texts of QR
    /// codes, in any order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The log's public key: a file, or the key itself as 64 hex digits or PEM. Or its fingerprint, if a
    /// bundle has the key. Receipts and checkpoints are checked under this key and under keys to which it was
    /// handed over. Without this option the key in the bundle is used, and its fingerprint is to be compared
    /// by voice.
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    log_key: Option<String>,
    /// A device's public key: a file, or the key itself. May be given more than once.
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    device_key: Vec<String>,
    /// The devices that were enrolled: a file with one public key in hex at the beginning of each line. A
    /// statement of another device fails.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// The keys of those who may decide on tallies: a file with one public key in hex at the beginning of
    /// each line, and a name behind it. A verdict under another key fails.
    #[arg(long, value_name = "FILE")]
    reviewers: Option<PathBuf>,
    /// The files are a selection: statements that are missing from a chain are reported and need no check.
    #[arg(long)]
    partial: bool,
    /// Check the evidence of a drill. Without this option a statement of a drill fails, and with it one of
    /// the real count.
    #[arg(long)]
    drill: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Exit code for wrong arguments and files that cannot be read.
const UNUSABLE: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing can be done about an error that cannot be printed.
            let _ = error.print();
            // Help and version are no errors.
            return if error.use_stderr() { ExitCode::from(UNUSABLE) } else { ExitCode::SUCCESS };
        }
    };
    match run(arguments) {
        Ok(Outcome::Holds) => ExitCode::SUCCESS,
        Ok(Outcome::Fails) => ExitCode::from(1),
        Ok(Outcome::NotChecked) => ExitCode::from(2),
        Err(error) => {
            let _ = writeln!(io::stderr(), "saksi-verify: {error:#}");
            ExitCode::from(UNUSABLE)
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    match arguments.command {
        Some(Command::Show { files }) => {
            show::files(&files, &mut out)?;
            return Ok(Outcome::Holds);
        }
        Some(Command::Fingerprint { key }) => {
            writeln!(out, "{}", keys::log_key(&key)?.spoken())?;
            return Ok(Outcome::Holds);
        }
        None => {}
    }
    let Verify { files, log_key, device_key, roster, reviewers, partial, drill, json } = arguments.verify;
    let mut keys = TrustedKeys::read(log_key.as_deref(), &device_key, roster.as_deref())?;
    if let Some(path) = &reviewers {
        keys.read_reviewers(path)?;
    }
    let namespace = if drill { Namespace::Drill } else { Namespace::Real };
    let report = audit::audit(&files, namespace, Trust::new(keys, partial))?;
    if json {
        output::write_json(&report, &mut out)?;
    } else {
        output::write_text(&report, &mut out)?;
    }
    Ok(report.outcome())
}
