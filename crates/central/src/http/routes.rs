//! The table of all routes: who may use each, what it reaches, and what it may cost.
//!
//! A route that is not in the table does not exist. The [gate](super::gate) stands before all of them.

use std::num::NonZeroU32;

use axum::Router;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodRouter, get, head, patch, post, put};
use protocol::path;

use super::console_api::{
    accounts, attendance, audit, boundaries, devices, drills, evidence, imports, incidents, invitations,
    log as console_log, messages, official, people, people_assignments, people_import, regions, review,
    review_queue, seats, second_factor, session, staffing, static_files, stations,
};
use super::device_api::{compressed_packages, drill, enrolment, inbox, log, photos, push};
use super::gate::device_gate;
use super::guard::{Guard, guard};
use super::hall_page;
use super::open_routes;
use super::server::{headers, health};
use crate::blocking::LaneName;
use crate::endpoint::Endpoint;
use crate::throttling::rates::RateClass;
use crate::view::{Permissions, Role};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Anybody,
    /// Enrolled devices. Every request carries the proof of a device.
    Device,
    /// Users of the console with one of these roles.
    Roles(&'static [Role]),
    /// Programs of others. Every request carries a token.
    Token,
}

/// What a user's region must contain for them to use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: the answer is limited to the user's region, or is about the user, or is for everybody.
    Cut,
    /// The region that the path names.
    Region,
    /// The station that the path names.
    Station,
    /// A station at which the photo was taken.
    Photo,
    /// The station that the statement is about.
    Statement,
    /// A station to which the device is assigned now; one of its earlier stations if there is none.
    Device,
    /// The station of the invitation that the path names.
    Invitation,
    /// The desa in which the person lives, or one of their present stations.
    Person,
    /// The station of the person's assignment that the path names.
    Assignment,
    /// The whole election.
    Election,
}

/// What a request costs, in units of the rate of its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// An answer from memory, or some rows.
    Light,
    /// Many rows, or a proof of the log.
    Medium,
    /// A file, or the pixels of a photo.
    Heavy,
}

impl Cost {
    pub(super) fn units(self) -> NonZeroU32 {
        let further = match self {
            Self::Light => 0,
            Self::Medium => 3,
            Self::Heavy => 15,
        };
        NonZeroU32::MIN.saturating_add(further)
    }
}

/// The part of a route that the gate applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub cost: Cost,
    pub rate: RateClass,
    pub lane: LaneName,
}

/// The policy of requests that no route answers.
pub(super) const UNKNOWN: Policy =
    Policy { cost: Cost::Light, rate: RateClass::Stranger, lane: LaneName::Stranger };

/// A route, as the table declares it.
#[derive(Debug, Clone)]
pub struct RouteInfo {
    pub method: Method,
    pub path: &'static str,
    pub audience: Audience,
    pub reach: Reach,
    pub policy: Policy,
}

struct Route {
    info: RouteInfo,
    handler: MethodRouter<Endpoint>,
}

const READERS: &[Role] = &[Role::Admin, Role::Coordinator, Role::Trainer, Role::Auditor];
/// Who makes an invitation sees its code, once, and a code enrols a device.
const INVITERS: &[Role] = &[Role::Admin, Role::Coordinator, Role::Trainer];
const REVOKERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who request photos and originals of witnesses.
const REQUESTERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who decide which tally counts.
const REVIEWERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Everything in an imported file is verified, so an import cannot reach further than a push.
const IMPORTERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who send messages to witnesses and work through incidents.
const COORDINATORS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who see names and telephone numbers: never auditors, who check records and no people.
const PEOPLE_VIEWERS: &[Role] = &[Role::Admin, Role::Coordinator, Role::Trainer];
/// Those who change, import and export people.
const PEOPLE_MANAGERS: &[Role] = &[Role::Admin, Role::Coordinator];
/// Those who lead the class of a drill.
const TRAINERS: &[Role] = &[Role::Admin, Role::Coordinator, Role::Trainer];
/// Those who change accounts and read the audit.
const ADMINS: &[Role] = &[Role::Admin];

