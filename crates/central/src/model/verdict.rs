//! Verdicts, as counting reads them.

use protocol::Decision;

/// The latest verdict on a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruling {
    pub decision: Decision,
    /// Its global sequence number (higher is newer).
    pub number: u64,
}
