//! `saksi-central device`: the witnesses' phones.

use anyhow::bail;
use central::store::Actor;
use clap::{Args, Subcommand};
use evidence::DeviceId;
use tally::{ContestId, StationId};

use super::{DataFolder, say};

#[derive(Debug, Subcommand)]
pub(super) enum Device {
    /// List the phones that have enrolled.
    List(List),
    /// Revoke a lost phone: what it sent before stays, what arrives afterwards is kept apart and never counts.
    Revoke(Revoke),
    /// Give a phone one more station; it hears of that the next time it is online.
    Assign(Assign),
    /// Take a station from a phone; what it sent of it before still counts.
    Unassign(Unassign),
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

#[derive(Debug, Args)]
pub(super) struct Assign {
    #[command(flatten)]
    data: DataFolder,
    /// The phone's name, 32 hex digits.
    device: DeviceId,
    /// The station, for instance 52.71.05.1001-003.
    station: StationId,
    /// A contest that it watches there; all when none is named.
    #[arg(long = "contest", value_name = "CONTEST")]
    contests: Vec<ContestId>,
}

#[derive(Debug, Args)]
pub(super) struct Unassign {
    #[command(flatten)]
    data: DataFolder,
    /// The phone's name, 32 hex digits.
    device: DeviceId,
    /// The station.
    station: StationId,
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
            Self::Assign(Assign { data, device, station, contests }) => {
                if !data.open(None, None)?.assign(*device, station, contests, &Actor::Operator)? {
                    bail!("there is no phone {device}, or it witnesses at {station} already");
                }
                say(&format!("{device} witnesses at {station}; it hears of that when it is online"));
            }
            Self::Unassign(Unassign { data, device, station }) => {
                if !data.open(None, None)?.unassign(*device, station, &Actor::Operator)? {
                    bail!("no phone {device} witnesses at {station}");
                }
                say(&format!(
                    "{device} does not witness at {station} any more; what it sent before still counts"
                ));
            }
        }
        Ok(())
    }
}
