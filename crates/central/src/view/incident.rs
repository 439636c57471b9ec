//! Incidents that witnesses reported, as a list to work through.

use evidence::IncidentCategory;
use serde::{Deserialize, Serialize};
use tally::StationId;

use super::message::Contact;
use crate::model::incident_state::IncidentState;

/// `GET /api/incidents?region=…&state=…&category=…&before=…`: at most 100 incidents, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentList {
    pub incidents: Vec<IncidentView>,
    /// `before` of the next page; `None` on the last.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next: Option<i64>,
    /// Number of incidents of the region in each state, whatever the filter.
    pub counts: IncidentCounts,
    /// Whether the user may change states.
    pub may_work: bool,
}

/// The number of incidents in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentCounts {
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub new: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seen: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub in_work: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub closed: u64,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentView {
    /// The statement, hex.
    pub statement: String,
    pub station: StationId,
    /// The device, hex.
    pub device: String,
    pub category: IncidentCategory,
    pub text: String,
    /// Whether the station's officers wrote it into their form.
    pub on_the_form: bool,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_at_ms: i64,
    /// Whether the device was not assigned to the station when it arrived.
    pub unassigned: bool,
    /// Photos of the tally that the incident is about, for `GET /api/photos/{hash}`; at most 8.
    pub photos: Vec<String>,
    pub state: IncidentState,
    /// Number of steps so far; a new step names it, so that no two users decide at the same time unnoticed.
    pub steps: u32,
    pub last: Option<IncidentStep>,
    /// Who reported it, for those who may see people.
    pub contact: Option<Contact>,
}

/// A step of the work on an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentStep {
    pub state: IncidentState,
    pub note: String,
    pub by: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
}

/// `GET /api/incidents/{statement}`: an incident with its steps, oldest first; the answer of
/// `POST /api/incidents/{statement}/steps` too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentHistory {
    pub incident: IncidentView,
    pub steps: Vec<IncidentStep>,
}

/// `POST /api/incidents/{statement}/steps`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentStepRequest {
    pub state: IncidentState,
    /// May be empty, except for a closed incident.
    pub note: String,
    /// [`IncidentView::steps`] as the user saw it; the answer is `incident_changed` when it is no longer so.
    pub after_steps: u32,
}
