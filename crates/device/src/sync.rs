//! Sending what was sealed: a pure core that decides, a transport that speaks, and a driver between them.
//!
//! Only the store remembers. Before every step the driver reads what waits, [`next`] says what to do about it, the
//! transport does that, and [`answered`] says what to write down.

mod backoff;
mod core;
mod driver;
mod http;
mod wire;

pub use self::core::{
    Answer, Budget, Change, Item, LogResult, Next, PhotoItem, ProofResult, ProvedStatement, Request, State,
    StatementItem, Waiting, answered, next,
};
pub use self::driver::{Call, Transport, run, send_due};
pub use self::http::HttpTransport;
pub use self::wire::{Reads, WireReply, WireRequest};
