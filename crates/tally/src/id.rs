//! Identifiers as types: regions, stations, contests, forms, fields.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {wanted}")]
pub struct IdError {
    text: String,
    wanted: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal, $pattern:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(#[schemars(regex(pattern = $pattern))] String);

        impl $name {
            /// The identifier as it is written everywhere.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(IdError { text, wanted: $wanted }) }
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

text_id!(
    /// One election, for instance `pilpres-2024`: lower case letters, digits and inner hyphens, at most 40.
    ElectionId,
    "an election id: up to 40 lower case letters, digits and inner hyphens",
    r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
    is_slug
);
text_id!(
    /// One race on one ballot within an election, for instance `ppwp`.
    ContestId,
    "a contest id: up to 40 lower case letters, digits and inner hyphens",
    r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
    is_slug
);
text_id!(
    /// One edition of a paper form, for instance `c-hasil-ppwp-2024`.
    FormId,
    "a form id: up to 40 lower case letters, digits and inner hyphens",
    r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
    is_slug
);
text_id!(
    /// The paper's own code of a section, row or field, for instance `I.B.4.L`, `IV.2` or `V.A`.
    FieldCode,
    "a field code: up to 24 capitals, digits and inner full stops",
    r"^[A-Z0-9]+(\.[A-Z0-9]+)*$",
    |text| {
        (1..=24).contains(&text.len())
            && text.split('.').all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            })
    }
);
text_id!(
    /// A region by its Kemendagri code: `52`, `52.71`, `52.71.01` or `52.71.01.1001`.
    RegionCode,
    "a region code such as 52, 52.71, 52.71.01 or 52.71.01.1001",
    r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$",
    |text| {
        let parts: Vec<&str> = text.split('.').collect();
        parts.len() <= 4
            && parts.iter().zip([2, 2, 2, 4]).all(|(part, width)| {
                part.len() == width && part.bytes().all(|b| b.is_ascii_digit())
            })
    }
);

impl FieldCode {
    /// This code with one more part, for instance `I.A` and `L` give `I.A.L`.
    pub fn child(&self, part: impl fmt::Display) -> Result<Self, IdError> {
        Self::try_from(format!("{}.{part}", self.0))
    }
}

/// The four levels of the wilayah tree, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    /// Provinsi.
    Provinsi,
    /// Kabupaten or kota.
    KabupatenKota,
    /// Kecamatan, also named distrik.
    Kecamatan,
    /// Desa or kelurahan.
    Desa,
}

impl RegionCode {
    /// Which level of the tree this code names.
    pub fn level(&self) -> RegionLevel {
        match self.0.len() {
            0..=2 => RegionLevel::Provinsi,
            3..=5 => RegionLevel::KabupatenKota,
            6..=8 => RegionLevel::Kecamatan,
            _ => RegionLevel::Desa,
        }
    }

    /// The region above; `None` for a provinsi.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('.').map(|dot| Self(self.0[..dot].to_owned()))
    }

    /// Whether `other` is this region or lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// This region and those above it, from the provinsi down.
    pub fn path(&self) -> Vec<Self> {
        let mut path: Vec<Self> = std::iter::successors(Some(self.clone()), Self::parent).collect();
        path.reverse();
        path
    }
}

/// A candidate's or candidate pair's number on the ballot, from 1.
pub type CandidateNumber = u16;

/// A party's number on the ballot.
pub type PartyNumber = u16;

/// The kind of a station. Each kind counts its stations from 1.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StationKind {
    /// Tempat pemungutan suara: a polling station in the country.
    #[default]
    Tps,
    /// Kotak suara keliling: a ballot box that travels to voters abroad.
    Ksk,
    /// Votes by post from abroad.
    Pos,
    /// TPS luar negeri: a polling station abroad.
    Tpsln,
}

impl StationKind {
    /// All kinds, in the order of their stations within a desa.
    pub const ALL: [Self; 4] = [Self::Tps, Self::Ksk, Self::Pos, Self::Tpsln];

    /// The word in packages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tps => "tps",
            Self::Ksk => "ksk",
            Self::Pos => "pos",
            Self::Tpsln => "tpsln",
        }
    }

    /// The letters before the number in a station's id. A TPS has none.
    fn prefix(self) -> &'static str {
        match self {
            Self::Tps => "",
            Self::Ksk => "KSK",
            Self::Pos => "POS",
            Self::Tpsln => "TPSLN",
        }
    }

    /// The name on the paper, for instance "TPS".
    pub fn label(self) -> &'static str {
        match self {
            Self::Tps => "TPS",
            other => other.prefix(),
        }
    }
}

