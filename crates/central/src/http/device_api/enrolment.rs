//! `POST /v1/enrol`: a device enrols with an invitation.

use axum::Json;
use axum::extract::State;
use evidence::PublicKey;
use protocol::{EnrolRequest, EnrolResponse, Problem, ProblemCode, enrol_proof_message};

use crate::endpoint::Endpoint;
use crate::http::extract::{ClientAddress, JsonBody};
use crate::model::invitation_code::InvitationCode;
use crate::refusal::Refusal;
use crate::store::EnrolOutcome;

pub(super) async fn enrol(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Json<EnrolResponse>, Refusal> {
    if let Some(wait_ms) = endpoint.failed_enrolments().wait_ms(address, endpoint.now_ms()) {
        return Err(Refusal::try_later(wait_ms));
    }
    // An overloaded endpoint is no failed attempt, so the two kinds of refusals stay apart.
    let decided = endpoint.blocking(move |endpoint| Ok(decide(endpoint, &request))).await?;
    if decided.is_err() {
        endpoint.failed_enrolments().record(address, endpoint.now_ms());
    }
    decided.map(Json)
}

fn decide(endpoint: &Endpoint, request: &EnrolRequest) -> Result<EnrolResponse, Refusal> {
    let refuse = |code, detail: &str| Err(Problem::new(code, detail).into());
    let Ok(key) = PublicKey::from_hex(&request.public_key) else {
        return refuse(ProblemCode::ProofInvalid, "the public key cannot be read");
    };
    let proof = bytes_of_hex(&request.proof);
    if !proof.is_some_and(|proof| key.verify_message(&enrol_proof_message(&request.invitation), &proof)) {
        return refuse(ProblemCode::ProofInvalid, "the proof does not hold under the key");
    }
    let Some(code) = InvitationCode::from_typed(&request.invitation) else {
        return refuse(ProblemCode::InvitationUnknown, "a code has twelve letters and digits");
    };
    let assigned = match endpoint.store().enrol(&code, key, endpoint.now_ms())? {
        EnrolOutcome::Enrolled(assigned) => assigned,
        EnrolOutcome::Unknown => return refuse(ProblemCode::InvitationUnknown, "no such invitation"),
        EnrolOutcome::UsedByAnother => {
            return refuse(ProblemCode::InvitationUsed, "another device used it before");
        }
    };
    tracing::info!(device = %key.device_id(), "enrolled");
    Ok(EnrolResponse {
        device: key.device_id(),
        assignments: assigned.assignments,
        election: endpoint.election().slice(&assigned.ever),
        log_key: endpoint.log_key().public().to_hex(),
        assignments_revision: assigned.revision,
    })
}

/// The 64 bytes of a signature.
fn bytes_of_hex(text: &str) -> Option<[u8; 64]> {
    let (first, second) = text.split_at_checked(64)?;
    let half = |hex: &str| hex.parse::<evidence::StatementId>().ok();
    let (first, second) = (half(first)?, half(second)?);
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&first.0);
    bytes[32..].copy_from_slice(&second.0);
    Some(bytes)
}
