//! Messages of coordinators to the witnesses of a region.

use serde::{Deserialize, Serialize};
use tally::{RegionCode, StationId};

/// `POST /api/messages`: a message to all witnesses of a region.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewMessageRequest {
    /// `None` for the whole election.
    pub region: Option<RegionCode>,
    pub text: String,
}

/// `GET /api/messages?before=…`: at most 50 messages to the user's region, to regions below it and to those
/// above it, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageList {
    pub messages: Vec<MessageView>,
    /// `before` of the next page; `None` on the last.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next: Option<i64>,
}

/// A message. `POST /api/messages` and `…/{message}/withdraw` answer with it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageView {
    /// A UUID.
    pub message: String,
    /// `None` for the whole election.
    pub region: Option<RegionCode>,
    /// The region's name; empty for the whole election.
    pub name: String,
    pub text: String,
    /// The user who sent it.
    pub by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub withdrawn_at_ms: Option<i64>,
    /// Number of witnesses' devices in the region now.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub devices: u64,
    /// Number of those that read it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub read: u64,
    /// Whether the user may withdraw it.
    pub may_withdraw: bool,
}

/// `GET /api/messages/{message}/readers?unread=true|false&after=…`: at most 200 witnesses of the region, by
/// station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReaderList {
    pub readers: Vec<ReaderView>,
    /// `after` of the next page; `None` on the last.
    pub next: Option<String>,
}

/// A witness to whom a message is addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReaderView {
    pub station: StationId,
    /// The device, hex.
    pub device: String,
    /// When the device said that the witness had opened the message; `None` until then.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub read_at_ms: Option<i64>,
    /// Who it is, for those who may see people.
    pub contact: Option<Contact>,
}

/// A person to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Contact {
    /// The person, a UUID.
    pub person: String,
    pub name: String,
    /// Empty if it is not known.
    pub phone: String,
}
