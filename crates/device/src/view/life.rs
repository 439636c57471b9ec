//! The state of a sealed record, and its proof.

use protocol::{Decision, ProblemCode};
use serde::{Deserialize, Serialize};

use crate::life::LifeState;

/// The state of a record, and its reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LifeView {
    pub state: LifeState,
    /// When the record reached the state; `None` for a draft without figures.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub since_ms: Option<i64>,
    /// When the endpoint received it, by the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub received_at_ms: Option<i64>,
    /// When a hall proved that it keeps the record. It is not proved by that.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub entrusted_at_ms: Option<i64>,
    pub refusal: Option<RefusalView>,
    pub verdict: Option<VerdictView>,
}

/// A coordinator's verdict on a record that was not withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictView {
    pub decision: Decision,
    /// The coordinator's words. May be empty.
    pub reason: String,
    /// By the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// Why the endpoint refused a record, which stays on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RefusalView {
    /// The key of the translated text.
    pub code: ProblemCode,
    /// The endpoint's own words, in English.
    pub detail: String,
}

/// The log's proof that it contains a statement, verified by this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReceiptView {
    /// The statement's index in the log, from 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub leaf_index: u64,
    /// The size of the log in the receipt.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tree_size: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub verified_at_ms: i64,
    /// The log's id, in hex.
    pub log: String,
}
