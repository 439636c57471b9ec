//! Signed statements, chains, the transparency log, receipts, checkpoints and bundles.
//!
//! A statement is a COSE_Sign1 (RFC 9052) with Ed25519: a *signed statement* of the SCITT architecture (RFC
//! 9943). Its bytes are its identity: [`StatementId`] is their SHA-256, and no program re-encodes them. A
//! [`log`] is a Merkle tree over these bytes (RFC 9162). A [`Receipt`] (RFC 9942) proves that the log
//! contains a statement. A [`Checkpoint`] is the signed state of the log at one time.
//!
//! Invariants:
//! - Pure: no I/O, no clock, no randomness, and no other crate of this workspace.
//! - Reading is strict. Two different byte strings never decode to the same value. Encoding a decoded value
//!   gives the same bytes, or the bytes are refused.
//! - The signatures of a [`Statement`], a [`VerifiedReceipt`] and a [`Checkpoint`] are verified. Parsed
//!   values without verification have other types.

mod body;
pub mod bundle;
mod cbor;
mod chain;
mod envelope;
mod id;
mod key;
pub mod letters;
pub mod log;
pub mod qr;
mod statement;

pub use body::{
    AttendanceBody, AttendanceEvent, AuditBody, Body, CORRECTION_REASON_BYTES_MAX, CheckAnswer,
    CorrectionBody, DrillBody, Graded, GradedSection, INCIDENT_TEXT_BYTES_MAX, IncidentBody,
    IncidentCategory, PhotoBody, ReadFigure, Seen, SlipRecord, Supersedes, TallyBody,
    VERDICT_REASON_BYTES_MAX, VerdictBody, VerdictDecision, photo_answer_key,
};
pub use chain::{ChainDefect, Chains};
pub use id::{DeviceId, HexError, PhotoHash, StatementId, to_hex};
pub use key::{DeviceKey, KeyError, PublicKey};
pub use log::{
    Checkpoint, CheckpointError, LogId, LogKey, LogPublicKey, Receipt, ReceiptError, Rotation,
    UnverifiedCheckpoint, VerifiedReceipt,
};
pub use statement::{
    Claims, Draft, Namespace, OtherNamespace, SEQUENCE_MAX, Sealed, SealedAt, Statement, StatementError,
    Subject, Unverified,
};

/// Maximum length of a statement, in bytes.
pub const STATEMENT_BYTES_MAX: usize = 16 * 1024;