/// What users of a role may do, so that the console shows the controls that work.
pub(super) fn permissions_of(role: Role) -> Permissions {
    Permissions {
        decide: REVIEWERS.contains(&role),
        request_photos: REQUESTERS.contains(&role),
        invite: INVITERS.contains(&role),
        revoke: REVOKERS.contains(&role),
        import: IMPORTERS.contains(&role),
        administer: ADMINS.contains(&role),
        coordinate: COORDINATORS.contains(&role),
        see_people: PEOPLE_VIEWERS.contains(&role),
        manage_people: PEOPLE_MANAGERS.contains(&role),
        lead_drill: TRAINERS.contains(&role),
    }
}

/// The photos of devices, with the hash in the path.
const PHOTO: &str = "/v1/photos/{hash}";

/// The routes of the device API and of the log.
fn device_table() -> Vec<Route> {
    use Audience::{Anybody, Device};
    use Cost::{Light, Medium};
    let route = |method, path, audience, cost, rate, lane, handler| {
        let policy = Policy { cost, rate, lane };
        Route { info: RouteInfo { method, path, audience, reach: Reach::Cut, policy }, handler }
    };
    let device = |method, path, cost, handler| {
        route(method, path, Device, cost, RateClass::Device, LaneName::Device, handler)
    };
    let stranger = |method, path, cost, rate, handler| {
        route(method, path, Anybody, cost, rate, LaneName::Stranger, handler)
    };
    let enrol = post(enrolment::enrol).layer(compressed_packages());
    let enrol_carried = post(enrolment::enrol_carried).layer(compressed_packages());
    let inbox = post(inbox::fetch).layer(compressed_packages());
    vec![
        // Many phones of one training hall enrol at once, so this route has the rate of devices.
        stranger(Method::POST, path::ENROL, Light, RateClass::Device, enrol),
        stranger(Method::POST, path::ENROL_CARRIED, Light, RateClass::Device, enrol_carried),
        stranger(Method::GET, path::ENDPOINT, Light, RateClass::Device, get(enrolment::info)),
        device(Method::POST, path::STATEMENTS, Light, post(push::push)),
        device(Method::HEAD, PHOTO, Light, head(photos::offset)),
        device(Method::PATCH, PHOTO, Light, patch(photos::piece)),
        device(Method::POST, path::INBOX, Light, inbox),
        device(Method::POST, path::RECEIPTS, Medium, post(log::receipts)),
        device(Method::PUT, path::DRILL, Light, put(drill::progress)),
        device(Method::POST, path::DRILL_RESULTS, Medium, post(drill::results)),
        stranger(Method::GET, path::CHECKPOINT, Light, RateClass::Stranger, get(log::checkpoint)),
        stranger(Method::GET, path::CONSISTENCY, Medium, RateClass::Stranger, get(log::consistency)),
        stranger(Method::GET, path::LOG_KEYS, Light, RateClass::Stranger, get(log::keys)),
    ]
}

/// The routes for load balancers.
fn health_table() -> Vec<Route> {
    let route = |path, lane, handler| {
        let policy = Policy { cost: Cost::Light, rate: RateClass::Health, lane };
        let info =
            RouteInfo { method: Method::GET, path, audience: Audience::Anybody, reach: Reach::Cut, policy };
        Route { info, handler }
    };
    vec![
        route("/healthz", LaneName::Internal, get(health::healthy)),
        route("/readyz", LaneName::Internal, get(health::ready)),
    ]
}

/// What users of these roles read.
fn read_of_users(
    path: &'static str,
    roles: &'static [Role],
    reach: Reach,
    cost: Cost,
    handler: MethodRouter<Endpoint>,
) -> Route {
    let policy = Policy { cost, rate: RateClass::Console, lane: LaneName::Console };
    let info = RouteInfo { method: Method::GET, path, audience: Audience::Roles(roles), reach, policy };
    Route { info, handler }
}

/// What users of these roles change.
fn write_of_users(
    path: &'static str,
    roles: &'static [Role],
    reach: Reach,
    cost: Cost,
    handler: MethodRouter<Endpoint>,
) -> Route {
    let mut route = read_of_users(path, roles, reach, cost, handler);
    route.info.method = Method::POST;
    route
}

