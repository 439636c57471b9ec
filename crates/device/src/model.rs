//! Plain types that the store, the sync and the commands share. Only the errors are below them.

mod drill;
mod enrolment;
mod known_log;
mod received;
mod seen_photo;
mod tally_key;

pub(crate) use self::drill::{Drill, StoredAttempt, scenario_of};
pub(crate) use self::enrolment::{Assigned, Enrolment};
pub(crate) use self::known_log::KnownLog;
pub(crate) use self::received::{election_of, log_key_of, rotations_of};
pub(crate) use self::seen_photo::{SeenPhoto, permille};
pub use self::tally_key::TallyKey;
