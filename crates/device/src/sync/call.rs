//! A request with its bytes, ready for a transport.

use std::future::Future;

use evidence::{DeviceKey, PhotoHash};
use protocol::{DrillProgress, EnrolRequest, InboxRequest, ReceiptsRequest, inbox_proof_message};
use serde_bytes::ByteBuf;

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture;
use crate::sync_core::{Answer, OutboxKind, PhotoItem, Request, StatementItem};

/// One exchange with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Use an invitation.
    Enrol(EnrolRequest),
    /// Push these statements.
    Push(Vec<Vec<u8>>),
    /// Fetch receipts.
    FetchReceipts(ReceiptsRequest),
    /// Fetch the keys that the log has had.
    FetchLogKeys,
    /// Fetch the device's inbox.
    FetchInbox(InboxRequest),
    /// Ask how many bytes of a photo the endpoint has stored.
    AskOffset(PhotoHash),
    /// Tell the hall of a class what this phone does.
    TellProgress(DrillProgress),
    /// Send a piece of a photo.
    SendPiece { hash: PhotoHash, offset_bytes: u64, piece: Vec<u8> },
}

/// Who sends a call, and to which endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The endpoint's base address.
    pub endpoint: &'a str,
    /// The device's key, which proves each request.
    pub key: &'a DeviceKey,
}

/// Exchanges calls with the endpoint. Every result is an [`Answer`]: a transport neither retries nor decides.
pub trait Transport: Send + Sync {
    /// Makes one exchange.
    fn exchange(&self, sender: Sender<'_>, call: Call) -> impl Future<Output = Answer> + Send;
}

impl Device {
    /// The bytes of a request.
    pub(super) fn call(&self, request: &Request) -> Result<Call, StoreError> {
        match request {
            Request::Push(statements) => self.push_call(statements),
            Request::FetchReceipts(receipts) => Ok(Call::FetchReceipts(ReceiptsRequest {
                statements: receipts.iter().map(|receipt| receipt.id).collect(),
                seen_size: self.seen_log_size()?,
            })),
            Request::FetchLogKeys => Ok(Call::FetchLogKeys),
            Request::FetchInbox { after, opened } => self.inbox_call(*after, opened),
            Request::AskOffset { photo } => Ok(Call::AskOffset(photo.hash)),
            Request::SendPiece { photo, piece_bytes } => self.piece_call(photo, *piece_bytes),
        }
    }

    /// The key that proves the device's requests.
    pub(super) fn signing_key(&self) -> Result<DeviceKey, StoreError> {
        self.key().map_err(store_error)?.ok_or(StoreError::KeyLost)
    }

    fn push_call(&self, statements: &[StatementItem]) -> Result<Call, StoreError> {
        let store = self.store();
        let bytes = |statement: &StatementItem| {
            store
                .statement_bytes(statement.kind, statement.id)?
                .ok_or_else(|| StoreError::Damaged(format!("statement {} is missing", statement.id)))
        };
        statements.iter().map(bytes).collect::<Result<_, _>>().map(Call::Push)
    }

    fn inbox_call(&self, after: u64, opened: &[String]) -> Result<Call, StoreError> {
        let key = self.signing_key()?;
        let device = key.public().device_id();
        Ok(Call::FetchInbox(InboxRequest {
            device,
            after,
            proof: ByteBuf::from(key.sign_message(&inbox_proof_message(device, after))),
            enrolment: Some(self.enrolment().map_err(store_error)?.mark()),
            read: opened.to_vec(),
        }))
    }

    fn piece_call(&self, photo: &PhotoItem, piece_bytes: u64) -> Result<Call, StoreError> {
        let picture = match photo.kind {
            OutboxKind::Original => Picture::Original,
            OutboxKind::Own | OutboxKind::Carried => Picture::Derivative,
        };
        Ok(Call::SendPiece {
            hash: photo.hash,
            offset_bytes: photo.sent_bytes,
            piece: self.photos.read_piece(picture, photo.hash, photo.sent_bytes, piece_bytes)?,
        })
    }
}

/// Reading the key fails only where the store does.
fn store_error(error: DeviceError) -> StoreError {
    match error {
        DeviceError::Store(error) => error,
        other => StoreError::Damaged(other.to_string()),
    }
}
