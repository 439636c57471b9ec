//! Writes the changes of an answer. Each change is dispatched once by the kind of its outbox entry.

use evidence::{PhotoHash, StatementId};
use protocol::ProblemCode;

use super::outbox::EntryKey;
use super::{CLOCK_AHEAD, Write};
use crate::error::StoreError;
use crate::sync_core::{Change, OutboxKind, ProvedStatement};

impl Write<'_> {
    /// Writes one change.
    pub(crate) fn apply(&self, change: &Change, now_ms: i64) -> Result<(), StoreError> {
        match change {
            Change::StatementAccepted { kind, id, received_at_ms } => {
                self.statement_accepted(*kind, *id, *received_at_ms, now_ms)
            }
            Change::StatementRefused { kind, id, code, detail } => {
                self.statement_refused(*kind, *id, *code, detail, now_ms)
            }
            Change::Receipted { kind, proved } => self.receipted(*kind, proved, now_ms),
            Change::PhotoStored { kind, hash, received_bytes } => {
                self.set_sent(EntryKey::photo(*kind, *hash), *received_bytes)
            }
            Change::PhotoArrived { kind, hash } => self.photo_arrived(*kind, *hash, now_ms),
            Change::PhotoRefused { kind, hash, code, detail } => {
                self.refuse(EntryKey::photo(*kind, *hash), *code, detail)
            }
            Change::Postponed { item, attempts, next_attempt_at_ms } => {
                self.postpone(item, *attempts, *next_attempt_at_ms)
            }
            Change::SendAgain { sequence } => self.send_again(*sequence),
            Change::CheckpointSeen { note } => self.set_checkpoint(note, now_ms),
            Change::InboxRead { items, opened, next_attempt_at_ms } => {
                self.reported(opened)?;
                self.read_inbox(items, *next_attempt_at_ms)
            }
            Change::EnrolmentChanged(changed) => self.change_enrolment(changed),
            Change::LogKeyRotated { rotation } => self.add_log_rotation(rotation),
            Change::LogContradicts { older, newer } => self.add_contradiction(older, newer, now_ms),
            Change::ClockCompared { ahead_ms } => self.set_setting(CLOCK_AHEAD, &ahead_ms.to_string()),
            Change::Contact => self.connection_succeeded(now_ms),
            Change::ExchangeFailed { error, attempts, next_attempt_at_ms } => {
                self.connection_failed(*error, *attempts, *next_attempt_at_ms)
            }
        }
    }

    /// The endpoint has stored the statement; its receipt is wanted next, unless it is here already.
    fn statement_accepted(
        &self,
        kind: OutboxKind,
        id: StatementId,
        received_at_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        // Whatever its state, it is not sent any more: the endpoint may have asked for it a second time.
        self.remove_from_outbox(EntryKey::statement(kind, id))?;
        let position = match kind {
            OutboxKind::Own => self.accept_statement(id, received_at_ms, now_ms)?,
            OutboxKind::Carried => self.accept_carried(id)?,
            // An original has no statement of its own.
            OutboxKind::Original => None,
        };
        match position {
            Some(position) => self.add_to_outbox(EntryKey::receipt(kind, id), position, 0),
            None => Ok(()),
        }
    }

    fn statement_refused(
        &self,
        kind: OutboxKind,
        id: StatementId,
        code: ProblemCode,
        detail: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let is_refused = match kind {
            OutboxKind::Own => self.refuse_statement(id, now_ms)?,
            OutboxKind::Carried => self.refuse_carried(id)?,
            OutboxKind::Original => false,
        };
        if is_refused { self.refuse(EntryKey::statement(kind, id), code, detail) } else { Ok(()) }
    }

    fn receipted(&self, kind: OutboxKind, proved: &ProvedStatement, now_ms: i64) -> Result<(), StoreError> {
        let is_receipted = match kind {
            OutboxKind::Own => self.receipt_statement(proved, now_ms)?,
            OutboxKind::Carried => self.prove_carried(proved.id)?,
            OutboxKind::Original => false,
        };
        if is_receipted { self.remove_from_outbox(EntryKey::receipt(kind, proved.id)) } else { Ok(()) }
    }

    fn photo_arrived(&self, kind: OutboxKind, hash: PhotoHash, now_ms: i64) -> Result<(), StoreError> {
        match kind {
            OutboxKind::Own => self.own_photo_arrived(hash, now_ms)?,
            OutboxKind::Carried => self.carried_photo_arrived(hash)?,
            OutboxKind::Original => self.original_arrived(hash)?,
        }
        self.remove_from_outbox(EntryKey::photo(kind, hash))
    }

    /// Notes that the file of a photo is gone, or that it is there again.
    pub(crate) fn set_photo_lost(
        &self,
        kind: OutboxKind,
        hash: PhotoHash,
        lost: bool,
    ) -> Result<(), StoreError> {
        match kind {
            OutboxKind::Own => self.set_own_photo_lost(hash, lost)?,
            // A courier has no original to make it from. It is tried again, because the file may be there
            // again.
            OutboxKind::Carried => return Ok(()),
            OutboxKind::Original => {}
        }
        self.set_lost(EntryKey::photo(kind, hash), lost)
    }
}
