//! The gate before all routes: the rate of the client's network, the lane of the route, and the proof of a
//! device.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use evidence::{DeviceId, PublicKey};
use protocol::{
    DEVICE_HEADER, PROOF_HEADER, Problem, ProblemCode, ProofDetail, UPLOAD_OFFSET, limit,
    request_proof_message, signature_of_hex,
};

use super::answer_buffer::buffered_answer;
use super::extract::{address_of, header_number, whole_body};
use super::routes::{Policy, UNKNOWN, policies};
use crate::blocking::LaneName;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// Delay before a 429 is sent. It caps a client that floods at its connections divided by 250 ms.
const THROTTLED_DELAY: Duration = Duration::from_millis(250);

/// What the gate knows of all routes.
#[derive(Clone)]
pub(super) struct Gate {
    endpoint: Endpoint,
    policies: Arc<Vec<(Method, &'static str, Policy)>>,
}

impl Gate {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, policies: Arc::new(policies()) }
    }

    fn policy(&self, request: &Request) -> Policy {
        let Some(path) = request.extensions().get::<MatchedPath>() else { return UNKNOWN };
        let of = |method: &Method| {
            let found = self.policies.iter().find(|(of, at, _)| of == method && *at == path.as_str());
            found.map(|(_, _, policy)| *policy)
        };
        let method = request.method();
        // A route that answers GET answers HEAD too.
        let as_get = || if *method == Method::HEAD { of(&Method::GET) } else { None };
        of(method).or_else(as_get).unwrap_or(UNKNOWN)
    }
}

/// Answers 429 to a request above the rate of its network. Gives the others the lane of their route.
pub(super) async fn gate(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let policy = gate.policy(&request);
    let endpoint = &gate.endpoint;
    let address = address_of(request.extensions(), request.headers(), endpoint);
    match endpoint.rate_limits().request_wait_ms(policy.rate, address, policy.cost.units()) {
        Some(wait_ms) => {
            endpoint.metrics().count_throttled();
            tokio::time::sleep(THROTTLED_DELAY).await;
            Refusal::try_later(wait_ms).into_response()
        }
        None => {
            let buffers = endpoint.buffers().of(address);
            request.extensions_mut().insert(buffers.clone());
            buffered_answer(policy.lane.scope(next.run(request)).await, &buffers)
        }
    }
}

/// The device that proved to have sent the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SendingDevice(pub(crate) DeviceId);

/// Lets requests pass that carry the proof of an enrolled device.
pub(super) async fn device_gate(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    match proven(&endpoint, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// The request with its proven sender.
async fn proven(endpoint: &Endpoint, request: Request) -> Result<Request, Refusal> {
    let Claim { device, proof } = Claim::of(request.headers())?;
    let address = address_of(request.extensions(), request.headers(), endpoint);
    let key = key_of(endpoint, device, address).await?;
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let holds = |detail| key.verify_message(&request_proof_message(method.as_str(), &path, detail), &proof);
    let mut request = request;
    let is_proven = match method {
        Method::HEAD => holds(ProofDetail::Nothing),
        Method::PATCH => {
            let offset = header_number::<u64>(request.headers(), UPLOAD_OFFSET);
            let missing =
                || Problem::new(ProblemCode::RequestMalformed, "the header Upload-Offset is missing");
            holds(ProofDetail::Offset(offset.ok_or_else(missing)?))
        }
        _ => {
            let (parts, body) = request.into_parts();
            let bytes = whole_body(&parts, body, limit::PUSH_BYTES).await?;
            let is_proven = holds(ProofDetail::Body(&bytes));
            request = Request::from_parts(parts, Body::from(bytes));
            is_proven
        }
    };
    if !is_proven {
        return Err(proof_invalid("the proof does not hold for this request under the device's key"));
    }
    endpoint.devices_seen().note(device, endpoint.now_ms());
    request.extensions_mut().insert(SendingDevice(device));
    Ok(request)
}

/// What a request claims of its sender.
struct Claim {
    device: DeviceId,
    proof: [u8; 64],
}

impl Claim {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let device = text(DEVICE_HEADER).and_then(|device| device.parse().ok());
        let proof = text(PROOF_HEADER).and_then(signature_of_hex);
        match (device, proof) {
            (Some(device), Some(proof)) => Ok(Self { device, proof }),
            _ => Err(proof_invalid("the request carries no proof of a device")),
        }
    }
}

/// The key of an enrolled device. Devices that were here lately are in memory. Others are looked up in the
/// lane of devices, unless many of their network were unknown: those wait among strangers.
async fn key_of(
    endpoint: &Endpoint,
    device: DeviceId,
    address: Option<IpAddr>,
) -> Result<PublicKey, Refusal> {
    if let Some(key) = endpoint.known_devices().get(&device) {
        return Ok(key);
    }
    let lookup = move |endpoint: &Endpoint| Ok(endpoint.store().device_key(device)?);
    let lane = if endpoint.is_failing(address) { LaneName::Stranger } else { LaneName::Device };
    match endpoint.blocking_in(lane, lookup).await? {
        Some(key) => {
            endpoint.known_devices().insert(device, key);
            Ok(key)
        }
        None => {
            endpoint.count_failure(address);
            let detail = format!("no device {device} has enrolled here");
            Err(Problem::new(ProblemCode::DeviceUnknown, detail).into())
        }
    }
}

fn proof_invalid(detail: &str) -> Refusal {
    Problem::new(ProblemCode::ProofInvalid, detail).into()
}
