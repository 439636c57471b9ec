//! Commands that failed.

use serde::{Deserialize, Serialize};

/// Why a command failed. The code is the key of the translated text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The invitation is not of the right shape.
    InvitationUnreadable,
    /// The endpoint does not know the invitation.
    InvitationUnknown,
    /// Another device used the invitation.
    InvitationUsed,
    /// Nobody used the invitation before it expired.
    InvitationExpired,
    /// A coordinator withdrew the invitation.
    InvitationWithdrawn,
    /// The address of the invitation has no https.
    AddressInsecure,
    /// The endpoint's log is not the one that the invitation names.
    OtherLog,
    /// The endpoint cannot be reached.
    EndpointUnreachable,
    /// Something else answered.
    NotTheEndpoint,
    /// This platform cannot make encrypted connections.
    TlsUnavailable,
    /// The endpoint refused for another reason, which is in the detail.
    EndpointRefused,
    /// The device has already joined an election.
    AlreadyJoined,
    /// The device has not joined yet.
    NotJoined,
    /// No such station, contest, field or page is assigned to this device.
    NotAssigned,
    /// The tally is sealed and can only be corrected by a new one.
    AlreadySealed,
    /// The tally is not sealed yet.
    NotSealed,
    /// Findings wait for an answer. The detail names them.
    FaultsUnanswered,
    /// A tally without figures cannot be sealed.
    NothingTyped,
    /// The figure has more digits than the paper has boxes.
    FigureTooLong,
    /// The file is not a JPEG or PNG picture.
    PhotoNotAnImage,
    /// The picture has too many bytes or pixels.
    PhotoTooLarge,
    /// A command came without the photo's or the bundle's bytes, or without what they belong to.
    BytesMissing,
    /// The file is not a complete bundle of this election.
    BundleUnreadable,
    /// This device cannot carry more for others.
    CarriedTooMuch,
    /// An incident needs a category and a description.
    IncidentIncomplete,
    /// The description of an incident is longer than a record can hold.
    IncidentTooLong,
    /// A correction needs a reason.
    ReasonMissing,
    /// The reason of a correction is too long.
    ReasonTooLong,
    /// The keystore does not return the device's key.
    KeystoreLocked,
    /// The device's key is gone.
    KeyLost,
    /// The disk is full.
    DiskFull,
    /// The store cannot be read or written.
    Storage,
}

/// A command that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Failure {
    pub code: FailureCode,
    /// The error and its sources, in English.
    pub detail: String,
}
