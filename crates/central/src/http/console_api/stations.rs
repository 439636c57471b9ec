//! `GET /api/stations`, and below `/api/stations/{station}` the page and the bundle of a station.

use std::io::{BufWriter, Seek as _};

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use tally::{ContestId, RegionCode, StationId};
use tokio_util::io::ReaderStream;

use super::{ContestQuery, contest};
use crate::console::station_list::{StationFilter, station_list};
use crate::console::station_page::station_view;
use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::http::extract::{PathId, QueryParams};
use crate::http::guard::{Caller, not_found, region_within};
use crate::model::station_order::{CountFilter, StationCursor, StationOrder};
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{Standing, StationList, StationView};

#[derive(Deserialize)]
pub(crate) struct StationsQuery {
    contest: ContestId,
    region: Option<RegionCode>,
    standing: Option<Standing>,
    #[serde(default)]
    flagged: bool,
    #[serde(default)]
    missing_photos: bool,
    search: Option<String>,
    #[serde(default)]
    sort: StationOrder,
    after: Option<StationCursor>,
}

pub(crate) async fn stations(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<StationsQuery>,
) -> Result<Json<StationList>, Refusal> {
    let StationsQuery { contest: id, region, standing, flagged, missing_photos, search, sort, after } = query;
    let filter = StationFilter {
        region: region_within(&caller, region)?,
        counts: CountFilter { standing, flagged, missing_photos },
        search: StationSearch::new(search.as_deref())?,
        order: sort,
        after,
    };
    endpoint
        .blocking(move |endpoint| station_list(endpoint, contest(endpoint, &id)?, &filter).map(Json))
        .await
}

pub(crate) async fn station(
    State(endpoint): State<Endpoint>,
    PathId(station): PathId<StationId>,
    QueryParams(query): QueryParams<ContestQuery>,
) -> Result<Json<StationView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            contest(endpoint, &query.contest)?;
            must_exist(endpoint, &station)?;
            let paper = endpoint.package().paper_of_kind(&query.contest, station.kind());
            let paper = paper.filter(|paper| paper.contest().covers(station.desa()));
            let paper = paper.ok_or_else(not_found)?;
            station_view(endpoint, &paper, &station).map(Json)
        })
        .await
}

/// All that was received about a station, as one file.
pub(crate) async fn bundle(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(station): PathId<StationId>,
) -> Result<Response, Refusal> {
    let name = format!("attachment; filename=\"saksi-{station}.saksi\"");
    let export = move |endpoint: &Endpoint| {
        let file = bundle_file(endpoint, &station)?;
        endpoint.record_event("station.export", &station.to_string(), &Actor::User(user.name))?;
        Ok(file)
    };
    let file = endpoint.blocking(export).await?;
    let headers = [
        (header::CONTENT_TYPE, String::from("application/octet-stream")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))).into_response())
}

/// The complete bundle is written before its first byte is sent: half a bundle must not look like one.
fn bundle_file(endpoint: &Endpoint, station: &StationId) -> Result<std::fs::File, Refusal> {
    must_exist(endpoint, station)?;
    let failed = |error: std::io::Error| Refusal::internal("writing a temporary file", &error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    endpoint.export(station, BufWriter::new(&file))?;
    file.rewind().map_err(failed)?;
    Ok(file)
}

fn must_exist(endpoint: &Endpoint, station: &StationId) -> Result<(), Refusal> {
    if endpoint.election().has_station(station) { Ok(()) } else { Err(not_found()) }
}
