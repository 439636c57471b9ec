//! The items of a bundle.

use coset::cbor::value::Value;
use sha2::{Digest, Sha256};

use super::PHOTO_BYTES_MAX;
use super::verdict::{RECORD_BYTES_MAX, VerdictRecord};
use crate::STATEMENT_BYTES_MAX;
use crate::cbor::{self, DecodeError};
use crate::key::PublicKey;
use crate::log::{
    LogPublicKey, NOTE_BYTES_MAX, NodeHash, RECEIPT_BYTES_MAX, ROTATION_BYTES, Receipt, Rotation,
    UnverifiedCheckpoint,
};
use crate::statement::{Namespace, Unverified};

/// The kinds of items, in their order in the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A device's public key.
    DeviceKey,
    /// A log's public key.
    LogKey,
    /// A change of a log's key.
    Rotation,
    /// A checkpoint.
    Checkpoint,
    /// A proof between two sizes of a log.
    Consistency,
    /// A statement.
    Statement,
    /// A receipt.
    Receipt,
    /// What the endpoint says was decided.
    Verdict,
    /// A photo.
    Photo,
}

impl Kind {
    /// All kinds, in their order.
    pub const ALL: [Self; 9] = [
        Self::DeviceKey,
        Self::LogKey,
        Self::Rotation,
        Self::Checkpoint,
        Self::Consistency,
        Self::Statement,
        Self::Receipt,
        Self::Verdict,
        Self::Photo,
    ];

    /// The kind's number, from 1.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::DeviceKey => 1,
            Self::LogKey => 2,
            Self::Rotation => 3,
            Self::Checkpoint => 4,
            Self::Consistency => 5,
            Self::Statement => 6,
            Self::Receipt => 7,
            Self::Photo => 8,
            // Added later.
            Self::Verdict => 9,
        }
    }

    pub(super) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Maximum length of the content, in bytes.
    pub(super) fn bytes_max(self) -> usize {
        match self {
            Self::DeviceKey | Self::LogKey => 32,
            Self::Rotation => ROTATION_BYTES,
            Self::Checkpoint => NOTE_BYTES_MAX,
            Self::Consistency => 8 * 1024,
            Self::Statement => STATEMENT_BYTES_MAX,
            Self::Receipt => RECEIPT_BYTES_MAX,
            Self::Verdict => RECORD_BYTES_MAX,
            Self::Photo => PHOTO_BYTES_MAX,
        }
    }
}

/// One item of a bundle. It is well formed and not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A device's public key, to verify its statements with, if its name is trusted.
    DeviceKey(PublicKey),
    /// A log's public key.
    LogKey(LogPublicKey),
    /// A change of a log's key.
    Rotation(Box<Rotation>),
    /// A checkpoint, a signed note.
    Checkpoint(String),
    /// A proof between two sizes of a log.
    Consistency(Consistency),
    /// A statement, in the bytes that were signed.
    Statement(Vec<u8>),
    /// A receipt. It names its statement.
    Receipt(Vec<u8>),
    /// What the endpoint says was decided.
    Verdict(VerdictRecord),
    /// A photo, named by the hash of these bytes.
    Photo(Vec<u8>),
}

/// The proof that a log of `to` statements continues that of `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistency {
    /// The smaller size.
    pub from: u64,
    /// The larger size.
    pub to: u64,
    /// The hashes (RFC 9162 §2.1.4.1).
    pub proof: Vec<NodeHash>,
}

/// Maximum length of a proof, in hashes: that of a tree with 2^63 leaves.
const PROOF_LENGTH_MAX: usize = 128;

impl Consistency {
    fn write(&self) -> Vec<u8> {
        let proof = self.proof.iter().map(|hash| Value::Bytes(hash.to_vec())).collect();
        cbor::write(&Value::Array(vec![Value::from(self.from), Value::from(self.to), Value::Array(proof)]))
    }