/// The routes of the console API.
fn console_table() -> Vec<Route> {
    use Audience::{Anybody, Roles};
    use Cost::{Heavy, Light, Medium};
    use LaneName::{Pixels, Stranger};
    let route = |method, path, audience, reach, cost, lane, handler| {
        let rate = if audience == Anybody { RateClass::Stranger } else { RateClass::Console };
        Route {
            info: RouteInfo { method, path, audience, reach, policy: Policy { cost, rate, lane } },
            handler,
        }
    };
    let (read, write) = (read_of_users, write_of_users);
    // What users do with their own account.
    let own = |path, handler| write(path, READERS, Reach::Cut, Light, handler);
    vec![
        route(Method::POST, "/api/login", Anybody, Reach::Cut, Light, Stranger, post(session::log_in)),
        write("/api/logout", READERS, Reach::Cut, Light, post(session::log_out)),
        read("/api/session", READERS, Reach::Cut, Light, get(session::session)),
        own("/api/session/password", post(session::choose_password)),
        own("/api/session/places", post(session::confirm_places)),
        own("/api/session/second-factor", post(second_factor::begin)),
        own("/api/session/second-factor/confirm", post(second_factor::confirm)),
        own("/api/session/second-factor/recovery-codes", post(second_factor::recovery_codes)),
        own("/api/session/second-factor/remove", post(second_factor::remove)),
        read("/api/session/sessions", READERS, Reach::Cut, Light, get(session::sessions)),
        own("/api/session/sessions/end-others", post(session::end_others)),
        own("/api/session/sessions/{session}/end", post(session::end)),
        read("/api/regions", READERS, Reach::Cut, Light, get(regions::own_region)),
        read("/api/regions/{code}", READERS, Reach::Region, Light, get(regions::region)),
        read("/api/boundaries", READERS, Reach::Cut, Light, get(boundaries::boundaries)),
        read("/api/seats", READERS, Reach::Cut, Light, get(seats::seats)),
        read("/api/stations", READERS, Reach::Cut, Medium, get(stations::stations)),
        read("/api/stations/{station}", READERS, Reach::Station, Medium, get(stations::station)),
        read("/api/stations/{station}/bundle", READERS, Reach::Station, Heavy, get(stations::bundle)),
        write(
            "/api/stations/{station}/photo-requests",
            REQUESTERS,
            Reach::Station,
            Light,
            post(review::request_photo),
        ),
        write(
            "/api/stations/{station}/verdicts",
            REVIEWERS,
            Reach::Station,
            Light,
            post(review::give_verdict),
        ),
        write(
            "/api/stations/{station}/originals",
            REQUESTERS,
            Reach::Station,
            Light,
            post(review::request_original),
        ),
        read("/api/review/queue", REVIEWERS, Reach::Cut, Medium, get(review_queue::queue)),
        write("/api/review/queue/take", REVIEWERS, Reach::Cut, Medium, post(review_queue::take)),
        write("/api/review/queue/release", REVIEWERS, Reach::Cut, Light, post(review_queue::release)),
        read("/api/review-keys", READERS, Reach::Cut, Light, get(review_queue::keys)),
        write("/api/review-keys", REVIEWERS, Reach::Cut, Light, post(review_queue::enrol)),
        write("/api/review-keys/{key}/revoke", REVIEWERS, Reach::Cut, Light, post(review_queue::revoke)),
        read("/api/photos/{hash}", READERS, Reach::Photo, Light, get(evidence::photo)),
        route(
            Method::GET,
            "/api/photos/{hash}/crops",
            Roles(READERS),
            Reach::Photo,
            Heavy,
            Pixels,
            get(evidence::crops),
        ),
        read("/api/statements/{id}", READERS, Reach::Statement, Light, get(evidence::statement)),
        read("/api/log", READERS, Reach::Cut, Light, get(console_log::log)),
        write("/api/log/compare", READERS, Reach::Cut, Medium, post(console_log::compare)),
        read("/api/devices", READERS, Reach::Cut, Medium, get(devices::devices)),
        write("/api/devices/{device}/revoke", REVOKERS, Reach::Device, Light, post(devices::revoke)),
        read("/api/invitations", INVITERS, Reach::Cut, Medium, get(invitations::invitations)),
        write("/api/invitations", INVITERS, Reach::Cut, Medium, post(invitations::invite)),
        write(
            "/api/invitations/{invitation}/withdraw",
            INVITERS,
            Reach::Invitation,
            Light,
            post(invitations::withdraw),
        ),
        read("/api/accounts", ADMINS, Reach::Election, Light, get(accounts::accounts)),
        write("/api/accounts", ADMINS, Reach::Election, Light, post(accounts::add)),
        write("/api/accounts/{user}/password", ADMINS, Reach::Election, Light, post(accounts::new_password)),
        write("/api/accounts/{user}/role", ADMINS, Reach::Election, Light, post(accounts::change_role)),
        write(
            "/api/accounts/{user}/sessions/end",
            ADMINS,
            Reach::Election,
            Light,
            post(accounts::end_sessions),
        ),
        write(
            "/api/accounts/{user}/second-factor/reset",
            ADMINS,
            Reach::Election,
            Light,
            post(accounts::reset_second_factor),
        ),
        read("/api/accounts/{user}/sessions", ADMINS, Reach::Election, Light, get(accounts::sessions)),
        write(
            "/api/accounts/{user}/sessions/{session}/end",
            ADMINS,
            Reach::Election,
            Light,
            post(accounts::end_session),
        ),
        write("/api/accounts/{user}/remove", ADMINS, Reach::Election, Light, post(accounts::remove)),
        read("/api/audit", ADMINS, Reach::Election, Medium, get(audit::audit)),
        read("/api/audit/export", ADMINS, Reach::Election, Heavy, get(audit::export)),
        read("/api/messages", READERS, Reach::Cut, Medium, get(messages::messages)),
        write("/api/messages", COORDINATORS, Reach::Cut, Medium, post(messages::send)),
        read("/api/messages/{message}/readers", READERS, Reach::Cut, Medium, get(messages::readers)),
        write("/api/messages/{message}/withdraw", COORDINATORS, Reach::Cut, Light, post(messages::withdraw)),
        read("/api/incidents", READERS, Reach::Cut, Medium, get(incidents::incidents)),
        read("/api/incidents/{statement}", READERS, Reach::Statement, Light, get(incidents::incident)),
        write(
            "/api/incidents/{statement}/steps",
            COORDINATORS,
            Reach::Statement,
            Light,
            post(incidents::take_step),
        ),
        read("/api/attendance", READERS, Reach::Cut, Heavy, get(attendance::attendance)),
        read("/api/official/differences", READERS, Reach::Cut, Heavy, get(official::differences)),
        read("/api/official/export", READERS, Reach::Cut, Heavy, get(official::export)),
        read("/api/official/imports", READERS, Reach::Cut, Light, get(official::imports)),
        route(
            Method::POST,
            "/api/official/imports",
            Roles(IMPORTERS),
            Reach::Cut,
            Heavy,
            Pixels,
            post(official::upload),
        ),
        read("/api/official/imports/{import}", IMPORTERS, Reach::Cut, Medium, get(official::import)),
        read("/api/official/imports/{import}/changes", READERS, Reach::Cut, Medium, get(official::changes)),
        write("/api/official/imports/{import}/check", IMPORTERS, Reach::Cut, Heavy, post(official::check)),
        write("/api/official/imports/{import}/store", IMPORTERS, Reach::Cut, Heavy, post(official::store)),
        write(
            "/api/official/imports/{import}/discard",
            IMPORTERS,
            Reach::Cut,
            Light,
            post(official::discard),
        ),
        route(
            Method::POST,
            "/api/imports",
            Roles(IMPORTERS),
            Reach::Cut,
            Heavy,
            Pixels,
            post(imports::import),
        ),
    ]
}

