//! The log, and older checkpoints held against it.

use serde::{Deserialize, Serialize};

/// `GET /api/log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogView {
    /// The newest checkpoint, a signed note.
    pub checkpoint: String,
    /// How many statements it speaks of.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
    /// When it was signed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// Its fingerprint for the voice.
    pub spoken: String,
    /// When the log began; `None` while it is empty.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub began_at_ms: Option<i64>,
    /// Statements that were taken in and have no place yet.
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
    /// Since when it signs.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since_ms: i64,
}

/// `POST /api/log/compare`: what somebody kept of an earlier time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CompareRequest {
    /// A checkpoint, or a fingerprint as it was read out.
    pub kept: String,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogComparison {
    /// What came of it.
    pub verdict: LogVerdict,
    /// How many statements the kept one speaks of; `None` where it cannot be read.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub size: Option<u64>,
    /// When the kept one was signed; a fingerprint does not tell.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub at_ms: Option<i64>,
    /// The newest checkpoint, against which it was held.
    pub newest: String,
    /// The proof between the two (RFC 9162 §2.1.4.1), in hex.
    pub proof: Vec<String>,
}

/// How a kept checkpoint and the log go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LogVerdict {
    /// The log has only grown since then.
    Continues,
    /// The log signed it, and says something else now: it was rewritten.
    Contradicts,
    /// A fingerprint that this log never had: it was rewritten, or somebody misheard.
    NeverHeard,
    /// It speaks of more statements than the log has: the log lost some, or it is of another log.
    Ahead,
    /// It is of another log.
    OtherLog,
    /// It is not signed by the log that it names.
    Unsigned,
    /// It is no checkpoint and no fingerprint.
    Unreadable,
}
