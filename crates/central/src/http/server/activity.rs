//! What happens on one connection: when bytes moved last, which answers are being sent, and whether it should
//! close.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::pace::Pace;

/// The moment from which the program counts milliseconds.
static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);

fn now_ms() -> u64 {
    u64::try_from(EPOCH.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Why a connection closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    /// An answer, or the bytes of several, moved too slowly.
    Pace,
    /// No request came.
    Idle,
}

/// The activity of one connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Time of the last byte in any direction.
    moved_at_ms: AtomicU64,
    /// Number of requests that have no complete answer yet.
    requests: AtomicUsize,
    next_answer: AtomicU64,
    /// The answers that are being sent.
    answers: Mutex<HashMap<u64, Arc<Transfer>>>,
    /// Bytes that the socket does not take at once.
    blocked_write: Mutex<Option<Arc<Transfer>>>,
    evicted: Notify,
}

/// Bytes on their way.
#[derive(Debug)]
pub(super) struct Transfer {
    start: Instant,
    bytes: AtomicU64,
}

impl Transfer {
    fn start() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), bytes: AtomicU64::new(0) })
    }

    fn count(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn is_late(&self, pace: &Pace) -> bool {
        self.start.elapsed() > pace.time_of(self.bytes.load(Ordering::Relaxed))
    }
}

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        let this = Self::default();
        this.touch();
        Arc::new(this)
    }

    /// Notes that bytes moved.
    pub(super) fn touch(&self) {
        self.moved_at_ms.store(now_ms(), Ordering::Relaxed);
    }

    /// Time of the last byte, on the program's own clock.
    pub(super) fn moved_at_ms(&self) -> u64 {
        self.moved_at_ms.load(Ordering::Relaxed)
    }

    /// Closes the connection, because another one needs its slot.
    pub(super) fn evict(&self) {
        self.evicted.notify_one();
    }

    /// Ends when the connection is to close for another one.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    /// Notes a request until the guard is dropped.
    pub(super) fn request(self: &Arc<Self>) -> RequestGuard {
        self.requests.fetch_add(1, Ordering::Relaxed);
        RequestGuard(Arc::clone(self))
    }

    /// Notes an answer until the guard is dropped.
    pub(super) fn answer(self: &Arc<Self>, request: RequestGuard) -> AnswerGuard {
        let number = self.next_answer.fetch_add(1, Ordering::Relaxed);
        let transfer = Transfer::start();
        lock(&self.answers).insert(number, Arc::clone(&transfer));
        AnswerGuard { activity: Arc::clone(self), number, transfer, _request: request }
    }

    /// The socket took `taken` of `offered` bytes; `None` when it takes nothing now.
    pub(super) fn wrote(&self, offered: usize, taken: Option<usize>) {
        let mut blocked = lock(&self.blocked_write);
        match taken {
            None => {
                blocked.get_or_insert_with(Transfer::start);
            }
            Some(bytes) => {
                self.touch();
                if let Some(transfer) = blocked.as_ref() {
                    transfer.count(bytes);
                }
                if bytes >= offered {
                    *blocked = None;
                }
            }
        }
    }

    /// Why the connection should close now.
    pub(super) fn missed(&self, answers: &Pace, idle: Duration) -> Option<Missed> {
        let is_late = |transfer: &Arc<Transfer>| transfer.is_late(answers);
        if lock(&self.blocked_write).as_ref().is_some_and(is_late)
            || lock(&self.answers).values().any(is_late)
        {
            return Some(Missed::Pace);
        }
        let silence = Duration::from_millis(now_ms().saturating_sub(self.moved_at_ms()));
        (self.requests.load(Ordering::Relaxed) == 0 && silence > idle).then_some(Missed::Idle)
    }
}

/// A request without a complete answer.
#[derive(Debug)]
pub(super) struct RequestGuard(Arc<Activity>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
        self.0.touch();
    }
}

/// An answer that is being sent.
#[derive(Debug)]
pub(super) struct AnswerGuard {
    activity: Arc<Activity>,
    number: u64,
    transfer: Arc<Transfer>,
    _request: RequestGuard,
}

impl AnswerGuard {
    pub(super) fn count(&self, bytes: usize) {
        self.transfer.count(bytes);
    }
}

impl Drop for AnswerGuard {
    fn drop(&mut self) {
        lock(&self.activity.answers).remove(&self.number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