/// The routes of the console API about people.
fn people_table() -> Vec<Route> {
    use Cost::{Heavy, Light, Medium};
    use Reach::{Assignment, Cut, Election, Person, Region, Station};
    const SEE: &[Role] = PEOPLE_VIEWERS;
    const MANAGE: &[Role] = PEOPLE_MANAGERS;
    let (read, write) = (read_of_users, write_of_users);
    // A spreadsheet is unpacked in memory, as a picture is.
    let file = |path, handler| {
        let mut route = write(path, MANAGE, Cut, Heavy, handler);
        route.info.policy.lane = LaneName::Pixels;
        route
    };
    vec![
        read("/api/people", SEE, Cut, Medium, get(people::people)),
        write("/api/people", MANAGE, Cut, Light, post(people::add)),
        read("/api/people/settings", SEE, Cut, Light, get(people::settings)),
        write("/api/people/settings", ADMINS, Election, Light, post(people::set_settings)),
        write("/api/people/similar", SEE, Cut, Light, post(people::similar)),
        write("/api/people/of-devices", SEE, Cut, Medium, post(people::of_devices)),
        write("/api/people/edits", MANAGE, Cut, Heavy, post(people::edit_many)),
        write("/api/people/changes/{change}/undo", MANAGE, Cut, Heavy, post(people::undo)),
        read("/api/people/export", MANAGE, Cut, Heavy, get(people_import::export)),
        read("/api/people/imports", MANAGE, Cut, Light, get(people_import::imports)),
        file("/api/people/imports", post(people_import::upload)),
        read("/api/people/imports/{import}", MANAGE, Cut, Medium, get(people_import::import)),
        write("/api/people/imports/{import}/check", MANAGE, Cut, Heavy, post(people_import::check)),
        write("/api/people/imports/{import}/store", MANAGE, Cut, Heavy, post(people_import::store)),
        write("/api/people/imports/{import}/discard", MANAGE, Cut, Light, post(people_import::discard)),
        read("/api/people/{person}", SEE, Person, Light, get(people::person)),
        write("/api/people/{person}", MANAGE, Person, Light, post(people::edit)),
        write("/api/people/{person}/assignments", MANAGE, Person, Light, post(people::assign)),
        read("/api/people/{person}/history", SEE, Person, Light, get(people::history)),
        read("/api/people/{person}/report", MANAGE, Person, Medium, get(people::report)),
        write("/api/assignments/invitations", SEE, Cut, Medium, post(people_assignments::invite)),
        write("/api/assignments/{assignment}", SEE, Assignment, Light, post(people_assignments::change)),
        write(
            "/api/assignments/{assignment}/move",
            MANAGE,
            Assignment,
            Light,
            post(people_assignments::relocate),
        ),
        write("/api/assignments/{assignment}/end", MANAGE, Assignment, Light, post(people_assignments::end)),
        write("/api/people/{person}/merge", MANAGE, Person, Light, post(people::merge)),
        write("/api/people/{person}/erase", MANAGE, Person, Light, post(people::erase)),
        read("/api/stations/{station}/people", SEE, Station, Light, get(people::at_station)),
        read("/api/staffing", SEE, Cut, Light, get(staffing::own)),
        read("/api/staffing/{code}", SEE, Region, Light, get(staffing::region)),
        write("/api/staffing/{code}/target", MANAGE, Region, Light, post(staffing::target)),
        write("/api/staffing-target", MANAGE, Election, Light, post(staffing::whole_target)),
        read("/api/staffing-stations", SEE, Cut, Medium, get(staffing::lacking)),
    ]
}

