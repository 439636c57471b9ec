//! The endpoint: takes statements and photos in, counts them, and shows them to coordinators.
//!
//! Invariants:
//! - Handlers are thin: a request is read, a pure rule decides ([`intake`], [`count`]), the [`store`] keeps.
//! - SQL lives in [`store`] and nowhere else; its methods speak of devices, statements and invitations, not of rows.
//! - A statement is stored as the bytes that were signed, once, and never changed.
//! - Time and randomness come from [`Outside`], so that a simulator can own both.
//! - A change of what the console shows leaves an audit row in the same transaction.

pub mod count;
pub mod import;
pub mod intake;
pub mod invitation;
pub mod package;
pub mod rebuild;
pub mod store;
pub mod view;

mod attempts;
mod backup;
mod comparison;
mod endpoint;
mod export;
mod group;
mod http;
mod log;
mod log_key;
mod metrics;
mod outside;
mod page;
mod password;
mod photos;
mod picture;
mod reception;
mod refusal;
mod rollup;
mod session;
mod told;
mod upload;
mod work;

pub use backup::{BackupError, restore};
pub use endpoint::{Endpoint, InviteError, OpenError, Settings, UserError};
pub use http::{Access, ConnectionLimits, Rates, Reach, Serving, console_routes, router, serve, serve_with};
pub use log_key::LogKeyError;
pub use outside::Outside;
pub use photos::PhotoError;
pub use told::told;
