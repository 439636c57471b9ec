//! Patterns that a person should see.

use serde::{Deserialize, Serialize};
use tally::{Choice, ContestId, StationId};

use super::region::RegionName;

/// `GET /api/patterns?contest=…&region=…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PatternsView {
    pub contest: ContestId,
    /// The regions from the provinsi down to this one; empty for the whole election.
    pub path: Vec<RegionName>,
    /// The regions directly below in which the contest is voted.
    pub children: Vec<RegionName>,
    /// Stations that vote in the contest.
    pub stations: u32,
    /// Of them, those with a tally of an assigned witness, which were looked at.
    pub examined: u32,
    /// Every kind, also those of which nothing was found.
    pub patterns: Vec<PatternView>,
    /// The last digits of votes; `None` if there are too few.
    pub digits: Option<DigitsView>,
    /// Whether the region is too large to be looked at at once: name a region below.
    pub too_large: bool,
}

/// What kind of pattern it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PatternKind {
    /// The same figures at two stations.
    SameFigures,
    /// The same photo at two stations.
    SamePhoto,
    /// What was read in a photo differs from the figures of its station, and is what another station has.
    PageOfAnother,
    /// One device sent tallies of two stations.
    OneDevice,
    /// The official sum of votes grew from one import to the next.
    SumGrew,
    /// As many users of the vote as voters on the list, or more.
    FullTurnout,
    /// Not one invalid vote.
    NoInvalid,
}

impl PatternKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::SameFigures,
        Self::SamePhoto,
        Self::PageOfAnother,
        Self::OneDevice,
        Self::SumGrew,
        Self::FullTurnout,
        Self::NoInvalid,
    ];
}

/// The findings of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PatternView {
    pub kind: PatternKind,
    pub total: u32,
    /// At most 100.
    pub rows: Vec<PatternRow>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PatternRow {
    /// The stations that it is about, at most 20, with the names of their desas.
    pub stations: Vec<PatternStation>,
    /// Number of stations that it is about.
    pub count: u32,
    /// What was compared: of [`PatternKind::SumGrew`] the sums before and after, of
    /// [`PatternKind::FullTurnout`] users and voters, of [`PatternKind::NoInvalid`] the valid votes, and
    /// otherwise the number of figures that are the same.
    pub numbers: Vec<u32>,
}

/// A station of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PatternStation {
    pub station: StationId,
    pub desa: String,
}

/// The last digits of the votes, and how probable it is that luck makes them so uneven.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DigitsView {
    /// Over all choices, then for each choice with enough figures.
    pub all: DigitCount,
    pub choices: Vec<ChoiceDigits>,
}

/// The last digits of the votes of a choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChoiceDigits {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub choice: Choice,
    pub name: String,
    pub digits: DigitCount,
}

/// How often each digit comes last in figures from 100 on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DigitCount {
    /// Of 0 to 9.
    pub counts: [u32; 10],
    /// The probability that luck alone makes them at least so uneven: Pearson's chi-square test with nine
    /// degrees of freedom.
    pub probability: f64,
}
