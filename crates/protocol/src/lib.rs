//! The protocol between device and endpoint: message types, paths, limits and error codes.
//!
//! Photos are uploaded in pieces that can be resumed: `HEAD` asks for the offset, `PATCH` continues there.
//! This is the core of the tus 1.0 protocol for resumable uploads, with its `Upload-Offset` header and its
//! media type. Not implemented are `Tus-Resumable`, `OPTIONS` and the creation extension: the statement
//! creates the upload, and the SHA-256 of the photo is its URL. Sending a piece again is harmless.
//!
//! Invariant: this crate has types, limits and names, and no behaviour of either side. Statements travel as
//! the bytes that were signed. Nobody re-encodes them.

mod carried;
mod drill;
mod inbox;
pub mod invitation;
pub mod limit;
pub mod problem;
pub mod quota;
mod request_proof;

pub use carried::{CarriedEnrolment, InvitationProof, invitation_key};
pub use drill::{
    CarriedResult, DRILL_RESULTS_MAX, DRILL_SECTION_BYTES_MAX, DrillProgress, DrillResultsRequest,
    DrillStage, DrillState, KnownAs, known_as_message,
};
pub use inbox::{
    ChangedEnrolment, Decision, EnrolmentMark, InboxBody, InboxItem, InboxRequest, InboxResponse,
    inbox_proof_message,
};
pub use invitation::{InvitationFragment, InvitationFragmentError, hall_link, link_fingerprint};
pub use problem::{Problem, ProblemCode};
pub use request_proof::{DEVICE_HEADER, PROOF_HEADER, ProofDetail, request_proof_message, signature_of_hex};

use evidence::{DeviceId, StatementId};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tally::{ContestId, Election, StationId};

/// The paths that a device uses, relative to the endpoint's base URL.
pub mod path {
    /// `POST` [`super::EnrolRequest`] → [`super::EnrolResponse`], JSON.
    pub const ENROL: &str = "/v1/enrol";
    /// `POST` [`super::CarriedEnrolment`] → [`super::EnrolResponse`], JSON.
    pub const ENROL_CARRIED: &str = "/v1/enrol/carried";
    /// `GET` [`super::EndpointInfo`], JSON. Public.
    pub const ENDPOINT: &str = "/v1/endpoint";
    /// `POST` [`super::PushRequest`] → [`super::PushResponse`], CBOR.
    pub const STATEMENTS: &str = "/v1/statements";
    /// `HEAD` and `PATCH` `/v1/photos/{sha256 in hex}`: the resumable upload (tus) of a photo.
    pub const PHOTOS: &str = "/v1/photos";
    /// `POST` [`super::ReceiptsRequest`] → [`super::ReceiptsResponse`], CBOR.
    pub const RECEIPTS: &str = "/v1/receipts";
    /// `POST` [`super::InboxRequest`] → [`super::InboxResponse`], CBOR.
    pub const INBOX: &str = "/v1/inbox";
    /// `PUT` [`super::DrillProgress`] → [`super::DrillState`], JSON. Only a drill answers.
    pub const DRILL: &str = "/v1/drill";
    /// `POST` [`super::DrillResultsRequest`] → [`super::PushResponse`], CBOR. A drill does not answer.
    pub const DRILL_RESULTS: &str = "/v1/drill/results";
    /// `GET` the newest checkpoint of the log, a signed note. Public.
    pub const CHECKPOINT: &str = "/v1/log/checkpoint";
    /// `GET` `?from=SIZE&to=SIZE` → [`super::ConsistencyAnswer`], JSON. Public.
    pub const CONSISTENCY: &str = "/v1/log/consistency";
    /// `GET` [`super::LogKeys`], JSON. Public.
    pub const LOG_KEYS: &str = "/v1/log/keys";
}

/// The media type of statement batches.
pub const CBOR: &str = "application/cbor";
/// The media type of a piece of a photo (`PATCH`), that of tus.
pub const PHOTO_PIECE: &str = "application/offset+octet-stream";
/// Header of tus: the number of bytes of the photo that the endpoint has. `HEAD` returns it, `PATCH` sends
/// it.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// The header with the code of a refusal (`photo_unknown`). A response to `HEAD` has no body that could name
/// it.
pub const PROBLEM_HEADER: &str = "saksi-problem";

