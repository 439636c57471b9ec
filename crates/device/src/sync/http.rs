//! The transport over HTTP.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use protocol::{CarriedEnrolment, EndpointInfo, EnrolRequest, EnrolResponse, LogKeys, path};
use reqwest::{Certificate, Client, Response, redirect};
use rustls::CertificateError;

use super::call::{Call, Sender, Transport};
use super::wire::{WireProblem, WireReply, WireRequest};
use crate::error::DeviceError;
use crate::sync_core::Answer;
use crate::view::SyncError;

/// Timeout of a connection attempt.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Maximum silence on a connection: 2G pauses for many seconds.
const READ_TIMEOUT: Duration = Duration::from_secs(45);
/// Timeout of a whole exchange.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(180);

/// A transport to a real endpoint.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Client,
}

impl HttpTransport {
    /// A transport with timeouts for a weak signal.
    pub fn new() -> Result<Self, DeviceError> {
        // It fails if a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = if cfg!(target_os = "android") { Some(roots_in(&ANDROID_ROOTS)?) } else { None };
        no_panic(|| {
            let client = match roots {
                Some(roots) => Client::builder().tls_certs_only(roots),
                None => Client::builder(),
            };
            client
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(READ_TIMEOUT)
                .timeout(EXCHANGE_TIMEOUT)
                // The endpoint never redirects; a hotspot's login page does.
                .redirect(redirect::Policy::none())
                // It costs 23 bytes with each tally, and saves four fifths of an election package.
                .gzip(true)
                .build()
        })
        .map(|client| Self { client })
    }

    /// Redeems an invitation at the endpoint at `base`.
    pub(crate) async fn enrol(
        &self,
        base: &str,
        request: &EnrolRequest,
    ) -> Result<EnrolResponse, DeviceError> {
        let response = self.client.post(address(base, path::ENROL)).json(request).send().await;
        enrolled(whole(response.map_err(DeviceError::Unreachable)?).await)
    }

    /// Gives a hall the enrolment that it keeps and hands on.
    pub(crate) async fn enrol_carried(
        &self,
        base: &str,
        enrolment: &CarriedEnrolment,
    ) -> Result<EnrolResponse, DeviceError> {
        let response = self.client.post(address(base, path::ENROL_CARRIED)).json(enrolment).send().await;
        enrolled(whole(response.map_err(DeviceError::Unreachable)?).await)
    }

    /// What the endpoint at `base` serves; `None` for an endpoint of an earlier version.
    pub(crate) async fn info(&self, base: &str) -> Result<Option<EndpointInfo>, DeviceError> {
        let response = self.client.get(address(base, path::ENDPOINT)).send().await;
        let reply = whole(response.map_err(DeviceError::Unreachable)?).await;
        let reply = reply.map_err(|_| DeviceError::AnswerCutOff)?;
        Ok(if reply.status == 200 { serde_json::from_slice(&reply.body).ok() } else { None })
    }

    /// The keys that the log of the endpoint at `base` has had.
    pub(crate) async fn log_keys(&self, base: &str) -> Result<LogKeys, DeviceError> {
        let response = self.client.get(address(base, path::LOG_KEYS)).send().await;
        let reply = whole(response.map_err(DeviceError::Unreachable)?).await;
        let reply = reply.map_err(|_| DeviceError::AnswerCutOff)?;
        serde_json::from_slice(&reply.body)
            .map_err(|error| DeviceError::NotTheEndpoint(format!("its log keys are malformed: {error}")))
    }

    async fn send(&self, base: &str, request: &WireRequest) -> Result<WireReply, SyncError> {
        let address = address(base, &request.path);
        let mut sending = match request.method {
            "GET" => self.client.get(address),
            "HEAD" => self.client.head(address),
            "PATCH" => self.client.patch(address),
            "PUT" => self.client.put(address),
            _ => self.client.post(address),
        };
        for (name, value) in &request.headers {
            sending = sending.header(*name, value);
        }
        if !request.body.is_empty() {
            sending = sending.body(request.body.clone());
        }
        whole(sending.send().await.map_err(|error| sync_error(&error))?).await
    }
}

impl Transport for HttpTransport {
    async fn exchange(&self, sender: Sender<'_>, call: Call) -> Answer {
        let request = match WireRequest::of(call, sender.key) {
            Ok(request) => request,
            Err(error) => return Answer::Failed(error),
        };
        match self.send(sender.endpoint, &request).await {
            Ok(reply) => reply.answer(request.reads),
            Err(error) => Answer::Failed(error),
        }
    }
}

