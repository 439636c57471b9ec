//! A single statement as one QR code, from screen to camera.
//!
//! The code holds a text: `SAKSI1:` and the statement in base 45 (RFC 9285). That is what the alphanumeric mode of QR
//! codes is made for, costs 3 % over raw bytes, and comes whole through readers that hand on nothing but text.

mod base45;
mod picture;

pub use picture::Picture;

/// Longest statement that is put into a code, in bytes. One of a presidential contest has below 600.
pub const QR_BYTES_MAX: usize = 1_800;

const PREFIX: &str = "SAKSI1:";

/// Why there is no statement in a text, or no code for a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The text of another sort of code.
    #[error("this is not a code of a statement")]
    Other,
    /// Not base 45.
    #[error("the code is damaged")]
    Damaged,
    /// Longer than [`QR_BYTES_MAX`].
    #[error("the statement has {bytes} bytes; at most {QR_BYTES_MAX} go into a code")]
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

/// The statement's bytes from the text of a code. Whether they are a statement is for [`crate::Unverified::parse`].
pub fn statement(text: &str) -> Result<Vec<u8>, QrError> {
    let encoded = text.strip_prefix(PREFIX).ok_or(QrError::Other)?;
    let bytes = encoded.len() / 3 * 2 + encoded.len() % 3 / 2;
    if bytes > QR_BYTES_MAX {
        return Err(QrError::TooLong { bytes });
    }
    base45::decode(encoded).ok_or(QrError::Damaged)
}
