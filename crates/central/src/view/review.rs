//! Requests of coordinators to decide on a tally, or to get another photo or an original; the queue of what
//! is to be decided, and the keys with which decisions are signed.

use serde::{Deserialize, Serialize};
use tally::{ContestId, RegionCode, StationId};

use crate::model::review::KeyKeeping;

/// `POST /api/stations/{station}/photo-requests`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoRequestRequest {
    /// The tally that the page belongs to, hex.
    pub tally: String,
    pub page: u8,
    /// What is wrong with the present photo. The witness reads it.
    pub reason: String,
}

/// `POST /api/stations/{station}/verdicts`: a verdict or a correction that the user's browser signed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VerdictRequest {
    /// The statement's bytes, base64.
    pub statement: String,
}

/// `POST /api/stations/{station}/originals`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OriginalRequest {
    /// The photo's derivative, SHA-256, hex.
    pub photo: String,
}

/// `POST /api/review-keys`: a key that the user's browser made.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReviewKeyRequest {
    /// The user's password.
    pub password: String,
    /// The public key, 64 hex digits.
    pub key: String,
    /// The key's signature that shows who has it, 128 hex digits.
    pub proof: String,
    pub keeping: KeyKeeping,
}

/// A key with which a user signs what they decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReviewKeyView {
    /// Its id: what statements call the device.
    pub id: String,
    /// The public key, 64 hex digits.
    pub key: String,
    pub user: String,
    pub keeping: KeyKeeping,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub enrolled_at_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub revoked_at_ms: Option<i64>,
    /// The sequence number of the last statement that it signed; 0 before the first.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sequence: u64,
    /// The id of that statement.
    pub head: Option<String>,
}

/// `POST /api/review-keys/{key}/revoke`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RevokeKeyRequest {
    #[serde(default)]
    pub because: String,
}

/// `POST /api/review/queue/take`: the next station, or a certain one.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TakeRequest {
    pub contest: ContestId,
    pub region: Option<RegionCode>,
    /// This station and no other.
    #[serde(default)]
    pub station: Option<StationId>,
    /// A station that is put off for a while.
    #[serde(default)]
    pub skip: Option<StationId>,
}

/// The review queue of a region: the stations at which a person should look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QueueView {
    /// Number of stations in it, of all users.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// Numbers of those that were weighed, by what is in doubt. A station may have several doubts.
    pub conflicting: u32,
    pub faulty: u32,
    pub misread: u32,
    /// The votes between the first two of the contest in this region.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub margin: u64,
    /// The station that the user has in front of them.
    pub held: Option<StationId>,
    /// The first stations, of highest consequence first.
    pub items: Vec<QueueItem>,
}

/// A station in the review queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QueueItem {
    pub station: StationId,
    /// The name of its desa.
    pub desa: String,
    /// Its consequence, from 0 to 1,000.
    pub consequence: u32,
    /// Number of votes that may be wrong.
    pub votes: u32,
    pub conflicts: u32,
    pub faults: u32,
    pub misread: u32,
    /// When its newest tally arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since_ms: i64,
    /// The other user who has it in front of them.
    pub holder: Option<String>,
    /// Whether this user put it off.
    pub skipped: bool,
}
