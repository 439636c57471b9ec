//! The HTTP exchange without a network: each call as a request, each reply as an answer. The transport and
//! the simulator share it, so that what is simulated is what is sent.

use evidence::DeviceKey;
use protocol::{
    DEVICE_HEADER, PHOTO_PIECE, PROOF_HEADER, Problem, ProblemCode, ProofDetail, PushRequest, PushResponse,
    UPLOAD_OFFSET, path, request_proof_message,
};
use serde_bytes::ByteBuf;

use super::call::Call;
use crate::sync_core::Answer;
use crate::view::SyncError;

/// A request, relative to the endpoint's base address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// `GET`, `HEAD`, `POST`, `PUT` or `PATCH`.
    pub method: &'static str,
    pub path: String,
    /// The headers, with their names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Empty if the request has no body.
    pub body: Vec<u8>,
    /// How its reply is read.
    pub reads: Reads,
}

/// What a reply should contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// The enrolment of this device.
    Enrolment,
    /// Outcomes of a push.
    Outcomes,
    /// Receipts.
    Receipts,
    /// The log's keys.
    LogKeys,
    /// The device's inbox.
    Inbox,
    /// What the trainer of a class says.
    Class,
    /// How many bytes of a photo are stored.
    Offset,
}

/// A reply: the status, the headers that the device reads, and the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireReply {
    pub status: u16,
    pub content_type: Option<String>,
    pub upload_offset: Option<String>,
    pub retry_after: Option<String>,
    /// The code of a refusal whose body is missing: a reply to `HEAD` has none.
    pub problem_code: Option<String>,
    pub body: Vec<u8>,
}

/// A refusal and the delay that it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireProblem {
    pub(crate) problem: Problem,
    pub(crate) retry_after_ms: Option<i64>,
}

impl WireRequest {
    /// The request that makes a call, with the proof that the device with this key sends it.
    pub fn of(call: Call, key: &DeviceKey) -> Result<Self, SyncError> {
        Self::without_proof(call).map(|request| request.proven_by(key))
    }

    /// The same request, proven with this key. The log's keys are public: their request needs no proof.
    #[must_use]
    pub fn proven_by(mut self, key: &DeviceKey) -> Self {
        self.headers.retain(|(name, _)| !matches!(*name, DEVICE_HEADER | PROOF_HEADER));
        let detail = match self.method {
            // The endpoint does not know the device yet.
            "POST" if self.reads == Reads::Enrolment => return self,
            "POST" | "PUT" => ProofDetail::Body(&self.body),
            "PATCH" => ProofDetail::Offset(self.upload_offset()),
            "HEAD" => ProofDetail::Nothing,
            _ => return self,
        };
        let proof = key.sign_message(&request_proof_message(self.method, &self.path, detail));
        self.headers.push((DEVICE_HEADER, key.public().device_id().to_string()));
        self.headers.push((PROOF_HEADER, evidence::to_hex(&proof)));
        self
    }

    fn upload_offset(&self) -> u64 {
        let offset = self.headers.iter().find(|(name, _)| *name == UPLOAD_OFFSET);
        offset.and_then(|(_, offset)| offset.parse().ok()).unwrap_or(0)
    }

    fn without_proof(call: Call) -> Result<Self, SyncError> {
        let cbor = |path: &str, body: Result<Vec<u8>, _>, reads| match body {
            Ok(body) => {
                let headers = vec![("content-type", protocol::CBOR.to_owned())];
                Ok(Self { method: "POST", path: path.to_owned(), headers, body, reads })
            }
            Err(_) => Err(SyncError::Storage),
        };
        let bare = |method, path, reads| Self { method, path, headers: Vec::new(), body: Vec::new(), reads };
        match call {
            Call::Push(statements) => {
                let push = PushRequest { statements: statements.into_iter().map(ByteBuf::from).collect() };
                cbor(path::STATEMENTS, protocol::to_cbor(&push), Reads::Outcomes)
            }
            Call::Enrol(request) => Ok(Self {
                method: "POST",
                path: path::ENROL.to_owned(),
                headers: vec![("content-type", "application/json".to_owned())],
                body: serde_json::to_vec(&request).map_err(|_| SyncError::Storage)?,
                reads: Reads::Enrolment,
            }),
            Call::FetchReceipts(request) => {
                cbor(path::RECEIPTS, protocol::to_cbor(&request), Reads::Receipts)
            }
            Call::FetchInbox(request) => cbor(path::INBOX, protocol::to_cbor(&request), Reads::Inbox),
            Call::TellProgress(progress) => Ok(Self {
                method: "PUT",
                path: path::DRILL.to_owned(),
                headers: vec![("content-type", "application/json".to_owned())],
                body: serde_json::to_vec(&progress).map_err(|_| SyncError::Storage)?,
                reads: Reads::Class,
            }),
            Call::FetchLogKeys => Ok(bare("GET", path::LOG_KEYS.to_owned(), Reads::LogKeys)),
            Call::AskOffset(hash) => Ok(bare("HEAD", format!("{}/{hash}", path::PHOTOS), Reads::Offset)),
            Call::SendPiece { hash, offset_bytes, piece } => Ok(Self {
                method: "PATCH",
                path: format!("{}/{hash}", path::PHOTOS),
                headers: vec![
                    ("content-type", PHOTO_PIECE.to_owned()),
                    (UPLOAD_OFFSET, offset_bytes.to_string()),
                ],
                body: piece,
                reads: Reads::Offset,
            }),
        }
    }
}

