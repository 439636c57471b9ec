//! The bodies of requests and answers, with the pace at which they must move; and the metered stream below
//! them.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::activity::{Activity, AnswerGuard};
use super::pace::Pace;

/// Maximum number of bytes of an answer that are given to the connection at once. HTTP/2 keeps them until the
/// client's window takes them.
const PIECE_BYTES: usize = 16 * 1024;

/// The body of a request came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body of the request comes too slowly")]
pub(crate) struct TooSlow;

/// The body of a request. It ends with [`TooSlow`] when it misses its pace.
pub(super) struct PacedBody {
    inner: Body,
    pace: Pace,
    start: Instant,
    bytes: u64,
    timer: Pin<Box<Sleep>>,
}

impl PacedBody {
    pub(super) fn new(inner: Body, pace: Pace) -> Self {
        let start = Instant::now();
        let timer = Box::pin(tokio::time::sleep_until(start + pace.time_of(0)));
        Self { inner, pace, start, bytes: 0, timer }
    }
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                this.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                this.timer.as_mut().reset(this.start + this.pace.time_of(this.bytes));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(end) => Poll::Ready(end.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => {
                std::task::ready!(this.timer.as_mut().poll(context));
                Poll::Ready(Some(Err(TooSlow.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of an answer, which its connection watches until the client has taken all of it.
///
/// It gives small pieces, and the last byte apart. HTTP/2 asks for the next piece only when the client's
/// window took the one before, so that this body lives as long as bytes wait for the client.
pub(super) struct WatchedBody {
    inner: Body,
    guard: AnswerGuard,
    /// Bytes of the inner body's last frame.
    rest: Bytes,
}

impl WatchedBody {
    pub(super) fn new(inner: Body, guard: AnswerGuard) -> Self {
        Self { inner, guard, rest: Bytes::new() }
    }

    /// The next piece of the rest. It is a copy: a slice would keep the whole answer in memory.
    fn next_piece(&mut self) -> Bytes {
        let held_back = usize::from(self.inner.is_end_stream() && self.rest.len() > 1);
        let length = self.rest.len().min(PIECE_BYTES + held_back) - held_back;
        let piece = self.rest.split_to(length);
        self.guard.count(piece.len());
        Bytes::copy_from_slice(&piece)
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if !this.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(this.next_piece()))));
        }
        match std::task::ready!(Pin::new(&mut this.inner).poll_frame(context)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => {
                    this.rest = data;
                    Poll::Ready(Some(Ok(Frame::data(this.next_piece()))))
                }
                Err(frame) => Poll::Ready(Some(Ok(frame))),
            },
            end => Poll::Ready(end),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint();
        let rest = self.rest.len() as u64;
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// A stream that notes when bytes move, and whether its writer waits for the client.
pub(super) struct Metered<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Metered<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn note(&self, offered: usize, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.activity.wrote(offered, None),
            Poll::Ready(Ok(bytes)) => self.activity.wrote(offered, Some(*bytes)),
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.touch();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(bytes.len(), written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note(slices.iter().map(|slice| slice.len()).sum(), written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
