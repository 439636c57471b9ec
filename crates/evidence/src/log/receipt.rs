//! Receipts: the log's signed proof that a statement is in it (COSE Receipts, RFC 9942, over RFC 9162
//! SHA-256).
//!
//! The standard signs the root only; the proof is not signed. One path can lead to one root in trees of
//! several sizes. So our receipts sign the size too, as a private claim. With a fixed size each leaf has its
//! own path, and no bit of a receipt can be changed.

use coset::cbor::value::Value;
use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};

use super::key::{LogId, LogKey, LogPublicKey};
use super::proof::root_of_inclusion;
use super::tree::{NodeHash, leaf_hash};
use crate::cbor::{self, DecodeError, Reader};
use crate::envelope::{self, CWT_CLAIMS, EDDSA, HEADER_TEXT_BYTES_MAX, TAG};
use crate::id::StatementId;

/// Maximum length of a receipt, in bytes. One with a proof of 64 hashes is shorter.
pub(crate) const RECEIPT_BYTES_MAX: usize = 4 * 1024;
/// Maximum length of a proof, in hashes: that of a tree with 2^63 leaves.
const PROOF_LENGTH_MAX: usize = 64;
/// Verifiable data structure (RFC 9942 §2), and its value for RFC 9162 with SHA-256.
const VDS: i64 = 395;
const VDS_RFC9162_SHA256: i64 = 1;
/// Verifiable data proofs, and the key of inclusion proofs among them.
const VDP: i64 = 396;
const VDP_INCLUSION: i64 = -1;
/// The size of the tree among the CWT claims: a private claim (RFC 8392 §9.1).
const TREE_SIZE: i64 = -65_537;
const ISSUER_PREFIX: &str = "urn:saksi:log:";
const SUBJECT_PREFIX: &str = "urn:saksi:statement:";

/// Why a receipt cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not the one encoding of a receipt.
    #[error("cannot read the receipt: {0}")]
    Malformed(&'static str),
    /// It could not be made.
    #[error("cannot write the receipt")]
    Unwritable,
    /// It is of another log than the one whose key was given.
    #[error("cannot trust the receipt: it is of log {named}, but the key is that of {key}")]
    OtherLog {
        /// The log that the receipt names.
        named: LogId,
        /// The log whose key was given.
        key: LogId,
    },
    /// It is of another statement.
    #[error("cannot trust the receipt: it is of another statement")]
    OtherStatement,
    /// The proof does not fit the index and the size.
    #[error("cannot trust the receipt: its proof does not fit its index in the log")]
    ProofUnfit,
    /// The signature does not hold over the root that the proof leads to.
    #[error("cannot trust the receipt: its signature does not hold")]
    BadSignature,
}

/// A receipt that is parsed and not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    log: LogId,
    statement: StatementId,
    issued_at_s: i64,
    size: u64,
    index: u64,
    proof: Vec<NodeHash>,
    protected: Vec<u8>,
    signature: [u8; 64],
}

/// The proved content of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the log, from 0.
    pub leaf_index: u64,
    /// The size of the log at that time.
    pub tree_size: u64,
    /// The root of the log of that size.
    pub root: NodeHash,
    /// Time of signing by the log's clock, in seconds since 1970.
    pub issued_at_s: i64,
}

impl Receipt {
    /// Makes the receipt of a statement. `proof` is its inclusion proof in the tree of `size` leaves.
    pub fn issue(
        key: &LogKey,
        statement_bytes: &[u8],
        index: u64,
        size: u64,
        proof: &[NodeHash],
        issued_at_s: i64,
    ) -> Result<Vec<u8>, ReceiptError> {
        let leaf = leaf_hash(statement_bytes);
        let root = root_of_inclusion(leaf, index, size, proof).ok_or(ReceiptError::ProofUnfit)?;
        let (log, statement) = (key.public().id(), StatementId::of(statement_bytes));
        let claims = cbor::map([
            (1, Value::from(format!("{ISSUER_PREFIX}{log}"))),
            (2, Value::from(format!("{SUBJECT_PREFIX}{statement}"))),
            (6, Value::from(issued_at_s)),
            (TREE_SIZE, Value::from(size)),
        ]);
        let protected = HeaderBuilder::new()
            .algorithm(iana::Algorithm::EdDSA)
            .key_id(log.0.to_vec())
            .value(CWT_CLAIMS, claims)
            .value(VDS, Value::from(VDS_RFC9162_SHA256))
            .build();
        let path = proof.iter().map(|hash| Value::Bytes(hash.to_vec())).collect();
        let inclusion = Value::Array(vec![Value::from(size), Value::from(index), Value::Array(path)]);
        let inclusions = Value::Array(vec![Value::Bytes(cbor::write(&inclusion))]);
        CoseSign1Builder::new()
            .protected(protected)
            .unprotected(HeaderBuilder::new().value(VDP, cbor::map([(VDP_INCLUSION, inclusions)])).build())
            .create_detached_signature(&root, &[], |message| key.sign(message).to_vec())
            .build()
            .to_tagged_vec()
            .map_err(|_| ReceiptError::Unwritable)
    }

