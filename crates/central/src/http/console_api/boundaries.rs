//! `GET /api/boundaries`.

use axum::extract::State;
use axum::{Extension, Json};
use serde::Deserialize;
use tally::RegionCode;

use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::http::guard::{Caller, region_within};
use crate::refusal::Refusal;
use crate::view::BoundariesView;

#[derive(Deserialize)]
pub(crate) struct BoundariesQuery {
    region: Option<RegionCode>,
}

/// The outlines of the regions below the named one, or below the user's.
pub(crate) async fn boundaries(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<BoundariesQuery>,
) -> Result<Json<BoundariesView>, Refusal> {
    let region = region_within(&caller, query.region)?;
    let regions = endpoint.boundaries().below(endpoint.election(), region.as_ref());
    Ok(Json(BoundariesView { regions }))
}
