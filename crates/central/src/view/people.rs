//! People: the list, their assignments, changes, and what is known of each.

use serde::{Deserialize, Serialize};
use tally::{ContestId, RegionCode, StationId};

use super::{InvitationUse, NewInvitation};
pub use crate::model::person::{
    AssignmentId, Availability, ChangeId, ImportId, Participant, PersonId, Position,
};

/// `GET /api/people?…`: at most 100 people. Without a search text they come by desa and name, otherwise by
/// the word that was found.
///
/// Parameters, all optional: `region`, `search` (beginnings of words of the name, a telephone number or its
/// last four digits, a station), `station`, `organisation`, `field`, `position`, `availability`; `assigned`,
/// `joined`, `letter`, `trained`, `consent` (`true` or `false`); `after`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PeoplePage {
    pub people: Vec<PersonRow>,
    /// Number of people that match, counted up to [`Self::TOTAL_MAX`], or to [`Self::FOUND_MAX`] of a search.
    /// Only the first page has it.
    pub total: Option<u32>,
    /// Whether more people match than `total` says.
    pub is_more: bool,
    /// The parameter `after` of the next page; `None` at the end.
    pub next: Option<String>,
}

impl PeoplePage {
    /// The number up to which people are counted.
    pub const TOTAL_MAX: u32 = 10_000;
    /// The number up to which people are counted whom a search finds.
    pub const FOUND_MAX: u32 = 300;
}

/// A person, as lists and the person's page show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PersonRow {
    pub person: PersonId,
    /// Rises with every change. A change names the revision that it was made from.
    pub revision: u32,
    /// Empty after erasure.
    pub name: String,
    /// As `+62…`; `None` if it is not known.
    pub phone: Option<String>,
    /// The party or group that the person belongs to.
    pub organisation: Option<String>,
    /// What the person works on; one of the list in [`PeopleSettings`], or of an earlier list.
    pub field: Option<String>,
    pub position: Position,
    pub availability: Availability,
    /// Where the person lives.
    pub desa: RegionCode,
    pub desa_name: String,
    pub kecamatan_name: String,
    /// The last four digits of the NIK. More of it is never stored.
    pub nik_last4: Option<String>,
    pub note: Option<String>,
    /// When the person agreed that this is stored.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub consent_at_ms: Option<i64>,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub updated_at_ms: i64,
    /// When the personal data was erased. Such a person cannot be changed.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub erased_at_ms: Option<i64>,
    /// The present assignments at stations that the user reaches.
    pub assignments: Vec<AssignmentView>,
    /// Number of present assignments elsewhere.
    pub elsewhere: u32,
}

/// `GET /api/people/{person}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PersonView {
    pub person: PersonRow,
    /// The ended assignments at stations that the user reaches, newest first.
    pub ended: Vec<AssignmentView>,
    /// The person that this one was merged into.
    pub merged_into: Option<PersonId>,
}

/// What a person is to do at one station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssignmentView {
    pub assignment: AssignmentId,
    pub person: PersonId,
    pub station: StationId,
    /// The number of the TPS in its desa.
    pub number: u16,
    pub desa_name: String,
    /// All contests of the station when empty.
    pub contests: Vec<ContestId>,
    /// For instance `pagi`; empty for the whole day.
    pub shift: String,
    /// Who sends the person as a mandated witness; `None` without a mandate.
    pub participant: Option<Participant>,
    /// When the signed mandate letter (surat mandat) was handed in.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub letter_at_ms: Option<i64>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub trained_at_ms: Option<i64>,
    /// The newest invitation, if one was made.
    pub invitation: Option<AssignmentInvitation>,
    /// The device that joined by an invitation of this assignment, hex.
    pub device: Option<String>,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub joined_at_ms: Option<i64>,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created_at_ms: i64,
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub ended_at_ms: Option<i64>,
}

/// The newest invitation of an assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssignmentInvitation {
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub invitation: i64,
    /// The last letters of its code.
    pub hint: String,
    pub state: InvitationUse,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires_at_ms: i64,
}

/// `POST /api/people` (a new person) and `POST /api/people/{person}` (all that is said of one). Both respond
/// with a [`PersonView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PersonRequest {
    pub name: String,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub organisation: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
    pub position: Position,
    pub availability: Availability,
    pub desa: RegionCode,
    /// Four digits.
    #[serde(default)]
    pub nik_last4: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// Whether the person agreed that this is stored.
    #[serde(default)]
    pub consent: bool,
    /// The revision that was edited; a new person has none. Another one is refused as `person_changed`.
    #[serde(default)]
    pub revision: Option<u32>,
    /// Whether a person with the same telephone number, or the same name in the desa, is stored all the same.
    /// Otherwise it is refused as `person_duplicate`.
    #[serde(default)]
    pub keep_duplicate: bool,
}

/// `POST /api/people/similar`: who has this telephone number, or this name in this desa.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SimilarRequest {
    pub name: String,
    #[serde(default)]
    pub phone: Option<String>,
    pub desa: RegionCode,
}

