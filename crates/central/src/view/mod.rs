//! The wire shapes of the console API (`/api/…`, JSON). Times are milliseconds since 1970 (UTC) by the
//! endpoint's clock.

mod account;
mod api_token;
mod attendance;
mod boundaries;
mod contest;
mod crops;
mod device;
mod drill;
mod incident;
mod invitation;
mod log;
mod message;
mod official;
mod open;
mod patterns;
mod people;
mod people_import;
mod projection;
mod region;
mod report;
mod review;
mod seats;
mod session;
mod staffing;
mod station;
mod station_list;
mod text;
mod training;

pub use crate::model::count::{Coverage, Standing, Votes};
pub use crate::model::incident_state::IncidentState;
pub use crate::model::person::MessageId;
pub use crate::model::presence::Presence;
pub use crate::model::role::Role;
pub use account::{
    AccountView, AuditRow, AuditView, LoggedAuditHead, NewAccountRequest, NewPassword, RoleRequest,
};
pub use api_token::{ApiTokenView, NewApiToken, NewApiTokenRequest};
pub use attendance::{AttendanceCounts, AttendanceList, WitnessAttendance};
pub use boundaries::{BoundariesView, RegionOutline};
pub use contest::{ContestView, KindView};
pub use crops::{CropView, CropsView};
pub use device::{DeviceList, DeviceView, RevokeRequest};
pub use drill::{
    ClassSoFar, DrillCopy, DrillExercise, DrillHandingOn, DrillOrder, DrillPhoneView, DrillReportView,
    DrillView,
};
pub use incident::{
    IncidentCounts, IncidentHistory, IncidentList, IncidentStep, IncidentStepRequest, IncidentView,
};
pub use invitation::{InvitationList, InvitationUse, InvitationView, InviteRequest, NewInvitation};
pub use log::{CompareRequest, LogComparison, LogKeyView, LogVerdict, LogView};
pub use message::{Contact, MessageList, MessageView, NewMessageRequest, ReaderList, ReaderView};
pub use official::{
    ChoiceName, DifferenceRow, DifferencesView, DifferingRegion, LadderChange, LadderView, Leaning,
    OfficialChangeRow, OfficialChanges, OfficialCheck, OfficialFileView, OfficialImportRequest,
    OfficialImportView, OfficialImports, OfficialLayout, RungView,
};
pub use open::{
    OpenChoice, OpenContest, OpenElection, OpenRegion, OpenResults, OpenStation, OpenStationList,
    OpenStations, OpenSum, OpenVotes,
};
pub use patterns::{
    ChoiceDigits, DigitCount, DigitsView, PatternKind, PatternRow, PatternStation, PatternView, PatternsView,
};
pub use people::{
    AssignRequest, AssignmentId, AssignmentInvitation, AssignmentRequest, AssignmentView, Availability,
    BulkEditRequest, ChangeId, ChangeKind, ChangeView, EraseRequest, FieldChange, ImportId,
    InviteAssignmentsRequest, MandateSlip, MergeRequest, MoveRequest, OfDevicesRequest, Participant,
    ParticipantView, PeoplePage, PeopleSettings, PersonChange, PersonHistory, PersonId, PersonRequest,
    PersonRow, PersonView, Position, SimilarPeople, SimilarRequest, StationPerson,
};
pub use people_import::{
    ImportCheck, ImportDuplicate, ImportFault, ImportFaultReason, ImportRequest, ImportState, OnDuplicate,
    PeopleImport, PeopleImports, PersonColumn, RowDecision, SameAs,
};
pub use projection::{Interval, ProjectionView, SampleView, ShareView, StratumView};
pub use region::{Arrivals, LaterRounds, RegionName, RegionRow, RegionView, VoteRow};
pub use report::{ReportView, WitnessReport};
pub use review::{
    OriginalRequest, PhotoRequestRequest, QueueItem, QueueView, ReviewKeyRequest, ReviewKeyView,
    RevokeKeyRequest, TakeRequest, VerdictRequest,
};
pub use seats::{SeatThreshold, SeatsView};
pub use session::{
    ConfirmSecondFactor, Duty, LoginRequest, NewPlace, NewSecondFactor, OpenSession, PasswordRequest,
    Permissions, RecoveryCodes, SecondFactorRequest, SessionView,
};
pub use staffing::{
    Lack, LackingStation, LackingStations, StaffContact, StaffingRow, StaffingView, TargetRequest, TargetView,
};
pub use station::{
    FieldRow, GapView, OfficialStation, OriginalView, PageName, PhotoRequestView, PhotoView, ReadView,
    RoundView, SectionView, Signature, StationView, TallyView, VerdictView,
};
pub use station_list::{StationCursor, StationList, StationRow};
pub(crate) use text::{is_invisible, readable};
pub use training::{ReadinessRow, ReadinessView, UnreadyStationView, UnreadyStations};
