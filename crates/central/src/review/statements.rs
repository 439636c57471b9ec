//! The statement that a coordinator's request is about.

use evidence::{Statement, StatementId, Unverified};
use tally::StationId;

use super::not_found;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// The verified statements about a station.
pub(super) fn statements_about(
    endpoint: &Endpoint,
    station: &StationId,
) -> Result<impl Iterator<Item = Statement> + use<>, Refusal> {
    let stored = endpoint.store().statements_about(station)?;
    Ok(stored.into_iter().filter_map(|stored| {
        Unverified::parse(&stored.bytes).and_then(|unverified| unverified.verify(&stored.key)).ok()
    }))
}

/// The verified statement with this id, if it is about this station.
pub(super) fn statement_about(
    endpoint: &Endpoint,
    station: &StationId,
    id: StatementId,
) -> Result<Statement, Refusal> {
    let stored = endpoint.store().statement_at(station, id)?.ok_or_else(not_found)?;
    Unverified::parse(&stored.bytes)
        .and_then(|unverified| unverified.verify(&stored.key))
        .map_err(|error| Refusal::internal("reading a stored statement", &error))
}
