//! Types that the store and the modules above it share. This layer knows no other module.

pub mod count;
pub mod incident_state;
pub(crate) mod invitation_code;
pub mod official;
pub(crate) mod passwords;
pub mod person;
pub mod person_details;
pub mod presence;
pub mod review;
pub mod role;
pub(crate) mod second_factor;
pub(crate) mod session_token;
pub mod statement;
pub mod station_order;
mod stored_votes;
pub mod sums_of;
pub mod verdict;
pub(crate) mod zone;
