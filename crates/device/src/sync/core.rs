//! What to send next, and what an answer means. No clock, no chance, no network, no disk.

use evidence::{DeviceId, PhotoHash, Rotation, StatementId};
use protocol::{
    ChangedEnrolment, InboxItem, InboxResponse, LogKeys, MissingStatement, Outcome, Problem, ProblemCode,
    ReceiptsResponse, limit,
};

use super::backoff::{LONGEST_MS, delay_ms};
use crate::view::SyncFault;

/// Statements in one push: few, so that a weak connection gets something through.
const STATEMENTS_PER_PUSH: usize = 8;
/// How long a record that the endpoint refused for good waits before it is offered again: the endpoint may have had
/// the wrong package, and a record that is never offered again would be lost to the count.
const REFUSED_RETRY_MS: i64 = 6 * 60 * 60_000;

/// How often the endpoint is asked whether it has something to say.
const INBOX_EVERY_MS: i64 = 15 * 60_000;

/// Something that waits to reach the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub item: Item,
    /// How often the endpoint turned it away in a row.
    pub attempts: u32,
    /// When it is due, by the device's clock.
    pub next_attempt_at_ms: i64,
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A sealed statement.
    Statement(StatementItem),
    /// The receipt of an accepted statement, which is to be fetched.
    Receipt(StatementId),
    /// A photo's bytes, whose statement was accepted.
    Photo(PhotoItem),
}

/// A sealed statement that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementItem {
    /// Its name.
    pub id: StatementId,
    /// Its length in bytes.
    pub bytes: usize,
}

/// A photo that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoItem {
    /// Its name: the SHA-256 of its bytes.
    pub hash: PhotoHash,
    /// Whether it is the picture as the camera wrote it, which somebody asked for.
    pub original: bool,
    /// Its whole length in bytes.
    pub total_bytes: u64,
    /// Bytes that the endpoint held when it was last heard.
    pub sent_bytes: u64,
}

/// Everything that a decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The device itself.
    pub device: DeviceId,
    /// The device's clock.
    pub now_ms: i64,
    /// Faults of the connection in a row.
    pub attempts: u32,
    /// When the connection may be tried again.
    pub next_attempt_at_ms: i64,
    /// What waits, in the order in which it is to be sent.
    pub waiting: Vec<Waiting>,
    /// The photo of which the endpoint told, since the last fault, how much it holds.
    pub offset_known_of: Option<PhotoHash>,
    /// Longest piece of a photo to send at once, in bytes.
    pub piece_bytes: u64,
    /// What originals may still take of the connection.
    pub originals: Budget,
    /// How far the inbox was read.
    pub inbox_cursor: u64,
    /// When it is read again.
    pub inbox_at_ms: i64,
    /// Whether a checkpoint came under a key of the log that this device does not know.
    pub log_key_unknown: bool,
}

/// What originals may take of a connection that costs money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes that are left.
    pub left_bytes: u64,
    /// When there are more, by the device's clock.
    pub again_at_ms: i64,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Send this, and give the answer to [`answered`].
    Send(Request),
    /// Nothing is due before this time.
    WaitUntil(i64),
}

/// One exchange with the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Push these statements, in this order.
    Push(Vec<StatementId>),
    /// Fetch the receipts of these statements.
    FetchReceipts(Vec<StatementId>),
    /// Fetch the keys that the log has had.
    FetchLogKeys,
    /// Fetch what the endpoint has to say to this device.
    FetchInbox {
        /// The cursor of the last item that is here.
        after: u64,
    },
    /// Ask how much of the photo the endpoint holds.
    AskOffset {
        /// The photo.
        photo: PhotoItem,
    },
    /// Send a piece of the photo.
    SendPiece {
        /// The photo; the piece begins at its `sent_bytes`.
        photo: PhotoItem,
        /// Longest piece, in bytes.
        piece_bytes: u64,
    },
}

