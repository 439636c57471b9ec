//! The wire shapes of the console API (`/api/…`, JSON). Times are milliseconds since 1970 (UTC) by the
//! endpoint's clock.

mod account;
mod contest;
mod crops;
mod device;
mod invitation;
mod log;
mod region;
mod report;
mod review;
mod seats;
mod session;
mod station;
mod station_list;
mod text;

pub use crate::model::count::{Coverage, Standing, Votes};
pub use crate::model::role::Role;
pub use account::{AccountView, AuditRow, AuditView, NewAccountRequest, NewPassword, RoleRequest};
pub use contest::{ContestView, KindView};
pub use crops::{CropView, CropsView};
pub use device::{DeviceList, DeviceView, RevokeRequest};
pub use invitation::{InvitationList, InvitationUse, InvitationView, InviteRequest, NewInvitation};
pub use log::{CompareRequest, LogComparison, LogKeyView, LogVerdict, LogView};
pub use region::{Arrivals, LaterRounds, RegionName, RegionRow, RegionView, VoteRow};
pub use report::{ReportView, WitnessReport};
pub use review::{OriginalRequest, PhotoRequestRequest, VerdictRequest};
pub use seats::{SeatThreshold, SeatsView};
pub use session::{LoginRequest, Permissions, SessionView};
pub use station::{
    FieldRow, GapView, OriginalView, PageName, PhotoRequestView, PhotoView, ReadView, RoundView, SectionView,
    StationView, TallyView, VerdictView,
};
pub use station_list::{StationCursor, StationList, StationRow};
pub(crate) use text::{is_invisible, readable};