    /// Reads the CBOR array of three in a bundle.
    pub fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut reader = cbor::Reader::new(bytes);
        reader.array_of(3)?;
        let (from, to) = (reader.unsigned()?, reader.unsigned()?);
        let proof = (0..reader.array(PROOF_LENGTH_MAX)?).map(|_| reader.hash()).collect::<Result<_, _>>()?;
        reader.end()?;
        if from > to { Err("a proof backwards") } else { Ok(Self { from, to, proof }) }
    }
}

impl Item {
    /// The kind, which decides the position in the bundle.
    pub fn kind(&self) -> Kind {
        match self {
            Self::DeviceKey(_) => Kind::DeviceKey,
            Self::LogKey(_) => Kind::LogKey,
            Self::Rotation(_) => Kind::Rotation,
            Self::Checkpoint(_) => Kind::Checkpoint,
            Self::Consistency(_) => Kind::Consistency,
            Self::Statement(_) => Kind::Statement,
            Self::Receipt(_) => Kind::Receipt,
            Self::Verdict(_) => Kind::Verdict,
            Self::Photo(_) => Kind::Photo,
        }
    }

    /// The sort key: the kind, then the SHA-256 of the content. For statements and photos that is their id.
    pub fn order(&self) -> (Kind, [u8; 32]) {
        (self.kind(), Sha256::digest(self.content()).into())
    }

    /// The namespace of a statement that can be read; the other kinds of items have none.
    pub(super) fn namespace(&self) -> Option<Namespace> {
        match self {
            Self::Statement(bytes) => Unverified::parse(bytes).ok().map(|read| read.subject().namespace),
            _ => None,
        }
    }

    pub(super) fn content(&self) -> std::borrow::Cow<'_, [u8]> {
        match self {
            Self::DeviceKey(key) => key.to_bytes().to_vec().into(),
            Self::LogKey(key) => key.to_bytes().to_vec().into(),
            Self::Rotation(rotation) => rotation.to_bytes().to_vec().into(),
            Self::Checkpoint(note) => note.as_bytes().into(),
            Self::Consistency(consistency) => consistency.write().into(),
            Self::Verdict(record) => record.write().into(),
            Self::Statement(bytes) | Self::Receipt(bytes) | Self::Photo(bytes) => bytes.into(),
        }
    }

    pub(super) fn read(kind: Kind, content: Vec<u8>) -> Result<Self, DecodeError> {
        let key =
            |content: &[u8]| <[u8; 32]>::try_from(content).map_err(|_| "a key that is not 32 bytes long");
        match kind {
            Kind::DeviceKey => PublicKey::from_bytes(&key(&content)?)
                .map(Self::DeviceKey)
                .map_err(|_| "an invalid key of a device"),
            Kind::LogKey => LogPublicKey::from_bytes(&key(&content)?)
                .map(Self::LogKey)
                .map_err(|_| "an invalid key of a log"),
            Kind::Rotation => Rotation::from_bytes(&content)
                .map(|rotation| Self::Rotation(Box::new(rotation)))
                .map_err(|_| "a change of key that cannot be read"),
            Kind::Checkpoint => {
                let note = String::from_utf8(content).map_err(|_| "a checkpoint that is not a text")?;
                match UnverifiedCheckpoint::parse(&note) {
                    Ok(_) => Ok(Self::Checkpoint(note)),
                    Err(_) => Err("a checkpoint that cannot be read"),
                }
            }
            Kind::Consistency => Consistency::parse(&content).map(Self::Consistency),
            Kind::Statement => match Unverified::parse(&content) {
                Ok(_) => Ok(Self::Statement(content)),
                Err(_) => Err("a statement that cannot be read"),
            },
            Kind::Receipt => match Receipt::parse(&content) {
                Ok(_) => Ok(Self::Receipt(content)),
                Err(_) => Err("a receipt that cannot be read"),
            },
            Kind::Verdict => VerdictRecord::parse(&content).map(Self::Verdict),
            Kind::Photo if content.is_empty() => Err("an empty photo"),
            Kind::Photo => Ok(Self::Photo(content)),
        }
    }
}
