//! Login and logout: `POST /api/login`, `POST /api/logout`, `GET /api/session`.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::http::cookie;
use crate::http::extract::{ClientAddress, JsonBody};
use crate::http::guard::Caller;
use crate::http::routes::permissions_of;
use crate::people::sessions::SESSION_MS;
use crate::people::users::is_name;
use crate::refusal::Refusal;
use crate::store::User;
use crate::view::{ContestView, LoginRequest, Permissions, SessionView};

pub(crate) async fn log_in(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Response, Refusal> {
    let _permit = endpoint.password_checks().acquire().await.ok_or_else(Refusal::busy)?;
    // This comes after the permit: of many attempts at the same time, later ones must see that earlier ones
    // failed.
    let LoginRequest { user: name, password } = request;
    if !is_name(&name) {
        // Nobody can have this name, so that nothing is guessed.
        return Err(login_failed());
    }
    if let Some(wait_ms) = endpoint.failed_logins().wait_ms(&name, address, endpoint.monotonic_ms()) {
        return Err(Refusal::try_later(wait_ms));
    }
    let typed = name.clone();
    let authenticate = move |endpoint: &Endpoint| endpoint.authenticated(&typed, &password);
    let Some(user) = endpoint.blocking(authenticate).await? else {
        let failures = endpoint.failed_logins().record(&name, address, endpoint.monotonic_ms());
        endpoint.blocking(move |endpoint| endpoint.record_failed_login(&name, failures)).await?;
        tracing::info!("login failed");
        return Err(login_failed());
    };
    endpoint.failed_logins().forget(&name, address);
    let view = session_view(&endpoint, &user);
    let token = endpoint.blocking(move |endpoint| endpoint.open_session(&user)).await?;
    endpoint.known_sessions().insert(token.hash().0, ());
    let cookie = cookie::set(&token, SESSION_MS / 1_000, endpoint.is_secure());
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
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
    let contests = election.contests.iter().map(|contest| ContestView {
        contest: contest.id.clone(),
        title: contest.title.clone(),
        short_title: contest.short_title.clone(),
    });
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
        contests: contests.collect(),
    }
}
