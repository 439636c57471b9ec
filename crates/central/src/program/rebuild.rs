//! `saksi-central rebuild`: what counting reads, made anew from the statements.

use clap::Args;

use super::serve::lock;
use super::{DataFolder, say};

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    data: DataFolder,
}

impl Rebuild {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let _nobody_serves = lock(&self.data.data)?;
        let statements = self.data.open(None, None)?.rebuild()?;
        say(&format!("made anew from {statements} statements; every signature holds"));
        Ok(())
    }
}
