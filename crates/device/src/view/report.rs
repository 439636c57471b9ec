//! A witness's reports: attendance and incidents.

use evidence::{AttendanceEvent, IncidentCategory};
use serde::Serialize;

use super::LifeView;

/// The reports at one station, and the incident that is being written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReportsView {
    pub draft: Option<IncidentDraftView>,
    /// Maximum length of an incident's description, in characters.
    pub text_chars_max: u32,
    /// The sealed reports, newest first.
    pub sealed: Vec<ReportView>,
}

/// An incident that is being written. It is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncidentDraftView {
    pub category: Option<IncidentCategory>,
    /// What happened.
    pub text: String,
    /// Whether the officers have written it on their form.
    pub on_the_form: bool,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub saved_at_ms: i64,
}

/// A sealed report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReportView {
    /// The statement's id, in hex.
    pub statement: String,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sealed_at_ms: i64,
    pub life: LifeView,
    pub report: WitnessReport,
}

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WitnessReport {
    /// The witness arrived, left, or was not admitted.
    Attendance { event: AttendanceEvent },
    /// *Kejadian khusus* or *keberatan saksi*.
    Incident {
        category: IncidentCategory,
        /// What happened.
        text: String,
        /// Whether the officers have written it on their form.
        on_the_form: bool,
    },
}
