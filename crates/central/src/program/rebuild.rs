//! `saksi-central rebuild`: derives what counting reads again from the statements.

use clap::Args;

use super::config::FileSettings;
use super::serve::lock;
use super::{DataFolder, print};

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    data: DataFolder,
}

impl Rebuild {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let _lock = lock(&self.data.settings(file).data)?;
        let statements = self.data.open(file)?.rebuild()?;
        print(&format!("rebuilt from {statements} statements; every signature holds"));
        Ok(())
    }
}
