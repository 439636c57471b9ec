//! The wall of a trainer's hall and the report of its class: `/api/drill`. How far the witnesses of a region
//! have practised: `/api/readiness`.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use tally::{Language, RegionCode, StationId};

use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, region_within};
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{DrillOrder, DrillReportView, DrillView, ReadinessView, UnreadyStations};

pub(crate) async fn class(State(endpoint): State<Endpoint>) -> Result<Json<DrillView>, Refusal> {
    endpoint.blocking(|endpoint| endpoint.drill_view()).await.map(Json)
}

pub(crate) async fn lead(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    JsonBody(order): JsonBody<DrillOrder>,
) -> Result<Json<DrillView>, Refusal> {
    let lead = move |endpoint: &Endpoint| endpoint.lead_drill(&order, &Actor::User(user.name));
    endpoint.blocking(lead).await.map(Json)
}

pub(crate) async fn report(State(endpoint): State<Endpoint>) -> Result<Json<DrillReportView>, Refusal> {
    endpoint.blocking(|endpoint| endpoint.drill_report()).await.map(Json)
}

#[derive(Deserialize)]
pub(crate) struct PdfParams {
    language: Option<Language>,
}

/// The report on paper.
pub(crate) async fn report_pdf(
    State(endpoint): State<Endpoint>,
    QueryParams(PdfParams { language }): QueryParams<PdfParams>,
) -> Result<Response, Refusal> {
    let language = language.unwrap_or(Language::Id);
    let pdf = endpoint.blocking(move |endpoint| endpoint.drill_report_pdf(language)).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"laporan-kelas.pdf\""),
    ];
    Ok((headers, pdf).into_response())
}

/// The user's region, or the whole election.
pub(crate) async fn own_readiness(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
) -> Result<Json<ReadinessView>, Refusal> {
    let read = move |endpoint: &Endpoint| endpoint.readiness_view(user.region.as_ref(), user.region.as_ref());
    endpoint.blocking(read).await.map(Json)
}

pub(crate) async fn readiness(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(code): PathId<RegionCode>,
) -> Result<Json<ReadinessView>, Refusal> {
    let read = move |endpoint: &Endpoint| endpoint.readiness_view(Some(&code), user.region.as_ref());
    endpoint.blocking(read).await.map(Json)
}

#[derive(Deserialize)]
pub(crate) struct UnreadyParams {
    region: Option<RegionCode>,
    after: Option<StationId>,
}

pub(crate) async fn unready(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(UnreadyParams { region, after }): QueryParams<UnreadyParams>,
) -> Result<Json<UnreadyStations>, Refusal> {
    let region = region_within(&caller, region)?;
    let read = move |endpoint: &Endpoint| endpoint.unready_stations(region.as_ref(), after.as_ref());
    endpoint.blocking(read).await.map(Json)
}
