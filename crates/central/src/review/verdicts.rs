//! Verdicts on tallies.

use evidence::Body;
use protocol::{Decision, limit};
use tally::StationId;

use super::statements::statement_about;
use super::{ReasonLength, not_found, reason_within};
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, NewVerdict};
use crate::view::VerdictRequest;

impl Endpoint {
    /// Decides on a tally. The witness who sealed it learns the verdict. A dispute has a reason.
    pub(crate) fn give_verdict(
        &self,
        station: &StationId,
        request: &VerdictRequest,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let min = usize::from(request.decision == Decision::Disputed);
        let length = ReasonLength { min, max: limit::VERDICT_REASON_CHARS };
        let reason = reason_within(&request.reason, length)?;
        let statement = statement_about(self, station, &request.tally)?;
        if !matches!(statement.body, Body::Tally(_)) {
            return Err(not_found());
        }
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let verdict = NewVerdict { statement: statement.id, decision: request.decision, reason: &reason };
        Ok(self.store().record_verdict(statement.claims.device, station, verdict, audit)?)
    }
}
