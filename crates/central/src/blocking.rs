//! How much goes on at once, and who waits for whom.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// A queue of requests before work of one kind. Whoever finds too many in it is to be turned away.
#[derive(Debug)]
pub(crate) struct Queue {
    turns: Semaphore,
    waiting: AtomicUsize,
    waiting_max: usize,
}

impl Queue {
    pub(crate) fn new(at_once: usize, waiting_max: usize) -> Self {
        Self { turns: Semaphore::new(at_once), waiting: AtomicUsize::new(0), waiting_max }
    }

    /// Waits for a turn, which lasts until it is dropped; `None` when too many wait already.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let _waits = Waits::among(&self.waiting, self.waiting_max)?;
        self.turns.acquire().await.ok()
    }
}

/// One who waits; whoever gives up waiting is gone too.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn among(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let waits = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < most).then_some(waits)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How many threads may do something at once, for threads.
#[derive(Debug)]
pub(crate) struct Turns {
    busy: Mutex<usize>,
    at_once: usize,
    ended: Condvar,
}

impl Turns {
    pub(crate) fn new(at_once: usize) -> Self {
        Self { busy: Mutex::new(0), at_once, ended: Condvar::new() }
    }

    /// Waits for a turn. It ends when it is dropped.
    pub(crate) fn take(&self) -> Turn<'_> {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let mut busy =
            self.ended.wait_while(busy, |busy| *busy >= self.at_once).unwrap_or_else(PoisonError::into_inner);
        *busy += 1;
        Turn(self)
    }
}

/// A turn.
#[derive(Debug)]
pub(crate) struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.busy.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_one();
    }
}
