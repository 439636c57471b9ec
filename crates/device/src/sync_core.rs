//! The decisions of the sync: what to send next, and what an answer means. No clock, no randomness, no
//! network, no disk.

mod answered;
mod backoff;
mod change;
mod exchange;
mod item;
mod next;

pub use self::answered::answered;
pub(crate) use self::backoff::{LONGEST_MS, delay_ms};
pub use self::change::Change;
pub use self::exchange::{Answer, LogResult, ProofResult, ProvedStatement, Request};
pub use self::item::{Item, OutboxKind, PhotoItem, ReceiptItem, StatementItem, Waiting};
pub(crate) use self::next::is_due;
pub use self::next::{Budget, Next, next};

use evidence::{DeviceId, PhotoHash};

/// How long a record that the endpoint refused for good waits before it is offered again. The endpoint may
/// have had the wrong election package, and a record that is never offered again would be lost to the count.
pub(crate) const REFUSED_RETRY_MS: i64 = 6 * 60 * 60_000;

/// Interval at which the inbox is read.
pub(crate) const INBOX_INTERVAL_MS: i64 = 15 * 60_000;

/// Everything that a decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// This device.
    pub device: DeviceId,
    /// The time by the device's clock.
    pub now_ms: i64,
    /// Consecutive exchanges that failed.
    pub attempts: u32,
    /// When the connection may be tried again.
    pub next_attempt_at_ms: i64,
    /// The outbox, in the order in which it is sent.
    pub waiting: Vec<Waiting>,
    /// The photo whose `sent_bytes` the endpoint has confirmed since the last failure.
    pub offset_known_of: Option<PhotoHash>,
    /// Maximum length of a piece of a photo, in bytes.
    pub piece_bytes: u64,
    /// What originals may still cost.
    pub originals: Budget,
    /// The cursor of the last inbox item that is stored here.
    pub inbox_cursor: u64,
    /// When the inbox is read again.
    pub inbox_at_ms: i64,
    /// Messages that the witness opened and of which the endpoint does not know it yet.
    pub opened_messages: Vec<String>,
    /// Whether a checkpoint came under a log key that this device does not know.
    pub log_key_unknown: bool,
}

#[cfg(test)]
mod fixtures {
    //! Items and a state for the tests of the core.

    use evidence::StatementId;

    use super::*;

    pub(super) const NOW_MS: i64 = 1_000_000;

    pub(super) fn id(byte: u8) -> StatementId {
        StatementId([byte; 32])
    }

    pub(super) fn statement(byte: u8) -> StatementItem {
        StatementItem { kind: OutboxKind::Own, id: id(byte), bytes: 450 }
    }

    pub(super) fn receipt() -> ReceiptItem {
        ReceiptItem { kind: OutboxKind::Own, id: id(3) }
    }

    pub(super) fn photo() -> PhotoItem {
        PhotoItem { kind: OutboxKind::Own, hash: PhotoHash([7; 32]), total_bytes: 100, sent_bytes: 40 }
    }

    pub(super) fn waiting(item: Item) -> Waiting {
        Waiting { item, attempts: 0, next_attempt_at_ms: 0 }
    }

    pub(super) fn state(items: Vec<Item>) -> State {
        State {
            device: DeviceId([1; 16]),
            now_ms: NOW_MS,
            attempts: 0,
            next_attempt_at_ms: 0,
            waiting: items.into_iter().map(waiting).collect(),
            offset_known_of: None,
            piece_bytes: 64,
            originals: Budget { left_bytes: u64::MAX, again_at_ms: 0 },
            log_key_unknown: false,
            inbox_cursor: 0,
            inbox_at_ms: NOW_MS + INBOX_INTERVAL_MS,
            opened_messages: Vec::new(),
        }
    }
}
