//! Contests with their districts, parties, lists and candidates.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CandidateNumber, ContestId, FormId, PartyNumber, RegionCode, StationKind};
use crate::text::Localized;

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its number on the ballot.
    pub number: PartyNumber,
    /// Its name.
    pub name: String,
}

/// The office that a contest fills.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ContestKind {
    /// President and vice president (PPWP).
    #[default]
    Ppwp,
    /// National parliament (DPR).
    Dpr,
    /// Regional senate (DPD).
    Dpd,
    /// Parliament of the provinsi (DPRD provinsi, DPRA, DPRP).
    DprdProvinsi,
    /// Parliament of the kabupaten or kota (DPRD kabupaten/kota, DPRK).
    DprdKabkota,
    /// Governor and vice governor.
    Gubernur,
    /// Regent and vice regent.
    Bupati,
    /// Mayor and vice mayor.
    Walikota,
}

impl ContestKind {
    /// All kinds, in the order in which a TPS counts them.
    pub const ALL: [Self; 8] = [
        Self::Ppwp,
        Self::Dpr,
        Self::Dpd,
        Self::DprdProvinsi,
        Self::DprdKabkota,
        Self::Gubernur,
        Self::Bupati,
        Self::Walikota,
    ];

    /// The word in packages and in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ppwp => "ppwp",
            Self::Dpr => "dpr",
            Self::Dpd => "dpd",
            Self::DprdProvinsi => "dprd_provinsi",
            Self::DprdKabkota => "dprd_kabkota",
            Self::Gubernur => "gubernur",
            Self::Bupati => "bupati",
            Self::Walikota => "walikota",
        }
    }

    /// Whether voters choose between party lists.
    pub fn has_lists(self) -> bool {
        matches!(self, Self::Dpr | Self::DprdProvinsi | Self::DprdKabkota)
    }
}

/// One race on one ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Its identifier.
    pub id: ContestId,
    /// The office that it fills. Packages of format 1 have presidential contests only.
    #[serde(default)]
    pub kind: ContestKind,
    /// Its full name.
    pub title: Localized,
    /// Its name where there is little room, for instance "Pilpres".
    pub short_title: Localized,
    /// The regions in which it is voted, of any level. Empty: everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub district: Vec<RegionCode>,
    /// Number of seats that the district fills, where the contest fills several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// The form on which its result is written.
    pub form: FormId,
    /// The forms of stations of other kinds, where they differ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forms_by_kind: BTreeMap<StationKind, FormId>,
    /// The candidates or pairs, in the ballot's order. Empty in a contest of party lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// The party lists, in the ballot's order. Empty in a contest of candidates or pairs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<PartyList>,
    /// The figures of the lists that witnesses are asked for.
    #[serde(default, skip_serializing_if = "AskedFigures::is_all")]
    pub asked: AskedFigures,
}

/// A party's list in one district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyList {
    /// The number of the party.
    pub party: PartyNumber,
    /// Its candidates in the ballot's order. A party may stand without any.
    pub candidates: Vec<Candidate>,
}

/// The figures of party lists that witnesses are asked for. A figure that is not asked for is neither missing
/// nor zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskedFigures {
    /// All figures.
    #[default]
    All,
    /// The total of every list, and all figures of the named parties' lists.
    TotalsAndListsOf(Vec<PartyNumber>),
}

impl AskedFigures {
    fn is_all(&self) -> bool {
        *self == Self::All
    }

    /// Whether the party's own votes and its candidates' votes are asked for.
    pub fn list_in_full(&self, party: PartyNumber) -> bool {
        match self {
            Self::All => true,
            Self::TotalsAndListsOf(parties) => parties.contains(&party),
        }
    }
}

/// A candidate, or a pair that stands together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The number on the ballot, from 1. In a list, the place on the list.
    #[schemars(range(min = 1))]
    pub number: CandidateNumber,
    /// One name, or two of a pair.
    #[schemars(length(min = 1, max = 2))]
    pub names: Vec<String>,
    /// The party that nominates a candidate who is on no list. For information only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyNumber>,
    /// Whether this is the empty column (kolom kosong) that stands against a single pair.
    #[serde(default, skip_serializing_if = "is_false")]
    pub empty_column: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Candidate {
    /// The names in one line.
    pub fn label(&self) -> Localized {
        Localized::new(self.names.join(" – "), self.names.join(" – "))
    }
}

impl Contest {
    /// Whether it is voted in the whole of `region`.
    pub fn covers(&self, region: &RegionCode) -> bool {
        self.district.is_empty() || self.district.iter().any(|part| part.contains(region))
    }

    /// Whether it is voted in `region` or in a part of it.
    pub fn touches(&self, region: &RegionCode) -> bool {
        self.covers(region) || self.district.iter().any(|part| region.contains(part))
    }

