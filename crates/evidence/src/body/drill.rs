//! The result of an exercise of a drill. The real count refuses it.

use coset::cbor::value::Value;

use super::{ID_BYTES_MAX, read_ids, write_ids};
use crate::cbor::{DecodeError, Fields, Reader};

pub(crate) const CONTENT_TYPE: &str = "application/vnd.saksi.drill-result.v1+cbor";
/// As of version 2. A drill signs it as `application/vnd.saksi.drill.result.v2+cbor`.
pub(super) const CONTENT_TYPE_GRADED: &str = "application/vnd.saksi.result.v2+cbor";

/// Maximum number of wrong fields.
const WRONG_MAX: usize = 2_000;
/// Maximum number of slips, of answers to checks, and of sections.
const SLIPS_MAX: usize = 100;
const ANSWERS_MAX: usize = 100;
const SECTIONS_MAX: usize = 60;

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
    /// What the grading found. The first version has none.
    pub graded: Option<Graded>,
}

/// What the grading of an exercise found, as version 2 records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// The slips.
    pub slips: Vec<SlipRecord>,
    /// What was answered to the faults that the checks found.
    pub answers: Vec<CheckAnswer>,
    /// Pages that the sheet has, pages that were photographed, and those of them whose photo is poor.
    pub pages: [u32; 3],
    /// The figures and the time of each section.
    pub sections: Vec<GradedSection>,
    /// How often the witness had tried this sheet, from 1.
    pub attempt: u32,
}

/// One slip: the kind, the first field, and the number of fields that it made wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipRecord {
    pub kind: String,
    pub field: String,
    pub fields: u32,
}

/// The answer to one finding, and how it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckAnswer {
    /// The finding's key: `F401`, `F101@I.B.1`.
    pub finding: String,
    /// The judgement, as a word of the crate that grades.
    pub judged: String,
}

/// The figures and the time of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradedSection {
    pub section: String,
    pub fields: u32,
    /// At most `fields`.
    pub right: u32,
    pub seconds: u32,
}

impl DrillBody {
    pub(super) fn content_type(&self) -> &'static str {
        match self.graded {
            None => CONTENT_TYPE,
            Some(_) => CONTENT_TYPE_GRADED,
        }
    }

    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        let mut fields = vec![
            (10, Value::from(self.drill.as_str())),
            (11, Value::from(self.sheet.as_str())),
            (12, Value::from(self.fields)),
            (13, write_ids(&self.wrong)),
            (14, Value::Array(vec![Value::from(self.faults), Value::from(self.faults_noticed)])),
            (15, Value::from(self.duration_s)),
        ];
        fields.extend(self.graded.iter().flat_map(Graded::write));
        fields
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
        Ok(Self { drill, sheet, fields: of_sheet, wrong, faults, faults_noticed, duration_s, graded: None })
    }

    pub(super) fn read_graded(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let body = Self::read(fields)?;
        Ok(Self { graded: Some(Graded::read(fields)?), ..body })
    }
}

impl Graded {
    fn write(&self) -> Vec<(i64, Value)> {
        let pages = self.pages.map(Value::from).to_vec();
        vec![
            (16, list(&self.slips, SlipRecord::write)),
            (17, list(&self.answers, CheckAnswer::write)),
            (18, Value::Array(pages)),
            (19, list(&self.sections, GradedSection::write)),
            (20, Value::from(self.attempt)),
        ]
    }

    fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let slips = read_list(fields.required(16)?, SLIPS_MAX, SlipRecord::read)?;
        let answers = read_list(fields.required(17)?, ANSWERS_MAX, CheckAnswer::read)?;
        let pages = fields.required(18)?;
        pages.array_of(3)?;
        let pages = [pages.small()?, pages.small()?, pages.small()?];
        if pages[1] > pages[0] || pages[2] > pages[1] {
            return Err("more pages photographed than there are");
        }
        let sections = read_list(fields.required(19)?, SECTIONS_MAX, GradedSection::read)?;
        Ok(Self { slips, answers, pages, sections, attempt: fields.required(20)?.small()? })
    }
}

impl SlipRecord {
    fn write(&self) -> Vec<Value> {
        vec![Value::from(self.kind.as_str()), Value::from(self.field.as_str()), Value::from(self.fields)]
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array_of(3)?;
        let (kind, field) = (read_id(reader)?, read_id(reader)?);
        Ok(Self { kind, field, fields: reader.small()? })
    }
}

impl CheckAnswer {
    fn write(&self) -> Vec<Value> {
        vec![Value::from(self.finding.as_str()), Value::from(self.judged.as_str())]
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array_of(2)?;
        Ok(Self { finding: read_id(reader)?, judged: read_id(reader)? })
    }
}

impl GradedSection {
    fn write(&self) -> Vec<Value> {
        let numbers = [self.fields, self.right, self.seconds].map(Value::from);
        std::iter::once(Value::from(self.section.as_str())).chain(numbers).collect()
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array_of(4)?;
        let section = read_id(reader)?;
        let (fields, right, seconds) = (reader.small()?, reader.small()?, reader.small()?);
        if right > fields {
            return Err("more right figures than there are");
        }
        Ok(Self { section, fields, right, seconds })
    }
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Vec<Value>) -> Value {
    Value::Array(items.iter().map(|item| Value::Array(write(item))).collect())
}

fn read_list<T>(
    reader: &mut Reader<'_>,
    most: usize,
    read: impl Fn(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    (0..reader.array(most)?).map(|_| read(reader)).collect()
}

fn read_id(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
    reader.text(ID_BYTES_MAX).map(str::to_owned)
}
