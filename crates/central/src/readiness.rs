//! What the endpoint last found out about its own readiness.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, Semaphore};

/// Time for which a result is good, so that many questions cost one check.
pub(crate) const FRESH: Duration = Duration::from_millis(500);

/// The last check, and the one that runs.
#[derive(Debug)]
pub(crate) struct Readiness {
    pub(crate) last: Mutex<Option<Checked>>,
    /// A check that hangs keeps its permit: there is never a second one beside it.
    pub(crate) running: Arc<Semaphore>,
}

#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) at: Instant,
    pub(crate) result: Result<(), String>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { last: Mutex::default(), running: Arc::new(Semaphore::new(1)) }
    }
}
