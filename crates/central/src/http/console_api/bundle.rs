//! `GET /api/stations/{station}/bundle`: all that was received about a station, as one file.

use std::io::BufWriter;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tally::StationId;
use tokio_util::io::ReaderStream;

use crate::endpoint::Endpoint;
use crate::http::extract::Named;
use crate::http::guard::not_found;
use crate::refusal::Refusal;

pub(crate) async fn bundle(
    State(endpoint): State<Endpoint>,
    Named(station): Named<StationId>,
) -> Result<Response, Refusal> {
    let name = format!("attachment; filename=\"saksi-{station}.saksi\"");
    let file = endpoint.blocking(move |endpoint| written(endpoint, &station)).await?;
    let headers = [
        (header::CONTENT_TYPE, String::from("application/octet-stream")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))).into_response())
}

/// A bundle is written as a whole before the first byte of it is sent: half a bundle must not look like one.
fn written(endpoint: &Endpoint, station: &StationId) -> Result<std::fs::File, Refusal> {
    use std::io::Seek as _;
    if !endpoint.election().has_station(station) {
        return Err(not_found());
    }
    let fault = |error: std::io::Error| Refusal::fault("keeping a bundle for a moment", &error);
    let mut file = tempfile::tempfile().map_err(fault)?;
    endpoint.export(station, BufWriter::new(&file))?;
    file.rewind().map_err(fault)?;
    Ok(file)
}
