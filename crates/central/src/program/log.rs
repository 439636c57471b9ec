//! `saksi-central log`: the log's newest checkpoint, and its key.

use anyhow::Context as _;
use central::store::Actor;
use clap::{Args, Subcommand};

use super::serve::lock;
use super::{DataFolder, complain, say};

#[derive(Debug, Subcommand)]
pub(super) enum Log {
    /// Print the newest checkpoint, to be kept where nobody can change it.
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
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Checkpoint(Checkpoint { data }) => {
                let note = data.open(None, None)?.checkpoint()?;
                say(note.trim_end());
            }
            Self::RotateKey(RotateKey { data }) => {
                let _nobody_serves = lock(&data.data)?;
                let rotation = data.open(None, None)?.rotate_log_key(&Actor::Operator);
                let rotation = rotation.context("the log keeps its key")?;
                say(&rotation.to_hex());
                complain(&format!(
                    "log {} was handed over to {}; whoever trusts the old key needs the line above to trust the new one, \
                     and it is served at /v1/log/keys too",
                    rotation.old.id(),
                    rotation.new.id()
                ));
            }
        }
        Ok(())
    }
}
