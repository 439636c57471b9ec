//! Between the core, the store and a transport: reads the outbox, sends what is due, writes what came of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use evidence::PhotoHash;
use protocol::{InboxResponse, limit};

use super::call::{Call, Sender, Transport};
use super::change_log::log;
use super::class::{self, Class};
use super::{hall, joining};
use crate::Device;
use crate::error::{DeviceError, StoreError, error_chain};
use crate::model::Enrolment;
use crate::proof::new_rotations;
use crate::sabotage;
use crate::sync_core::{
    Answer, Change, Item, LONGEST_MS, LogResult, Next, OutboxKind, PhotoItem, Request, State, answered, next,
};
use crate::view::SyncError;

/// Maximum time between two looks at the store. A clock that jumps, or a phone that slept, costs at most
/// this.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Length of the first piece of a photo: three seconds on a 2G line. What is more urgent waits no longer than
/// this.
const FIRST_PIECE_BYTES: u64 = 16 * 1024;
const SHORTEST_PIECE_BYTES: u64 = 8 * 1024;
/// A piece that takes less than this is followed by one of twice its length.
const FAST_PIECE: Duration = Duration::from_secs(2);
/// A piece that takes more than this is followed by one of half its length.
const SLOW_PIECE: Duration = Duration::from_secs(8);

/// Sends for as long as it is polled. `changed` is called whenever something that a screen shows may have
/// changed. A device has one of these: two wake-ups never send twice.
pub async fn run(device: &Device, transport: &impl Transport, changed: impl Fn() + Send + Sync) {
    let mut memory = Memory::default();
    device.sending.store(false, Ordering::Relaxed);
    loop {
        let woken = device.wake.notified();
        if let Err(error) = device.keep_copy() {
            tracing::error!(error = error_chain(&error), "cannot keep a copy of the database");
        }
        let wait = match step(device, transport, &mut memory, &changed).await {
            Ok(Step::Exchanged) => continue,
            Ok(Step::NothingDue(wait)) => wait,
            Err(error) => {
                tracing::error!(error = error_chain(&error), "sync cannot use the store");
                changed();
                LONGEST_SLEEP
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait.min(LONGEST_SLEEP)) => {}
            () = woken => {}
        }
    }
}

/// Sends everything that is due now and returns; for tests and for the fleet of simulated devices.
pub async fn send_due(device: &Device, transport: &impl Transport) -> Result<(), DeviceError> {
    let mut memory = Memory::default();
    while matches!(step(device, transport, &mut memory, &|| {}).await?, Step::Exchanged) {}
    Ok(())
}

/// The result of one step.
pub(super) enum Step {
    /// Something was done, and more may be due.
    Exchanged,
    /// Nothing is due for this long.
    NothingDue(Duration),
}

/// Makes one exchange, if one is due.
async fn step(
    device: &Device,
    transport: &impl Transport,
    memory: &mut Memory,
    changed: &impl Fn(),
) -> Result<Step, DeviceError> {
    let class_wait = match class::step(device, transport, &mut memory.asked_at_ms, LONGEST_SLEEP).await? {
        Class::MaySend(Step::NothingDue(wait)) => wait,
        Class::MaySend(step) | Class::MaySendNothing(step) => {
            if matches!(step, Step::Exchanged) {
                changed();
            }
            return Ok(step);
        }
    };
    let hall_wait = match hall::step(device, transport, LONGEST_SLEEP).await? {
        Step::Exchanged => {
            changed();
            return Ok(Step::Exchanged);
        }
        Step::NothingDue(wait) => wait,
    };
    Ok(match endpoint_step(device, transport, memory, changed).await? {
        Step::Exchanged => Step::Exchanged,
        Step::NothingDue(wait) => Step::NothingDue(wait.min(hall_wait).min(class_wait)),
    })
}

