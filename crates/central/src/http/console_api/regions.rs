//! `GET /api/regions` and `GET /api/regions/{code}`.

use axum::extract::State;
use axum::{Extension, Json};
use tally::RegionCode;

use super::ContestOrKindQuery;
use crate::console::region_page::region_view;
use crate::endpoint::Endpoint;
use crate::http::extract::{PathId, QueryParams};
use crate::http::guard::{Caller, not_found};
use crate::refusal::Refusal;
use crate::view::RegionView;

/// The user's region, or the whole election.
pub(crate) async fn own_region(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    QueryParams(query): QueryParams<ContestOrKindQuery>,
) -> Result<Json<RegionView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            region_view(endpoint, query.page_of(endpoint)?, user.region.as_ref()).map(Json)
        })
        .await
}

pub(crate) async fn region(
    State(endpoint): State<Endpoint>,
    PathId(code): PathId<RegionCode>,
    QueryParams(query): QueryParams<ContestOrKindQuery>,
) -> Result<Json<RegionView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            endpoint.election().region(&code).ok_or_else(not_found)?;
            region_view(endpoint, query.page_of(endpoint)?, Some(&code)).map(Json)
        })
        .await
}
