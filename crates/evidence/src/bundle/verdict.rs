//! What the endpoint says was decided on a tally. It proves nothing: the signed statement beside it does, and
//! a record without one shows that nobody signed.

use coset::cbor::value::Value;

use crate::body::{VERDICT_REASON_BYTES_MAX, VerdictDecision};
use crate::cbor::{self, DecodeError, Reader};
use crate::id::StatementId;

/// Maximum length of a record, in bytes.
pub(super) const RECORD_BYTES_MAX: usize = 2 * 1024;
/// Maximum length of the name of a user, in bytes.
const REVIEWER_BYTES_MAX: usize = 256;

/// A verdict as the endpoint has it in its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictRecord {
    /// The endpoint's number of it. The record with the highest number on a statement is in force.
    pub number: u64,
    /// The statement that it is about.
    pub about: StatementId,
    pub decision: VerdictDecision,
    pub reason: String,
    /// Who decided, as the endpoint names users.
    pub reviewer: String,
    /// The signed verdict or correction. `None` for a verdict that nobody signed.
    pub signed: Option<StatementId>,
}

impl VerdictRecord {
    pub(super) fn write(&self) -> Vec<u8> {
        let signed = self.signed.map_or(Value::Null, |id| Value::Bytes(id.0.to_vec()));
        cbor::write(&Value::Array(vec![
            Value::from(self.number),
            Value::Bytes(self.about.0.to_vec()),
            Value::from(self.decision.number()),
            Value::from(self.reason.as_str()),
            Value::from(self.reviewer.as_str()),
            signed,
        ]))
    }

    /// Reads the CBOR array of six in a bundle.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array_of(6)?;
        let number = reader.unsigned()?;
        let about = StatementId(reader.hash()?);
        let decision = VerdictDecision::of_number(reader.unsigned()?)?;
        let reason = reader.text(VERDICT_REASON_BYTES_MAX)?.to_owned();
        let reviewer = reader.text(REVIEWER_BYTES_MAX)?.to_owned();
        let signed = if reader.null() { None } else { Some(StatementId(reader.hash()?)) };
        reader.end()?;
        Ok(Self { number, about, decision, reason, reviewer, signed })
    }
}
