//! Checkpoints: the log's signed word on its size and root, as a short text that can be read out, printed, or sent to a
//! newsroom. It is a signed note in the form that transparency logs use (C2SP tlog-checkpoint), so that tools which we
//! did not write read it too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use super::key::{LogKey, LogPublicKey};
use super::proof::consistency_holds;
use super::tree::NodeHash;

/// Longest note that is read, in bytes.
const NOTE_BYTES_MAX: usize = 1_000;
const ORIGIN_PREFIX: &str = "saksi/log/";
const TIME_PREFIX: &str = "at ";

/// Why a text is not a checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not of the shape of a checkpoint.
    #[error("the checkpoint cannot be read: {0}")]
    Malformed(&'static str),
    /// It is of another log, or the signature does not hold.
    #[error("the checkpoint is not signed by this log's key")]
    BadSignature,
}

/// The log's state at some time, signed by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many statements the log holds.
    pub size: u64,
    /// The root of their tree.
    pub root: NodeHash,
    /// When, by the log's clock, in seconds since 1970.
    pub at_s: i64,
    note: String,
}

impl Checkpoint {
    /// Signs the log's state.
    pub fn sign(key: &LogKey, size: u64, root: NodeHash, at_s: i64) -> Self {
        let origin = origin(key.public());
        let text = format!("{origin}\n{size}\n{}\n{TIME_PREFIX}{at_s}\n", BASE64.encode(root));
        let mut signature = key_hash(key.public(), &origin).to_vec();
        signature.extend(key.sign(text.as_bytes()));
        let note = format!("{text}\n— {origin} {}\n", BASE64.encode(signature));
        Self { size, root, at_s, note }
    }

    /// Reads a note and verifies it under the log's key.
    pub fn parse(note: &str, key: &LogPublicKey) -> Result<Self, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        if note.len() > NOTE_BYTES_MAX {
            return Err(malformed("it is too long"));
        }
        let (text, signatures) =
            note.split_once("\n\n").ok_or(malformed("the blank line before the signature is missing"))?;
        let mut lines = text.split('\n');
        let mut next = || lines.next().ok_or(malformed("a line is missing"));
        let found_origin = next()?;
        let size: u64 = next()?.parse().map_err(|_| malformed("the size is not a number"))?;
        let root = BASE64.decode(next()?).ok().and_then(|bytes| bytes.try_into().ok());
        let root: NodeHash = root.ok_or(malformed("the root is not 32 bytes in base64"))?;
        let at_s = next()?.strip_prefix(TIME_PREFIX).and_then(|seconds| seconds.parse().ok());
        let at_s: i64 = at_s.ok_or(malformed("the time is missing"))?;

        let origin = origin(*key);
        if found_origin != origin {
            return Err(CheckpointError::BadSignature);
        }
        let signature = signatures
            .strip_suffix('\n')
            .and_then(|line| line.strip_prefix("— "))
            .and_then(|line| line.split_once(' '))
            .filter(|(name, _)| *name == origin)
            .and_then(|(_, signature)| BASE64.decode(signature).ok())
            .ok_or(malformed("the signature's line"))?;
        let signed = format!("{text}\n");
        let holds = signature.split_at_checked(4).is_some_and(|(hash, signature)| {
            hash == key_hash(*key, &origin) && key.verify(signed.as_bytes(), signature)
        });
        if !holds {
            return Err(CheckpointError::BadSignature);
        }
        // The text is signed, so only what stands around it could differ: nothing may.
        let canonical = format!("{origin}\n{size}\n{}\n{TIME_PREFIX}{at_s}", BASE64.encode(root));
        if text != canonical {
            return Err(malformed("another encoding than belongs here"));
        }
        Ok(Self { size, root, at_s, note: note.to_owned() })
    }

    /// The signed note.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Whether `proof` shows that this log continues the one of `older`. Where it does not, the two notes together prove
    /// that the log was rewritten: no honest log can have signed both and lack such a proof.
    pub fn continues(&self, older: &Self, proof: &[NodeHash]) -> bool {
        consistency_holds((older.size, older.root), (self.size, self.root), proof)
    }
}

fn origin(key: LogPublicKey) -> String {
    format!("{ORIGIN_PREFIX}{}", key.id())
}

/// Which key signed (C2SP signed-note): the beginning of a hash over name, algorithm (1, Ed25519) and key.
fn key_hash(key: LogPublicKey, name: &str) -> [u8; 4] {
    let digest =
        Sha256::new().chain_update(name).chain_update([b'\n', 1]).chain_update(key.to_bytes()).finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
