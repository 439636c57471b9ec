//! `POST /v1/inbox`: what is new for a device.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use evidence::DeviceId;
use protocol::{
    ChangedEnrolment, EnrolmentMark, InboxRequest, InboxResponse, Problem, ProblemCode, inbox_proof_message,
    limit,
};

use super::cbor_response;
use crate::endpoint::Endpoint;
use crate::http::extract::CborBody;
use crate::http::gate::SendingDevice;
use crate::refusal::Refusal;
use crate::store::DeviceAssignments;

/// Only the device itself can open its inbox, with its signature.
pub(crate) async fn fetch(
    State(endpoint): State<Endpoint>,
    Extension(SendingDevice(sender)): Extension<SendingDevice>,
    CborBody(request): CborBody<InboxRequest>,
) -> Result<Response, Refusal> {
    let response = endpoint.blocking(move |endpoint| open(endpoint, sender, &request)).await?;
    cbor_response(&response)
}

fn open(endpoint: &Endpoint, sender: DeviceId, request: &InboxRequest) -> Result<InboxResponse, Refusal> {
    let &InboxRequest { device, after, .. } = request;
    let key = endpoint.store().device_key(device)?.ok_or_else(|| {
        Problem::new(ProblemCode::DeviceUnknown, format!("no device {device} has enrolled here"))
    })?;
    if !key.verify_message(&inbox_proof_message(device, after), &request.proof) {
        let detail = "the proof is not signed by this device".to_owned();
        return Err(Problem::new(ProblemCode::SignatureInvalid, detail).into());
    }
    // The signature over device and cursor does not cover what was read; the proof of the request does.
    if sender == device {
        record_read(endpoint, device, &request.read)?;
    }
    Ok(InboxResponse {
        at_ms: Some(endpoint.now_ms()),
        items: endpoint.store().inbox(device, after, limit::INBOX_ITEMS)?,
        enrolment: match request.enrolment {
            Some(mark) => changed_enrolment(endpoint, device, mark)?,
            None => None,
        },
    })
}

/// Records which messages the witness opened. Ids that are none are skipped.
fn record_read(endpoint: &Endpoint, device: DeviceId, read: &[String]) -> Result<(), Refusal> {
    if read.len() > limit::MESSAGES_READ {
        let detail = format!("{} messages, where {} are allowed", read.len(), limit::MESSAGES_READ);
        return Err(Problem::new(ProblemCode::BatchTooLong, detail).into());
    }
    let messages: Vec<_> = read.iter().filter_map(|id| id.parse().ok()).collect();
    if !messages.is_empty() {
        endpoint.store().read_messages(device, &messages, endpoint.now_ms())?;
    }
    Ok(())
}

/// The device's present enrolment; `None` when the device has it already.
fn changed_enrolment(
    endpoint: &Endpoint,
    device: DeviceId,
    mark: EnrolmentMark,
) -> Result<Option<ChangedEnrolment>, Refusal> {
    let election = endpoint.election();
    let revision = endpoint.store().assignments_revision(device)?;
    if mark == (EnrolmentMark { election_version: election.version, assignments_revision: revision }) {
        return Ok(None);
    }
    let DeviceAssignments { assignments, revision, ever } = endpoint.store().assignments_of(device)?;
    let election = election.slice(&ever).to_json();
    Ok(Some(ChangedEnrolment {
        assignments_revision: revision,
        assignments,
        election: election.map_err(|error| Refusal::internal("encoding the election package", &error))?,
    }))
}
