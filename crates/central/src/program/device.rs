//! `saksi-central device`: lists, assigns and revokes the devices of witnesses.

use anyhow::bail;
use central::store::Actor;
use clap::{Args, Subcommand};
use evidence::DeviceId;
use tally::{ContestId, StationId};

use super::config::FileSettings;
use super::{DataFolder, print};

#[derive(Debug, Subcommand)]
pub(super) enum Device {
    /// List the devices that have enrolled.
    List(List),
    /// Revoke a lost device: what it sent before stays, what arrives afterwards is quarantined and never
    /// counts.
    Revoke(Revoke),
    /// Assign a device to one more station. It learns this the next time it is online.
    Assign(Assign),
    /// End the assignments of a device at a station. What it sent before still counts.
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
    /// The device's id, 32 hex digits, as the app's help page and `device list` show it.
    device: DeviceId,
    /// The reason. It goes into the database, and can be erased there.
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Assign {
    #[command(flatten)]
    data: DataFolder,
    /// The device's id, 32 hex digits.
    device: DeviceId,
    /// The station, for instance 52.71.05.1001-003.
    station: StationId,
    /// A contest that it witnesses there; all when none is named.
    #[arg(long = "contest", value_name = "CONTEST")]
    contests: Vec<ContestId>,
}

#[derive(Debug, Args)]
pub(super) struct Unassign {
    #[command(flatten)]
    data: DataFolder,
    /// The device's id, 32 hex digits.
    device: DeviceId,
    /// The station.
    station: StationId,
}

impl Device {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(file),
            Self::Revoke(revoke) => revoke.run(file),
            Self::Assign(assign) => assign.run(file),
            Self::Unassign(unassign) => unassign.run(file),
        }
    }
}

impl List {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        for device in self.data.open(file)?.store().devices()? {
            let state = if device.revoked_at_ms.is_some() { "revoked" } else { "enrolled" };
            print(&format!("{}\t{state}", device.device));
        }
        Ok(())
    }
}

impl Revoke {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let Self { data, device, because } = self;
        if !data.open(file)?.revoke_device(*device, because.as_deref(), &Actor::Operator)? {
            bail!("there is no device {device} that could be revoked");
        }
        print(&format!(
            "{device} is revoked: what arrives from it from now on is quarantined and never counts"
        ));
        Ok(())
    }
}

impl Assign {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let Self { data, device, station, contests } = self;
        if !data.open(file)?.assign(*device, station, contests, &Actor::Operator)? {
            bail!("there is no device {device}, or it witnesses at {station} already");
        }
        print(&format!("{device} witnesses at {station}; it learns this when it is online"));
        Ok(())
    }
}

impl Unassign {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let Self { data, device, station } = self;
        if !data.open(file)?.unassign(*device, station, &Actor::Operator)? {
            bail!("no device {device} witnesses at {station}");
        }
        print(&format!("{device} does not witness at {station} any more; what it sent before still counts"));
        Ok(())
    }
}
