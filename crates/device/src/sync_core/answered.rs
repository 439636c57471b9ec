//! What an answer means.

use protocol::{InboxResponse, MissingStatement, Outcome, Problem, ProblemCode, limit, quota};

use super::backoff::{LONGEST_MS, delay_ms};
use super::change::Change;
use super::exchange::{Answer, LogResult, ProofResult, Request};
use super::item::{Item, PhotoItem, ReceiptItem, StatementItem};
use super::{INBOX_INTERVAL_MS, REFUSED_RETRY_MS, State};
use crate::view::SyncError;

/// How long a record above the device's quota waits before it is offered again.
const QUOTA_RETRY_MS: i64 = quota::RETRY_AFTER_S as i64 * 1_000;

/// What the answer to `request` changes. `jitter` is a random number that spreads the retries.
pub fn answered(state: &State, request: &Request, answer: Answer, jitter: u64) -> Vec<Change> {
    let context = Context { state, jitter };
    match (answer, request) {
        (Answer::Failed(error), _) => vec![context.failed(error, None)],
        (Answer::Refused { problem, retry_after_ms }, _) => context.refused(request, problem, retry_after_ms),
        (Answer::Pushed { outcomes, missing }, Request::Push(statements))
            if statements.len() == outcomes.len() =>
        {
            context.pushed(statements, outcomes, missing)
        }
        (Answer::Proved { results, log }, Request::FetchReceipts(receipts))
            if receipts.len() == results.len() =>
        {
            context.proved(receipts, results, log)
        }
        (Answer::Inbox(response), Request::FetchInbox { after, opened })
            if response.items.iter().all(|item| item.cursor > *after) =>
        {
            context.inbox_read(response, opened)
        }
        (Answer::LogKeyRotated(rotations), Request::FetchLogKeys) if !rotations.is_empty() => {
            let rotated =
                rotations.into_iter().map(|rotation| Change::LogKeyRotated { rotation: Box::new(rotation) });
            std::iter::once(Change::Contact).chain(rotated).collect()
        }
        (
            Answer::Stored { received_bytes },
            Request::AskOffset { photo } | Request::SendPiece { photo, .. },
        ) if received_bytes <= photo.total_bytes => {
            vec![Change::Contact, stored(photo, received_bytes)]
        }
        // The log signs under a key that no rotation leads to, or the driver has verified nothing.
        (Answer::LogKeyRotated(_) | Answer::Receipts(_) | Answer::LogKeys(_), _) => {
            vec![context.failed(SyncError::ProofWrong, None)]
        }
        (
            Answer::Pushed { .. }
            | Answer::Proved { .. }
            | Answer::Inbox(_)
            | Answer::Stored { .. }
            | Answer::Class(_)
            | Answer::Enrolled(_),
            _,
        ) => vec![context.failed(SyncError::NotTheEndpoint, None)],
    }
}

fn stored(photo: &PhotoItem, received_bytes: u64) -> Change {
    let (kind, hash) = (photo.kind, photo.hash);
    match received_bytes == photo.total_bytes {
        true => Change::PhotoArrived { kind, hash },
        false => Change::PhotoStored { kind, hash, received_bytes },
    }
}

/// What every rule here needs.
#[derive(Clone, Copy)]
struct Context<'a> {
    state: &'a State,
    jitter: u64,
}

