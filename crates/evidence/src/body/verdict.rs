//! What a coordinator decided on a tally, signed with a key that the coordinator's browser made.

use coset::cbor::value::Value;
use serde::{Deserialize, Serialize};

use crate::cbor::{DecodeError, Fields};
use crate::id::StatementId;

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.verdict.v1+cbor";

/// Maximum length of the reason of a verdict, in bytes of UTF-8.
pub const VERDICT_REASON_BYTES_MAX: usize = 1_000;

/// A decision on a tally, or on a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictBody {
    /// The statement that it is about.
    pub statement: StatementId,
    pub decision: VerdictDecision,
    /// The reason. It must not name people, and may be empty.
    pub reason: String,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VerdictDecision {
    /// The figures are those on the paper.
    Verified,
    /// The figures are wrong. They do not count.
    Disputed,
    /// The verdict before is withdrawn.
    Withdrawn,
    /// The paper is that of another station. The figures do not count, as if they were disputed.
    WrongStation,
}

impl VerdictDecision {
    /// All of them, with their numbers in the statement.
    const NUMBERED: [(u64, Self); 4] =
        [(1, Self::Verified), (2, Self::Disputed), (3, Self::Withdrawn), (4, Self::WrongStation)];

    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Verified => 1,
            Self::Disputed => 2,
            Self::Withdrawn => 3,
            Self::WrongStation => 4,
        }
    }

    pub(crate) fn of_number(number: u64) -> Result<Self, DecodeError> {
        let numbered = Self::NUMBERED.into_iter();
        numbered
            .filter_map(|(known, decision)| (known == number).then_some(decision))
            .next()
            .ok_or("an unknown decision")
    }

    /// What it means for counting, where the wrong station is a dispute.
    pub fn effect(self) -> Self {
        match self {
            Self::WrongStation => Self::Disputed,
            other => other,
        }
    }

    /// Its name in English.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
            Self::WrongStation => "wrong station",
        }
    }
}

impl VerdictBody {
    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        vec![
            (10, Value::Bytes(self.statement.0.to_vec())),
            (11, Value::from(self.decision.number())),
            (12, Value::from(self.reason.as_str())),
        ]
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let statement = StatementId(fields.required(10)?.hash()?);
        let decision = VerdictDecision::of_number(fields.required(11)?.unsigned()?)?;
        let reason = fields.required(12)?.text(VERDICT_REASON_BYTES_MAX)?.to_owned();
        Ok(Self { statement, decision, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (number, decision) in VerdictDecision::NUMBERED {
            assert_eq!(decision.number(), number);
            assert_eq!(VerdictDecision::of_number(number), Ok(decision));
        }
        assert!(VerdictDecision::of_number(5).is_err());
    }
}
