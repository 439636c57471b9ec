//! Entrusts the laptop of a hall with what the endpoint does not have yet.
//!
//! The hall's answers never touch the outbox: whatever it says, everything is also sent to the endpoint, and
//! only the endpoint's log proves it. What the hall keeps is shown as *entrusted* when the hall has signed a
//! receipt for it.

use evidence::{Receipt, StatementId};
use protocol::{Outcome, ReceiptsRequest, ReceiptsResponse};

use super::call::{Call, Sender, Transport};
use super::driver::{Step, time_until};
use crate::Device;
use crate::error::DeviceError;
use crate::folder::Picture;
use crate::store::{Entrusted, EntrustedState, Hall};
use crate::sync_core::{Answer, LONGEST_MS, OutboxKind, PhotoItem, delay_ms, is_due};
use crate::view::SyncError;

/// Length of a piece of a photo. A hall's network is local.
const PIECE_BYTES: u64 = 256 * 1024;
/// Pause until the hall's log has what it just accepted.
const RECEIPT_PAUSE_MS: i64 = 2_000;

/// What a hall is given in one exchange.
enum Work {
    Push(Vec<(StatementId, Vec<u8>)>),
    Receipts(Vec<StatementId>),
    Photo(PhotoItem),
}

/// Makes one exchange with the hall, if one is due.
pub(super) async fn step(
    device: &Device,
    transport: &impl Transport,
    longest: std::time::Duration,
) -> Result<Step, DeviceError> {
    let now_ms = device.now_ms();
    let Some(hall) = device.store().hall()? else { return Ok(Step::NothingDue(longest)) };
    if !is_due(hall.next_attempt_at_ms, now_ms, LONGEST_MS) {
        return Ok(Step::NothingDue(time_until(hall.next_attempt_at_ms, now_ms)));
    }
    let Some((work, call)) = device.hall_work(&hall)? else { return Ok(Step::NothingDue(longest)) };
    let key = device.signing_key()?;
    let answer = transport.exchange(Sender { endpoint: &hall.address, key: &key }, call).await;
    device.hall_answered(&hall, &work, answer)?;
    Ok(Step::Exchanged)
}

impl Device {
    /// What the hall is given next: statements, then its receipts, then photos.
    fn hall_work(&self, hall: &Hall) -> Result<Option<(Work, Call)>, DeviceError> {
        let store = self.store();
        let statements = store.not_entrusted(hall.log_key)?;
        if !statements.is_empty() {
            let bytes = statements.iter().map(|(_, bytes)| bytes.clone()).collect();
            return Ok(Some((Work::Push(statements), Call::Push(bytes))));
        }
        let statements = store.without_hall_receipt(hall.log_key)?;
        if !statements.is_empty() {
            let request = ReceiptsRequest { statements: statements.clone(), seen_size: 0 };
            return Ok(Some((Work::Receipts(statements), Call::FetchReceipts(request))));
        }
        let Some((photo, offset_is_known)) = store.photo_for_hall(hall.log_key)? else { return Ok(None) };
        drop(store);
        if !offset_is_known {
            return Ok(Some((Work::Photo(photo), Call::AskOffset(photo.hash))));
        }
        let piece = self.photos.read_piece(Picture::Derivative, photo.hash, photo.sent_bytes, PIECE_BYTES)?;
        let call = Call::SendPiece { hash: photo.hash, offset_bytes: photo.sent_bytes, piece };
        Ok(Some((Work::Photo(photo), call)))
    }

    /// Writes what the hall answered.
    fn hall_answered(&self, hall: &Hall, work: &Work, answer: Answer) -> Result<(), DeviceError> {
        let now_ms = self.now_ms();
        let found: Vec<(Entrusted, EntrustedState)> = match (work, answer) {
            (Work::Push(sent), Answer::Pushed { outcomes, .. }) if outcomes.len() == sent.len() => {
                sent.iter().zip(&outcomes).map(|((id, _), outcome)| pushed(*id, outcome)).collect()
            }
            (Work::Receipts(wanted), Answer::Receipts(response)) => {
                return self.receipts_of_hall(hall, wanted, &response);
            }
            (Work::Photo(photo), Answer::Stored { received_bytes })
                if received_bytes <= photo.total_bytes =>
            {
                vec![(Entrusted::Photo(photo.hash), photo_state(photo, received_bytes))]
            }
            (Work::Photo(photo), Answer::Refused { problem, .. }) if !problem.code.is_transient() => {
                vec![(Entrusted::Photo(photo.hash), EntrustedState::Refused)]
            }
            (_, Answer::Refused { .. }) => return self.hall_failed(hall, work, SyncError::Busy),
            (_, Answer::Failed(error)) => return self.hall_failed(hall, work, error),
            _ => return self.hall_failed(hall, work, SyncError::NotTheEndpoint),
        };
        Ok(self.store().write(|write| {
            for (what, state) in found {
                write.set_entrusted(hall.log_key, what, state, now_ms)?;
            }
            write.hall_answered(now_ms, 0)
        })?)
    }

    /// Only a valid receipt under the key on the hall's link shows that the hall has a statement.
    fn receipts_of_hall(
        &self,
        hall: &Hall,
        wanted: &[StatementId],
        response: &ReceiptsResponse,
    ) -> Result<(), DeviceError> {
        let now_ms = self.now_ms();
        let mut proved = Vec::new();
        for (id, receipt) in wanted.iter().zip(&response.receipts) {
            let (Some(receipt), Some(bytes)) = (receipt, self.store().statement_bytes(OutboxKind::Own, *id)?)
            else {
                continue;
            };
            match Receipt::parse(receipt).and_then(|receipt| receipt.verify(&hall.log_key, &bytes)) {
                Ok(_) => proved.push(*id),
                Err(_) => {
                    return self.hall_failed(hall, &Work::Receipts(Vec::new()), SyncError::ProofWrong);
                }
            }
        }
        let again_at_ms = if proved.len() == wanted.len() { 0 } else { now_ms + RECEIPT_PAUSE_MS };
        Ok(self.store().write(|write| {
            for id in proved {
                let what = Entrusted::Statement(id);
                write.set_entrusted(hall.log_key, what, EntrustedState::Entrusted, now_ms)?;
            }
            write.hall_answered(now_ms, again_at_ms)
        })?)
    }

    fn hall_failed(&self, hall: &Hall, work: &Work, error: SyncError) -> Result<(), DeviceError> {
        let wait_ms = delay_ms(hall.attempts.saturating_add(1), self.jitter()?);
        let at_ms = self.now_ms().saturating_add(wait_ms);
        Ok(self.store().write(|write| {
            if let Work::Photo(photo) = work {
                write.forget_offset(hall.log_key, photo.hash)?;
            }
            write.hall_failed(error, at_ms)
        })?)
    }
}

/// Only the id of the very bytes that were sent counts.
fn pushed(id: StatementId, outcome: &Outcome) -> (Entrusted, EntrustedState) {
    let state = match outcome {
        Outcome::Accepted { id: stored, .. } if *stored == id => EntrustedState::Sending { sent_bytes: 0 },
        Outcome::Accepted { .. } | Outcome::Refused { .. } => EntrustedState::Refused,
    };
    (Entrusted::Statement(id), state)
}

fn photo_state(photo: &PhotoItem, received_bytes: u64) -> EntrustedState {
    match received_bytes == photo.total_bytes {
        true => EntrustedState::Entrusted,
        false => EntrustedState::Sending { sent_bytes: received_bytes },
    }
}