/// A device enrols with an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The code of the invitation. Case, blanks and hyphens do not matter.
    pub invitation: String,
    /// The device's Ed25519 public key, in hex.
    pub public_key: String,
    /// The device's signature over [`enrol_proof_message`], in hex: proof that it holds the key.
    pub proof: String,
}

/// The message that a device signs to prove that it holds its key: a fixed context, then the normalised
/// invitation.
pub fn enrol_proof_message(invitation: &str) -> Vec<u8> {
    let mut message = b"saksi-enrol-v1\0".to_vec();
    message.extend_from_slice(normal_invitation(invitation).as_bytes());
    message
}

/// An invitation's code without blanks and hyphens, in capitals.
pub fn normal_invitation(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// The device is enrolled. A second request with the same key and invitation gets the same response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// The id of the device.
    pub device: DeviceId,
    /// The stations and contests of the device.
    pub assignments: Vec<Assignment>,
    /// The election package, cut to the assigned stations and the regions above them, with their forms.
    pub election: Election,
    /// The public key of the endpoint's log, in hex. The device pins it and accepts no receipts of another
    /// log.
    pub log_key: String,
    /// Number of changes of the device's assignments.
    #[serde(default)]
    pub assignments_revision: u64,
}

/// What an endpoint serves, so that a phone knows it before it uses an invitation up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointInfo {
    /// The id of the election.
    pub election: String,
    /// The version of its package.
    pub version: u32,
    /// Whether it is practice.
    pub drill: bool,
    /// The public key of this endpoint's log, in hex.
    pub log_key: String,
    /// Set if this is the laptop of a hall: then whose it is. Its own log proves nothing of the count.
    #[serde(default)]
    pub hall: Option<HallOf>,
}

/// The endpoint that a hall works for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallOf {
    /// The endpoint's base address.
    pub endpoint: String,
    /// The keys of the endpoint's log, which devices pin.
    pub log_keys: LogKeys,
}

/// One station of a device, and its contests there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The station.
    pub station: StationId,
    /// The contests, in the package's order.
    pub contests: Vec<ContestId>,
}

/// Statements to be stored, each as the bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// At most [`limit::STATEMENTS_PER_PUSH`], each at most [`limit::STATEMENT_BYTES`].
    pub statements: Vec<ByteBuf>,
}

/// One outcome for each statement of the push, in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResponse {
    pub outcomes: Vec<Outcome>,
    /// Sequence numbers that the endpoint misses in the chains of the devices that signed these statements,
    /// at most [`limit::STATEMENTS_PER_PUSH`]. A client that has these statements should push them.
    #[serde(default)]
    pub missing: Vec<MissingStatement>,
}

/// A gap in a device's chain, as the endpoint sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingStatement {
    pub device: DeviceId,
    /// The sequence number without a statement.
    pub sequence: u64,
}

/// A device requests the log's receipts of accepted statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsRequest {
    /// At most [`limit::RECEIPTS_PER_REQUEST`].
    pub statements: Vec<StatementId>,
    /// The size of the log in the newest checkpoint of the device. 0 if it has none.
    pub seen_size: u64,
}

/// Receipts, and the state of the log at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsResponse {
    /// One for each statement, in order. `None` for a statement that is not in the log yet.
    pub receipts: Vec<Option<ByteBuf>>,
    /// The newest checkpoint, a signed note.
    pub checkpoint: String,
    /// The proof that the log of the checkpoint continues the one of `seen_size`. Empty if there is nothing
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
    /// The current key, in hex.
    pub current: String,
    /// The rotations that lead to it, oldest first, in hex. Each is the old key's signature on the new one.
    pub rotations: Vec<String>,
}

/// The outcome of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is stored durably, now or before.
    Accepted {
        /// The SHA-256 of the stored bytes.
        id: StatementId,
        /// Time of its first arrival by the endpoint's clock, in milliseconds since 1970 (UTC).
        received_at_ms: i64,
    },
    /// It is refused and not stored.
    Refused { problem: Problem },
}

/// Encodes a message as CBOR.
pub fn to_cbor<T: Serialize>(value: &T) -> Result<Vec<u8>, CborError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|e| CborError(e.to_string()))?;
    Ok(bytes)
}

/// Decodes a CBOR message. The caller must limit its length before.
pub fn from_cbor<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, CborError> {
    ciborium::from_reader(bytes).map_err(|e| CborError(e.to_string()))
}

/// CBOR without the expected shape.
#[derive(Debug, thiserror::Error)]
#[error("cannot read or write the CBOR body: {0}")]
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
