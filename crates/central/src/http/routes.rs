//! The one table of the console's addresses: who may use each, and how far it reaches.

use axum::Router;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};

use crate::endpoint::Endpoint;
use crate::http::console_api::{bundle, crops, devices, imports, log, pages, sessions};
use crate::http::device_api::inbox;
use crate::http::guard::{Guard, guard};
use crate::view::Role;

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Everybody,
    /// Users with one of these roles.
    Roles(&'static [Role]),
}

/// What a user's region has to hold for them to use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: the answer is cut to the user's region, or is about the user.
    Cut,
    /// The region that the address names.
    Region,
    /// The station that the address names.
    Station,
    /// A station at which the photo was taken.
    Photo,
    /// The station that the statement is about.
    Statement,
    /// A station at which the device witnesses.
    Device,
}

const READERS: Access = Access::Roles(&[Role::Admin, Role::Coordinator, Role::Trainer, Role::Auditor]);
/// An unused code lets its reader witness, so it is not for those who only read.
const INVITERS: Access = Access::Roles(&[Role::Admin, Role::Coordinator, Role::Trainer]);
/// Who takes a phone's word away.
const REVOKERS: Access = Access::Roles(&[Role::Admin, Role::Coordinator]);
/// Who asks witnesses for something.
const ASKERS: Access = Access::Roles(&[Role::Admin, Role::Coordinator]);
/// Who decides which tally counts.
const REVIEWERS: Access = Access::Roles(&[Role::Admin, Role::Coordinator]);
/// Who takes in what came by hand. Whatever the file holds is verified, so it cannot reach further than a push.
const IMPORTERS: Access = Access::Roles(&[Role::Admin, Role::Coordinator]);

struct Route {
    method: Method,
    path: &'static str,
    access: Access,
    reach: Reach,
    handler: MethodRouter<Endpoint>,
}

fn table() -> Vec<Route> {
    let route = |method, path, access, reach, handler| Route { method, path, access, reach, handler };
    let (read, write) = (Method::GET, Method::POST);
    vec![
        route(write.clone(), "/api/login", Access::Everybody, Reach::Cut, post(sessions::log_in)),
        route(write.clone(), "/api/logout", READERS, Reach::Cut, post(sessions::log_out)),
        route(read.clone(), "/api/session", READERS, Reach::Cut, get(sessions::session)),
        route(read.clone(), "/api/regions", READERS, Reach::Cut, get(pages::own_region)),
        route(read.clone(), "/api/regions/{code}", READERS, Reach::Region, get(pages::region)),
        route(read.clone(), "/api/stations", READERS, Reach::Cut, get(pages::stations)),
        route(read.clone(), "/api/stations/{station}", READERS, Reach::Station, get(pages::station)),
        route(read.clone(), "/api/stations/{station}/bundle", READERS, Reach::Station, get(bundle::bundle)),
        route(
            write.clone(),
            "/api/stations/{station}/photo-requests",
            ASKERS,
            Reach::Station,
            post(inbox::ask_for_photo),
        ),
        route(
            write.clone(),
            "/api/stations/{station}/verdicts",
            REVIEWERS,
            Reach::Station,
            post(inbox::decide),
        ),
        route(
            write.clone(),
            "/api/stations/{station}/originals",
            ASKERS,
            Reach::Station,
            post(inbox::ask_for_original),
        ),
        route(read.clone(), "/api/photos/{hash}", READERS, Reach::Photo, get(pages::photo)),
        route(read.clone(), "/api/photos/{hash}/crops", READERS, Reach::Photo, get(crops::pieces)),
        route(read.clone(), "/api/statements/{id}", READERS, Reach::Statement, get(pages::statement)),
        route(read.clone(), "/api/log", READERS, Reach::Cut, get(log::log)),
        route(write.clone(), "/api/log/compare", READERS, Reach::Cut, post(log::compare)),
        route(read.clone(), "/api/devices", READERS, Reach::Cut, get(devices::devices)),
        route(write.clone(), "/api/devices/{device}/revoke", REVOKERS, Reach::Device, post(devices::revoke)),
        route(read, "/api/invitations", INVITERS, Reach::Cut, get(pages::invitations)),
        route(write.clone(), "/api/invitations", INVITERS, Reach::Cut, post(pages::invite)),
        route(write, "/api/imports", IMPORTERS, Reach::Cut, post(imports::import)),
    ]
}

/// The table without its handlers: method, address, who may use it and how far it reaches.
pub fn console_routes() -> Vec<(Method, &'static str, Access, Reach)> {
    table().into_iter().map(|route| (route.method, route.path, route.access, route.reach)).collect()
}

/// The console's addresses, each behind its guard.
pub(crate) fn console(endpoint: &Endpoint) -> Router<Endpoint> {
    table().into_iter().fold(Router::new(), |router, route| {
        let watch = Guard { endpoint: endpoint.clone(), access: route.access, reach: route.reach };
        router.route(route.path, route.handler.layer(middleware::from_fn_with_state(watch, guard)))
    })
}
