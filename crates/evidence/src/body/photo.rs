//! A photo of a page, bound to its tally by hashes.

use coset::cbor::value::Value;

use crate::cbor::{Fault, Fields, Reader};
use crate::id::{PhotoHash, StatementId};

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.photo.v1+cbor";

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

impl PhotoBody {
    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        let named = |hash: &PhotoHash, bytes: u64| {
            Value::Array(vec![Value::Bytes(hash.0.to_vec()), Value::from(bytes)])
        };
        vec![
            (10, Value::Bytes(self.tally.0.to_vec())),
            (11, Value::from(self.page)),
            (12, named(&self.original, self.original_bytes)),
            (13, named(&self.derivative, self.derivative_bytes)),
        ]
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, Fault> {
        let named = |pair: &mut Reader<'_>| {
            pair.array_of(2)?;
            Ok::<_, Fault>((PhotoHash(pair.hash()?), pair.unsigned()?))
        };
        let tally = StatementId(fields.required(10)?.hash()?);
        let page = fields.required(11)?.small()?;
        let (original, original_bytes) = named(fields.required(12)?)?;
        let (derivative, derivative_bytes) = named(fields.required(13)?)?;
        Ok(Self { tally, page, original, original_bytes, derivative, derivative_bytes })
    }
}
