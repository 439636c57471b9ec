//! Receipts: the log's signed proof that a statement is in it (COSE Receipts, RFC 9942, over RFC 9162 SHA-256).

use coset::cbor::value::Value;
use coset::{CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label, TaggedCborSerializable as _, iana};

use super::key::{LogId, LogKey, LogPublicKey};
use super::proof::root_of_inclusion;
use super::tree::{NodeHash, leaf_hash};
use crate::cbor;
use crate::id::StatementId;

/// Longest receipt that is read, in bytes: a proof of 64 hashes stays below.
const RECEIPT_BYTES_MAX: usize = 4 * 1024;
/// Longest proof: a tree with more than 2^63 leaves does not exist.
const PROOF_LENGTH_MAX: usize = 64;
/// Verifiable data structure (RFC 9942 §2), and its value for RFC 9162 with SHA-256.
const VDS: i64 = 395;
const VDS_RFC9162_SHA256: i64 = 1;
/// Verifiable data proofs, and the key of inclusion proofs among them.
const VDP: i64 = 396;
const VDP_INCLUSION: i64 = -1;
const CWT_CLAIMS: i64 = 15;
const ISSUER_PREFIX: &str = "urn:saksi:log:";
const SUBJECT_PREFIX: &str = "urn:saksi:statement:";

/// Why a receipt is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not the one encoding of a receipt.
    #[error("the receipt cannot be read: {0}")]
    Malformed(&'static str),
    /// It could not be made.
    #[error("the receipt cannot be written")]
    Unwritable,
    /// It is of another log than the one whose key was given.
    #[error("the receipt is of log {named}, but the key is that of {key}")]
    OtherLog {
        /// The log that the receipt names.
        named: LogId,
        /// The log whose key was given.
        key: LogId,
    },
    /// It is of another statement.
    #[error("the receipt is of another statement")]
    OtherStatement,
    /// The proof cannot be one for that place in a log of that size.
    #[error("the receipt's proof does not fit its place in the log")]
    ProofUnfit,
    /// The signature does not hold over the root that the proof leads to.
    #[error("the receipt's signature does not hold")]
    BadSignature,
}

/// A receipt that was read; nothing of it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    bytes: Vec<u8>,
    log: LogId,
    statement: StatementId,
    issued_at_s: i64,
    size: u64,
    index: u64,
    proof: Vec<NodeHash>,
}

