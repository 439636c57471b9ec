//! The table of the console API: who may use each route, and what it reaches.

use axum::Router;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};

use super::console_api::{devices, evidence, imports, invitations, log, regions, review, session, stations};
use super::guard::{Guard, guard};
use crate::endpoint::Endpoint;
use crate::view::{Permissions, Role};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Everybody,
    /// Users with one of these roles.
    Roles(&'static [Role]),
}

/// What a user's region must contain for them to use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: the answer is limited to the user's region, or is about the user.
    Cut,
    /// The region that the path names.
    Region,
    /// The station that the path names.
    Station,
    /// A station at which the photo was taken.
    Photo,
    /// The station that the statement is about.
    Statement,
    /// A station at which the device witnesses.
    Device,
}

const READERS: &[Role] = &[Role::Admin, Role::Coordinator, Role::Trainer, Role::Auditor];
/// An unused code enrols a device, so users who only read do not see codes.
const INVITERS: &[Role] = &[Role::Admin, Role::Coordinator, Role::Trainer];
const REVOKERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who request photos and originals of witnesses.
const REQUESTERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who decide which tally counts.
const REVIEWERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Everything in an imported file is verified, so an import cannot reach further than a push.
const IMPORTERS: &[Role] = &[Role::Admin, Role::Coordinator];

/// What users of a role may do, so that the console shows the controls that work.
pub(super) fn permissions_of(role: Role) -> Permissions {
    Permissions {
        decide: REVIEWERS.contains(&role),
        request_photos: REQUESTERS.contains(&role),
        invite: INVITERS.contains(&role),
        revoke: REVOKERS.contains(&role),
        import: IMPORTERS.contains(&role),
    }
}

struct Route {
    method: Method,
    path: &'static str,
    access: Access,
    reach: Reach,
    handler: MethodRouter<Endpoint>,
}

fn table() -> Vec<Route> {
    use Access::{Everybody, Roles};
    let route = |method, path, access, reach, handler| Route { method, path, access, reach, handler };
    let read = |path, roles, reach, handler| route(Method::GET, path, Roles(roles), reach, handler);
    let write = |path, roles, reach, handler| route(Method::POST, path, Roles(roles), reach, handler);
    vec![
        route(Method::POST, "/api/login", Everybody, Reach::Cut, post(session::log_in)),
        write("/api/logout", READERS, Reach::Cut, post(session::log_out)),
        read("/api/session", READERS, Reach::Cut, get(session::session)),
        read("/api/regions", READERS, Reach::Cut, get(regions::own_region)),
        read("/api/regions/{code}", READERS, Reach::Region, get(regions::region)),
        read("/api/stations", READERS, Reach::Cut, get(stations::stations)),
        read("/api/stations/{station}", READERS, Reach::Station, get(stations::station)),
        read("/api/stations/{station}/bundle", READERS, Reach::Station, get(stations::bundle)),
        write(
            "/api/stations/{station}/photo-requests",
            REQUESTERS,
            Reach::Station,
            post(review::request_photo),
        ),
        write("/api/stations/{station}/verdicts", REVIEWERS, Reach::Station, post(review::give_verdict)),
        write(
            "/api/stations/{station}/originals",
            REQUESTERS,
            Reach::Station,
            post(review::request_original),
        ),
        read("/api/photos/{hash}", READERS, Reach::Photo, get(evidence::photo)),
        read("/api/photos/{hash}/crops", READERS, Reach::Photo, get(evidence::crops)),
        read("/api/statements/{id}", READERS, Reach::Statement, get(evidence::statement)),
        read("/api/log", READERS, Reach::Cut, get(log::log)),
        write("/api/log/compare", READERS, Reach::Cut, post(log::compare)),
        read("/api/devices", READERS, Reach::Cut, get(devices::devices)),
        write("/api/devices/{device}/revoke", REVOKERS, Reach::Device, post(devices::revoke)),
        read("/api/invitations", INVITERS, Reach::Cut, get(invitations::invitations)),
        write("/api/invitations", INVITERS, Reach::Cut, post(invitations::invite)),
        write("/api/imports", IMPORTERS, Reach::Cut, post(imports::import)),
    ]
}

/// The table without the handlers: method, path, access and reach.
pub fn console_routes() -> Vec<(Method, &'static str, Access, Reach)> {
    table().into_iter().map(|route| (route.method, route.path, route.access, route.reach)).collect()
}

/// The routes of the console API, each behind its guard.
pub(super) fn console(endpoint: &Endpoint) -> Router<Endpoint> {
    table().into_iter().fold(Router::new(), |router, route| {
        let guarded = Guard { endpoint: endpoint.clone(), access: route.access, reach: route.reach };
        router.route(route.path, route.handler.layer(middleware::from_fn_with_state(guarded, guard)))
    })
}
