//! Staffing: `/api/staffing` and its neighbours.

use axum::extract::State;
use axum::{Extension, Json};
use serde::Deserialize;
use tally::{RegionCode, StationId};

use super::people::{done, refusal_of};
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, region_within};
use crate::refusal::Refusal;
use crate::view::{Lack, LackingStations, StaffingView, TargetRequest};

/// The user's region, or the whole election.
pub(crate) async fn own(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<StaffingView>, Refusal> {
    done(endpoint, caller, |endpoint, editor| endpoint.staffing(editor, editor.region.as_ref())).await
}

pub(crate) async fn region(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(code): PathId<RegionCode>,
) -> Result<Json<StaffingView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.staffing(editor, Some(&code))).await
}

pub(crate) async fn target(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(code): PathId<RegionCode>,
    JsonBody(request): JsonBody<TargetRequest>,
) -> Result<Json<StaffingView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.set_target(editor, Some(&code), &request)).await
}

pub(crate) async fn whole_target(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<TargetRequest>,
) -> Result<Json<StaffingView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.set_target(editor, None, &request)).await
}

#[derive(Deserialize)]
pub(crate) struct LackingParams {
    region: Option<RegionCode>,
    #[serde(default = "no_witness")]
    lack: Lack,
    after: Option<StationId>,
}

fn no_witness() -> Lack {
    Lack::Witness
}

pub(crate) async fn lacking(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(LackingParams { region, lack, after }): QueryParams<LackingParams>,
) -> Result<Json<LackingStations>, Refusal> {
    let region = region_within(&caller, region)?;
    let list = move |endpoint: &Endpoint| {
        endpoint.lacking_stations(region.as_ref(), lack, after.as_ref()).map(Json).map_err(refusal_of)
    };
    endpoint.blocking(list).await
}
