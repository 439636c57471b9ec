//! Commands that failed.

use protocol::ProblemCode;
use serde::{Deserialize, Serialize};
use sheet::PictureError;

use crate::error::{DeviceError, StoreError, error_chain};

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
    /// The link leads to no hall, or to another one.
    NotAHall,
    /// A package needs an invitation first.
    NoInvitation,
    /// The file is no package of the invitation's election.
    PackageUnreadable,
    /// No contest of the package is voted at the station, or there are too many such stations.
    CannotRecordAt,
    /// There is no such election on this device.
    NoSuchElection,
    /// The device holds as many elections as it can.
    TooManyElections,
    /// Records of the election are not proved and in no file. The detail has their number.
    NotProvedYet,
    /// Drafts of the election are not sealed. The detail has their number.
    DraftsOpen,
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
    /// The file is no scenario.
    ScenarioUnreadable,
    /// The scenario has contests or stations that the election does not have.
    ScenarioUnfit,
    /// There is no drill here, or no such exercise.
    NoDrill,
    /// The form's pages cannot be drawn.
    SheetUndrawable,
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

impl FailureCode {
    fn of(error: &DeviceError) -> Self {
        match error {
            DeviceError::InvitationUnreadable(_) => Self::InvitationUnreadable,
            DeviceError::AddressInsecure(_) => Self::AddressInsecure,
            DeviceError::OtherLog => Self::OtherLog,
            DeviceError::Refused(problem) => match problem.code {
                ProblemCode::InvitationUnknown => Self::InvitationUnknown,
                ProblemCode::InvitationUsed => Self::InvitationUsed,
                ProblemCode::InvitationExpired => Self::InvitationExpired,
                ProblemCode::InvitationWithdrawn => Self::InvitationWithdrawn,
                _ => Self::EndpointRefused,
            },
            DeviceError::Unreachable(_) | DeviceError::AnswerCutOff => Self::EndpointUnreachable,
            DeviceError::Tls(_) => Self::TlsUnavailable,
            DeviceError::NotTheEndpoint(_) => Self::NotTheEndpoint,
            DeviceError::AlreadyJoined(_) => Self::AlreadyJoined,
            DeviceError::NotAHall => Self::NotAHall,
            DeviceError::NoInvitation => Self::NoInvitation,
            DeviceError::PackageUnreadable(_) => Self::PackageUnreadable,
            DeviceError::CannotRecordAt(_) => Self::CannotRecordAt,
            DeviceError::NoSuchElection(_) => Self::NoSuchElection,
            DeviceError::TooManyElections(_) => Self::TooManyElections,
            DeviceError::NotProvedYet(_) => Self::NotProvedYet,
            DeviceError::DraftsOpen(_) => Self::DraftsOpen,
            DeviceError::NotJoined => Self::NotJoined,
            DeviceError::NotAssigned { .. }
            | DeviceError::StationNotAssigned(_)
            | DeviceError::NoSuchField { .. }
            | DeviceError::NoSuchSection { .. }
            | DeviceError::NoSuchPhoto { .. }
            | DeviceError::NoSuchPage { .. } => Self::NotAssigned,
            DeviceError::AlreadySealed { .. } => Self::AlreadySealed,
            DeviceError::NotSealed { .. } => Self::NotSealed,
            DeviceError::FaultsUnanswered(_) => Self::FaultsUnanswered,
            DeviceError::NothingTyped => Self::NothingTyped,
            DeviceError::FigureTooLong { .. } => Self::FigureTooLong,
            DeviceError::PhotoTooLarge { .. } | DeviceError::Picture(PictureError::TooLarge { .. }) => {
                Self::PhotoTooLarge
            }
            DeviceError::Picture(_) => Self::PhotoNotAnImage,
            DeviceError::IncidentIncomplete => Self::IncidentIncomplete,
            DeviceError::IncidentTooLong(_) => Self::IncidentTooLong,
            DeviceError::Bundle(_) => Self::BundleUnreadable,
            DeviceError::ScenarioUnreadable(_) => Self::ScenarioUnreadable,
            DeviceError::ScenarioUnfit => Self::ScenarioUnfit,
            DeviceError::NoDrill => Self::NoDrill,
            DeviceError::Pages(_) => Self::SheetUndrawable,
            DeviceError::CarriedTooMuch(_) => Self::CarriedTooMuch,
            DeviceError::ReasonMissing => Self::ReasonMissing,
            DeviceError::ReasonTooLong(_) => Self::ReasonTooLong,
            DeviceError::Store(error) if error.is_disk_full() => Self::DiskFull,
            DeviceError::Store(StoreError::Keystore(_)) => Self::KeystoreLocked,
            DeviceError::Store(StoreError::KeyLost) => Self::KeyLost,
            DeviceError::Statement(_) | DeviceError::Rng(_) | DeviceError::Store(_) => Self::Storage,
        }
    }
}

/// A command that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Failure {
    pub code: FailureCode,
    /// The error and its sources, in English.
    pub detail: String,
}

impl From<&DeviceError> for Failure {
    fn from(error: &DeviceError) -> Self {
        Self { code: FailureCode::of(error), detail: error_chain(error) }
    }
}