/// Makes one exchange with the endpoint, if one is due. Until it has confirmed the enrolment, it would refuse
/// everything else.
async fn endpoint_step(
    device: &Device,
    transport: &impl Transport,
    memory: &mut Memory,
    changed: &impl Fn(),
) -> Result<Step, DeviceError> {
    let waits = device.store().joining()?;
    if let Some(waits) = waits {
        let step = joining::step(device, transport, &waits, LONGEST_SLEEP).await?;
        if matches!(step, Step::Exchanged) {
            changed();
        }
        return Ok(step);
    }
    let Ok(enrolment) = device.enrolment() else { return Ok(Step::NothingDue(LONGEST_SLEEP)) };
    let state = device.sync_state(&enrolment, memory)?;
    let request = match next(&state) {
        Next::Send(request) => request,
        Next::WaitUntil(at_ms) => return Ok(Step::NothingDue(time_until(at_ms, state.now_ms))),
    };
    let call = match device.call(&request) {
        Ok(call) => call,
        Err(error) => {
            device.put_off(&request, error, state.now_ms)?;
            changed();
            return Ok(Step::Exchanged);
        }
    };
    let key = match device.signing_key() {
        Ok(key) => key,
        Err(error) => {
            device.cannot_prove(state, &request, error)?;
            changed();
            return Ok(Step::Exchanged);
        }
    };
    device.charge(&request, &call, state.now_ms)?;

    device.sending.store(true, Ordering::Relaxed);
    changed();
    let begun = tokio::time::Instant::now();
    let answer = match device.answered_here(&call)? {
        Some(answer) => answer,
        None => transport.exchange(Sender { endpoint: &enrolment.endpoint, key: &key }, call).await,
    };
    device.sending.store(false, Ordering::Relaxed);

    let answer = device.verified(&enrolment, &request, answer)?;
    memory.learn(&request, &answer, begun.elapsed());
    device.write_down(state, &request, answer)?;
    changed();
    Ok(Step::Exchanged)
}

pub(super) fn time_until(at_ms: i64, now_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(at_ms.saturating_sub(now_ms)).unwrap_or(0).max(50))
}

/// What the driver remembers between steps. Losing it costs one round trip.
struct Memory {
    offset_known_of: Option<PhotoHash>,
    piece_bytes: u64,
    log_key_unknown: bool,
    /// When the hall of a class was asked last.
    asked_at_ms: Option<i64>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            offset_known_of: None,
            piece_bytes: FIRST_PIECE_BYTES,
            log_key_unknown: false,
            asked_at_ms: None,
        }
    }
}

impl Memory {
    /// An offset is valid while the exchanges succeed. The length of a piece follows the time that the last
    /// one took.
    fn learn(&mut self, request: &Request, answer: &Answer, took: Duration) {
        let photo = match request {
            Request::Push(_)
            | Request::FetchReceipts(_)
            | Request::FetchLogKeys
            | Request::FetchInbox { .. } => None,
            Request::AskOffset { photo } | Request::SendPiece { photo, .. } => Some(photo.hash),
        };
        match answer {
            Answer::Stored { .. } => self.offset_known_of = photo,
            Answer::Proved { log, .. } => self.log_key_unknown = *log == LogResult::UnknownKey,
            Answer::LogKeyRotated(_) => self.log_key_unknown = false,
            Answer::Pushed { .. }
            | Answer::Receipts(_)
            | Answer::LogKeys(_)
            | Answer::Inbox(_)
            | Answer::Class(_)
            | Answer::Enrolled(_) => {}
            Answer::Refused { .. } | Answer::Failed(_) => self.offset_known_of = None,
        }
        if let Request::SendPiece { .. } = request {
            let longest = limit::PHOTO_PIECE_BYTES as u64;
            self.piece_bytes = match answer {
                Answer::Stored { .. } if took < FAST_PIECE => (self.piece_bytes * 2).min(longest),
                Answer::Stored { .. } if took < SLOW_PIECE => self.piece_bytes,
                _ => (self.piece_bytes / 2).max(SHORTEST_PIECE_BYTES),
            };
        }
    }
}

impl Device {
    fn sync_state(&self, enrolment: &Enrolment, memory: &Memory) -> Result<State, StoreError> {
        let store = self.store();
        let connection = store.connection()?;
        let inbox = store.inbox()?;
        Ok(State {
            device: enrolment.public_key.device_id(),
            now_ms: self.now_ms(),
            attempts: connection.attempts,
            next_attempt_at_ms: connection.next_attempt_at_ms,
            waiting: store.waiting()?,
            offset_known_of: memory.offset_known_of,
            piece_bytes: memory.piece_bytes,
            originals: self.original_budget(&store)?,
            log_key_unknown: memory.log_key_unknown,
            inbox_cursor: inbox.cursor,
            inbox_at_ms: inbox.next_attempt_at_ms,
            opened_messages: store.opened_messages()?,
        })
    }

