//! What the endpoint has to say to a device: a list that only grows, fetched by cursor.

use evidence::{DeviceId, PhotoHash, StatementId};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::Assignment;

/// A device asks what is new for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRequest {
    /// The device.
    pub device: DeviceId,
    /// The cursor of the last item that it has; 0 for none.
    pub after: u64,
    /// The device's signature over [`inbox_proof_message`]: what it is told is for nobody else.
    pub proof: ByteBuf,
    /// What the device joined, as it has it. Devices that came before this do not say it, and are told nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<EnrolmentMark>,
}

/// Which state of the election package and of its assignments a device has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentMark {
    /// The package's version.
    pub election_version: u32,
    /// How often the device's assignments were changed.
    pub assignments_revision: u64,
}

/// What a device signs to fetch its inbox.
pub fn inbox_proof_message(device: DeviceId, after: u64) -> Vec<u8> {
    let mut message = b"saksi-inbox-v1\0".to_vec();
    message.extend_from_slice(&device.0);
    message.extend_from_slice(&after.to_be_bytes());
    message
}

/// At most [`crate::limit::INBOX_ITEMS`] items after the cursor, the oldest first; fewer mean that there are no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxResponse {
    /// The items.
    pub items: Vec<InboxItem>,
    /// The endpoint's clock, in milliseconds since 1970 (UTC): a device whose own clock is far off can say so.
    #[serde(default)]
    pub at_ms: Option<i64>,
    /// What the device has joined by now, where that is not what it has. It is a state and no event: hearing it twice
    /// changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<ChangedEnrolment>,
}

/// The election package and the assignments as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedEnrolment {
    /// How often the device's assignments were changed.
    pub assignments_revision: u64,
    /// Where it witnesses.
    pub assignments: Vec<Assignment>,
    /// The election package as JSON, cut to all stations at which the device witnesses or did.
    pub election: String,
}

/// One thing that a device is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxItem {
    /// Its place; later items have greater ones.
    pub cursor: u64,
    /// Since when it is there, by the endpoint's clock.
    pub at_ms: i64,
    /// What it is.
    pub body: InboxBody,
}

/// What a device is told. An older device passes over what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InboxBody {
    /// Somebody cannot read a page and asks for another photo of it.
    PhotoRequest {
        /// The tally that the page belongs to, in hex.
        tally: String,
        /// The page.
        page: u8,
        /// What is wrong with the photo that is there, in a coordinator's words.
        reason: String,
    },
    /// A coordinator decided on a statement, or took a decision back.
    Verdict {
        /// The statement, in hex.
        statement: String,
        /// What they decided.
        decision: Decision,
        /// Why, in their words; may be empty where they agree.
        reason: String,
    },
    /// Somebody needs the picture as the camera wrote it.
    OriginalRequest {
        /// The SHA-256 of the original, in hex, as the photo's statement names it.
        original: String,
    },
    /// Something that this version does not know.
    #[serde(other)]
    Unknown,
}

/// What a coordinator decides on a statement. The last decision counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The figures are those of the paper.
    Verified,
    /// Something is wrong with them: they do not count until the witness or the coordinator corrects that.
    Disputed,
    /// The decision before it is taken back.
    Withdrawn,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Disputed, Self::Withdrawn];

    /// Its word, as it goes over the wire and into databases.
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
        known.ok_or_else(|| format!("{word:?} is no decision"))
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
