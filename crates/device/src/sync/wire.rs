//! What goes over HTTP, without HTTP: each call as a request, each reply as an answer. The transport and the simulator share
//! it, so that what is simulated is what is sent.

use protocol::{PHOTO_PIECE, Problem, ProblemCode, PushRequest, PushResponse, path};
use serde_bytes::ByteBuf;

use super::core::Answer;
use super::driver::Call;
use crate::view::SyncFault;

/// A request, relative to the endpoint's base address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// `GET`, `HEAD`, `POST` or `PATCH`.
    pub method: &'static str,
    /// Its path.
    pub path: String,
    /// Its headers, the names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Its body; empty where it has none.
    pub body: Vec<u8>,
    /// How its reply is read.
    pub reads: Reads,
}

/// What a reply should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Outcomes of a push.
    Outcomes,
    /// Receipts.
    Receipts,
    /// The log's keys.
    LogKeys,
    /// What the endpoint has to say.
    Inbox,
    /// How much of a photo is held.
    Offset,
}

/// A reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireReply {
    /// Its status.
    pub status: u16,
    /// The headers that matter, as far as they are there.
    pub content_type: Option<String>,
    /// See `content_type`.
    pub upload_offset: Option<String>,
    /// See `content_type`.
    pub retry_after: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

impl WireRequest {
    /// The request that makes a call.
    pub fn of(call: Call) -> Result<Self, SyncFault> {
        let cbor = |path: &str, body: Result<Vec<u8>, _>, reads| match body {
            Ok(body) => {
                let headers = vec![("content-type", protocol::CBOR.to_owned())];
                Ok(Self { method: "POST", path: path.to_owned(), headers, body, reads })
            }
            Err(_) => Err(SyncFault::Storage),
        };
        let bare = |method, path, reads| Self { method, path, headers: Vec::new(), body: Vec::new(), reads };
        match call {
            Call::Push(statements) => {
                let push = PushRequest { statements: statements.into_iter().map(ByteBuf::from).collect() };
                cbor(path::STATEMENTS, protocol::to_cbor(&push), Reads::Outcomes)
            }
            Call::FetchReceipts(asked) => cbor(path::RECEIPTS, protocol::to_cbor(&asked), Reads::Receipts),
            Call::FetchInbox(asked) => cbor(path::INBOX, protocol::to_cbor(&asked), Reads::Inbox),
            Call::FetchLogKeys => Ok(bare("GET", path::LOG_KEYS.to_owned(), Reads::LogKeys)),
            Call::AskOffset(hash) => Ok(bare("HEAD", format!("{}/{hash}", path::PHOTOS), Reads::Offset)),
            Call::SendPiece { hash, offset_bytes, piece } => Ok(Self {
                method: "PATCH",
                path: format!("{}/{hash}", path::PHOTOS),
                headers: vec![
                    ("content-type", PHOTO_PIECE.to_owned()),
                    (protocol::UPLOAD_OFFSET, offset_bytes.to_string()),
                ],
                body: piece,
                reads: Reads::Offset,
            }),
        }
    }
}

impl WireReply {
    /// What the reply says.
    pub fn answer(&self, reads: Reads) -> Answer {
        self.read(reads).unwrap_or_else(Answer::Fault)
    }

    fn read(&self, reads: Reads) -> Result<Answer, SyncFault> {
        if let Some((problem, retry_after_ms)) = self.problem()? {
            return Ok(Answer::Refused { problem, retry_after_ms });
        }
        match self.status {
            200 | 204 => self.answer_of(reads),
            // HEAD has no body, so its refusals have only their status.
            404 if reads == Reads::Offset => {
                Ok(refused(ProblemCode::PhotoUnknown, "the endpoint does not expect it yet"))
            }
            422 if reads == Reads::Offset => {
                Ok(refused(ProblemCode::PhotoNotAnImage, "the endpoint could not read it as a picture"))
            }
            429 | 503 => Err(SyncFault::Busy),
            // 511 is a network's own word for "log in first" (RFC 6585); the endpoint never redirects, and a login page
            // does.
            511 | 300..=399 => Err(SyncFault::LoginPage),
            // A gateway speaks for an endpoint that it cannot reach.
            502 | 504 => Err(SyncFault::Unreachable),
            status if status >= 500 => Err(SyncFault::EndpointFault),
            _ => Err(self.somebody_else()),
        }
    }