impl Context<'_> {
    fn pushed(
        self,
        statements: &[StatementItem],
        outcomes: Vec<Outcome>,
        missing: Vec<MissingStatement>,
    ) -> Vec<Change> {
        let mut changes = vec![Change::Contact];
        for (statement, outcome) in statements.iter().zip(outcomes) {
            match outcome {
                // Only the id of the very bytes that were sent counts as accepted.
                Outcome::Accepted { id, received_at_ms } if id == statement.id => {
                    changes.push(Change::StatementAccepted { kind: statement.kind, id, received_at_ms });
                }
                Outcome::Accepted { .. } => return self.not_the_endpoint(missing),
                Outcome::Refused { problem } => {
                    changes.extend(self.item_refused(&Item::Statement(*statement), problem));
                }
            }
        }
        changes.extend(self.gaps(missing));
        changes
    }

    /// An answer with the wrong id is no answer of the endpoint. What it says of gaps is harmless: a
    /// statement that is pushed twice is stored once.
    fn not_the_endpoint(self, missing: Vec<MissingStatement>) -> Vec<Change> {
        let failed = self.failed(SyncError::NotTheEndpoint, None);
        std::iter::once(failed).chain(self.gaps(missing)).collect()
    }

    /// The statements of this device's own chain that the endpoint misses.
    fn gaps(self, missing: Vec<MissingStatement>) -> impl Iterator<Item = Change> {
        let device = self.state.device;
        missing
            .into_iter()
            .filter(move |gap| gap.device == device)
            .map(|gap| Change::SendAgain { sequence: gap.sequence })
    }

    /// Receipts count only together with a checkpoint that continues what the device has seen.
    fn proved(self, receipts: &[ReceiptItem], results: Vec<ProofResult>, log: LogResult) -> Vec<Change> {
        let mut changes = vec![Change::Contact];
        let log_is_valid = match log {
            LogResult::Continues { note } => {
                changes.push(Change::CheckpointSeen { note });
                true
            }
            LogResult::Contradicts { older, newer } => {
                changes.push(Change::LogContradicts { older, newer });
                false
            }
            // The log's keys are fetched first.
            LogResult::UnknownKey => return changes,
            LogResult::Wrong => false,
        };
        let mut any_wrong = !log_is_valid;
        for (receipt, result) in receipts.iter().zip(results) {
            match result {
                ProofResult::Proved(proved) if log_is_valid && proved.id == receipt.id => {
                    changes.push(Change::Receipted { kind: receipt.kind, proved });
                }
                ProofResult::NotYet => changes.push(self.postponed(&Item::Receipt(*receipt), 0)),
                ProofResult::Proved(_) | ProofResult::Wrong => {
                    any_wrong = true;
                    changes.push(self.postponed(&Item::Receipt(*receipt), 0));
                }
            }
        }
        if any_wrong {
            changes.push(self.failed(SyncError::ProofWrong, None));
        }
        changes
    }

    fn inbox_read(self, response: InboxResponse, opened: &[String]) -> Vec<Change> {
        let InboxResponse { items, at_ms, enrolment } = response;
        // A full answer means that there are more items.
        let wait_ms = if items.len() < limit::INBOX_ITEMS { INBOX_INTERVAL_MS } else { 0 };
        let mut changes = vec![Change::Contact];
        changes.extend(enrolment.map(|changed| Change::EnrolmentChanged(Box::new(changed))));
        changes.extend(
            at_ms.map(|at_ms| Change::ClockCompared { ahead_ms: self.state.now_ms.saturating_sub(at_ms) }),
        );
        changes.push(Change::InboxRead {
            items,
            opened: opened.to_vec(),
            next_attempt_at_ms: self.in_ms(wait_ms),
        });
        changes
    }

    /// The endpoint refused the whole request.
    fn refused(self, request: &Request, problem: Problem, retry_after_ms: Option<i64>) -> Vec<Change> {
        let of_the_connection = match problem.code {
            ProblemCode::TooManyRequests | ProblemCode::Busy | ProblemCode::StoreUnavailable => {
                Some(SyncError::Busy)
            }
            ProblemCode::Internal => Some(SyncError::EndpointInternal),
            // The body arrived too slowly. Nothing is wrong with what was sent.
            ProblemCode::RequestTimeout => Some(SyncError::Interrupted),
            _ => None,
        };
        if let Some(error) = of_the_connection {
            return vec![self.failed(error, retry_after_ms)];
        }
        let mut changes = vec![Change::Contact];
        match request {
            Request::Push(statements) => changes.extend(self.push_refused(statements, problem)),
            Request::FetchReceipts(receipts) => {
                changes.extend(receipts.iter().map(|receipt| self.postponed(&Item::Receipt(*receipt), 0)));
            }
            // An endpoint without an inbox must not delay anything else.
            Request::FetchInbox { .. } => changes.push(Change::InboxRead {
                items: Vec::new(),
                opened: Vec::new(),
                next_attempt_at_ms: self.in_ms(INBOX_INTERVAL_MS),
            }),
            Request::FetchLogKeys => changes.push(self.failed(SyncError::ProofWrong, None)),
            Request::AskOffset { photo } | Request::SendPiece { photo, .. } => {
                changes.extend(self.photo_refused(photo, problem));
            }
        }
        changes
    }

    /// A push of several statements that was refused as a whole says nothing about any one of them: each is
    /// pushed alone.
    fn push_refused(self, statements: &[StatementItem], problem: Problem) -> Vec<Change> {
        match statements {
            [statement] => self.item_refused(&Item::Statement(*statement), problem),
            _ => statements.iter().map(|statement| self.postponed(&Item::Statement(*statement), 0)).collect(),
        }
    }

    fn photo_refused(self, photo: &PhotoItem, problem: Problem) -> Vec<Change> {
        match problem.code {
            // The driver forgets the offset and asks for it again.
            ProblemCode::PhotoOffsetWrong => Vec::new(),
            // The endpoint has thrown its bytes away: the upload starts over.
            ProblemCode::PhotoHashMismatch => {
                let restart = Change::PhotoStored { kind: photo.kind, hash: photo.hash, received_bytes: 0 };
                std::iter::once(restart).chain(self.item_refused(&Item::Photo(*photo), problem)).collect()
            }
            _ => self.item_refused(&Item::Photo(*photo), problem),
        }
    }

    /// The endpoint refused one item. A transient refusal is retried soon. A permanent one is shown, and the
    /// item is offered again much later. A quota is shown too, because only a coordinator can mend the
    /// assignment.
    fn item_refused(self, item: &Item, problem: Problem) -> Vec<Change> {
        let retry_ms = match problem.code {
            ProblemCode::QuotaExceeded => QUOTA_RETRY_MS,
            code if code.is_transient() => return vec![self.postponed(item, 0)],
            _ => REFUSED_RETRY_MS,
        };
        let Problem { code, detail, .. } = problem;
        let refused = match *item {
            Item::Statement(StatementItem { kind, id, .. }) => {
                Some(Change::StatementRefused { kind, id, code, detail })
            }
            Item::Photo(PhotoItem { kind, hash, .. }) => {
                Some(Change::PhotoRefused { kind, hash, code, detail })
            }
            Item::Receipt(_) => None,
        };
        refused.into_iter().chain([self.postponed(item, retry_ms)]).collect()
    }

    fn postponed(self, item: &Item, at_least_ms: i64) -> Change {
        let waiting = self.state.waiting.iter().find(|waiting| waiting.item == *item);
        let attempts = waiting.map_or(0, |waiting| waiting.attempts).saturating_add(1);
        let wait_ms = delay_ms(attempts, self.jitter).max(at_least_ms);
        Change::Postponed { item: item.clone(), attempts, next_attempt_at_ms: self.in_ms(wait_ms) }
    }

    fn failed(self, error: SyncError, retry_after_ms: Option<i64>) -> Change {
        let attempts = self.state.attempts.saturating_add(1);
        let asked_ms = retry_after_ms.unwrap_or(0).clamp(0, LONGEST_MS);
        let wait_ms = delay_ms(attempts, self.jitter).max(asked_ms);
        Change::ExchangeFailed { error, attempts, next_attempt_at_ms: self.in_ms(wait_ms) }
    }

    fn in_ms(self, wait_ms: i64) -> i64 {
        self.state.now_ms.saturating_add(wait_ms)
    }
}

