//! A single statement as one QR code, from screen to camera.
//!
//! The code has a text: `SAKSI1:` and the statement in base 45 (RFC 9285), for the alphanumeric mode of QR
//! codes. It costs 3 % more than raw bytes, and works with readers that return text only.

mod base45;
mod picture;

pub use picture::Picture;

/// Maximum length of a statement in a code, in bytes. The tally of a presidential contest has less than 600.
pub const QR_BYTES_MAX: usize = 1_800;

const PREFIX: &str = "SAKSI1:";

/// Why a text has no statement, or a statement has no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The text of another kind of code.
    #[error("cannot use the code: it is not that of a statement")]
    Other,
    /// Not base 45.
    #[error("cannot read the code: it is damaged")]
    Damaged,
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
    Ok(format!("{PREFIX}{}", base45::encode(statement)))
}

/// The statement's bytes from the text of a code. Whether they are a statement is for
/// [`crate::Unverified::parse`].
pub fn statement(text: &str) -> Result<Vec<u8>, QrError> {
    let encoded = text.strip_prefix(PREFIX).ok_or(QrError::Other)?;
    let bytes = encoded.len() / 3 * 2 + encoded.len() % 3 / 2;
    if bytes > QR_BYTES_MAX {
        return Err(QrError::TooLong { bytes });
    }
    base45::decode(encoded).ok_or(QrError::Damaged)
}
