//! `/open/v1`: what programs of others read, with a token.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::{ContestId, RegionCode, StationId};

use super::console_api::contest;
use super::console_api::exports::{ResultsFormat, ResultsQuery, answer};
use crate::blocking::LaneName;
use crate::console::region_page::{PageOf, region_view};
use crate::endpoint::Endpoint;
use crate::http::extract::{QueryParams, address_of};
use crate::open_api::{OpenReader, description, open_election, open_stations};
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{OpenElection, OpenResults, OpenStationList};

/// Lets requests pass that carry a token in force, at the token's rate.
pub(super) async fn token_gate(
    State(endpoint): State<Endpoint>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = address_of(request.extensions(), request.headers(), &endpoint);
    let token = bearer(request.headers()).map(str::to_owned);
    match admitted(&endpoint, address, token).await {
        Ok(reader) => {
            request.extensions_mut().insert(reader);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn admitted(
    endpoint: &Endpoint,
    address: Option<IpAddr>,
    token: Option<String>,
) -> Result<OpenReader, Refusal> {
    let needed =
        || Refusal::from(Problem::new(ProblemCode::LoginNeeded, "send a token as `Authorization: Bearer`"));
    let token = token.ok_or_else(needed)?;
    // Those who try tokens wait among strangers.
    let lane = if endpoint.is_failing(address) { LaneName::Stranger } else { LaneName::Console };
    let found = endpoint.blocking_in(lane, move |endpoint| endpoint.open_reader(&token)).await?;
    let Some(reader) = found else {
        endpoint.count_failure(address);
        return Err(needed());
    };
    match endpoint.rate_limits().token_wait_ms(reader.number) {
        Some(wait_ms) => Err(Refusal::try_later(wait_ms)),
        None => Ok(reader),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(super) async fn openapi() -> Json<serde_json::Value> {
    Json(description())
}

pub(super) async fn election(State(endpoint): State<Endpoint>) -> Json<OpenElection> {
    Json(open_election(&endpoint))
}

#[derive(Deserialize)]
pub(super) struct OpenQuery {
    contest: ContestId,
    region: Option<RegionCode>,
}

pub(super) async fn results(
    State(endpoint): State<Endpoint>,
    Extension(reader): Extension<OpenReader>,
    QueryParams(query): QueryParams<OpenQuery>,
) -> Result<Json<OpenResults>, Refusal> {
    let region = reader.region_within(query.region)?;
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &query.contest)?;
            region_view(endpoint, PageOf::Contest(contest), region.as_ref()).map(|view| Json(view.into()))
        })
        .await
}

#[derive(Deserialize)]
pub(super) struct StationsQuery {
    contest: ContestId,
    region: Option<RegionCode>,
    after: Option<StationId>,
}

pub(super) async fn stations(
    State(endpoint): State<Endpoint>,
    Extension(reader): Extension<OpenReader>,
    QueryParams(query): QueryParams<StationsQuery>,
) -> Result<Json<OpenStationList>, Refusal> {
    let region = reader.region_within(query.region)?;
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &query.contest)?;
            open_stations(endpoint, contest, region.as_ref(), query.after.as_ref()).map(Json)
        })
        .await
}

#[derive(Deserialize)]
pub(super) struct ExportQuery {
    contest: ContestId,
    region: Option<RegionCode>,
    #[serde(default)]
    format: ResultsFormat,
}

pub(super) async fn export(
    State(endpoint): State<Endpoint>,
    Extension(reader): Extension<OpenReader>,
    QueryParams(query): QueryParams<ExportQuery>,
) -> Result<Response<Body>, Refusal> {
    let region = reader.region_within(query.region)?;
    let query = ResultsQuery { contest: Some(query.contest), kind: None, region: None, format: query.format };
    answer(&endpoint, query, region, Actor::Token(reader.name)).await
}
