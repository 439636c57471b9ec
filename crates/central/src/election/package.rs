//! The election that the endpoint serves, with the paper of each contest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use evidence::Namespace;
use tally::{Choice, Contest, ContestId, Election, Paper, RegionCode, RegionLevel, StationKind};

pub use super::next_version::{LeftOutStations, PackageChange, PackageRefusal, check_geometries};

use super::districts::Districts;
use super::papers::Papers;
use super::rounds::Rounds;
use crate::view::RegionName;

/// An election with its papers and an index of its regions.
#[derive(Debug)]
pub struct Package {
    pub election: Election,
    papers: Papers,
    pub(super) districts: Districts,
    pub(super) rounds: Rounds,
    /// Every desa with a station, by code.
    desas: Vec<RegionCode>,
    /// Number of stations in each region.
    station_counts: BTreeMap<RegionCode, u32>,
    /// The regions directly below each, by code; those at the top under `None`.
    children: BTreeMap<Option<RegionCode>, Vec<RegionCode>>,
}

impl Package {
    /// Indexes `election`.
    pub fn new(election: Election) -> Self {
        let mut station_counts: BTreeMap<RegionCode, u32> = BTreeMap::new();
        let mut children: BTreeMap<Option<RegionCode>, BTreeSet<RegionCode>> = BTreeMap::new();
        let mut desas: Vec<RegionCode> = election.stations.iter().map(|block| block.desa.clone()).collect();
        desas.sort();
        desas.dedup();
        for desa in &desas {
            let count = election.station_count_of(desa);
            for code in desa.path() {
                *station_counts.entry(code.clone()).or_default() += count;
                children.entry(code.parent()).or_default().insert(code);
            }
        }
        let children =
            children.into_iter().map(|(code, below)| (code, below.into_iter().collect())).collect();
        let districts = Districts::of(&election, &station_counts);
        let rounds = Rounds::of(&election);
        Self { election, papers: Papers::default(), districts, rounds, desas, station_counts, children }
    }

    /// Number of stations in a region; `None` is the whole election.
    pub fn stations_in(&self, region: Option<&RegionCode>) -> u32 {
        match region {
            Some(code) => self.station_counts.get(code).copied().unwrap_or(0),
            None => self.election.station_count(),
        }
    }

    /// The regions with stations directly below a region, by code.
    pub fn children(&self, region: Option<&RegionCode>) -> &[RegionCode] {
        self.children.get(&region.cloned()).map_or(&[], Vec::as_slice)
    }

    /// Every desa of a region that has stations, by code.
    pub fn desas_in(&self, region: Option<&RegionCode>) -> &[RegionCode] {
        let Some(region) = region else { return &self.desas };
        let first = self.desas.partition_point(|desa| desa < region);
        let inside = self.desas[first..].iter().take_while(|desa| region.contains(desa)).count();
        &self.desas[first..first + inside]
    }

    /// Every region of this level that has stations, by code.
    pub fn at_level(&self, level: RegionLevel) -> Vec<RegionCode> {
        self.station_counts.keys().filter(|code| code.level() == level).cloned().collect()
    }

    /// The paper of a contest at a TPS.
    pub fn paper(&self, contest: &ContestId) -> Option<Arc<Paper>> {
        self.paper_of_kind(contest, StationKind::Tps)
    }

    /// The paper of a contest at stations of this kind.
    pub fn paper_of_kind(&self, contest: &ContestId, kind: StationKind) -> Option<Arc<Paper>> {
        self.papers.get(&self.election, contest, kind)
    }

    /// A region's name; its code when the package has no name for it.
    pub fn region_name(&self, code: &RegionCode) -> String {
        match self.election.region(code) {
            Some(region) => region.name.clone(),
            None => code.to_string(),
        }
    }

    /// A region with its name.
    pub(crate) fn named(&self, code: RegionCode) -> RegionName {
        RegionName { name: self.region_name(&code), code }
    }

    /// The regions from the provinsi down to this one; none for the whole election.
    pub(crate) fn named_path(&self, region: Option<&RegionCode>) -> Vec<RegionName> {
        region.map(RegionCode::path).unwrap_or_default().into_iter().map(|code| self.named(code)).collect()
    }

    /// The name of whom votes are for: candidates, or a party. Empty if the contest does not have it.
    pub(crate) fn choice_name(&self, contest: &Contest, choice: Choice) -> String {
        let party = |number| self.election.parties.iter().find(|party| party.number == number);
        match (choice.party().and_then(party), contest.candidate(choice)) {
            (_, Some(candidate)) => candidate.names.join(" / "),
            (Some(party), None) => party.name.clone(),
            (None, None) => String::new(),
        }
    }

    /// The signing context that statements of this election carry.
    pub fn namespace(&self) -> Namespace {
        if self.election.drill { Namespace::Drill } else { Namespace::Real }
    }
}
