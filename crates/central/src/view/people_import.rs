//! The import of people from a spreadsheet.

use serde::{Deserialize, Serialize};
use tally::StationId;

use super::{ImportId, Participant, PersonId, Position};

/// What a column of a spreadsheet of people means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PersonColumn {
    Name,
    Phone,
    Organisation,
    Field,
    Position,
    Availability,
    NikLast4,
    Note,
    Consent,
    /// A code of a desa, or its name.
    Desa,
    /// The name of the kecamatan, which tells desa of the same name apart.
    Kecamatan,
    Kabupaten,
    /// The number of the TPS in the desa, or a whole id of a station.
    Station,
    Shift,
    Participant,
    /// Whether the mandate letter was handed in.
    Letter,
}

/// A file that was uploaded: `POST /api/people/imports?file=NAME` (the file as `application/octet-stream`)
/// and `GET /api/people/imports/{import}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PeopleImport {
    pub import: ImportId,
    pub file: String,
    /// As in the audit.
    pub by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    pub state: ImportState,
    /// The headers of the columns. Empty once the file is stored or discarded.
    pub headers: Vec<String>,
    /// What each column means: as the user mapped it the last time, or as its header suggests.
    pub columns: Vec<Option<PersonColumn>>,
    /// The first rows, as texts, at most 10.
    pub preview: Vec<Vec<String>>,
    /// Number of rows below the header.
    pub rows: u32,
    /// Number of rows that are stored already while `state` is `storing`; then the number of people stored.
    pub done: u32,
    /// Why it failed.
    pub failure: Option<String>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Nothing of it is stored yet.
    Uploaded,
    Storing,
    /// All of it is stored.
    Stored,
    /// Nothing of it is stored.
    Failed,
    Discarded,
}

/// `GET /api/people/imports`: the newest 50 of the user's region, newest first, without headers and rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PeopleImports {
    pub imports: Vec<PeopleImport>,
}

/// `POST /api/people/imports/{import}/check` (response: [`ImportCheck`]) and `…/store` (response: 202 and a
/// [`PeopleImport`], whose progress `GET` tells). `…/discard` responds with a [`PeopleImport`] and needs
/// `{}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportRequest {
    /// What each column means, `None` for one that is not imported. It is remembered for the user.
    pub columns: Vec<Option<PersonColumn>>,
    /// For rows that say no position.
    pub position: Position,
    /// For rows that say none.
    #[serde(default)]
    pub organisation: Option<String>,
    #[serde(default)]
    pub participant: Option<Participant>,
    /// Whether all people of the file agreed that this is stored, where no column says it.
    #[serde(default)]
    pub consent: bool,
    pub duplicates: OnDuplicate,
    /// What becomes of single rows instead, at most 200.
    #[serde(default)]
    pub decisions: Vec<RowDecision>,
}

/// What becomes of one row that is like a known person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RowDecision {
    pub row: u32,
    pub duplicates: OnDuplicate,
}

/// What becomes of a row whose telephone number is known, or whose name is known in its desa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OnDuplicate {
    /// The row adds to the known person what they lack, the assignment included.
    Merge,
    /// Another person is stored.
    Keep,
    /// The row is left out.
    Skip,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportCheck {
    /// Rows that can be stored, duplicates included.
    pub sound: u32,
    /// Number of faults. With any, nothing can be stored.
    pub faults_total: u32,
    /// The first 200.
    pub faults: Vec<ImportFault>,
    pub duplicates_total: u32,
    /// The first 200.
    pub duplicates: Vec<ImportDuplicate>,
}

/// A cell that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportFault {
    /// As the spreadsheet numbers it, from 1.
    pub row: u32,
    /// The header of the column; empty when the row as a whole is meant.
    pub column: String,
    /// The letters of the column in the spreadsheet, such as `C`; empty when the row as a whole is meant.
    pub letters: String,
    /// What stands there, at most 100 characters.
    pub text: String,
    pub reason: ImportFaultReason,
}

/// Why a cell cannot be imported. The key of the screens' texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImportFaultReason {
    /// A person has a name.
    NameMissing,
    /// The text is longer than the store accepts.
    TooLong,
    /// It is no telephone number of 8 to 15 digits.
    PhoneUnfit,
    PositionUnknown,
    AvailabilityUnknown,
    /// The last four digits are wanted. A whole NIK is refused and not shown.
    NikUnfit,
    /// Neither yes nor no.
    YesOrNoUnclear,
    DesaMissing,
    /// The election has no such desa.
    DesaUnknown,
    /// Several desa have this name. The kecamatan or the code tells which.
    DesaAmbiguous,
    /// The election has no such station.
    StationUnknown,
    ParticipantUnknown,
    /// The row is outside of the user's region.
    OutsideRegion,
    /// The participant has two mandated witnesses at the station, those of this file included.
    MandateFull,
    /// A character that is not seen.
    InvisibleCharacter,
    /// The cell could not be read: for instance a formula that failed.
    Unreadable,
}

/// A row that is like a stored person, or like an earlier row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportDuplicate {
    pub row: u32,
    pub name: String,
    pub phone: Option<String>,
    pub station: Option<StationId>,
    pub same: SameAs,
    /// The earlier row of the file, if that is what it is like.
    pub earlier_row: Option<u32>,
    /// The stored person, if that is what it is like and the user reaches them.
    pub person: Option<PersonId>,
}

/// In what two people are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SameAs {
    Phone,
    NameInDesa,
}
