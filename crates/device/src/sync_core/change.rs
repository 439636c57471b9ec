//! What an answer changes on this device.

use evidence::{PhotoHash, Rotation, StatementId};
use protocol::{ChangedEnrolment, InboxItem, ProblemCode};

use super::exchange::ProvedStatement;
use super::item::{Item, OutboxKind};
use crate::view::SyncError;

/// One change. The changes of an answer are written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The endpoint has stored the statement.
    StatementAccepted {
        kind: OutboxKind,
        id: StatementId,
        /// When it first arrived, by the endpoint's clock.
        received_at_ms: i64,
    },
    /// The endpoint refused the statement for good.
    StatementRefused { kind: OutboxKind, id: StatementId, code: ProblemCode, detail: String },
    /// This device has verified the receipt of the statement.
    Receipted { kind: OutboxKind, proved: ProvedStatement },
    /// The newest checkpoint of the log.
    CheckpointSeen {
        /// The signed note.
        note: String,
    },
    /// The inbox was read.
    InboxRead {
        items: Vec<InboxItem>,
        /// Messages of which the endpoint knows now that the witness opened them.
        opened: Vec<String>,
        /// When it is read again.
        next_attempt_at_ms: i64,
    },
    /// The endpoint has a newer election package or newer assignments. The driver has checked them.
    EnrolmentChanged(Box<ChangedEnrolment>),
    /// The log was rewritten. Both checkpoints are kept as proof.
    LogContradicts {
        /// The checkpoint that the device has seen before.
        older: String,
        /// The checkpoint that does not continue it.
        newer: String,
    },
    /// The log's key was rotated.
    LogKeyRotated {
        /// The old key's signature on the new one.
        rotation: Box<Rotation>,
    },
    /// The endpoint misses an own statement, which goes into the outbox again.
    SendAgain {
        /// The statement's sequence number.
        sequence: u64,
    },
    /// The endpoint has stored a part of the photo.
    PhotoStored {
        kind: OutboxKind,
        hash: PhotoHash,
        /// Bytes from the beginning of the photo.
        received_bytes: u64,
    },
    /// The endpoint has stored the whole photo.
    PhotoArrived { kind: OutboxKind, hash: PhotoHash },
    /// The endpoint refused the photo for good.
    PhotoRefused { kind: OutboxKind, hash: PhotoHash, code: ProblemCode, detail: String },
    /// The item is not tried again before the given time.
    Postponed {
        item: Item,
        /// Consecutive attempts that the endpoint refused.
        attempts: u32,
        next_attempt_at_ms: i64,
    },
    /// The device's clock was compared with the endpoint's.
    ClockCompared {
        /// How far the device's clock is ahead. Negative if it is behind.
        ahead_ms: i64,
    },
    /// The endpoint answered.
    Contact,
    /// The exchange failed, or the endpoint asked for a delay.
    ExchangeFailed {
        error: SyncError,
        /// Consecutive failures.
        attempts: u32,
        /// When the connection is tried again.
        next_attempt_at_ms: i64,
    },
}
