//! Verdicts on tallies, and corrections of them. A coordinator's browser signs both; the endpoint checks what
//! was signed, and stores it with its effect.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::{Body, CorrectionBody, Statement, Unverified, VerdictBody, VerdictDecision};
use protocol::{Decision, Problem, ProblemCode, limit};
use tally::StationId;

use super::statements::statement_about;
use super::{ReasonLength, not_found, reason_within};
use crate::endpoint::Endpoint;
use crate::ingest::admission;
use crate::model::statement::Admitted;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, NewVerdict, SignedVerdict, SigningOutcome, User, WitnessNotice};
use crate::view::VerdictRequest;

/// What was signed, read and verified.
struct Signed {
    statement: Statement,
    admitted: Admitted,
}

/// What a signed statement does.
struct Effect {
    about: evidence::StatementId,
    decision: Decision,
    reason: String,
    notice: WitnessNotice,
}

impl Endpoint {
    /// Decides on a tally, or corrects it, as the user signed it. The witness who sealed it learns the
    /// verdict.
    pub(crate) fn give_verdict(
        &self,
        station: &StationId,
        request: &VerdictRequest,
        user: &User,
    ) -> Result<(), Refusal> {
        let Signed { statement, admitted } = self.signed_by(user, request)?;
        if admitted.station != *station {
            return Err(malformed("the statement is about another station"));
        }
        let Effect { about, decision, reason, notice } = match &statement.body {
            Body::Verdict(verdict) => self.effect_of_verdict(station, verdict)?,
            Body::Correction(correction) => self.effect_of_correction(station, &statement, correction)?,
            _ => return Err(malformed("the statement decides nothing")),
        };
        let actor = Actor::User(user.name.clone());
        let signed = SignedVerdict {
            statement: &admitted,
            previous: statement.claims.previous,
            account: &user.name,
            verdict: NewVerdict { statement: about, decision, reason: &reason },
            notice,
        };
        let audit = AuditContext { actor: &actor, now_ms: self.now_ms() };
        match self.store().record_signed_verdict(station, signed, audit)? {
            SigningOutcome::Stored => {
                self.log_wakeup().notify_one();
                self.count_wakeup().notify_one();
                Ok(())
            }
            SigningOutcome::Known => Ok(()),
            SigningOutcome::KeyUnknown => Err(key_unknown()),
            SigningOutcome::OutOfPlace => {
                let detail = "read the place of the key again, and sign once more";
                Err(Problem::new(ProblemCode::ReviewKeyOutOfPlace, detail).into())
            }
        }
    }

    /// Reads what a user's key signed.
    fn signed_by(&self, user: &User, request: &VerdictRequest) -> Result<Signed, Refusal> {
        let bytes =
            STANDARD.decode(&request.statement).map_err(|_| malformed("the statement is not base64"))?;
        let unverified = admission::read(&bytes)?;
        let key = self.store().review_key(unverified.device())?;
        let key = key.filter(|key| key.account == user.name).ok_or_else(key_unknown)?;
        let statement = Unverified::parse(&bytes)
            .and_then(|unverified| unverified.verify(&key.key))
            .map_err(|_| Problem::new(ProblemCode::SignatureInvalid, "under the user's key"))?;
        let admitted = admission::admit_any(unverified, bytes, Some(&key.key), self.package())?;
        Ok(Signed { statement, admitted })
    }

    fn effect_of_verdict(&self, station: &StationId, verdict: &VerdictBody) -> Result<Effect, Refusal> {
        let (decision, min) = match verdict.decision {
            VerdictDecision::Verified => (Decision::Verified, 0),
            VerdictDecision::Withdrawn => (Decision::Withdrawn, 0),
            VerdictDecision::Disputed | VerdictDecision::WrongStation => (Decision::Disputed, 1),
        };
        let reason = signed_reason(&verdict.reason, ReasonLength { min, max: limit::VERDICT_REASON_CHARS })?;
        let target = statement_about(self, station, verdict.statement)?;
        let notice = match &target.body {
            Body::Tally(_) => WitnessNotice { device: target.claims.device, tally: target.id, decision },
            // The witness whose tally was corrected learns that the correction does not hold any more.
            Body::Correction(correction) => {
                let witness = statement_about(self, station, correction.corrects)?;
                let decision =
                    if decision == Decision::Verified { Decision::Disputed } else { Decision::Withdrawn };
                WitnessNotice { device: witness.claims.device, tally: witness.id, decision }
            }
            _ => return Err(not_found()),
        };
        Ok(Effect { about: target.id, decision, reason, notice })
    }

    /// A correction counts by itself, and the witness's tally is disputed in the witness's eyes.
    fn effect_of_correction(
        &self,
        station: &StationId,
        statement: &Statement,
        correction: &CorrectionBody,
    ) -> Result<Effect, Refusal> {
        let length = ReasonLength { min: 1, max: limit::VERDICT_REASON_CHARS };
        let reason = signed_reason(&correction.reason, length)?;
        let target = statement_about(self, station, correction.corrects)?;
        let Body::Tally(corrected) = &target.body else { return Err(not_found()) };
        if (&corrected.contest, corrected.round) != (&correction.contest, correction.round) {
            return Err(malformed("the correction is of another contest or round"));
        }
        let notice =
            WitnessNotice { device: target.claims.device, tally: target.id, decision: Decision::Disputed };
        Ok(Effect { about: statement.id, decision: Decision::Verified, reason, notice })
    }
}

/// The reason as it was signed. Blanks around it would be signed and not shown.
fn signed_reason(signed: &str, length: ReasonLength) -> Result<String, Refusal> {
    let reason = reason_within(signed, length)?;
    if reason == signed { Ok(reason) } else { Err(malformed("the reason begins or ends with a blank")) }
}

fn malformed(detail: &str) -> Refusal {
    Problem::new(ProblemCode::RequestMalformed, detail).into()
}

fn key_unknown() -> Refusal {
    let detail = "enrol the key of this browser, or another one";
    Problem::new(ProblemCode::ReviewKeyUnknown, detail).into()
}
