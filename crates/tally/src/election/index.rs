//! Index of the contests, regions and stations of a package.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::election::{Election, StationNumbers};
use crate::id::{ContestId, RegionCode, StationId, StationKind};

/// A [`Lookup`] that is built on first use. It is not part of the package, so it does not take part in
/// comparisons.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index(OnceLock<Lookup>);

/// Positions in the lists of the package.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookup {
    pub(super) contests: HashMap<ContestId, usize>,
    /// The contests that are voted everywhere.
    pub(super) everywhere: Vec<usize>,
    /// The other contests, by the regions of their districts.
    pub(super) districts: HashMap<RegionCode, Vec<usize>>,
    pub(super) regions: HashMap<RegionCode, usize>,
    pub(super) children: HashMap<RegionCode, Vec<usize>>,
    pub(super) roots: Vec<usize>,
    /// The stations of each desa, by kind.
    pub(super) stations: HashMap<RegionCode, Vec<(StationKind, StationNumbers)>>,
    pub(super) station_count: u32,
    /// The later rounds of each station.
    pub(super) rounds: HashMap<StationId, Vec<usize>>,
}

impl Index {
    pub(super) fn of(&self, election: &Election) -> &Lookup {
        self.0.get_or_init(|| Lookup::new(election))
    }
}

impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Index {}

impl Lookup {
    fn new(election: &Election) -> Self {
        let mut lookup = Self::default();
        lookup.add_contests(election);
        lookup.add_regions(election);
        lookup.add_stations(election);
        lookup.add_rounds(election);
        lookup
    }

    fn add_contests(&mut self, election: &Election) {
        for (position, contest) in election.contests.iter().enumerate() {
            self.contests.entry(contest.id.clone()).or_insert(position);
            if contest.district.is_empty() {
                self.everywhere.push(position);
            }
            for region in &contest.district {
                self.districts.entry(region.clone()).or_default().push(position);
            }
        }
    }

    fn add_regions(&mut self, election: &Election) {
        for (position, region) in election.regions.iter().enumerate() {
            self.regions.insert(region.code.clone(), position);
            match region.code.parent() {
                Some(parent) => self.children.entry(parent).or_default().push(position),
                None => self.roots.push(position),
            }
        }
    }

    fn add_stations(&mut self, election: &Election) {
        for block in &election.stations {
            // The loader has checked the package. In a package that code built by hand, an unreadable block
            // has no stations.
            if let Ok(numbers) = block.numbers.parse::<StationNumbers>() {
                self.station_count += numbers.count();
                let blocks = self.stations.entry(block.desa.clone()).or_default();
                blocks.push((block.kind, numbers));
                blocks.sort_by_key(|(kind, _)| *kind);
            }
        }
    }

    fn add_rounds(&mut self, election: &Election) {
        for (position, round) in election.rounds.iter().enumerate() {
            for station in &round.stations {
                self.rounds.entry(station.clone()).or_default().push(position);
            }
        }
    }
}
