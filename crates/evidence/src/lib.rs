//! Signed statements, their chains, the log that keeps them, and what proves all of it to a stranger.
//!
//! A statement is a COSE_Sign1 (RFC 9052) with Ed25519: a *signed statement* of the SCITT architecture (RFC 9943).
//! Its bytes are its identity: [`StatementId`] is their SHA-256, and nobody re-encodes them. A [`log`] is a Merkle
//! tree of those bytes (RFC 9162); a [`Receipt`] (RFC 9942) proves that a statement stands in it, a [`Checkpoint`]
//! says what all of it was at a moment.
//!
//! Invariants:
//! - Pure: no I/O, no clock, no randomness, and no other crate of this workspace.
//! - Reading is strict. Two different byte strings never read as the same thing: encoding what was read gives the
//!   bytes back, or they are refused.
//! - A [`Statement`], a [`VerifiedReceipt`] and a [`Checkpoint`] in hand have verified signatures; what was only
//!   parsed is of another type.

mod body;
pub mod bundle;
mod cbor;
mod chain;
mod envelope;
mod id;
mod key;
pub mod log;
pub mod qr;
mod statement;

pub use body::{
    AttendanceBody, AttendanceEvent, Body, CORRECTION_REASON_BYTES_MAX, DrillBody, INCIDENT_TEXT_BYTES_MAX,
    IncidentBody, IncidentCategory, PhotoBody, ReadFigure, Seen, Supersedes, TallyBody, photo_answer_key,
};
pub use chain::{ChainDefect, Chains};
pub use id::{DeviceId, HexError, PhotoHash, StatementId};
pub use key::{DeviceKey, KeyError, PublicKey};
pub use log::{
    Checkpoint, CheckpointError, LogId, LogKey, LogPublicKey, Receipt, ReceiptError, Rotation,
    UnverifiedCheckpoint, VerifiedReceipt,
};
pub use statement::{Claims, Draft, Namespace, Sealed, Statement, StatementError, Subject, Unverified};

/// Longest statement that is read or made, in bytes.
pub const STATEMENT_BYTES_MAX: usize = 16 * 1024;
