//! Logging in and out of the console.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::http::extract::{Address, JsonBody};
use crate::http::guard::{Caller, token};
use crate::people::passwords::PASSWORD_BYTES_MAX;
use crate::people::sessions::{SESSION_MS, SessionToken};
use crate::refusal::Refusal;
use crate::store::User;
use crate::view::{ContestView, LoginRequest, SessionView};

pub(crate) async fn log_in(
    State(endpoint): State<Endpoint>,
    Address(address): Address,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Response, Refusal> {
    let permit = endpoint.password_checks.acquire().await;
    let _permit = permit.map_err(|error| Refusal::fault("waiting to check a password", &error))?;
    // Asked only now, so that many attempts at once do not all slip past before the first has failed.
    if let Some(wait_ms) = endpoint.failed_logins.wait_ms(address, endpoint.outside.now_ms()) {
        return Err(Refusal::try_later(wait_ms));
    }
    let user = endpoint.blocking(move |endpoint| known_user(endpoint, &request)).await?;
    let Some(user) = user else {
        endpoint.failed_logins.failed(address, endpoint.outside.now_ms());
        tracing::info!("login failed");
        return Err(Problem::new(ProblemCode::LoginFailed, "try again").into());
    };
    let (user, token) = endpoint
        .blocking(move |endpoint| {
            let token = SessionToken::draw(&endpoint.outside)
                .map_err(|error| Refusal::fault("drawing a session's token", &error))?;
            let now_ms = endpoint.outside.now_ms();
            endpoint.store.open_session(token.hash(), &user.name, now_ms, now_ms + SESSION_MS)?;
            Ok((user, token))
        })
        .await?;
    let cookie = token.to_cookie(is_secure(&endpoint));
    Ok(([(header::SET_COOKIE, cookie)], Json(session_view(&endpoint, &user))).into_response())
}

/// The user whose password it is. Takes as long for a user that does not exist.
fn known_user(endpoint: &Endpoint, request: &LoginRequest) -> Result<Option<User>, Refusal> {
    if request.password.len() > PASSWORD_BYTES_MAX {
        return Ok(None);
    }
    Ok(match endpoint.store.user(&request.user)? {
        Some((user, password)) => password.fits(&request.password).then_some(user),
        None => {
            endpoint.nobodys_password.fits(&request.password);
            None
        }
    })
}

pub(crate) async fn log_out(
    State(endpoint): State<Endpoint>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = token(&headers) {
        endpoint.blocking(move |endpoint| Ok(endpoint.store.end_session(token.hash())?)).await?;
    }
    let cookie = SessionToken::end_cookie(is_secure(&endpoint));
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
        region: user.region.clone(),
        election: election.title.clone(),
        date: election.date.clone(),
        drill: election.drill,
        contests: election
            .contests
            .iter()
            .map(|contest| ContestView {
                contest: contest.id.clone(),
                title: contest.title.clone(),
                short_title: contest.short_title.clone(),
            })
            .collect(),
    }
}

fn is_secure(endpoint: &Endpoint) -> bool {
    endpoint.public_url().is_some_and(|url| url.starts_with("https://"))
}
