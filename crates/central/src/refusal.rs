//! Why something was not done: a problem for the asker, and what helps them to go on.

use std::sync::Arc;

use protocol::{Problem, ProblemCode};

use crate::ingest::photos::storage::PhotoError;
use crate::store::StoreError;

/// How long a device waits, at the least, when the endpoint has too much to do.
const BUSY_SECONDS: i64 = 5;

/// A refusal on its way to the asker.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) problem: Box<Problem>,
    pub(crate) hint: Option<Hint>,
}

/// What helps the asker to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// So many bytes of the photo are here.
    HeldBytes(u64),
    /// So long until it makes sense to ask again.
    WaitSeconds(i64),
}

impl Refusal {
    /// The endpoint's own fault. The particulars go to the log, not over the wire.
    pub(crate) fn fault(doing: &'static str, error: &dyn std::error::Error) -> Self {
        tracing::error!(doing, error = %error, "fault");
        Problem::new(ProblemCode::Internal, "the particulars are in the endpoint's log").into()
    }

    /// A piece that does not start where the copy ends.
    pub(crate) fn offset_wrong(held_bytes: u64, offset: u64) -> Self {
        let detail = format!("the piece starts at {offset}, and {held_bytes} bytes are here");
        let problem = Box::new(Problem::new(ProblemCode::PhotoOffsetWrong, detail));
        Self { problem, hint: Some(Hint::HeldBytes(held_bytes)) }
    }

    /// Too much from one address.
    pub(crate) fn try_later(wait_ms: i64) -> Self {
        let wait_s = wait_ms.max(0) / 1_000 + 1;
        let detail = format!("try again in {wait_s} seconds");
        let problem = Box::new(Problem::new(ProblemCode::TooManyRequests, detail));
        Self { problem, hint: Some(Hint::WaitSeconds(wait_s)) }
    }

    /// More than the endpoint can do at the moment; nothing of it was done.
    pub(crate) fn busy() -> Self {
        let problem = Problem::new(ProblemCode::Busy, "nothing was done; try again a little later");
        Self { problem: Box::new(problem), hint: Some(Hint::WaitSeconds(BUSY_SECONDS)) }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), hint: None }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        (&error).into()
    }
}

impl From<&StoreError> for Refusal {
    fn from(error: &StoreError) -> Self {
        if error.is_transient() {
            tracing::warn!(%error, "the store does not answer");
            return Self::busy();
        }
        Self::fault("the store", error)
    }
}

impl From<PhotoError> for Refusal {
    fn from(error: PhotoError) -> Self {
        if error.passes {
            tracing::warn!(%error, "the bucket of photos does not answer");
            return Self::busy();
        }
        Self::fault("photos", &error)
    }
}

impl From<Arc<StoreError>> for Refusal {
    fn from(error: Arc<StoreError>) -> Self {
        (&*error).into()
    }
}
