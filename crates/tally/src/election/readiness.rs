//! When a person has practised enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The threshold from which a person counts as ready for the day of voting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct Readiness {
    /// Minimum number of exercises of drills.
    #[schemars(range(max = 50))]
    pub exercises_min: u8,
    /// Minimum of right figures of a thousand, over all exercises.
    #[schemars(range(max = 1000))]
    pub accuracy_permille_min: u16,
    /// Maximum number of checks that were answered wrongly.
    pub misjudged_max: u8,
    /// Maximum number of pages without a good photo.
    pub pages_lacking_max: u8,
}

impl Readiness {
    /// Maximum of `exercises_min`.
    pub const EXERCISES_MAX: u8 = 50;

    /// Whether somebody can reach it.
    pub fn is_possible(&self) -> bool {
        self.exercises_min <= Self::EXERCISES_MAX && self.accuracy_permille_min <= 1_000
    }

    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Readiness {
    /// Two exercises, 98 % of the figures right, nothing else wrong.
    fn default() -> Self {
        Self { exercises_min: 2, accuracy_permille_min: 980, misjudged_max: 0, pages_lacking_max: 0 }
    }
}
