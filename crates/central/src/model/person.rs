//! People: their ids, their positions, and whom they have a mandate of.

use std::fmt;
use std::str::FromStr;

use environment::{Environment, RngError};
use serde::{Deserialize, Serialize};
use tally::{ContestId, RegionLevel};
use uuid::Uuid;

/// Why a text is not an id or a name of this module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {wanted}")]
pub struct PersonTextError {
    text: String,
    wanted: &'static str,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub(crate) [u8; 16]);

        impl $name {
            /// A new id (UUIDv7): ids of a later millisecond are greater.
            pub fn new(environment: &Environment) -> Result<Self, RngError> {
                new_uuid(environment).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Uuid::from_bytes(self.0).fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = PersonTextError;
            fn from_str(text: &str) -> Result<Self, PersonTextError> {
                let id = Uuid::try_parse(text);
                let unfit = |_| PersonTextError { text: text.to_owned(), wanted: $wanted };
                id.map(|id| Self(id.into_bytes())).map_err(unfit)
            }
        }

        impl TryFrom<String> for $name {
            type Error = PersonTextError;
            fn try_from(text: String) -> Result<Self, PersonTextError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

uuid_id!(
    /// A person in the list of people.
    PersonId,
    "the id of a person"
);
uuid_id!(
    /// What a person is to do at one station.
    AssignmentId,
    "the id of an assignment"
);
uuid_id!(
    /// A change of one or more people, which can be undone.
    ChangeId,
    "the id of a change"
);
uuid_id!(
    /// A spreadsheet of people that was uploaded.
    ImportId,
    "the id of an import"
);

uuid_id!(
    /// A message of a coordinator to the witnesses of a region.
    MessageId,
    "the id of a message"
);

fn new_uuid(environment: &Environment) -> Result<[u8; 16], RngError> {
    let random: [u8; 10] = environment.random()?;
    let now_ms = u64::try_from(environment.now_ms()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid().into_bytes())
}

macro_rules! words {
    (
        $(#[$doc:meta])* $name:ident, $wanted:literal,
        $($(#[$case_doc:meta])* $case:ident = $word:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$case_doc])* $case,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$case,)+];

            /// The word for it in the store and on the wire.
            pub fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)+ }
            }
        }

        impl FromStr for $name {
            type Err = PersonTextError;
            fn from_str(text: &str) -> Result<Self, PersonTextError> {
                let found = Self::ALL.iter().copied().find(|one| one.word() == text);
                found.ok_or_else(|| PersonTextError { text: text.to_owned(), wanted: $wanted })
            }
        }
    };
}

words! {
    /// What a person is in the organisation.
    Position, "a position",
    /// A witness inside the TPS, with a mandate.
    WitnessInside = "witness_inside",
    /// A witness outside the TPS (saksi luar).
    WitnessOutside = "witness_outside",
    CoordinatorDesa = "coordinator_desa",
    CoordinatorKecamatan = "coordinator_kecamatan",
    CoordinatorKabupaten = "coordinator_kabupaten",
    CoordinatorProvinsi = "coordinator_provinsi",
    CoordinatorNational = "coordinator_national",
    Trainer = "trainer",
    Volunteer = "volunteer",
}

impl Position {
    /// The level of the region that a coordinator works for; `None` for others and the national level.
    pub fn coordinates(self) -> Option<RegionLevel> {
        match self {
            Self::CoordinatorDesa => Some(RegionLevel::Desa),
            Self::CoordinatorKecamatan => Some(RegionLevel::Kecamatan),
            Self::CoordinatorKabupaten => Some(RegionLevel::KabupatenKota),
            Self::CoordinatorProvinsi => Some(RegionLevel::Provinsi),
            _ => None,
        }
    }
}

words! {
    /// Whether a person can work on the day of voting.
    Availability, "an availability",
    /// Nobody asked.
    Unknown = "unknown",
    Available = "available",
    /// For a part of the day.
    Partly = "partly",
    Unavailable = "unavailable",
}

/// Who sends a mandated witness: a party by its number, or the pair or candidate of a contest.
///
/// As text `party:3` or `ppwp:1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub enum Participant {
    Party(u16),
    Candidate(ContestId, u16),
}

/// What is before the number of a party.
const PARTY: &str = "party";

impl fmt::Display for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Party(number) => write!(f, "{PARTY}:{number}"),
            Self::Candidate(contest, number) => write!(f, "{contest}:{number}"),
        }
    }
}

impl FromStr for Participant {
    type Err = PersonTextError;
    fn from_str(text: &str) -> Result<Self, PersonTextError> {
        let unfit = || PersonTextError { text: text.to_owned(), wanted: "a participant such as party:3" };
        let (of, number) = text.split_once(':').ok_or_else(unfit)?;
        let number = number.parse().map_err(|_| unfit())?;
        match of {
            PARTY => Ok(Self::Party(number)),
            contest => Ok(Self::Candidate(contest.parse().map_err(|_| unfit())?, number)),
        }
    }
}

impl TryFrom<String> for Participant {
    type Error = PersonTextError;
    fn try_from(text: String) -> Result<Self, PersonTextError> {
        text.parse()
    }
}

impl From<Participant> for String {
    fn from(participant: Participant) -> Self {
        participant.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_participants_are_text_and_back() {
        let id = PersonId::new(&Environment::system()).unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(&id.to_string()[14..15], "7", "the version of the UUID");
        for text in ["party:3", "ppwp:1", "dpd-ntb:21"] {
            assert_eq!(text.parse::<Participant>().unwrap().to_string(), text);
        }
        for text in ["", "party", "party:", "party:x", "party:70000", "Not:1", ":1"] {
            assert!(text.parse::<Participant>().is_err(), "{text}");
        }
    }

    #[test]
    fn words_are_those_of_the_wire() {
        for position in Position::ALL {
            let json = serde_json::to_string(position).unwrap();
            assert_eq!(json, format!("\"{}\"", position.word()));
            assert_eq!(position.word().parse(), Ok(*position));
        }
        for availability in Availability::ALL {
            assert_eq!(serde_json::to_string(availability).unwrap(), format!("\"{}\"", availability.word()));
        }
    }
}
