//! What goes over the wire between device and endpoint, and its error codes.
//!
//! Invariant: this crate holds shapes, limits and names, and no behaviour of either side. Statements travel as the
//! bytes that were signed and are never re-encoded.

mod inbox;
pub mod limit;
pub mod problem;

pub use inbox::{
    ChangedEnrolment, Decision, EnrolmentMark, InboxBody, InboxItem, InboxRequest, InboxResponse,
    inbox_proof_message,
};
pub use problem::{Problem, ProblemCode};

use evidence::{DeviceId, StatementId};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tally::{ContestId, Election, StationId};

/// The addresses that a device uses, relative to the endpoint's base address.
pub mod path {
    /// `POST` [`super::EnrolRequest`] → [`super::EnrolResponse`], JSON.
    pub const ENROL: &str = "/v1/enrol";
    /// `POST` [`super::PushRequest`] → [`super::PushResponse`], CBOR.
    pub const STATEMENTS: &str = "/v1/statements";
    /// `HEAD` and `PATCH` `/v1/photos/{sha256 in hex}`.
    pub const PHOTOS: &str = "/v1/photos";
    /// `POST` [`super::ReceiptsRequest`] → [`super::ReceiptsResponse`], CBOR.
    pub const RECEIPTS: &str = "/v1/receipts";
    /// `POST` [`super::InboxRequest`] → [`super::InboxResponse`], CBOR.
    pub const INBOX: &str = "/v1/inbox";
    /// `GET` the newest checkpoint of the log, a signed note. Open to everybody.
    pub const CHECKPOINT: &str = "/v1/log/checkpoint";
    /// `GET` `?from=SIZE&to=SIZE` → [`super::ConsistencyAnswer`], JSON. Open to everybody.
    pub const CONSISTENCY: &str = "/v1/log/consistency";
    /// `GET` [`super::LogKeys`], JSON. Open to everybody.
    pub const LOG_KEYS: &str = "/v1/log/keys";
}

/// The media type of statement batches.
pub const CBOR: &str = "application/cbor";
/// The media type of a piece of a photo (`PATCH`).
pub const PHOTO_PIECE: &str = "application/offset+octet-stream";
/// `HEAD` answers with it, `PATCH` sends it: how many bytes of the photo the endpoint holds.
pub const UPLOAD_OFFSET: &str = "upload-offset";

/// A device asks to witness with an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The invitation's code as it was handed out; case, blanks and hyphens do not matter.
    pub invitation: String,
    /// The device's Ed25519 public key, in hex.
    pub public_key: String,
    /// The device's signature over [`enrol_proof_message`], in hex: proof that it holds the key.
    pub proof: String,
}

/// What a device signs to prove that it holds its key: a fixed context, then the normalised invitation.
pub fn enrol_proof_message(invitation: &str) -> Vec<u8> {
    let mut message = b"saksi-enrol-v1\0".to_vec();
    message.extend_from_slice(normal_invitation(invitation).as_bytes());
    message
}

/// An invitation's code without blanks and hyphens, in capitals.
pub fn normal_invitation(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// The endpoint takes the device in. Asking again with the same key and invitation gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// The device, as the endpoint will know it.
    pub device: DeviceId,
    /// Where it witnesses.
    pub assignments: Vec<Assignment>,
    /// The election package, cut to the assigned stations and the regions above them, with their forms.
    pub election: Election,
    /// The public key of the endpoint's log, in hex. The device pins it: receipts of another log prove nothing.
    pub log_key: String,
    /// How often the device's assignments were changed.
    #[serde(default)]
    pub assignments_revision: u64,
}

/// One station at which a device witnesses, and the contests that it watches there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The station.
    pub station: StationId,
    /// The contests, in the package's order.
    pub contests: Vec<ContestId>,
}

/// Statements on their way in, each as the bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// At most [`limit::STATEMENTS_PER_PUSH`], each at most [`limit::STATEMENT_BYTES`].
    pub statements: Vec<ByteBuf>,
}

/// One answer for each statement of the push, in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResponse {
    /// The answers.
    pub outcomes: Vec<Outcome>,
    /// Sequence numbers that the endpoint misses in the chains of the devices that signed these statements, at most
    /// [`limit::STATEMENTS_PER_PUSH`]. Whoever has the statements is asked to push them.
    #[serde(default)]
    pub missing: Vec<MissingStatement>,
}

/// A gap in a device's chain, as the endpoint sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingStatement {
    /// Whose chain.
    pub device: DeviceId,
    /// The sequence number of which nothing has arrived.
    pub sequence: u64,
}

/// A device asks for the log's receipts of statements that were accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsRequest {
    /// At most [`limit::RECEIPTS_PER_REQUEST`].
    pub statements: Vec<StatementId>,
    /// The size of the log in the newest checkpoint that the device saw; 0 when it saw none.
    pub seen_size: u64,
}

/// Receipts, and the log's state in which they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsResponse {
    /// One for each statement, in order; `None` for one that is not in the log yet.
    pub receipts: Vec<Option<ByteBuf>>,
    /// The newest checkpoint, a signed note.
    pub checkpoint: String,
    /// The proof that the log of the checkpoint continues the one that the device saw; empty where there is nothing
    /// to prove.
    pub consistency: Vec<ByteBuf>,
}

/// The proof that a log of one size continues that of a smaller one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsistencyAnswer {
    /// The smaller size.
    pub from: u64,
    /// The larger size.
    pub to: u64,
    /// The hashes of the proof (RFC 9162 §2.1.4.1), in hex.
    pub proof: Vec<String>,
}

/// The public keys under which the log has signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogKeys {
    /// The key that signs now, in hex.
    pub current: String,
    /// The rotations that led to it, oldest first: each the old key's signature on the new one, in hex.
    pub rotations: Vec<String>,
}

/// What the endpoint did with one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is stored durably, now or already before.
    Accepted {
        /// The SHA-256 of the bytes that were taken in.
        id: StatementId,
        /// When it first arrived, by the endpoint's clock, in milliseconds since 1970 (UTC).
        received_at_ms: i64,
    },
    /// It was refused, and nothing was stored.
    Refused {
        /// Why.
        problem: Problem,
    },
}

/// Encodes a push or its answer.
pub fn to_cbor<T: Serialize>(value: &T) -> Result<Vec<u8>, CborError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|e| CborError(e.to_string()))?;
    Ok(bytes)
}

/// Decodes a push or its answer; the length must have been bounded before.
pub fn from_cbor<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, CborError> {
    ciborium::from_reader(bytes).map_err(|e| CborError(e.to_string()))
}

/// CBOR that does not have the wanted shape.
#[derive(Debug, thiserror::Error)]
#[error("the CBOR body cannot be read: {0}")]
pub struct CborError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_may_be_typed_with_blanks_hyphens_and_small_letters() {
        assert_eq!(normal_invitation(" ab2c-9xyz "), "AB2C9XYZ");
        assert_eq!(enrol_proof_message("ab2c-9xyz"), enrol_proof_message("AB2C 9XYZ"));
    }
}
