//! What waits in the outbox.

use evidence::{PhotoHash, StatementId};

/// Whose data an outbox entry is. Each kind has its own content tables in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxKind {
    /// Records and photos that this device sealed.
    Own,
    /// Records and photos of other devices that this device carries as a courier.
    Carried,
    /// Originals of own photos that a coordinator requested.
    Original,
}

impl OutboxKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Own, Self::Carried, Self::Original];

    /// The word in the store.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Carried => "carried",
            Self::Original => "original",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// An entry of the outbox and when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub item: Item,
    /// Consecutive attempts that the endpoint refused.
    pub attempts: u32,
    /// When the next attempt is due, by the device's clock.
    pub next_attempt_at_ms: i64,
}

/// What an outbox entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A sealed statement that is to be pushed.
    Statement(StatementItem),
    /// The receipt of an accepted statement, which is to be fetched.
    Receipt(ReceiptItem),
    /// The bytes of a photo that are to be uploaded. The endpoint has accepted the photo's statement.
    Photo(PhotoItem),
}

/// A sealed statement that is to be pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementItem {
    pub kind: OutboxKind,
    pub id: StatementId,
    /// Length of the statement in bytes.
    pub bytes: u64,
}

/// An accepted statement whose receipt is to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptItem {
    pub kind: OutboxKind,
    pub id: StatementId,
}

/// A photo that is to be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoItem {
    pub kind: OutboxKind,
    /// The SHA-256 of the bytes.
    pub hash: PhotoHash,
    /// Length of the whole photo in bytes.
    pub total_bytes: u64,
    /// Bytes that the endpoint had stored according to its last answer.
    pub sent_bytes: u64,
}