/// How an exchange ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// What became of a push.
    Pushed {
        /// One outcome for each statement, in order.
        outcomes: Vec<Outcome>,
        /// What the endpoint misses.
        missing: Vec<MissingStatement>,
    },
    /// Receipts, not looked at yet; the driver verifies them and goes on with [`Answer::Proved`].
    Receipts(ReceiptsResponse),
    /// What the endpoint has to say.
    Inbox(InboxResponse),
    /// The keys that the log has had, not looked at yet; the driver verifies them and goes on with
    /// [`Answer::LogHandedOver`].
    LogKeys(LogKeys),
    /// The changes of key that lead on from the one that this device knows; each was verified. None where there is none.
    LogHandedOver(Vec<Rotation>),
    /// What verifying the receipts gave.
    Proved {
        /// One result for each statement, in order.
        results: Vec<ProofResult>,
        /// What became of the checkpoint that came with them.
        log: LogResult,
    },
    /// The endpoint holds so many bytes of the photo.
    Held {
        /// Bytes from the beginning.
        offset_bytes: u64,
    },
    /// The endpoint refused the request.
    Refused {
        /// Why.
        problem: Problem,
        /// How long it asks to be left alone, in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// No answer from the endpoint.
    Fault(SyncFault),
}

/// What verifying one receipt gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofResult {
    /// It holds.
    Proved(ProvedStatement),
    /// The statement is not in the log yet.
    NotYet,
    /// It does not hold.
    Wrong,
}

/// A statement with a receipt that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedStatement {
    /// Which.
    pub id: StatementId,
    /// The receipt's bytes.
    pub receipt: Vec<u8>,
    /// The size of the log at that time.
    pub tree_size: u64,
    /// The statement's place in the log, from 0.
    pub leaf_index: u64,
}

/// What became of a checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogResult {
    /// It continues the newest one that the device saw, and is now the newest.
    Continues {
        /// The signed note.
        note: String,
    },
    /// It is signed by the log's key and does not continue what the device saw: the log was rewritten.
    Contradicts {
        /// The newest one that the device saw.
        older: String,
        /// The one that does not continue it.
        newer: String,
    },
    /// It says that it is signed by a key that this device does not know: the log's key may have handed over.
    OtherKey,
    /// It is not signed by the log's key, or cannot be read.
    Wrong,
}

/// What an answer changed, to be written down in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The endpoint has the statement.
    StatementAccepted {
        /// Which.
        id: StatementId,
        /// Since when, by the endpoint's clock.
        received_at_ms: i64,
    },
    /// The endpoint does not take the statement.
    StatementRefused {
        /// Which.
        id: StatementId,
        /// Why.
        code: ProblemCode,
        /// Particulars.
        detail: String,
    },
    /// This device holds and has verified the receipt of the statement.
    Receipted(ProvedStatement),
    /// The newest checkpoint of the log that this device saw.
    CheckpointSeen {
        /// The signed note.
        note: String,
    },
    /// What the endpoint had to say, and when to ask again.
    InboxRead {
        /// The items.
        items: Vec<InboxItem>,
        /// When to ask again.
        next_attempt_at_ms: i64,
    },
    /// The election package or the assignments are others by now; the driver looked them over.
    EnrolmentChanged(Box<ChangedEnrolment>),
    /// The log was rewritten: both checkpoints are kept as proof.
    LogContradicts {
        /// The one that the device saw before.
        older: String,
        /// The one that does not continue it.
        newer: String,
    },
    /// The log's key handed over to another one, which signs from now on.
    LogHandedOver {
        /// The old key's signature on the new one.
        rotation: Box<Rotation>,
    },
    /// The endpoint misses the statement with this sequence number, which it had accepted or never got.
    SendAgain {
        /// The sequence number.
        sequence: u64,
    },
    /// The endpoint holds part of the photo.
    PhotoHeld {
        /// Which.
        hash: PhotoHash,
        /// How much.
        sent_bytes: u64,
    },
    /// The endpoint has all of the photo.
    PhotoArrived {
        /// Which.
        hash: PhotoHash,
    },
    /// The endpoint does not take the photo.
    PhotoRefused {
        /// Which.
        hash: PhotoHash,
        /// Why.
        code: ProblemCode,
        /// Particulars.
        detail: String,
    },
    /// The item waits until then.
    Postponed {
        /// Which.
        item: Item,
        /// How often it was turned away in a row.
        attempts: u32,
        /// Until when.
        next_attempt_at_ms: i64,
    },
    /// How far this device's clock runs ahead of the endpoint's.
    ClockCompared {
        /// Negative where it is behind.
        ahead_ms: i64,
    },
    /// The endpoint was heard.
    Contact,
    /// The endpoint was not heard, or asked to be left alone.
    Fault {
        /// Why.
        fault: SyncFault,
        /// How often in a row.
        attempts: u32,
        /// Until when to leave it alone.
        next_attempt_at_ms: i64,
    },
}

