//! `PUT /v1/drill`: a phone of a class says what it does, and hears how the class is led. `POST
//! /v1/drill/results`: a hall hands results of a drill to the real endpoint.

use axum::extract::State;
use axum::response::Response;
use axum::{Extension, Json};
use protocol::{DrillProgress, DrillResultsRequest, DrillState};

use super::cbor_response;
use crate::endpoint::Endpoint;
use crate::http::extract::{CborBody, JsonBody};
use crate::http::gate::SendingDevice;
use crate::refusal::Refusal;

pub(crate) async fn progress(
    State(endpoint): State<Endpoint>,
    Extension(SendingDevice(sender)): Extension<SendingDevice>,
    JsonBody(said): JsonBody<DrillProgress>,
) -> Result<Json<DrillState>, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.drill_progress(sender, said)).await.map(Json)
}

pub(crate) async fn results(
    State(endpoint): State<Endpoint>,
    Extension(SendingDevice(sender)): Extension<SendingDevice>,
    CborBody(request): CborBody<DrillResultsRequest>,
) -> Result<Response, Refusal> {
    let response = endpoint.blocking(move |endpoint| endpoint.receive_drill_results(sender, request)).await?;
    cbor_response(&response)
}
