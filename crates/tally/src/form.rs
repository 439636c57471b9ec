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
    /// The AprilTag (family 36h10) printed on the page, where the form has one. The copies of a repeated page
    /// have this number and those after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<u16>,
    /// Whether the paper has the page several times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<PageRepeat>,
}

/// How often a paper has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageRepeat {
    /// Once for each party list.
    EachList,
    /// As often as the candidates need, with at most this number of them on a page.
    Candidates(u8),
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
    /// Whether the paper has the section once for each party list. The party's number follows the section's
    /// code: `IV.5`, and `IV.5.B` for its row `IV.B`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub each_list: bool,
    /// Its rows in the paper's order.
    pub rows: Vec<Row>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// One row of a section: one figure, or three (L, P, J).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The paper's code of the row, for instance `I.B.4`. The candidate's number is appended to the code of a
    /// row for all candidates.
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
    /// Voters who moved here: the DPTb of a general election, the DPPh of a Pilkada.
    #[serde(alias = "voters_dptb")]
    VotersMoved,
    /// Voters on no list, who came with an e-KTP: the DPK of a general election, the DPTb of a Pilkada.
    #[serde(alias = "voters_dpk")]
    VotersUnlisted,
    /// All voters.
    VotersAll,
    /// Users of the vote from the DPT.
    UsersDpt,
    /// Users of the vote who moved here.
    #[serde(alias = "users_dptb")]
    UsersMoved,
    /// Users of the vote who are on no list.
    #[serde(alias = "users_dpk")]
    UsersUnlisted,
    /// All users of the vote.
    UsersAll,
    /// Ballots received, the reserve included.
    BallotsReceived,
    /// Ballots used.
    BallotsUsed,
    /// Ballots returned spoiled or wrongly pierced.
    BallotsSpoiled,
    /// Ballots not used, the rest of the reserve included.
    BallotsUnused,
    /// Ballots sent by post that the voter did not return.
    BallotsNotReturned,
    /// Ballots sent by post that came back undelivered.
    BallotsUndelivered,
    /// Ballots that were not sent by post.
    BallotsNotSent,
    /// Registered voters with a disability.
    DisabledVoters,
    /// Voters with a disability who used their vote.
    DisabledUsers,
    /// Valid votes of one candidate or pair; one row stands for all of them.
    CandidateVotes,
    /// Valid votes of a party itself, without its candidates.
    PartyVotes,
    /// Valid votes of a list: the party's own and those of its candidates.
    ListVotes,
    /// All valid votes.
    ValidVotes,
    /// Invalid votes.
    InvalidVotes,
    /// Valid and invalid votes.
    AllVotes,
}
