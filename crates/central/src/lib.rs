//! The endpoint: takes statements and photos in, counts them, and shows them to coordinators.
//!
//! Invariants:
//! - Handlers are thin: a request is read, a pure rule decides ([`ingest`], [`counting`]), the [`store`] keeps.
//! - SQL lives in [`store`] and nowhere else; its methods speak of devices, statements and invitations, not of rows.
//! - A statement is stored as the bytes that were signed, once, and never changed.
//! - Time and randomness come from [`Outside`], so that a simulator can own both.
//! - A change of what the console shows leaves an audit row in the same transaction.

pub mod counting;
pub mod election;
pub mod ingest;
pub mod model;
pub mod store;
pub mod view;

mod blocking;
mod console;
mod endpoint;
mod environment;
mod error_chain;
mod http;
mod log;
mod operate;
mod people;
mod refusal;

pub use counting::rebuild;
pub use election::package;
pub use endpoint::{Endpoint, InviteError, OpenError, Settings, UserError};
pub use environment::Outside;
pub use error_chain::error_chain;
pub use http::{Access, ConnectionLimits, Rates, Reach, Serving, console_routes, router, serve, serve_with};
pub use ingest::import;
pub use ingest::photos::storage::PhotoError;
pub use log::key::LogKeyError;
pub use operate::backup::{BackupError, restore};
