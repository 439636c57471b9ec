//! Login and logout, and one's own session: `POST /api/login`, `POST /api/logout`, `GET /api/session`, and
//! below it `…/password`, `…/places` and `…/sessions`.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use super::accounts::refusal_of;
use crate::blocking::LaneName;
use crate::console::contests::kind_views;
use crate::endpoint::Endpoint;
use crate::http::cookie;
use crate::http::extract::{ClientAddress, JsonBody, PathId};
use crate::http::guard::{Caller, not_found};
use crate::http::routes::permissions_of;
use crate::model::session_token::{SessionToken, TokenHash};
use crate::people::second_factor::{FactorCheck, refusal_of_check};
use crate::people::sessions::{SESSION_MS, origin_of};
use crate::people::users::is_name;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditContext, ListedSession, SessionUser, User};
use crate::view::{Duty, LoginRequest, NewPlace, OpenSession, PasswordRequest, Permissions, SessionView};

pub(crate) async fn log_in(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Response, Refusal> {
    let LoginRequest { user, password, code } = request;
    if !is_name(&user) {
        // Nobody can have this name, so that nothing is guessed.
        return Err(login_failed());
    }
    let check = Reauthentication { user: user.clone(), password, code, needs_code: true, address };
    reauthenticate(&endpoint, check).await?;
    answer_with_session(endpoint, user, address, &headers).await
}

/// A user who shows that they know the password, and have the second factor.
pub(crate) struct Reauthentication {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) code: Option<String>,
    /// Whether the code is needed where the account has a second factor.
    pub(crate) needs_code: bool,
    pub(crate) address: Option<IpAddr>,
}

/// Checks a password and a code, slowly after failures.
pub(crate) async fn reauthenticate(endpoint: &Endpoint, check: Reauthentication) -> Result<(), Refusal> {
    let permit = endpoint.password_checks(check.address).acquire().await.ok_or_else(Refusal::busy)?;
    // This comes after the permit: of many attempts at the same time, later ones must see that earlier ones
    // failed.
    let failed = endpoint.failed_logins();
    if let Some(wait_ms) = failed.wait_ms(&check.user, check.address, endpoint.monotonic_ms()) {
        return Err(Refusal::try_later(wait_ms));
    }
    // The permit moves into the work, which goes on when the client goes away. It bounds password checks, so
    // that they need not wait among strangers.
    let work = move |endpoint: &Endpoint| {
        let _permit = permit;
        attempt(endpoint, &check)
    };
    endpoint.blocking_in(LaneName::Console, work).await
}

/// Checks password and code, and counts a failure.
fn attempt(endpoint: &Endpoint, check: &Reauthentication) -> Result<(), Refusal> {
    let Reauthentication { user: name, password, code, needs_code, address } = check;
    if endpoint.authenticated(name, password)?.is_none() {
        count_failure(endpoint, name, *address)?;
        return Err(login_failed());
    }
    let factor = match needs_code {
        true => endpoint.check_second_factor(name, code.as_deref())?,
        false => FactorCheck::Passed,
    };
    match factor {
        // The failures before stay: without a code the password proves nothing yet.
        FactorCheck::Needed => {}
        FactorCheck::Wrong => count_failure(endpoint, name, *address)?,
        FactorCheck::Passed => endpoint.failed_logins().forget(name, *address),
    }
    refusal_of_check(factor).map_or(Ok(()), Err)
}

fn count_failure(endpoint: &Endpoint, name: &str, address: Option<IpAddr>) -> Result<(), Refusal> {
    endpoint.count_failure(address);
    let failures = endpoint.failed_logins().record(name, address, endpoint.monotonic_ms());
    endpoint.record_failed_login(name, failures)?;
    tracing::info!("login failed");
    Ok(())
}

fn login_failed() -> Refusal {
    Problem::new(ProblemCode::LoginFailed, "try again").into()
}