#[cfg(test)]
mod tests {
    use evidence::{DeviceId, PhotoHash};

    use super::super::exchange::ProvedStatement;
    use super::super::fixtures::{NOW_MS, id, photo, receipt, state, statement};
    use super::super::item::OutboxKind;
    use super::*;

    const OWN: OutboxKind = OutboxKind::Own;

    fn one_statement() -> (State, Request) {
        (state(vec![Item::Statement(statement(1))]), Request::Push(vec![statement(1)]))
    }

    fn refusal(code: ProblemCode) -> Answer {
        Answer::Refused { problem: Problem::new(code, ""), retry_after_ms: None }
    }

    #[test]
    fn only_the_id_of_the_very_bytes_counts_as_accepted() {
        let (state, request) = one_statement();
        let accepted = |id| Answer::Pushed {
            outcomes: vec![Outcome::Accepted { id, received_at_ms: 5 }],
            missing: vec![],
        };
        assert_eq!(
            answered(&state, &request, accepted(id(1)), 0),
            [Change::Contact, Change::StatementAccepted { kind: OWN, id: id(1), received_at_ms: 5 }]
        );
        for wrong in [
            accepted(id(2)),
            Answer::Pushed { outcomes: vec![], missing: vec![] },
            Answer::Stored { received_bytes: 0 },
        ] {
            let changes = answered(&state, &request, wrong, 0);
            assert!(matches!(changes[..], [Change::ExchangeFailed { error: SyncError::NotTheEndpoint, .. }]));
        }
    }

