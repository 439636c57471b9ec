//! What the screens show: plain data. `view_build` computes it, and the screens hold no rule.
//!
//! Times are milliseconds since 1970 (UTC) by this device's clock, unless said otherwise.

mod added_photos;
mod app;
mod drill;
mod election;
mod failure;
mod life;
mod message;
mod outbox;
mod photo;
mod report;
mod tally;
mod transfer;

pub use self::added_photos::{AddedPhotos, FailedPhoto};
pub use self::app::{
    AppView, HealthView, LogAlarmView, LostPhotoView, PhotoRequestView, StationView, TallyCard, WitnessView,
};
pub use self::drill::{
    ClassView, DrillResultView, DrillView, ExerciseView, FirstStepView, HappeningView, JudgedCheckView,
    ProgressView, SectionResultView, SheetPageView, SheetView, WrongFigureView,
};
pub use self::election::{ElectionCard, HallView, JoinOutcome, JoiningView};
pub use self::failure::{Failure, FailureCode};
pub use self::life::{LifeView, ReceiptView, RefusalView, VerdictView};
pub use self::message::MessageView;
pub use self::outbox::{OutboxView, PhotoProgress, SyncError};
pub use self::photo::{PageView, PhotoView, SeenView};
pub use self::report::{IncidentDraftView, ReportView, ReportsView, WitnessReport};
pub use self::tally::{
    CellView, FindingView, ReadingView, RoundView, RowView, SectionState, SectionView, StationQuestion,
    SupersededView, TallyView,
};
pub use self::transfer::{BundleView, CarriedView, CourierReceipt};
pub use evidence::{AttendanceEvent, IncidentCategory};
pub use practice::Level;
pub use sheet::PhotoIssue;
