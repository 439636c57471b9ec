//! The figures that a coordinator read on the paper, in place of those that a witness typed. The witness's
//! statement stays.

use coset::cbor::value::Value;

use super::tally::{CORRECTION_REASON_BYTES_MAX, ROUND_MAX, read_figures, write_figures};
use super::{ID_BYTES_MAX, Supersedes, TallyBody};
use crate::cbor::{DecodeError, Fields};
use crate::id::StatementId;

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.correction.v1+cbor";

/// A coordinator's correction of a witness's tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionBody {
    /// The contest.
    pub contest: String,
    /// The version of the election package at the time of typing.
    pub package_version: u32,
    /// The form.
    pub form: String,
    /// All figures, as in [`TallyBody::figures`].
    pub figures: Vec<Option<i64>>,
    /// The witness's tally.
    pub corrects: StatementId,
    /// The reason. It must not name people.
    pub reason: String,
    /// The round that was counted, from 1 to 9.
    pub round: u8,
}

impl CorrectionBody {
    /// The same figures as a tally that supersedes the witness's.
    pub fn to_tally(&self) -> TallyBody {
        TallyBody {
            contest: self.contest.clone(),
            package_version: self.package_version,
            form: self.form.clone(),
            figures: self.figures.clone(),
            acknowledged: Vec::new(),
            supersedes: Some(Supersedes { statement: self.corrects, reason: self.reason.clone() }),
            round: self.round,
        }
    }

    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        vec![
            (10, Value::from(self.contest.as_str())),
            (11, Value::from(self.package_version)),
            (12, Value::from(self.form.as_str())),
            (13, write_figures(&self.figures)),
            (14, Value::Bytes(self.corrects.0.to_vec())),
            (15, Value::from(self.reason.as_str())),
            (16, Value::from(self.round)),
        ]
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let contest = fields.required(10)?.text(ID_BYTES_MAX)?.to_owned();
        let package_version = fields.required(11)?.small()?;
        let form = fields.required(12)?.text(ID_BYTES_MAX)?.to_owned();
        let figures = read_figures(fields.required(13)?)?;
        let corrects = StatementId(fields.required(14)?.hash()?);
        let reason = fields.required(15)?.text(CORRECTION_REASON_BYTES_MAX)?.to_owned();
        if reason.is_empty() {
            return Err("a correction without a reason");
        }
        let round: u8 = fields.required(16)?.small()?;
        if !(1..=ROUND_MAX).contains(&round) {
            return Err("a round that is not 1 to 9");
        }
        Ok(Self { contest, package_version, form, figures, corrects, reason, round })
    }
}
