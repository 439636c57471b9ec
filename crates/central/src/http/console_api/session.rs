//! Login and logout: `POST /api/login`, `POST /api/logout`, `GET /api/session`.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use crate::blocking::LaneName;
use crate::console::contests::kind_views;
use crate::endpoint::Endpoint;
use crate::http::cookie;
use crate::http::extract::{ClientAddress, JsonBody};
use crate::http::guard::Caller;
use crate::http::routes::permissions_of;
use crate::people::sessions::SESSION_MS;
use crate::people::users::is_name;
use crate::refusal::Refusal;
use crate::store::User;
use crate::view::{LoginRequest, Permissions, SessionView};

pub(crate) async fn log_in(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Response, Refusal> {
    let permit = endpoint.password_checks(address).acquire().await.ok_or_else(Refusal::busy)?;
    // This comes after the permit: of many attempts at the same time, later ones must see that earlier ones
    // failed.
    if !is_name(&request.user) {
        // Nobody can have this name, so that nothing is guessed.
        return Err(login_failed());
    }
    if let Some(wait_ms) = endpoint.failed_logins().wait_ms(&request.user, address, endpoint.monotonic_ms()) {
        return Err(Refusal::try_later(wait_ms));
    }
    // The permit moves into the work, which goes on when the client goes away. It bounds password checks, so
    // that they need not wait among strangers.
    let work = move |endpoint: &Endpoint| {
        let _permit = permit;
        attempt(endpoint, &request, address)
    };
    let user = endpoint.blocking_in(LaneName::Console, work).await?.ok_or_else(login_failed)?;
    let view = session_view(&endpoint, &user);
    let open = move |endpoint: &Endpoint| endpoint.open_session(&user);
    let token = endpoint.blocking_in(LaneName::Console, open).await?;
    endpoint.known_sessions().insert(token.hash().0, ());
    let cookie = cookie::set(&token, SESSION_MS / 1_000, endpoint.is_secure());
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

/// Checks the password, and counts a failure.
fn attempt(
    endpoint: &Endpoint,
    request: &LoginRequest,
    address: Option<IpAddr>,
) -> Result<Option<User>, Refusal> {
    let LoginRequest { user: name, password } = request;
    let user = endpoint.authenticated(name, password)?;
    if user.is_some() {
        endpoint.failed_logins().forget(name, address);
    } else {
        endpoint.count_failure(address);
        let failures = endpoint.failed_logins().record(name, address, endpoint.monotonic_ms());
        endpoint.record_failed_login(name, failures)?;
        tracing::info!("login failed");
    }
    Ok(user)
}

fn login_failed() -> Refusal {
    Problem::new(ProblemCode::LoginFailed, "try again").into()
}

pub(crate) async fn log_out(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = cookie::token(&headers, endpoint.is_secure()) {
        endpoint.blocking(move |endpoint| endpoint.close_session(&token, user)).await?;
    }
    let cookie = cookie::delete(endpoint.is_secure());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

pub(crate) async fn session(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
) -> Json<SessionView> {
    Json(session_view(&endpoint, &user))
}

fn session_view(endpoint: &Endpoint, user: &User) -> SessionView {
    let election = endpoint.election();
    SessionView {
        user: user.name.clone(),
        role: user.role,
        may: Permissions {
            administer: user.region.is_none() && permissions_of(user.role).administer,
            ..permissions_of(user.role)
        },
        region: user.region.clone(),
        election: election.title.clone(),
        date: election.date.clone(),
        drill: election.drill,
        kinds: kind_views(endpoint.package(), user.region.as_ref()),
        second_factor: false,
        duty: None,
        new_places: Vec::new(),
    }
}
