//! Everything that can fail on a device, and the closed set of codes that the screens translate.

use std::io;
use std::path::PathBuf;

use protocol::Problem;
use sheet::PictureError;
use tally::{ContestId, FieldCode, FindingKey, StationId};

use crate::keystore::KeystoreError;
use crate::outside::RandomError;
use crate::view::{Failure, FailureCode};

/// The store or a file of the device could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("could not {doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: rusqlite::Error,
    },
    /// A file or folder.
    #[error("could not {doing} ({}): {source}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// Which one.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The database was written by a newer version of the app.
    #[error("the data was written by a newer version of the app (schema {found}, this app knows {known})")]
    Newer {
        /// The schema that was found.
        found: usize,
        /// The newest that this app knows.
        known: usize,
    },
    /// The keystore does not give the key that opens the device's own.
    #[error("{0}; unlock it and try again. Nothing is lost")]
    Keystore(KeystoreError),
    /// The device's key is gone: its file, or what the keystore had to open it with.
    #[error(
        "the key of this device is gone, so that nothing more can be signed here: carry what was sealed by hand, and join with a new invitation on another device"
    )]
    KeyLost,
    /// Something in the store is not what this app writes there.
    #[error("the store holds something unreadable: {0}")]
    Damaged(String),
}

impl StoreError {
    fn is_disk_full(&self) -> bool {
        match self {
            Self::Database { source, .. } => {
                source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            }
            Self::File { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            Self::Newer { .. } | Self::Keystore(_) | Self::KeyLost | Self::Damaged(_) => false,
        }
    }
}

/// Why a device did not do what it was asked to. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The text is not an invitation.
    #[error("this is not an invitation: {0}")]
    InvitationUnreadable(&'static str),
    /// The endpoint refused.
    #[error("the endpoint refused: {}", .0.detail)]
    Refused(Problem),
    /// The endpoint could not be reached.
    #[error("the endpoint could not be reached: {0}")]
    Unreachable(String),
    /// Something else answered.
    #[error("what answered is not the endpoint: {0}")]
    NotTheEndpoint(String),
    /// The device has joined already.
    #[error("this device has already joined {0}")]
    AlreadyJoined(String),
    /// The device has not joined.
    #[error("this device has not joined an election yet")]
    NotJoined,
    /// Not among the device's assignments.
    #[error("{contest} at {station} is not assigned to this device")]
    NotAssigned {
        /// The station that was asked for.
        station: StationId,
        /// The contest that was asked for.
        contest: ContestId,
    },
    /// Not among the device's stations.
    #[error("the station {0} is not assigned to this device")]
    StationNotAssigned(StationId),
    /// The paper has no such field.
    #[error("the form of {contest} has no field {field}")]
    NoSuchField {
        /// The contest.
        contest: ContestId,
        /// The field that was asked for.
        field: FieldCode,
    },
    /// The paper has no such page.
    #[error("the form of {contest} has no page {page}")]
    NoSuchPage {
        /// The contest.
        contest: ContestId,
        /// The page that was asked for.
        page: u8,
    },
    /// A sealed tally does not change.
    #[error("{contest} at {station} is sealed; a correction makes a new record")]
    AlreadySealed {
        /// The station.
        station: StationId,
        /// The contest.
        contest: ContestId,
    },
    /// There is nothing sealed to correct.
    #[error("{contest} at {station} is not sealed yet")]
    NotSealed {
        /// The station.
        station: StationId,
        /// The contest.
        contest: ContestId,
    },
    /// Faults wait for an answer.
    #[error("{} faults wait for an answer: {}", .0.len(), .0.iter().map(|key| key.0.as_str()).collect::<Vec<_>>().join(", "))]
    FaultsUnanswered(Vec<FindingKey>),
    /// Nothing was typed.
    #[error("nothing was typed yet")]
    NothingTyped,
    /// The figure does not fit the paper's boxes.
    #[error("{value} has more than the {digits} digits of {field}")]
    FigureTooLong {
        /// The field.
        field: FieldCode,
        /// What was typed.
        value: u32,
        /// How many boxes the paper has there.
        digits: u8,
    },
    /// The file is not a photo that can be taken in.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// An incident without a sort or without an account.
    #[error("an incident needs a sort and an account of what happened")]
    IncidentIncomplete,
    /// The account is longer than a record can hold.
    #[error("an account has at most {0} characters")]
    AccountTooLong(usize),
    /// The file of another device cannot be taken along.
    #[error("nothing was taken along: {0}")]
    Bundle(String),
    /// More is carried than this device takes.
    #[error("nothing was taken along: at most {} MB are carried; let what is carried arrive first", .0 / 1_000_000)]
    CarriedTooMuch(u64),
    /// A correction needs a reason.
    #[error("a correction needs a reason of 1 to 500 characters")]
    ReasonMissing,
    /// The statement could not be made.
    #[error(transparent)]
    Statement(#[from] evidence::StatementError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&DeviceError> for Failure {
    fn from(error: &DeviceError) -> Self {
        use protocol::ProblemCode as P;
        let code = match error {
            DeviceError::InvitationUnreadable(_) => FailureCode::InvitationUnreadable,
            DeviceError::Refused(problem) => match problem.code {
                P::InvitationUnknown => FailureCode::InvitationUnknown,
                P::InvitationUsed => FailureCode::InvitationUsed,
                _ => FailureCode::EndpointRefused,
            },
            DeviceError::Unreachable(_) => FailureCode::EndpointUnreachable,
            DeviceError::NotTheEndpoint(_) => FailureCode::NotTheEndpoint,
            DeviceError::AlreadyJoined(_) => FailureCode::AlreadyJoined,
            DeviceError::NotJoined => FailureCode::NotJoined,
            DeviceError::NotAssigned { .. }
            | DeviceError::StationNotAssigned(_)
            | DeviceError::NoSuchField { .. }
            | DeviceError::NoSuchPage { .. } => FailureCode::NotAssigned,
            DeviceError::AlreadySealed { .. } => FailureCode::AlreadySealed,
            DeviceError::NotSealed { .. } => FailureCode::NotSealed,
            DeviceError::FaultsUnanswered(_) => FailureCode::FaultsUnanswered,
            DeviceError::NothingTyped => FailureCode::NothingTyped,
            DeviceError::FigureTooLong { .. } => FailureCode::FigureTooLong,
            DeviceError::Picture(PictureError::TooLarge { .. }) => FailureCode::PhotoTooLarge,
            DeviceError::Picture(_) => FailureCode::PhotoNotAnImage,
            DeviceError::IncidentIncomplete => FailureCode::IncidentIncomplete,
            DeviceError::AccountTooLong(_) => FailureCode::AccountTooLong,
            DeviceError::Bundle(_) => FailureCode::BundleUnreadable,
            DeviceError::CarriedTooMuch(_) => FailureCode::CarriedTooMuch,
            DeviceError::ReasonMissing => FailureCode::ReasonMissing,
            DeviceError::Store(error) if error.is_disk_full() => FailureCode::DiskFull,
            DeviceError::Store(StoreError::Keystore(_)) => FailureCode::KeystoreLocked,
            DeviceError::Store(StoreError::KeyLost) => FailureCode::KeyLost,
            DeviceError::Statement(_) | DeviceError::Random(_) | DeviceError::Store(_) => {
                FailureCode::Storage
            }
        };
        Self { code, detail: error.to_string() }
    }
}
