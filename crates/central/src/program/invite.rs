//! `saksi-central invite`: invitations for witnesses.

use anyhow::{Context as _, bail};
use central::Settings;
use central::store::Actor;
use clap::Args;
use tally::{Contest, ContestId, Election, StationId};

use super::config::FileSettings;
use super::{DataFolder, ElectionFile, open, print};

#[derive(Debug, Args)]
pub(super) struct Invite {
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    election: ElectionFile,
    /// The stations, for instance 52.71.01.1001-014.
    #[arg(required_unless_present = "all_stations", conflicts_with = "all_stations")]
    stations: Vec<StationId>,
    /// Invite for every station of the election that votes in one of the contests.
    #[arg(long)]
    all_stations: bool,
    /// A contest to witness; may be repeated. Without it, all contests of each station.
    #[arg(long = "contest", value_name = "CONTEST")]
    contests: Vec<ContestId>,
    /// Number of witnesses to invite for each station.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=100))]
    count: u16,
    /// The address at which devices reach the endpoint; without it, the one of the last `serve`.
    #[arg(long, value_name = "URL", env = "SAKSI_CENTRAL_PUBLIC_URL")]
    public_url: Option<String>,
}

impl Invite {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let public_url = self.public_url.clone().or_else(|| file.public_url.clone());
        let settings = Settings { public_url, ..self.data.settings(file) };
        let endpoint = open(&settings, self.election.read(file)?)?;
        if endpoint.public_url().is_none() {
            bail!(
                "the endpoint has not served yet, so its address is not known; give it with --public-url URL"
            );
        }
        let stations =
            if self.all_stations { self.all_of(endpoint.election()) } else { self.stations.clone() };
        let each = |station: StationId| std::iter::repeat_n(station, usize::from(self.count));
        let wanted: Vec<StationId> = stations.into_iter().flat_map(each).collect();
        let made =
            endpoint.invite(&wanted, &self.contests, &Actor::Operator).context("nobody was invited")?;
        for invitation in made {
            print(&format!("{}\t{}", invitation.station, invitation.link));
        }
        Ok(())
    }

    /// Every station that votes in one of the named contests; all stations when none is named.
    fn all_of(&self, election: &Election) -> Vec<StationId> {
        let is_named = |contest: &Contest| self.contests.is_empty() || self.contests.contains(&contest.id);
        election.stations().filter(|station| election.contests_at(station).any(is_named)).collect()
    }
}
