//! Taking statements in, by whatever way they came.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PublicKey, StatementId, Unverified};
use protocol::{MissingStatement, Outcome, Problem, ProblemCode, PushResponse, limit};
use serde_bytes::ByteBuf;

use crate::endpoint::Endpoint;
use crate::ingest::admission::{self, Admitted};
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
    let read: Vec<Result<Unverified, Problem>> =
        statements.iter().map(|bytes| admission::read(bytes)).collect();
    let mut by_device: BTreeMap<DeviceId, usize> = BTreeMap::new();
    for unverified in read.iter().flatten() {
        *by_device.entry(unverified.device()).or_default() += 1;
    }
    let devices: Vec<DeviceId> = by_device.keys().copied().collect();
    by_device.into_iter().try_for_each(|(device, count)| may_come(device, count))?;
    let keys = endpoint.keys.together(devices.clone(), |devices| endpoint.store.keys_of(devices))?;
    // A stored key that is none fits no signature.
    let key_of =
        |(device, key): (DeviceId, Option<[u8; 32]>)| Some((device, PublicKey::from_bytes(&key?).ok()?));
    let keys: BTreeMap<DeviceId, PublicKey> = devices.into_iter().zip(keys).filter_map(key_of).collect();

    let turn = endpoint.checking.take();
    let mut admitted: Vec<Admitted> = Vec::new();
    let mut answers = Vec::with_capacity(statements.len());
    let mut unfit: Vec<(usize, StatementId, DeviceId)> = Vec::new();
    for (bytes, read) in statements.into_iter().zip(read) {
        let unverified = match read {
            Ok(unverified) => unverified,
            Err(problem) => {
                answers.push(Answer::Refused(problem));
                continue;
            }
        };
        let (id, device) = (unverified.id(), unverified.device());
        answers.push(
            match admission::admit(unverified, bytes.into_vec(), keys.get(&device), &endpoint.package) {
                Ok(statement) => {
                    admitted.push(statement);
                    Answer::Admitted(id, admitted.len() - 1)
                }
                Err(problem) => {
                    if may_be_held(problem.code) {
                        unfit.push((answers.len(), id, device));
                    }
                    Answer::Refused(problem)
                }
            },
        );
    }

    drop(turn);

    // Bytes that were taken in before keep their first answer, whatever has changed since.
    let ids: Vec<StatementId> = unfit.iter().map(|(_, id, _)| *id).collect();
    let held = endpoint.store.already_stored(&ids)?;
    let mut held_of: BTreeSet<DeviceId> = BTreeSet::new();
    let mut already_here = 0;
    for (place, id, device) in unfit {
        if let (Some(answer), Some(&received_at_ms)) = (answers.get_mut(place), held.get(&id)) {
            *answer = Answer::Held(id, received_at_ms);
            held_of.insert(device);
            already_here += 1;
        }
    }

    let admitted_count = admitted.len();
    let taken =
        endpoint.taking_in.together(admitted, |all| endpoint.store.ingest(all, endpoint.outside.now_ms()))?;
    already_here += taken.iter().fold(0, |count, taken| count + u32::from(taken.was_stored_before));
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
    let mut missing: BTreeMap<DeviceId, Vec<u64>> =
        taken.iter().map(|taken| (taken.device, taken.missing.clone())).collect();
    let held_of: Vec<DeviceId> = held_of.into_iter().filter(|device| !missing.contains_key(device)).collect();
    let of_held = endpoint.store.missing_of(&held_of, limit::STATEMENTS_PER_PUSH)?;
    missing.extend(held_of.into_iter().zip(of_held));
    let missing = spelled_out(missing);
    if admitted_count > 0 {
        endpoint.taken_in.notify_one();
        endpoint.to_count.notify_one();
    }
    Ok(Received { response: PushResponse { outcomes, missing }, already_here })
}

/// Whether bytes that are refused for this may have been taken in before. A device's key never changes, so that what it did not
/// sign was never taken in, and forged statements need not be looked for.
fn may_be_held(code: ProblemCode) -> bool {
    !matches!(code, ProblemCode::SignatureInvalid | ProblemCode::DeviceUnknown)
}

/// What the endpoint misses in devices' chains, as much as fits an answer.
fn spelled_out(missing: BTreeMap<DeviceId, Vec<u64>>) -> Vec<MissingStatement> {
    let each = missing.into_iter().flat_map(|(device, missing)| {
        missing.into_iter().map(move |sequence| MissingStatement { device, sequence })
    });
    each.take(limit::STATEMENTS_PER_PUSH).collect()
}
