//! The accounts of the console's users: `GET` and `POST /api/accounts`, and below `/api/accounts/{user}`:
//! `…/password`, `…/role`, `…/sessions/end` and `…/remove`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId};
use crate::http::guard::{Caller, not_found};
use crate::people::users::UserError;
use crate::refusal::Refusal;
use crate::store::{Account, Actor, User};
use crate::view::{AccountView, NewAccountRequest, NewPassword, RoleRequest};

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
            let password = endpoint.random_password().map_err(refusal_of)?;
            let user = User { name, role, region };
            endpoint.add_user(&user, &password, &Actor::User(admin.name)).map_err(refusal_of)?;
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
            let password = endpoint.random_password().map_err(refusal_of)?;
            endpoint.change_password(&user, &password, &Actor::User(admin.name)).map_err(refusal_of)?;
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
    Ok(accounts.into_iter().map(account_view).collect())
}

fn account_view(account: Account) -> AccountView {
    let Account { user, created_at_ms, last_login_at_ms, sessions } = account;
    AccountView {
        user: user.name,
        role: user.role,
        region: user.region,
        created_at_ms,
        last_login_at_ms,
        sessions,
        second_factor: false,
        must_change_password: false,
        failures: 0,
    }
}

fn refusal_of(error: UserError) -> Refusal {
    match error {
        UserError::Unknown(_) => not_found(),
        UserError::Store(error) => error.into(),
        UserError::Randomness(_) | UserError::Hash(_) => Refusal::internal("changing an account", &error),
        UserError::NameUnfit(_)
        | UserError::NameExists(_)
        | UserError::PasswordUnfit
        | UserError::RegionUnknown(_)
        | UserError::LastAdmin(_) => Problem::new(ProblemCode::AccountRefused, error.to_string()).into(),
    }
}
