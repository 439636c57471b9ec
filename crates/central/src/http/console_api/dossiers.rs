//! Dossiers: `GET /api/stations/{station}/dossier`, and `GET /api/dossiers` for several stations.

use std::io::{BufWriter, Seek as _, Write as _};

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::to_hex;
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::{ContestId, StationId};
use tokio_util::io::ReaderStream;

use super::contest;
use crate::dossier::{Dossier, Hashed, STATIONS_MAX, paper_at, write_dossier};
use crate::endpoint::Endpoint;
use crate::http::extract::{PathId, QueryParams};
use crate::http::guard::{Caller, not_found};
use crate::refusal::Refusal;
use crate::store::Actor;

#[derive(Deserialize)]
pub(crate) struct DossierQuery {
    contest: ContestId,
    /// Whether the names of witnesses are in it, for users who may see people.
    #[serde(default)]
    names: bool,
}

pub(crate) async fn of_station(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(station): PathId<StationId>,
    QueryParams(query): QueryParams<DossierQuery>,
) -> Result<Response, Refusal> {
    answer(endpoint, caller, vec![station], query).await
}

#[derive(Deserialize)]
pub(crate) struct DossiersQuery {
    contest: ContestId,
    #[serde(default)]
    names: bool,
    /// The stations, with commas between them.
    stations: String,
}

pub(crate) async fn of_stations(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<DossiersQuery>,
) -> Result<Response, Refusal> {
    let DossiersQuery { contest, names, stations } = query;
    let stations: Result<Vec<StationId>, _> = stations.split(',').map(str::parse).collect();
    let mut stations = stations.map_err(|_| malformed("a station's code cannot be read".into()))?;
    stations.sort();
    stations.dedup();
    if stations.len() > STATIONS_MAX {
        return Err(malformed(format!("a dossier has at most {STATIONS_MAX} stations")));
    }
    stations.iter().try_for_each(|station| caller.must_reach(station.desa()))?;
    answer(endpoint, caller, stations, DossierQuery { contest, names }).await
}

fn malformed(detail: String) -> Refusal {
    Problem::new(ProblemCode::RequestMalformed, detail).into()
}

/// The complete file is written before its first byte is sent: half a dossier must not look like one.
async fn answer(
    endpoint: Endpoint,
    Caller(user): Caller,
    stations: Vec<StationId>,
    query: DossierQuery,
) -> Result<Response, Refusal> {
    let made = move |endpoint: &Endpoint| {
        let contest = contest(endpoint, &query.contest)?;
        if stations.iter().any(|station| paper_at(endpoint, contest, station).is_none()) {
            return Err(not_found());
        }
        let dossier = Dossier { contest, stations: &stations, user: &user, with_names: query.names };
        let file = File::of(endpoint, &dossier)?;
        let places: Vec<String> = stations.iter().map(StationId::to_string).collect();
        let subject = format!("{} {} {}", contest.id, to_hex(&file.sum), places.join(" "));
        endpoint.record_event("dossier.export", &subject, &Actor::User(user.name.clone()))?;
        Ok((format!("attachment; filename=\"{}.zip\"", dossier.name()), file))
    };
    let (name, file) = endpoint.blocking(made).await?;
    let headers = [
        (header::CONTENT_TYPE, String::from("application/zip")),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, file.bytes.to_string()),
        // RFC 9530.
        (header::HeaderName::from_static("repr-digest"), format!("sha-256=:{}:", STANDARD.encode(file.sum))),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file.file)))).into_response())
}

/// A dossier on disk.
struct File {
    file: std::fs::File,
    sum: [u8; 32],
    bytes: u64,
}

impl File {
    fn of(endpoint: &Endpoint, dossier: &Dossier<'_>) -> Result<Self, Refusal> {
        let failed = |error: std::io::Error| Refusal::internal("writing a temporary file", &error);
        let mut file = tempfile::tempfile().map_err(failed)?;
        let mut out = Hashed::new(BufWriter::new(&file));
        write_dossier(endpoint, dossier, &mut out)?;
        out.flush().map_err(failed)?;
        let sum = out.sum();
        let bytes = file.stream_position().map_err(failed)?;
        file.rewind().map_err(failed)?;
        Ok(Self { file, sum, bytes })
    }
}
