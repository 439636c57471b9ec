//! Sending what was sealed: a pure core that decides, a transport that exchanges, and a driver between them.
//!
//! Only the store remembers. Before every step the driver reads the outbox, [`next`] says what to do, the
//! transport does it, and [`answered`] says what to write.

mod alone;
mod budget;
mod call;
mod change_log;
mod class;
mod driver;
mod hall;
mod http;
mod joining;
mod supervisor;
mod triggers;
mod wire;

pub use self::call::{Call, Sender, Transport};
pub use self::driver::{run, send_due};
pub use self::http::HttpTransport;
pub use self::supervisor::{RestartDelay, supervise};
pub use self::wire::{Reads, WireReply, WireRequest};
pub use crate::sync_core::{
    Answer, Budget, Change, Item, LogResult, Next, OutboxKind, PhotoItem, ProofResult, ProvedStatement,
    ReceiptItem, Request, State, StatementItem, Waiting, answered, next,
};
