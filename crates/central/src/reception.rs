//! Taking statements in, by whatever way they came.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, StatementId, Unverified};
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

/// Takes statements in, whoever carried them: verified, judged, stored once, answered one by one. `may_come` says whether
/// so many of a device may come now.
pub(crate) fn take_in(
    endpoint: &Endpoint,
    statements: Vec<ByteBuf>,
    may_come: impl Fn(DeviceId, usize) -> Result<(), Refusal>,
) -> Result<Received, Refusal> {
    let read: Vec<Result<Unverified, Problem>> = statements.iter().map(|bytes| intake::read(bytes)).collect();
    let mut by_device: BTreeMap<DeviceId, usize> = BTreeMap::new();
    for unverified in read.iter().flatten() {
        *by_device.entry(unverified.device()).or_default() += 1;
    }
    by_device.into_iter().try_for_each(|(device, count)| may_come(device, count))?;
    let ids: Vec<StatementId> = read.iter().flatten().map(Unverified::id).collect();
    let devices: BTreeSet<DeviceId> = read.iter().flatten().map(Unverified::device).collect();
    let known = endpoint.store.known(&ids, &devices)?;

    let mut heard_of: BTreeSet<DeviceId> = BTreeSet::new();
    let mut already_here = 0;
    let mut admitted: Vec<Admitted> = Vec::new();
    let mut answers = Vec::with_capacity(statements.len());
    for (bytes, read) in statements.into_iter().zip(read) {
        let unverified = match read {
            Ok(unverified) => unverified,
            Err(problem) => {
                answers.push(Answer::Refused(problem));
                continue;
            }
        };
        // The same bytes were judged before: their first answer stands, whatever has changed since.
        let (id, device) = (unverified.id(), unverified.device());
        if let Some(&received_at_ms) = known.received_at_ms.get(&id) {
            answers.push(Answer::Held(id, received_at_ms));
            heard_of.insert(device);
            already_here += 1;
            continue;
        }
        let key = known.keys.get(&device);
        answers.push(match intake::admit(unverified, bytes.into_vec(), key, &endpoint.package) {
            Ok(statement) => {
                heard_of.insert(statement.device);
                admitted.push(statement);
                Answer::Admitted(id, admitted.len() - 1)
            }
            Err(problem) => Answer::Refused(problem),
        });
    }

    let admitted_count = admitted.len();
    let taken = endpoint.group.take_in(&endpoint.store, admitted, endpoint.outside.now_ms())?;
    for device in taken.iter().filter(|taken| taken.forks).map(|taken| taken.device) {
        tracing::warn!(%device, "a chain forks");
    }
    tracing::debug!(taken_in = admitted_count, pushed = answers.len(), "statements");
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
    if admitted_count > 0 {
        endpoint.taken_in.notify_one();
        endpoint.to_count.notify_one();
    }
    Ok(Received { response: PushResponse { outcomes, missing }, already_here })
}

/// What the endpoint misses in the chains of these devices.
fn missing_in_chains(
    endpoint: &Endpoint,
    devices: BTreeSet<DeviceId>,
) -> Result<Vec<MissingStatement>, Refusal> {
    let devices: Vec<DeviceId> = devices.into_iter().collect();
    let missing = endpoint.store.missing_of(&devices, limit::STATEMENTS_PER_PUSH)?;
    let spelled_out = devices.into_iter().zip(missing).flat_map(|(device, missing)| {
        missing.into_iter().map(move |sequence| MissingStatement { device, sequence })
    });
    Ok(spelled_out.take(limit::STATEMENTS_PER_PUSH).collect())
}
