//! The hall: the same program on a laptop, as the endpoint of a local network without a connection.
//!
//! It keeps what phones give it, as the bytes that they signed: enrolments, statements, photos. It answers
//! with receipts of its own log, which proves nothing of the count: phones have pinned the endpoint's log.
//! When the endpoint can be reached, everything is handed on. An operator of the laptop can withhold, and
//! change nothing.

mod file;
mod hand_over;
mod link;
mod upstream;

pub use file::{HallError, HallFile, prepare};
pub use hand_over::{HandOverError, HandedOver};
pub(crate) use link::code_as_svg;
pub use link::code_for_terminal;
