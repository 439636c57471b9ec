//! Extractors: they read requests within limits, and answer with problems.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::Extensions;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use protocol::{CBOR, PHOTO_PIECE, Problem, ProblemCode, limit};
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::throttling::buffers::NetworkBuffers;
use crate::view::is_invisible;

/// Timeout of the next bytes of a body. A phone on a bad line sends a few every second.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

fn malformed(detail: impl Into<String>) -> Refusal {
    Problem::new(ProblemCode::RequestMalformed, detail).into()
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyEnd {
    Complete,
    /// The connection broke, or the next bytes did not arrive in time.
    Interrupted,
}

impl BodyEnd {
    fn complete(self) -> Result<(), Refusal> {
        match self {
            Self::Complete => Ok(()),
            Self::Interrupted => Err(interrupted("the body did not arrive completely")),
        }
    }
}

/// The same request may succeed on a better line.
pub(crate) fn interrupted(detail: &str) -> Refusal {
    Problem::new(ProblemCode::RequestTimeout, detail).into()
}

/// Reads a body of at most `bytes_max` bytes, and gives its pieces to `accept`. A longer body is refused as
/// soon as it is longer.
async fn read_body(
    headers: &HeaderMap,
    mut body: Body,
    bytes_max: usize,
    mut accept: impl FnMut(&[u8]) -> Result<(), Refusal>,
) -> Result<BodyEnd, Refusal> {
    let too_long = || -> Refusal {
        let detail = format!("this address accepts at most {bytes_max} bytes");
        Problem::new(ProblemCode::BodyTooLong, detail).into()
    };
    let length: Option<usize> = header_number(headers, header::CONTENT_LENGTH.as_str());
    if length.is_some_and(|bytes| bytes > bytes_max) {
        return Err(too_long());
    }
    let mut received = 0;
    loop {
        let frame = match tokio::time::timeout(IDLE_TIMEOUT, body.frame()).await {
            Ok(None) => return Ok(BodyEnd::Complete),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) | Err(_) => return Ok(BodyEnd::Interrupted),
        };
        if let Ok(piece) = frame.into_data() {
            received += piece.len();
            if received > bytes_max {
                return Err(too_long());
            }
            accept(&piece)?;
        }
    }
}

fn check_media_type(headers: &HeaderMap, wanted: &str) -> Result<(), Refusal> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if given.eq_ignore_ascii_case(wanted) {
        Ok(())
    } else {
        Err(malformed(format!("the body should be {wanted}")))
    }
}

/// All bytes of a body of at most `bytes_max` bytes.
pub(crate) async fn whole_body(parts: &Parts, body: Body, bytes_max: usize) -> Result<Vec<u8>, Refusal> {
    let (bytes, end) = buffered(parts, body, bytes_max).await?;
    end.complete()?;
    Ok(bytes)
}

/// The bytes of a body, as many as arrive. While they arrive, they count for the client's network.
async fn buffered(parts: &Parts, body: Body, bytes_max: usize) -> Result<(Vec<u8>, BodyEnd), Refusal> {
    let mut held = parts.extensions.get::<NetworkBuffers>().map(NetworkBuffers::buffer);
    let mut bytes = Vec::new();
    let end = read_body(&parts.headers, body, bytes_max, |piece| {
        if held.as_mut().is_some_and(|held| !held.grow(piece.len())) {
            return Err(Refusal::busy());
        }
        bytes.extend_from_slice(piece);
        Ok(())
    });
    let end = end.await?;
    Ok((bytes, end))
}

/// The parts of a request whose body has the media type.
fn typed(request: Request, media_type: &str) -> Result<(Parts, Body), Refusal> {
    check_media_type(request.headers(), media_type)?;
    Ok(request.into_parts())
}

async fn typed_body(request: Request, media_type: &str, bytes_max: usize) -> Result<Vec<u8>, Refusal> {
    let (parts, body) = typed(request, media_type)?;
    whole_body(&parts, body, bytes_max).await
}