/// The people like one who is to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SimilarPeople {
    /// Those whom the user reaches, at most 20.
    pub people: Vec<PersonRow>,
    /// Whether others are outside of the user's region.
    pub elsewhere: bool,
}

/// `POST /api/people/{person}/assignments`. The response is a [`PersonView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssignRequest {
    pub station: StationId,
    /// All contests of the station when empty.
    #[serde(default)]
    pub contests: Vec<ContestId>,
    #[serde(default)]
    pub shift: String,
    #[serde(default)]
    pub participant: Option<Participant>,
}

/// `POST /api/assignments/{assignment}`: what is left out stays as it is. The response is a [`PersonView`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssignmentRequest {
    /// Whether the mandate letter was handed in.
    #[serde(default)]
    pub letter: Option<bool>,
    #[serde(default)]
    pub trained: Option<bool>,
    #[serde(default)]
    pub shift: Option<String>,
}

/// `POST /api/assignments/{assignment}/move`: to another station, with the device that joined. The response
/// is a [`PersonView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MoveRequest {
    pub station: StationId,
}

/// `POST /api/assignments/invitations`: an invitation for each of these assignments, at most 200. An unused
/// one that it had before is withdrawn. The response is a list of [`MandateSlip`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InviteAssignmentsRequest {
    pub assignments: Vec<AssignmentId>,
}

/// An invitation with the person whom it is for, to print a mandate letter or a slip. Its code is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MandateSlip {
    pub assignment: AssignmentId,
    pub person: PersonId,
    pub name: String,
    pub phone: Option<String>,
    pub nik_last4: Option<String>,
    pub participant: Option<Participant>,
    /// The name of the participant in the package.
    pub participant_name: Option<String>,
    pub kecamatan_name: String,
    pub kabupaten_name: String,
    pub shift: String,
    pub invitation: NewInvitation,
}

/// `POST /api/people/edits`: the same change of at most 1,000 people. What is left out stays as it is. An
/// empty text removes what was there. The response is a [`ChangeView`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BulkEditRequest {
    pub people: Vec<PersonId>,
    #[serde(default)]
    pub organisation: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub position: Option<Position>,
    #[serde(default)]
    pub availability: Option<Availability>,
}

/// A change of one or more people: the response of a bulk edit and of `POST
/// /api/people/changes/{change}/undo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChangeView {
    pub change: ChangeId,
    /// Number of people who were changed, or changed back.
    pub changed: u32,
    /// Number of people who were left as they are: they had it already, were erased, or were changed since.
    pub left: u32,
}

/// `GET /api/people/{person}/history`: at most 200 changes, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PersonHistory {
    pub changes: Vec<PersonChange>,
}

/// One change of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PersonChange {
    pub change: ChangeId,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// As in the audit: `user:NAME`, `operator`, `device:ID`.
    pub by: String,
    pub kind: ChangeKind,
    /// What was changed; empty after erasure.
    pub fields: Vec<FieldChange>,
    /// The station of a change of an assignment.
    pub station: Option<StationId>,
    /// Number of people that the change is about.
    pub people: u32,
    /// Whether it can be undone: it is an edit, and it has not been undone.
    pub undoable: bool,
}

/// What kind of change it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Create,
    Import,
    Edit,
    Undo,
    Assign,
    Move,
    Update,
    End,
    Join,
    Merge,
    Erase,
}

/// One field of a change, as texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldChange {
    /// The name of the field in [`PersonRequest`].
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// `POST /api/people/{person}/merge`: `duplicate` goes into the person of the path, who keeps what they have
/// and gets what they lack, the assignments included. The response is a [`PersonView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MergeRequest {
    pub duplicate: PersonId,
}

/// `POST /api/people/{person}/erase`: the personal data goes, statements stay. It cannot be undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct EraseRequest {}

/// `GET /api/stations/{station}/people`, and `POST /api/people/of-devices`: the people behind devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationPerson {
    /// The device that joined, hex; `None` if the person has not joined.
    pub device: Option<String>,
    pub person: PersonId,
    pub name: String,
    pub phone: Option<String>,
    pub assignment: AssignmentView,
}

/// `POST /api/people/of-devices`: at most 200 devices, by hex id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OfDevicesRequest {
    pub devices: Vec<String>,
}

/// `GET /api/people/settings`, and `POST` by an admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PeopleSettings {
    /// What people can work on, at most 50. The first ones have words that screens translate:
    /// `communication`, `territory`, `segment`, `social_media`, `campaigning`, `logistics`, `legal`.
    pub fields: Vec<String>,
    /// The day from which all personal data is erased, as `2027-03-31`; `None` for never.
    pub erase_from: Option<String>,
    /// The participants of the election, for a mandate. Ignored in a request.
    #[serde(default)]
    pub participants: Vec<ParticipantView>,
    /// The organisations that people have, at most 200. Ignored in a request.
    #[serde(default)]
    pub organisations: Vec<String>,
}

/// A participant of the election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ParticipantView {
    pub participant: Participant,
    pub name: String,
}
