//! The inbox of a device: an append-only list of messages from the endpoint, fetched by cursor.

use evidence::{DeviceId, PhotoHash, StatementId};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::Assignment;

/// A device requests new inbox items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRequest {
    /// The device.
    pub device: DeviceId,
    /// The cursor of its last item. 0 for none.
    pub after: u64,
    /// The device's signature over [`inbox_proof_message`]. Only the device may read its inbox.
    pub proof: ByteBuf,
    /// The state of the device's package and assignments. Older devices do not send it and get no changes of
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<EnrolmentMark>,
    /// Messages that the witness opened and that the endpoint has not confirmed, at most
    /// [`crate::limit::MESSAGES_READ`]. The request's proof covers them; an answer confirms them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<String>,
}

/// The state of a device's election package and assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentMark {
    /// The package's version.
    pub election_version: u32,
    /// Number of changes of the device's assignments.
    pub assignments_revision: u64,
}

/// The message that a device signs to fetch its inbox.
pub fn inbox_proof_message(device: DeviceId, after: u64) -> Vec<u8> {
    let mut message = b"saksi-inbox-v1\0".to_vec();
    message.extend_from_slice(&device.0);
    message.extend_from_slice(&after.to_be_bytes());
    message
}

/// The items after the cursor, oldest first. Fewer than [`crate::limit::INBOX_ITEMS`] mean that there are no
/// more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxResponse {
    /// The items.
    pub items: Vec<InboxItem>,
    /// The endpoint's clock, in milliseconds since 1970 (UTC). A device can detect with it that its own clock
    /// is wrong.
    #[serde(default)]
    pub at_ms: Option<i64>,
    /// The current package and assignments, if they differ from the device's. They are a state, not an event:
    /// receiving them twice changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<ChangedEnrolment>,
}

/// The current election package and assignments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedEnrolment {
    /// Number of changes of the device's assignments.
    pub assignments_revision: u64,
    /// The stations and contests of the device.
    pub assignments: Vec<Assignment>,
    /// The election package as JSON, cut to the present and former stations of the device.
    pub election: String,
}

/// One message to a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxItem {
    /// Its cursor. Later items have greater ones.
    pub cursor: u64,
    /// Time of its creation by the endpoint's clock, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    pub body: InboxBody,
}

/// The content of a message. An older device skips kinds that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InboxBody {
    /// A coordinator cannot read a page and requests another photo of it.
    PhotoRequest {
        /// The tally that the page belongs to, in hex.
        tally: String,
        /// The page.
        page: u8,
        /// The coordinator's reason.
        reason: String,
    },
    /// A coordinator decided on a statement, or withdrew a decision.
    Verdict {
        /// The statement, in hex.
        statement: String,
        decision: Decision,
        /// The coordinator's reason. It may be empty if the statement is verified.
        reason: String,
    },
    /// A coordinator requests the original of a photo.
    OriginalRequest {
        /// The SHA-256 of the original, in hex, as the photo's statement names it.
        original: String,
    },
    /// A coordinator's message to all witnesses of a region.
    Message {
        /// Its id, a UUID.
        message: String,
        /// The region to which it is addressed: its code, or nothing for the whole election.
        region: Option<String>,
        text: String,
        /// The name of the user who sent it.
        by: String,
    },
    /// A message was withdrawn: it does not hold any more.
    MessageWithdrawn { message: String },
    /// A kind that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A coordinator's verdict on a statement. The latest one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The figures are those on the paper.
    Verified,
    /// The figures are wrong. They do not count until a correction or another verdict.
    Disputed,
    /// The verdict before is withdrawn.
    Withdrawn,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Disputed, Self::Withdrawn];

    /// Its name on the wire and in databases.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl std::str::FromStr for Decision {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|decision| decision.word() == word);
        known.ok_or_else(|| format!("cannot read {word:?} as a decision"))
    }
}

impl InboxBody {
    /// A request for another photo.
    pub fn photo_request(tally: StatementId, page: u8, reason: String) -> Self {
        Self::PhotoRequest { tally: tally.to_string(), page, reason }
    }
    /// A verdict on a statement.
    pub fn verdict(statement: StatementId, decision: Decision, reason: String) -> Self {
        Self::Verdict { statement: statement.to_string(), decision, reason }
    }

    /// A request for an original.
    pub fn original_request(original: PhotoHash) -> Self {
        Self::OriginalRequest { original: original.to_string() }
    }
}
