//! A refusal: the problem that the client reads, and a header that tells it how to go on.

use std::error::Error;

use protocol::{Problem, ProblemCode};

use crate::error_chain::error_chain;
use crate::group_commit::CommitError;
use crate::photo_storage::PhotoError;
use crate::store::StoreError;

/// Minimum wait of a client, in seconds, when the endpoint is overloaded.
const BUSY_SECONDS: i64 = 5;

/// Minimum wait of a client, in seconds, when the store cannot be written. An operator has to act in most
/// cases.
const UNAVAILABLE_SECONDS: i64 = 15;

/// Why a request has no other answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) problem: Box<Problem>,
    pub(crate) hint: Option<Hint>,
}

/// A header that tells the client how to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// `Upload-Offset`: the bytes of the photo that are stored.
    UploadOffset(u64),
    /// `Retry-After`.
    RetryAfterSeconds(i64),
}

impl Refusal {
    /// What the request names does not exist.
    pub(crate) fn not_found() -> Self {
        Problem::new(ProblemCode::NotFound, "there is no such thing").into()
    }

    /// The endpoint failed. The cause goes to the program's log and not over the wire.
    pub(crate) fn internal(doing: &'static str, error: &dyn Error) -> Self {
        tracing::error!(doing, error = error_chain(error), "internal error");
        Problem::new(ProblemCode::Internal, "the cause is in the endpoint's log").into()
    }

    /// The piece of a photo does not start at the current offset.
    pub(crate) fn offset_wrong(received_bytes: u64, offset: u64) -> Self {
        let detail = format!("the piece starts at {offset}, and {received_bytes} bytes are here");
        let problem = Box::new(Problem::new(ProblemCode::PhotoOffsetWrong, detail));
        Self { problem, hint: Some(Hint::UploadOffset(received_bytes)) }
    }

    /// The client is above its rate.
    pub(crate) fn try_later(wait_ms: i64) -> Self {
        let wait_s = wait_ms.max(0) / 1_000 + 1;
        let detail = format!("try again in {wait_s} seconds");
        let problem = Box::new(Problem::new(ProblemCode::TooManyRequests, detail));
        Self { problem, hint: Some(Hint::RetryAfterSeconds(wait_s)) }
    }

    /// The endpoint is overloaded, or a service that it needs does not answer. Nothing was done.
    pub(crate) fn busy() -> Self {
        let problem = Problem::new(ProblemCode::Busy, "nothing was done; try again a little later");
        Self { problem: Box::new(problem), hint: Some(Hint::RetryAfterSeconds(BUSY_SECONDS)) }
    }
}

impl Refusal {
    /// The store is full, locked, read-only, hung or gone: the detail says which. Nothing was done.
    pub(crate) fn store_unavailable(detail: &str) -> Self {
        let problem = Box::new(Problem::new(ProblemCode::StoreUnavailable, detail));
        Self { problem, hint: Some(Hint::RetryAfterSeconds(UNAVAILABLE_SECONDS)) }
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
            tracing::warn!(error = error_chain(error), "the store cannot be used now");
            return Self::store_unavailable(error.fault());
        }
        Self::internal("using the store", error)
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match &error {
            CommitError::Store(store) => (&**store).into(),
            CommitError::Panicked => Self::internal("committing", &error),
        }
    }
}

impl From<PhotoError> for Refusal {
    fn from(error: PhotoError) -> Self {
        if error.is_transient {
            tracing::warn!(error = error_chain(&error), "the photo storage cannot be used now");
            return Self::store_unavailable(error.fault());
        }
        Self::internal("using the photo storage", &error)
    }
}
