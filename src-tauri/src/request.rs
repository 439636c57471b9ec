//! Commands whose body is bytes: a photo or a bundle.

use std::borrow::Cow;
use std::num::ParseIntError;
use std::ops::Deref;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use device::view::{Failure, FailureCode};
use tauri::ipc::{InvokeBody, Request};

use crate::failure::CommandFailure;

/// The bytes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bytes<'a>(Cow<'a, [u8]>);

impl<'a> Bytes<'a> {
    pub(crate) fn of(request: &'a Request<'_>) -> Result<Self, CommandFailure> {
        Self::in_body(request.body()).ok_or_else(|| missing("the body is not bytes"))
    }

    /// Tauri carries raw bodies everywhere but on Android, where a body is JSON. There the screens send a
    /// text in base64 (`ui/src/witness/body.ts`): as an array of numbers, which Tauri makes of bytes by
    /// itself, a photo of 4 MB would need more than 100 MB here.
    fn in_body(body: &'a InvokeBody) -> Option<Self> {
        match body {
            InvokeBody::Raw(bytes) => Some(Self(Cow::Borrowed(bytes))),
            InvokeBody::Json(json) => {
                let text = json.as_object()?.get("base64")?.as_str()?;
                BASE64_STANDARD.decode(text).ok().map(|bytes| Self(Cow::Owned(bytes)))
            }
        }
    }
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// A header that says what the bytes belong to.
pub(crate) fn header<T: FromStr>(request: &Request<'_>, name: &str) -> Result<T, CommandFailure>
where
    T::Err: std::fmt::Display,
{
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    let value = value.ok_or_else(|| missing(&format!("the header {name} is missing")))?;
    value.parse().map_err(|error| missing(&format!("the header {name} is malformed: {error}")))
}

/// A header that may be absent.
pub(crate) fn optional_header<T: FromStr>(
    request: &Request<'_>,
    name: &str,
) -> Result<Option<T>, CommandFailure>
where
    T::Err: std::fmt::Display,
{
    match request.headers().contains_key(name) {
        true => header(request, name).map(Some),
        false => Ok(None),
    }
}

/// The lengths of the pieces of a body, in bytes: `1200,3400`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lengths(pub(crate) Vec<usize>);

impl FromStr for Lengths {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.split(',').map(|length| length.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

/// The pieces of a body. Their lengths must add up to its own.
pub(crate) fn pieces<'a>(mut body: &'a [u8], lengths: &[usize]) -> Result<Vec<&'a [u8]>, CommandFailure> {
    let mut pieces = Vec::new();
    for &length in lengths {
        let (piece, rest) =
            body.split_at_checked(length).ok_or_else(|| missing("the body is shorter than its pieces"))?;
        pieces.push(piece);
        body = rest;
    }
    match body {
        [] => Ok(pieces),
        _ => Err(missing("the body is longer than its pieces")),
    }
}

fn missing(detail: &str) -> CommandFailure {
    CommandFailure(Failure { code: FailureCode::BytesMissing, detail: detail.to_owned() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_come_raw_or_as_text() {
        let raw = InvokeBody::Raw(vec![0, 127, 255]);
        let text = InvokeBody::Json(json!({ "base64": "AH//" }));
        assert_eq!(&*Bytes::in_body(&raw).unwrap(), &[0, 127, 255]);
        assert_eq!(Bytes::in_body(&text), Bytes::in_body(&raw));
        assert!(Bytes::in_body(&InvokeBody::Json(json!({ "base64": "" }))).unwrap().is_empty());
    }

    #[test]
    fn other_bodies_are_not_bytes() {
        for body in [json!({}), json!(null), json!("AAAA"), json!([1]), json!({ "base64": "AA-_" })] {
            assert_eq!(Bytes::in_body(&InvokeBody::Json(body.clone())), None, "{body}");
        }
    }

    #[test]
    fn a_body_is_divided_into_exactly_its_pieces() {
        assert_eq!("2, 0,3".parse(), Ok(Lengths(vec![2, 0, 3])));
        for wrong in ["", "2,", "-1", "a"] {
            assert!(wrong.parse::<Lengths>().is_err(), "{wrong:?}");
        }
        let divided = pieces(b"abcde", &[2, 0, 3]).ok();
        assert_eq!(divided, Some(vec![&b"ab"[..], b"", b"cde"]));
        assert!(pieces(b"abcde", &[2, 2]).is_err());
        assert!(pieces(b"abcde", &[2, 4]).is_err());
    }

    #[test]
    fn a_command_without_its_bytes_has_a_code_of_its_own() {
        assert_eq!(missing("the header page is missing").0.code, FailureCode::BytesMissing);
    }
}
