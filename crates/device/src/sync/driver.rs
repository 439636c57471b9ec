//! Between the core, the store and a transport: reads what waits, sends what is due, writes down what came of it.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

use evidence::{PhotoHash, StatementId};
use protocol::{InboxRequest, InboxResponse, ReceiptsRequest, inbox_proof_message, limit};
use serde_bytes::ByteBuf;

use super::backoff::LONGEST_MS;
use super::core::{Answer, Budget, Change, Item, LogResult, Next, Request, State, answered, next};
use crate::Device;
use crate::enrolment::Enrolment;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture;
use crate::proof::changes_of_key;
use crate::sabotage;
use crate::store::{Spent, Store};
use crate::view::SyncFault;

/// The longest sleep before the store is looked at again, whatever the clock says: a clock that jumps, or a phone
/// that slept, costs at most this.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Three seconds on a 2G line: what is more urgent does not wait longer for its turn.
const FIRST_PIECE_BYTES: u64 = 16 * 1024;
/// What originals may take of a metered connection in a day: four to ten of them.
const ORIGINALS_BYTES_A_DAY: u64 = 20 * 1024 * 1024;
const DAY_MS: i64 = 24 * 60 * 60_000;
const SHORTEST_PIECE_BYTES: u64 = 8 * 1024;

/// One exchange with its bytes, ready for a transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Push these statements.
    Push(Vec<Vec<u8>>),
    /// Fetch receipts.
    FetchReceipts(ReceiptsRequest),
    /// Fetch the keys that the log has had.
    FetchLogKeys,
    /// Fetch what the endpoint has to say to this device.
    FetchInbox(InboxRequest),
    /// Ask how much of a photo is held.
    AskOffset(PhotoHash),
    /// Send a piece of a photo.
    SendPiece {
        /// The photo.
        hash: PhotoHash,
        /// Where the piece begins.
        offset_bytes: u64,
        /// The piece.
        piece: Vec<u8>,
    },
}

/// Speaks to the endpoint. Whatever happens is an [`Answer`]; a transport neither retries nor decides.
pub trait Transport: Send + Sync {
    /// Makes one exchange with the endpoint at `base`.
    fn exchange(&self, base: &str, call: Call) -> impl Future<Output = Answer> + Send;
}

/// What the driver remembers between steps; losing it costs one question.
struct Memory {
    offset_known_of: Option<PhotoHash>,
    piece_bytes: u64,
    log_key_unknown: bool,
}

impl Default for Memory {
    fn default() -> Self {
        Self { offset_known_of: None, piece_bytes: FIRST_PIECE_BYTES, log_key_unknown: false }
    }
}

