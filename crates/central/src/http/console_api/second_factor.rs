//! One's own second factor: `POST /api/session/second-factor` and below it `…/confirm`,
//! `…/recovery-codes` and `…/remove`.

use axum::extract::State;
use axum::{Extension, Json};

use super::accounts::refusal_of;
use super::session::{Reauthentication, reauthenticate, session_view};
use crate::endpoint::Endpoint;
use crate::http::extract::{ClientAddress, JsonBody};
use crate::http::guard::Caller;
use crate::model::second_factor::RecoveryCode;
use crate::people::users::UserError;
use crate::refusal::Refusal;
use crate::view::{ConfirmSecondFactor, NewSecondFactor, RecoveryCodes, SecondFactorRequest, SessionView};

/// The secret is shown once. It is in force when a code confirms it.
pub(crate) async fn begin(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    ClientAddress(address): ClientAddress,
    JsonBody(SecondFactorRequest { password, .. }): JsonBody<SecondFactorRequest>,
) -> Result<Json<NewSecondFactor>, Refusal> {
    let name = user.name.clone();
    let check = Reauthentication { user: name.clone(), password, code: None, needs_code: false, address };
    reauthenticate(&endpoint, check).await?;
    endpoint
        .blocking(move |endpoint| {
            let secret = endpoint.begin_second_factor(&name).map_err(refusal_of)?;
            let address = secret.address(&name).map_err(UserError::from).map_err(refusal_of)?;
            Ok(Json(NewSecondFactor { secret: secret.spelled(), address }))
        })
        .await
}

pub(crate) async fn confirm(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    JsonBody(ConfirmSecondFactor { code }): JsonBody<ConfirmSecondFactor>,
) -> Result<Json<RecoveryCodes>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            endpoint.confirm_second_factor(&user.name, &code).map(shown).map_err(refusal_of)
        })
        .await
}

pub(crate) async fn recovery_codes(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    ClientAddress(address): ClientAddress,
    JsonBody(SecondFactorRequest { password, code }): JsonBody<SecondFactorRequest>,
) -> Result<Json<RecoveryCodes>, Refusal> {
    let check = Reauthentication { user: user.name.clone(), password, code, needs_code: true, address };
    reauthenticate(&endpoint, check).await?;
    endpoint
        .blocking(move |endpoint| endpoint.replace_recovery_codes(&user.name).map(shown).map_err(refusal_of))
        .await
}

pub(crate) async fn remove(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    ClientAddress(address): ClientAddress,
    JsonBody(SecondFactorRequest { password, code }): JsonBody<SecondFactorRequest>,
) -> Result<Json<SessionView>, Refusal> {
    let check = Reauthentication { user: user.name.clone(), password, code, needs_code: true, address };
    reauthenticate(&endpoint, check).await?;
    endpoint
        .blocking(move |endpoint| {
            endpoint.remove_own_second_factor(&user).map_err(refusal_of)?;
            Ok(Json(session_view(endpoint, &user)?))
        })
        .await
}

fn shown(codes: Vec<RecoveryCode>) -> Json<RecoveryCodes> {
    Json(RecoveryCodes { codes: codes.iter().map(RecoveryCode::spelled).collect() })
}
