//! A single statement as one QR code, from screen to camera.
//!
//! The code has a text: `SAKSI1:` and the statement in base 45 (RFC 9285), for the alphanumeric mode of QR
//! codes. It costs 3 % more than raw bytes, and works with readers that return text only. A drill's code
//! begins with `LATIHAN1:`, so that everybody who scans it sees at once what it is.

mod base45;
mod picture;

pub use picture::Picture;

use crate::statement::{Namespace, OtherNamespace, Unverified};

/// Maximum length of a statement in a code, in bytes. The tally of a presidential contest has less than 600.
pub const QR_BYTES_MAX: usize = 1_800;

fn prefix(namespace: Namespace) -> &'static str {
    match namespace {
        Namespace::Real => "SAKSI1:",
        Namespace::Drill => "LATIHAN1:",
    }
}

/// The namespace of a statement. Bytes that are none are none of a drill.
fn namespace_of(statement: &[u8]) -> Namespace {
    Unverified::parse(statement).map_or(Namespace::Real, |read| read.subject().namespace)
}

/// Why a text has no statement, or a statement has no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The text of another kind of code.
    #[error("cannot use the code: it is not that of a statement")]
    Other,
    /// Not base 45.
    #[error("cannot read the code: it is damaged")]
    Damaged,
    /// It is of a drill where the real count reads, or the reverse; or its beginning and its statement
    /// differ.
    #[error(transparent)]
    OtherNamespace(#[from] OtherNamespace),
    /// Longer than [`QR_BYTES_MAX`].
    #[error("cannot make a code of a statement of {bytes} bytes: the maximum is {QR_BYTES_MAX}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

/// The text of the code for a statement's bytes.
pub fn text(statement: &[u8]) -> Result<String, QrError> {
    if statement.len() > QR_BYTES_MAX {
        return Err(QrError::TooLong { bytes: statement.len() });
    }
    Ok(format!("{}{}", prefix(namespace_of(statement)), base45::encode(statement)))
}

/// The statement's bytes from the text of a code of any namespace. Whether they are a statement is for
/// [`Unverified::parse`].
pub fn statement(text: &str) -> Result<Vec<u8>, QrError> {
    let known = Namespace::ALL.into_iter().find(|namespace| text.starts_with(prefix(*namespace)));
    statement_of(known.ok_or(QrError::Other)?, text)
}

/// The same for a reader of one namespace: a code of the other is refused.
pub fn statement_of(namespace: Namespace, text: &str) -> Result<Vec<u8>, QrError> {
    let known = Namespace::ALL.into_iter().find_map(|n| Some((n, text.strip_prefix(prefix(n))?)));
    let (found, encoded) = known.ok_or(QrError::Other)?;
    namespace.expect(found)?;
    let bytes = encoded.len() / 3 * 2 + encoded.len() % 3 / 2;
    if bytes > QR_BYTES_MAX {
        return Err(QrError::TooLong { bytes });
    }
    let statement = base45::decode(encoded).ok_or(QrError::Damaged)?;
    namespace.expect(namespace_of(&statement))?;
    Ok(statement)
}
