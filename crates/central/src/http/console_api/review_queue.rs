//! The review queue and the keys of coordinators: `GET /api/review/queue` and below it `POST …/take` and
//! `…/release`; `GET` and `POST /api/review-keys`, and `POST /api/review-keys/{key}/revoke`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use evidence::DeviceId;
use serde::Deserialize;
use tally::{ContestId, RegionCode, StationId};

use super::contest;
use super::session::{Reauthentication, reauthenticate};
use crate::endpoint::Endpoint;
use crate::http::extract::{ClientAddress, JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, not_found, region_within};
use crate::refusal::Refusal;
use crate::review::queue::QueueOf;
use crate::view::{QueueView, ReviewKeyRequest, ReviewKeyView, RevokeKeyRequest, TakeRequest};

#[derive(Deserialize)]
pub(crate) struct QueueQuery {
    contest: ContestId,
    region: Option<RegionCode>,
}

pub(crate) async fn queue(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<QueueQuery>,
) -> Result<Json<QueueView>, Refusal> {
    let region = region_within(&caller, query.region)?;
    endpoint
        .blocking(move |endpoint| {
            let of = QueueOf { contest: contest(endpoint, &query.contest)?, region: region.as_ref() };
            endpoint.queue_view(of, &caller.0).map(Json)
        })
        .await
}

pub(crate) async fn take(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<TakeRequest>,
) -> Result<Json<QueueView>, Refusal> {
    let TakeRequest { contest: id, region, station, skip } = request;
    let region = region_within(&caller, region)?;
    [&station, &skip].into_iter().flatten().try_for_each(|station| caller.must_reach(station.desa()))?;
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &id)?;
            let is_voted = |station: &StationId| endpoint.election().is_voted_at(&contest.id, station);
            if [&station, &skip].into_iter().flatten().any(|station| !is_voted(station)) {
                return Err(not_found());
            }
            if let Some(skip) = &skip {
                endpoint.skip_in_queue(contest, skip, &caller.0)?;
            }
            let of = QueueOf { contest, region: region.as_ref() };
            endpoint.take_from_queue(of, station, &caller.0).map(Json)
        })
        .await
}

pub(crate) async fn release(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
) -> Result<Json<()>, Refusal> {
    endpoint.blocking(move |endpoint| Ok(endpoint.store().release_lease(&user.name)?)).await?;
    Ok(Json(()))
}

pub(crate) async fn keys(State(endpoint): State<Endpoint>) -> Result<Json<Vec<ReviewKeyView>>, Refusal> {
    endpoint.blocking(|endpoint| endpoint.review_key_views().map(Json)).await
}

/// A user enrols a key that their browser made. A session alone does not do: the password is asked for.
pub(crate) async fn enrol(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<ReviewKeyRequest>,
) -> Result<(StatusCode, Json<ReviewKeyView>), Refusal> {
    let password = request.password.clone();
    let check =
        Reauthentication { user: user.name.clone(), password, code: None, needs_code: false, address };
    reauthenticate(&endpoint, check).await?;
    let enrol = move |endpoint: &Endpoint| endpoint.enrol_review_key(&request, &user);
    Ok((StatusCode::CREATED, Json(endpoint.blocking(enrol).await?)))
}

pub(crate) async fn revoke(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(key): PathId<DeviceId>,
    JsonBody(RevokeKeyRequest { because }): JsonBody<RevokeKeyRequest>,
) -> Result<Json<ReviewKeyView>, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.revoke_review_key(key, &because, &user).map(Json)).await
}
