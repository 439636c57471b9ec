//! The accounts of the console's users: `GET` and `POST /api/accounts`, and below `/api/accounts/{user}`:
//! `…/password`, `…/role`, `…/second-factor/reset`, `…/sessions`, `…/sessions/end`,
//! `…/sessions/{session}/end` and `…/remove`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use super::session::{end_one, open_sessions};
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId};
use crate::http::guard::{Caller, not_found};
use crate::people::users::UserError;
use crate::refusal::Refusal;
use crate::store::{Account, Actor, User};
use crate::view::{AccountView, NewAccountRequest, NewPassword, OpenSession, RoleRequest};

pub(crate) async fn accounts(State(endpoint): State<Endpoint>) -> Result<Json<Vec<AccountView>>, Refusal> {
    endpoint.blocking(|endpoint| Ok(Json(all(endpoint)?))).await
}

pub(crate) async fn add(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    JsonBody(request): JsonBody<NewAccountRequest>,
) -> Result<(StatusCode, Json<NewPassword>), Refusal> {
    let NewAccountRequest { user: name, role, region } = request;
    endpoint
        .blocking(move |endpoint| {
            let user = User { name, role, region };
            let added = endpoint.add_user_with_one_time_password(&user, &Actor::User(admin.name));
            let password = added.map_err(refusal_of)?;
            Ok((StatusCode::CREATED, Json(NewPassword { user: user.name, password })))
        })
        .await
}

pub(crate) async fn new_password(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    PathId(user): PathId<String>,
) -> Result<Json<NewPassword>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let password = endpoint.reset_password(&user, &Actor::User(admin.name)).map_err(refusal_of)?;
            Ok(Json(NewPassword { user, password }))
        })
        .await
}

pub(crate) async fn change_role(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    PathId(name): PathId<String>,
    JsonBody(RoleRequest { role, region }): JsonBody<RoleRequest>,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    let user = User { name, role, region };
    change(endpoint, admin, move |endpoint, actor| endpoint.change_role(&user, actor)).await
}

pub(crate) async fn end_sessions(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    PathId(user): PathId<String>,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    change(endpoint, admin, move |endpoint, actor| endpoint.end_sessions(&user, actor)).await
}

pub(crate) async fn remove(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    PathId(user): PathId<String>,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    change(endpoint, admin, move |endpoint, actor| endpoint.remove_user(&user, actor)).await
}

pub(crate) async fn reset_second_factor(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    PathId(user): PathId<String>,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    change(endpoint, admin, move |endpoint, actor| endpoint.reset_second_factor(&user, actor)).await
}

pub(crate) async fn sessions(
    State(endpoint): State<Endpoint>,
    PathId(user): PathId<String>,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            if endpoint.store().user(&user)?.is_none() {
                return Err(not_found());
            }
            Ok(Json(open_sessions(endpoint, &user, None)?))
        })
        .await
}

pub(crate) async fn end_session(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    Path((user, session)): Path<(String, String)>,
) -> Result<Json<Vec<OpenSession>>, Refusal> {
    let session = session.parse().map_err(|_| not_found())?;
    endpoint.blocking(move |endpoint| end_one(endpoint, &user, session, None, &Actor::User(admin.name))).await
}

/// Changes an account in the name of an admin. The answer is the list of all accounts.
async fn change<T>(
    endpoint: Endpoint,
    admin: User,
    change: impl FnOnce(&Endpoint, &Actor) -> Result<T, UserError> + Send + 'static,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            change(endpoint, &Actor::User(admin.name)).map_err(refusal_of)?;
            Ok(Json(all(endpoint)?))
        })
        .await
}

fn all(endpoint: &Endpoint) -> Result<Vec<AccountView>, Refusal> {
    let accounts = endpoint.store().accounts(endpoint.now_ms())?;
    Ok(accounts.into_iter().map(|account| account_view(endpoint, account)).collect())
}

fn account_view(endpoint: &Endpoint, account: Account) -> AccountView {
    let Account { user, created_at_ms, last_login_at_ms, sessions, .. } = account;
    AccountView {
        failures: endpoint.failed_logins().failures(&user.name, endpoint.monotonic_ms()),
        user: user.name,
        role: user.role,
        region: user.region,
        created_at_ms,
        last_login_at_ms,
        sessions,
        second_factor: account.has_second_factor,
        must_change_password: account.must_change_password,
    }
}

pub(super) fn refusal_of(error: UserError) -> Refusal {
    match error {
        UserError::Unknown(_) => not_found(),
        UserError::Store(error) => error.into(),
        UserError::Randomness(_) | UserError::Hash(_) | UserError::Address(_) => {
            Refusal::internal("changing an account", &error)
        }
        UserError::SecondFactorCodeWrong => {
            Problem::new(ProblemCode::SecondFactorWrong, error.to_string()).into()
        }
        UserError::NameUnfit(_)
        | UserError::NameExists(_)
        | UserError::PasswordUnfit
        | UserError::PasswordSame
        | UserError::SecondFactorExists
        | UserError::SecondFactorMissing
        | UserError::SecondFactorRequired
        | UserError::RegionUnknown(_)
        | UserError::LastAdmin(_) => Problem::new(ProblemCode::AccountRefused, error.to_string()).into(),
    }
}
