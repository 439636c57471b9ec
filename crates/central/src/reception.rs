//! Taking statements in, by whatever way they came.

use std::collections::{BTreeSet, HashMap};

use evidence::{DeviceId, PublicKey, StatementId};
use protocol::{MissingStatement, Outcome, Problem, ProblemCode, PushResponse, limit};
use serde_bytes::ByteBuf;

use crate::endpoint::Endpoint;
use crate::intake::{self, Admitted};
use crate::refusal::Refusal;

/// What is to be answered for one statement of a push.
enum Answer {
    /// It is here since then.
    Held(StatementId, i64),
    /// It goes in, or is in already: the place among those that are taken in.
    Admitted(StatementId, usize),
    Refused(Problem),
}

/// What came of taking statements in.
pub(crate) struct Received {
    /// The answers.
    pub(crate) response: PushResponse,
    /// How many were here before.
    pub(crate) already_here: u32,
}

/// Takes statements in, whoever carried them: verified, judged, stored once, answered one by one.
pub(crate) fn take_in(endpoint: &Endpoint, statements: Vec<ByteBuf>) -> Result<Received, Refusal> {
    let mut heard_of: BTreeSet<DeviceId> = BTreeSet::new();
    let mut already_here = 0;
    let mut keys: HashMap<DeviceId, Option<PublicKey>> = HashMap::new();
    let mut admitted: Vec<Admitted> = Vec::new();
    let mut answers = Vec::with_capacity(statements.len());
    for bytes in statements {
        let unverified = match intake::read(&bytes) {
            Ok(unverified) => unverified,
            Err(problem) => {
                answers.push(Answer::Refused(problem));
                continue;
            }
        };
        // The same bytes were judged before: their first answer stands, whatever has changed since.
        let id = unverified.id();
        if let Some(&Some(received_at_ms)) = endpoint.store.received_at(&[id])?.first() {
            answers.push(Answer::Held(id, received_at_ms));
            heard_of.insert(unverified.device());
            already_here += 1;
            continue;
        }
        let device = unverified.device();
        let key = match keys.get(&device) {
            Some(key) => *key,
            None => *keys.entry(device).or_insert(endpoint.store.device_key(device)?),
        };
        answers.push(match intake::admit(unverified, bytes.into_vec(), key.as_ref(), &endpoint.package) {
            Ok(statement) => {
                heard_of.insert(statement.device);
                admitted.push(statement);
                Answer::Admitted(id, admitted.len() - 1)
            }
            Err(problem) => Answer::Refused(problem),
        });
    }

    let taken = endpoint.store.take_in(&admitted, endpoint.outside.now_ms())?;
    for (statement, taken) in admitted.iter().zip(&taken) {
        if taken.forks {
            tracing::warn!(device = %statement.device, sequence = statement.sequence, "a chain forks");
        }
    }
    tracing::info!(taken_in = admitted.len(), pushed = answers.len(), "statements");
    let outcome = |answer| match answer {
        Answer::Held(id, received_at_ms) => Outcome::Accepted { id, received_at_ms },
        Answer::Admitted(id, place) => match taken.get(place) {
            Some(taken) => Outcome::Accepted { id, received_at_ms: taken.received_at_ms },
            None => Outcome::Refused { problem: Problem::new(ProblemCode::Internal, "not stored") },
        },
        Answer::Refused(problem) => {
            tracing::info!(code = ?problem.code, "statement refused");
            Outcome::Refused { problem }
        }
    };
    let outcomes = answers.into_iter().map(outcome).collect();
    let missing = missing_in_chains(endpoint, heard_of)?;
    if !admitted.is_empty() {
        endpoint.taken_in.notify_one();
    }
    Ok(Received { response: PushResponse { outcomes, missing }, already_here })
}

/// What the endpoint misses in the chains of these devices.
fn missing_in_chains(
    endpoint: &Endpoint,
    devices: BTreeSet<DeviceId>,
) -> Result<Vec<MissingStatement>, Refusal> {
    let mut missing = Vec::new();
    for device in devices {
        let most = limit::STATEMENTS_PER_PUSH - missing.len();
        let sequences = endpoint.store.missing_of(device, most)?;
        missing.extend(sequences.into_iter().map(|sequence| MissingStatement { device, sequence }));
    }
    Ok(missing)
}
