//! Contests with their parties and candidates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CandidateNumber, ContestId, FormId};
use crate::text::Localized;

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its number on the ballot.
    pub number: u16,
    /// Its name.
    pub name: String,
}

/// One race on one ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Its identifier.
    pub id: ContestId,
    /// Its full name.
    pub title: Localized,
    /// Its name where there is little room, for instance "Pilpres".
    pub short_title: Localized,
    /// The form on which its result is written.
    pub form: FormId,
    /// The candidates or pairs, in the ballot's order.
    #[schemars(length(min = 1, max = 100))]
    pub candidates: Vec<Candidate>,
}

/// A candidate, or a pair that stands together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The number on the ballot, from 1.
    #[schemars(range(min = 1))]
    pub number: CandidateNumber,
    /// One name, or two of a pair.
    #[schemars(length(min = 1, max = 2))]
    pub names: Vec<String>,
    /// The party, where the contest is one of parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<u16>,
}

impl Candidate {
    /// The names in one line.
    pub fn label(&self) -> Localized {
        Localized::new(self.names.join(" – "), self.names.join(" – "))
    }
}
