//! Ingests a batch of statements, from a push or from an import: verified, judged, stored once, answered one
//! by one.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PublicKey, StatementId, Unverified};
use protocol::{MissingStatement, Outcome, Problem, ProblemCode, PushResponse, limit};
use serde_bytes::ByteBuf;

use super::admission;
use crate::endpoint::Endpoint;
use crate::model::statement::Admitted;
use crate::refusal::Refusal;
use crate::store::Ingested;

/// The outcome of a batch.
pub(crate) struct BatchOutcome {
    pub(crate) response: PushResponse,
    /// Number of statements that were stored before.
    pub(crate) already_stored: u32,
    /// Number of statements without a valid signature of the device that they name.
    pub(crate) forged: u32,
}

/// Ingests statements. `check_rate` decides whether the number of statements that name a
/// device may come now, `check_verified_rate` the same of those whose signature holds.
pub(crate) fn ingest(
    endpoint: &Endpoint,
    statements: Vec<ByteBuf>,
    check_rate: impl Fn(DeviceId, usize) -> Result<(), Refusal>,
    check_verified_rate: impl Fn(DeviceId, usize) -> Result<(), Refusal>,
) -> Result<BatchOutcome, Refusal> {
    endpoint.free_space().check_statements()?;
    let parsed = parse(statements);
    let devices = count_by_device(&parsed);
    devices.iter().try_for_each(|(device, count)| check_rate(*device, *count))?;
    let keys = device_keys(endpoint, devices.into_keys().collect())?;
    let mut batch = admit(endpoint, parsed, &keys);
    batch.check_rates(&check_verified_rate)?;
    batch.accept_stored_before(endpoint)?;
    batch.store(endpoint)?;
    let missing = batch.missing(endpoint)?;
    if batch.ingested.iter().any(|one| !one.is_above_quota) {
        endpoint.log_wakeup().notify_one();
        endpoint.count_wakeup().notify_one();
    }
    Ok(batch.outcome(missing))
}

/// The bytes of a statement, and what they parse to.
struct Parsed {
    bytes: Vec<u8>,
    unverified: Result<Unverified, Problem>,
}

fn parse(statements: Vec<ByteBuf>) -> Vec<Parsed> {
    let one = |bytes: ByteBuf| {
        let unverified = admission::read(&bytes);
        Parsed { bytes: bytes.into_vec(), unverified }
    };
    statements.into_iter().map(one).collect()
}

fn count_by_device(parsed: &[Parsed]) -> BTreeMap<DeviceId, usize> {
    let mut counts = BTreeMap::new();
    for unverified in parsed.iter().filter_map(|one| one.unverified.as_ref().ok()) {
        *counts.entry(unverified.device()).or_default() += 1;
    }
    counts
}

fn device_keys(
    endpoint: &Endpoint,
    devices: Vec<DeviceId>,
) -> Result<BTreeMap<DeviceId, PublicKey>, Refusal> {
    let keys = endpoint.device_key_lookups().submit(devices.clone())?;
    // Stored bytes that are no key verify no signature.
    let key_of =
        |(device, key): (DeviceId, Option<[u8; 32]>)| Some((device, PublicKey::from_bytes(&key?).ok()?));
    Ok(devices.into_iter().zip(keys).filter_map(key_of).collect())
}

/// The answer to one statement of the batch.
enum Answer {
    AlreadyStored {
        id: StatementId,
        received_at_ms: i64,
    },
    Admitted {
        id: StatementId,
        /// The index among the admitted statements.
        index: usize,
    },
    Refused {
        problem: Problem,
        /// The statement's names, when its bytes may have been stored before the reason of the refusal
        /// existed.
        maybe_stored: Option<StatementNames>,
    },
}

#[derive(Debug, Clone, Copy)]
struct StatementNames {
    id: StatementId,
    device: DeviceId,
}

/// A batch on its way through ingestion.
#[derive(Default)]
struct Batch {
    /// One for each statement, in the order of the request.
    answers: Vec<Answer>,
    /// The statements to store.
    admitted: Vec<Admitted>,
    /// The outcomes of the admitted statements, in their order.
    ingested: Vec<Ingested>,
    /// Devices of statements that were stored before and would be refused now.
    devices_stored_before: BTreeSet<DeviceId>,
    already_stored: u32,
    forged: u32,
}

/// Verifies and judges each statement, within the limit on signature checks.
fn admit(endpoint: &Endpoint, parsed: Vec<Parsed>, keys: &BTreeMap<DeviceId, PublicKey>) -> Batch {
    let _permit = endpoint.signature_checks().acquire();
    let mut batch = Batch::default();
    for Parsed { bytes, unverified } in parsed {
        let answer = match unverified {
            Err(problem) => Answer::Refused { problem, maybe_stored: None },
            Ok(unverified) => {
                let names = StatementNames { id: unverified.id(), device: unverified.device() };
                let key = keys.get(&names.device);
                batch.judged(names, admission::admit(unverified, bytes, key, endpoint.package()))
            }
        };
        batch.answers.push(answer);
    }
    batch
}

