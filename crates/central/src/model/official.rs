//! Official results as they were imported: of which station or region, on which document, and the figures.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tally::{Choice, IdError, RegionCode, RegionLevel, StationId};

/// A step of the ladder of recapitulation: the document on which a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// C.HASIL, as it was published for each station.
    Station,
    /// D.HASIL of the kecamatan.
    Kecamatan,
    /// D.HASIL of the kabupaten or kota.
    KabupatenKota,
    /// D.HASIL of the provinsi.
    Provinsi,
}

impl Rung {
    /// All rungs, from the station up.
    pub const ALL: [Self; 4] = [Self::Station, Self::Kecamatan, Self::KabupatenKota, Self::Provinsi];

    /// The word on the wire and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Kecamatan => "kecamatan",
            Self::KabupatenKota => "kabupaten_kota",
            Self::Provinsi => "provinsi",
        }
    }

    /// The document whose total is of regions at this level. A desa is a column of the kecamatan's.
    pub fn of_level(level: RegionLevel) -> Self {
        match level {
            RegionLevel::Provinsi => Self::Provinsi,
            RegionLevel::KabupatenKota => Self::KabupatenKota,
            RegionLevel::Kecamatan | RegionLevel::Desa => Self::Kecamatan,
        }
    }

    /// The rung below; `None` for the station.
    pub fn below(self) -> Option<Self> {
        match self {
            Self::Station => None,
            Self::Kecamatan => Some(Self::Station),
            Self::KabupatenKota => Some(Self::Kecamatan),
            Self::Provinsi => Some(Self::KabupatenKota),
        }
    }
}

impl FromStr for Rung {
    type Err = UnknownRung;
    fn from_str(text: &str) -> Result<Self, UnknownRung> {
        Self::ALL.into_iter().find(|rung| rung.word() == text).ok_or_else(|| UnknownRung(text.to_owned()))
    }
}

/// Why a text is not a rung.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a rung of the ladder")]
pub struct UnknownRung(String);

/// What official figures are of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub enum Unit {
    Region(RegionCode),
    Station(StationId),
}

impl Unit {
    /// The region, or the desa of the station.
    pub fn region(&self) -> &RegionCode {
        match self {
            Self::Region(code) => code,
            Self::Station(station) => station.desa(),
        }
    }

    /// The document of which this is a total.
    pub fn own_rung(&self) -> Rung {
        match self {
            Self::Station(_) => Rung::Station,
            Self::Region(code) => Rung::of_level(code.level()),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(code) => code.fmt(f),
            Self::Station(station) => station.fmt(f),
        }
    }
}

impl FromStr for Unit {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.contains('-') { text.parse().map(Self::Station) } else { text.parse().map(Self::Region) }
    }
}

impl TryFrom<String> for Unit {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.to_string()
    }
}

/// The figures of one unit. What the file did not say is absent, and absent is not zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfficialFigures {
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub votes: BTreeMap<Choice, u32>,
    /// Suara sah.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<u32>,
    /// Suara tidak sah.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<u32>,
}

impl OfficialFigures {
    /// Whether nothing was read: no vote is stated, or every figure is 0. Sirekap published both for stations
    /// of which it had no result.
    pub fn is_no_reading(&self) -> bool {
        self.votes.values().all(|votes| *votes == 0)
            && self.valid.unwrap_or(0) == 0
            && self.invalid.unwrap_or(0) == 0
    }
}

/// The shape of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Two choices have each other's votes.
    Swapped,
    /// Three or more rows have the votes of the row before or after.
    ShiftedRow,
    /// A candidate has fewer and the candidate's own party as many more.
    CandidateToParty,
    /// A party has fewer and a candidate on its list as many more.
    PartyToCandidate,
    /// One choice has as many more as another has fewer.
    SameSize,
    /// As many votes became valid, for one choice, as there are fewer invalid ones.
    InvalidToValid,
    /// As many votes became invalid as one choice has fewer.
    ValidToInvalid,
    /// One figure differs, and in one digit.
    OneDigit,
    /// One figure differs.
    OneFigure,
    /// Anything else.
    Other,
}

/// How far an import of official results is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OfficialState {
    /// The file is here and nothing of it counts.
    Uploaded,
    /// It is being read.
    Checking,
    /// It was read; what it would change is known.
    Checked,
    /// It is being stored.
    Storing,
    /// All of it counts.
    Stored,
    /// Nothing of it counts, and nothing will.
    Discarded,
}

impl OfficialState {
    const ALL: [Self; 6] =
        [Self::Uploaded, Self::Checking, Self::Checked, Self::Storing, Self::Stored, Self::Discarded];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Storing => "storing",
            Self::Stored => "stored",
            Self::Discarded => "discarded",
        }
    }
}

impl FromStr for OfficialState {
    type Err = UnknownRung;
    fn from_str(text: &str) -> Result<Self, UnknownRung> {
        Self::ALL.into_iter().find(|state| state.word() == text).ok_or_else(|| UnknownRung(text.to_owned()))
    }
}
