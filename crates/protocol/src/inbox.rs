//! What the endpoint has to say to a device: a list that only grows, fetched by cursor.

use evidence::{DeviceId, StatementId};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A device asks what is new for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRequest {
    /// The device.
    pub device: DeviceId,
    /// The cursor of the last item that it has; 0 for none.
    pub after: u64,
    /// The device's signature over [`inbox_proof_message`]: what it is told is for nobody else.
    pub proof: ByteBuf,
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
    /// Something that this version does not know.
    #[serde(other)]
    Unknown,
}

impl InboxBody {
    /// A request for another photo.
    pub fn photo_request(tally: StatementId, page: u8, reason: String) -> Self {
        Self::PhotoRequest { tally: tally.to_string(), page, reason }
    }
}
