//! Signed statements, their chains, and the keys that sign them.
//!
//! A statement is a COSE_Sign1 (RFC 9052) with Ed25519: a *signed statement* of the SCITT architecture (RFC 9943).
//! Its bytes are its identity: [`StatementId`] is their SHA-256, and nobody re-encodes them.
//!
//! Invariants:
//! - Pure: no I/O, no clock, no randomness, and no other crate of this workspace.
//! - Reading is strict. Two different byte strings never read as the same statement: encoding what was read gives
//!   the bytes back, or they are refused.
//! - A [`Statement`] in hand has a verified signature; what was only parsed is an [`Unverified`].

mod body;
mod cbor;
mod id;
mod key;
pub mod log;
mod statement;

pub use body::{Body, PhotoBody, Supersedes, TallyBody};
pub use id::{DeviceId, HexError, PhotoHash, StatementId};
pub use key::{DeviceKey, KeyError, PublicKey};
pub use log::{
    Checkpoint, CheckpointError, LogId, LogKey, LogPublicKey, Receipt, ReceiptError, Rotation,
    VerifiedReceipt,
};
pub use statement::{Claims, Draft, Namespace, Sealed, Statement, StatementError, Subject, Unverified};

/// Longest statement that is read or made, in bytes.
pub const STATEMENT_BYTES_MAX: usize = 16 * 1024;
