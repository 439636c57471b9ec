//! The rule for the next version of the package.

use std::collections::HashMap;
use std::fmt;

use sheet::{FormGeometry, GeometryError};
use tally::{
    Contest, ContestId, ContestKind, Election, ElectionId, FieldCode, FormId, RegionCode, StationId,
    StationKind,
};

use super::package::Package;
use crate::store::ArrivedStatements;

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
    /// A station with statements is gone, or a contest or round of it with tallies.
    #[error(
        "version {given} leaves out {left_out}, of which statements have arrived; to leave it out all the same, \
         start once with --leave-out-stations: the statements are kept, and not counted"
    )]
    LeftOut { given: u32, left_out: LeftOut },
}

/// Checks that the geometry of every form of the package can be read.
pub fn check_geometries(election: &Election) -> Result<(), PackageRefusal> {
    election.forms.iter().try_for_each(|form| {
        FormGeometry::of(form.id.as_str(), form.geometry.as_ref())
            .map(drop)
            .map_err(|source| PackageRefusal::Geometry { form: form.id.to_string(), source })
    })
}

/// What a new package does not have, although statements of it have arrived.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    Station(StationId),
    /// The contest is no longer voted at the station.
    Contest(StationId, ContestId),
    Round(StationId, ContestId, u8),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Station(station) => write!(f, "the station {station}"),
            Self::Contest(station, contest) => write!(f, "the contest {contest} of the station {station}"),
            Self::Round(station, contest, round) => {
                write!(f, "round {round} of the contest {contest} at the station {station}")
            }
        }
    }
}

/// What happens to a package that leaves out stations of which statements have arrived, or contests or rounds
/// of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutStations {
    Refused,
    /// The operator said so.
    Allowed,
}

/// Decides whether `given` may replace `stored`, as far as no statement is concerned.
pub(crate) fn may_follow(stored: &Election, given: &Election) -> Result<PackageChange, PackageRefusal> {
    if stored.id != given.id {
        return Err(PackageRefusal::OtherElection { stored: stored.id.clone(), given: given.id.clone() });
    }
    if stored.drill != given.drill {
        let word = |drill| if drill { "a drill" } else { "the real count" };
        return Err(PackageRefusal::OtherNamespace { stored: word(stored.drill), given: word(given.drill) });
    }
    if given.version < stored.version {
        return Err(PackageRefusal::Older { stored: stored.version, given: given.version });
    }
    if given == stored {
        return Ok(PackageChange::Same);
    }
    if given.version == stored.version {
        return Err(PackageRefusal::SameVersion { version: given.version });
    }
    Ok(PackageChange::Replaced)
}

/// Whether the sums that the store keeps are not those that `given` needs: a contest has another kind or
/// district.
pub(crate) fn sums_differ(stored: &Election, given: &Election) -> bool {
    fn summed(contest: &Contest) -> (ContestKind, &[RegionCode]) {
        (contest.kind, &contest.district)
    }
    stored
        .contests
        .iter()
        .any(|before| given.contest(&before.id).is_some_and(|contest| summed(contest) != summed(before)))
}

/// Two versions of a package, for the question which stored statements have a place in the newer one.
pub(crate) struct Versions<'a> {
    stored: &'a Package,
    given: &'a Package,
    /// Whether the papers of both have the same rows. There are few papers and millions of statements.
    same_papers: HashMap<(ContestId, StationKind), bool>,
}

impl<'a> Versions<'a> {
    /// Compares two versions.
    pub(crate) fn new(stored: &'a Package, given: &'a Package) -> Self {
        Self { stored, given, same_papers: HashMap::new() }
    }

    /// What the newer version leaves out, if the statements are of that. Papers with tallies must not change.
    pub(crate) fn left_out(
        &mut self,
        arrived: &ArrivedStatements,
    ) -> Result<Option<LeftOut>, PackageRefusal> {
        let ArrivedStatements { station, contest, round } = arrived;
        let Ok(station) = station.parse::<StationId>() else { return Ok(None) };
        if !self.given.election.has_station(&station) {
            return Ok(Some(LeftOut::Station(station)));
        }
        let Some(contest) = contest else { return Ok(None) };
        if !self.has_same_paper(contest, station.kind()) {
            let (given, contest) = (self.given.election.version, contest.to_string());
            return Err(PackageRefusal::PaperChanged { given, contest });
        }
        if !self.given.election.is_voted_at(contest, &station) {
            return Ok(Some(LeftOut::Contest(station, contest.clone())));
        }
        let has_round = self.given.has_round(&station, contest, *round);
        Ok((!has_round).then(|| LeftOut::Round(station, contest.clone(), *round)))
    }

    /// Whether the newer version has a place for the statements.
    pub(crate) fn has_place(&mut self, arrived: &ArrivedStatements) -> bool {
        let is_station = arrived.station.parse::<StationId>().is_ok();
        is_station && matches!(self.left_out(arrived), Ok(None))
    }

    fn has_same_paper(&mut self, contest: &ContestId, kind: StationKind) -> bool {
        let (stored, given) = (self.stored, self.given);
        *self
            .same_papers
            .entry((contest.clone(), kind))
            .or_insert_with(|| rows(stored, contest, kind) == rows(given, contest, kind))
    }
}

/// The form and the fields of a contest's paper.
fn rows(package: &Package, contest: &ContestId, kind: StationKind) -> Option<(FormId, Vec<FieldCode>)> {
    let paper = package.paper_of_kind(contest, kind)?;
    let fields = paper.fields().iter().map(|field| field.code.clone());
    Some((paper.form().id.clone(), fields.collect()))
}
