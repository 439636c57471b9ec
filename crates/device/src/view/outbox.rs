//! What waits to be sent, and the connection.

use serde::{Deserialize, Serialize};
use tally::ContestId;

/// What waits to be sent, why, and when the next attempt is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OutboxView {
    /// Tallies that are sealed and not yet accepted.
    pub tallies_waiting: u32,
    /// Reports that are sealed and not yet accepted.
    pub reports_waiting: u32,
    /// Records that were accepted and whose receipt is not here yet.
    pub proofs_waiting: u32,
    /// Photos that the endpoint has not stored completely.
    pub photos_waiting: u32,
    /// Requested originals that the endpoint has not stored completely.
    pub originals_waiting: u32,
    /// Bytes of originals that are still to be sent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub originals_bytes_waiting: u64,
    /// When originals continue, if their budget for the day is used up.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub originals_again_at_ms: Option<i64>,
    /// Records that the endpoint refused for good.
    pub refused: u32,
    /// Bytes of own records and photos that are still to be sent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes_waiting: u64,
    /// The photo of which a part was sent.
    pub photo: Option<PhotoProgress>,
    /// Whether a request is running.
    pub sending: bool,
    /// Why the last exchange failed; `None` if it succeeded, or there was none.
    pub error: Option<SyncError>,
    /// When the next attempt is due; `None` when nothing waits.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next_attempt_at_ms: Option<i64>,
    /// How far this device's clock is ahead of the endpoint's, negative if it is behind; `None` if the
    /// difference is small. What was sealed stays valid: nothing is ordered by this clock.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub clock_ahead_ms: Option<i64>,
    /// When the endpoint last answered.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_contact_at_ms: Option<i64>,
}

/// The progress of a photo's upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoProgress {
    pub contest: ContestId,
    pub round: u8,
    pub page: u8,
    /// Bytes that the endpoint has stored.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sent_bytes: u64,
    /// Length of the whole photo in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
}

/// Why an exchange failed. Each of them is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SyncError {
    /// There is no connection: no signal, or the endpoint is down.
    Unreachable,
    /// The connection broke off or was too slow.
    Interrupted,
    /// A page for people answered: the login of a hotspot, or a notice of a proxy.
    LoginPage,
    /// The certificate is not the endpoint's.
    CertificateWrong,
    /// The endpoint's certificate is not valid at the time of this device's clock.
    CertificateTime,
    /// Something else answered.
    NotTheEndpoint,
    /// The endpoint is overloaded, or this device is throttled.
    Busy,
    /// The endpoint has an internal error.
    #[serde(alias = "endpoint_fault")]
    EndpointInternal,
    /// The endpoint's proofs are not valid for the log that this device knows.
    ProofWrong,
    /// The keystore does not return the device's key, so that no request can be proven.
    KeystoreLocked,
    /// The device's key is gone. What was sealed can only be carried as a bundle.
    KeyLost,
    /// This device cannot read or write its own store.
    Storage,
}