    #[test]
    fn a_permanent_refusal_is_shown_and_offered_again_after_hours_a_transient_one_soon() {
        let (state, request) = one_statement();
        let refused = |code| Answer::Pushed {
            outcomes: vec![Outcome::Refused { problem: Problem::new(code, "because") }],
            missing: vec![],
        };
        let permanent = answered(&state, &request, refused(ProblemCode::ElectionWrong), 0);
        let [Change::Contact, Change::StatementRefused { .. }, again] = &permanent[..] else {
            unreachable!("{permanent:?}")
        };
        assert!(postponed_until(again) >= NOW_MS + REFUSED_RETRY_MS);
        let transient = answered(&state, &request, refused(ProblemCode::DeviceUnknown), 0);
        let [Change::Contact, again] = &transient[..] else { unreachable!("{transient:?}") };
        assert!(postponed_until(again) <= NOW_MS + LONGEST_MS);
    }

    #[test]
    fn a_record_above_the_quota_is_shown_and_offered_again_after_an_hour() {
        let photos = (state(vec![Item::Photo(photo())]), Request::AskOffset { photo: photo() });
        for (state, request) in [one_statement(), photos] {
            let changes = answered(&state, &request, refusal(ProblemCode::QuotaExceeded), 0);
            let [Change::Contact, shown, again] = &changes[..] else { unreachable!("{changes:?}") };
            let code = match shown {
                Change::StatementRefused { code, .. } | Change::PhotoRefused { code, .. } => *code,
                other => unreachable!("{other:?}"),
            };
            assert_eq!(code, ProblemCode::QuotaExceeded);
            assert_eq!(postponed_until(again), NOW_MS + 3_600_000);
        }
    }

    #[test]
    fn a_photo_that_is_too_large_is_shown_and_a_store_that_is_full_delays_everything_a_while() {
        let piece = Request::SendPiece { photo: photo(), piece_bytes: 64 };
        let changes =
            answered(&state(vec![Item::Photo(photo())]), &piece, refusal(ProblemCode::PhotoTooLarge), 0);
        assert!(matches!(changes[1], Change::PhotoRefused { code: ProblemCode::PhotoTooLarge, .. }));
        let (state, request) = one_statement();
        let changes = answered(&state, &request, refusal(ProblemCode::StoreUnavailable), 0);
        assert!(
            matches!(changes[..], [Change::ExchangeFailed { error: SyncError::Busy, .. }]),
            "{changes:?}"
        );
    }

    fn postponed_until(change: &Change) -> i64 {
        let Change::Postponed { attempts: 1, next_attempt_at_ms, .. } = change else {
            unreachable!("{change:?}")
        };
        *next_attempt_at_ms
    }

    #[test]
    fn failures_back_off_and_retry_after_is_honoured_up_to_the_maximum() {
        let (state, request) = one_statement();
        for (asked, expected) in [(90_000, 90_000), (i64::MAX, LONGEST_MS)] {
            let busy = Answer::Refused {
                problem: Problem::new(ProblemCode::TooManyRequests, ""),
                retry_after_ms: Some(asked),
            };
            assert_eq!(
                answered(&state, &request, busy, 0),
                [Change::ExchangeFailed {
                    error: SyncError::Busy,
                    attempts: 1,
                    next_attempt_at_ms: NOW_MS + expected
                }]
            );
        }
    }

