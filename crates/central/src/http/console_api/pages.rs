//! What the console asks for: regions, stations, photos, statements, invitations.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use evidence::{PhotoHash, StatementId};
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::{ContestId, Paper, RegionCode, StationId};

use crate::console::station_page as page;
use crate::counting::rollup;
use crate::counting::rollup::StationsAsked;
use crate::endpoint::{Endpoint, Inner, InviteError};
use crate::http::extract::{Asked, JsonBody, Named};
use crate::http::guard::{Caller, asked_region, not_found};
use crate::ingest::photos::picture;
use crate::refusal::Refusal;
use crate::store::Actor;
use crate::view::{InvitationView, InviteRequest, RegionView, Standing, StationList, StationView};

const STATIONS_MAX: usize = 200;
const INVITATIONS_MAX: usize = 500;
/// Longest text to search for, in characters.
const SEARCH_CHARS_MAX: usize = 100;

#[derive(Deserialize)]
pub(crate) struct ContestQuery {
    contest: ContestId,
}

fn paper<'a>(endpoint: &'a Inner, contest: &ContestId) -> Result<&'a Paper, Refusal> {
    let unknown = || Problem::new(ProblemCode::ContestUnknown, format!("contest {contest}")).into();
    endpoint.package.paper(contest).ok_or_else(unknown)
}

pub(crate) async fn own_region(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    Asked(query): Asked<ContestQuery>,
) -> Result<Json<RegionView>, Refusal> {
    endpoint.blocking(move |endpoint| region_view(endpoint, &query.contest, user.region.as_ref())).await
}

pub(crate) async fn region(
    State(endpoint): State<Endpoint>,
    Named(code): Named<RegionCode>,
    Asked(query): Asked<ContestQuery>,
) -> Result<Json<RegionView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            endpoint.package.election.region(&code).ok_or_else(not_found)?;
            region_view(endpoint, &query.contest, Some(&code))
        })
        .await
}

fn region_view(
    endpoint: &Inner,
    contest: &ContestId,
    region: Option<&RegionCode>,
) -> Result<Json<RegionView>, Refusal> {
    let paper = paper(endpoint, contest)?;
    Ok(Json(rollup::region_view(endpoint, paper, region)?))
}

#[derive(Deserialize)]
pub(crate) struct StationsQuery {
    contest: ContestId,
    region: Option<RegionCode>,
    standing: Option<Standing>,
    search: Option<String>,
    after: Option<StationId>,
}

pub(crate) async fn stations(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    Asked(query): Asked<StationsQuery>,
) -> Result<Json<StationList>, Refusal> {
    let region = asked_region(&caller, query.region.clone())?;
    let search = Search::new(query.search.as_deref())?;
    endpoint.blocking(move |endpoint| station_list(endpoint, &query, region.as_ref(), &search)).await
}

fn station_list(
    endpoint: &Inner,
    query: &StationsQuery,
    region: Option<&RegionCode>,
    search: &Search,
) -> Result<Json<StationList>, Refusal> {
    let paper = paper(endpoint, &query.contest)?;
    let asked =
        StationsAsked { region, standing: query.standing, search: &search.0, after: query.after.as_ref() };
    Ok(Json(rollup::station_list(endpoint, paper, &asked, STATIONS_MAX)?))
}

/// A text that a station's id or the names of its desa and kecamatan should hold, whatever the case.
struct Search(String);

impl Search {
    fn new(typed: Option<&str>) -> Result<Self, Refusal> {
        let typed = typed.unwrap_or_default().trim();
        if typed.chars().count() > SEARCH_CHARS_MAX {
            let detail = format!("at most {SEARCH_CHARS_MAX} characters can be searched for");
            return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
        }
        Ok(Self(typed.to_lowercase()))
    }

    fn finds(&self, endpoint: &Inner, station: &StationId) -> bool {
        let desa = station.desa();
        self.0.is_empty()
            || station.to_string().contains(&self.0)
            || std::iter::once(desa.clone())
                .chain(desa.parent())
                .any(|code| endpoint.region_name(&code).to_lowercase().contains(&self.0))
    }
}

pub(crate) async fn station(
    State(endpoint): State<Endpoint>,
    Named(station): Named<StationId>,
    Asked(query): Asked<ContestQuery>,
) -> Result<Json<StationView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let paper = paper(endpoint, &query.contest)?;
            if !endpoint.package.election.has_station(&station) {
                return Err(not_found());
            }
            page::station_view(endpoint, &query.contest, paper, &station).map(Json)
        })
        .await
}

pub(crate) async fn photo(
    State(endpoint): State<Endpoint>,
    Named(hash): Named<PhotoHash>,
) -> Result<Response, Refusal> {
    let bytes =
        endpoint.blocking(move |endpoint| Ok(endpoint.photos.read(hash)?)).await?.ok_or_else(not_found)?;
    let media_type = picture::format_of(&bytes).ok_or_else(not_found)?.media_type();
    let headers = [
        (header::CONTENT_TYPE, media_type),
        // The name is the hash of the bytes, so they never change.
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

pub(crate) async fn statement(
    State(endpoint): State<Endpoint>,
    Named(id): Named<StatementId>,
) -> Result<Response, Refusal> {
    let kept = endpoint.blocking(move |endpoint| Ok(endpoint.store.statement(id)?)).await?;
    let (_, bytes) = kept.ok_or_else(not_found)?;
    let headers = [
        (header::CONTENT_TYPE, String::from("application/cose; cose-type=\"cose-sign1\"")),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.cose\"")),
        (header::CACHE_CONTROL, String::from("private, max-age=31536000, immutable")),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

#[derive(Deserialize)]
pub(crate) struct InvitationsQuery {
    region: Option<RegionCode>,
    search: Option<String>,
}

pub(crate) async fn invitations(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    Asked(query): Asked<InvitationsQuery>,
) -> Result<Json<Vec<InvitationView>>, Refusal> {
    let region = asked_region(&caller, query.region)?;
    let search = Search::new(query.search.as_deref())?;
    endpoint
        .blocking(move |endpoint| {
            let states = endpoint.store.invitations(region.as_ref())?;
            let found = states.into_iter().filter(|state| search.finds(endpoint, &state.invitation.station));
            Ok(Json(found.take(INVITATIONS_MAX).map(|state| endpoint.invitation_view(state)).collect()))
        })
        .await
}

pub(crate) async fn invite(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<InviteRequest>,
) -> Result<(StatusCode, Json<Vec<InvitationView>>), Refusal> {
    for station in &request.stations {
        caller.needs(station.desa())?;
    }
    if request.stations.is_empty() || request.stations.len() > INVITATIONS_MAX {
        let detail = format!("name 1 to {INVITATIONS_MAX} stations");
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    endpoint
        .blocking(move |endpoint| {
            let actor = Actor::User(caller.0.name);
            let made = endpoint.invite(&request.stations, &request.contests, &actor);
            let made = made.map_err(|error| match error {
                InviteError::StationUnknown(_) => {
                    Problem::new(ProblemCode::StationUnknown, error.to_string()).into()
                }
                InviteError::ContestUnknown(_) => {
                    Problem::new(ProblemCode::ContestUnknown, error.to_string()).into()
                }
                InviteError::TooMany(_) => Problem::new(ProblemCode::BatchTooLong, error.to_string()).into(),
                InviteError::Randomness(_) | InviteError::Store(_) => {
                    Refusal::fault("making invitations", &error)
                }
            })?;
            Ok((StatusCode::CREATED, Json(made)))
        })
        .await
}
