//! The transport over HTTP.

use std::error::Error as _;
use std::time::Duration;

use protocol::{EnrolRequest, EnrolResponse, path};
use reqwest::{Client, Response, redirect};
use rustls::CertificateError;

use super::core::Answer;
use super::driver::{Call, Transport};
use super::wire::{WireReply, WireRequest};
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
            // Twenty-three bytes more with each tally, and an election package of a fifth.
            .gzip(true)
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
        let reply =
            whole(reply).await.map_err(|_| DeviceError::Unreachable("the answer broke off".into()))?;
        match reply.problem() {
            Ok(Some((problem, _))) => return Err(DeviceError::Refused(problem)),
            Ok(None) => {}
            Err(_) => return Err(DeviceError::NotTheEndpoint("a refusal that cannot be read".into())),
        }
        if reply.status != 200 {
            return Err(DeviceError::NotTheEndpoint(format!("it answered with status {}", reply.status)));
        }
        serde_json::from_slice(&reply.body)
            .map_err(|error| DeviceError::NotTheEndpoint(format!("its answer cannot be read: {error}")))
    }
}

impl Transport for HttpTransport {
    async fn exchange(&self, base: &str, call: Call) -> Answer {
        let request = match WireRequest::of(call) {
            Ok(request) => request,
            Err(fault) => return Answer::Fault(fault),
        };
        match self.send(base, &request).await {
            Ok(reply) => reply.answer(request.reads),
            Err(fault) => Answer::Fault(fault),
        }
    }
}

impl HttpTransport {
    async fn send(&self, base: &str, request: &WireRequest) -> Result<WireReply, SyncFault> {
        let address = address(base, &request.path);
        let mut sending = match request.method {
            "GET" => self.client.get(address),
            "HEAD" => self.client.head(address),
            "PATCH" => self.client.patch(address),
            _ => self.client.post(address),
        };
        for (name, value) in &request.headers {
            sending = sending.header(*name, value);
        }
        if !request.body.is_empty() {
            sending = sending.body(request.body.clone());
        }
        whole(sending.send().await.map_err(|error| fault_of(&error))?).await
    }
}

/// The reply with its body.
async fn whole(reply: Response) -> Result<WireReply, SyncFault> {
    let header =
        |name: &str| reply.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let head = WireReply {
        status: reply.status().as_u16(),
        content_type: header("content-type"),
        upload_offset: header(protocol::UPLOAD_OFFSET),
        retry_after: header("retry-after"),
        body: Vec::new(),
    };
    Ok(WireReply { body: body(reply).await?, ..head })
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

/// Why there was no reply. A wrong certificate is told apart from no connection: it is a login page, a proxy, somebody in
/// the middle, or this device's clock.
fn fault_of(error: &reqwest::Error) -> SyncFault {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(rustls::Error::InvalidCertificate(wrong)) = rustls_error(inner) {
            return match wrong {
                CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
                | CertificateError::Expired
                | CertificateError::ExpiredContext { .. } => SyncFault::CertificateTime,
                _ => SyncFault::CertificateWrong,
            };
        }
        source = inner.source();
    }
    if error.is_connect() { SyncFault::Unreachable } else { SyncFault::Interrupted }
}

/// TLS errors travel inside of I/O errors, and those inside of others.
fn rustls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    match error.downcast_ref::<std::io::Error>() {
        Some(outer) => rustls_error(outer.get_ref()?),
        None => error.downcast_ref(),
    }
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