    /// Reads a receipt strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > RECEIPT_BYTES_MAX {
            return Err(ReceiptError::Malformed("it is too long"));
        }
        read(bytes).map_err(ReceiptError::Malformed)
    }

    /// The statement that it claims to be of.
    pub fn statement(&self) -> StatementId {
        self.statement
    }

    /// The log that it claims to be from.
    pub fn log(&self) -> LogId {
        self.log
    }

    /// Verifies the receipt of the statement with these bytes under the log's key.
    pub fn verify(
        &self,
        key: &LogPublicKey,
        statement_bytes: &[u8],
    ) -> Result<VerifiedReceipt, ReceiptError> {
        if self.log != key.id() {
            return Err(ReceiptError::OtherLog { named: self.log, key: key.id() });
        }
        if self.statement != StatementId::of(statement_bytes) {
            return Err(ReceiptError::OtherStatement);
        }
        let root = root_of_inclusion(leaf_hash(statement_bytes), self.index, self.size, &self.proof)
            .ok_or(ReceiptError::ProofUnfit)?;
        if !key.verify(&cbor::sig_structure(&self.protected, b"", &root), &self.signature) {
            return Err(ReceiptError::BadSignature);
        }
        Ok(VerifiedReceipt {
            statement: self.statement,
            leaf_index: self.index,
            tree_size: self.size,
            root,
            issued_at_s: self.issued_at_s,
        })
    }
}

fn read(bytes: &[u8]) -> Result<Receipt, DecodeError> {
    let mut reader = Reader::new(bytes);
    reader.tag(TAG)?;
    reader.array_of(4)?;
    let protected = reader.bytes(RECEIPT_BYTES_MAX)?;
    let (size, index, proof) = read_inclusion(&mut reader)?;
    if !reader.null() {
        return Err("a payload, where the root is to be worked out");
    }
    let signature = *envelope::signature(&mut reader)?;
    reader.end()?;
    let (log, statement, issued_at_s, signed_size) = read_protected(protected)?;
    if signed_size != size {
        return Err("two sizes of the log");
    }
    Ok(Receipt { log, statement, issued_at_s, size, index, proof, protected: protected.to_vec(), signature })
}

fn read_protected(protected: &[u8]) -> Result<(LogId, StatementId, i64, u64), DecodeError> {
    let mut reader = Reader::new(protected);
    let mut fields = reader.map()?;
    if fields.required(1)?.signed()? != EDDSA {
        return Err("another algorithm than EdDSA");
    }
    let key_id = fields.required(4)?.bytes(64)?;
    let mut claims = fields.required(CWT_CLAIMS)?.map()?;
    let log: LogId = claims
        .required(1)?
        .text(HEADER_TEXT_BYTES_MAX)?
        .strip_prefix(ISSUER_PREFIX)
        .and_then(|hex| hex.parse().ok())
        .ok_or("an issuer that is not a log")?;
    let statement = claims
        .required(2)?
        .text(HEADER_TEXT_BYTES_MAX)?
        .strip_prefix(SUBJECT_PREFIX)
        .and_then(|hex| hex.parse().ok())
        .ok_or("a subject that is not a statement")?;
    let issued_at_s = claims.required(6)?.signed()?;
    let size = claims.required(TREE_SIZE)?.unsigned()?;
    claims.end()?;
    if key_id != log.0 {
        return Err("a key id that is not the log's");
    }
    if fields.required(VDS)?.signed()? != VDS_RFC9162_SHA256 {
        return Err("another kind of tree than RFC 9162 with SHA-256");
    }
    fields.end()?;
    reader.end()?;
    Ok((log, statement, issued_at_s, size))
}

fn read_inclusion(reader: &mut Reader<'_>) -> Result<(u64, u64, Vec<NodeHash>), DecodeError> {
    let mut unprotected = reader.map()?;
    let mut proofs = unprotected.required(VDP)?.map()?;
    let inclusions = proofs.required(VDP_INCLUSION)?;
    inclusions.array_of(1)?;
    let mut inclusion = Reader::new(inclusions.bytes(RECEIPT_BYTES_MAX)?);
    proofs.end()?;
    unprotected.end()?;
    inclusion.array_of(3)?;
    let (size, index) = (inclusion.unsigned()?, inclusion.unsigned()?);
    let path = (0..inclusion.array(PROOF_LENGTH_MAX)?).map(|_| inclusion.hash()).collect::<Result<_, _>>()?;
    inclusion.end()?;
    Ok((size, index, path))
}
