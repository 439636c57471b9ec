//! The state of the endpoint's audit: how many rows it has, and the hash of the last. In the log it shows
//! that nobody changed the rows before it later.

use coset::cbor::value::Value;

use crate::cbor::{DecodeError, Fields};

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.audit.v1+cbor";

/// The state of the endpoint's audit. The endpoint signs it with a key of its own
/// ([`LogKey::audit_key`](crate::LogKey::audit_key)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditBody {
    /// Number of rows.
    pub rows: u64,
    /// The hash of the last row, over itself and the hash of the row before.
    pub head: [u8; 32],
}

impl AuditBody {
    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        vec![(10, Value::from(self.rows)), (11, Value::Bytes(self.head.to_vec()))]
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        Ok(Self { rows: fields.required(10)?.unsigned()?, head: fields.required(11)?.hash()? })
    }
}
