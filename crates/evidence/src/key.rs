//! The device's key pair. The secret key leaves this type only to be stored by its owner.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::id::{DeviceId, parse_hex, to_hex};

/// Why bytes are not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot use the bytes as a key: {0}")]
pub struct KeyError(&'static str);

impl KeyError {
    pub(crate) fn new(reason: &'static str) -> Self {
        Self(reason)
    }
}

/// A device's secret key. Dropping it wipes its bytes from memory.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key of a seed of 32 random bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The seed. Store it where no other program can read it.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public key.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes. The caller prepends a context, so that no signature serves two purposes.
    pub fn sign_message(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey of {}", self.public().device_id())
    }
}

/// A device's public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads 32 bytes. Points of small order, under which forged signatures would hold, are refused.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError("not a point on the curve"))?;
        if key.is_weak() { Err(KeyError("a weak key")) } else { Ok(Self(key)) }
    }

    /// Reads 64 lower case hex digits.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&parse_hex(text).map_err(|_| KeyError("not 64 lower case hex digits"))?)
    }

    /// Reads the PEM form (RFC 8410).
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        let der = BASE64.decode(body).map_err(|_| KeyError("not base64 between the lines of a PEM"))?;
        let key = der.strip_prefix(&SPKI_PREFIX).and_then(|key| key.try_into().ok());
        Self::from_bytes(key.ok_or(KeyError("not an Ed25519 key in a PEM"))?)
    }

    /// The key's 32 bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The key as 64 hex digits.
    pub fn to_hex(self) -> String {
        to_hex(&self.to_bytes())
    }

    /// The key in the PEM form (RFC 8410) that other tools read.
    pub fn to_pem(self) -> String {
        let body = BASE64.encode([&SPKI_PREFIX[..], &self.to_bytes()].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// The id of the device.
    pub fn device_id(self) -> DeviceId {
        let digest = Sha256::digest(self.to_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        DeviceId(id)
    }

    /// Whether `signature` is this key's signature over `message`. The strict rules (`verify_strict`) allow
    /// no second form of a signature.
    pub fn verify_message(self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 §4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_or_malformed_public_key_is_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::from_bytes(&identity), Err(KeyError("a weak key")));
        assert!(PublicKey::from_hex("00").is_err());
    }

    #[test]
    fn a_key_never_prints_its_secret() {
        let key = DeviceKey::from_seed([7; 32]);
        assert!(!format!("{key:?}").contains("0707"));
        assert_eq!(PublicKey::from_hex(&key.public().to_hex()), Ok(key.public()));
        assert_eq!(PublicKey::from_pem(&key.public().to_pem()), Ok(key.public()));
        assert!(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----").is_err());
    }
}
