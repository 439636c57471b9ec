//! The guard of every route of the console API: same origin, login, role, region.

use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use evidence::{DeviceId, PhotoHash, StatementId};
use protocol::{Problem, ProblemCode};
use tally::{RegionCode, StationId};

use crate::blocking::LaneName;
use crate::endpoint::Endpoint;
use crate::http::cookie;
use crate::http::routes::{Audience, Reach};
use crate::http::server::origin;
use crate::refusal::Refusal;
use crate::store::User;
use crate::view::Duty;

/// What a route requires of its users.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) endpoint: Endpoint,
    pub(crate) audience: Audience,
    pub(crate) reach: Reach,
    /// Whether the route answers before the user has done what they must do first.
    pub(crate) before_duties: bool,
}

/// The user of a request, as the guard authenticated them.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) User);

impl Caller {
    /// Refuses a region outside of the user's.
    pub(crate) fn must_reach(&self, region: &RegionCode) -> Result<(), Refusal> {
        if self.0.reaches(region) { Ok(()) } else { Err(outside_region()) }
    }
}

/// The requested region, if the user reaches it; the user's own region when none is requested.
pub(crate) fn region_within(
    caller: &Caller,
    requested: Option<RegionCode>,
) -> Result<Option<RegionCode>, Refusal> {
    match requested {
        Some(region) => {
            caller.must_reach(&region)?;
            Ok(Some(region))
        }
        None => Ok(caller.0.region.clone()),
    }
}

pub(crate) async fn guard(
    State(guard): State<Guard>,
    names: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let name = names.iter().next().map(|(_, value)| value.to_owned());
    let (method, headers) = (request.method().clone(), request.headers().clone());
    match admit(&guard, name, &method, &headers).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// The authenticated caller; `None` on public routes.
async fn admit(
    guard: &Guard,
    name: Option<String>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Caller>, Refusal> {
    if !method.is_safe() && !origin::is_own(headers) {
        return Err(forbidden("the request comes from another site"));
    }
    let Audience::Roles(roles) = guard.audience else { return Ok(None) };
    let login_needed = || Refusal::from(Problem::new(ProblemCode::LoginNeeded, "log in first"));
    let token = cookie::token(headers, guard.endpoint.is_secure()).ok_or_else(login_needed)?;
    let (reach, token) = (guard.reach, token.hash());
    // Invented tokens wait among strangers, and not before the pages of users.
    let is_known = guard.endpoint.known_sessions().get(&token.0).is_some();
    let lane = if is_known { LaneName::Console } else { LaneName::Stranger };
    let (session, regions) = guard
        .endpoint
        .blocking_in(lane, move |endpoint| {
            let session = endpoint.session(token)?;
            let regions = match &session {
                Some(_) => regions_of(endpoint, reach, name.as_deref())?,
                None => None,
            };
            Ok((session, regions))
        })
        .await?;
    let session = session.ok_or_else(login_needed)?;
    if let Some(duty) = guard.endpoint.duty_of(&session).filter(|_| !guard.before_duties) {
        return Err(duty_first(duty));
    }
    let user = session.user;
    if !roles.contains(&user.role) {
        return Err(forbidden("the user's role does not allow this"));
    }
    if reach == Reach::Election && user.region.is_some() {
        return Err(outside_region());
    }
    match regions {
        None => {}
        Some(regions) if regions.is_empty() => return Err(not_found()),
        Some(regions) if regions.iter().any(|region| user.reaches(region)) => {}
        Some(_) => return Err(outside_region()),
    }
    Ok(Some(Caller(user)))
}

/// The regions of the thing that the path names: empty when it does not exist, `None` when the path names
/// nothing.
fn regions_of(
    endpoint: &Endpoint,
    reach: Reach,
    name: Option<&str>,
) -> Result<Option<Vec<RegionCode>>, Refusal> {
    let name = name.unwrap_or_default();
    let desas =
        |stations: Vec<StationId>| stations.into_iter().map(|station| station.desa().clone()).collect();
    Ok(match reach {
        Reach::Cut | Reach::Election => None,
        Reach::Invitation => Some(match name.parse() {
            Ok(number) => {
                let found = endpoint.store().invitation(number)?;
                desas(found.into_iter().map(|invitation| invitation.station).collect())
            }
            Err(_) => Vec::new(),
        }),
        Reach::Person => Some(match name.parse() {
            Ok(person) => endpoint.store().places_of_person(person)?,
            Err(_) => Vec::new(),
        }),
        Reach::Assignment => Some(match name.parse() {
            Ok(assignment) => {
                let found = endpoint.store().assignment(assignment)?;
                desas(found.into_iter().map(|found| found.new.station).collect())
            }
            Err(_) => Vec::new(),
        }),
        Reach::Region => Some(name.parse().into_iter().collect()),
        Reach::Station => Some(desas(name.parse().into_iter().collect())),
        Reach::Device => Some(match name.parse::<DeviceId>() {
            Ok(device) => desas(endpoint.stations_that_reach(device)?),
            Err(_) => Vec::new(),
        }),
        Reach::Photo => Some(match name.parse::<PhotoHash>() {
            Ok(hash) => desas(endpoint.store().stations_of_photo(hash)?),
            Err(_) => Vec::new(),
        }),
        Reach::Statement => Some(match name.parse::<StatementId>() {
            Ok(id) => {
                desas(endpoint.store().statement(id)?.into_iter().map(|(station, _)| station).collect())
            }
            Err(_) => Vec::new(),
        }),
    })
}

fn duty_first(duty: Duty) -> Refusal {
    let code = match duty {
        Duty::ChangePassword => ProblemCode::PasswordChangeNeeded,
        Duty::SetUpSecondFactor => ProblemCode::SecondFactorSetupNeeded,
    };
    Problem::new(code, "see the session").into()
}

pub(crate) fn not_found() -> Refusal {
    Problem::new(ProblemCode::NotFound, "there is no such thing").into()
}

pub(crate) fn outside_region() -> Refusal {
    forbidden("this is outside of the user's region")
}

fn forbidden(detail: &str) -> Refusal {
    Problem::new(ProblemCode::Forbidden, detail).into()
}
