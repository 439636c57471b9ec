//! The app's first screen: the election, the stations and what needs attention.

use serde::Serialize;
use tally::text::Language;
use tally::{ContestId, ContestKind, Localized, StationId, StationKind};

use super::{
    CarriedView, DrillView, ElectionCard, HallView, JoiningView, LifeView, MessageView, OutboxView, RoundView,
};

/// The whole app at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AppView {
    pub language: Language,
    pub version: String,
    pub health: HealthView,
    /// All elections on this device.
    pub elections: Vec<ElectionCard>,
    /// Set while the endpoint has not confirmed that this device joined.
    pub joining: Option<JoiningView>,
    /// `None` until an election's package is here.
    pub witness: Option<WitnessView>,
    /// The drill, if the election on the screen is one.
    pub drill: Option<DrillView>,
}

/// What is damaged on this device; all empty on a healthy one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HealthView {
    /// When a damaged database was restored from its copy. What was sealed after that copy is missing.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub restored_at_ms: Option<i64>,
    /// Photos whose files are gone. The pages must be photographed again.
    pub lost_photos: Vec<LostPhotoView>,
}

/// A photo whose file is gone before it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LostPhotoView {
    pub station: StationId,
    pub contest: ContestId,
    pub round: u8,
    /// 0 for a photo whose page is not known.
    pub page: u8,
}

/// A device that has joined an election.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct WitnessView {
    /// The election's name.
    pub election: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this is practice.
    pub drill: bool,
    /// The endpoint's address.
    pub endpoint: String,
    /// The device's id, in hex.
    pub device: String,
    pub stations: Vec<StationView>,
    pub outbox: OutboxView,
    /// The hall in which this device was last.
    pub hall: Option<HallView>,
    /// Messages of coordinators, newest first.
    pub messages: Vec<MessageView>,
    /// Requests of coordinators for photos, which no later photo of the page answers.
    pub photo_requests: Vec<PhotoRequestView>,
    /// Records of other witnesses that this device carries, by station.
    pub carried: Vec<CarriedView>,
    /// Set if the endpoint's log was rewritten.
    pub log_alarm: Option<LogAlarmView>,
}

/// Two checkpoints under the log's own key that contradict each other: the log was rewritten. Both are kept
/// as proof. This is never an accident of the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LogAlarmView {
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub found_at_ms: i64,
    /// The checkpoint that this device had seen before, a signed note.
    pub older: String,
    /// The one that does not continue it, a signed note.
    pub newer: String,
}

/// A station that is assigned to this device.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationView {
    pub station: StationId,
    pub kind: StationKind,
    /// The number among the stations of its kind.
    pub number: u16,
    /// The names of its regions, from the desa up to the provinsi.
    pub regions: Vec<String>,
    /// Whether the assignment has ended. What was written stays, and is still sent.
    pub ended: bool,
    /// Whether the witness chose it and nobody has assigned it yet. The endpoint stores what comes from
    /// there, and a coordinator assigns it.
    pub is_own: bool,
    /// One card for each contest in the order of counting, and one for each of its rounds, newest first.
    pub tallies: Vec<TallyCard>,
}

/// One round of one contest at one station, in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TallyCard {
    pub contest: ContestId,
    pub kind: ContestKind,
    /// The later round that it counts; `None` for the first count.
    pub round: Option<RoundView>,
    /// Whether no later round of the contest takes place at the station.
    pub is_newest_round: bool,
    pub title: Localized,
    pub short_title: Localized,
    pub life: LifeView,
    /// Number of fields that were typed.
    pub filled: u32,
    /// Number of fields on the paper that are asked for.
    pub fields: u32,
    /// Number of pages with a photo.
    pub pages_photographed: u32,
    /// Number of pages of the paper.
    pub pages: u32,
    /// Number of findings that wait for the witness's answer: faults, and figures that the device read
    /// differently in a photo.
    pub open_faults: u32,
}

/// A coordinator's request for another photo of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoRequestView {
    pub station: StationId,
    pub contest: ContestId,
    pub round: u8,
    pub page: u8,
    /// Why the present photo is not enough, in the coordinator's words.
    pub reason: String,
    /// By the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub requested_at_ms: i64,
}