    #[test]
    fn a_request_that_timed_out_at_the_endpoint_refuses_nothing() {
        let piece = Request::SendPiece { photo: photo(), piece_bytes: 64 };
        for (state, request) in [one_statement(), (state(vec![Item::Photo(photo())]), piece)] {
            let changes = answered(&state, &request, refusal(ProblemCode::RequestTimeout), 0);
            assert!(matches!(changes[..], [Change::ExchangeFailed { error: SyncError::Interrupted, .. }]));
        }
    }

    #[test]
    fn an_upload_continues_where_the_endpoint_says_and_starts_over_only_when_the_hash_is_wrong() {
        let state = state(vec![Item::Photo(photo())]);
        let piece = Request::SendPiece { photo: photo(), piece_bytes: 64 };
        let hash = PhotoHash([7; 32]);
        let stored = |received_bytes| Answer::Stored { received_bytes };
        assert_eq!(
            answered(&state, &piece, stored(60), 0)[1],
            Change::PhotoStored { kind: OWN, hash, received_bytes: 60 }
        );
        assert_eq!(answered(&state, &piece, stored(100), 0)[1], Change::PhotoArrived { kind: OWN, hash });
        assert!(matches!(answered(&state, &piece, stored(101), 0)[..], [Change::ExchangeFailed { .. }]));
        assert_eq!(answered(&state, &piece, refusal(ProblemCode::PhotoOffsetWrong), 0), [Change::Contact]);
        assert_eq!(
            answered(&state, &piece, refusal(ProblemCode::PhotoHashMismatch), 0)[1],
            Change::PhotoStored { kind: OWN, hash, received_bytes: 0 }
        );
    }

    #[test]
    fn a_receipt_counts_only_with_a_checkpoint_that_continues_the_log() {
        let state = state(vec![Item::Receipt(receipt())]);
        let request = Request::FetchReceipts(vec![receipt()]);
        let proved = || ProvedStatement { id: id(3), receipt: vec![1], tree_size: 9, leaf_index: 4 };
        let answer = |log| Answer::Proved { results: vec![ProofResult::Proved(proved())], log };
        let note = || "n".to_owned();
        assert_eq!(
            answered(&state, &request, answer(LogResult::Continues { note: note() }), 0),
            [
                Change::Contact,
                Change::CheckpointSeen { note: note() },
                Change::Receipted { kind: OWN, proved: proved() }
            ]
        );
        for log in [LogResult::Wrong, LogResult::Contradicts { older: note(), newer: note() }] {
            let changes = answered(&state, &request, answer(log), 0);
            assert!(!changes.iter().any(|change| matches!(change, Change::Receipted { .. })), "{changes:?}");
            let is_wrong = |change: &Change| {
                matches!(change, Change::ExchangeFailed { error: SyncError::ProofWrong, .. })
            };
            assert!(changes.iter().any(is_wrong));
        }
        let unverified =
            protocol::ReceiptsResponse { receipts: vec![], checkpoint: note(), consistency: vec![] };
        let changes = answered(&state, &request, Answer::Receipts(unverified), 0);
        assert!(matches!(changes[..], [Change::ExchangeFailed { error: SyncError::ProofWrong, .. }]));
    }

    #[test]
    fn an_own_statement_that_the_endpoint_misses_goes_into_the_outbox_again() {
        let (state, request) = one_statement();
        let outcomes = vec![Outcome::Accepted { id: id(1), received_at_ms: 5 }];
        let gap = |device, sequence| MissingStatement { device: DeviceId([device; 16]), sequence };
        let answer = Answer::Pushed { outcomes, missing: vec![gap(1, 4), gap(2, 9)] };
        let changes = answered(&state, &request, answer, 0);
        assert!(changes.contains(&Change::SendAgain { sequence: 4 }));
        assert!(!changes.contains(&Change::SendAgain { sequence: 9 }), "another device's chain");
    }

    #[test]
    fn a_push_that_was_refused_as_a_whole_is_split() {
        let state = state(vec![Item::Statement(statement(1)), Item::Statement(statement(2))]);
        let request = Request::Push(vec![statement(1), statement(2)]);
        let changes = answered(&state, &request, refusal(ProblemCode::BodyTooLong), 0);
        assert!(!changes.iter().any(|change| matches!(change, Change::StatementRefused { .. })));
        assert_eq!(changes.iter().filter(|change| matches!(change, Change::Postponed { .. })).count(), 2);
    }
}
