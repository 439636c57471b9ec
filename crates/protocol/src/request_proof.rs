//! The proof that a request comes from an enrolled device: a signature over its method, path and content.
//!
//! Every request after the enrolment carries it: the push, the receipts, `HEAD` and `PATCH` of photos, the
//! inbox. A courier signs with its own key, and not with that of the statements. The bytes of a photo piece
//! are not signed, because the hash of the photo proves them. A proof has no time and can be repeated by who
//! saw it, which is harmless: repeating any of these requests changes nothing.

use evidence::StatementId;
use sha2::{Digest as _, Sha256};

/// The header with the id of the device, in hex.
pub const DEVICE_HEADER: &str = "saksi-device";
/// The header with the device's Ed25519 signature over [`request_proof_message`], in hex.
pub const PROOF_HEADER: &str = "saksi-proof";

/// The context of the signature, so that it serves no other purpose.
const CONTEXT: &[u8] = b"saksi-request-v1\0";

/// The part of a request that the proof covers besides its method and path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofDetail<'a> {
    /// `HEAD`: nothing else.
    Nothing,
    /// `POST`: the SHA-256 of the body.
    Body(&'a [u8]),
    /// `PATCH`: the value of `Upload-Offset`, in 8 bytes, big-endian.
    Offset(u64),
}

/// The message that a device signs for a request. `path` has no query and no host: `/v1/statements`.
pub fn request_proof_message(method: &str, path: &str, detail: ProofDetail<'_>) -> Vec<u8> {
    let mut message = CONTEXT.to_vec();
    message.extend_from_slice(method.as_bytes());
    message.push(0);
    message.extend_from_slice(path.as_bytes());
    message.push(0);
    match detail {
        ProofDetail::Nothing => {}
        ProofDetail::Body(body) => message.extend_from_slice(&Sha256::digest(body)),
        ProofDetail::Offset(offset) => message.extend_from_slice(&offset.to_be_bytes()),
    }
    message
}

/// The 64 bytes of a signature, in hex.
pub fn signature_of_hex(text: &str) -> Option<[u8; 64]> {
    let (first, second) = text.split_at_checked(64)?;
    let half = |hex: &str| hex.parse::<StatementId>().ok();
    let (first, second) = (half(first)?, half(second)?);
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&first.0);
    bytes[32..].copy_from_slice(&second.0);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_the_documented_form() {
        assert_eq!(
            request_proof_message("HEAD", "/v1/photos/ab", ProofDetail::Nothing),
            b"saksi-request-v1\0HEAD\0/v1/photos/ab\0"
        );
        assert_eq!(
            request_proof_message("PATCH", "/v1/photos/ab", ProofDetail::Offset(258)),
            b"saksi-request-v1\0PATCH\0/v1/photos/ab\0\0\0\0\0\0\0\x01\x02"
        );
        let post = request_proof_message("POST", "/v1/statements", ProofDetail::Body(b""));
        assert_eq!(post.len(), b"saksi-request-v1\0POST\0/v1/statements\0".len() + 32);
        assert!(post.ends_with(&Sha256::digest(b"")));
    }
}