/// Opens a session for a user who has just shown who they are. A session that the browser had ends: nobody
/// can plant a token and have it logged in.
async fn answer_with_session(
    endpoint: Endpoint,
    user: String,
    address: Option<IpAddr>,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let browser = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let origin = origin_of(address, browser);
    let before = cookie::token(headers, endpoint.is_secure());
    let open = move |endpoint: &Endpoint| {
        if let Some(token) = before {
            end_before(endpoint, &token)?;
        }
        let token = endpoint.open_session(&user, &origin)?;
        let opened = endpoint.session(token.hash())?.ok_or_else(login_failed)?;
        Ok((token, view_of(endpoint, &opened)?))
    };
    let (token, view) = endpoint.blocking_in(LaneName::Console, open).await?;
    let cookie = cookie::set(&token, SESSION_MS / 1_000, endpoint.is_secure());
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

fn end_before(endpoint: &Endpoint, token: &SessionToken) -> Result<(), Refusal> {
    match endpoint.session(token.hash())? {
        Some(before) => endpoint.close_session(token, before.user),
        None => Ok(()),
    }
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
) -> Result<Json<SessionView>, Refusal> {
    endpoint.blocking(move |endpoint| Ok(Json(session_view(endpoint, &user)?))).await
}

/// The answer has a new cookie: all earlier sessions end.
pub(crate) async fn choose_password(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    JsonBody(PasswordRequest { old, new }): JsonBody<PasswordRequest>,
) -> Result<Response, Refusal> {
    let name = user.name.clone();
    let check = Reauthentication {
        user: name.clone(),
        password: old.clone(),
        code: None,
        needs_code: false,
        address,
    };
    reauthenticate(&endpoint, check).await?;
    let change = move |endpoint: &Endpoint| endpoint.choose_password(&user, &old, &new).map_err(refusal_of);
    endpoint.blocking(change).await?;
    answer_with_session(endpoint, name, address, &headers).await
}

pub(crate) async fn confirm_places(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
) -> Result<Json<SessionView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let actor = Actor::User(user.name.clone());
            let audit = AuditContext { actor: &actor, now_ms: endpoint.now_ms() };
            endpoint.store().confirm_places(&user.name, audit)?;
            Ok(Json(session_view(endpoint, &user)?))
        })
        .await
}

pub(crate) async fn sessions(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    let own = own_token(&endpoint, &headers);
    endpoint.blocking(move |endpoint| Ok(Json(open_sessions(endpoint, &user.name, own)?))).await
}

pub(crate) async fn end(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(session): PathId<i64>,
    headers: HeaderMap,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    let own = own_token(&endpoint, &headers);
    let actor = Actor::User(user.name.clone());
    endpoint.blocking(move |endpoint| end_one(endpoint, &user.name, session, own, &actor)).await
}

/// Ends one session of a user. The answer is the list of those that are left.
pub(super) fn end_one(
    endpoint: &Endpoint,
    user: &str,
    session: i64,
    own: Option<TokenHash>,
    actor: &Actor,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    let audit = AuditContext { actor, now_ms: endpoint.now_ms() };
    if !endpoint.store().end_numbered_session(user, session, audit)? {
        return Err(not_found());
    }
    Ok(Json(open_sessions(endpoint, user, own)?))
}

pub(crate) async fn end_others(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    let own = own_token(&endpoint, &headers).ok_or_else(not_found)?;
    endpoint
        .blocking(move |endpoint| {
            let actor = Actor::User(user.name.clone());
            let audit = AuditContext { actor: &actor, now_ms: endpoint.now_ms() };
            endpoint.store().end_other_sessions(&user.name, own, audit)?;
            Ok(Json(open_sessions(endpoint, &user.name, Some(own))?))
        })
        .await
}

fn own_token(endpoint: &Endpoint, headers: &HeaderMap) -> Option<TokenHash> {
    cookie::token(headers, endpoint.is_secure()).map(|token| token.hash())
}

/// The open sessions of a user.
pub(super) fn open_sessions(
    endpoint: &Endpoint,
    user: &str,
    own: Option<TokenHash>,
) -> Result<Vec<OpenSession>, Refusal> {
    let view = |session: ListedSession| OpenSession {
        session: session.token.number(),
        opened_at_ms: session.opened_at_ms,
        expires_at_ms: session.expires_at_ms,
        network: session.origin.network,
        browser: session.origin.browser,
        own: own.is_some_and(|own| own == session.token),
    };
    Ok(endpoint.store().sessions_of(user, endpoint.now_ms())?.into_iter().map(view).collect())
}

/// The session of a user, after something of their account has changed.
pub(super) fn session_view(endpoint: &Endpoint, user: &User) -> Result<SessionView, Refusal> {
    let account = endpoint.store().account(&user.name, endpoint.now_ms())?.ok_or_else(not_found)?;
    let session = SessionUser {
        user: user.clone(),
        expires_at_ms: 0,
        must_change_password: account.must_change_password,
        has_second_factor: account.has_second_factor,
    };
    view_of(endpoint, &session)
}

fn view_of(endpoint: &Endpoint, session: &SessionUser) -> Result<SessionView, Refusal> {
    let (election, user) = (endpoint.election(), &session.user);
    let duty: Option<Duty> = endpoint.duty_of(session);
    let places = endpoint.store().unconfirmed_places(&user.name)?;
    Ok(SessionView {
        user: user.name.clone(),
        role: user.role,
        may: Permissions {
            administer: user.region.is_none() && permissions_of(user.role).administer,
            lead_drill: endpoint.drill().is_some() && permissions_of(user.role).lead_drill,
            ..permissions_of(user.role)
        },
        region: user.region.clone(),
        election_id: election.id.to_string(),
        election: election.title.clone(),
        date: election.date.clone(),
        drill: election.drill,
        kinds: kind_views(endpoint.package(), user.region.as_ref()),
        second_factor: session.has_second_factor,
        duty,
        new_places: places
            .into_iter()
            .map(|place| NewPlace { network: place.network, at_ms: place.at_ms })
            .collect(),
    })
}