/// What to do now.
pub fn next(state: &State) -> Next {
    let inbox = Next::Send(Request::FetchInbox { after: state.inbox_cursor });
    let inbox_is_due = is_due(state.inbox_at_ms, state.now_ms, INBOX_EVERY_MS);
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

    let push = batch(&due);
    if !push.is_empty() {
        return Next::Send(Request::Push(push));
    }
    let receipts: Vec<StatementId> = due
        .iter()
        .filter_map(|waiting| match waiting.item {
            Item::Receipt(id) => Some(id),
            Item::Statement(_) | Item::Photo(_) => None,
        })
        .take(limit::RECEIPTS_PER_REQUEST)
        .collect();
    if !receipts.is_empty() && state.log_key_unknown {
        return Next::Send(Request::FetchLogKeys);
    }
    if !receipts.is_empty() {
        return Next::Send(Request::FetchReceipts(receipts));
    }
    if inbox_is_due {
        return inbox;
    }
    let photo = |original: bool| {
        due.iter().find_map(|waiting| match &waiting.item {
            Item::Photo(photo) if photo.original == original => Some(photo.clone()),
            Item::Photo(_) | Item::Statement(_) | Item::Receipt(_) => None,
        })
    };
    let may_send_originals = state.originals.left_bytes > 0;
    match photo(false).or_else(|| photo(true).filter(|_| may_send_originals)) {
        Some(photo) if state.offset_known_of == Some(photo.hash) => {
            let left = if photo.original { state.originals.left_bytes } else { u64::MAX };
            Next::Send(Request::SendPiece { photo, piece_bytes: state.piece_bytes.min(left) })
        }
        Some(photo) => Next::Send(Request::AskOffset { photo }),
        None => {
            let waiting = state.waiting.iter().map(|waiting| match &waiting.item {
                Item::Photo(photo) if photo.original && !may_send_originals => {
                    waiting.next_attempt_at_ms.max(state.originals.again_at_ms)
                }
                _ => waiting.next_attempt_at_ms,
            });
            Next::WaitUntil(waiting.min().map_or(state.inbox_at_ms, |first| first.min(state.inbox_at_ms)))
        }
    }
}

/// A time is due when it has come, or when it lies further ahead than any delay is long: then the clock jumped.
fn is_due(at_ms: i64, now_ms: i64, longest_ms: i64) -> bool {
    at_ms <= now_ms || at_ms > now_ms.saturating_add(longest_ms)
}

/// The oldest statements that are due. One that was turned away before goes alone, so that it cannot hold others up.
fn batch(due: &[&Waiting]) -> Vec<StatementId> {
    let mut ids = Vec::new();
    let mut bytes = 0;
    for waiting in due {
        let Item::Statement(statement) = &waiting.item else { continue };
        let alone = waiting.attempts > 0;
        bytes += statement.bytes;
        if !ids.is_empty() && (alone || ids.len() == STATEMENTS_PER_PUSH || bytes > limit::PUSH_BYTES / 2) {
            break;
        }
        ids.push(statement.id);
        if alone {
            break;
        }
    }
    ids
}