/// The routes of a drill that is served here, and of who is ready.
fn drill_table() -> Vec<Route> {
    use Cost::{Heavy, Light, Medium};
    let read = read_of_users;
    vec![
        read("/api/drill", TRAINERS, Reach::Cut, Medium, get(drills::class)),
        write_of_users("/api/drill", TRAINERS, Reach::Cut, Light, post(drills::lead)),
        read("/api/drill/report", TRAINERS, Reach::Cut, Medium, get(drills::report)),
        read("/api/drill/report.pdf", TRAINERS, Reach::Cut, Heavy, get(drills::report_pdf)),
        read("/api/readiness", PEOPLE_VIEWERS, Reach::Cut, Heavy, get(drills::own_readiness)),
        read("/api/readiness/{code}", PEOPLE_VIEWERS, Reach::Region, Heavy, get(drills::readiness)),
        read("/api/readiness-stations", PEOPLE_VIEWERS, Reach::Cut, Heavy, get(drills::unready)),
    ]
}

/// The routes of what leaves the endpoint as a file.
fn export_table() -> Vec<Route> {
    use super::console_api::{dossiers, exports, patterns, projection, tokens};
    // Long work: a page must not wait for it.
    let file = |path, reach, handler| {
        let mut route = read_of_users(path, READERS, reach, Cost::Heavy, handler);
        route.info.policy.lane = LaneName::Pixels;
        route
    };
    let page = |path, cost, handler| read_of_users(path, READERS, Reach::Cut, cost, handler);
    let change = |path, handler| write_of_users(path, ADMINS, Reach::Election, Cost::Light, handler);
    vec![
        file("/api/stations/{station}/dossier", Reach::Station, get(dossiers::of_station)),
        file("/api/dossiers", Reach::Cut, get(dossiers::of_stations)),
        file("/api/exports/results", Reach::Cut, get(exports::results)),
        page("/api/patterns", Cost::Heavy, get(patterns::patterns)),
        page("/api/projection", Cost::Medium, get(projection::projection)),
        read_of_users("/api/tokens", ADMINS, Reach::Election, Cost::Light, get(tokens::tokens)),
        change("/api/tokens", post(tokens::add)),
        change("/api/tokens/{token}/revoke", post(tokens::revoke)),
    ]
}

