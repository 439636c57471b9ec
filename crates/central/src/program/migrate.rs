//! `saksi-central migrate`: brings the store to the schema of this program.

use central::{CopyBefore, Migrated};
use clap::Args;

use super::config::FileSettings;
use super::serve::lock;
use super::{DataFolder, print};

#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    data: DataFolder,
    /// Save no copy of the store before. Use it if there is a backup, or where `pg_dump` is missing.
    #[arg(long)]
    without_copy: bool,
}

impl Migrate {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let settings = self.data.settings(file);
        let _lock = lock(&settings.data)?;
        let copy = if self.without_copy { CopyBefore::Skip } else { CopyBefore::Save };
        print(&report(&central::migrate(&settings, copy)?));
        Ok(())
    }
}

fn report(done: &Migrated) -> String {
    match done {
        Migrated::Current => String::from("the store has the schema of this program"),
        Migrated::Done { from, to, copy: None } => format!("migrated the store from schema {from} to {to}"),
        Migrated::Done { from, to, copy: Some(copy) } => {
            format!(
                "migrated the store from schema {from} to {to}; {} is a copy of it before",
                copy.display()
            )
        }
    }
}