impl Batch {
    fn check_rates(
        &self,
        check_rate: &impl Fn(DeviceId, usize) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut counts: BTreeMap<DeviceId, usize> = BTreeMap::new();
        for statement in &self.admitted {
            *counts.entry(statement.device).or_default() += 1;
        }
        counts.into_iter().try_for_each(|(device, count)| check_rate(device, count))
    }

    fn judged(&mut self, names: StatementNames, judgement: Result<Admitted, Problem>) -> Answer {
        match judgement {
            Ok(statement) => {
                self.admitted.push(statement);
                Answer::Admitted { id: names.id, index: self.admitted.len() - 1 }
            }
            Err(problem) => {
                self.forged += u32::from(problem.code == ProblemCode::SignatureInvalid);
                let maybe_stored = may_be_stored(problem.code).then_some(names);
                Answer::Refused { problem, maybe_stored }
            }
        }
    }

    /// Bytes that were stored before keep their first answer, whatever has changed since, such as the
    /// package.
    fn accept_stored_before(&mut self, endpoint: &Endpoint) -> Result<(), Refusal> {
        let names = |answer: &Answer| match answer {
            Answer::Refused { maybe_stored, .. } => *maybe_stored,
            Answer::AlreadyStored { .. } | Answer::Admitted { .. } => None,
        };
        let ids: Vec<StatementId> = self.answers.iter().filter_map(names).map(|names| names.id).collect();
        let stored = endpoint.store().already_stored(&ids)?;
        for answer in &mut self.answers {
            let Some(StatementNames { id, device }) = names(answer) else { continue };
            if let Some(&received_at_ms) = stored.get(&id) {
                *answer = Answer::AlreadyStored { id, received_at_ms };
                self.devices_stored_before.insert(device);
                self.already_stored += 1;
            }
        }
        Ok(())
    }

    fn store(&mut self, endpoint: &Endpoint) -> Result<(), Refusal> {
        let admitted = std::mem::take(&mut self.admitted);
        self.ingested = endpoint.statement_commits().submit(admitted)?;
        for one in &self.ingested {
            self.already_stored += u32::from(one.was_stored_before);
            if one.forks {
                tracing::warn!(device = %one.device, "a chain forks");
            }
        }
        tracing::debug!(ingested = self.ingested.len(), pushed = self.answers.len(), "statements");
        Ok(())
    }

    /// The gaps in the chains of the batch's devices, as many as fit an answer.
    fn missing(&self, endpoint: &Endpoint) -> Result<Vec<MissingStatement>, Refusal> {
        let mut missing: BTreeMap<DeviceId, Vec<u64>> =
            self.ingested.iter().map(|one| (one.device, one.missing.clone())).collect();
        let others = self.devices_stored_before.iter().filter(|device| !missing.contains_key(device));
        let others: Vec<DeviceId> = others.copied().collect();
        let of_others = endpoint.store().missing_of(&others, limit::STATEMENTS_PER_PUSH)?;
        missing.extend(others.into_iter().zip(of_others));
        let each = missing.into_iter().flat_map(|(device, sequences)| {
            sequences.into_iter().map(move |sequence| MissingStatement { device, sequence })
        });
        Ok(each.take(limit::STATEMENTS_PER_PUSH).collect())
    }

    fn outcome(self, missing: Vec<MissingStatement>) -> BatchOutcome {
        let ingested = self.ingested;
        let outcome = |answer| match answer {
            Answer::AlreadyStored { id, received_at_ms } => Outcome::Accepted { id, received_at_ms },
            Answer::Admitted { id, index } => match ingested.get(index) {
                Some(one) if one.is_above_quota => Outcome::Refused { problem: above_quota() },
                Some(one) => Outcome::Accepted { id, received_at_ms: one.received_at_ms },
                None => Outcome::Refused { problem: Problem::new(ProblemCode::Internal, "not stored") },
            },
            Answer::Refused { problem, .. } => {
                tracing::info!(code = ?problem.code, "statement refused");
                Outcome::Refused { problem }
            }
        };
        let outcomes = self.answers.into_iter().map(outcome).collect();
        let response = PushResponse { outcomes, missing };
        BatchOutcome { response, already_stored: self.already_stored, forged: self.forged }
    }
}

fn above_quota() -> Problem {
    tracing::info!("a statement is above the quota of its device");
    let detail = "the device has stored what its assignment allows; the statement can be sent again later";
    Problem::new(ProblemCode::QuotaExceeded, detail)
}

/// Whether refused bytes may have been stored before. The key of a device never changes, so bytes that it did
/// not sign were never stored: forged statements cost no query.
fn may_be_stored(code: ProblemCode) -> bool {
    !matches!(code, ProblemCode::SignatureInvalid | ProblemCode::DeviceUnknown)
}
