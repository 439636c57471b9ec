//! `saksi-central backup` and `restore`.

use std::path::PathBuf;

use clap::Args;

use super::config::FileSettings;
use super::serve::lock;
use super::{DataFolder, print};

#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    data: DataFolder,
    /// The folder of the backup. An older backup in it gets a new store and the photos that it lacks.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let photos = central::back_up(&self.data.settings(file), &self.to)?;
        print(&format!(
            "{} has the store, and {photos} more photos; the log's key is not in it: keep a copy of it apart",
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
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let settings = self.data.settings(file);
        let _lock = lock(&settings.data)?;
        let photos = central::restore(&settings, &self.from)?;
        print(&format!(
            "the store and {photos} photos are restored; put the log's key where it was, then `saksi-central rebuild` \
             checks every signature"
        ));
        Ok(())
    }
}
