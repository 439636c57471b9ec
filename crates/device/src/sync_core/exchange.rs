//! One exchange with the endpoint: the request that the core asks for, and the answer.

use evidence::{Rotation, StatementId};
use protocol::{
    DrillState, EnrolResponse, InboxResponse, LogKeys, MissingStatement, Outcome, Problem, ReceiptsResponse,
};

use super::item::{PhotoItem, ReceiptItem, StatementItem};
use crate::view::SyncError;

/// A request to the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Push these statements, in this order.
    Push(Vec<StatementItem>),
    /// Fetch the receipts of these statements.
    FetchReceipts(Vec<ReceiptItem>),
    /// Fetch the keys that the log has had.
    FetchLogKeys,
    /// Fetch what the endpoint has to say to this device.
    FetchInbox {
        /// The cursor of the last item that is stored here.
        after: u64,
        /// Messages that the witness opened, which the request reports.
        opened: Vec<String>,
    },
    /// Ask how many bytes of the photo the endpoint has stored.
    AskOffset { photo: PhotoItem },
    /// Send a piece of the photo.
    SendPiece {
        /// The piece begins at the photo's `sent_bytes`.
        photo: PhotoItem,
        /// Maximum length of the piece, in bytes.
        piece_bytes: u64,
    },
}

/// How an exchange ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The result of a push.
    Pushed {
        /// One outcome for each statement, in order.
        outcomes: Vec<Outcome>,
        /// Statements that the endpoint misses.
        missing: Vec<MissingStatement>,
    },
    /// The device is enrolled.
    Enrolled(Box<EnrolResponse>),
    /// Receipts that are not verified yet. The driver verifies them and passes [`Answer::Proved`] on.
    Receipts(ReceiptsResponse),
    /// The device's inbox.
    Inbox(InboxResponse),
    /// The keys of the log, not verified yet. The driver verifies them and passes [`Answer::LogKeyRotated`]
    /// on.
    LogKeys(LogKeys),
    /// The verified rotations that follow the key that this device knows. Empty if the log's key did not
    /// change.
    LogKeyRotated(Vec<Rotation>),
    /// Receipts that the driver has verified.
    Proved {
        /// One result for each statement, in order.
        results: Vec<ProofResult>,
        /// The result for the checkpoint that came with them.
        log: LogResult,
    },
    /// The endpoint has stored this much of the photo.
    Stored {
        /// Bytes from the beginning of the photo.
        received_bytes: u64,
    },
    /// What the trainer of a class says.
    Class(DrillState),
    /// The endpoint refused the request.
    Refused {
        problem: Problem,
        /// The delay that the endpoint asks for (`Retry-After`), in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// There is no answer of the endpoint.
    Failed(SyncError),
}

/// The result of verifying one receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofResult {
    /// The receipt is valid.
    Proved(ProvedStatement),
    /// The statement is not in the log yet.
    NotYet,
    /// The receipt is not valid.
    Wrong,
}

/// A statement with a valid receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedStatement {
    pub id: StatementId,
    /// The receipt as the endpoint issued it.
    pub receipt: Vec<u8>,
    /// The size of the log in the receipt.
    pub tree_size: u64,
    /// The statement's index in the log, from 0.
    pub leaf_index: u64,
}

/// The result of verifying a checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogResult {
    /// It continues the newest checkpoint that the device has seen, and is now the newest.
    Continues {
        /// The signed note.
        note: String,
    },
    /// It has the log's signature and does not continue what the device has seen: the log was rewritten.
    Contradicts {
        /// The newest checkpoint that the device has seen.
        older: String,
        /// The checkpoint that does not continue it.
        newer: String,
    },
    /// It names a key that this device does not know: the log's key may have been rotated.
    UnknownKey,
    /// It does not have the log's signature, or cannot be read.
    Wrong,
}