    /// The forms on which its result is written at the different kinds of stations.
    pub fn form_ids(&self) -> impl Iterator<Item = &FormId> {
        std::iter::once(&self.form).chain(self.forms_by_kind.values())
    }

    /// The list of a party.
    pub fn list(&self, party: PartyNumber) -> Option<&PartyList> {
        self.lists.iter().find(|list| list.party == party)
    }

    /// The candidate for whom this choice is counted.
    pub fn candidate(&self, choice: Choice) -> Option<&Candidate> {
        let (candidates, number) = match choice {
            Choice::Candidate(number) => (&self.candidates, number),
            Choice::ListCandidate(party, number) => (&self.list(party)?.candidates, number),
            Choice::List(_) | Choice::PartyItself(_) => return None,
        };
        candidates.iter().find(|candidate| candidate.number == number)
    }
}

/// What votes are counted for. Written `7`, `L5`, `L5.0` or `L5.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub enum Choice {
    /// A candidate or pair that is on no list.
    Candidate(CandidateNumber),
    /// A list: the party's own votes and those of all its candidates.
    List(PartyNumber),
    /// The party itself, without its candidates.
    PartyItself(PartyNumber),
    /// A candidate on a party's list.
    ListCandidate(PartyNumber, CandidateNumber),
}

impl Choice {
    /// The party whose list it belongs to.
    pub fn party(self) -> Option<PartyNumber> {
        match self {
            Self::Candidate(_) => None,
            Self::List(party) | Self::PartyItself(party) | Self::ListCandidate(party, _) => Some(party),
        }
    }

    /// The candidate's number on the ballot or on the list.
    pub fn candidate(self) -> Option<CandidateNumber> {
        match self {
            Self::Candidate(number) | Self::ListCandidate(_, number) => Some(number),
            Self::List(_) | Self::PartyItself(_) => None,
        }
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Candidate(number) => write!(f, "{number}"),
            Self::List(party) => write!(f, "L{party}"),
            Self::PartyItself(party) => write!(f, "L{party}.0"),
            Self::ListCandidate(party, number) => write!(f, "L{party}.{number}"),
        }
    }
}

/// Why a text is not a choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a choice such as 7, L5, L5.0 or L5.7")]
pub struct ChoiceError(String);

impl std::str::FromStr for Choice {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        let wrong = || ChoiceError(text.to_owned());
        // `parse` alone would accept a sign and leading zeros, so that one choice had several spellings.
        let number = |part: &str| {
            part.parse::<u16>().ok().filter(|number| number.to_string() == part).ok_or_else(wrong)
        };
        let Some(list) = text.strip_prefix('L') else { return number(text).map(Self::Candidate) };
        match list.split_once('.') {
            None => number(list).map(Self::List),
            Some((party, "0")) => number(party).map(Self::PartyItself),
            Some((party, candidate)) => Ok(Self::ListCandidate(number(party)?, number(candidate)?)),
        }
    }
}

impl TryFrom<String> for Choice {
    type Error = ChoiceError;
    fn try_from(text: String) -> Result<Self, ChoiceError> {
        text.parse()
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_has_one_spelling() {
        for (text, choice) in [
            ("7", Choice::Candidate(7)),
            ("L5", Choice::List(5)),
            ("L5.0", Choice::PartyItself(5)),
            ("L24.14", Choice::ListCandidate(24, 14)),
        ] {
            assert_eq!(text.parse(), Ok(choice));
            assert_eq!(choice.to_string(), text);
        }
        for wrong in ["", "L", "L5.", "07", "+7", "L05", "L5.00", "l5", "L5.7.1", "70000", "5.7"] {
            assert!(wrong.parse::<Choice>().is_err(), "{wrong:?} was accepted");
        }
    }

    #[test]
    fn a_district_covers_the_regions_in_it_and_touches_those_around_it() {
        let contest: Contest = serde_json::from_value(serde_json::json!({
            "id": "dpr-ntb-1", "kind": "dpr", "form": "f",
            "title": {"id": "a", "en": "a"}, "short_title": {"id": "a", "en": "a"},
            "district": ["52.04", "52.71.05"],
        }))
        .unwrap();
        let covers = |code: &str| contest.covers(&code.parse().unwrap());
        let touches = |code: &str| contest.touches(&code.parse().unwrap());
        assert!(covers("52.04") && covers("52.04.01.1001") && covers("52.71.05"));
        assert!(!covers("52.71") && !covers("52") && !covers("52.71.01"));
        assert!(touches("52.71") && touches("52") && touches("52.04.01"));
        assert!(!touches("52.71.01") && !touches("53"));
    }
}
