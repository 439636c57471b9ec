//! `saksi-central device`: the witnesses' phones.

use anyhow::bail;
use central::store::Actor;
use clap::{Args, Subcommand};
use evidence::DeviceId;

use super::{DataFolder, say};

#[derive(Debug, Subcommand)]
pub(super) enum Device {
    /// List the phones that have enrolled.
    List(List),
    /// Revoke a lost phone: what it sent before stays, what arrives afterwards is kept apart and never counts.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    data: DataFolder,
    /// The phone's name, 32 hex digits, as the app's help page and `device list` show it.
    device: DeviceId,
    /// Why. It goes into the database, and can be erased there.
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
}

impl Device {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::List(List { data }) => {
                for device in data.open(None, None)?.store().devices()? {
                    let state = if device.revoked_at_ms.is_some() { "revoked" } else { "enrolled" };
                    say(&format!("{}\t{state}", device.device));
                }
            }
            Self::Revoke(Revoke { data, device, because }) => {
                if !data.open(None, None)?.revoke_device(*device, because.as_deref(), &Actor::Operator)? {
                    bail!("there is no phone {device} that could be revoked");
                }
                say(&format!(
                    "{device} is revoked: what arrives from it from now on is kept apart and never counts"
                ));
            }
        }
        Ok(())
    }
}
