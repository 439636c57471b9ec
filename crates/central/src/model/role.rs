//! The roles of console users.

use serde::{Deserialize, Serialize};

/// The role of a console user. A user reaches only their region and the regions below it.
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

impl Role {
    /// Whether users of this role decide, or see people: these log in with a second factor where the endpoint
    /// requires one.
    pub fn is_sensitive(self) -> bool {
        match self {
            Self::Admin | Self::Coordinator | Self::Trainer => true,
            Self::Auditor => false,
        }
    }

    /// Whether users of this role decide on tallies, send messages to witnesses and work through incidents.
    pub fn coordinates(self) -> bool {
        matches!(self, Self::Admin | Self::Coordinator)
    }
}
