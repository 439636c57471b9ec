//! Reports of witnesses: attendances, incidents, and results of exercises.

use evidence::{AttendanceBody, AttendanceEvent, Body, DrillBody, IncidentBody, IncidentCategory};
use serde::{Deserialize, Serialize};

use super::readable;
use crate::model::count::u32_of;

/// A report that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReportView {
    /// Statement id, hex.
    pub statement: String,
    /// The device, hex.
    pub device: String,
    /// The witness's letter.
    pub witness: String,
    /// The device's sequence number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sequence: u64,
    /// When it was sealed, by the device's clock. `None` if that time is impossible: the clock was wrong.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub sealed_at_ms: Option<i64>,
    /// When it arrived.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub received_at_ms: i64,
    /// Whether the device is assigned to this station, for any contest.
    pub assigned: bool,
    /// Whether the device signed another statement under the same sequence number.
    pub forked: bool,
    /// Whether it came after its device was revoked.
    pub quarantined: bool,
    /// Its index in the log, from 0; `None` until it is in the log.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub log_index: Option<u64>,
    pub report: WitnessReport,
}

/// The content of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WitnessReport {
    /// The witness came, left, or was not let in.
    Attendance { event: AttendanceEvent },
    /// *Kejadian khusus* or *keberatan saksi*.
    Incident {
        category: IncidentCategory,
        /// What happened, in the witness's words.
        text: String,
        /// Whether the officers wrote it into their form.
        on_the_form: bool,
        /// The tally that it is about, hex.
        tally: Option<String>,
    },
    /// How an exercise went.
    Drill {
        drill: String,
        sheet: String,
        /// Number of fields of the sheet.
        fields: u32,
        /// Number of fields with wrong figures.
        wrong: u32,
        /// Number of faults that the sheet was drawn with.
        faults: u32,
        /// Number of these faults that the witness noticed.
        faults_noticed: u32,
        duration_s: u32,
    },
}

impl WitnessReport {
    /// The report in a statement; `None` for a tally and a photo.
    pub(crate) fn of(body: &Body) -> Option<Self> {
        match body {
            Body::Tally(_) | Body::Photo(_) | Body::Audit(_) | Body::Verdict(_) | Body::Correction(_) => None,
            Body::Attendance(AttendanceBody { event, .. }) => Some(Self::Attendance { event: *event }),
            Body::Incident(IncidentBody { category, text, on_the_form, tally }) => Some(Self::Incident {
                category: *category,
                text: readable(text),
                on_the_form: *on_the_form,
                tally: tally.map(|tally| tally.to_string()),
            }),
            Body::Drill(DrillBody {
                drill,
                sheet,
                fields,
                wrong,
                faults,
                faults_noticed,
                duration_s,
                ..
            }) => Some(Self::Drill {
                drill: readable(drill),
                sheet: readable(sheet),
                fields: *fields,
                wrong: u32_of(wrong.len()),
                faults: *faults,
                faults_noticed: *faults_noticed,
                duration_s: *duration_s,
            }),
        }
    }
}
