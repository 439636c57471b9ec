//! Where contests are voted: the contests of a region, and the stations of a contest.

use std::collections::{BTreeMap, HashMap};

use tally::{Contest, ContestKind, Election, RegionCode};

use super::package::Package;

/// An index of the regions that have only a part of a contest's district, or have one beside other stations.
#[derive(Debug, Default)]
pub(super) struct Districts {
    /// The contests, as positions in the package, that are voted in a part of the region.
    partly: HashMap<RegionCode, Vec<usize>>,
    /// Numbers of stations that vote in a contest of the kind; `None` is the whole election.
    stations: HashMap<(ContestKind, Option<RegionCode>), u32>,
}

impl Districts {
    pub(super) fn of(election: &Election, station_counts: &BTreeMap<RegionCode, u32>) -> Self {
        let mut districts = Self::default();
        for (position, contest) in election.contests.iter().enumerate() {
            for part in largest_parts(&contest.district) {
                let stations = station_counts.get(part).copied().unwrap_or(0);
                districts.add(position, contest.kind, part, stations);
            }
        }
        districts
    }

    fn add(&mut self, position: usize, kind: ContestKind, part: &RegionCode, stations: u32) {
        *self.stations.entry((kind, None)).or_default() += stations;
        for region in std::iter::successors(part.parent(), RegionCode::parent) {
            *self.stations.entry((kind, Some(region.clone()))).or_default() += stations;
            let positions = self.partly.entry(region).or_default();
            if positions.last() != Some(&position) {
                positions.push(position);
            }
        }
    }
}

/// The regions of a district that lie in no other one, by code.
fn largest_parts(district: &[RegionCode]) -> Vec<&RegionCode> {
    let mut parts: Vec<&RegionCode> = district.iter().collect();
    parts.sort_unstable();
    parts.dedup_by(|next, part| part.contains(next));
    parts
}

impl Package {
    /// The contests that are voted in a region or in a part of it, in the package's order; `None` is the
    /// whole election.
    pub fn contests_touching(&self, region: Option<&RegionCode>) -> Vec<&Contest> {
        let Some(region) = region else { return self.election.contests.iter().collect() };
        let partly = self.districts.partly.get(region).map_or(&[][..], Vec::as_slice);
        let partly = partly.iter().filter_map(|&position| self.election.contests.get(position));
        let partly = partly.filter(|contest| !contest.covers(region));
        let mut contests: Vec<&Contest> = self.election.contests_in(region).chain(partly).collect();
        // The contests are in one list, so their addresses have its order.
        contests.sort_by_key(|contest| std::ptr::from_ref::<Contest>(contest));
        contests
    }

    /// Those of [`Self::contests_touching`] that are of this kind.
    pub fn contests_of_kind(&self, kind: ContestKind, region: Option<&RegionCode>) -> Vec<&Contest> {
        let mut contests = self.contests_touching(region);
        contests.retain(|contest| contest.kind == kind);
        contests
    }

    /// The contests by kind, in the order of the kinds.
    pub fn contests_by_kind(&self, region: Option<&RegionCode>) -> BTreeMap<ContestKind, Vec<&Contest>> {
        let mut kinds: BTreeMap<ContestKind, Vec<&Contest>> = BTreeMap::new();
        for contest in self.contests_touching(region) {
            kinds.entry(contest.kind).or_default().push(contest);
        }
        kinds
    }

    /// Number of stations of a region at which a contest is voted; `None` is the whole election.
    pub fn stations_voting(&self, contest: &Contest, region: Option<&RegionCode>) -> u32 {
        self.voting_parts(contest, region).into_iter().map(|part| self.stations_in(part)).sum()
    }

    /// Number of stations of a region at which a contest of this kind is voted; `None` is the whole election.
    pub fn stations_of_kind(&self, kind: ContestKind, region: Option<&RegionCode>) -> u32 {
        let of_kind = |contest: &Contest| contest.kind == kind;
        let is_everywhere = match region {
            Some(region) => self.election.contests_in(region).any(of_kind),
            None => {
                self.election.contests.iter().any(|contest| of_kind(contest) && contest.district.is_empty())
            }
        };
        if is_everywhere {
            return self.stations_in(region);
        }
        self.districts.stations.get(&(kind, region.cloned())).copied().unwrap_or(0)
    }

    /// Every desa of a region in which a contest is voted, by code. The lists follow each other.
    pub fn desas_voting(&self, contest: &Contest, region: Option<&RegionCode>) -> Vec<&[RegionCode]> {
        self.voting_parts(contest, region).into_iter().map(|part| self.desas_in(part)).collect()
    }

    /// Whether a region has one part of the contest's district and other regions the rest, while the region
    /// also has stations outside of the district.
    pub fn is_cut(&self, contest: &Contest, region: &RegionCode) -> bool {
        let is_outside = |part: &RegionCode| !region.contains(part) && !part.contains(region);
        let voting = self.stations_voting(contest, Some(region));
        let is_part = 0 < voting && voting < self.stations_in(Some(region));
        is_part && contest.district.iter().any(is_outside)
    }

    /// The largest regions within `region` in which a contest is voted, by code. `None` is the whole election.
    fn voting_parts<'a>(
        &self,
        contest: &'a Contest,
        region: Option<&'a RegionCode>,
    ) -> Vec<Option<&'a RegionCode>> {
        if region.map_or(contest.district.is_empty(), |region| contest.covers(region)) {
            return vec![region];
        }
        let is_inside = |part: &&RegionCode| region.is_none_or(|region| region.contains(part));
        largest_parts(&contest.district).into_iter().filter(is_inside).map(Some).collect()
    }
}