/// What a receipt proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// The statement.
    pub statement: StatementId,
    /// Its place in the log, from 0.
    pub leaf_index: u64,
    /// The size of the log at that time.
    pub tree_size: u64,
    /// The root of the log of that size.
    pub root: NodeHash,
    /// When the receipt was made, by the log's clock, in seconds since 1970.
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
        let root = root_of_inclusion(leaf_hash(statement_bytes), index, size, proof)
            .ok_or(ReceiptError::ProofUnfit)?;
        let protected = protected(key.public().id(), StatementId::of(statement_bytes), issued_at_s);
        CoseSign1Builder::new()
            .protected(protected)
            .unprotected(unprotected(size, index, proof))
            .create_detached_signature(&root, &[], |message| key.sign(message).to_vec())
            .build()
            .to_tagged_vec()
            .map_err(|_| ReceiptError::Unwritable)
    }

    /// Reads a receipt strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let malformed = ReceiptError::Malformed;
        if bytes.len() > RECEIPT_BYTES_MAX {
            return Err(malformed("it is too long"));
        }
        let envelope = CoseSign1::from_tagged_slice(bytes)
            .map_err(|_| malformed("not a tagged COSE_Sign1 of four fitting parts"))?;
        let (log, statement, issued_at_s) = claims(&envelope.protected.header).map_err(malformed)?;
        let (size, index, proof) = inclusion(&envelope.unprotected).map_err(malformed)?;
        // What we would have written with these parts is all that may stand there.
        let ours = CoseSign1Builder::new()
            .protected(protected(log, statement, issued_at_s))
            .unprotected(unprotected(size, index, &proof))
            .signature(envelope.signature)
            .build()
            .to_tagged_vec();
        if ours.ok().as_deref() != Some(bytes) {
            return Err(malformed("another encoding or parameter than belongs here"));
        }
        Ok(Self { bytes: bytes.to_vec(), log, statement, issued_at_s, size, index, proof })
    }

    /// The statement that it says it is of.
    pub fn statement(&self) -> StatementId {
        self.statement
    }

    /// The log that it says it is from.
    pub fn log(&self) -> LogId {
        self.log
    }

    /// What the receipt proves of the statement with these bytes, if it holds under the log's key.
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
        let envelope =
            CoseSign1::from_tagged_slice(&self.bytes).map_err(|_| ReceiptError::Malformed("it changed"))?;
        if !key.verify(&envelope.tbs_detached_data(&root, &[]), &envelope.signature) {
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

fn protected(log: LogId, statement: StatementId, issued_at_s: i64) -> Header {
    let claims = cbor::map([
        (1, Value::from(format!("{ISSUER_PREFIX}{log}"))),
        (2, Value::from(format!("{SUBJECT_PREFIX}{statement}"))),
        (6, Value::from(issued_at_s)),
    ]);
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .key_id(log.0.to_vec())
        .value(CWT_CLAIMS, claims)
        .value(VDS, Value::from(VDS_RFC9162_SHA256))
        .build()
}

fn unprotected(size: u64, index: u64, proof: &[NodeHash]) -> Header {
    let path = proof.iter().map(|hash| Value::Bytes(hash.to_vec())).collect();
    let inclusion =
        cbor::write(&Value::Array(vec![Value::from(size), Value::from(index), Value::Array(path)]));
    let proofs = Value::Map(vec![(Value::from(VDP_INCLUSION), Value::Array(vec![Value::Bytes(inclusion)]))]);
    HeaderBuilder::new().value(VDP, proofs).build()
}

fn claims(header: &Header) -> Result<(LogId, StatementId, i64), cbor::Fault> {
    let claims =
        header.rest.iter().find(|(label, _)| *label == Label::Int(CWT_CLAIMS)).ok_or("no CWT claims")?;
    let mut claims = cbor::Fields::of(claims.1.clone())?;
    let log = cbor::text(claims.required(1)?, 100)?
        .strip_prefix(ISSUER_PREFIX)
        .and_then(|hex| hex.parse().ok())
        .ok_or("an issuer that is not a log")?;
    let statement = cbor::text(claims.required(2)?, 100)?
        .strip_prefix(SUBJECT_PREFIX)
        .and_then(|hex| hex.parse().ok())
        .ok_or("a subject that is not a statement")?;
    let issued_at_s = cbor::signed(&claims.required(6)?)?;
    Ok((log, statement, issued_at_s))
}

fn inclusion(header: &Header) -> Result<(u64, u64, Vec<NodeHash>), cbor::Fault> {
    let proofs = header.rest.iter().find(|(label, _)| *label == Label::Int(VDP)).ok_or("no proofs")?;
    let Value::Map(kinds) = &proofs.1 else { return Err("proofs that are not a map") };
    let [(_, Value::Array(inclusions))] = &kinds[..] else { return Err("not one kind of proof") };
    let [Value::Bytes(inclusion)] = &inclusions[..] else { return Err("not one inclusion proof") };
    let [size, index, path]: [Value; 3] = cbor::array(cbor::read(inclusion)?, 3)?
        .try_into()
        .map_err(|_| "an inclusion proof that is not of three parts")?;
    let path = cbor::array(path, PROOF_LENGTH_MAX)?.into_iter().map(cbor::hash).collect::<Result<_, _>>()?;
    Ok((cbor::unsigned(&size)?, cbor::unsigned(&index)?, path))
}
