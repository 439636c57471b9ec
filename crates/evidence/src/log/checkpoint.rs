//! Checkpoints: the signed size and root of the log, as a short text that can be read out, printed or
//! published. The format is the signed note of transparency logs (C2SP tlog-checkpoint), which other tools
//! can read too.
//!
//! ```text
//! saksi/log/LOG
//! SIZE
//! BASE64 OF THE ROOT
//! at SECONDS
//!
//! — saksi/log/LOG BASE64 OF KEY HASH AND SIGNATURE
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use super::key::{LogId, LogKey, LogPublicKey};
use super::proof::consistency_holds;
use super::tree::NodeHash;

/// Maximum length of a note, in bytes.
pub(crate) const NOTE_BYTES_MAX: usize = 1_000;
const ORIGIN_PREFIX: &str = "saksi/log/";
const TIME_PREFIX: &str = "at ";

/// Why a text cannot be used as a checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not of the shape of a checkpoint.
    #[error("cannot read the checkpoint: {0}")]
    Malformed(&'static str),
    /// It is of another log, or the signature does not hold.
    #[error("cannot trust the checkpoint: it is not signed by this log's key")]
    BadSignature,
}

/// The state of the log at one time, signed by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of statements in the log.
    pub size: u64,
    /// The root of their tree.
    pub root: NodeHash,
    /// Time of signing by the log's clock, in seconds since 1970.
    pub at_s: i64,
    note: String,
}

/// A checkpoint that is parsed and not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCheckpoint {
    log: LogId,
    key_hash: [u8; 4],
    signature: [u8; 64],
    checkpoint: Checkpoint,
}

impl Checkpoint {
    /// Signs the state of the log.
    pub fn sign(key: &LogKey, size: u64, root: NodeHash, at_s: i64) -> Self {
        let public = key.public();
        let text = text(public.id(), size, &root, at_s);
        let note = note(public.id(), &text, key_hash(public), &key.sign(text.as_bytes()));
        Self { size, root, at_s, note }
    }

    /// Reads a note and verifies it under the log's key.
    pub fn parse(note: &str, key: &LogPublicKey) -> Result<Self, CheckpointError> {
        UnverifiedCheckpoint::parse(note)?.verify(key)
    }

    /// The signed note.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Whether `proof` shows that this log continues the one of `older`. If no proof does, the two notes
    /// prove that the log was rewritten: an honest log that signed both has such a proof.
    pub fn continues(&self, older: &Self, proof: &[NodeHash]) -> bool {
        consistency_holds((older.size, older.root), (self.size, self.root), proof)
    }
}

impl UnverifiedCheckpoint {
    /// Reads a note strictly: our text with our one signature. Remove further signatures, such as those of
    /// C2SP witnesses, before.
    pub fn parse(note: &str) -> Result<Self, CheckpointError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(CheckpointError::Malformed("it is too long"));
        }
        read(note).map_err(CheckpointError::Malformed)
    }

    /// The log that it claims to be from.
    pub fn log(&self) -> LogId {
        self.log
    }

    /// The unverified content. Use it only to show it as such.
    pub fn unproved(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The checkpoint, if it is of this key's log and the signature holds.
    pub fn verify(self, key: &LogPublicKey) -> Result<Checkpoint, CheckpointError> {
        let Checkpoint { size, ref root, at_s, .. } = self.checkpoint;
        let signed = text(self.log, size, root, at_s);
        let holds = self.log == key.id()
            && self.key_hash == key_hash(*key)
            && key.verify(signed.as_bytes(), &self.signature);
        if holds { Ok(self.checkpoint) } else { Err(CheckpointError::BadSignature) }
    }
}

/// The text that is signed.
fn text(log: LogId, size: u64, root: &NodeHash, at_s: i64) -> String {
    format!("{ORIGIN_PREFIX}{log}\n{size}\n{}\n{TIME_PREFIX}{at_s}\n", BASE64.encode(root))
}

fn note(log: LogId, text: &str, key_hash: [u8; 4], signature: &[u8; 64]) -> String {
    let signed = BASE64.encode([&key_hash[..], signature].concat());
    format!("{text}\n— {ORIGIN_PREFIX}{log} {signed}\n")
}

fn read(found: &str) -> Result<UnverifiedCheckpoint, &'static str> {
    let mut lines = found.split('\n');
    let mut next = || lines.next().ok_or("a line is missing");
    let log = next()?.strip_prefix(ORIGIN_PREFIX).and_then(|hex| hex.parse().ok());
    let log: LogId = log.ok_or("the first line does not name a log")?;
    let size: u64 = next()?.parse().map_err(|_| "the size is not a number")?;
    let root = BASE64.decode(next()?).ok().and_then(|bytes| bytes.try_into().ok());
    let root: NodeHash = root.ok_or("the root is not 32 bytes in base64")?;
    let at_s = next()?.strip_prefix(TIME_PREFIX).and_then(|seconds| seconds.parse().ok());
    let at_s: i64 = at_s.ok_or("the time is missing")?;
    next()?;
    let signed = next()?.rsplit(' ').next().and_then(|signed| BASE64.decode(signed).ok());
    let signed: [u8; 68] = signed.and_then(|bytes| bytes.try_into().ok()).ok_or("the signature's line")?;
    let (mut key_hash, mut signature) = ([0; 4], [0; 64]);
    key_hash.copy_from_slice(&signed[..4]);
    signature.copy_from_slice(&signed[4..]);
    // Signs, leading zeros, spaces and further lines all show as a difference here.
    if note(log, &text(log, size, &root, at_s), key_hash, &signature) != found {
        return Err("another encoding than belongs here");
    }
    let checkpoint = Checkpoint { size, root, at_s, note: found.to_owned() };
    Ok(UnverifiedCheckpoint { log, key_hash, signature, checkpoint })
}

/// The key hash of a signed note (C2SP signed-note): the start of a hash over name, algorithm (1, Ed25519)
/// and key.
fn key_hash(key: LogPublicKey) -> [u8; 4] {
    let name = format!("{ORIGIN_PREFIX}{}", key.id());
    let digest =
        Sha256::new().chain_update(name).chain_update([b'\n', 1]).chain_update(key.to_bytes()).finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
