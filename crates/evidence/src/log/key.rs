//! The log's key, and its rotation.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::id::{parse_hex, to_hex};
use crate::key::{DeviceKey, KeyError, PublicKey};
use crate::statement::Namespace;

/// The id of a log: the first 16 bytes of the SHA-256 of its public key.
pub type LogId = crate::id::DeviceId;

/// Length of a rotation, in bytes.
pub(crate) const ROTATION_BYTES: usize = 128;
const ROTATION_CONTEXT: &[u8] = b"saksi-log-rotation-v1\0";
/// What the seed of a drill's log is hashed with.
const DRILL_CONTEXT: &[u8] = b"saksi-drill-log-v1\0";

/// What the seed of the key for the audit is hashed with.
const AUDIT_CONTEXT: &[u8] = b"saksi-audit-key-v1\0";

/// A log's secret key.
pub struct LogKey {
    key: DeviceKey,
    seed: Zeroizing<[u8; 32]>,
}

impl LogKey {
    /// The key of a seed of 32 random bytes, for the real count.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self { key: DeviceKey::from_seed(seed), seed: Zeroizing::new(seed) }
    }

    /// The key of a seed, for one namespace. A drill's log has another key than the real count's, even if
    /// both have the same seed: else checkpoints of the one would contradict those of the other.
    pub fn of(namespace: Namespace, seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        let key = match namespace {
            Namespace::Real => DeviceKey::from_seed(*seed),
            Namespace::Drill => {
                let digest = Sha256::new().chain_update(DRILL_CONTEXT).chain_update(*seed).finalize();
                DeviceKey::from_seed(digest.into())
            }
        };
        Self { key, seed }
    }

    /// The seed. Store it apart from the log's database.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        self.seed.clone()
    }

    /// The key with which the endpoint signs statements about its own audit. It follows from the seed, so
    /// that replicas have the same one.
    pub fn audit_key(&self) -> DeviceKey {
        let digest = Sha256::new().chain_update(AUDIT_CONTEXT).chain_update(*self.seed).finalize();
        DeviceKey::from_seed(digest.into())
    }

    /// The public key.
    pub fn public(&self) -> LogPublicKey {
        LogPublicKey(self.key.public())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign_message(message)
    }

    /// Hands the log over to `next`: this key's signature on the next public key.
    pub fn hand_over_to(&self, next: LogPublicKey) -> Rotation {
        Rotation {
            old: self.public(),
            new: next,
            signature: self.sign(&handover_message(self.public(), next)),
        }
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey of {}", self.public().id())
    }
}

/// A log's public key. Devices pin it when they join.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LogPublicKey(PublicKey);

impl LogPublicKey {
    /// Reads 64 lower case hex digits.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        PublicKey::from_hex(text).map(Self)
    }

    /// Reads 32 bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        PublicKey::from_bytes(bytes).map(Self)
    }

    /// The key in the PEM form (RFC 8410) that other tools read.
    pub fn to_pem(self) -> String {
        self.0.to_pem()
    }

    /// The key as 64 hex digits.
    pub fn to_hex(self) -> String {
        self.0.to_hex()
    }

    /// The key's 32 bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The id of the log.
    pub fn id(self) -> LogId {
        self.0.device_id()
    }

    pub(crate) fn verify(self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_message(message, signature)
    }

    /// The newest key of a chain of rotations that starts at this one. `None` if a link does not hold.
    pub fn follow(self, rotations: &[Rotation]) -> Option<Self> {
        rotations
            .iter()
            .try_fold(self, |key, rotation| (rotation.old == key && rotation.holds()).then_some(rotation.new))
    }
}

impl fmt::Debug for LogPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogPublicKey({})", self.to_hex())
    }
}

/// One key's signature on the next. A client that pinned the old key can trust the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// The key that signed until then.
    pub old: LogPublicKey,
    /// The key that signs from then on.
    pub new: LogPublicKey,
    /// The old key's signature on both.
    pub signature: [u8; 64],
}

impl Rotation {
    /// Whether the old key signed.
    pub fn holds(&self) -> bool {
        self.old.verify(&handover_message(self.old, self.new), &self.signature)
    }

    /// Old key, new key and signature, concatenated.
    pub fn to_bytes(&self) -> [u8; ROTATION_BYTES] {
        let mut bytes = [0; ROTATION_BYTES];
        bytes[..32].copy_from_slice(&self.old.to_bytes());
        bytes[32..64].copy_from_slice(&self.new.to_bytes());
        bytes[64..].copy_from_slice(&self.signature);
        bytes
    }

    /// The inverse of [`Rotation::to_bytes`]. The signature is not verified.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let wrong = || KeyError::new("a rotation has 128 bytes");
        let (old, rest) = bytes.split_first_chunk::<32>().ok_or_else(wrong)?;
        let (new, rest) = rest.split_first_chunk::<32>().ok_or_else(wrong)?;
        let signature = rest.try_into().map_err(|_| wrong())?;
        Ok(Self { old: LogPublicKey::from_bytes(old)?, new: LogPublicKey::from_bytes(new)?, signature })
    }

    /// [`Rotation::to_bytes`] as 256 hex digits.
    pub fn to_hex(&self) -> String {
        to_hex(&self.to_bytes())
    }

    /// The inverse of [`Rotation::to_hex`]. The signature is not verified.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let bytes = parse_hex::<ROTATION_BYTES>(text);
        Self::from_bytes(&bytes.map_err(|_| KeyError::new("a rotation is 256 lower case hex digits"))?)
    }
}

fn handover_message(old: LogPublicKey, new: LogPublicKey) -> Vec<u8> {
    [ROTATION_CONTEXT, &old.to_bytes(), &new.to_bytes()].concat()
}
