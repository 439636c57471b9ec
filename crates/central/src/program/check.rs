//! `saksi-central check`: what is wrong with an election package.

use std::path::PathBuf;

use central::package::check_geometries;
use clap::Args;

use super::print;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The election package.
    file: PathBuf,
}

impl Check {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let election = tally::load::read(&self.file)?;
        check_geometries(&election)?;
        print(&format!(
            "{}: {} version {}, {} contests, {} regions, {} stations; nothing is wrong with it",
            self.file.display(),
            election.id,
            election.version,
            election.contests.len(),
            election.regions.len(),
            election.station_count(),
        ));
        Ok(())
    }
}
