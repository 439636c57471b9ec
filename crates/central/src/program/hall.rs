//! `saksi-central hall`: prepares a hall at the endpoint, and hands on what a hall keeps.

use std::path::PathBuf;

use anyhow::Context as _;
use central::Settings;
use central::hall::HandedOver;
use central::store::Actor;
use clap::{Args, Subcommand};
use tally::RegionCode;

use super::config::FileSettings;
use super::{DataFolder, open, print, remark};

#[derive(Debug, Subcommand)]
pub(super) enum Hall {
    /// Write the file with which a laptop can be a hall for this endpoint: the package, and what lets the
    /// invitations of a region in. It has no witness's code in it, and the hall's own: keep it to yourself.
    Prepare(Prepare),
    /// Hand on what this hall keeps. `serve` does the same by itself whenever the endpoint answers.
    HandOver(HandOver),
    /// Print what waits and what was handed on.
    Status(Status),
}

#[derive(Debug, Args)]
pub(super) struct Prepare {
    #[command(flatten)]
    data: DataFolder,
    /// The region whose witnesses come to the hall, for instance 52.71; without it, the whole election.
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The address at which the endpoint is reached; without it, the one of the last `serve`.
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_PUBLIC_URL")]
    public_url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct HandOver {
    #[command(flatten)]
    data: DataFolder,
    /// The endpoint's address, if it is another one than in the hall file.
    #[arg(long, value_name = "URL")]
    to: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Status {
    #[command(flatten)]
    data: DataFolder,
}

impl Hall {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::Prepare(prepare) => prepare.run(file),
            Self::HandOver(hand_over) => hand_over.run(file),
            Self::Status(status) => status.run(file),
        }
    }
}

impl Prepare {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let public_url = self.public_url.clone().or_else(|| file.public_url.clone());
        let endpoint = open(&Settings { public_url, ..self.data.settings(file) }, None)?;
        let hall = endpoint.hall_file(self.region.as_ref(), &Actor::Operator)?;
        let json = hall.to_json().context("cannot write the hall file")?;
        std::fs::write(&self.out, json)
            .with_context(|| format!("cannot write the hall file {}", self.out.display()))?;
        print(&self.out.display().to_string());
        remark(
            "open the hall on a laptop with: saksi-central serve --hall FILE --data FOLDER --listen 0.0.0.0:8080",
        );
        Ok(())
    }
}

impl HandOver {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.context("cannot start the threads of the client")?;
        // The log decides what can be handed on, and no sequencer runs beside this command.
        endpoint.sequence()?;
        let HandedOver { enrolments, statements, photos, refused, later } =
            runtime.block_on(endpoint.hand_over(self.to.as_deref()))?;
        print(&format!("{enrolments} enrolments, {statements} statements, {photos} photos handed on"));
        if refused + later > 0 {
            remark(&format!("{refused} refused for good, {later} refused for now; they stay here"));
        }
        Ok(())
    }
}

impl Status {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let counts = self.data.open(file)?.store().hall_counts()?;
        print(&format!(
            "waiting: {} enrolments, {} statements, {} photos; handed on: {}; refused: {}",
            counts.enrolments_waiting,
            counts.statements_waiting,
            counts.photos_waiting,
            counts.handed,
            counts.refused
        ));
        Ok(())
    }
}