impl WireReply {
    /// A reply whose headers are looked up by `header`, with names in lower case.
    pub fn new(status: u16, header: impl Fn(&str) -> Option<String>, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: header("content-type"),
            upload_offset: header(UPLOAD_OFFSET),
            retry_after: header("retry-after"),
            problem_code: header(protocol::PROBLEM_HEADER),
            body,
        }
    }

    /// What the reply says.
    pub fn answer(&self, reads: Reads) -> Answer {
        self.read(reads).unwrap_or_else(Answer::Failed)
    }

    fn read(&self, reads: Reads) -> Result<Answer, SyncError> {
        if let Some(WireProblem { problem, retry_after_ms }) = self.problem()? {
            return Ok(Answer::Refused { problem, retry_after_ms });
        }
        match self.status {
            200 | 204 => self.answer_of(reads),
            404 if reads == Reads::Offset => Ok(without_code(ProblemCode::PhotoUnknown)),
            // An endpoint that sends no code means either of two refusals. This one is retried.
            422 if reads == Reads::Offset => Ok(without_code(ProblemCode::PhotoHashMismatch)),
            408 => Err(SyncError::Interrupted),
            429 | 503 => Err(SyncError::Busy),
            // 511 says "log in to this network first" (RFC 6585). The endpoint never redirects, and a login
            // page does.
            511 | 300..=399 => Err(SyncError::LoginPage),
            // A gateway answers for an endpoint that it cannot reach.
            502 | 504 => Err(SyncError::Unreachable),
            status if status >= 500 => Err(SyncError::EndpointInternal),
            _ => Err(self.not_the_endpoint()),
        }
    }

    fn answer_of(&self, reads: Reads) -> Result<Answer, SyncError> {
        match reads {
            Reads::Receipts => self.cbor().map(Answer::Receipts),
            Reads::Outcomes => {
                let PushResponse { outcomes, missing } = self.cbor()?;
                Ok(Answer::Pushed { outcomes, missing })
            }
            Reads::Enrolment => {
                serde_json::from_slice(&self.body).map(Answer::Enrolled).map_err(|_| self.not_the_endpoint())
            }
            Reads::Inbox => self.cbor().map(Answer::Inbox),
            Reads::Class => {
                serde_json::from_slice(&self.body).map(Answer::Class).map_err(|_| self.not_the_endpoint())
            }
            Reads::LogKeys => {
                serde_json::from_slice(&self.body).map(Answer::LogKeys).map_err(|_| self.not_the_endpoint())
            }
            Reads::Offset => {
                let offset = self.upload_offset.as_deref().and_then(|offset| offset.parse().ok());
                let received_bytes = offset.ok_or_else(|| self.not_the_endpoint())?;
                Ok(Answer::Stored { received_bytes })
            }
        }
    }

    fn cbor<T: serde::de::DeserializeOwned>(&self) -> Result<T, SyncError> {
        if self.media_type() != Some(protocol::CBOR) {
            return Err(self.not_the_endpoint());
        }
        protocol::from_cbor(&self.body).map_err(|_| SyncError::NotTheEndpoint)
    }

    /// The refusal, if the reply is one.
    pub(crate) fn problem(&self) -> Result<Option<WireProblem>, SyncError> {
        let problem = if self.media_type() == Some(Problem::MEDIA_TYPE) && !self.body.is_empty() {
            serde_json::from_slice(&self.body).map_err(|_| SyncError::NotTheEndpoint)?
        } else {
            match self.code() {
                Some(code) => Problem::new(code, ""),
                None => return Ok(None),
            }
        };
        let seconds = self.retry_after.as_deref().and_then(|seconds| seconds.parse::<i64>().ok());
        let retry_after_ms = seconds.map(|seconds| seconds.saturating_mul(1000));
        Ok(Some(WireProblem { problem, retry_after_ms }))
    }

    /// The code of a refusal without a body.
    fn code(&self) -> Option<ProblemCode> {
        let code = self.problem_code.clone().filter(|_| self.status >= 400)?;
        serde_json::from_value(serde_json::Value::String(code)).ok()
    }

    /// Something else answered. A page for people is the login of a hotspot or a notice of a proxy.
    fn not_the_endpoint(&self) -> SyncError {
        match self.media_type() {
            Some("text/html" | "application/xhtml+xml") => SyncError::LoginPage,
            _ => SyncError::NotTheEndpoint,
        }
    }

    fn media_type(&self) -> Option<&str> {
        let value = self.content_type.as_deref()?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }
}