    /// A request whose bytes are not available must not delay the others. Other errors of the store are
    /// returned.
    fn put_off(&self, request: &Request, error: StoreError, now_ms: i64) -> Result<(), StoreError> {
        let later_ms = now_ms.saturating_add(LONGEST_MS);
        match (request, error) {
            // Without its key the device cannot sign the request for its inbox.
            (Request::FetchInbox { .. }, StoreError::Keystore(_) | StoreError::KeyLost) => {
                self.store().write(|write| write.postpone_inbox(later_ms))
            }
            (Request::SendPiece { photo, .. }, StoreError::File { .. }) => {
                self.photo_is_lost(*photo, now_ms, later_ms)
            }
            (_, error) => Err(error),
        }
    }

    /// Without its key the device can prove no request. It tries again, as without a connection: a keystore
    /// is unlocked by its user.
    fn cannot_prove(&self, state: State, request: &Request, error: StoreError) -> Result<(), DeviceError> {
        let error = match error {
            StoreError::Keystore(_) => SyncError::KeystoreLocked,
            StoreError::KeyLost => SyncError::KeyLost,
            error => return Err(error.into()),
        };
        self.write_down(state, request, Answer::Failed(error))
    }

    fn photo_is_lost(&self, photo: PhotoItem, now_ms: i64, later_ms: i64) -> Result<(), StoreError> {
        let postponed =
            Change::Postponed { item: Item::Photo(photo), attempts: 1, next_attempt_at_ms: later_ms };
        self.store().write(|write| {
            write.set_photo_lost(photo.kind, photo.hash, true)?;
            write.apply(&postponed, now_ms)
        })
    }

    /// Counts a piece of an original before it is sent: a piece that is lost on the way has cost as much.
    fn charge(&self, request: &Request, call: &Call, now_ms: i64) -> Result<(), StoreError> {
        match (call, request) {
            (Call::SendPiece { piece, .. }, Request::SendPiece { photo, .. })
                if photo.kind == OutboxKind::Original =>
            {
                self.spend_on_originals(piece.len() as u64, now_ms)
            }
            _ => Ok(()),
        }
    }

    /// The answer after this device has verified the proofs in it.
    fn verified(
        &self,
        enrolment: &Enrolment,
        request: &Request,
        answer: Answer,
    ) -> Result<Answer, DeviceError> {
        Ok(match (request, answer) {
            (Request::FetchReceipts(receipts), Answer::Receipts(response)) => {
                self.prove(receipts, &response)?
            }
            (Request::FetchLogKeys, Answer::LogKeys(keys)) => {
                Answer::LogKeyRotated(new_rotations(&enrolment.log, &keys))
            }
            (Request::FetchInbox { .. }, Answer::Inbox(response)) => {
                Answer::Inbox(self.drop_incompatible_package(enrolment, response)?)
            }
            (_, answer) => answer,
        })
    }

    /// The inbox without an election package that cannot replace the one of this device.
    fn drop_incompatible_package(
        &self,
        enrolment: &Enrolment,
        response: InboxResponse,
    ) -> Result<InboxResponse, StoreError> {
        let Some(changed) = &response.enrolment else { return Ok(response) };
        let written = self.store().tallies_with_records()?;
        match enrolment.may_become(&changed.election, &written) {
            Ok(()) => Ok(response),
            Err(reason) => {
                tracing::error!(reason, "cannot use the endpoint's election package");
                Ok(InboxResponse { enrolment: None, ..response })
            }
        }
    }

    /// Writes everything that the answer changes, in one transaction.
    fn write_down(&self, state: State, request: &Request, answer: Answer) -> Result<(), DeviceError> {
        // The answer may have taken long: backoff counts from now.
        let state = State { now_ms: self.now_ms(), ..state };
        let changes = answered(&state, request, answer, self.jitter()?);
        let changes = sabotage::changes(request, changes, state.now_ms);
        self.store()
            .write(|write| changes.iter().try_for_each(|change| write.apply(change, state.now_ms)))?;
        let changes_the_enrolment =
            |change: &Change| matches!(change, Change::LogKeyRotated { .. } | Change::EnrolmentChanged(_));
        if changes.iter().any(changes_the_enrolment) {
            self.reload_enrolment()?;
        }
        log(&changes);
        Ok(())
    }

    pub(super) fn jitter(&self) -> Result<u64, DeviceError> {
        Ok(u64::from_le_bytes(self.platform.environment.random()?))
    }
}
