//! What to send next.

use protocol::limit;

use super::backoff::LONGEST_MS;
use super::exchange::Request;
use super::item::{Item, OutboxKind, PhotoItem, ReceiptItem, StatementItem, Waiting};
use super::{INBOX_INTERVAL_MS, REFUSED_RETRY_MS, State};

/// Maximum number of statements in one push. It is small, so that a weak connection gets something through.
const STATEMENTS_PER_PUSH: usize = 8;

/// What originals may still cost on a metered connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes that are left.
    pub left_bytes: u64,
    /// When the budget is renewed, by the device's clock.
    pub again_at_ms: i64,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Send this request, and pass its answer to [`answered`](super::answered).
    Send(Request),
    /// Nothing is due before this time.
    WaitUntil(i64),
}

/// What to do now: statements first, then receipts, the inbox, photos, and originals last.
pub fn next(state: &State) -> Next {
    let inbox_is_due = is_due(state.inbox_at_ms, state.now_ms, INBOX_INTERVAL_MS);
    if state.waiting.is_empty() && !inbox_is_due {
        return Next::WaitUntil(state.inbox_at_ms);
    }
    if !is_due(state.next_attempt_at_ms, state.now_ms, LONGEST_MS) {
        return Next::WaitUntil(state.next_attempt_at_ms);
    }
    let due: Vec<&Waiting> = state
        .waiting
        .iter()
        .filter(|waiting| is_due(waiting.next_attempt_at_ms, state.now_ms, REFUSED_RETRY_MS))
        .collect();
    let inbox = || {
        let opened = state.opened_messages.clone();
        inbox_is_due.then_some(Request::FetchInbox { after: state.inbox_cursor, opened })
    };
    push(&due)
        .or_else(|| receipts(state, &due))
        .or_else(inbox)
        .or_else(|| upload(state, &due))
        .map_or_else(|| Next::WaitUntil(first_due_at_ms(state)), Next::Send)
}

/// Whether a time has come. A time that lies further ahead than any delay is due as well: the clock has
/// jumped.
pub(crate) fn is_due(at_ms: i64, now_ms: i64, longest_ms: i64) -> bool {
    at_ms <= now_ms || at_ms > now_ms.saturating_add(longest_ms)
}

/// The oldest statements that are due. One that was refused before goes alone, so that it cannot delay
/// others.
fn push(due: &[&Waiting]) -> Option<Request> {
    let mut batch: Vec<StatementItem> = Vec::new();
    let mut bytes = 0;
    for waiting in due {
        let Item::Statement(statement) = waiting.item else { continue };
        let alone = waiting.attempts > 0;
        bytes += statement.bytes;
        let is_full = batch.len() == STATEMENTS_PER_PUSH || bytes > limit::PUSH_BYTES as u64 / 2;
        if !batch.is_empty() && (alone || is_full) {
            break;
        }
        batch.push(statement);
        if alone {
            break;
        }
    }
    (!batch.is_empty()).then_some(Request::Push(batch))
}

/// Receipts can be verified only with the log's key, so an unknown key is fetched first.
fn receipts(state: &State, due: &[&Waiting]) -> Option<Request> {
    let receipts: Vec<ReceiptItem> = due
        .iter()
        .filter_map(|waiting| match waiting.item {
            Item::Receipt(receipt) => Some(receipt),
            Item::Statement(_) | Item::Photo(_) => None,
        })
        .take(limit::RECEIPTS_PER_REQUEST)
        .collect();
    match receipts.is_empty() {
        true => None,
        false if state.log_key_unknown => Some(Request::FetchLogKeys),
        false => Some(Request::FetchReceipts(receipts)),
    }
}

/// The first photo that is due, or the first original that the budget allows.
fn upload(state: &State, due: &[&Waiting]) -> Option<Request> {
    let first = |originals: bool| {
        due.iter().find_map(|waiting| match waiting.item {
            Item::Photo(photo) if is_original(&photo) == originals => Some(photo),
            Item::Photo(_) | Item::Statement(_) | Item::Receipt(_) => None,
        })
    };
    let photo = first(false).or_else(|| first(true).filter(|_| state.originals.left_bytes > 0))?;
    if state.offset_known_of != Some(photo.hash) {
        return Some(Request::AskOffset { photo });
    }
    let budget_bytes = if is_original(&photo) { state.originals.left_bytes } else { u64::MAX };
    Some(Request::SendPiece { photo, piece_bytes: state.piece_bytes.min(budget_bytes) })
}

