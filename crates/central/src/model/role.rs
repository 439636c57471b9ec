//! The roles of console users.

use serde::{Deserialize, Serialize};

/// What a console user may do. Each reaches only their region and what lies below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Reads and reviews.
    Coordinator,
    /// Invites and drills.
    Trainer,
    /// Reads.
    Auditor,
}
