//! The assignments of people: `/api/assignments` and below.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use super::people::done;
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId};
use crate::http::guard::Caller;
use crate::refusal::Refusal;
use crate::view::{
    AssignmentId, AssignmentRequest, InviteAssignmentsRequest, MandateSlip, MoveRequest, PersonView, Role,
};

pub(crate) async fn invite(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(InviteAssignmentsRequest { assignments }): JsonBody<InviteAssignmentsRequest>,
) -> Result<(StatusCode, Json<Vec<MandateSlip>>), Refusal> {
    let slips = done(endpoint, caller, move |endpoint, editor| endpoint.invite_people(editor, &assignments));
    Ok((StatusCode::CREATED, slips.await?))
}

/// Changes what is known of an assignment. Trainers say who was trained, and nothing of letters.
pub(crate) async fn change(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(assignment): PathId<AssignmentId>,
    JsonBody(request): JsonBody<AssignmentRequest>,
) -> Result<Json<PersonView>, Refusal> {
    let is_more = request.letter.is_some() || request.shift.is_some();
    if caller.0.role == Role::Trainer && is_more {
        let detail = "a trainer only says who was trained";
        return Err(Problem::new(ProblemCode::Forbidden, detail).into());
    }
    done(endpoint, caller, move |endpoint, editor| endpoint.change_assignment(editor, assignment, &request))
        .await
}

pub(crate) async fn relocate(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(assignment): PathId<AssignmentId>,
    JsonBody(MoveRequest { station }): JsonBody<MoveRequest>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.move_assignment(editor, assignment, &station))
        .await
}

pub(crate) async fn end(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(assignment): PathId<AssignmentId>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.end_person_assignment(editor, assignment)).await
}