/// The routes of programs of others.
fn open_table() -> Vec<Route> {
    let route = |path, audience, cost, handler| {
        let lane = if audience == Audience::Anybody { LaneName::Stranger } else { LaneName::Console };
        let policy = Policy { cost, rate: RateClass::Open, lane };
        Route { info: RouteInfo { method: Method::GET, path, audience, reach: Reach::Cut, policy }, handler }
    };
    vec![
        route("/open/v1/openapi.json", Audience::Anybody, Cost::Light, get(open_routes::openapi)),
        route("/open/v1/election", Audience::Token, Cost::Light, get(open_routes::election)),
        route("/open/v1/results", Audience::Token, Cost::Light, get(open_routes::results)),
        route("/open/v1/stations", Audience::Token, Cost::Medium, get(open_routes::stations)),
        route("/open/v1/export", Audience::Token, Cost::Heavy, get(open_routes::export)),
    ]
}

/// The files of the console, which are in the program.
fn file_table() -> Vec<Route> {
    let route = |path| {
        let policy = Policy { cost: Cost::Light, rate: RateClass::Files, lane: LaneName::Stranger };
        let info =
            RouteInfo { method: Method::GET, path, audience: Audience::Anybody, reach: Reach::Cut, policy };
        Route { info, handler: get(static_files::file) }
    };
    let hall = RouteInfo { path: "/hall", ..route("/").info };
    vec![route("/"), route("/{*file}"), Route { info: hall, handler: get(hall_page::page) }]
}

fn all() -> impl Iterator<Item = Route> {
    let machines = device_table().into_iter().chain(health_table());
    machines
        .chain(console_table())
        .chain(people_table())
        .chain(drill_table())
        .chain(export_table())
        .chain(open_table())
        .chain(file_table())
}

/// The table of all routes, without their handlers.
pub fn routes() -> Vec<RouteInfo> {
    all().map(|route| route.info).collect()
}

/// What the gate applies to each route.
pub(super) fn policies() -> Vec<(Method, &'static str, Policy)> {
    all().map(|Route { info, .. }| (info.method, info.path, info.policy)).collect()
}

/// Whether a route is about the user's own session and account, so that it answers before their duties.
fn is_before_duties(path: &str) -> bool {
    path == "/api/logout" || path.starts_with("/api/session")
}

/// The routes of a table, each behind what its audience requires.
fn router_of(table: Vec<Route>, endpoint: &Endpoint) -> Router<Endpoint> {
    table.into_iter().fold(Router::new(), |router, Route { info, handler }| {
        let handler = match info.audience {
            Audience::Device => handler.layer(middleware::from_fn_with_state(endpoint.clone(), device_gate)),
            Audience::Token => {
                handler.layer(middleware::from_fn_with_state(endpoint.clone(), open_routes::token_gate))
            }
            audience if info.path.starts_with("/api/") => {
                let guarded = Guard {
                    endpoint: endpoint.clone(),
                    audience,
                    reach: info.reach,
                    before_duties: is_before_duties(info.path),
                };
                handler.layer(middleware::from_fn_with_state(guarded, guard))
            }
            _ => handler,
        };
        router.route(info.path, handler)
    })
}

/// The routes of devices, of the log, and of load balancers.
pub(super) fn machines(endpoint: &Endpoint) -> Router<Endpoint> {
    router_of(device_table(), endpoint).merge(router_of(health_table(), endpoint))
}

/// The routes of programs of others.
pub(super) fn programs(endpoint: &Endpoint) -> Router<Endpoint> {
    router_of(open_table(), endpoint).layer(middleware::from_fn(headers::no_store))
}

/// The routes of browsers. Only they need the headers of `security`: devices would pay for them on a 2G line.
pub(super) fn browsers(endpoint: &Endpoint) -> Router<Endpoint> {
    let tables = console_table().into_iter().chain(people_table()).chain(drill_table()).chain(export_table());
    router_of(tables.collect(), endpoint)
        .layer(middleware::from_fn(headers::no_store))
        .merge(router_of(file_table(), endpoint))
        .layer(middleware::from_fn(headers::security))
}
