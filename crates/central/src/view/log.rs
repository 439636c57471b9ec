//! The log, and its comparison with older checkpoints.

use serde::{Deserialize, Serialize};

/// `GET /api/log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogView {
    /// The newest checkpoint, a signed note.
    pub checkpoint: String,
    /// Number of statements in its log.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
    /// Time of its signature.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// Its fingerprint, to be read aloud.
    pub spoken: String,
    /// Time of the log's first checkpoint; `None` while it is empty.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub began_at_ms: Option<i64>,
    /// Number of statements that are stored and not in the log yet.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub waiting: u64,
    /// The keys under which it has signed, oldest first; the last one signs.
    pub keys: Vec<LogKeyView>,
}

/// A key of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogKeyView {
    /// The log's name under it, hex.
    pub log: String,
    /// Its public half, hex.
    pub public_key: String,
    /// Time of its first use.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since_ms: i64,
}

/// `POST /api/log/compare`: a checkpoint or fingerprint of an earlier time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CompareRequest {
    /// A checkpoint, or a fingerprint as it was read aloud.
    pub kept: String,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogComparison {
    pub verdict: LogVerdict,
    /// Number of statements in the log of the earlier checkpoint; `None` when it cannot be read.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub size: Option<u64>,
    /// Time of its signature; a fingerprint has none.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub at_ms: Option<i64>,
    /// The newest checkpoint, with which it was compared.
    pub newest: String,
    /// The proof between the two (RFC 9162 §2.1.4.1), in hex.
    pub proof: Vec<String>,
}

/// How an earlier checkpoint and the log agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LogVerdict {
    /// The log has only grown since then.
    Continues,
    /// The log signed it, and does not continue it: the log was rewritten.
    Contradicts,
    /// The log never had this fingerprint: it was rewritten, or somebody misheard.
    NeverHeard,
    /// Its log has more statements: this log lost some, or it is another log.
    Ahead,
    /// Another log signed it.
    OtherLog,
    /// It is not signed by the log that it names.
    Unsigned,
    /// It is no checkpoint and no fingerprint.
    Unreadable,
}
