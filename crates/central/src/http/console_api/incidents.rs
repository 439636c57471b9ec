//! Incidents: `GET /api/incidents`, `GET /api/incidents/{statement}` and `POST …/steps`.

use axum::extract::State;
use axum::{Extension, Json};
use evidence::{IncidentCategory, StatementId};
use serde::Deserialize;
use tally::RegionCode;

use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, not_found, region_within};
use crate::model::incident_state::IncidentState;
use crate::refusal::Refusal;
use crate::review::incidents::{incident_view, step_view};
use crate::store::{Actor, DevicePost, IncidentFilter, StationRange, StoredIncident, User};
use crate::view::{IncidentCounts, IncidentHistory, IncidentList, IncidentStepRequest, IncidentView};

/// Maximum number of incidents on a page.
const PAGE_MAX: usize = 100;

#[derive(Deserialize)]
pub(crate) struct IncidentsQuery {
    region: Option<RegionCode>,
    state: Option<IncidentState>,
    category: Option<IncidentCategory>,
    before: Option<i64>,
}

pub(crate) async fn incidents(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<IncidentsQuery>,
) -> Result<Json<IncidentList>, Refusal> {
    let region = region_within(&caller, query.region)?;
    let filter = IncidentFilter {
        stations: StationRange::of_region(region.as_ref()),
        state: query.state,
        category: query.category,
        before: query.before,
    };
    endpoint.blocking(move |endpoint| page(endpoint, &caller.0, &filter).map(Json)).await
}

fn page(endpoint: &Endpoint, user: &User, filter: &IncidentFilter) -> Result<IncidentList, Refusal> {
    let mut incidents = endpoint.store().incidents(filter, PAGE_MAX + 1)?;
    let more = incidents.len() > PAGE_MAX;
    incidents.truncate(PAGE_MAX);
    Ok(IncidentList {
        next: incidents.last().filter(|_| more).map(|incident| incident.number),
        incidents: views(endpoint, user, &incidents)?,
        counts: counts(endpoint, filter)?,
        may_work: user.role.coordinates(),
    })
}

fn counts(endpoint: &Endpoint, filter: &IncidentFilter) -> Result<IncidentCounts, Refusal> {
    let mut counts = IncidentCounts::default();
    for of_state in endpoint.store().incident_counts(&filter.stations)? {
        match of_state.state {
            IncidentState::New => counts.new = of_state.count,
            IncidentState::Seen => counts.seen = of_state.count,
            IncidentState::InWork => counts.in_work = of_state.count,
            IncidentState::Closed => counts.closed = of_state.count,
        }
    }
    Ok(counts)
}

/// The incidents as the console shows them, with who reported them.
fn views(
    endpoint: &Endpoint,
    user: &User,
    incidents: &[StoredIncident],
) -> Result<Vec<IncidentView>, Refusal> {
    let statements: Vec<StatementId> = incidents.iter().map(|incident| incident.statement).collect();
    let posts: Vec<DevicePost> = incidents
        .iter()
        .map(|incident| DevicePost { device: incident.device, station: incident.station.clone() })
        .collect();
    let last = endpoint.store().last_steps(&statements)?;
    let photos = endpoint.store().incident_photos(&statements)?;
    let contacts = endpoint.contacts_of_devices(user, &posts)?;
    let parts = incidents.iter().zip(last).zip(photos).zip(contacts);
    let view = |(((incident, last), photos), contact): (((&StoredIncident, _), Vec<[u8; 32]>), _)| {
        let view = incident_view(incident, last, &photos)?;
        Some(IncidentView { contact, ..view })
    };
    Ok(parts.filter_map(view).collect())
}

pub(crate) async fn incident(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(statement): PathId<StatementId>,
) -> Result<Json<IncidentHistory>, Refusal> {
    endpoint.blocking(move |endpoint| history(endpoint, &user, statement).map(Json)).await
}

pub(crate) async fn take_step(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(statement): PathId<StatementId>,
    JsonBody(request): JsonBody<IncidentStepRequest>,
) -> Result<Json<IncidentHistory>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            endpoint.take_step(statement, &request, &Actor::User(user.name.clone()))?;
            history(endpoint, &user, statement).map(Json)
        })
        .await
}

fn history(endpoint: &Endpoint, user: &User, statement: StatementId) -> Result<IncidentHistory, Refusal> {
    let incident = endpoint.store().incident(statement)?.ok_or_else(not_found)?;
    let steps = endpoint.store().incident_steps(statement)?;
    let view = views(endpoint, user, std::slice::from_ref(&incident))?.pop().ok_or_else(not_found)?;
    Ok(IncidentHistory { incident: view, steps: steps.into_iter().map(step_view).collect() })
}
