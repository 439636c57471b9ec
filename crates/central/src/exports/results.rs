//! The results of all stations of a region, one after the other.

use std::collections::BTreeSet;

use tally::{Choice, Contest, RegionCode, RegionLevel, StationId};

use crate::endpoint::Endpoint;
use crate::model::count::StationCount;
use crate::official::choices;
use crate::refusal::Refusal;
use crate::store::StationRange;

/// What an export is about.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    /// The contests, in the package's order. Of several, only the lists are comparable.
    pub(crate) contests: Vec<&'a Contest>,
    /// `None` is the whole election.
    pub(crate) region: Option<RegionCode>,
}

/// The result of one station. Without a count nothing is known: missing is not zero.
pub(crate) struct StationResult<'a> {
    pub(crate) contest: &'a Contest,
    pub(crate) station: StationId,
    pub(crate) count: Option<&'a StationCount>,
}

impl Scope<'_> {
    /// Number of results.
    pub(crate) fn len(&self, endpoint: &Endpoint) -> u64 {
        let of = |contest: &&Contest| endpoint.package().stations_voting(contest, self.region.as_ref());
        self.contests.iter().map(of).map(u64::from).sum()
    }

    /// For whom votes are stated, in the order of the ballot: lists as a whole where there are several
    /// contests.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        if let [contest] = self.contests[..] {
            return choices(contest);
        }
        let all: BTreeSet<Choice> = self.contests.iter().flat_map(|contest| choices(contest)).collect();
        all.into_iter().filter(|choice| matches!(choice, Choice::List(_) | Choice::Candidate(_))).collect()
    }

    /// Calls `each` for every station, by region, and in it by contest.
    pub(crate) fn each(
        &self,
        endpoint: &Endpoint,
        mut each: impl FnMut(&StationResult<'_>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        for part in self.parts(endpoint) {
            for contest in self.contests.iter().filter(|contest| contest.touches(&part)) {
                let range = StationRange::of_region(Some(&part));
                let counts = endpoint.store().station_counts(&contest.id, &range)?;
                let desas = endpoint.package().desas_in(Some(&part)).iter();
                for desa in desas.filter(|desa| contest.covers(desa)) {
                    for station in endpoint.election().stations_of(desa) {
                        let count = counts.get(&station);
                        each(&StationResult { contest, station, count })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The regions that are read at once: kabupaten and kota, or the region itself if it is smaller.
    fn parts(&self, endpoint: &Endpoint) -> Vec<RegionCode> {
        match &self.region {
            Some(region) if region.level() >= RegionLevel::KabupatenKota => vec![region.clone()],
            region => {
                let mut parts = endpoint.package().at_level(RegionLevel::KabupatenKota);
                parts.retain(|part| region.as_ref().is_none_or(|region| region.contains(part)));
                parts
            }
        }
    }
}

impl StationResult<'_> {
    /// The count, if there is a tally that counts.
    pub(crate) fn counted(&self) -> Option<&StationCount> {
        self.count.filter(|count| count.counts())
    }

    /// The votes of a choice, if there is a tally that counts.
    pub(crate) fn votes(&self, choice: Choice) -> Option<u32> {
        self.counted().map(|count| count.votes.get(&choice).copied().unwrap_or(0))
    }

    /// The valid votes, if there is a tally that counts.
    pub(crate) fn valid(&self) -> Option<u32> {
        let is_part = |choice: &Choice| matches!(choice, Choice::List(_) | Choice::Candidate(_));
        let votes = &self.counted()?.votes;
        Some(votes.iter().filter(|(choice, _)| is_part(choice)).map(|(_, votes)| *votes).sum())
    }
}