/// What the answer to `request` changes. `draw` is a random number.
pub fn answered(state: &State, request: &Request, answer: Answer, draw: u64) -> Vec<Change> {
    match answer {
        Answer::Fault(fault) => vec![fault_of_connection(state, fault, None, draw)],
        Answer::Refused { problem, retry_after_ms } => refused(state, request, problem, retry_after_ms, draw),
        Answer::Pushed { outcomes, missing } => match request {
            Request::Push(ids) if ids.len() == outcomes.len() => {
                let mut changes = pushed(state, ids, outcomes, draw);
                let own = missing.into_iter().filter(|gap| gap.device == state.device);
                changes.extend(own.map(|gap| Change::SendAgain { sequence: gap.sequence }));
                changes
            }
            _ => vec![fault_of_connection(state, SyncFault::NotTheEndpoint, None, draw)],
        },
        Answer::Proved { results, log } => match request {
            Request::FetchReceipts(ids) if ids.len() == results.len() => {
                proved(state, ids, results, log, draw)
            }
            _ => vec![fault_of_connection(state, SyncFault::NotTheEndpoint, None, draw)],
        },
        Answer::Inbox(InboxResponse { items, at_ms, enrolment }) => match request {
            Request::FetchInbox { after } if items.iter().all(|item| item.cursor > *after) => {
                // A full answer means that there is more.
                let wait = if items.len() < limit::INBOX_ITEMS { INBOX_EVERY_MS } else { 0 };
                let next_attempt_at_ms = state.now_ms.saturating_add(wait);
                let changed = enrolment.map(|changed| Change::EnrolmentChanged(Box::new(changed)));
                let mut changes = vec![Change::Contact];
                changes.extend(changed);
                changes.extend(
                    at_ms.map(|at_ms| Change::ClockCompared { ahead_ms: state.now_ms.saturating_sub(at_ms) }),
                );
                changes.push(Change::InboxRead { items, next_attempt_at_ms });
                changes
            }
            _ => vec![fault_of_connection(state, SyncFault::NotTheEndpoint, None, draw)],
        },
        Answer::LogHandedOver(rotations) => match request {
            Request::FetchLogKeys if !rotations.is_empty() => {
                let handed_over = rotations
                    .into_iter()
                    .map(|rotation| Change::LogHandedOver { rotation: Box::new(rotation) });
                std::iter::once(Change::Contact).chain(handed_over).collect()
            }
            // The log signs under a key to which none that this device knows handed over.
            _ => vec![fault_of_connection(state, SyncFault::ProofWrong, None, draw)],
        },
        // What nobody verified proves nothing.
        Answer::Receipts(_) | Answer::LogKeys(_) => {
            vec![fault_of_connection(state, SyncFault::ProofWrong, None, draw)]
        }
        Answer::Held { offset_bytes } => match request {
            Request::AskOffset { photo } | Request::SendPiece { photo, .. }
                if offset_bytes <= photo.total_bytes =>
            {
                vec![Change::Contact, held(photo, offset_bytes)]
            }
            _ => vec![fault_of_connection(state, SyncFault::NotTheEndpoint, None, draw)],
        },
    }
}

/// Receipts count only together with a checkpoint that continues what the device saw before.
fn proved(
    state: &State,
    ids: &[StatementId],
    results: Vec<ProofResult>,
    log: LogResult,
    draw: u64,
) -> Vec<Change> {
    let mut changes = vec![Change::Contact];
    let log_holds = match log {
        LogResult::Continues { note } => {
            changes.push(Change::CheckpointSeen { note });
            true
        }
        LogResult::Contradicts { older, newer } => {
            changes.push(Change::LogContradicts { older, newer });
            false
        }
        // Nothing is decided before the log's keys were fetched.
        LogResult::OtherKey => return changes,
        LogResult::Wrong => false,
    };
    let mut any_wrong = !log_holds;
    for (&id, result) in ids.iter().zip(results) {
        match result {
            ProofResult::Proved(proved) if log_holds && proved.id == id => {
                changes.push(Change::Receipted(proved));
            }
            ProofResult::NotYet => changes.push(postponed(state, &Item::Receipt(id), 0, draw)),
            ProofResult::Proved(_) | ProofResult::Wrong => {
                any_wrong = true;
                changes.push(postponed(state, &Item::Receipt(id), 0, draw));
            }
        }
    }
    if any_wrong {
        changes.push(fault_of_connection(state, SyncFault::ProofWrong, None, draw));
    }
    changes
}