fn is_original(photo: &PhotoItem) -> bool {
    match photo.kind {
        OutboxKind::Original => true,
        OutboxKind::Own | OutboxKind::Carried => false,
    }
}

/// When the next item or the inbox is due. Originals also wait for their budget.
fn first_due_at_ms(state: &State) -> i64 {
    let waiting = state.waiting.iter().map(|waiting| match &waiting.item {
        Item::Photo(photo) if is_original(photo) && state.originals.left_bytes == 0 => {
            waiting.next_attempt_at_ms.max(state.originals.again_at_ms)
        }
        _ => waiting.next_attempt_at_ms,
    });
    waiting.min().map_or(state.inbox_at_ms, |first| first.min(state.inbox_at_ms))
}

#[cfg(test)]
mod tests {
    use evidence::PhotoHash;

    use super::super::fixtures::{NOW_MS, photo, receipt, state, statement};
    use super::*;

    #[test]
    fn statements_go_first_in_small_batches_then_photos() {
        let mut items = vec![Item::Photo(photo())];
        items.extend((0..10).map(|byte| Item::Statement(statement(byte))));
        assert_eq!(next(&state(items)), Next::Send(Request::Push((0..8).map(statement).collect())));

        let mut only_photo = state(vec![Item::Photo(photo())]);
        assert_eq!(next(&only_photo), Next::Send(Request::AskOffset { photo: photo() }));
        only_photo.offset_known_of = Some(photo().hash);
        assert_eq!(next(&only_photo), Next::Send(Request::SendPiece { photo: photo(), piece_bytes: 64 }));

        assert_eq!(next(&state(vec![])), Next::WaitUntil(NOW_MS + INBOX_INTERVAL_MS));
    }

    #[test]
    fn originals_go_last_and_within_their_budget() {
        let original = PhotoItem { kind: OutboxKind::Original, hash: PhotoHash([8; 32]), ..photo() };
        let mut both = state(vec![Item::Photo(original), Item::Photo(photo())]);
        assert_eq!(next(&both), Next::Send(Request::AskOffset { photo: photo() }));
        let photo_waits = both.waiting.pop().unwrap();
        assert_eq!(next(&both), Next::Send(Request::AskOffset { photo: original }));
        both.offset_known_of = Some(original.hash);
        both.originals = Budget { left_bytes: 10, again_at_ms: 1_500_000 };
        assert_eq!(next(&both), Next::Send(Request::SendPiece { photo: original, piece_bytes: 10 }));
        both.originals.left_bytes = 0;
        assert_eq!(next(&both), Next::WaitUntil(1_500_000), "its offset is not asked for in a loop");
        both.waiting.push(photo_waits);
        assert_eq!(
            next(&both),
            Next::Send(Request::AskOffset { photo: photo() }),
            "it delays no other photo"
        );
    }

    #[test]
    fn a_statement_that_was_refused_goes_alone_and_does_not_delay_others() {
        let mut state = state(vec![Item::Statement(statement(1)), Item::Statement(statement(2))]);
        state.waiting[0].attempts = 1;
        assert_eq!(next(&state), Next::Send(Request::Push(vec![statement(1)])));
        state.waiting[0].next_attempt_at_ms = NOW_MS + 500;
        assert_eq!(next(&state), Next::Send(Request::Push(vec![statement(2)])));
    }

    #[test]
    fn a_clock_that_jumped_back_by_years_does_not_stop_sending() {
        let mut state = state(vec![Item::Statement(statement(1))]);
        state.next_attempt_at_ms = state.now_ms + 2 * 365 * 86_400_000;
        assert!(matches!(next(&state), Next::Send(_)));
        state.next_attempt_at_ms = state.now_ms + 1_000;
        assert_eq!(next(&state), Next::WaitUntil(state.next_attempt_at_ms));
    }

    #[test]
    fn receipts_are_fetched_after_statements_and_before_photos() {
        let mut all =
            state(vec![Item::Photo(photo()), Item::Receipt(receipt()), Item::Statement(statement(1))]);
        assert_eq!(next(&all), Next::Send(Request::Push(vec![statement(1)])));
        all.waiting.pop();
        assert_eq!(next(&all), Next::Send(Request::FetchReceipts(vec![receipt()])));
    }
}
