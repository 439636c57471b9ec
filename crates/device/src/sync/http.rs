//! The transport over HTTP.

use std::error::Error as _;
use std::time::Duration;

use protocol::{EnrolRequest, EnrolResponse, Problem, ProblemCode, PushRequest, PushResponse, path};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_bytes::ByteBuf;

use super::core::Answer;
use super::driver::{Call, Transport};
use crate::error::DeviceError;
use crate::view::SyncFault;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a connection may stay silent: 2G pauses for many seconds.
const READ_TIMEOUT: Duration = Duration::from_secs(45);
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(180);

/// Speaks to a real endpoint.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Client,
}

impl HttpTransport {
    /// A transport with timeouts fit for a weak signal.
    pub fn new() -> Result<Self, DeviceError> {
        // Whoever comes second finds it installed already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(EXCHANGE_TIMEOUT)
            // The endpoint never redirects; a hotspot's login page does.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("saksi/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| DeviceError::Unreachable(error.to_string()))?;
        Ok(Self { client })
    }

    /// Takes an invitation to the endpoint at `base`.
    pub(crate) async fn enrol(
        &self,
        base: &str,
        request: &EnrolRequest,
    ) -> Result<EnrolResponse, DeviceError> {
        let reply = self.client.post(address(base, path::ENROL)).json(request).send().await;
        let reply = reply.map_err(|error| DeviceError::Unreachable(reason(&error)))?;
        if let Some((problem, _)) = problem_of(&reply) {
            return match body(reply).await.and_then(|bytes| problem(&bytes)) {
                Ok(problem) => Err(DeviceError::Refused(problem)),
                Err(_) => Err(DeviceError::NotTheEndpoint("a refusal that cannot be read".into())),
            };
        }
        let status = reply.status();
        if status != StatusCode::OK {
            return Err(DeviceError::NotTheEndpoint(format!("it answered with status {status}")));
        }
        let bytes = body(reply).await.map_err(|_| DeviceError::Unreachable("the answer broke off".into()))?;
        serde_json::from_slice(&bytes)
            .map_err(|error| DeviceError::NotTheEndpoint(format!("its answer cannot be read: {error}")))
    }

