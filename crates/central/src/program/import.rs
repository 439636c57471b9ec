//! `saksi-central import`: imports bundles and pictures of codes.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use central::store::Actor;
use clap::Args;

use super::config::FileSettings;
use super::{DataFolder, print};

#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    data: DataFolder,
    /// Bundles (.saksi), or JPEG or PNG pictures of a tally's QR code.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Import {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let mut all_imported = true;
        for file in &self.files {
            let imported =
                endpoint.import(file).with_context(|| format!("cannot import {}", file.display()))?;
            endpoint.record_import(&imported, &Actor::Operator)?;
            print(&format!(
                "{}: {} statements are new, {} were here, {} refused; {} photos are here, {} refused",
                file.display(),
                imported.accepted - imported.already_here,
                imported.already_here,
                imported.refused.len(),
                imported.photos,
                imported.photos_refused.len()
            ));
            for reason in imported.refused.iter().chain(&imported.photos_refused) {
                print(&format!("  {reason}"));
                all_imported = false;
            }
        }
        endpoint.sequence()?;
        if all_imported { Ok(()) } else { bail!("not everything was imported") }
    }
}
