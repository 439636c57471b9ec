//! `saksi-central invitation`: lists, withdraws and resends invitations.

use anyhow::bail;
use central::store::{Actor, InvitationFilter, StationRange, Withdrawal};
use clap::{Args, Subcommand};
use tally::RegionCode;

use super::config::FileSettings;
use super::{DataFolder, print};

/// Number of invitations that are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Invitation {
    /// List the invitations, newest first: number, last letters of the code, state, station, expiry. Codes
    /// are not stored.
    List(List),
    /// Withdraw invitations that nobody has used, for instance of a lost slip.
    Withdraw(Withdraw),
    /// Make new codes in place of invitations that nobody has used, and print their links: a slip was lost,
    /// or has expired. The old codes are withdrawn.
    Resend(Resend),
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    data: DataFolder,
    /// Only those to the stations of this region.
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
}

#[derive(Debug, Args)]
pub(super) struct Withdraw {
    #[command(flatten)]
    data: DataFolder,
    /// The numbers of the invitations, as `invitation list` and the console show them.
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<i64>,
}

#[derive(Debug, Args)]
pub(super) struct Resend {
    #[command(flatten)]
    data: DataFolder,
    /// The numbers of the invitations, as `invitation list` and the console show them.
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<i64>,
}

impl Invitation {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(file),
            Self::Withdraw(withdraw) => withdraw.run(file),
            Self::Resend(resend) => resend.run(file),
        }
    }
}

impl List {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let stations = StationRange::of_region(self.region.as_ref());
        let filter = [InvitationFilter { stations, text: None }];
        let mut before = None;
        loop {
            let page = endpoint.store().invitations(&filter, before, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            before = Some(last.number);
            for state in page {
                let view = endpoint.invitation_view(state);
                let state = format!("{:?}", view.state).to_lowercase();
                let expires = view.expires_at_ms / 1_000;
                print(&format!(
                    "{}\t{}\t{state}\t{}\texpires {expires}",
                    view.invitation, view.hint, view.station
                ));
            }
        }
    }
}

impl Withdraw {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        for &number in &self.numbers {
            match endpoint.withdraw_invitation(number, &Actor::Operator)? {
                Withdrawal::Withdrawn => print(&format!("the invitation {number} is withdrawn")),
                Withdrawal::Unknown => bail!("there is no invitation {number}"),
                Withdrawal::Used => {
                    bail!("a device has used the invitation {number}; revoke that device instead")
                }
            }
        }
        Ok(())
    }
}

impl Resend {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        for &number in &self.numbers {
            match endpoint.resend_invitation(number, &Actor::Operator)? {
                Ok(new) => print(&format!("{}\t{}", new.station, new.link)),
                Err(Withdrawal::Used) => bail!("a device has used the invitation {number}"),
                Err(Withdrawal::Unknown | Withdrawal::Withdrawn) => bail!("there is no invitation {number}"),
            }
        }
        Ok(())
    }
}