/// Refuses texts with characters that are not seen but change what is seen, and with those that a database
/// cannot store.
fn check_texts(value: &serde_json::Value) -> Result<(), Refusal> {
    match value {
        serde_json::Value::String(text) => check_text(text),
        serde_json::Value::Array(items) => items.iter().try_for_each(check_texts),
        serde_json::Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            check_text(name)?;
            check_texts(value)
        }),
        _ => Ok(()),
    }
}

fn check_text(text: &str) -> Result<(), Refusal> {
    let is_space = |character| matches!(character, '\n' | '\r' | '\t');
    match text.chars().find(|&character| is_invisible(character) && !is_space(character)) {
        None => Ok(()),
        Some(character) => {
            let code = u32::from(character);
            Err(malformed(format!("a text contains the control character U+{code:04X}")))
        }
    }
}

/// A number in a header.
pub(crate) fn header_number<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// A JSON body of at most [`limit::JSON_BYTES`].
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = typed_body(request, "application/json", limit::JSON_BYTES).await?;
        // The first reading is for its errors, which name the line; the second for the texts that it must not
        // contain.
        let value: T = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        let texts: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        check_texts(&texts)?;
        Ok(Self(value))
    }
}

/// A CBOR body of at most [`limit::PUSH_BYTES`].
pub(crate) struct CborBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for CborBody<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = typed_body(request, CBOR, limit::PUSH_BYTES).await?;
        protocol::from_cbor(&bytes).map(Self).map_err(|error| malformed(error.to_string()))
    }
}

/// A piece of a photo, of at most [`limit::PHOTO_PIECE_BYTES`], or as much of it as arrived before the
/// connection broke. On a bad line no byte should have to be sent again.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_interrupted: bool,
}

impl<S: Send + Sync> FromRequest<S> for Piece {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = typed(request, PHOTO_PIECE)?;
        let (bytes, end) = buffered(&parts, body, limit::PHOTO_PIECE_BYTES).await?;
        Ok(Self { bytes, is_interrupted: end == BodyEnd::Interrupted })
    }
}

/// An uploaded file of at most [`limit::IMPORT_BYTES`]. It is on disk until the request ends, not in memory.
pub(crate) struct UploadedFile(pub(crate) NamedTempFile);

impl<S: Send + Sync> FromRequest<S> for UploadedFile {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let failed = |error: std::io::Error| Refusal::internal("writing a temporary file", &error);
        let mut file = NamedTempFile::new().map_err(failed)?;
        let (parts, body) = typed(request, "application/octet-stream")?;
        read_body(&parts.headers, body, limit::IMPORT_BYTES, |piece| file.write_all(piece).map_err(failed))
            .await?
            .complete()?;
        Ok(Self(file))
    }
}

/// The query string, with errors in our format.
pub(crate) struct QueryParams<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        let Query(texts) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| malformed(error.body_text()))?;
        texts.iter().try_for_each(|(_, text)| check_text(text))?;
        query.map(|Query(params)| Self(params)).map_err(|error| malformed(error.body_text()))
    }
}

/// The id in the path. A text that cannot be an id names nothing: 404.
pub(crate) struct PathId<T>(pub(crate) T);

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        let id = id.ok().and_then(|Path(id)| id.parse().ok());
        id.map(Self).ok_or_else(|| Problem::new(ProblemCode::NotFound, "not an id of this kind").into())
    }
}

/// The address of the client; `None` for a call inside the process.
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl FromRequestParts<Endpoint> for ClientAddress {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Self::Rejection> {
        Ok(Self(address_of(&parts.extensions, &parts.headers, endpoint)))
    }
}

/// The address of the client: the other end of the connection or, behind a proxy, the last address that the
/// proxy names.
pub(crate) fn address_of(
    extensions: &Extensions,
    headers: &HeaderMap,
    endpoint: &Endpoint,
) -> Option<IpAddr> {
    let forwarded =
        headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let forwarded =
        forwarded.and_then(|value| value.rsplit(',').next()).and_then(|address| address.trim().parse().ok());
    let connected = || extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    if endpoint.behind_proxy() { forwarded.or_else(connected) } else { connected() }
}
