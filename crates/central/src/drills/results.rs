//! Results of drills at the real endpoint: verified, kept apart from everything that counts, and judged.

use std::collections::BTreeMap;

use evidence::{Body, DeviceId, Namespace, PublicKey, Unverified};
use practice::{TakenExercise, class_report, drill_id};
use protocol::{
    CarriedResult, DRILL_RESULTS_MAX, DrillResultsRequest, Outcome, Problem, ProblemCode, PushResponse, limit,
};
use tally::Readiness;

use super::report::result_in;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, DrillResultWrite, NewDrillResult, StoredDrillResult, Training};
use crate::view::ChangeId;

impl Endpoint {
    /// Takes results in that a hall hands on.
    pub(crate) fn receive_drill_results(
        &self,
        carrier: DeviceId,
        request: DrillResultsRequest,
    ) -> Result<PushResponse, Refusal> {
        if self.package().namespace() != Namespace::Real {
            let detail = "a drill takes no results of other drills";
            return Err(Problem::new(ProblemCode::ElectionWrong, detail).into());
        }
        let count = request.results.len();
        if count > DRILL_RESULTS_MAX {
            let detail = format!("{count} results, where {DRILL_RESULTS_MAX} are allowed");
            return Err(Problem::new(ProblemCode::BatchTooLong, detail).into());
        }
        self.free_space().check_statements()?;
        let read: Vec<Result<NewDrillResult, Problem>> = {
            let _permit = self.signature_checks().acquire();
            request.results.into_iter().map(|result| self.verified_result(result)).collect()
        };
        let good: Vec<NewDrillResult> = read.iter().filter_map(|one| one.as_ref().ok()).cloned().collect();
        let mut written = self.keep_drill_results(carrier, &good)?.into_iter();
        let outcome = |read: Result<NewDrillResult, Problem>| match read {
            Err(problem) => Outcome::Refused { problem },
            Ok(result) => outcome_of(&result, written.next()),
        };
        Ok(PushResponse { outcomes: read.into_iter().map(outcome).collect(), missing: Vec::new() })
    }

    fn keep_drill_results(
        &self,
        carrier: DeviceId,
        results: &[NewDrillResult],
    ) -> Result<Vec<DrillResultWrite>, Refusal> {
        let failed = |error| Refusal::internal("making the id of a change", &error);
        let change = ChangeId::new(self.environment()).map_err(failed)?;
        let readiness = self.election().readiness;
        let audit = AuditContext { actor: &Actor::Device(carrier), now_ms: self.now_ms() };
        let judge = |results: &[StoredDrillResult]| judged(results, &readiness);
        Ok(self.store().store_drill_results(results, carrier, &judge, change, audit)?)
    }

    /// The result, if its signature holds, it is of a drill of this election, and a known key vouches for
    /// whose it is.
    fn verified_result(&self, result: CarriedResult) -> Result<NewDrillResult, Problem> {
        let CarriedResult { statement, public_key, known_as } = result;
        if statement.len() > limit::STATEMENT_BYTES {
            return Err(Problem::new(ProblemCode::BodyTooLong, format!("{} bytes", statement.len())));
        }
        let malformed = |detail: String| Problem::new(ProblemCode::StatementMalformed, detail);
        let forged = |detail: String| Problem::new(ProblemCode::SignatureInvalid, detail);
        let wrong = |detail: String| Problem::new(ProblemCode::ElectionWrong, detail);
        let key = PublicKey::from_hex(&public_key).map_err(|error| malformed(error.to_string()))?;
        let unverified = Unverified::parse(&statement).map_err(|error| malformed(error.to_string()))?;
        let unverified =
            unverified.in_namespace(Namespace::Drill).map_err(|error| wrong(error.to_string()))?;
        let statement_read = unverified.verify(&key).map_err(|error| forged(error.to_string()))?;
        if statement_read.claims.subject.election != drill_id(self.election()) {
            return Err(wrong("the drill is of another election".to_owned()));
        }
        if !matches!(&statement_read.body, Body::Drill(body) if body.graded.is_some()) {
            let detail = "only graded results of drills are taken here";
            return Err(Problem::new(ProblemCode::StatementUnsupported, detail));
        }
        let device = statement_read.claims.device;
        let vouched = || Problem::new(ProblemCode::ProofInvalid, "the known key has not signed this device");
        let known_key = known_as.verified(device).ok_or_else(vouched)?;
        let taken_at_ms = statement_read.claims.sealed_at.plausible_ms().unwrap_or_else(|| self.now_ms());
        let bytes = statement.into_vec();
        Ok(NewDrillResult { id: statement_read.id, device, known_key, bytes, taken_at_ms })
    }
}

fn outcome_of(result: &NewDrillResult, written: Option<DrillResultWrite>) -> Outcome {
    let refused = |code, detail: &str| Outcome::Refused { problem: Problem::new(code, detail) };
    match written {
        Some(DrillResultWrite::Stored { received_at_ms }) => {
            Outcome::Accepted { id: result.id, received_at_ms }
        }
        Some(DrillResultWrite::Nobody) => {
            refused(ProblemCode::DeviceUnknown, "nobody here has the key that vouches for the result")
        }
        Some(DrillResultWrite::AboveQuota) => {
            refused(ProblemCode::QuotaExceeded, "there are too many results of this phone")
        }
        None => refused(ProblemCode::Internal, "the result was not stored"),
    }
}

/// What a person's results show: those of the last evening that has as many exercises as the threshold wants,
/// or of the last one at all. So an early evening, when everything was new, spoils nothing.
fn judged(results: &[StoredDrillResult], readiness: &Readiness) -> Option<Training> {
    let mut evenings: BTreeMap<DeviceId, Vec<(i64, TakenExercise)>> = BTreeMap::new();
    for result in results {
        let Some(taken) = result_in(&result.bytes) else { continue };
        // A phone makes a key of its own for each drill.
        evenings.entry(result.device).or_default().push((result.taken_at_ms, taken));
    }
    let mut judged: Vec<Training> =
        evenings.into_values().filter_map(|evening| training_of(&evening, readiness)).collect();
    judged.sort_by_key(|training| training.last_at_ms);
    let last_at_ms = judged.last()?.last_at_ms;
    let is_enough = |training: &&Training| training.exercises >= readiness.exercises_min.into();
    let decides = judged.iter().rev().find(is_enough).or(judged.last())?;
    Some(Training { last_at_ms, ..*decides })
}

fn training_of(evening: &[(i64, TakenExercise)], readiness: &Readiness) -> Option<Training> {
    let taken: Vec<TakenExercise> = evening.iter().map(|(_, taken)| taken.clone()).collect();
    let person = class_report(&taken, readiness).persons.into_iter().next()?;
    Some(Training {
        exercises: person.exercises,
        accuracy_permille: person.accuracy_permille,
        median_seconds: person.median_seconds,
        ready: person.ready,
        last_at_ms: evening.iter().map(|(at_ms, _)| *at_ms).max()?,
    })
}
