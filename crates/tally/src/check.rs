//! The checks: numbered rules over a tally. They flag; they never block and never correct.
//!
//! `code` is the one table of codes, rules and texts; `parts` runs it over a tally, at the `desk` where figures are
//! compared; `sums` adds up while the witness still types; `table` is the page of the docs. See
//! [`crate::Paper::check`] for what blank boxes do.

mod code;
mod desk;
mod parts;
mod sums;
mod table;

use serde::{Deserialize, Serialize};

pub use self::code::{CheckCode, Rule, Wording};
pub use self::sums::RunningSum;
pub use self::table::table_markdown;

use crate::id::FieldCode;
use crate::text::Localized;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// `F…`: figures contradict each other. The witness must answer it before sealing.
    Fault,
    /// `W…`: unusual, worth another look. Needs no answer.
    Warning,
}

/// One finding's name within a tally: the check's code and, where a check looks at several places, the place:
/// `F401`, `F101@I.B.1`. An acknowledgement names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct FindingKey(pub String);

/// How the two sides of a check should stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Left = right.
    Equal,
    /// Left ≤ right.
    AtMost,
}

/// One figure that takes part in a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Term {
    /// Where it stands.
    pub field: FieldCode,
    /// What is written there.
    pub value: u32,
}

/// One side of a check: what it is, what it is made of, and what that makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Side {
    /// For people, for instance "II.2 + II.3 + II.4" or "V.A di kertas".
    pub label: Localized,
    /// The figures, in the paper's order.
    pub terms: Vec<Term>,
    /// Their sum, or the bound that was computed from them.
    pub total: u32,
}

/// The two sides of a check that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Comparison {
    /// The left side.
    pub left: Side,
    /// How left should stand to right.
    pub relation: Relation,
    /// The right side.
    pub right: Side,
    /// Left minus right.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub difference: i64,
}

/// Something in a tally that does not add up, or is unusual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Finding {
    /// Its name within this tally.
    pub key: FindingKey,
    /// The check, for instance `F401`.
    pub code: CheckCode,
    /// Fault or warning.
    pub severity: Severity,
    /// One line for the witness.
    pub title: Localized,
    /// What the witness should do.
    pub advice: Localized,
    /// One line for the coordinator.
    pub for_coordinator: Localized,
    /// The two sides, where the check compares figures.
    pub comparison: Option<Comparison>,
    /// The fields concerned, in the paper's order.
    pub fields: Vec<FieldCode>,
}

/// What the checks say of one tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CheckReport {
    /// What does not add up or is unusual: faults first, each kind in the paper's order.
    pub findings: Vec<Finding>,
    /// How many comparisons had all their figures and held.
    pub checks_passed: u32,
}

impl CheckReport {
    /// The findings that the witness must answer before sealing.
    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Fault)
    }

    /// Whether the check with this code found something.
    pub fn has(&self, code: CheckCode) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}
