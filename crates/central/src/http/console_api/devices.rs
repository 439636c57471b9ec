//! The witnesses' phones: `GET /api/devices`, `POST /api/devices/{device}/revoke`.

use axum::extract::State;
use axum::{Extension, Json};
use evidence::DeviceId;
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::RegionCode;

use crate::endpoint::{Endpoint, Inner};
use crate::http::extract::{Asked, JsonBody, Named};
use crate::http::guard::{Caller, asked_region, not_found};
use crate::refusal::Refusal;
use crate::store::{Actor, DeviceChain, StoreError};
use crate::view::{DeviceList, DeviceView, RevokeRequest};

const DEVICES_MAX: usize = 200;
/// Most sequence numbers that are named of one device.
const NUMBERS_MAX: usize = 20;
/// Longest reason of a revocation, in characters.
const REASON_CHARS_MAX: usize = 200;

#[derive(Deserialize)]
pub(crate) struct DevicesQuery {
    region: Option<RegionCode>,
    #[serde(default)]
    troubled: bool,
}

pub(crate) async fn devices(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    Asked(query): Asked<DevicesQuery>,
) -> Result<Json<DeviceList>, Refusal> {
    let region = asked_region(&caller, query.region)?;
    endpoint
        .blocking(move |endpoint| {
            let store = endpoint.store();
            let chains = store.chains(region.as_ref(), query.troubled, DEVICES_MAX + 1, NUMBERS_MAX)?;
            let more = chains.len() > DEVICES_MAX;
            let shown = chains.into_iter().take(DEVICES_MAX);
            let devices = shown.map(|chain| device_view(endpoint, chain)).collect::<Result<_, _>>()?;
            Ok(Json(DeviceList { devices, more }))
        })
        .await
}

/// Revokes a phone. One that is revoked already stays so since then.
pub(crate) async fn revoke(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    Named(device): Named<DeviceId>,
    JsonBody(RevokeRequest { because }): JsonBody<RevokeRequest>,
) -> Result<Json<DeviceView>, Refusal> {
    if because.chars().count() > REASON_CHARS_MAX {
        let detail = format!("a reason has at most {REASON_CHARS_MAX} characters");
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    endpoint
        .blocking(move |endpoint| {
            let because = Some(because.trim()).filter(|because| !because.is_empty());
            endpoint.revoke_device(device, because, &Actor::User(user.name))?;
            let chain = endpoint.store().chain_of(device, NUMBERS_MAX)?.ok_or_else(not_found)?;
            Ok(Json(device_view(endpoint, chain)?))
        })
        .await
}

fn device_view(endpoint: &Inner, chain: DeviceChain) -> Result<DeviceView, StoreError> {
    let DeviceChain {
        device,
        revoked_because,
        statements,
        quarantined,
        last_at_ms,
        missing_count,
        missing,
        forks,
    } = chain;
    Ok(DeviceView {
        device: device.device.to_string(),
        stations: endpoint.store().stations_of_device(device.device)?,
        enrolled_at_ms: device.enrolled_at_ms,
        revoked_at_ms: device.revoked_at_ms,
        revoked_because,
        statements,
        quarantined,
        last_at_ms,
        missing_count,
        missing,
        forks,
    })
}