    async fn answer(&self, request: RequestBuilder, read: ReadAnswer) -> Result<Answer, SyncFault> {
        let reply = request.send().await.map_err(|error| fault_of(&error))?;
        if let Some((problem, retry_after_ms)) = problem_of(&reply) {
            let problem = problem(&body(reply).await?)?;
            return Ok(Answer::Refused { problem, retry_after_ms });
        }
        match reply.status() {
            StatusCode::OK | StatusCode::NO_CONTENT => read.read(reply).await,
            // HEAD has no body, so its refusals have only their status.
            StatusCode::NOT_FOUND if matches!(read, ReadAnswer::Offset) => {
                Ok(refused(ProblemCode::PhotoUnknown, "the endpoint does not expect it yet"))
            }
            StatusCode::UNPROCESSABLE_ENTITY if matches!(read, ReadAnswer::Offset) => {
                Ok(refused(ProblemCode::PhotoNotAnImage, "the endpoint could not read it as a picture"))
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Err(SyncFault::Busy),
            status if status.is_server_error() => Err(SyncFault::EndpointFault),
            _ => Err(SyncFault::NotTheEndpoint),
        }
    }
}

impl Transport for HttpTransport {
    async fn exchange(&self, base: &str, call: Call) -> Answer {
        let answer = match call {
            Call::Push(statements) => {
                let push = PushRequest { statements: statements.into_iter().map(ByteBuf::from).collect() };
                match protocol::to_cbor(&push) {
                    Ok(bytes) => {
                        let request = self.client.post(address(base, path::STATEMENTS));
                        let request = request.header(CONTENT_TYPE, protocol::CBOR).body(bytes);
                        self.answer(request, ReadAnswer::Outcomes).await
                    }
                    Err(_) => Err(SyncFault::Storage),
                }
            }
            Call::FetchReceipts(asked) => match protocol::to_cbor(&asked) {
                Ok(bytes) => {
                    let request = self.client.post(address(base, path::RECEIPTS));
                    let request = request.header(CONTENT_TYPE, protocol::CBOR).body(bytes);
                    self.answer(request, ReadAnswer::Receipts).await
                }
                Err(_) => Err(SyncFault::Storage),
            },
            Call::FetchLogKeys => {
                let request = self.client.get(address(base, path::LOG_KEYS));
                self.answer(request, ReadAnswer::LogKeys).await
            }
            Call::AskOffset(hash) => {
                let request = self.client.head(address(base, &format!("{}/{hash}", path::PHOTOS)));
                self.answer(request, ReadAnswer::Offset).await
            }
            Call::SendPiece { hash, offset_bytes, piece } => {
                let request = self
                    .client
                    .patch(address(base, &format!("{}/{hash}", path::PHOTOS)))
                    .header(CONTENT_TYPE, protocol::PHOTO_PIECE)
                    .header(protocol::UPLOAD_OFFSET, offset_bytes)
                    .body(piece);
                self.answer(request, ReadAnswer::Offset).await
            }
        };
        answer.unwrap_or_else(Answer::Fault)
    }
}

#[derive(Clone, Copy)]
enum ReadAnswer {
    Outcomes,
    Receipts,
    LogKeys,
    Offset,
}

impl ReadAnswer {
    async fn read(self, reply: Response) -> Result<Answer, SyncFault> {
        match self {
            Self::Receipts => Ok(Answer::Receipts(cbor(reply).await?)),
            Self::LogKeys => {
                let keys = serde_json::from_slice(&body(reply).await?);
                keys.map(Answer::LogKeys).map_err(|_| SyncFault::NotTheEndpoint)
            }
            Self::Outcomes => {
                let response: PushResponse = cbor(reply).await?;
                Ok(Answer::Pushed { outcomes: response.outcomes, missing: response.missing })
            }
            Self::Offset => {
                let offset = reply.headers().get(protocol::UPLOAD_OFFSET);
                let offset_bytes = offset.and_then(|value| value.to_str().ok()?.parse().ok());
                offset_bytes
                    .map(|offset_bytes| Answer::Held { offset_bytes })
                    .ok_or(SyncFault::NotTheEndpoint)
            }
        }
    }
}

async fn cbor<T: serde::de::DeserializeOwned>(reply: Response) -> Result<T, SyncFault> {
    if media_type(&reply) != Some(protocol::CBOR) {
        return Err(SyncFault::NotTheEndpoint);
    }
    protocol::from_cbor(&body(reply).await?).map_err(|_| SyncFault::NotTheEndpoint)
}

fn refused(code: ProblemCode, detail: &str) -> Answer {
    Answer::Refused { problem: Problem::new(code, detail), retry_after_ms: None }
}

type ReadProblem = fn(&[u8]) -> Result<Problem, SyncFault>;

/// How to read the refusal, and how long it asks to wait, when the reply is one.
fn problem_of(reply: &Response) -> Option<(ReadProblem, Option<i64>)> {
    if media_type(reply) != Some(Problem::MEDIA_TYPE) {
        return None;
    }
    let seconds = reply.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    Some((
        |bytes| serde_json::from_slice(bytes).map_err(|_| SyncFault::NotTheEndpoint),
        seconds.map(|seconds| seconds.saturating_mul(1000)),
    ))
}

fn media_type(reply: &Response) -> Option<&str> {
    let value = reply.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or(value).trim())
}

/// The longest answer that is read, in bytes: an election package cut to one device's stations is far below.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

async fn body(mut reply: Response) -> Result<Vec<u8>, SyncFault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = reply.chunk().await.map_err(|_| SyncFault::Interrupted)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(SyncFault::NotTheEndpoint);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn fault_of(error: &reqwest::Error) -> SyncFault {
    if error.is_connect() { SyncFault::Unreachable } else { SyncFault::Interrupted }
}

/// The innermost reason, which is the one that tells something.
fn reason(error: &reqwest::Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        reason = inner.to_string();
        source = inner.source();
    }
    reason
}

fn address(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}
