//! The newest checkpoint and the log's keys in memory: everybody may read them, as often as they like.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use protocol::LogKeys;

/// Time after which they are read again: another replica may have appended to the log.
const FRESH: Duration = Duration::from_secs(1);

/// What the log says of itself.
#[derive(Debug, Clone)]
pub(crate) struct LogState {
    /// The newest checkpoint, a signed note.
    pub(crate) checkpoint: String,
    pub(crate) keys: LogKeys,
}

/// The state that was read last.
#[derive(Debug, Default)]
pub(crate) struct RecentLog {
    state: Mutex<Option<(Instant, Arc<LogState>)>>,
    /// One task reads; the others wait for what it reads.
    pub(crate) reading: tokio::sync::Mutex<()>,
}

impl RecentLog {
    /// The state, if it was read lately.
    pub(crate) fn fresh(&self) -> Option<Arc<LogState>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, state)| Arc::clone(state))
    }

    /// Remembers what was read now.
    pub(crate) fn remember(&self, state: &Arc<LogState>) {
        let now = (Instant::now(), Arc::clone(state));
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Forgets the state, because the log grew.
    pub(crate) fn clear(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
