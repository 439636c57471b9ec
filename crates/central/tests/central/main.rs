//! The endpoint's behaviour, seen from outside: its router is called in this process.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod console;
mod counting;
mod data_folder;
mod enrolment;
mod idempotence;
mod import;
mod log;
mod photos;
mod post;
mod refusals;
