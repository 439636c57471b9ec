//! `saksi-central backup` and `restore`.

use std::path::PathBuf;

use clap::Args;

use super::serve::lock;
use super::{DataFolder, say};

#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    data: DataFolder,
    /// The folder of the backup. One that is there gets the store anew and the photos that it lacks.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let photos = self.data.open(None, None)?.back_up(&self.data.settings(None), &self.to)?;
        say(&format!(
            "{} has the store, and {photos} more photos; the log's key is not in it and is to be kept apart",
            self.to.display()
        ));
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    data: DataFolder,
    /// The folder of the backup.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

impl Restore {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let _nobody_serves = lock(&self.data.data)?;
        let photos = central::restore(&self.data.settings(None), &self.from)?;
        say(&format!(
            "the store and {photos} photos are back; put the log's key where it was, then `saksi-central rebuild` checks \
             every signature"
        ));
        Ok(())
    }
}