/// Sends for as long as it is polled. `changed` is called whenever something that a screen shows may have changed.
/// There is one of these for a device: two wakes never send twice.
pub async fn run(device: &Device, transport: &impl Transport, changed: impl Fn() + Send + Sync) {
    let mut memory = Memory::default();
    loop {
        let woken = device.wake.notified();
        if let Err(error) = device.keep_copy() {
            tracing::error!(%error, "no copy of the database could be kept");
        }
        let wait = match step(device, transport, &mut memory, &changed).await {
            Ok(Some(wait)) => wait,
            Ok(None) => continue,
            Err(error) => {
                tracing::error!(%error, "sync could not use the store");
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
    while step(device, transport, &mut memory, &|| {}).await?.is_none() {}
    Ok(())
}

/// One exchange, or how long there is nothing to do.
async fn step(
    device: &Device,
    transport: &impl Transport,
    memory: &mut Memory,
    changed: &impl Fn(),
) -> Result<Option<Duration>, DeviceError> {
    let Ok(enrolment) = device.enrolment() else { return Ok(Some(LONGEST_SLEEP)) };
    let state = device.sync_state(&enrolment, memory)?;
    let request = match next(&state) {
        Next::Send(request) => request,
        Next::WaitUntil(at_ms) => {
            let wait_ms = u64::try_from(at_ms.saturating_sub(state.now_ms)).unwrap_or(0).max(50);
            return Ok(Some(Duration::from_millis(wait_ms)));
        }
    };
    let call = match (device.call(&request), &request) {
        // Without its key the device cannot ask, and everything else goes on.
        (Err(StoreError::Keystore(_) | StoreError::KeyLost), Request::FetchInbox { .. }) => {
            let later = state.now_ms.saturating_add(LONGEST_MS);
            device.store().write(|write| write.postpone_inbox(later))?;
            return Ok(None);
        }
        // A photo whose file is gone is told of, and holds nothing else up.
        (Err(StoreError::File { .. }), Request::SendPiece { photo, .. }) => {
            let later = state.now_ms.saturating_add(LONGEST_MS);
            let postponed = Change::Postponed {
                item: Item::Photo(photo.clone()),
                attempts: 1,
                next_attempt_at_ms: later,
            };
            device.store().write(|write| {
                if photo.original {
                    write.set_original_lost(photo.hash, true)?;
                } else {
                    write.set_photo_lost(photo.hash, true)?;
                }
                write.apply(&postponed, state.now_ms)
            })?;
            changed();
            return Ok(None);
        }
        (call, _) => call?,
    };

    if let (Call::SendPiece { piece, .. }, Request::SendPiece { photo, .. }) = (&call, &request)
        && photo.original
    {
        // Before it is sent: what got lost on the way has cost as much.
        device.spend_on_originals(piece.len() as u64, state.now_ms)?;
    }
    device.sending.store(true, Ordering::Relaxed);
    changed();
    let begun = tokio::time::Instant::now();
    let answer = transport.exchange(&enrolment.endpoint, call).await;
    device.sending.store(false, Ordering::Relaxed);

    let answer = match (&request, answer) {
        (Request::FetchReceipts(ids), Answer::Receipts(response)) => device.prove(ids, &response)?,
        (Request::FetchLogKeys, Answer::LogKeys(keys)) => {
            Answer::LogHandedOver(changes_of_key(&enrolment.log, &keys))
        }
        (Request::FetchInbox { .. }, Answer::Inbox(response)) => {
            Answer::Inbox(device.looked_over(&enrolment, response)?)
        }
        (_, answer) => answer,
    };
    memory.learn(&request, &answer, begun.elapsed());
    // The answer may have taken long: backoff counts from now.
    let state = State { now_ms: device.now_ms(), ..state };
    let changes = answered(&state, &request, answer, device.draw()?);
    let changes = sabotage::changes(&request, changes, state.now_ms);
    device.store().write(|write| changes.iter().try_for_each(|change| write.apply(change, state.now_ms)))?;
    let joined_other =
        |change: &Change| matches!(change, Change::LogHandedOver { .. } | Change::EnrolmentChanged(_));
    if changes.iter().any(joined_other) {
        device.read_enrolment()?;
    }
    log(&changes);
    changed();
    Ok(None)
}

impl Memory {
    /// The offset holds as long as the exchanges go well; the piece follows how long the last one took.
    fn learn(&mut self, request: &Request, answer: &Answer, took: Duration) {
        let photo = match request {
            Request::Push(_)
            | Request::FetchReceipts(_)
            | Request::FetchLogKeys
            | Request::FetchInbox { .. } => None,
            Request::AskOffset { photo } | Request::SendPiece { photo, .. } => Some(photo.hash),
        };
        match answer {
            Answer::Held { .. } => self.offset_known_of = photo,
            Answer::Proved { log, .. } => self.log_key_unknown = *log == LogResult::OtherKey,
            Answer::LogHandedOver(_) => self.log_key_unknown = false,
            Answer::Pushed { .. } | Answer::Receipts(_) | Answer::LogKeys(_) | Answer::Inbox(_) => {}
            Answer::Refused { .. } | Answer::Fault(_) => self.offset_known_of = None,
        }
        if let Request::SendPiece { .. } = request {
            let longest = limit::PHOTO_PIECE_BYTES as u64;
            self.piece_bytes = match answer {
                Answer::Held { .. } if took < Duration::from_secs(2) => (self.piece_bytes * 2).min(longest),
                Answer::Held { .. } if took < Duration::from_secs(8) => self.piece_bytes,
                _ => (self.piece_bytes / 2).max(SHORTEST_PIECE_BYTES),
            };
        }
    }
}

impl Device {
    /// Wakes the sync: something was sealed, the app came back to the front, or the system says it is online.
    pub fn wake(&self) {
        self.copy_due.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    /// The app came back to the front: the connection is worth an attempt now, and its witness wants to know what the
    /// endpoint has to say.
    pub fn resumed(&self) -> Result<(), DeviceError> {
        self.store().write(|write| {
            write.make_connection_due()?;
            write.postpone_inbox(0)
        })?;
        self.wake();
        Ok(())
    }

    /// The system says that it is online: the connection is worth an attempt now. What the endpoint itself put off
    /// stays put off.
    pub fn connection_may_be_back(&self) -> Result<(), DeviceError> {
        self.store().write(|write| write.make_connection_due())?;
        self.wake();
        Ok(())
    }

    /// Says whether what is sent costs the witness money. Until somebody says that it does not, it does.
    pub fn set_metered(&self, metered: bool) {
        if self.metered.swap(metered, Ordering::SeqCst) && !metered {
            self.wake();
        }
    }

    /// What originals may still take of the connection.
    pub(crate) fn original_budget(&self, store: &Store) -> Result<Budget, StoreError> {
        if !self.metered.load(Ordering::SeqCst) {
            return Ok(Budget { left_bytes: u64::MAX, again_at_ms: self.now_ms() });
        }
        let Spent { since_ms, bytes } = spent_today(store.originals_spent()?, self.now_ms());
        Ok(Budget {
            left_bytes: ORIGINALS_BYTES_A_DAY.saturating_sub(bytes),
            again_at_ms: since_ms.saturating_add(DAY_MS),
        })
    }

    fn spend_on_originals(&self, bytes: u64, now_ms: i64) -> Result<(), StoreError> {
        if !self.metered.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut store = self.store();
        let spent = spent_today(store.originals_spent()?, now_ms);
        let spent = Spent { bytes: spent.bytes.saturating_add(bytes), ..spent };
        store.write(|write| write.set_originals_spent(spent))
    }

    /// What the endpoint says, without a package that cannot take the place of the one that is here.
    fn looked_over(
        &self,
        enrolment: &Enrolment,
        response: InboxResponse,
    ) -> Result<InboxResponse, StoreError> {
        let Some(changed) = &response.enrolment else { return Ok(response) };
        let written = self.store().contests_with_tallies()?;
        match enrolment.may_become(&changed.election, &written) {
            Ok(()) => Ok(response),
            Err(reason) => {
                tracing::error!(reason, "the endpoint's election package is not taken");
                Ok(InboxResponse { enrolment: None, ..response })
            }
        }
    }

    /// Makes everything due now and wakes the sync: the witness asked for it.
    pub fn try_now(&self) -> Result<(), DeviceError> {
        self.store().write(|write| write.make_due())?;
        self.wake();
        Ok(())
    }

    fn sync_state(&self, enrolment: &Enrolment, memory: &Memory) -> Result<State, StoreError> {
        let store = self.store();
        let connection = store.connection()?;
        let (inbox_cursor, inbox_at_ms) = store.inbox()?;
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
            inbox_cursor,
            inbox_at_ms,
        })
    }

    /// The bytes of a request.
    fn call(&self, request: &Request) -> Result<Call, StoreError> {
        match request {
            Request::Push(ids) => {
                let store = self.store();
                let bytes = |id: &StatementId| {
                    store
                        .any_statement_bytes(*id)?
                        .ok_or_else(|| StoreError::Damaged(format!("{id:?} is gone")))
                };
                ids.iter().map(bytes).collect::<Result<_, _>>().map(Call::Push)
            }
            Request::FetchReceipts(ids) => Ok(Call::FetchReceipts(ReceiptsRequest {
                statements: ids.clone(),
                seen_size: self.seen_log_size()?,
            })),
            Request::FetchLogKeys => Ok(Call::FetchLogKeys),
            Request::FetchInbox { after } => {
                let key = self.key().map_err(store_error)?.ok_or(StoreError::KeyLost)?;
                let device = key.public().device_id();
                let proof = key.sign_message(&inbox_proof_message(device, *after));
                let enrolment = self.enrolment().map_err(store_error)?.mark();
                Ok(Call::FetchInbox(InboxRequest {
                    device,
                    after: *after,
                    proof: ByteBuf::from(proof),
                    enrolment: Some(enrolment),
                }))
            }
            Request::AskOffset { photo } => Ok(Call::AskOffset(photo.hash)),
            Request::SendPiece { photo, piece_bytes } => Ok(Call::SendPiece {
                hash: photo.hash,
                offset_bytes: photo.sent_bytes,
                piece: self.photos.read_piece(
                    if photo.original { Picture::Original } else { Picture::Derivative },
                    photo.hash,
                    photo.sent_bytes,
                    *piece_bytes,
                )?,
            }),
        }
    }

    fn draw(&self) -> Result<u64, DeviceError> {
        let mut bytes = [0; 8];
        self.outside.random.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

/// What was spent in the day that runs. A clock that jumped begins a new one.
fn spent_today(spent: Spent, now_ms: i64) -> Spent {
    let day = spent.since_ms..spent.since_ms.saturating_add(DAY_MS);
    if day.contains(&now_ms) { spent } else { Spent { since_ms: now_ms, bytes: 0 } }
}

/// Reading the key fails only where the store does.
fn store_error(error: DeviceError) -> StoreError {
    match error {
        DeviceError::Store(error) => error,
        other => StoreError::Damaged(other.to_string()),
    }
}

fn log(changes: &[Change]) {
    for change in changes {
        match change {
            Change::Receipted(proved) => tracing::info!(id = %proved.id, "receipt verified"),
            Change::LogContradicts { .. } => tracing::error!("the endpoint's log was rewritten"),
            Change::LogHandedOver { rotation } => {
                tracing::info!(log = %rotation.new.id(), "the log's key handed over to another one");
            }
            Change::SendAgain { sequence } => tracing::info!(sequence, "the endpoint misses a statement"),
            Change::StatementAccepted { id, .. } => tracing::info!(%id, "statement accepted"),
            Change::StatementRefused { id, code, .. } => tracing::warn!(%id, ?code, "statement refused"),
            Change::EnrolmentChanged(changed) => {
                tracing::info!(revision = changed.assignments_revision, "what was joined changed");
            }
            Change::PhotoArrived { hash } => tracing::info!(%hash, "photo arrived"),
            Change::PhotoRefused { hash, code, .. } => tracing::warn!(%hash, ?code, "photo refused"),
            Change::InboxRead { items, .. } if items.is_empty() => {}
            Change::InboxRead { items, .. } => tracing::info!(items = items.len(), "the inbox was read"),
            Change::Fault { fault: SyncFault::Unreachable, .. }
            | Change::Contact
            | Change::ClockCompared { .. }
            | Change::CheckpointSeen { .. }
            | Change::PhotoHeld { .. } => {}
            Change::Fault { fault, attempts, .. } => tracing::warn!(?fault, attempts, "exchange failed"),
            Change::Postponed { item: Item::Statement(item), attempts, .. } => {
                tracing::info!(id = %item.id, attempts, "statement postponed");
            }
            Change::Postponed { item: Item::Receipt(id), attempts, .. } => {
                tracing::debug!(%id, attempts, "receipt postponed");
            }
            Change::Postponed { item: Item::Photo(item), attempts, .. } => {
                tracing::info!(hash = %item.hash, attempts, "photo postponed");
            }
        }
    }
}
