//! The election that the endpoint serves, with the paper of each contest, and the rule for its next version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use evidence::Namespace;
use sheet::{FormGeometry, GeometryError};
use tally::{
    ContestId, Election, ElectionId, FieldCode, FormId, Paper, RegionCode, RegionLevel, StationId,
    StationKind,
};

use super::districts::Districts;
use super::papers::Papers;
use super::rounds::Rounds;
use crate::store::ArrivedStatements;

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

    /// The signing context that statements of this election carry.
    pub fn namespace(&self) -> Namespace {
        if self.election.drill { Namespace::Drill } else { Namespace::Real }
    }
}

/// What happens to the stored package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageChange {
    /// It stays.
    Same,
    /// The given package replaces it, or is the first.
    Replaced,
}

/// Why a package cannot replace the stored one.
#[derive(Debug, thiserror::Error)]
pub enum PackageRefusal {
    /// Another election.
    #[error(
        "this data folder belongs to the election `{stored}`, and the package is of `{given}`; use another --data \
         folder for another election"
    )]
    OtherElection { stored: ElectionId, given: ElectionId },
    /// A drill for a real count, or the reverse.
    #[error(
        "this data folder is for {stored}, and the package is for {given}; a drill never meets the real count"
    )]
    OtherNamespace { stored: &'static str, given: &'static str },
    /// An older version.
    #[error("this data folder already has version {stored} of the package, and version {given} is older")]
    Older { stored: u32, given: u32 },
    /// A change without a new version.
    #[error("the package was changed but still calls itself version {version}; raise its `version`")]
    SameVersion { version: u32 },
    /// The rows of a paper changed after tallies of it had arrived.
    #[error(
        "version {given} changes the paper of the contest `{contest}`, of which tallies have arrived; their figures \
         would no longer fit"
    )]
    PaperChanged { given: u32, contest: String },
    /// A form's geometry cannot be read, so that its photos could not be examined.
    #[error(
        "cannot read the geometry of the form {form}; correct its `geometry`, or leave it out: then photos of the form \
         are accepted without being examined"
    )]
    Geometry { form: String, source: GeometryError },
    /// A station with statements is gone.
    #[error(
        "version {given} leaves out the station {station}, of which statements have arrived; to leave it out all \
         the same, start once with --leave-out-stations: the statements are kept, and not counted"
    )]
    StationGone { given: u32, station: StationId },
}

/// Checks that the geometry of every form of the package can be read.
pub fn check_geometries(election: &Election) -> Result<(), PackageRefusal> {
    election.forms.iter().try_for_each(|form| {
        FormGeometry::of(form.id.as_str(), form.geometry.as_ref())
            .map(drop)
            .map_err(|source| PackageRefusal::Geometry { form: form.id.to_string(), source })
    })
}

/// What happens to a package that leaves out stations of which statements have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutStations {
    Refused,
    /// The operator said so.
    Allowed,
}

/// Decides whether `given` may replace `stored`.
pub fn may_follow(
    stored: &Package,
    given: &Package,
    arrived: &ArrivedStatements,
    left_out_stations: LeftOutStations,
) -> Result<PackageChange, PackageRefusal> {
    let (old, new) = (&stored.election, &given.election);
    if old.id != new.id {
        return Err(PackageRefusal::OtherElection { stored: old.id.clone(), given: new.id.clone() });
    }
    if old.drill != new.drill {
        let word = |drill| if drill { "a drill" } else { "the real count" };
        return Err(PackageRefusal::OtherNamespace { stored: word(old.drill), given: word(new.drill) });
    }
    if new.version < old.version {
        return Err(PackageRefusal::Older { stored: old.version, given: new.version });
    }
    if new == old {
        return Ok(PackageChange::Same);
    }
    if new.version == old.version {
        return Err(PackageRefusal::SameVersion { version: new.version });
    }
    keeps_papers(stored, given, &arrived.contests)?;
    match left_out(given, arrived).into_iter().next() {
        Some(station) if left_out_stations == LeftOutStations::Refused => {
            Err(PackageRefusal::StationGone { given: new.version, station })
        }
        _ => Ok(PackageChange::Replaced),
    }
}

/// Checks that the rows of the papers of which tallies arrived are the same.
fn keeps_papers(
    stored: &Package,
    given: &Package,
    contests: &BTreeSet<ContestId>,
) -> Result<(), PackageRefusal> {
    let changed = |contest: &&ContestId| rows(stored, contest) != rows(given, contest);
    match contests.iter().find(changed) {
        Some(contest) => {
            let (given, contest) = (given.election.version, contest.to_string());
            Err(PackageRefusal::PaperChanged { given, contest })
        }
        None => Ok(()),
    }
}

/// The stations of which statements have arrived and that the package does not have.
pub fn left_out(given: &Package, arrived: &ArrivedStatements) -> Vec<StationId> {
    arrived.stations.iter().filter(|station| !given.election.has_station(station)).cloned().collect()
}

/// Whether the package has the station of a stored statement, and the same paper if the statement is a tally.
pub fn has_place(stored: &Package, given: &Package, station: &str, contest: Option<&ContestId>) -> bool {
    let has_station = station.parse::<StationId>().is_ok_and(|station| given.election.has_station(&station));
    has_station && contest.is_none_or(|contest| rows(stored, contest) == rows(given, contest))
}

/// The form and the fields of a contest's paper.
fn rows(package: &Package, contest: &ContestId) -> Option<(FormId, Vec<FieldCode>)> {
    let paper = package.paper(contest)?;
    let fields = paper.fields().iter().map(|field| field.code.clone());
    Some((paper.form().id.clone(), fields.collect()))
}
