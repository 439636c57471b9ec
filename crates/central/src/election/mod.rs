//! The election package: the contests, forms, regions and stations of one election.

pub mod package;
pub mod search;
