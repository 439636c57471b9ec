//! Errors of the device.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use environment::RngError;
use protocol::Problem;
use sheet::PictureError;
use tally::{ContestId, FieldCode, FindingKey, StationId};

use crate::keystore::KeystoreError;

/// The store or a file of the device cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot {doing}")]
    Database { doing: &'static str, source: rusqlite::Error },
    #[error("cannot {doing} ({})", path.display())]
    File { doing: &'static str, path: PathBuf, source: io::Error },
    /// A newer version of the app wrote the database.
    #[error("cannot read data of a newer version of the app (schema {found}, this app knows {known})")]
    Newer { found: usize, known: usize },
    /// The keystore does not return the key that decrypts the device's own.
    #[error("cannot get the key from the keystore: unlock it and try again, nothing is lost")]
    Keystore(#[source] KeystoreError),
    /// The device's key is gone: its file, or the keystore's key that decrypts it.
    #[error(
        "cannot sign any more because the key of this device is gone: carry what was sealed as a bundle, and join with a new invitation on another device"
    )]
    KeyLost,
    /// The store contains something that this app does not write there.
    #[error("cannot read damaged data: {0}")]
    Damaged(String),
}

impl StoreError {
    pub(crate) fn is_disk_full(&self) -> bool {
        match self {
            Self::Database { source, .. } => {
                source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            }
            Self::File { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            Self::Newer { .. } | Self::Keystore(_) | Self::KeyLost | Self::Damaged(_) => false,
        }
    }
}

/// Why a device did not do what it was asked to. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The text is not an invitation.
    #[error("cannot read the invitation: {0}")]
    InvitationUnreadable(&'static str),
    /// The address has no https, and is none of the exceptions.
    #[error("cannot join at {0} without https: anybody on the way could read and change what is sent")]
    AddressInsecure(String),
    /// The endpoint's log is not the one that the invitation names.
    #[error("cannot join: the key of the endpoint's log is not the one on the invitation")]
    OtherLog,
    /// The endpoint refused.
    #[error("cannot join because the endpoint refused: {}", .0.detail)]
    Refused(Problem),
    #[error("cannot reach the endpoint")]
    Unreachable(#[source] reqwest::Error),
    #[error("cannot read the whole answer of the endpoint")]
    AnswerCutOff,
    /// This platform cannot make encrypted connections.
    #[error("cannot set encrypted connections up")]
    Tls(#[source] Box<dyn Error + Send + Sync>),
    /// Something else answered.
    #[error("cannot recognise the endpoint in what answered: {0}")]
    NotTheEndpoint(String),
    #[error("cannot join a second time: this device has already joined {0}")]
    AlreadyJoined(String),
    /// The link leads to an endpoint that is no hall, or to another hall.
    #[error("cannot enter the hall: what answered is not the laptop that the link names")]
    NotAHall,
    #[error("cannot use a package before an invitation is here")]
    NoInvitation,
    #[error("cannot use the package of another phone: {0}")]
    PackageUnreadable(String),
    #[error("cannot record at {0}: the package has no contest there, or there are too many such stations")]
    CannotRecordAt(StationId),
    #[error("cannot find the election {0} on this device")]
    NoSuchElection(u32),
    #[error("cannot hold more than {0} elections: leave one first")]
    TooManyElections(usize),
    #[error("cannot leave the election: {0} records or photos are not proved, and are in no file")]
    NotProvedYet(u32),
    #[error("cannot leave the election: {0} drafts are not sealed")]
    DraftsOpen(u32),
    #[error("cannot do this before the device has joined an election")]
    NotJoined,
    #[error("cannot open {contest} at {station}: it is not assigned to this device")]
    NotAssigned { station: StationId, contest: ContestId },
    #[error("cannot open the station {0}: it is not assigned to this device")]
    StationNotAssigned(StationId),
    #[error("cannot find the field {field} on the form of {contest}")]
    NoSuchField { contest: ContestId, field: FieldCode },
    #[error("cannot find the section {section} on the form of {contest}")]
    NoSuchSection { contest: ContestId, section: FieldCode },
    #[error("cannot find page {page} of the form of {contest}")]
    NoSuchPage { contest: ContestId, page: u8 },
    #[error("cannot find such a photo of {contest} that waits for its page")]
    NoSuchPhoto { contest: ContestId },
    #[error("cannot change {contest} at {station}: it is sealed, and a correction makes a new record")]
    AlreadySealed { station: StationId, contest: ContestId },
    #[error("cannot use {contest} at {station}: it is not sealed yet")]
    NotSealed { station: StationId, contest: ContestId },
    #[error("cannot seal before these findings are answered: {}", listed(.0))]
    FaultsUnanswered(Vec<FindingKey>),
    #[error("cannot seal a tally without figures")]
    NothingTyped,
    #[error("cannot write {value} into the {digits} boxes of {field}")]
    FigureTooLong { field: FieldCode, value: u32, digits: u8 },
    /// The file is larger than an original may be.
    #[error("cannot take a photo of {bytes} bytes: the maximum is {max_bytes}")]
    PhotoTooLarge { bytes: u64, max_bytes: u64 },
    /// The file is not a photo that the app can use.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The file of a scenario cannot be used.
    #[error("cannot use the scenario: {0}")]
    ScenarioUnreadable(String),
    /// An exercise is about a contest or a station that the election does not have.
    #[error("cannot practise this scenario: the election has no such contest or station")]
    ScenarioUnfit,
    #[error("cannot find the drill or its exercise")]
    NoDrill,
    /// The sheet cannot be drawn.
    #[error(transparent)]
    Pages(#[from] practice::PagesError),
    #[error("cannot seal an incident without a category and a description")]
    IncidentIncomplete,
    #[error("cannot store a description of more than {0} characters")]
    IncidentTooLong(usize),
    /// The bundle of another device cannot be used.
    #[error("cannot accept the bundle: {0}")]
    Bundle(String),
    #[error("cannot carry more than {} MB: what is carried must arrive first", .0 / 1_000_000)]
    CarriedTooMuch(u64),
    #[error("cannot begin a correction without a reason")]
    ReasonMissing,
    #[error("cannot store a reason of more than {0} characters")]
    ReasonTooLong(usize),
    #[error(transparent)]
    Statement(#[from] evidence::StatementError),
    #[error(transparent)]
    Rng(#[from] RngError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn listed(keys: &[FindingKey]) -> String {
    keys.iter().map(|key| key.0.as_str()).collect::<Vec<_>>().join(", ")
}

/// An error and its sources in one line, for a log or a screen.
pub fn error_chain(error: &dyn Error) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        chain = format!("{chain}: {error}");
        source = error.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_names_each_source_once() {
        let source = io::Error::other("the card was removed");
        let error = StoreError::File { doing: "read the photo", path: PathBuf::from("photos/a.jpg"), source };
        let error = DeviceError::from(error);
        assert_eq!(error_chain(&error), "cannot read the photo (photos/a.jpg): the card was removed");
    }
}
