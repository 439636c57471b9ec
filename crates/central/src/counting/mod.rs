//! Counting: which tally counts for a station, and the sums of every region.
//!
//! The counts are in the store and follow the statements a moment later. [`settle`] is their only writer, and
//! [`rebuild`] derives all of them again from the signed bytes.

mod doubt;
pub mod rebuild;
pub(crate) mod region;
pub mod round;
mod settle;
pub(crate) mod station;
pub mod which;
