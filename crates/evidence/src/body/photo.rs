//! A photo of a page, bound to its tally by hashes.

use coset::cbor::value::Value;

use super::{ID_BYTES_MAX, read_ids, write_ids};
use crate::cbor::{DecodeError, Fields, Reader};
use crate::id::{PhotoHash, StatementId};

/// A photo that the device did not analyse.
pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.photo.v1+cbor";
/// A photo with the device's analysis.
pub(super) const CONTENT_TYPE_SEEN: &str = "application/vnd.saksi.photo.v2+cbor";

/// Maximum number of issues of one photo.
const ISSUES_MAX: usize = 16;
/// Maximum number of figures read from one page.
const READ_MAX: usize = 500;

/// A photo of a page, bound to its tally by hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoBody {
    /// The tally that the page belongs to.
    pub tally: StatementId,
    /// The page of the form, from 1.
    pub page: u8,
    /// The unchanged original. It stays on the device until a coordinator requests it.
    pub original: PhotoHash,
    /// Its length in bytes.
    pub original_bytes: u64,
    /// The derivative: the smaller picture that is sent.
    pub derivative: PhotoHash,
    /// Its length in bytes.
    pub derivative_bytes: u64,
    /// The device's analysis of the photo. `None` if it made none.
    pub seen: Option<Seen>,
}

/// A device's own analysis of a photo. The witness did not say any of this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// The page whose mark was found on the paper. `None` if none was found.
    pub page: Option<u8>,
    /// Issues of the photo, as codes such as `blurred`. The witness used it nevertheless.
    pub issues: Vec<String>,
    /// Figures that could be read.
    pub read: Vec<ReadFigure>,
}

/// One figure, read by the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFigure {
    /// The field's code.
    pub field: String,
    /// The figure. `None` if no digit is marked.
    pub figure: Option<u32>,
    /// Certainty of the reading, 0 to 1,000.
    pub certainty_permille: u16,
}

/// The key in a tally's `acknowledged` if the witness confirmed a field although the device read `figure` in
/// the photo. It names the figure, so a photo with another reading needs another answer.
pub fn photo_answer_key(field: &str, figure: u32) -> String {
    format!("photo:{field}:{figure}")
}

impl PhotoBody {
    pub(super) fn content_type(&self) -> &'static str {
        if self.seen.is_some() { CONTENT_TYPE_SEEN } else { CONTENT_TYPE }
    }

    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        let named = |hash: &PhotoHash, bytes: u64| {
            Value::Array(vec![Value::Bytes(hash.0.to_vec()), Value::from(bytes)])
        };
        let mut fields = vec![
            (10, Value::Bytes(self.tally.0.to_vec())),
            (11, Value::from(self.page)),
            (12, named(&self.original, self.original_bytes)),
            (13, named(&self.derivative, self.derivative_bytes)),
        ];
        fields.extend(self.seen.iter().flat_map(Seen::write));
        fields
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let named = |pair: &mut Reader<'_>| {
            pair.array_of(2)?;
            Ok::<_, DecodeError>((PhotoHash(pair.hash()?), pair.unsigned()?))
        };
        let tally = StatementId(fields.required(10)?.hash()?);
        let page = fields.required(11)?.small()?;
        let (original, original_bytes) = named(fields.required(12)?)?;
        let (derivative, derivative_bytes) = named(fields.required(13)?)?;
        Ok(Self { tally, page, original, original_bytes, derivative, derivative_bytes, seen: None })
    }

    pub(super) fn read_with_seen(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let photo = Self::read(fields)?;
        Ok(Self { seen: Some(Seen::read(fields)?), ..photo })
    }
}

impl Seen {
    fn write(&self) -> [(i64, Value); 3] {
        let read = self.read.iter().map(|one| {
            Value::Array(vec![
                Value::from(one.field.as_str()),
                one.figure.map_or(Value::Null, Value::from),
                Value::from(one.certainty_permille),
            ])
        });
        [
            (14, self.page.map_or(Value::Null, Value::from)),
            (15, write_ids(&self.issues)),
            (16, Value::Array(read.collect())),
        ]
    }

    fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let page = fields.required(14)?;
        let page = if page.null() { None } else { Some(page.small()?) };
        let issues = read_ids(fields, 15, ISSUES_MAX)?;
        let list = fields.required(16)?;
        let read = (0..list.array(READ_MAX)?).map(|_| ReadFigure::read(list)).collect::<Result<_, _>>()?;
        Ok(Self { page, issues, read })
    }
}

impl ReadFigure {
    fn read(list: &mut Reader<'_>) -> Result<Self, DecodeError> {
        list.array_of(3)?;
        let field = list.text(ID_BYTES_MAX)?.to_owned();
        let figure = if list.null() { None } else { Some(list.small()?) };
        let certainty_permille: u16 = list.small()?;
        if certainty_permille > 1_000 {
            return Err("a certainty above 1000");
        }
        Ok(Self { field, figure, certainty_permille })
    }
}
