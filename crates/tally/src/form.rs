//! Result forms as data: pages, sections, rows, official codes. [`builtin_forms`] are those of the app
//! itself.

mod builtin;

pub use self::builtin::builtin_forms;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{FieldCode, FormId};
use crate::text::Localized;

/// One edition of a result form, described as data: pages, sections, rows, official codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its name in code, for instance `c-hasil-ppwp-2024`.
    pub id: FormId,
    /// Its name for people, for instance "C.HASIL-PPWP".
    pub title: Localized,
    /// The regulation that prescribes it.
    pub source: String,
    /// Its pages in order.
    pub pages: Vec<Page>,
    /// Its sections in the paper's order.
    pub sections: Vec<Section>,
    /// Positions of its boxes on paper, for the recognition of photos. This crate does not read it. The
    /// built-in forms have theirs in `assets/forms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<serde_json::Value>,
}

/// One page of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Page number as printed, from 1.
    pub number: u8,
    /// What the page holds, in a few words.
    pub title: Localized,
    /// The AprilTag (family 36h10) printed on the page, where the form has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<u16>,
}

/// One section of a form, headed by a Roman numeral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The Roman numeral.
    pub code: FieldCode,
    /// Its heading.
    pub title: Localized,
    /// Its page.
    pub page: u8,
    /// Its rows in the paper's order.
    pub rows: Vec<Row>,
}

/// One row of a section: one figure, or three (L, P, J).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The paper's code of the row, for instance `I.B.4`. A row for all candidates has the code of the
    /// section; the candidate's number is appended.
    pub code: FieldCode,
    /// The paper's words for it.
    pub label: Localized,
    /// The sub-heading above it on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Localized>,
    /// The quantity that it counts. The checks use quantities, never codes.
    pub counts: Quantity,
    /// Its columns; none for a single figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// Number of digit boxes of a figure.
    pub digits: u8,
}

/// The columns that a row may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Column {
    /// Laki-laki, men.
    L,
    /// Perempuan, women.
    P,
    /// Jumlah, both.
    J,
}

impl Column {
    /// The letter on the paper.
    pub fn letter(self) -> char {
        match self {
            Self::L => 'L',
            Self::P => 'P',
            Self::J => 'J',
        }
    }
}

/// The quantity that a row counts. Codes and positions differ between forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Voters in the DPT (daftar pemilih tetap).
    VotersDpt,
    /// Voters in the DPTb (daftar pemilih tambahan, those who moved).
    VotersDptb,
    /// Voters in the DPK (daftar pemilih khusus, those who came with an e-KTP).
    VotersDpk,
    /// All voters.
    VotersAll,
    /// Users of the vote from the DPT.
    UsersDpt,
    /// Users of the vote from the DPTb.
    UsersDptb,
    /// Users of the vote from the DPK.
    UsersDpk,
    /// All users of the vote.
    UsersAll,
    /// Ballots received, the 2 % reserve included.
    BallotsReceived,
    /// Ballots used.
    BallotsUsed,
    /// Ballots returned spoiled or wrongly pierced.
    BallotsSpoiled,
    /// Ballots not used, the rest of the reserve included.
    BallotsUnused,
    /// Registered voters with a disability.
    DisabledVoters,
    /// Voters with a disability who used their vote.
    DisabledUsers,
    /// Valid votes of one candidate or pair; one row stands for all of them.
    CandidateVotes,
    /// All valid votes.
    ValidVotes,
    /// Invalid votes.
    InvalidVotes,
    /// Valid and invalid votes.
    AllVotes,
}
