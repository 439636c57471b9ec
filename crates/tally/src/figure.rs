//! What stands in one box group of the paper, and all of them together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::FieldCode;

/// What the paper says in one field. A field that the witness has not come to yet has no `Figure` at all:
/// blank is not zero, and not typed is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// A number is written there, zero included.
    Written(u32),
    /// All boxes of the field are empty, crossed or dashed.
    Blank,
    /// Something is written there that nobody can read.
    Illegible,
}

impl Figure {
    /// The number, where there is one.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Written(number) => Some(number),
            Self::Blank | Self::Illegible => None,
        }
    }

    /// One integer for the wire: the number itself, −1 for blank, −2 for illegible.
    pub fn to_wire(self) -> i64 {
        match self {
            Self::Written(number) => i64::from(number),
            Self::Blank => -1,
            Self::Illegible => -2,
        }
    }

    /// The inverse of [`Figure::to_wire`]; `None` for an integer that stands for nothing.
    pub fn from_wire(wire: i64) -> Option<Self> {
        match wire {
            -1 => Some(Self::Blank),
            -2 => Some(Self::Illegible),
            number => u32::try_from(number).ok().map(Self::Written),
        }
    }
}

/// The figures of one tally by field. Fields that were not typed are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<FieldCode, Figure>);

impl Figures {
    /// The number written in `field`; `None` when it is blank, illegible or not typed.
    pub fn number(&self, field: &FieldCode) -> Option<u32> {
        self.0.get(field).copied().and_then(Figure::number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_survives_the_wire_and_strays_are_refused() {
        for figure in [Figure::Written(0), Figure::Written(u32::MAX), Figure::Blank, Figure::Illegible] {
            assert_eq!(Figure::from_wire(figure.to_wire()), Some(figure));
        }
        assert_eq!(Figure::from_wire(-3), None);
        assert_eq!(Figure::from_wire(i64::from(u32::MAX) + 1), None);
    }
}
