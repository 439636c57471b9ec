//! What a statement says, by kind. Each kind and version has a content type of its own.

use coset::cbor::value::Value;

use crate::cbor::{self, Fault, Fields};
use crate::id::{PhotoHash, StatementId};

/// Most figures of one tally.
const FIGURES_MAX: usize = 2_000;
/// Most answered findings of one tally.
const ACKNOWLEDGED_MAX: usize = 500;
/// Longest identifier, in bytes.
const ID_BYTES_MAX: usize = 64;
/// Longest reason of a correction, in bytes.
const REASON_BYTES_MAX: usize = 1_000;

/// The payload of a statement, without the chain's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The figures of one contest at one station.
    Tally(TallyBody),
    /// A photo of a page, bound to its tally.
    Photo(PhotoBody),
}

/// The figures of one contest at one station, as the paper says them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyBody {
    /// The contest.
    pub contest: String,
    /// The version of the election package with which it was typed.
    pub package_version: u32,
    /// The form.
    pub form: String,
    /// One entry for every field of the form, in the paper's order: a number, −1 for a blank box, −2 for an
    /// illegible one; `None` where nothing was typed.
    pub figures: Vec<Option<i64>>,
    /// Findings of the checks to which the witness said that the paper has it so.
    pub acknowledged: Vec<String>,
    /// The tally that this one corrects.
    pub supersedes: Option<Supersedes>,
}

/// Which statement is corrected, and why. The corrected one stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supersedes {
    /// The corrected statement.
    pub statement: StatementId,
    /// The witness's reason. No people's names belong here.
    pub reason: String,
}

/// A photo of a page, bound to its tally by hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoBody {
    /// The tally that the page belongs to.
    pub tally: StatementId,
    /// The page of the form, from 1.
    pub page: u8,
    /// The untouched original, which stays on the device until it is asked for.
    pub original: PhotoHash,
    /// Its length in bytes.
    pub original_bytes: u64,
    /// The smaller picture that is sent.
    pub derivative: PhotoHash,
    /// Its length in bytes.
    pub derivative_bytes: u64,
}

impl Body {
    /// The content type of this kind and version, as it stands in the protected header.
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Tally(_) => TALLY,
            Self::Photo(_) => PHOTO,
        }
    }

    /// The body's fields, from key 10 up.
    pub(crate) fn write(&self) -> Vec<(u64, Value)> {
        match self {
            Self::Tally(tally) => {
                let figures = tally.figures.iter().map(|figure| figure.map_or(Value::Null, Value::from));
                let mut fields = vec![
                    (10, Value::from(tally.contest.as_str())),
                    (11, Value::from(tally.package_version)),
                    (12, Value::from(tally.form.as_str())),
                    (13, Value::Array(figures.collect())),
                    (
                        14,
                        Value::Array(
                            tally.acknowledged.iter().map(|key| Value::from(key.as_str())).collect(),
                        ),
                    ),
                ];
                if let Some(Supersedes { statement, reason }) = &tally.supersedes {
                    fields.push((
                        15,
                        Value::Array(vec![Value::Bytes(statement.0.to_vec()), Value::from(reason.as_str())]),
                    ));
                }
                fields
            }
            Self::Photo(photo) => {
                let named = |hash: &PhotoHash, bytes: u64| {
                    Value::Array(vec![Value::Bytes(hash.0.to_vec()), Value::from(bytes)])
                };
                vec![
                    (10, Value::Bytes(photo.tally.0.to_vec())),
                    (11, Value::from(photo.page)),
                    (12, named(&photo.original, photo.original_bytes)),
                    (13, named(&photo.derivative, photo.derivative_bytes)),
                ]
            }
        }
    }

    /// Reads the body of `content_type` from the fields that follow the chain's; `None` for an unknown kind.
    pub(crate) fn read(content_type: &str, fields: &mut Fields) -> Option<Result<Self, Fault>> {
        match content_type {
            TALLY => Some(read_tally(fields).map(Self::Tally)),
            PHOTO => Some(read_photo(fields).map(Self::Photo)),
            _ => None,
        }
    }
}

const TALLY: &str = "application/vnd.saksi.tally.v1+cbor";
const PHOTO: &str = "application/vnd.saksi.photo.v1+cbor";

fn read_tally(fields: &mut Fields) -> Result<TallyBody, Fault> {
    let contest = cbor::text(fields.required(10)?, ID_BYTES_MAX)?;
    let package_version = small(&fields.required(11)?)?;
    let form = cbor::text(fields.required(12)?, ID_BYTES_MAX)?;
    let figures = cbor::array(fields.required(13)?, FIGURES_MAX)?
        .iter()
        .map(|figure| if figure.is_null() { Ok(None) } else { cbor::signed(figure).map(Some) })
        .collect::<Result<_, _>>()?;
    let acknowledged = cbor::array(fields.required(14)?, ACKNOWLEDGED_MAX)?
        .into_iter()
        .map(|key| cbor::text(key, ID_BYTES_MAX))
        .collect::<Result<_, _>>()?;
    let supersedes = match fields.optional(15) {
        None => None,
        Some(value) => {
            let (statement, reason) = cbor::pair(value)?;
            Some(Supersedes {
                statement: StatementId(cbor::hash(statement)?),
                reason: cbor::text(reason, REASON_BYTES_MAX)?,
            })
        }
    };
    Ok(TallyBody { contest, package_version, form, figures, acknowledged, supersedes })
}

fn read_photo(fields: &mut Fields) -> Result<PhotoBody, Fault> {
    let named = |value| {
        let (hash, bytes) = cbor::pair(value)?;
        Ok::<_, Fault>((PhotoHash(cbor::hash(hash)?), cbor::unsigned(&bytes)?))
    };
    let tally = StatementId(cbor::hash(fields.required(10)?)?);
    let page = small(&fields.required(11)?)?;
    let (original, original_bytes) = named(fields.required(12)?)?;
    let (derivative, derivative_bytes) = named(fields.required(13)?)?;
    Ok(PhotoBody { tally, page, original, original_bytes, derivative, derivative_bytes })
}

fn small<T: TryFrom<u64>>(value: &Value) -> Result<T, Fault> {
    T::try_from(cbor::unsigned(value)?).map_err(|_| "a number that is too large")
}
