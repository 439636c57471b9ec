//! `POST /v1/enrol`: a device enrols with an invitation.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use evidence::PublicKey;
use protocol::{
    CarriedEnrolment, EndpointInfo, EnrolRequest, EnrolResponse, HallOf, Problem, ProblemCode,
    enrol_proof_message, signature_of_hex,
};

use crate::endpoint::Endpoint;
use crate::http::extract::{ClientAddress, JsonBody};
use crate::model::invitation_code::InvitationCode;
use crate::refusal::Refusal;
use crate::served_drill::ServedDrill;
use crate::store::{DeviceAssignments, EnrolOutcome, ShownInvitation};
use crate::throttling::network;

pub(crate) async fn enrol(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Json<EnrolResponse>, Refusal> {
    answer(endpoint, address, move |endpoint| decide(endpoint, &request)).await
}

/// An enrolment without the code, which somebody else may have carried here.
pub(crate) async fn enrol_carried(
    State(endpoint): State<Endpoint>,
    ClientAddress(address): ClientAddress,
    JsonBody(carried): JsonBody<CarriedEnrolment>,
) -> Result<Json<EnrolResponse>, Refusal> {
    answer(endpoint, address, move |endpoint| decide_carried(endpoint, &carried)).await
}

async fn answer(
    endpoint: Endpoint,
    address: Option<IpAddr>,
    decide: impl FnOnce(&Endpoint) -> Result<EnrolResponse, Failed> + Send + 'static,
) -> Result<Json<EnrolResponse>, Refusal> {
    // An overloaded endpoint is no failed attempt, so the two kinds of refusals stay apart.
    let decided = endpoint.blocking(move |endpoint| Ok(decide(endpoint))).await?;
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
    let key = proven_key(&request.public_key, &enrol_proof_message(&request.invitation), &request.proof)?;
    let Some(code) = InvitationCode::from_typed(&request.invitation) else {
        return refuse(
            ProblemCode::InvitationUnknown,
            "a code has 17 letters and digits, and the last one checks the others",
        );
    };
    let assigned = admitted(endpoint, ShownInvitation::Code(&code), key)?;
    Ok(enrolled(endpoint, key, assigned))
}

/// The same without the code: somebody may have carried it here. A hall keeps it to hand it on, and lets also
/// those in whose invitation it does not know.
fn decide_carried(endpoint: &Endpoint, carried: &CarriedEnrolment) -> Result<EnrolResponse, Failed> {
    let message = carried.message();
    let key = proven_key(&carried.public_key, &message, &carried.proof)?;
    let shown = match &carried.invitation {
        Some(shown) => Some(proven_key(&shown.key, &message, &shown.proof)?),
        None => None,
    };
    if let Some(drill) = endpoint.drill() {
        return join_class(endpoint, drill, key);
    }
    let is_hall = endpoint.hall().is_some();
    let assigned = match shown.map(|shown| admitted(endpoint, ShownInvitation::Key(shown), key)) {
        Some(Err(Failed::UnknownCode)) | None if is_hall => admitted_guest(endpoint, key)?,
        Some(result) => result?,
        None => return refuse(ProblemCode::InvitationUnknown, "an enrolment here needs an invitation"),
    };
    if is_hall && shown.is_some() {
        let kept = endpoint.store().keep_enrolment(key.device_id(), carried, endpoint.now_ms());
        kept.map_err(Refusal::from)?;
    }
    Ok(enrolled(endpoint, key, assigned))
}

/// Lets a phone into the class of a drill. An invitation of the real election is not looked at: it is not
/// used up by practice.
fn join_class(endpoint: &Endpoint, drill: &ServedDrill, key: PublicKey) -> Result<EnrolResponse, Failed> {
    let joined = endpoint.join_drill(drill, key).map_err(Refusal::from)?;
    if joined.is_none() {
        return Err(Failed::Refused(Refusal::busy()));
    }
    let assigned = endpoint.store().assignments_of(key.device_id()).map_err(Refusal::from)?;
    Ok(enrolled(endpoint, key, assigned))
}

fn refuse<T>(code: ProblemCode, detail: &str) -> Result<T, Failed> {
    Err(Failed::Refused(Problem::new(code, detail).into()))
}

/// The key in hex, whose owner has signed the message.
fn proven_key(key: &str, message: &[u8], proof: &str) -> Result<PublicKey, Failed> {
    let Ok(key) = PublicKey::from_hex(key) else {
        return refuse(ProblemCode::ProofInvalid, "the public key cannot be read");
    };
    match signature_of_hex(proof).is_some_and(|proof| key.verify_message(message, &proof)) {
        true => Ok(key),
        false => refuse(ProblemCode::ProofInvalid, "the proof does not hold under the key"),
    }
}

/// Uses the invitation for the device of this key.
fn admitted(
    endpoint: &Endpoint,
    shown: ShownInvitation<'_>,
    key: PublicKey,
) -> Result<DeviceAssignments, Failed> {
    match endpoint.store().enrol(shown, key, endpoint.now_ms()).map_err(Refusal::from)? {
        EnrolOutcome::Enrolled(assigned) => Ok(assigned),
        EnrolOutcome::Unknown => Err(Failed::UnknownCode),
        EnrolOutcome::Expired => refuse(ProblemCode::InvitationExpired, "nobody used it in time"),
        EnrolOutcome::Withdrawn => refuse(ProblemCode::InvitationWithdrawn, "it was withdrawn"),
        EnrolOutcome::UsedByAnother => refuse(ProblemCode::InvitationUsed, "another device used it before"),
    }
}

/// Lets a device into a hall without an invitation that the hall knows.
fn admitted_guest(endpoint: &Endpoint, key: PublicKey) -> Result<DeviceAssignments, Failed> {
    let store = endpoint.store();
    if !store.enrol_guest(key, endpoint.now_ms()).map_err(Refusal::from)? {
        return Err(Failed::Refused(Refusal::busy()));
    }
    Ok(store.assignments_of(key.device_id()).map_err(Refusal::from)?)
}

/// The answer. A hall gives the keys of the endpoint's log, and not of its own, which proves nothing. A drill
/// has its own log only.
fn enrolled(endpoint: &Endpoint, key: PublicKey, assigned: DeviceAssignments) -> EnrolResponse {
    endpoint.known_devices().insert(key.device_id(), key);
    tracing::info!(device = %key.device_id(), "enrolled");
    let hall = endpoint.hall().filter(|_| endpoint.drill().is_none());
    let election = match assigned.ever.as_slice() {
        // A guest may have to record anywhere.
        [] if hall.is_some() => endpoint.election().clone(),
        stations => endpoint.election().slice(stations),
    };
    EnrolResponse {
        device: key.device_id(),
        assignments: assigned.assignments,
        election,
        log_key: match hall {
            Some(hall) => hall.log_keys.current.clone(),
            None => endpoint.log_key().public().to_hex(),
        },
        assignments_revision: assigned.revision,
    }
}

/// What this endpoint serves.
pub(crate) async fn info(State(endpoint): State<Endpoint>) -> Json<EndpointInfo> {
    let election = endpoint.election();
    Json(EndpointInfo {
        election: election.id.to_string(),
        version: election.version,
        drill: election.drill,
        log_key: endpoint.log_key().public().to_hex(),
        hall: endpoint
            .hall()
            .filter(|_| endpoint.drill().is_none())
            .map(|hall| HallOf { endpoint: hall.endpoint.clone(), log_keys: hall.log_keys.clone() }),
    })
}