    fn answer_of(&self, reads: Reads) -> Result<Answer, SyncFault> {
        match reads {
            Reads::Receipts => self.cbor().map(Answer::Receipts),
            Reads::Outcomes => {
                let PushResponse { outcomes, missing } = self.cbor()?;
                Ok(Answer::Pushed { outcomes, missing })
            }
            Reads::Inbox => self.cbor().map(Answer::Inbox),
            Reads::LogKeys => {
                serde_json::from_slice(&self.body).map(Answer::LogKeys).map_err(|_| self.somebody_else())
            }
            Reads::Offset => {
                let offset = self.upload_offset.as_deref().and_then(|offset| offset.parse().ok());
                offset.map(|offset_bytes| Answer::Held { offset_bytes }).ok_or_else(|| self.somebody_else())
            }
        }
    }

    fn cbor<T: serde::de::DeserializeOwned>(&self) -> Result<T, SyncFault> {
        if self.media_type() != Some(protocol::CBOR) {
            return Err(self.somebody_else());
        }
        protocol::from_cbor(&self.body).map_err(|_| SyncFault::NotTheEndpoint)
    }

    /// The refusal, and how long it asks to wait, when the reply is one.
    pub(crate) fn problem(&self) -> Result<Option<(Problem, Option<i64>)>, SyncFault> {
        if self.media_type() != Some(Problem::MEDIA_TYPE) {
            return Ok(None);
        }
        let problem = serde_json::from_slice(&self.body).map_err(|_| SyncFault::NotTheEndpoint)?;
        let seconds = self.retry_after.as_deref().and_then(|seconds| seconds.parse::<i64>().ok());
        Ok(Some((problem, seconds.map(|seconds| seconds.saturating_mul(1000)))))
    }

    /// Who answered in the endpoint's place: a page for people is a hotspot's login or a proxy's notice.
    fn somebody_else(&self) -> SyncFault {
        match self.media_type() {
            Some("text/html" | "application/xhtml+xml") => SyncFault::LoginPage,
            _ => SyncFault::NotTheEndpoint,
        }
    }

    fn media_type(&self) -> Option<&str> {
        let value = self.content_type.as_deref()?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }
}

fn refused(code: ProblemCode, detail: &str) -> Answer {
    Answer::Refused { problem: Problem::new(code, detail), retry_after_ms: None }
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
    fn whoever_answers_in_the_endpoints_place_is_named() {
        let html = "text/html; charset=utf-8";
        for (reply, fault) in [
            (reply(302, html, ""), SyncFault::LoginPage),
            (reply(511, html, "<h1>Log in</h1>"), SyncFault::LoginPage),
            (reply(200, html, "<h1>Welcome to this hotspot</h1>"), SyncFault::LoginPage),
            (reply(403, html, "blocked by the proxy"), SyncFault::LoginPage),
            (reply(502, html, "bad gateway"), SyncFault::Unreachable),
            (reply(504, "text/plain", ""), SyncFault::Unreachable),
            (reply(200, "image/png", "?"), SyncFault::NotTheEndpoint),
            (reply(200, protocol::CBOR, "?"), SyncFault::NotTheEndpoint),
            (reply(503, "text/plain", ""), SyncFault::Busy),
            (reply(500, "text/plain", ""), SyncFault::EndpointFault),
        ] {
            assert_eq!(reply.answer(Reads::Outcomes), Answer::Fault(fault), "{reply:?}");
        }
        assert_eq!(reply(200, html, "").answer(Reads::Offset), Answer::Fault(SyncFault::LoginPage));
    }
}
