//! The requests of a hall to the endpoint, as a device that carries for others.

use std::time::Duration;

use evidence::{DeviceKey, PhotoHash, to_hex};
use protocol::{
    CBOR, CarriedResult, DEVICE_HEADER, DrillResultsRequest, EnrolRequest, PHOTO_PIECE, PROOF_HEADER,
    Problem, ProofDetail, PushRequest, PushResponse, UPLOAD_OFFSET, enrol_proof_message, path,
    request_proof_message,
};
use reqwest::{Client, Method, Response, StatusCode, header};
use serde::Serialize;
use serde_bytes::ByteBuf;

use super::hand_over::HandOverError;

/// Timeout of a connection attempt.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of a whole exchange.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(120);
/// Maximum length of an answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The endpoint, as the hall sees it.
pub(super) struct Upstream {
    client: Client,
    base: String,
    key: DeviceKey,
}

/// What the endpoint answered to one thing that was handed on.
pub(super) enum Handed {
    /// It has it.
    Stored,
    /// It refused, perhaps not for good.
    Refused(Problem),
}

impl Upstream {
    pub(super) fn new(base: &str, key: DeviceKey) -> Result<Self, HandOverError> {
        // It fails if a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(EXCHANGE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(HandOverError::Unreachable)?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), key })
    }

    /// Enrols the hall itself. A repeated enrolment with the same key changes nothing.
    pub(super) async fn enrol_self(&self, code: &str) -> Result<(), HandOverError> {
        let request = EnrolRequest {
            invitation: code.to_owned(),
            public_key: self.key.public().to_hex(),
            proof: to_hex(&self.key.sign_message(&enrol_proof_message(code))),
        };
        let body = serde_json::to_vec(&request).unwrap_or_default();
        match self.enrol(path::ENROL, body).await? {
            Handed::Stored => Ok(()),
            Handed::Refused(problem) => Err(HandOverError::HallRefused(problem)),
        }
    }

    /// Hands an enrolment on, as the phone signed it.
    pub(super) async fn hand_enrolment(&self, enrolment: &str) -> Result<Handed, HandOverError> {
        self.enrol(path::ENROL_CARRIED, enrolment.as_bytes().to_vec()).await
    }

    async fn enrol(&self, path: &str, body: Vec<u8>) -> Result<Handed, HandOverError> {
        let request = self.client.post(format!("{}{path}", self.base));
        let response = request.header(header::CONTENT_TYPE, "application/json").body(body).send().await;
        let response = response.map_err(HandOverError::Unreachable)?;
        match response.status() {
            StatusCode::OK => Ok(Handed::Stored),
            _ => refused(response).await.map(Handed::Refused),
        }
    }

    /// Hands statements on. One outcome for each, in order.
    pub(super) async fn push(&self, statements: Vec<Vec<u8>>) -> Result<PushResponse, HandOverError> {
        let push = PushRequest { statements: statements.into_iter().map(ByteBuf::from).collect() };
        self.post(path::STATEMENTS, &push).await
    }

    /// Hands results of a drill on. One outcome for each, in order.
    pub(super) async fn hand_results(
        &self,
        results: Vec<CarriedResult>,
    ) -> Result<PushResponse, HandOverError> {
        self.post(path::DRILL_RESULTS, &DrillResultsRequest { results }).await
    }

    /// Posts a message, and reads the outcomes.
    async fn post(&self, path: &str, message: &impl Serialize) -> Result<PushResponse, HandOverError> {
        let body = protocol::to_cbor(message).map_err(|_| HandOverError::NotTheEndpoint)?;
        let proof = request_proof_message("POST", path, ProofDetail::Body(&body));
        let request = self.proven(Method::POST, path, &proof);
        let response = request.header(header::CONTENT_TYPE, CBOR).body(body).send().await;
        let response = response.map_err(HandOverError::Unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(HandOverError::Refused(refused(response).await?));
        }
        protocol::from_cbor(&body_of(response).await?).map_err(|_| HandOverError::NotTheEndpoint)
    }

    /// Hands a photo on, from where the endpoint has it.
    pub(super) async fn hand_photo(&self, hash: PhotoHash, bytes: &[u8]) -> Result<Handed, HandOverError> {
        let path = format!("{}/{hash}", path::PHOTOS);
        let proof = request_proof_message("HEAD", &path, ProofDetail::Nothing);
        let response = self.proven(Method::HEAD, &path, &proof).send().await;
        let response = response.map_err(HandOverError::Unreachable)?;
        if response.status() != StatusCode::OK {
            return refused(response).await.map(Handed::Refused);
        }
        let mut offset = offset_of(&response).ok_or(HandOverError::NotTheEndpoint)?;
        while offset < bytes.len() {
            let end = bytes.len().min(offset + protocol::limit::PHOTO_PIECE_BYTES);
            let Some(piece) = bytes.get(offset..end) else { return Err(HandOverError::NotTheEndpoint) };
            let proof = request_proof_message("PATCH", &path, ProofDetail::Offset(offset as u64));
            let request = self.proven(Method::PATCH, &path, &proof);
            let request = request.header(header::CONTENT_TYPE, PHOTO_PIECE).header(UPLOAD_OFFSET, offset);
            let response = request.body(piece.to_vec()).send().await.map_err(HandOverError::Unreachable)?;
            if response.status() != StatusCode::NO_CONTENT {
                return refused(response).await.map(Handed::Refused);
            }
            // An endpoint that does not move on would hold the hall for ever.
            let next = offset_of(&response).filter(|next| *next > offset);
            offset = next.ok_or(HandOverError::NotTheEndpoint)?;
        }
        Ok(Handed::Stored)
    }

    fn proven(&self, method: Method, path: &str, proof: &[u8]) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .header(DEVICE_HEADER, self.key.public().device_id().to_string())
            .header(PROOF_HEADER, to_hex(&self.key.sign_message(proof)))
    }
}

fn offset_of(response: &Response) -> Option<usize> {
    response.headers().get(UPLOAD_OFFSET)?.to_str().ok()?.parse().ok()
}

/// The problem in a refusal; of a refusal to `HEAD` only the code is known.
async fn refused(response: Response) -> Result<Problem, HandOverError> {
    let code = response.headers().get(protocol::PROBLEM_HEADER).and_then(|code| code.to_str().ok());
    let code = code.and_then(|code| serde_json::from_value(code.into()).ok());
    match serde_json::from_slice(&body_of(response).await?) {
        Ok(problem) => Ok(problem),
        Err(_) => code.map(|code| Problem::new(code, "")).ok_or(HandOverError::NotTheEndpoint),
    }
}

async fn body_of(mut response: Response) -> Result<Vec<u8>, HandOverError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(HandOverError::Unreachable)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(HandOverError::NotTheEndpoint);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
