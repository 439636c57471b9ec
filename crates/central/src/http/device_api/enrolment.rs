//! `POST /v1/enrol`: a device enrols with an invitation.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use evidence::PublicKey;
use protocol::{EnrolRequest, EnrolResponse, Problem, ProblemCode, enrol_proof_message};

use crate::endpoint::Endpoint;
use crate::http::extract::{ClientAddress, JsonBody, signature_of_hex};
use crate::model::invitation_code::InvitationCode;
use crate::refusal::Refusal;
use crate::store::EnrolOutcome;
use crate::throttling::network;

pub(crate) async fn enrol(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Json<EnrolResponse>, Refusal> {
    // An overloaded endpoint is no failed attempt, so the two kinds of refusals stay apart.
    let decided = endpoint.blocking(move |endpoint| Ok(decide(endpoint, &request))).await?;
    match decided {
        Err(Failed::UnknownCode) => Err(count_unknown_code(&endpoint, address)),
        Err(Failed::Refused(refusal)) => Err(refusal),
        Ok(response) => Ok(Json(response)),
    }
}

/// Why an enrolment failed.
enum Failed {
    /// A guess, or a mistyped code.
    UnknownCode,
    /// Malformed requests are no guesses, and neither is a code that exists: they do not count.
    Refused(Refusal),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Counts an unknown code. Only further unknown codes from the same network are refused until the window
/// ends.
fn count_unknown_code(endpoint: &Endpoint, address: Option<IpAddr>) -> Refusal {
    let (unknown, now_ms) = (endpoint.unknown_codes(), endpoint.monotonic_ms());
    if let Some(wait_ms) = unknown.wait_ms(&network(address), now_ms) {
        return Refusal::try_later(wait_ms);
    }
    unknown.record(network(address), 1, now_ms);
    Problem::new(ProblemCode::InvitationUnknown, "no such invitation").into()
}

fn decide(endpoint: &Endpoint, request: &EnrolRequest) -> Result<EnrolResponse, Failed> {
    let refuse = |code, detail: &str| Err(Failed::Refused(Problem::new(code, detail).into()));
    let Ok(key) = PublicKey::from_hex(&request.public_key) else {
        return refuse(ProblemCode::ProofInvalid, "the public key cannot be read");
    };
    let proof = signature_of_hex(&request.proof);
    if !proof.is_some_and(|proof| key.verify_message(&enrol_proof_message(&request.invitation), &proof)) {
        return refuse(ProblemCode::ProofInvalid, "the proof does not hold under the key");
    }
    let Some(code) = InvitationCode::from_typed(&request.invitation) else {
        return refuse(ProblemCode::InvitationUnknown, "a code has 16 letters and digits");
    };
    let outcome = endpoint.store().enrol(&code, key, endpoint.now_ms()).map_err(Refusal::from)?;
    let assigned = match outcome {
        EnrolOutcome::Enrolled(assigned) => assigned,
        EnrolOutcome::Unknown => return Err(Failed::UnknownCode),
        EnrolOutcome::Expired => {
            return refuse(ProblemCode::InvitationExpired, "nobody used it in time");
        }
        EnrolOutcome::Withdrawn => {
            return refuse(ProblemCode::InvitationWithdrawn, "it was withdrawn");
        }
        EnrolOutcome::UsedByAnother => {
            return refuse(ProblemCode::InvitationUsed, "another device used it before");
        }
    };
    endpoint.known_devices().insert(key.device_id(), key);
    tracing::info!(device = %key.device_id(), "enrolled");
    Ok(EnrolResponse {
        device: key.device_id(),
        assignments: assigned.assignments,
        election: endpoint.election().slice(&assigned.ever),
        log_key: endpoint.log_key().public().to_hex(),
        assignments_revision: assigned.revision,
    })
}