fn held(photo: &PhotoItem, offset_bytes: u64) -> Change {
    if offset_bytes == photo.total_bytes {
        Change::PhotoArrived { hash: photo.hash }
    } else {
        Change::PhotoHeld { hash: photo.hash, sent_bytes: offset_bytes }
    }
}

fn pushed(state: &State, ids: &[StatementId], outcomes: Vec<Outcome>, draw: u64) -> Vec<Change> {
    let mut changes = vec![Change::Contact];
    for (&id, outcome) in ids.iter().zip(outcomes) {
        match outcome {
            // Only the name of the very bytes that were sent counts as a yes.
            Outcome::Accepted { id: taken, received_at_ms } if taken == id => {
                changes.push(Change::StatementAccepted { id, received_at_ms });
            }
            Outcome::Accepted { .. } => {
                return vec![fault_of_connection(state, SyncFault::NotTheEndpoint, None, draw)];
            }
            Outcome::Refused { problem } => {
                changes.extend(turned_away(state, &find(state, id), problem, draw));
            }
        }
    }
    changes
}

fn refused(
    state: &State,
    request: &Request,
    problem: Problem,
    retry_after_ms: Option<i64>,
    draw: u64,
) -> Vec<Change> {
    match problem.code {
        ProblemCode::TooManyRequests | ProblemCode::Busy => {
            return vec![fault_of_connection(state, SyncFault::Busy, retry_after_ms, draw)];
        }
        ProblemCode::Internal => {
            return vec![fault_of_connection(state, SyncFault::EndpointFault, retry_after_ms, draw)];
        }
        _ => {}
    }
    let mut changes = vec![Change::Contact];
    match request {
        Request::Push(ids) => {
            for &id in ids {
                // The whole push was refused, so nothing is known of any one statement: each is tried alone.
                let item = find(state, id);
                if ids.len() > 1 {
                    changes.push(postponed(state, &item, 0, draw));
                } else {
                    changes.extend(turned_away(state, &item, problem.clone(), draw));
                }
            }
        }
        Request::FetchReceipts(ids) => {
            changes.extend(ids.iter().map(|&id| postponed(state, &Item::Receipt(id), 0, draw)));
        }
        // An endpoint that has no inbox, or none for this device: nothing else waits for it.
        Request::FetchInbox { .. } => {
            let next_attempt_at_ms = state.now_ms.saturating_add(INBOX_EVERY_MS);
            changes.push(Change::InboxRead { items: Vec::new(), next_attempt_at_ms });
        }
        Request::FetchLogKeys => changes.push(fault_of_connection(state, SyncFault::ProofWrong, None, draw)),
        Request::AskOffset { photo } | Request::SendPiece { photo, .. } => {
            let item = Item::Photo(photo.clone());
            let restart = problem.code == ProblemCode::PhotoHashMismatch;
            if restart {
                changes.push(Change::PhotoHeld { hash: photo.hash, sent_bytes: 0 });
            }
            // A wrong offset is no refusal: the driver forgets the offset and asks for it.
            if problem.code != ProblemCode::PhotoOffsetWrong {
                changes.extend(turned_away(state, &item, problem, draw));
            }
        }
    }
    changes
}

/// The endpoint does not take this item: for good, then it is shown as refused and offered again much later; or for
/// now, then it is tried again soon.
fn turned_away(state: &State, item: &Item, problem: Problem, draw: u64) -> Vec<Change> {
    if !problem.code.is_permanent() {
        return vec![postponed(state, item, 0, draw)];
    }
    let Problem { code, detail, .. } = problem;
    let refusal = match item {
        Item::Statement(statement) => Some(Change::StatementRefused { id: statement.id, code, detail }),
        Item::Photo(photo) => Some(Change::PhotoRefused { hash: photo.hash, code, detail }),
        Item::Receipt(_) => None,
    };
    refusal.into_iter().chain([postponed(state, item, REFUSED_RETRY_MS, draw)]).collect()
}

fn postponed(state: &State, item: &Item, at_least_ms: i64, draw: u64) -> Change {
    let attempts = state
        .waiting
        .iter()
        .find(|waiting| waiting.item == *item)
        .map_or(0, |waiting| waiting.attempts)
        .saturating_add(1);
    let delay = delay_ms(attempts, draw).max(at_least_ms);
    Change::Postponed { item: item.clone(), attempts, next_attempt_at_ms: state.now_ms.saturating_add(delay) }
}

