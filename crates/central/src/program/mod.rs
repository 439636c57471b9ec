//! The command line: what can be said to `saksi-central`, and where each command is done.

mod backup;
mod check;
mod config;
mod device;
mod import;
mod invite;
mod log;
mod rebuild;
mod serve;
mod user;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use central::{Endpoint, Outside, Rates, Settings};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use tally::Election;

/// The endpoint of Saksi: takes in what witnesses sign, counts it, and shows it to coordinators.
#[derive(Debug, Parser)]
#[command(
    name = "saksi-central",
    version,
    after_help = "Settings may also stand in a file: --config FILE, or SAKSI_CENTRAL_CONFIG; docs/central.example.toml is one. The command line goes before the environment, and that before the file."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take statements and photos in, and serve the console.
    Serve(serve::Serve),
    /// Add, list and change the users of the console.
    #[command(subcommand)]
    User(user::User),
    /// Make invitations for witnesses, and print their links.
    Invite(invite::Invite),
    /// List witnesses' phones, and revoke a lost one.
    #[command(subcommand)]
    Device(device::Device),
    /// Take in what came by hand: bundles, and pictures of tallies' QR codes.
    Import(import::Import),
    /// Copy the store and the photos into a folder, also while the endpoint serves.
    Backup(backup::Backup),
    /// Put a backup back where nothing is yet.
    Restore(backup::Restore),
    /// Make what counting reads anew from the statements.
    Rebuild(rebuild::Rebuild),
    /// Print the log's newest checkpoint, or hand the log over to a new key.
    #[command(subcommand)]
    Log(log::Log),
    /// Read an election package and print what is wrong with it.
    Check(check::Check),
}

/// Where the data is.
#[derive(Debug, Args)]
struct DataFolder {
    /// The folder of the endpoint's data; what is missing in it is made.
    #[arg(long, value_name = "DIR", env = "SAKSI_CENTRAL_DATA", default_value = "saksi-central-data")]
    data: PathBuf,

    /// The file of the log's key, made at the first start; it belongs apart from the data [default: log.key in the data
    /// folder].
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_LOG_KEY")]
    log_key: Option<PathBuf>,

    /// The PostgreSQL server with the store, which several copies of the program may share: postgres://USER:PASSWORD@HOST/NAME.
    /// The way there is not encrypted [default: central.sqlite in the data folder].
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_DATABASE", hide_env_values = true)]
    database: Option<String>,

    /// The S3-compatible bucket with the photos, s3://BUCKET or s3://BUCKET/NAME; its keys and address come from the usual
    /// AWS_… variables [default: photos in the data folder].
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_BUCKET")]
    bucket: Option<String>,
}

/// Which election the folder is for.
#[derive(Debug, Args)]
struct ElectionFile {
    /// The election package; without one, the package that the data folder has.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_ELECTION")]
    election: Option<PathBuf>,
}

impl ElectionFile {
    fn read(&self) -> anyhow::Result<Option<Election>> {
        let Some(file) = &self.election else { return Ok(None) };
        let election = tally::load::read(file);
        election.map(Some).with_context(|| format!("the election package {} is not taken", file.display()))
    }
}

impl DataFolder {
    fn open(&self, public_url: Option<String>, election: Option<Election>) -> anyhow::Result<Endpoint> {
        self.open_to_serve(public_url, election, (Rates::default(), false))
    }

    fn settings(&self, public_url: Option<String>) -> Settings {
        Settings {
            data: self.data.clone(),
            public_url,
            log_key: self.log_key.clone(),
            database: self.database.clone(),
            bucket: self.bucket.clone(),
            rates: Rates::default(),
            behind_proxy: false,
        }
    }

    fn open_to_serve(
        &self,
        public_url: Option<String>,
        election: Option<Election>,
        (rates, behind_proxy): (Rates, bool),
    ) -> anyhow::Result<Endpoint> {
        let settings = Settings { rates, behind_proxy, ..self.settings(public_url) };
        Ok(Endpoint::open(&settings, election, Outside::of_this_machine())?)
    }
}

/// Reads the words of the command line and the settings' file, and does what was asked.
pub(crate) fn main(words: Vec<OsString>) -> ExitCode {
    match config::with_file(&Arguments::command(), words) {
        Ok(words) => run(Arguments::parse_from(words)),
        Err(error) => {
            complain(&format!("saksi-central: {}", central::error_chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked.
fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::User(user) => user.run(),
        Command::Invite(invite) => invite.run(),
        Command::Check(check) => check.run(),
        Command::Import(import) => import.run(),
        Command::Device(device) => device.run(),
        Command::Log(log) => log.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Rebuild(rebuild) => rebuild.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("saksi-central: {}", central::error_chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the answer of a command line program")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "remarks of a command line program beside its answer")]
fn complain(line: &str) {
    eprintln!("{line}");
}
