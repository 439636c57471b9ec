//! The result of an exercise of a drill. The real count refuses it.

use coset::cbor::value::Value;

use super::{ID_BYTES_MAX, read_ids, write_ids};
use crate::cbor::{DecodeError, Fields};

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.drill-result.v1+cbor";

/// Maximum number of wrong fields.
const WRONG_MAX: usize = 2_000;

/// The result of an exercise: one practice sheet, typed by one witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillBody {
    /// The drill.
    pub drill: String,
    /// The practice sheet.
    pub sheet: String,
    /// Number of fields of the sheet.
    pub fields: u32,
    /// The codes of the fields with a wrong figure. At most `fields`.
    pub wrong: Vec<String>,
    /// Number of faults that the sheet was drawn with.
    pub faults: u32,
    /// Number of them that the witness noticed. At most `faults`.
    pub faults_noticed: u32,
    /// Duration of the exercise, in seconds.
    pub duration_s: u32,
}

impl DrillBody {
    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        vec![
            (10, Value::from(self.drill.as_str())),
            (11, Value::from(self.sheet.as_str())),
            (12, Value::from(self.fields)),
            (13, write_ids(&self.wrong)),
            (14, Value::Array(vec![Value::from(self.faults), Value::from(self.faults_noticed)])),
            (15, Value::from(self.duration_s)),
        ]
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let drill = fields.required(10)?.text(ID_BYTES_MAX)?.to_owned();
        let sheet = fields.required(11)?.text(ID_BYTES_MAX)?.to_owned();
        let of_sheet: u32 = fields.required(12)?.small()?;
        let wrong = read_ids(fields, 13, WRONG_MAX)?;
        let pair = fields.required(14)?;
        pair.array_of(2)?;
        let (faults, faults_noticed) = (pair.small()?, pair.small()?);
        if wrong.len() as u64 > u64::from(of_sheet) || faults_noticed > faults {
            return Err("more wrong fields or noticed faults than there are");
        }
        let duration_s = fields.required(15)?.small()?;
        Ok(Self { drill, sheet, fields: of_sheet, wrong, faults, faults_noticed, duration_s })
    }
}
