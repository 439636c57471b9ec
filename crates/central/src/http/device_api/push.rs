//! `POST /v1/statements`: a push of statements.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use evidence::DeviceId;
use protocol::{Outcome, Problem, ProblemCode, PushRequest, limit};

use super::cbor_response;
use crate::endpoint::Endpoint;
use crate::http::extract::{CborBody, ClientAddress};
use crate::http::gate::SendingDevice;
use crate::ingest::batch::{self, BatchOutcome};
use crate::metrics::PushOutcomes;
use crate::refusal::Refusal;

pub(crate) async fn push(
    State(endpoint): State<Endpoint>,
    Extension(SendingDevice(sender)): Extension<SendingDevice>,
    ClientAddress(address): ClientAddress,
    CborBody(request): CborBody<PushRequest>,
) -> Result<Response, Refusal> {
    let count = request.statements.len();
    if count > limit::STATEMENTS_PER_PUSH {
        let detail = format!("{count} statements, where {} are allowed", limit::STATEMENTS_PER_PUSH);
        return Err(Problem::new(ProblemCode::BatchTooLong, detail).into());
    }
    let forged = endpoint.forged_statements();
    check_wait(&endpoint, forged.wait_ms(&sender, endpoint.monotonic_ms()))?;
    let start = Instant::now();
    let outcome = endpoint
        .blocking(move |endpoint| {
            let check_rate = |device, count| check_rate(endpoint, device, address, count);
            let check_verified_rate =
                |device, count| check_wait(endpoint, endpoint.rate_limits().verified_wait_ms(device, count));
            batch::ingest(endpoint, request.statements, check_rate, check_verified_rate)
        })
        .await?;
    if outcome.forged > 0 {
        forged.record(sender, outcome.forged, endpoint.monotonic_ms());
    }
    measure(&endpoint, &outcome, start.elapsed());
    cbor_response(&outcome.response)
}

fn check_rate(
    endpoint: &Endpoint,
    device: DeviceId,
    address: Option<IpAddr>,
    count: usize,
) -> Result<(), Refusal> {
    check_wait(endpoint, endpoint.rate_limits().statements_wait_ms(device, address, count))
}

fn check_wait(endpoint: &Endpoint, wait_ms: Option<i64>) -> Result<(), Refusal> {
    match wait_ms {
        None => Ok(()),
        Some(wait_ms) => {
            endpoint.metrics().count_throttled();
            Err(Refusal::try_later(wait_ms))
        }
    }
}

fn measure(endpoint: &Endpoint, outcome: &BatchOutcome, duration: Duration) {
    let outcomes = &outcome.response.outcomes;
    let is_accepted = |outcome: &&Outcome| matches!(outcome, Outcome::Accepted { .. });
    let accepted = outcomes.iter().filter(is_accepted).count();
    let known = usize::try_from(outcome.already_stored).unwrap_or(0);
    let counts =
        PushOutcomes { new: accepted.saturating_sub(known), known, refused: outcomes.len() - accepted };
    endpoint.metrics().count_push(counts, duration);
}
