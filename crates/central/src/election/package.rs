//! The election that this endpoint serves, with each contest's paper spelled out, and which change of it is taken.

use std::collections::{BTreeMap, BTreeSet};

use evidence::Namespace;
use sheet::FormGeometry;
use tally::{ContestId, Election, ElectionId, Paper, RegionCode, RegionLevel, StationId};

/// An election with its papers at hand.
#[derive(Debug)]
pub struct Package {
    /// The election.
    pub election: Election,
    papers: BTreeMap<ContestId, Paper>,
    /// Every desa with a station, by code.
    desas: Vec<RegionCode>,
    /// How many stations lie in each region.
    station_counts: BTreeMap<RegionCode, u32>,
    /// The regions directly below each, by code; those at the top under `None`.
    children: BTreeMap<Option<RegionCode>, Vec<RegionCode>>,
}

impl Package {
    /// Spells out the papers of `election`.
    pub fn new(election: Election) -> Self {
        let papers = election
            .contests
            .iter()
            .filter_map(|contest| Some((contest.id.clone(), election.paper(&contest.id)?)))
            .collect();
        let mut station_counts: BTreeMap<RegionCode, u32> = BTreeMap::new();
        let mut children: BTreeMap<Option<RegionCode>, BTreeSet<RegionCode>> = BTreeMap::new();
        let mut desas = Vec::new();
        for block in &election.stations {
            let count = u32::try_from(election.stations_of(&block.desa).count()).unwrap_or(u32::MAX);
            for code in block.desa.path() {
                *station_counts.entry(code.clone()).or_default() += count;
                children.entry(code.parent()).or_default().insert(code);
            }
            desas.push(block.desa.clone());
        }
        desas.sort();
        desas.dedup();
        let children =
            children.into_iter().map(|(code, below)| (code, below.into_iter().collect())).collect();
        Self { election, papers, desas, station_counts, children }
    }

    /// How many stations lie in a region; in the whole election for `None`.
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

    /// Every desa with stations in a region, by code.
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

    /// The paper of a contest.
    pub fn paper(&self, contest: &ContestId) -> Option<&Paper> {
        self.papers.get(contest)
    }

    /// The signing context that statements of this election carry.
    pub fn namespace(&self) -> Namespace {
        if self.election.drill { Namespace::Drill } else { Namespace::Real }
    }
}

/// What is done with the package that was given, beside the one that the data folder has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageChange {
    /// It is the same.
    Same,
    /// It is the first, or a newer version.
    Taken,
}

/// Why a package does not go with what the data folder has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackageRefusal {
    /// Another election.
    #[error(
        "this data folder belongs to the election `{held}`, and the package is of `{given}`; use another --data folder for another election"
    )]
    OtherElection {
        /// The folder's.
        held: ElectionId,
        /// The package's.
        given: ElectionId,
    },
    /// A drill for a real count, or the reverse.
    #[error(
        "this data folder is for {held}, and the package is for {given}; a drill never meets the real count"
    )]
    OtherNamespace {
        /// The folder's.
        held: &'static str,
        /// The package's.
        given: &'static str,
    },
    /// An older version.
    #[error("this data folder already has version {held} of the package, and version {given} is older")]
    Older {
        /// The folder's.
        held: u32,
        /// The package's.
        given: u32,
    },
    /// A change without a new version.
    #[error("the package was changed but still calls itself version {version}; raise its `version`")]
    SameVersion {
        /// Both versions.
        version: u32,
    },
    /// The rows of a paper changed after tallies of it had arrived.
    #[error(
        "version {given} changes the paper of the contest `{contest}`, of which tallies have arrived; their figures would no longer fit"
    )]
    PaperChanged {
        /// The package's version.
        given: u32,
        /// The contest.
        contest: String,
    },
    /// A form's geometry cannot be read, so that its photos could not be looked at.
    #[error(
        "{0}; correct its `geometry`, or leave it out: then photos of the form are taken in without being looked at"
    )]
    Geometry(String),
    /// A station is gone of which statements have arrived.
    #[error("version {given} leaves out the station {station}, of which statements have arrived")]
    StationGone {
        /// The package's version.
        given: u32,
        /// The station.
        station: StationId,
    },
}

/// Whether the geometry of every form that the package brings can be read.
pub fn geometries_of(election: &Election) -> Result<(), PackageRefusal> {
    election.forms.iter().try_for_each(|form| {
        FormGeometry::of(form.id.as_str(), form.geometry.as_ref())
            .map(drop)
            .map_err(|error| PackageRefusal::Geometry(format!("forms, {}: {error}", form.id)))
    })
}

/// Decides whether `given` may follow `held`. `told` are the contests and stations of which tallies have arrived.
pub fn may_follow(
    held: &Package,
    given: &Package,
    told: &BTreeSet<(StationId, ContestId)>,
) -> Result<PackageChange, PackageRefusal> {
    let (old, new) = (&held.election, &given.election);
    if old.id != new.id {
        return Err(PackageRefusal::OtherElection { held: old.id.clone(), given: new.id.clone() });
    }
    if old.drill != new.drill {
        let word = |drill| if drill { "a drill" } else { "the real count" };
        return Err(PackageRefusal::OtherNamespace { held: word(old.drill), given: word(new.drill) });
    }
    if new.version < old.version {
        return Err(PackageRefusal::Older { held: old.version, given: new.version });
    }
    if new == old {
        return Ok(PackageChange::Same);
    }
    if new.version == old.version {
        return Err(PackageRefusal::SameVersion { version: new.version });
    }
    let rows = |package: &Package, contest: &ContestId| {
        package.paper(contest).map(|paper| {
            let fields: Vec<_> = paper.fields().iter().map(|field| field.code.clone()).collect();
            (paper.form().id.clone(), fields)
        })
    };
    let contests: BTreeSet<&ContestId> = told.iter().map(|(_, contest)| contest).collect();
    if let Some(contest) = contests.into_iter().find(|contest| rows(held, contest) != rows(given, contest)) {
        return Err(PackageRefusal::PaperChanged { given: new.version, contest: contest.to_string() });
    }
    match told.iter().find(|(station, _)| !new.has_station(station)) {
        Some((station, _)) => {
            Err(PackageRefusal::StationGone { given: new.version, station: station.clone() })
        }
        None => Ok(PackageChange::Taken),
    }
}
