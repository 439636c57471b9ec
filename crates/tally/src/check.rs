//! The checks: numbered rules over a tally. They flag. They never block and never correct.
//!
//! - `code`: the table of codes, rules and texts
//! - `parts`: runs the rules over a tally
//! - `checker`: looks up and compares figures, collects findings
//! - `station`: compares the papers of one station
//! - `sums`: running sums while the witness types
//! - `table`: the page of the docs

mod checker;
mod code;
mod parts;
mod station;
mod sums;
mod table;

use serde::{Deserialize, Serialize};

pub use self::code::{CheckCode, Rule, Wording};
pub use self::station::{StationQuestion, compare_papers};
pub use self::sums::RunningSum;
pub use self::table::table_markdown;

use crate::id::FieldCode;
use crate::text::Localized;

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// `F…`: figures contradict each other. The witness must answer it before sealing.
    Fault,
    /// `W…`: unusual, worth another look. Needs no answer.
    Warning,
}

/// Key of a finding within a tally: the code of the check and, if the check covers several rows, the row:
/// `F401`, `F101@I.B.1`. An acknowledgement names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct FindingKey(pub String);

/// The relation that a check expects between its two sides.
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
    /// The field.
    pub field: FieldCode,
    /// The number in it.
    pub value: u32,
}

/// One side of a check: a label, the figures, and their total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Side {
    /// Label for people, for instance "II.2 + II.3 + II.4" or "V.A di kertas".
    pub label: Localized,
    /// The figures, in the paper's order.
    pub terms: Vec<Term>,
    /// Their sum, or the bound computed from them.
    pub total: u32,
}

/// The two sides of a check that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Comparison {
    /// The left side.
    pub left: Side,
    /// The expected relation of left to right.
    pub relation: Relation,
    /// The right side.
    pub right: Side,
    /// Left minus right.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub difference: i64,
}

/// A contradiction in a tally, or something unusual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Finding {
    /// Its key within this tally.
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
    /// The two sides, if the check compares figures.
    pub comparison: Option<Comparison>,
    /// The fields concerned, in the paper's order.
    pub fields: Vec<FieldCode>,
}

/// The result of the checks of one tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CheckReport {
    /// The findings: faults first, then warnings, each in the paper's order.
    pub findings: Vec<Finding>,
    /// Number of comparisons that had all their figures and held.
    pub checks_passed: u32,
}

impl CheckReport {
    /// The findings that the witness must answer before sealing.
    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Fault)
    }

    /// Whether the check with this code has a finding.
    pub fn has(&self, code: CheckCode) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}
