//! What coordinators decide and request, below `/api/stations/{station}`: `POST …/verdicts`,
//! `…/photo-requests` and `…/originals`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use tally::StationId;

use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId};
use crate::http::guard::Caller;
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{OriginalRequest, PhotoRequestRequest, VerdictRequest};

type Created = (StatusCode, Json<()>);
const CREATED: Created = (StatusCode::CREATED, Json(()));

pub(crate) async fn give_verdict(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(station): PathId<StationId>,
    JsonBody(request): JsonBody<VerdictRequest>,
) -> Result<Created, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.give_verdict(&station, &request, &user)).await?;
    Ok(CREATED)
}

pub(crate) async fn request_photo(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(station): PathId<StationId>,
    JsonBody(request): JsonBody<PhotoRequestRequest>,
) -> Result<Created, Refusal> {
    let actor = Actor::User(user.name);
    endpoint.blocking(move |endpoint| endpoint.request_photo(&station, &request, &actor)).await?;
    Ok(CREATED)
}

pub(crate) async fn request_original(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(station): PathId<StationId>,
    JsonBody(request): JsonBody<OriginalRequest>,
) -> Result<Created, Refusal> {
    let actor = Actor::User(user.name);
    endpoint.blocking(move |endpoint| endpoint.request_original(&station, &request, &actor)).await?;
    Ok(CREATED)
}
