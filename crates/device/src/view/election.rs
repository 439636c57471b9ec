//! The elections on this device, and joining them.

use serde::Serialize;
use tally::Localized;

use super::{RefusalView, SyncError};

/// One of the elections on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ElectionCard {
    /// Its number on this device, by which it is chosen. It also decides the colour of its band.
    pub number: u32,
    /// Its name; `None` while no package is here.
    pub title: Option<Localized>,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Whether it is practice.
    pub drill: bool,
    /// The endpoint's address.
    pub endpoint: String,
    /// Whether the endpoint has confirmed that this device joined.
    pub is_joined: bool,
    /// Whether the screens show it.
    pub is_current: bool,
    /// Whether it was left since the start, which can be undone.
    pub is_left: bool,
    /// Records without a verified receipt, and photos that have not arrived.
    pub unproved: u32,
    /// Drafts and photos that are not sealed.
    pub drafts: u32,
    /// Whether everything that was sealed is in a file.
    pub is_exported: bool,
}

/// What came of an invitation, or of a hall's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JoinOutcome {
    /// The device has joined.
    Joined,
    /// It had joined this election before. The invitation's station is added to it.
    AlreadyHere,
    /// The endpoint cannot be reached. The invitation waits, and the device joins later.
    Waiting,
    /// A hall gave the package, and keeps what it is given.
    AtHall,
    /// It practises in a trainer's class.
    InClass,
}

/// An enrolment that the endpoint has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JoiningView {
    /// The endpoint's address.
    pub endpoint: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub since_ms: i64,
    /// Whether an invitation is here. A guest of a hall has none.
    pub has_invitation: bool,
    /// Why the last attempt failed.
    pub error: Option<SyncError>,
    /// Why the endpoint refused the invitation.
    pub refusal: Option<RefusalView>,
    /// When it is tried again.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub next_attempt_at_ms: i64,
}

/// The hall in which this device was last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HallView {
    /// The address of its laptop.
    pub address: String,
    /// Records that its laptop keeps, as its receipts prove.
    pub entrusted: u32,
    /// Records and photos that its laptop does not have yet.
    pub waiting: u32,
    /// Why the last exchange with it failed.
    pub error: Option<SyncError>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub last_contact_at_ms: Option<i64>,
}