fn fault_of_connection(state: &State, fault: SyncFault, retry_after_ms: Option<i64>, draw: u64) -> Change {
    let attempts = state.attempts.saturating_add(1);
    let asked = retry_after_ms.unwrap_or(0).clamp(0, LONGEST_MS);
    let delay = delay_ms(attempts, draw).max(asked);
    Change::Fault { fault, attempts, next_attempt_at_ms: state.now_ms.saturating_add(delay) }
}

fn find(state: &State, id: StatementId) -> Item {
    let found = state.waiting.iter().find_map(|waiting| match &waiting.item {
        Item::Statement(statement) if statement.id == id => Some(waiting.item.clone()),
        _ => None,
    });
    found.unwrap_or(Item::Statement(StatementItem { id, bytes: 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> StatementId {
        StatementId([byte; 32])
    }

    fn statement(byte: u8) -> Waiting {
        let item = Item::Statement(StatementItem { id: id(byte), bytes: 450 });
        Waiting { item, attempts: 0, next_attempt_at_ms: 0 }
    }

    fn photo() -> PhotoItem {
        PhotoItem { hash: PhotoHash([7; 32]), original: false, total_bytes: 100, sent_bytes: 40 }
    }

    fn state(waiting: Vec<Waiting>) -> State {
        State {
            device: DeviceId([1; 16]),
            now_ms: 1_000_000,
            attempts: 0,
            next_attempt_at_ms: 0,
            waiting,
            offset_known_of: None,
            piece_bytes: 64,
            originals: Budget { left_bytes: u64::MAX, again_at_ms: 0 },
            log_key_unknown: false,
            inbox_cursor: 0,
            inbox_at_ms: 1_000_000 + INBOX_EVERY_MS,
        }
    }

    fn photo_waits() -> Waiting {
        Waiting { item: Item::Photo(photo()), attempts: 0, next_attempt_at_ms: 0 }
    }

    #[test]
    fn statements_go_first_in_small_batches_then_photos() {
        let ten: Vec<Waiting> = [photo_waits()].into_iter().chain((0..10).map(statement)).collect();
        assert_eq!(next(&state(ten)), Next::Send(Request::Push((0..8).map(id).collect())));
        assert_eq!(next(&state(vec![photo_waits()])), Next::Send(Request::AskOffset { photo: photo() }));
        let mut known = state(vec![photo_waits()]);
        known.offset_known_of = Some(PhotoHash([7; 32]));
        assert_eq!(next(&known), Next::Send(Request::SendPiece { photo: photo(), piece_bytes: 64 }));
        assert_eq!(next(&state(vec![])), Next::WaitUntil(1_000_000 + INBOX_EVERY_MS));
    }

    #[test]
    fn originals_go_last_and_within_what_a_day_may_cost() {
        let original = PhotoItem { hash: PhotoHash([8; 32]), original: true, ..photo() };
        let wanted = Waiting { item: Item::Photo(original.clone()), attempts: 0, next_attempt_at_ms: 0 };
        let mut both = state(vec![wanted.clone(), photo_waits()]);
        assert_eq!(next(&both), Next::Send(Request::AskOffset { photo: photo() }));
        both.waiting.pop();
        assert_eq!(next(&both), Next::Send(Request::AskOffset { photo: original.clone() }));
        both.offset_known_of = Some(original.hash);
        both.originals = Budget { left_bytes: 10, again_at_ms: 1_500_000 };
        assert_eq!(next(&both), Next::Send(Request::SendPiece { photo: original, piece_bytes: 10 }));
        both.originals.left_bytes = 0;
        assert_eq!(next(&both), Next::WaitUntil(1_500_000), "it is not asked for again and again");
        both.waiting.push(photo_waits());
        assert_eq!(
            next(&both),
            Next::Send(Request::AskOffset { photo: photo() }),
            "it holds nothing else up"
        );
    }

    #[test]
    fn a_statement_that_was_turned_away_goes_alone_and_does_not_hold_others_up() {
        let mut turned_away = statement(1);
        turned_away.attempts = 1;
        assert_eq!(
            next(&state(vec![turned_away.clone(), statement(2)])),
            Next::Send(Request::Push(vec![id(1)]))
        );
        turned_away.next_attempt_at_ms = 1_000_500;
        assert_eq!(next(&state(vec![turned_away, statement(2)])), Next::Send(Request::Push(vec![id(2)])));
    }

    #[test]
    fn only_the_name_of_the_very_bytes_counts_as_a_yes() {
        let state = state(vec![statement(1)]);
        let yes = |name| Answer::Pushed {
            outcomes: vec![Outcome::Accepted { id: name, received_at_ms: 5 }],
            missing: vec![],
        };
        let request = Request::Push(vec![id(1)]);
        assert_eq!(
            answered(&state, &request, yes(id(1)), 0),
            [Change::Contact, Change::StatementAccepted { id: id(1), received_at_ms: 5 }]
        );
        for wrong in [
            yes(id(2)),
            Answer::Pushed { outcomes: vec![], missing: vec![] },
            Answer::Held { offset_bytes: 0 },
        ] {
            let changes = answered(&state, &request, wrong, 0);
            assert!(matches!(changes[..], [Change::Fault { fault: SyncFault::NotTheEndpoint, .. }]));
        }
    }

    #[test]
    fn a_permanent_refusal_is_shown_and_offered_again_after_hours_a_passing_one_soon() {
        let state = state(vec![statement(1)]);
        let no = |code| Answer::Pushed {
            outcomes: vec![Outcome::Refused { problem: Problem::new(code, "because") }],
            missing: vec![],
        };
        let request = Request::Push(vec![id(1)]);
        let permanent = answered(&state, &request, no(ProblemCode::ElectionWrong), 0);
        assert!(matches!(
            &permanent[..],
            [Change::Contact, Change::StatementRefused { .. }, Change::Postponed { attempts: 1, next_attempt_at_ms, .. }]
                if *next_attempt_at_ms >= 1_000_000 + REFUSED_RETRY_MS
        ));
        let passing = answered(&state, &request, no(ProblemCode::DeviceUnknown), 0);
        assert!(matches!(
            &passing[..],
            [Change::Contact, Change::Postponed { next_attempt_at_ms, .. }] if *next_attempt_at_ms <= 1_000_000 + LONGEST_MS
        ));
    }

    #[test]
    fn faults_back_off_and_retry_after_is_honoured_up_to_the_bound() {
        let state = state(vec![statement(1)]);
        let busy = |retry_after_ms| Answer::Refused {
            problem: Problem::new(ProblemCode::TooManyRequests, ""),
            retry_after_ms: Some(retry_after_ms),
        };
        let request = Request::Push(vec![id(1)]);
        for (asked, expected) in [(90_000, 90_000), (i64::MAX, LONGEST_MS)] {
            let changes = answered(&state, &request, busy(asked), 0);
            assert_eq!(
                changes,
                [Change::Fault {
                    fault: SyncFault::Busy,
                    attempts: 1,
                    next_attempt_at_ms: 1_000_000 + expected
                }]
            );
        }
    }

    #[test]
    fn a_clock_that_jumped_back_by_years_does_not_stop_sending() {
        let mut state = state(vec![statement(1)]);
        state.next_attempt_at_ms = state.now_ms + 2 * 365 * 86_400_000;
        assert!(matches!(next(&state), Next::Send(_)));
        state.next_attempt_at_ms = state.now_ms + 1_000;
        assert_eq!(next(&state), Next::WaitUntil(state.next_attempt_at_ms));
    }

    #[test]
    fn a_photo_goes_on_where_the_endpoint_says_and_starts_over_only_when_its_hash_failed() {
        let state = state(vec![photo_waits()]);
        let piece = Request::SendPiece { photo: photo(), piece_bytes: 64 };
        let held = |offset_bytes| Answer::Held { offset_bytes };
        assert_eq!(
            answered(&state, &piece, held(60), 0)[1],
            Change::PhotoHeld { hash: PhotoHash([7; 32]), sent_bytes: 60 }
        );
        assert_eq!(
            answered(&state, &piece, held(100), 0)[1],
            Change::PhotoArrived { hash: PhotoHash([7; 32]) }
        );
        assert!(matches!(answered(&state, &piece, held(101), 0)[..], [Change::Fault { .. }]));
        let no = |code| Answer::Refused { problem: Problem::new(code, ""), retry_after_ms: None };
        assert_eq!(answered(&state, &piece, no(ProblemCode::PhotoOffsetWrong), 0), [Change::Contact]);
        assert_eq!(
            answered(&state, &piece, no(ProblemCode::PhotoHashMismatch), 0)[1],
            Change::PhotoHeld { hash: PhotoHash([7; 32]), sent_bytes: 0 }
        );
    }

    fn receipt_waits() -> Waiting {
        Waiting { item: Item::Receipt(id(3)), attempts: 0, next_attempt_at_ms: 0 }
    }

    fn a_proof() -> ProvedStatement {
        ProvedStatement { id: id(3), receipt: vec![1], tree_size: 9, leaf_index: 4 }
    }

    #[test]
    fn receipts_are_fetched_after_statements_and_before_photos() {
        let all = state(vec![photo_waits(), receipt_waits(), statement(1)]);
        assert_eq!(next(&all), Next::Send(Request::Push(vec![id(1)])));
        let rest = state(vec![photo_waits(), receipt_waits()]);
        assert_eq!(next(&rest), Next::Send(Request::FetchReceipts(vec![id(3)])));
    }

    #[test]
    fn a_receipt_counts_only_with_a_checkpoint_that_continues_the_log() {
        let state = state(vec![receipt_waits()]);
        let request = Request::FetchReceipts(vec![id(3)]);
        let answer = |log| Answer::Proved { results: vec![ProofResult::Proved(a_proof())], log };
        let note = || "n".to_owned();
        let good = answered(&state, &request, answer(LogResult::Continues { note: note() }), 0);
        assert_eq!(
            good,
            [Change::Contact, Change::CheckpointSeen { note: note() }, Change::Receipted(a_proof())]
        );
        for log in [LogResult::Wrong, LogResult::Contradicts { older: note(), newer: note() }] {
            let changes = answered(&state, &request, answer(log), 0);
            assert!(!changes.iter().any(|change| matches!(change, Change::Receipted(_))), "{changes:?}");
            assert!(
                changes
                    .iter()
                    .any(|change| matches!(change, Change::Fault { fault: SyncFault::ProofWrong, .. }))
            );
        }
        let unverified =
            protocol::ReceiptsResponse { receipts: vec![], checkpoint: note(), consistency: vec![] };
        let changes = answered(&state, &request, Answer::Receipts(unverified), 0);
        assert!(matches!(changes[..], [Change::Fault { fault: SyncFault::ProofWrong, .. }]));
    }

    #[test]
    fn a_statement_that_the_endpoint_misses_goes_into_the_outbox_again() {
        let outcomes = vec![Outcome::Accepted { id: id(1), received_at_ms: 5 }];
        let gap = |device, sequence| MissingStatement { device: DeviceId([device; 16]), sequence };
        let answer = Answer::Pushed { outcomes, missing: vec![gap(1, 4), gap(2, 9)] };
        let changes = answered(&state(vec![statement(1)]), &Request::Push(vec![id(1)]), answer, 0);
        assert!(changes.contains(&Change::SendAgain { sequence: 4 }));
        assert!(!changes.contains(&Change::SendAgain { sequence: 9 }), "another device's chain");
    }

    #[test]
    fn a_push_refused_as_a_whole_is_taken_apart() {
        let state = state(vec![statement(1), statement(2)]);
        let too_long =
            Answer::Refused { problem: Problem::new(ProblemCode::BodyTooLong, ""), retry_after_ms: None };
        let changes = answered(&state, &Request::Push(vec![id(1), id(2)]), too_long, 0);
        assert!(!changes.iter().any(|change| matches!(change, Change::StatementRefused { .. })));
        assert_eq!(changes.iter().filter(|change| matches!(change, Change::Postponed { .. })).count(), 2);
    }
}
