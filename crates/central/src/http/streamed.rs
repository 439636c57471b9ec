//! Answers that are written while they are made: of any length, in the memory of some pieces.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use futures::{StreamExt as _, stream};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::blocking::LaneName;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// Length of a piece.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that wait for a slow client. The work waits when there are more.
const PIECES_MAX: usize = 8;

type Piece = Result<Bytes, Refusal>;

/// The body that `work` writes, from its first piece on. Work that fails before that is the refusal; work
/// that fails later breaks the connection, so that half an answer does not look like one.
pub(crate) async fn streamed(
    endpoint: &Endpoint,
    work: impl FnOnce(&Endpoint, &mut Pieces) -> Result<(), Refusal> + Send + 'static,
) -> Result<Body, Refusal> {
    let (sender, mut receiver) = channel(PIECES_MAX);
    let (endpoint, failed) = (endpoint.clone(), sender.clone());
    tokio::spawn(async move {
        let write = move |endpoint: &Endpoint| {
            let mut pieces = Pieces { sender, piece: Vec::with_capacity(PIECE_BYTES) };
            work(endpoint, &mut pieces)?;
            pieces.flush().map_err(|error| Refusal::internal("sending an answer", &error))
        };
        if let Err(refusal) = endpoint.blocking_in(LaneName::Pixels, write).await {
            // Nobody receives it if the client is gone.
            let _ = failed.send(Err(refusal)).await;
        }
    });
    let first = receiver.recv().await.transpose()?;
    let first = stream::iter(first.map(Ok::<_, io::Error>));
    Ok(Body::from_stream(first.chain(rest_of(receiver))))
}

fn rest_of(receiver: Receiver<Piece>) -> impl futures::Stream<Item = io::Result<Bytes>> {
    stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece.map_err(|refusal| io::Error::other(refusal.problem.title.clone())), receiver))
    })
}

/// A receiver that sends what it gets in pieces.
pub(crate) struct Pieces {
    sender: Sender<Piece>,
    piece: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.sender.blocking_send(Ok(Bytes::from(piece))).map_err(gone)
    }
}
