//! Contests by name.

use serde::{Deserialize, Serialize};
use tally::{ContestId, ContestKind, Localized};

/// A contest by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ContestView {
    pub contest: ContestId,
    pub kind: ContestKind,
    /// Its full name.
    pub title: Localized,
    /// Its short name.
    pub short_title: Localized,
}

/// The contests of one kind that are voted in a region, or in a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct KindView {
    pub kind: ContestKind,
    /// Their number.
    pub count: u32,
    /// The contests, in the package's order. Empty if there are more than 50: a smaller region has fewer.
    pub contests: Vec<ContestView>,
}
