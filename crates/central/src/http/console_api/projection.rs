//! `GET /api/projection`: what the sample of a contest says.

use axum::extract::State;
use axum::{Extension, Json};

use super::{ContestQuery, contest};
use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::http::guard::{Caller, outside_region};
use crate::projection::projection_view;
use crate::refusal::Refusal;
use crate::view::ProjectionView;

/// A sample is of a whole contest, so it is for those whose region contains the contest's district.
pub(crate) async fn projection(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    QueryParams(query): QueryParams<ContestQuery>,
) -> Result<Json<ProjectionView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &query.contest)?;
            let reaches = match &contest.district[..] {
                [] => user.region.is_none(),
                district => district.iter().all(|region| user.reaches(region)),
            };
            if !reaches {
                return Err(outside_region());
            }
            projection_view(endpoint, contest).map(Json)
        })
        .await
}
