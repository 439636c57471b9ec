//! The work on incidents: who does what about each, and the note that says why.

use evidence::{Body, StatementId, Unverified};
use protocol::{Problem, ProblemCode, limit};

use super::not_found;
use crate::endpoint::Endpoint;
use crate::model::incident_state::IncidentState;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, NewStep, StoredIncident, StoredStep};
use crate::view::{IncidentStep, IncidentStepRequest, IncidentView, readable};

impl Endpoint {
    /// Takes a step about an incident.
    pub(crate) fn take_step(
        &self,
        statement: StatementId,
        request: &IncidentStepRequest,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let note = request.note.trim();
        if note.chars().count() > limit::INCIDENT_NOTE_CHARS {
            let detail = format!("a note has at most {} characters", limit::INCIDENT_NOTE_CHARS);
            return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
        }
        if request.state == IncidentState::Closed && note.is_empty() {
            let detail = "say why the incident is closed";
            return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
        }
        let incident = self.store().incident(statement)?.ok_or_else(not_found)?;
        let changed = || Problem::new(ProblemCode::IncidentChanged, "read it again");
        if !incident.state.may_become(request.state) {
            return Err(changed().into());
        }
        let step = NewStep { state: request.state, note, after_steps: request.after_steps };
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        if self.store().take_step(&incident, step, audit)? { Ok(()) } else { Err(changed().into()) }
    }
}

/// An incident as the console shows it, without the person who reported it.
pub(crate) fn incident_view(
    incident: &StoredIncident,
    last: Option<StoredStep>,
    photos: &[[u8; 32]],
) -> Option<IncidentView> {
    // The bytes were verified when they arrived.
    let unverified = Unverified::parse(&incident.bytes).ok()?;
    let Body::Incident(body) = &unverified.unproved().body else { return None };
    Some(IncidentView {
        statement: incident.statement.to_string(),
        station: incident.station.clone(),
        device: incident.device.to_string(),
        category: incident.category,
        text: readable(&body.text),
        on_the_form: body.on_the_form,
        received_at_ms: incident.received_at_ms,
        unassigned: !incident.assigned,
        photos: photos.iter().map(|hash| evidence::PhotoHash(*hash).to_string()).collect(),
        state: incident.state,
        steps: incident.steps,
        last: last.map(step_view),
        contact: None,
    })
}

/// A step as the console shows it.
pub(crate) fn step_view(step: StoredStep) -> IncidentStep {
    let StoredStep { state, note, actor, at_ms } = step;
    let by = actor.strip_prefix("user:").unwrap_or(&actor).to_owned();
    IncidentStep { state, note, by, at_ms }
}
