//! Reading back what was sealed.

use evidence::{Body, TallyBody, Unverified};
use tally::{Figures, Paper};

use crate::error::StoreError;
use crate::model::Enrolment;
use crate::store::StoredStatement;

/// A sealed tally, read from the bytes that were signed.
pub(crate) struct SealedTally {
    pub(crate) figures: Figures,
    pub(crate) body: TallyBody,
}

/// Reads a sealed tally from the bytes that were signed.
pub(crate) fn read_tally(
    enrolment: &Enrolment,
    paper: &Paper,
    stored: &StoredStatement,
) -> Result<SealedTally, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("statement {}: {what}", stored.id));
    let statement = Unverified::parse(&stored.bytes)
        .and_then(|parsed| parsed.verify(&enrolment.public_key))
        .map_err(|error| damaged(&error.to_string()))?;
    let Body::Tally(body) = statement.body else { return Err(damaged("it is not a tally")) };
    let figures =
        paper.from_wire(&body.figures).ok_or_else(|| damaged("its figures belong to another form"))?;
    Ok(SealedTally { figures, body })
}
