//! Counting: which tally counts for a station, and the sums of every region.

pub mod rebuild;
pub(crate) mod rollup;
pub mod which;