fn without_code(code: ProblemCode) -> Answer {
    Answer::Refused { problem: Problem::new(code, "the endpoint's answer has no body"), retry_after_ms: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, content_type: &str, body: &str) -> WireReply {
        WireReply {
            status,
            content_type: Some(content_type.to_owned()),
            body: body.as_bytes().to_vec(),
            ..WireReply::default()
        }
    }

    #[test]
    fn a_reply_that_is_not_the_endpoints_is_classified() {
        let html = "text/html; charset=utf-8";
        for (reply, error) in [
            (reply(302, html, ""), SyncError::LoginPage),
            (reply(511, html, "<h1>Log in</h1>"), SyncError::LoginPage),
            (reply(200, html, "<h1>Welcome to this hotspot</h1>"), SyncError::LoginPage),
            (reply(403, html, "blocked by the proxy"), SyncError::LoginPage),
            (reply(408, "text/plain", ""), SyncError::Interrupted),
            (reply(502, html, "bad gateway"), SyncError::Unreachable),
            (reply(504, "text/plain", ""), SyncError::Unreachable),
            (reply(200, "image/png", "?"), SyncError::NotTheEndpoint),
            (reply(200, protocol::CBOR, "?"), SyncError::NotTheEndpoint),
            (reply(503, "text/plain", ""), SyncError::Busy),
            (reply(500, "text/plain", ""), SyncError::EndpointInternal),
        ] {
            assert_eq!(reply.answer(Reads::Outcomes), Answer::Failed(error), "{reply:?}");
        }
        assert_eq!(reply(200, html, "").answer(Reads::Offset), Answer::Failed(SyncError::LoginPage));
    }

    #[test]
    fn every_request_but_the_one_for_the_logs_keys_is_proven() {
        let key = DeviceKey::from_seed([7; 32]);
        let hash = evidence::PhotoHash([1; 32]);
        let proof = |call| {
            let request = WireRequest::of(call, &key).unwrap();
            let header =
                |name| request.headers.iter().find(|(of, _)| *of == name).map(|(_, value)| value.clone());
            (header(DEVICE_HEADER), header(PROOF_HEADER), request)
        };
        let expected = |request: &WireRequest, detail| {
            let message = request_proof_message(request.method, &request.path, detail);
            Some(evidence::to_hex(&key.sign_message(&message)))
        };
        let device = Some(key.public().device_id().to_string());

        let (of, proven, request) = proof(Call::Push(vec![vec![1, 2]]));
        assert_eq!((of, proven), (device.clone(), expected(&request, ProofDetail::Body(&request.body))));
        let (of, proven, request) = proof(Call::AskOffset(hash));
        assert_eq!((of, proven), (device.clone(), expected(&request, ProofDetail::Nothing)));
        let (of, proven, request) = proof(Call::SendPiece { hash, offset_bytes: 300, piece: vec![5] });
        assert_eq!((of, proven), (device, expected(&request, ProofDetail::Offset(300))));
        let (of, proven, _) = proof(Call::FetchLogKeys);
        assert_eq!((of, proven), (None, None));
    }

    fn refused_code(reply: &WireReply) -> Option<ProblemCode> {
        match reply.answer(Reads::Offset) {
            Answer::Refused { problem, .. } => Some(problem.code),
            _ => None,
        }
    }

    #[test]
    fn a_refused_head_request_is_classified_by_the_code_in_its_header() {
        let head = |status, code: Option<&str>| WireReply {
            problem_code: code.map(str::to_owned),
            ..reply(status, Problem::MEDIA_TYPE, "")
        };
        for (reply, code) in [
            (head(422, Some("photo_not_an_image")), Some(ProblemCode::PhotoNotAnImage)),
            (head(422, Some("photo_hash_mismatch")), Some(ProblemCode::PhotoHashMismatch)),
            (head(404, Some("photo_unknown")), Some(ProblemCode::PhotoUnknown)),
            (head(429, Some("too_many_requests")), Some(ProblemCode::TooManyRequests)),
            (head(408, Some("request_timeout")), Some(ProblemCode::RequestTimeout)),
            (head(404, None), Some(ProblemCode::PhotoUnknown)),
            (head(422, Some("a_code_of_a_newer_endpoint")), Some(ProblemCode::PhotoHashMismatch)),
            (head(503, None), None),
        ] {
            assert_eq!(refused_code(&reply), code, "{reply:?}");
        }
        let unclear = refused_code(&head(422, None)).unwrap();
        assert!(unclear.is_transient(), "an unclear refusal must not be final: {unclear:?}");
    }
}
