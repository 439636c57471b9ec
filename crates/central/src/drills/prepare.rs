//! Makes a data folder that of a drill, and says which stations a phone practises at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use practice::{SCENARIO_BYTES_MAX, Scenario, ScenarioError, drill_package};
use protocol::Assignment;
use tally::{ContestKind, Election, PackageError, StationId, StationKind};

use crate::endpoint::{OpenError, Settings, open_store};
use crate::store::{HallMark, StoreError};

/// Maximum number of stations of each kind in the package of a drill. Phones beyond share stations, and have
/// other copies all the same.
const STATIONS_MAX: usize = 40;

/// Why a drill cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    #[error("cannot read the scenario {file}")]
    Read { file: PathBuf, source: io::Error },
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error("cannot serve a drill here: the data folder is that of an endpoint or of a hall")]
    NotADrill,
    #[error("cannot serve this scenario here: another one has begun in the data folder; take another folder")]
    OtherScenario,
    #[error(
        "cannot serve the scenario: no station of the package votes on what its exercises at a {0:?} need"
    )]
    NoStation(StationKind),
    #[error("cannot serve a drill of a package that is practice already; give that of the election")]
    AlreadyPractice,
    #[error(transparent)]
    Package(#[from] PackageError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Reads the file of a scenario.
pub fn read_scenario(file: &Path) -> Result<Scenario, DrillError> {
    let mut json = String::new();
    let read = std::fs::File::open(file)
        .and_then(|input| input.take(SCENARIO_BYTES_MAX as u64 + 1).read_to_string(&mut json));
    read.map_err(|source| DrillError::Read { file: file.to_owned(), source })?;
    Ok(Scenario::from_json(&json)?)
}

/// Makes the data folder that of a drill of `election`, whose results `hall` hands on if there is one.
/// Returns the package to open the endpoint with. A drill that has begun goes on with the package that it
/// has.
pub fn prepare(
    settings: &Settings,
    scenario: &Scenario,
    election: &Election,
    hall: Option<&HallMark>,
) -> Result<Election, DrillError> {
    let store = open_store(settings)?;
    let json = scenario.to_json();
    match (store.drill()?, store.election()?) {
        (Some(begun), _) if begun.scenario != json => return Err(DrillError::OtherScenario),
        (Some(_), Some(package)) => {
            store.open_drill(&json, hall)?;
            return Ok(package);
        }
        (Some(_), None) => {}
        (None, Some(_)) => return Err(DrillError::NotADrill),
        // A hall that keeps what phones gave it never becomes a drill.
        (None, None) if store.hall()?.is_some() => return Err(DrillError::NotADrill),
        (None, None) => {}
    }
    if election.drill {
        return Err(DrillError::AlreadyPractice);
    }
    let package = drill_package(election, scenario, &stations_for(election, scenario)?)?;
    store.open_drill(&json, hall)?;
    Ok(package)
}

/// The kinds of contests that the exercises need at each kind of station.
fn needed(scenario: &Scenario) -> BTreeMap<StationKind, BTreeSet<ContestKind>> {
    let mut needed: BTreeMap<StationKind, BTreeSet<ContestKind>> = BTreeMap::new();
    for exercise in &scenario.exercises {
        needed.entry(exercise.station).or_default().insert(exercise.kind);
    }
    needed
}

/// Whether all these kinds are voted at the station.
fn votes_on(election: &Election, station: &StationId, kinds: &BTreeSet<ContestKind>) -> bool {
    let voted: BTreeSet<ContestKind> = election.contests_at(station).map(|contest| contest.kind).collect();
    kinds.is_subset(&voted)
}

fn stations_for(election: &Election, scenario: &Scenario) -> Result<Vec<StationId>, DrillError> {
    let mut chosen = Vec::new();
    for (kind, contests) in needed(scenario) {
        let of_kind = election.stations().filter(|station| station.kind() == kind);
        let before = chosen.len();
        chosen.extend(of_kind.filter(|station| votes_on(election, station, &contests)).take(STATIONS_MAX));
        if chosen.len() == before {
            return Err(DrillError::NoStation(kind));
        }
    }
    chosen.sort_unstable();
    Ok(chosen)
}

/// The stations of the phone with this number in the package of the drill: one of each kind that is needed.
pub(super) fn places(package: &Election, scenario: &Scenario, copy: u16) -> Vec<Assignment> {
    let place = |(kind, kinds): (StationKind, BTreeSet<ContestKind>)| {
        let stations: Vec<StationId> = package
            .stations()
            .filter(|station| station.kind() == kind && votes_on(package, station, &kinds))
            .collect();
        let index = usize::from(copy.saturating_sub(1)).checked_rem(stations.len())?;
        let station = stations.into_iter().nth(index)?;
        let contests = package.contests_at(&station).filter(|contest| kinds.contains(&contest.kind));
        let contests = contests.map(|contest| contest.id.clone()).collect();
        Some(Assignment { station, contests })
    };
    needed(scenario).into_iter().filter_map(place).collect()
}
