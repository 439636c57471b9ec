//! Answers that are in memory count for the network of their client until they are read.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::{IntoResponse as _, Response};
use hyper::body::{Frame, SizeHint};

use crate::refusal::Refusal;
use crate::throttling::buffers::{HeldBytes, NetworkBuffers};

/// Length of an answer that does not count, in bytes. A refusal must not be refused.
const SMALL_BYTES: u64 = 1_024;

/// Marks an answer whose bytes all clients share, because they are part of the program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InProgram;

/// The answer, whose bytes count for the network until they are read. When the network holds too much, the
/// client gets a short answer instead, to try again later. An answer of unknown length is read from a file
/// piece by piece.
pub(super) fn buffered_answer(answer: Response, buffers: &NetworkBuffers) -> Response {
    let bytes = answer.body().size_hint().exact().unwrap_or(0);
    if bytes <= SMALL_BYTES || answer.extensions().get::<InProgram>().is_some() {
        return answer;
    }
    let mut held = buffers.buffer();
    if !held.grow(usize::try_from(bytes).unwrap_or(usize::MAX)) {
        return Refusal::busy().into_response();
    }
    answer.map(|inner| Body::new(HeldBody { inner, _held: held }))
}

/// A body with the bytes that it holds.
struct HeldBody {
    inner: Body,
    _held: HeldBytes,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
