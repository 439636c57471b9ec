//! The devices of witnesses: `GET /api/devices`, `POST /api/devices/{device}/revoke`.

use axum::extract::State;
use axum::{Extension, Json};
use evidence::DeviceId;
use protocol::{Problem, ProblemCode, limit};
use serde::Deserialize;
use tally::RegionCode;

use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, not_found, region_within};
use crate::people::devices::place_of;
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{DeviceList, DeviceView, RevokeRequest};

#[derive(Deserialize)]
pub(crate) struct DevicesQuery {
    region: Option<RegionCode>,
    #[serde(default)]
    troubled: bool,
    search: Option<String>,
    after: Option<String>,
}

pub(crate) async fn devices(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<DevicesQuery>,
) -> Result<Json<DeviceList>, Refusal> {
    let region = region_within(&caller, query.region)?;
    let search = StationSearch::new(query.search.as_deref())?;
    let malformed = || Problem::new(ProblemCode::RequestMalformed, "the place in the list cannot be read");
    let after = query.after.map(|cursor| place_of(&cursor).ok_or_else(malformed)).transpose()?;
    endpoint
        .blocking(move |endpoint| {
            Ok(Json(endpoint.device_list(region.as_ref(), query.troubled, &search, after)?))
        })
        .await
}

/// Revokes a device. A second revocation changes nothing.
pub(crate) async fn revoke(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(device): PathId<DeviceId>,
    JsonBody(RevokeRequest { because }): JsonBody<RevokeRequest>,
) -> Result<Json<DeviceView>, Refusal> {
    if because.chars().count() > limit::REVOCATION_REASON_CHARS {
        let detail = format!("a reason has at most {} characters", limit::REVOCATION_REASON_CHARS);
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    endpoint
        .blocking(move |endpoint| {
            let because = Some(because.trim()).filter(|because| !because.is_empty());
            endpoint.revoke_device(device, because, &Actor::User(user.name))?;
            Ok(Json(endpoint.device_view(device)?.ok_or_else(not_found)?))
        })
        .await
}
