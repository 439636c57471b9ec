//! `saksi-central log`: the log's newest checkpoint, and its key.

use anyhow::Context as _;
use central::store::Actor;
use clap::{Args, Subcommand};

use super::config::FileSettings;
use super::serve::lock;
use super::{DataFolder, print, remark};

#[derive(Debug, Subcommand)]
pub(super) enum Log {
    /// Print the newest checkpoint, to store where nobody can change it.
    Checkpoint(Checkpoint),
    /// Make a new key that the old one signs, and destroy the old one. The endpoint must not be serving.
    RotateKey(RotateKey),
}

#[derive(Debug, Args)]
pub(super) struct Checkpoint {
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Debug, Args)]
pub(super) struct RotateKey {
    #[command(flatten)]
    data: DataFolder,
}

impl Log {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::Checkpoint(Checkpoint { data }) => {
                let note = data.open(file)?.checkpoint()?;
                print(note.trim_end());
            }
            Self::RotateKey(RotateKey { data }) => {
                let _lock = lock(&data.settings(file).data)?;
                let rotation = data.open(file)?.rotate_log_key(&Actor::Operator);
                let rotation = rotation.context("the log still has its old key")?;
                print(&rotation.to_hex());
                remark(&format!(
                    "log {} was handed over to {}; the line above proves it to everybody who trusts the old key, and is also \
                     served at /v1/log/keys",
                    rotation.old.id(),
                    rotation.new.id()
                ));
            }
        }
        Ok(())
    }
}