/// The folders of Android's certificate authorities: of the system's updates, and of the phone's image. The
/// platform's own verifier would need a Kotlin class and a context, and panics without them.
const ANDROID_ROOTS: [&str; 2] = ["/apex/com.android.conscrypt/cacerts", "/system/etc/security/cacerts"];

/// The certificate authorities of the first folder that has any.
fn roots_in(folders: &[impl AsRef<Path>]) -> Result<Vec<Certificate>, DeviceError> {
    for folder in folders {
        let found = rustls_native_certs::load_certs_from_paths(None, Some(folder.as_ref())).certs;
        let roots: Vec<_> = found.iter().filter_map(|root| Certificate::from_der(root).ok()).collect();
        if !roots.is_empty() {
            return Ok(roots);
        }
    }
    Err(DeviceError::Tls("this phone has no list of certificate authorities".into()))
}

/// Builds a client. The TLS verifier of some platforms panics where its host has not initialised it, as on
/// Android; the app must start all the same, because figures are typed without a network.
fn no_panic(build: impl FnOnce() -> reqwest::Result<Client>) -> Result<Client, DeviceError> {
    match catch_unwind(AssertUnwindSafe(build)) {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(DeviceError::Tls(Box::new(error))),
        Err(panic) => Err(DeviceError::Tls(panic_message(&*panic).into())),
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}

/// The answer to an enrolment.
fn enrolled(reply: Result<WireReply, SyncError>) -> Result<EnrolResponse, DeviceError> {
    let reply = reply.map_err(|_| DeviceError::AnswerCutOff)?;
    match reply.problem() {
        Ok(Some(WireProblem { problem, .. })) => return Err(DeviceError::Refused(problem)),
        Ok(None) => {}
        Err(_) => return Err(DeviceError::NotTheEndpoint("its refusal is malformed".into())),
    }
    if reply.status != 200 {
        return Err(DeviceError::NotTheEndpoint(format!("its status is {}", reply.status)));
    }
    serde_json::from_slice(&reply.body)
        .map_err(|error| DeviceError::NotTheEndpoint(format!("its answer is malformed: {error}")))
}

/// The reply with its body.
async fn whole(reply: Response) -> Result<WireReply, SyncError> {
    let header =
        |name: &str| reply.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let head = WireReply::new(reply.status().as_u16(), header, Vec::new());
    Ok(WireReply { body: body(reply).await?, ..head })
}

/// Maximum length of an answer, in bytes. An election package that is cut to one device's stations is far
/// below.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

async fn body(mut reply: Response) -> Result<Vec<u8>, SyncError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = reply.chunk().await.map_err(|_| SyncError::Interrupted)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(SyncError::NotTheEndpoint);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The reason for which there is no reply. A wrong certificate is not a missing connection: it is a login
/// page, a proxy, a man in the middle, or this device's clock.
fn sync_error(error: &reqwest::Error) -> SyncError {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(rustls::Error::InvalidCertificate(wrong)) = rustls_error(inner) {
            return match wrong {
                CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
                | CertificateError::Expired
                | CertificateError::ExpiredContext { .. } => SyncError::CertificateTime,
                _ => SyncError::CertificateWrong,
            };
        }
        source = inner.source();
    }
    if error.is_connect() { SyncError::Unreachable } else { SyncError::Interrupted }
}

/// A TLS error is wrapped in an I/O error, and that one in others.
fn rustls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    match error.downcast_ref::<std::io::Error>() {
        Some(outer) => rustls_error(outer.get_ref()?),
        None => error.downcast_ref(),
    }
}

fn address(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Failure, FailureCode};

    #[test]
    fn the_certificate_authorities_of_a_phone_are_read_from_its_files_and_none_is_an_error() {
        let (none, some) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = rcgen::generate_simple_self_signed(["root.example".to_owned()]).unwrap().cert;
        // Android names each file by a hash of the certificate's subject.
        std::fs::write(some.path().join("00673b5b.0"), root.pem()).unwrap();
        let roots = roots_in(&[none.path(), some.path()]).unwrap();
        assert_eq!(roots.len(), 1);
        let error = roots_in(&[none.path()]).unwrap_err();
        assert_eq!(Failure::from(&error).code, FailureCode::TlsUnavailable);
    }

    #[test]
    fn a_tls_verifier_that_panics_is_an_error() {
        let error = no_panic(|| panic!("the verifier is not initialised")).unwrap_err();
        let failure = Failure::from(&error);
        assert_eq!(failure.code, FailureCode::TlsUnavailable);
        assert!(failure.detail.contains("the verifier is not initialised"), "{}", failure.detail);
    }
}
