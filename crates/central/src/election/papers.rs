//! The papers of contests, made when they are needed. A national package has thousands, and all of them at
//! once would fill the memory.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use tally::{ContestId, Election, Paper, StationKind};

/// Maximum number of papers in memory. A paper of 18 lists has some 100 KB.
const PAPERS_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1_023);

/// The papers that were used last.
#[derive(Debug)]
pub(super) struct Papers(Mutex<LruCache<(ContestId, StationKind), Arc<Paper>>>);

impl Default for Papers {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(PAPERS_MAX)))
    }
}

impl Papers {
    /// The paper of a contest at stations of this kind; `None` for an unknown contest.
    pub(super) fn get(
        &self,
        election: &Election,
        contest: &ContestId,
        kind: StationKind,
    ) -> Option<Arc<Paper>> {
        let key = (contest.clone(), kind);
        if let Some(paper) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some(Arc::clone(paper));
        }
        // Made outside of the lock: others do not wait for it, and two of them may make it at once.
        let paper = Arc::new(election.paper_of_kind(contest, kind)?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(key, Arc::clone(&paper));
        Some(paper)
    }
}
