//! The log: its sequencer and receipts, the rotation of its key, the comparison with older checkpoints, and
//! the states of the audit.

pub(crate) mod audit;
mod comparison;
mod receipts;
mod recent;
mod rotation;
