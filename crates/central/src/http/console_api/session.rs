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
use crate::refusal::Refusal;
use crate::store::User;
use crate::view::{ContestView, LoginRequest, SessionView};

pub(crate) async fn log_in(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Response, Refusal> {
    let permit = endpoint.password_checks().acquire().await;
    let _permit = permit.map_err(|error| Refusal::internal("waiting to check a password", &error))?;
    // This comes after the permit: of many attempts at the same time, later ones must see that earlier ones failed.
    if let Some(wait_ms) = endpoint.failed_logins().wait_ms(address, endpoint.now_ms()) {
        return Err(Refusal::try_later(wait_ms));
    }
    let authenticate = move |endpoint: &Endpoint| endpoint.authenticated(&request.user, &request.password);
    let Some(user) = endpoint.blocking(authenticate).await? else {
        endpoint.failed_logins().record(address, endpoint.now_ms());
        tracing::info!("login failed");
        return Err(Problem::new(ProblemCode::LoginFailed, "try again").into());
    };
    let view = session_view(&endpoint, &user);
    let token = endpoint.blocking(move |endpoint| endpoint.open_session(&user)).await?;
    let cookie = cookie::set(&token, SESSION_MS / 1_000, is_secure(&endpoint));
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

pub(crate) async fn log_out(
    State(endpoint): State<Endpoint>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = cookie::token(&headers) {
        endpoint.blocking(move |endpoint| Ok(endpoint.store().end_session(token.hash())?)).await?;
    }
    let cookie = cookie::delete(is_secure(&endpoint));
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
        may: permissions_of(user.role),
        region: user.region.clone(),
        election: election.title.clone(),
        date: election.date.clone(),
        drill: election.drill,
        contests: contests.collect(),
    }
}

fn is_secure(endpoint: &Endpoint) -> bool {
    endpoint.public_url().is_some_and(|url| url.starts_with("https://"))
}
