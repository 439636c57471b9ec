//! `GET` and `POST /api/invitations`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::RegionCode;

use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, QueryParams};
use crate::http::guard::{Caller, region_within};
use crate::people::invitations::InviteError;
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{InvitationView, InviteRequest};

/// Maximum number of invitations in a list, and in one request.
const INVITATIONS_MAX: usize = 500;

#[derive(Deserialize)]
pub(crate) struct InvitationsQuery {
    region: Option<RegionCode>,
    search: Option<String>,
}

pub(crate) async fn invitations(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<InvitationsQuery>,
) -> Result<Json<Vec<InvitationView>>, Refusal> {
    let region = region_within(&caller, query.region)?;
    let search = StationSearch::new(query.search.as_deref())?;
    endpoint
        .blocking(move |endpoint| {
            let states = endpoint.store().invitations(region.as_ref())?.into_iter();
            let found = states.filter(|state| search.finds(endpoint.package(), &state.invitation.station));
            Ok(Json(found.take(INVITATIONS_MAX).map(|state| endpoint.invitation_view(state)).collect()))
        })
        .await
}

pub(crate) async fn invite(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<InviteRequest>,
) -> Result<(StatusCode, Json<Vec<InvitationView>>), Refusal> {
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

fn refusal_of(error: InviteError) -> Refusal {
    let code = match error {
        InviteError::StationUnknown(_) => ProblemCode::StationUnknown,
        InviteError::ContestUnknown(_) => ProblemCode::ContestUnknown,
        InviteError::TooMany(_) => ProblemCode::BatchTooLong,
        InviteError::Store(error) => return error.into(),
        InviteError::Randomness(_) => return Refusal::internal("making invitations", &error),
    };
    Problem::new(code, error.to_string()).into()
}
