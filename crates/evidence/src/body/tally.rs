//! The figures of one contest at one station.

use coset::cbor::value::Value;

use super::{ID_BYTES_MAX, read_ids, write_ids};
use crate::cbor::{DecodeError, Fields, Reader};
use crate::id::StatementId;

/// The first count.
pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.tally.v1+cbor";
/// A later round: a re-vote, a recount, a continued or a postponed vote.
pub(super) const CONTENT_TYPE_ROUND: &str = "application/vnd.saksi.tally.v2+cbor";

/// The round of the first count.
const FIRST_ROUND: u8 = 1;
/// Maximum number of a round.
pub(super) const ROUND_MAX: u8 = 9;

/// Maximum number of figures of a tally.
const FIGURES_MAX: usize = 2_000;
/// Maximum number of acknowledged findings of a tally.
const ACKNOWLEDGED_MAX: usize = 500;
/// Maximum length of the reason of a correction, in bytes of UTF-8.
pub const CORRECTION_REASON_BYTES_MAX: usize = 1_000;

/// The figures of one contest at one station, as on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyBody {
    /// The contest.
    pub contest: String,
    /// The version of the election package at the time of typing.
    pub package_version: u32,
    /// The form.
    pub form: String,
    /// One entry for each field of the form, in the paper's order: a number, −1 for blank, −2 for illegible.
    /// `None` if nothing was typed.
    pub figures: Vec<Option<i64>>,
    /// Findings of the checks that the witness acknowledged: the paper says so.
    pub acknowledged: Vec<String>,
    /// The tally that this one corrects.
    pub supersedes: Option<Supersedes>,
    /// The round that was counted: 1 for the first count, 2 to 9 for later ones.
    pub round: u8,
}

/// The corrected statement, which remains, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supersedes {
    /// The corrected statement.
    pub statement: StatementId,
    /// The witness's reason. It must not name people.
    pub reason: String,
}

impl TallyBody {
    pub(super) fn content_type(&self) -> &'static str {
        if self.round == FIRST_ROUND { CONTENT_TYPE } else { CONTENT_TYPE_ROUND }
    }

    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        let mut fields = vec![
            (10, Value::from(self.contest.as_str())),
            (11, Value::from(self.package_version)),
            (12, Value::from(self.form.as_str())),
            (13, write_figures(&self.figures)),
            (14, write_ids(&self.acknowledged)),
        ];
        if let Some(Supersedes { statement, reason }) = &self.supersedes {
            let pair = vec![Value::Bytes(statement.0.to_vec()), Value::from(reason.as_str())];
            fields.push((15, Value::Array(pair)));
        }
        if self.round != FIRST_ROUND {
            fields.push((16, Value::from(self.round)));
        }
        fields
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let contest = fields.required(10)?.text(ID_BYTES_MAX)?.to_owned();
        let package_version = fields.required(11)?.small()?;
        let form = fields.required(12)?.text(ID_BYTES_MAX)?.to_owned();
        let figures = read_figures(fields.required(13)?)?;
        let acknowledged = read_ids(fields, 14, ACKNOWLEDGED_MAX)?;
        let supersedes = match fields.optional(15)? {
            None => None,
            Some(pair) => {
                pair.array_of(2)?;
                let statement = StatementId(pair.hash()?);
                Some(Supersedes { statement, reason: pair.text(CORRECTION_REASON_BYTES_MAX)?.to_owned() })
            }
        };
        Ok(Self { contest, package_version, form, figures, acknowledged, supersedes, round: FIRST_ROUND })
    }

    pub(super) fn read_with_round(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let tally = Self::read(fields)?;
        let round: u8 = fields.required(16)?.small()?;
        if !(FIRST_ROUND + 1..=ROUND_MAX).contains(&round) {
            return Err("a round that is not 2 to 9");
        }
        Ok(Self { round, ..tally })
    }
}

pub(super) fn write_figures(figures: &[Option<i64>]) -> Value {
    Value::Array(figures.iter().map(|figure| figure.map_or(Value::Null, Value::from)).collect())
}

pub(super) fn read_figures(list: &mut Reader<'_>) -> Result<Vec<Option<i64>>, DecodeError> {
    (0..list.array(FIGURES_MAX)?)
        .map(|_| if list.null() { Ok(None) } else { list.signed().map(Some) })
        .collect()
}
