//! The command line of `saksi-central`. Each command has a file.

mod audit;
mod backup;
mod check;
mod config;
mod device;
mod drill;
mod hall;
mod import;
mod invitation;
mod invite;
mod log;
mod migrate;
mod people;
mod rebuild;
mod sample;
mod serve;
mod user;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use central::package::LeftOutStations;
use central::{Endpoint, FreeSpaceMarks, INVITATION_DAYS, Rates, Settings, error_chain};
use clap::{Args, Parser, Subcommand};
use environment::Environment;
use tally::Election;

use config::FileSettings;

/// The data folder when nothing names one.
const DATA_FOLDER: &str = "saksi-central-data";

/// The endpoint of Saksi: ingests what witnesses sign, counts it, and shows it to coordinators.
#[derive(Debug, Parser)]
#[command(
    name = "saksi-central",
    version,
    after_help = "Settings can also be in a file: --config FILE, or SAKSI_CENTRAL_CONFIG. docs/central.example.toml is an \
        example. A flag overrides a variable of the environment, and a variable overrides the file."
)]
pub(crate) struct Arguments {
    /// The file with settings.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ingest statements and photos, and serve the console.
    Serve(serve::Serve),
    /// Add, list and change the users of the console.
    #[command(subcommand)]
    User(user::User),
    /// Make invitations for witnesses, and print their links.
    Invite(invite::Invite),
    /// List invitations, and withdraw those of lost slips.
    #[command(subcommand)]
    Invitation(invitation::Invitation),
    /// Print the audit, and check that no row was changed.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// List and assign the devices of witnesses, and revoke a lost one.
    #[command(subcommand)]
    Device(device::Device),
    /// Prepare a hall without internet, and hand on what it keeps.
    #[command(subcommand)]
    Hall(hall::Hall),
    /// Compose scenarios of practice, and print their sheets.
    #[command(subcommand)]
    Drill(drill::Drill),
    /// Import bundles, and pictures of tallies' QR codes.
    Import(import::Import),
    /// Export, report and erase what is stored about people.
    #[command(subcommand)]
    People(people::People),
    /// Copy the store and the photos into a folder, also while the endpoint serves.
    Backup(backup::Backup),
    /// Restore a backup where there is no store yet.
    Restore(backup::Restore),
    /// Migrate the store to the schema of this program, after a copy of it was saved.
    Migrate(migrate::Migrate),
    /// Derive what counting reads, and all counts, again from the statements.
    Rebuild(rebuild::Rebuild),
    /// Draw the sample of stations from which results are projected.
    #[command(subcommand)]
    Sample(sample::Sample),
    /// Print the log's newest checkpoint, or hand the log over to a new key.
    #[command(subcommand)]
    Log(log::Log),
    /// Read an election package and print what is wrong with it.
    Check(check::Check),
}

/// Where the data is.
#[derive(Debug, Args)]
struct DataFolder {
    /// The folder of the endpoint's data, which is made when it is missing [default: saksi-central-data].
    #[arg(long, value_name = "DIR", env = "SAKSI_CENTRAL_DATA")]
    data: Option<PathBuf>,

    /// The file of the log's key, made at the first start. Keep it apart from the data [default: log.key in
    /// the data folder].
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_LOG_KEY")]
    log_key: Option<PathBuf>,

    /// The PostgreSQL server with the store, which several replicas can share:
    /// postgres://USER:PASSWORD@HOST/NAME. With ?sslmode=require the connection is encrypted [default:
    /// central.sqlite in the data folder].
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_DATABASE", hide_env_values = true)]
    database: Option<String>,

    /// The S3-compatible bucket with the photos, s3://BUCKET or s3://BUCKET/PREFIX. Its keys and address come
    /// from the usual AWS_… variables [default: photos in the data folder].
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_BUCKET")]
    bucket: Option<String>,
}

/// The election of the data folder.
#[derive(Debug, Args)]
struct ElectionFile {
    /// The election package; without one, the package that the data folder has.
    #[arg(long, value_name = "FILE", env = "SAKSI_CENTRAL_ELECTION")]
    election: Option<PathBuf>,
}

impl ElectionFile {
    fn read(&self, file: &FileSettings) -> anyhow::Result<Option<Election>> {
        let Some(path) = self.election.as_ref().or(file.election.as_ref()) else { return Ok(None) };
        let election = tally::load::read(path);
        election.map(Some).with_context(|| format!("cannot use the election package {}", path.display()))
    }
}

impl DataFolder {
    /// The settings of the arguments, or else of the file.
    fn settings(&self, file: &FileSettings) -> Settings {
        let data = self.data.clone().or_else(|| file.data.clone());
        Settings {
            data: data.unwrap_or_else(|| PathBuf::from(DATA_FOLDER)),
            public_url: None,
            log_key: self.log_key.clone().or_else(|| file.log_key.clone()),
            database: self.database.clone().or_else(|| file.database.clone()),
            bucket: self.bucket.clone().or_else(|| file.bucket.clone()),
            rates: Rates::default(),
            behind_proxy: false,
            invitation_days: file.invitation_days.unwrap_or(INVITATION_DAYS),
            left_out_stations: LeftOutStations::Refused,
            free_space: FreeSpaceMarks::default(),
            require_second_factor: file.require_second_factor.unwrap_or_default(),
            boundaries: None,
        }
    }

    /// Opens the data folder for its own election.
    fn open(&self, file: &FileSettings) -> anyhow::Result<Endpoint> {
        open(&self.settings(file), None)
    }
}

fn open(settings: &Settings, election: Option<Election>) -> anyhow::Result<Endpoint> {
    Ok(Endpoint::open(settings, election, Environment::system())?)
}

/// Runs the program with these arguments.
pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let Arguments { config, command } = Arguments::parse_from(arguments);
    match FileSettings::read(config.as_deref()).and_then(|file| run(&command, &file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            remark(&format!("saksi-central: {}", error_chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, file: &FileSettings) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve.run(file),
        Command::User(user) => user.run(file),
        Command::Invite(invite) => invite.run(file),
        Command::Invitation(invitation) => invitation.run(file),
        Command::Audit(audit) => audit.run(file),
        Command::Check(check) => check.run(),
        Command::Import(import) => import.run(file),
        Command::Device(device) => device.run(file),
        Command::Drill(drill) => drill.run(),
        Command::Hall(hall) => hall.run(file),
        Command::Log(log) => log.run(file),
        Command::People(people) => people.run(file),
        Command::Backup(backup) => backup.run(file),
        Command::Restore(restore) => restore.run(file),
        Command::Migrate(migrate) => migrate.run(file),
        Command::Rebuild(rebuild) => rebuild.run(file),
        Command::Sample(sample) => sample.run(file),
    }
}

#[expect(clippy::print_stdout, reason = "the result of a command line program")]
fn print(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "remarks of a command line program beside its result")]
fn remark(line: &str) {
    eprintln!("{line}");
}
