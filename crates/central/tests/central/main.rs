//! The endpoint's behaviour, seen from outside: its router is called in this process.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod accounts;
mod backup;
mod comparing;
mod console;
mod counting;
mod data_folder;
mod devices;
mod enrolment;
mod export;
mod extremes;
mod faults;
mod gate;
mod idempotence;
mod import;
mod inbox;
mod invitations;
mod lists;
mod log;
mod log_key;
mod people;
mod people_access;
mod photos;
mod post;
mod pressure;
mod quotas;
mod reading;
mod rebuild;
mod refusals;
mod reports;
mod second_factor;
mod sessions;
mod rounds;
