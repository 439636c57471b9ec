//! The election package: the contests, forms, regions and stations of one election.

pub(crate) mod boundaries;
mod districts;
pub(crate) mod next_version;
pub mod package;
mod papers;
mod rounds;
pub mod search;
mod sums;
