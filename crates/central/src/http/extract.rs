//! Reads requests within limits, and turns what does not fit into problems.

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

/// How long the next bytes of a body may take. A phone on a bad line sends a few every second.
const IDLE: Duration = Duration::from_secs(60);

fn malformed(detail: impl Into<String>) -> Refusal {
    Problem::new(ProblemCode::RequestMalformed, detail).into()
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Whole,
    /// The connection broke, or nothing came any more.
    BrokeOff,
}

impl Ended {
    fn whole(self) -> Result<(), Refusal> {
        match self {
            Self::Whole => Ok(()),
            Self::BrokeOff => Err(malformed("the body broke off or stopped arriving")),
        }
    }
}

/// Reads a body of at most `bytes_max` bytes piece by piece, and stops reading where it becomes longer.
async fn read_body(
    request: Request,
    media_type: &str,
    bytes_max: usize,
    mut take: impl FnMut(&[u8]) -> Result<(), Refusal>,
) -> Result<Ended, Refusal> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !given.eq_ignore_ascii_case(media_type) {
        return Err(malformed(format!("the body should be {media_type}")));
    }
    let too_long = || -> Refusal {
        Problem::new(ProblemCode::BodyTooLong, format!("this address takes at most {bytes_max} bytes")).into()
    };
    let length: Option<usize> = header_number(request.headers(), header::CONTENT_LENGTH.as_str());
    if length.is_some_and(|bytes| bytes > bytes_max) {
        return Err(too_long());
    }
    let mut body: Body = request.into_body();
    let mut taken = 0;
    loop {
        let frame = match tokio::time::timeout(IDLE, body.frame()).await {
            Ok(None) => return Ok(Ended::Whole),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) | Err(_) => return Ok(Ended::BrokeOff),
        };
        if let Ok(piece) = frame.into_data() {
            taken += piece.len();
            if taken > bytes_max {
                return Err(too_long());
            }
            take(&piece)?;
        }
    }
}

async fn body_within(request: Request, media_type: &str, bytes_max: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    read_body(request, media_type, bytes_max, |piece| {
        bytes.extend_from_slice(piece);
        Ok(())
    })
    .await?
    .whole()?;
    Ok(bytes)
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
        let bytes = body_within(request, "application/json", limit::JSON_BYTES).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| malformed(error.to_string()))
    }
}

/// A CBOR body of at most [`limit::PUSH_BYTES`].
pub(crate) struct CborBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for CborBody<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = body_within(request, CBOR, limit::PUSH_BYTES).await?;
        protocol::from_cbor(&bytes).map(Self).map_err(|error| malformed(error.to_string()))
    }
}

/// A piece of a photo, of at most [`limit::PHOTO_PIECE_BYTES`], or as much of it as came before the connection broke: on
/// a bad line every byte that arrived is one that need not be sent again.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    pub(crate) broke_off: bool,
}

impl<S: Send + Sync> FromRequest<S> for Piece {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let mut bytes = Vec::new();
        let ended = read_body(request, PHOTO_PIECE, limit::PHOTO_PIECE_BYTES, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        let broke_off = ended.await? == Ended::BrokeOff;
        Ok(Self { bytes, broke_off })
    }
}

/// A file that came by hand, of at most [`limit::IMPORT_BYTES`]. It lies on disk for a moment, not in memory.
pub(crate) struct CarriedFile(pub(crate) NamedTempFile);

impl<S: Send + Sync> FromRequest<S> for CarriedFile {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let fault = |error: std::io::Error| Refusal::fault("keeping an import for a moment", &error);
        let mut file = NamedTempFile::new().map_err(fault)?;
        read_body(request, "application/octet-stream", limit::IMPORT_BYTES, |piece| {
            file.write_all(piece).map_err(fault)
        })
        .await?
        .whole()?;
        Ok(Self(file))
    }
}

/// What stands behind the question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|error| malformed(error.body_text()))
    }
}

/// The part of the address that names one thing. What cannot be a name names nothing.
pub(crate) struct Named<T>(pub(crate) T);

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let name = Path::<String>::from_request_parts(parts, state).await;
        let name = name.ok().and_then(|Path(name)| name.parse().ok());
        name.map(Self).ok_or_else(|| Problem::new(ProblemCode::NotFound, "not a name of this kind").into())
    }
}

/// Where a request comes from; `None` where no network was in between.
pub(crate) struct Address(pub(crate) Option<IpAddr>);

impl FromRequestParts<Endpoint> for Address {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Self::Rejection> {
        Ok(Self(address_of(&parts.extensions, &parts.headers, endpoint)))
    }
}

/// Where a request comes from: the other end of the connection, or, behind a proxy, whom the proxy names last.
pub(crate) fn address_of(
    extensions: &Extensions,
    headers: &HeaderMap,
    endpoint: &Endpoint,
) -> Option<IpAddr> {
    let named = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let named =
        named.and_then(|value| value.rsplit(',').next()).and_then(|address| address.trim().parse().ok());
    let connected = || extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    if endpoint.behind_proxy { named.or_else(connected) } else { connected() }
}