/// One station: a desa, the kind and the number. Numbers have gaps; special TPS start at 901.
///
/// Written `52.71.01.1001-014`, or `99.10.01.0001-KSK002` for another kind than a TPS; the number has three
/// digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct StationId {
    desa: RegionCode,
    kind: StationKind,
    number: u16,
}

impl StationId {
    /// The TPS of `desa` with `number` (1 to 999).
    pub fn new(desa: RegionCode, number: u16) -> Result<Self, IdError> {
        Self::of_kind(desa, StationKind::Tps, number)
    }

    /// The station of `desa` with `kind` and `number` (1 to 999).
    pub fn of_kind(desa: RegionCode, kind: StationKind, number: u16) -> Result<Self, IdError> {
        if desa.level() == RegionLevel::Desa && (1..=999).contains(&number) {
            Ok(Self { desa, kind, number })
        } else {
            let text = format!("{desa}-{}{number:03}", kind.prefix());
            Err(IdError { text, wanted: StationId::WANTED })
        }
    }

    const WANTED: &'static str = "a station id such as 52.71.01.1001-014 (desa code, TPS number 1 to 999)";

    /// The desa or kelurahan.
    pub fn desa(&self) -> &RegionCode {
        &self.desa
    }

    /// The kind of the station.
    pub fn kind(&self) -> StationKind {
        self.kind
    }

    /// The number among the stations of this kind.
    pub fn number(&self) -> u16 {
        self.number
    }
}

impl fmt::Display for StationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}{:03}", self.desa, self.kind.prefix(), self.number)
    }
}

impl FromStr for StationId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError { text: text.to_owned(), wanted: StationId::WANTED };
        let (desa, number) = text.split_once('-').ok_or_else(wrong)?;
        let kind = number.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let kind = StationKind::ALL.into_iter().find(|known| known.prefix() == kind).ok_or_else(wrong)?;
        let number = &number[kind.prefix().len()..];
        if number.len() != 3 {
            return Err(wrong());
        }
        let desa = desa.parse().map_err(|_| wrong())?;
        Self::of_kind(desa, kind, number.parse().map_err(|_| wrong())?).map_err(|_| wrong())
    }
}

impl TryFrom<String> for StationId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<StationId> for String {
    fn from(id: StationId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_knows_its_level_its_parents_and_what_lies_in_it() {
        let desa: RegionCode = "52.71.01.1001".parse().unwrap();
        assert_eq!(desa.level(), RegionLevel::Desa);
        let path: Vec<String> = desa.path().into_iter().map(String::from).collect();
        assert_eq!(path, ["52", "52.71", "52.71.01", "52.71.01.1001"]);
        let kota: RegionCode = "52.71".parse().unwrap();
        assert!(kota.contains(&desa) && kota.contains(&kota) && !desa.contains(&kota));
        assert!(!"52.7".parse::<RegionCode>().is_ok_and(|wrong| wrong.contains(&desa)));
    }

    #[test]
    fn a_station_is_written_one_way_only() {
        let station: StationId = "52.71.01.1001-014".parse().unwrap();
        assert_eq!((station.kind(), station.number()), (StationKind::Tps, 14));
        assert_eq!(station.to_string(), "52.71.01.1001-014");
        for (text, kind) in [
            ("99.10.01.0001-KSK002", StationKind::Ksk),
            ("99.10.01.0001-POS001", StationKind::Pos),
            ("99.10.01.0001-TPSLN012", StationKind::Tpsln),
        ] {
            let station: StationId = text.parse().unwrap();
            assert_eq!((station.kind(), station.to_string().as_str()), (kind, text));
            assert!(station > "99.10.01.0001-999".parse().unwrap(), "the ids sort as their texts do");
        }
        for wrong in [
            "52.71.01.1001-14",
            "52.71.01-014",
            "52.71.01.1001-000",
            "52.71.01.1001/014",
            "",
            "-",
            "52.71.01.1001-+14",
            "52.71.01.1001-TPS014",
            "52.71.01.1001-ksk001",
            "52.71.01.1001-KSK01",
        ] {
            assert!(wrong.parse::<StationId>().is_err(), "{wrong:?} was accepted");
        }
    }

    #[test]
    fn a_code_of_a_wrong_shape_says_what_was_wanted() {
        let error = "52.1".parse::<RegionCode>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"52.1\" is not a region code such as 52, 52.71, 52.71.01 or 52.71.01.1001"
        );
    }
}
