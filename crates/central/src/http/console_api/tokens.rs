//! Tokens of programs: `GET` and `POST /api/tokens`, `POST /api/tokens/{token}/revoke`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};

use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId};
use crate::http::guard::Caller;
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{ApiTokenView, NewApiToken, NewApiTokenRequest};

pub(crate) async fn tokens(State(endpoint): State<Endpoint>) -> Result<Json<Vec<ApiTokenView>>, Refusal> {
    endpoint.blocking(|endpoint| endpoint.api_token_views().map(Json)).await
}

pub(crate) async fn add(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    JsonBody(request): JsonBody<NewApiTokenRequest>,
) -> Result<(StatusCode, Json<NewApiToken>), Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let token = endpoint.add_api_token(&request, &Actor::User(admin.name))?;
            Ok((StatusCode::CREATED, Json(token)))
        })
        .await
}

pub(crate) async fn revoke(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    PathId(number): PathId<i64>,
) -> Result<Json<Vec<ApiTokenView>>, Refusal> {
    endpoint
        .blocking(move |endpoint| endpoint.revoke_api_token(number, &Actor::User(admin.name)).map(Json))
        .await
}
