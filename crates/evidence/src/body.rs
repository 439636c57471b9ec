//! The payloads of statements, by kind. Each kind and version has its own content type.

mod attendance;
mod audit;
mod correction;
mod drill;
mod incident;
mod photo;
mod tally;
mod verdict;

pub use attendance::{AttendanceBody, AttendanceEvent};
pub use audit::AuditBody;
pub use correction::CorrectionBody;
pub use drill::{CheckAnswer, DrillBody, Graded, GradedSection, SlipRecord};
pub use incident::{INCIDENT_TEXT_BYTES_MAX, IncidentBody, IncidentCategory};
pub use photo::{PhotoBody, ReadFigure, Seen, photo_answer_key};
pub use tally::{CORRECTION_REASON_BYTES_MAX, Supersedes, TallyBody};
pub use verdict::{VERDICT_REASON_BYTES_MAX, VerdictBody, VerdictDecision};

pub(crate) use drill::CONTENT_TYPE as DRILL_RESULT_V1;

use coset::cbor::value::Value;

use crate::cbor::{DecodeError, Fields};

/// Maximum length of an identifier, in bytes.
const ID_BYTES_MAX: usize = 64;

/// The payload of a statement, without the chain's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The figures of one contest at one station.
    Tally(TallyBody),
    /// A photo of a page, bound to its tally.
    Photo(PhotoBody),
    /// The witness arrived at the station or left it.
    Attendance(AttendanceBody),
    /// An incident that the witness reports: *kejadian khusus* or *keberatan*.
    Incident(IncidentBody),
    /// The result of an exercise of a drill.
    Drill(DrillBody),
    /// The state of the endpoint's audit.
    Audit(AuditBody),
    /// A coordinator's decision on a tally.
    Verdict(VerdictBody),
    /// The figures that a coordinator read in place of a witness's.
    Correction(CorrectionBody),
}

impl Body {
    /// The content type of this kind and version in the real count. A drill has names of its own.
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Tally(tally) => tally.content_type(),
            Self::Photo(photo) => photo.content_type(),
            Self::Attendance(_) => attendance::CONTENT_TYPE,
            Self::Incident(_) => incident::CONTENT_TYPE,
            Self::Drill(drill) => drill.content_type(),
            Self::Audit(_) => audit::CONTENT_TYPE,
            Self::Verdict(_) => verdict::CONTENT_TYPE,
            Self::Correction(_) => correction::CONTENT_TYPE,
        }
    }

    /// The body's fields, from key 10 up.
    pub(crate) fn write(&self) -> Vec<(i64, Value)> {
        match self {
            Self::Tally(tally) => tally.write(),
            Self::Photo(photo) => photo.write(),
            Self::Attendance(attendance) => attendance.write(),
            Self::Incident(incident) => incident.write(),
            Self::Drill(drill) => drill.write(),
            Self::Audit(audit) => audit.write(),
            Self::Verdict(verdict) => verdict.write(),
            Self::Correction(correction) => correction.write(),
        }
    }

    /// Reads the body of `content_type` from the fields after the chain's. `None` for an unknown kind.
    pub(crate) fn read(content_type: &str, fields: &mut Fields<'_, '_>) -> Option<Result<Self, DecodeError>> {
        match content_type {
            tally::CONTENT_TYPE => Some(TallyBody::read(fields).map(Self::Tally)),
            tally::CONTENT_TYPE_ROUND => Some(TallyBody::read_with_round(fields).map(Self::Tally)),
            photo::CONTENT_TYPE => Some(PhotoBody::read(fields).map(Self::Photo)),
            photo::CONTENT_TYPE_SEEN => Some(PhotoBody::read_with_seen(fields).map(Self::Photo)),
            attendance::CONTENT_TYPE => Some(AttendanceBody::read(fields).map(Self::Attendance)),
            incident::CONTENT_TYPE => Some(IncidentBody::read(fields).map(Self::Incident)),
            audit::CONTENT_TYPE => Some(AuditBody::read(fields).map(Self::Audit)),
            verdict::CONTENT_TYPE => Some(VerdictBody::read(fields).map(Self::Verdict)),
            correction::CONTENT_TYPE => Some(CorrectionBody::read(fields).map(Self::Correction)),
            DRILL_RESULT_V1 => Some(DrillBody::read(fields).map(Self::Drill)),
            drill::CONTENT_TYPE_GRADED => Some(DrillBody::read_graded(fields).map(Self::Drill)),
            _ => None,
        }
    }
}

/// A list of short texts, such as keys of findings or codes of fields.
fn read_ids(fields: &mut Fields<'_, '_>, key: i64, most: usize) -> Result<Vec<String>, DecodeError> {
    let list = fields.required(key)?;
    (0..list.array(most)?).map(|_| list.text(ID_BYTES_MAX).map(str::to_owned)).collect()
}

fn write_ids(ids: &[String]) -> Value {
    Value::Array(ids.iter().map(|id| Value::from(id.as_str())).collect())
}
