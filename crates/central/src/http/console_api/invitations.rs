//! `GET` and `POST /api/invitations`, and `POST /api/invitations/{invitation}/withdraw`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::RegionCode;

use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, not_found, region_within};
use crate::people::invitations::InviteError;
use crate::refusal::Refusal;
use crate::store::{Actor, Withdrawal};
use crate::view::{InvitationList, InvitationView, InviteRequest, NewInvitation};

/// Maximum number of invitations in one request.
const INVITATIONS_MAX: usize = 500;

#[derive(Deserialize)]
pub(crate) struct InvitationsQuery {
    region: Option<RegionCode>,
    search: Option<String>,
    before: Option<i64>,
}

pub(crate) async fn invitations(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<InvitationsQuery>,
) -> Result<Json<InvitationList>, Refusal> {
    let region = region_within(&caller, query.region)?;
    let search = StationSearch::new(query.search.as_deref())?;
    endpoint
        .blocking(move |endpoint| {
            Ok(Json(endpoint.invitation_list(region.as_ref(), &search, query.before)?))
        })
        .await
}

/// Withdraws an invitation that nobody has used. A second withdrawal changes nothing.
pub(crate) async fn withdraw(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(number): PathId<i64>,
) -> Result<Json<InvitationView>, Refusal> {
    endpoint
        .blocking(move |endpoint| match endpoint.withdraw_invitation(number, &Actor::User(user.name))? {
            Withdrawal::Used => {
                let detail = "a device has used it; revoke that device";
                Err(Problem::new(ProblemCode::InvitationUsed, detail).into())
            }
            Withdrawal::Unknown => Err(not_found()),
            Withdrawal::Withdrawn => {
                let state = endpoint.store().invitation(number)?.ok_or_else(not_found)?;
                Ok(Json(endpoint.invitation_view(state)))
            }
        })
        .await
}

pub(crate) async fn invite(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<InviteRequest>,
) -> Result<(StatusCode, Json<Vec<NewInvitation>>), Refusal> {
    for station in &request.stations {
        caller.must_reach(station.desa())?;
    }
    if request.stations.is_empty() || request.stations.len() > INVITATIONS_MAX {
        let detail = format!("name 1 to {INVITATIONS_MAX} stations");
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    endpoint
        .blocking(move |endpoint| {
            let actor = Actor::User(caller.0.name);
            let made = endpoint.invite(&request.stations, &request.contests, &actor).map_err(refusal_of)?;
            Ok((StatusCode::CREATED, Json(made)))
        })
        .await
}

pub(super) fn refusal_of(error: InviteError) -> Refusal {
    let code = match error {
        InviteError::StationUnknown(_) => ProblemCode::StationUnknown,
        InviteError::ContestUnknown(_) | InviteError::NotVoted(_) => ProblemCode::ContestUnknown,
        InviteError::TooMany(_) => ProblemCode::BatchTooLong,
        InviteError::Store(error) => return error.into(),
        InviteError::Randomness(_) => return Refusal::internal("making invitations", &error),
    };
    Problem::new(code, error.to_string()).into()
}
