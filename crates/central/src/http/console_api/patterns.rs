//! `GET /api/patterns`: patterns that a person should see.

use axum::extract::State;
use axum::{Extension, Json};
use serde::Deserialize;
use tally::{ContestId, RegionCode};

use super::contest;
use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::http::guard::{Caller, region_within};
use crate::patterns::patterns_view;
use crate::refusal::Refusal;
use crate::view::PatternsView;

#[derive(Deserialize)]
pub(crate) struct PatternsQuery {
    contest: ContestId,
    region: Option<RegionCode>,
}

pub(crate) async fn patterns(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<PatternsQuery>,
) -> Result<Json<PatternsView>, Refusal> {
    let region = region_within(&caller, query.region)?;
    endpoint
        .blocking(move |endpoint| {
            patterns_view(endpoint, contest(endpoint, &query.contest)?, region.as_ref()).map(Json)
        })
        .await
}
