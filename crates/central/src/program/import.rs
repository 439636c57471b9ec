//! `saksi-central import`: bundles and pictures of codes that came by hand.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;

use super::{DataFolder, say};

#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    data: DataFolder,
    /// Bundles (.saksi), or JPEG or PNG pictures of a tally's QR code.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Import {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let endpoint = self.data.open(None, None)?;
        let mut all_taken = true;
        for file in &self.files {
            let imported = endpoint.import(file).with_context(|| format!("{}", file.display()))?;
            say(&format!(
                "{}: {} statements are new, {} were here, {} refused; {} photos are here, {} refused",
                file.display(),
                imported.accepted - imported.already_here,
                imported.already_here,
                imported.refused.len(),
                imported.photos,
                imported.photos_refused.len()
            ));
            for reason in imported.refused.iter().chain(&imported.photos_refused) {
                say(&format!("  {reason}"));
                all_taken = false;
            }
        }
        endpoint.sequence()?;
        if all_taken { Ok(()) } else { bail!("not everything was taken in") }
    }
}
