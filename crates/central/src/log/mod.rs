//! The log: its sequencer and receipts, the rotation of its key, and the comparison with older checkpoints.

mod comparison;
mod receipts;
mod recent;
mod rotation;
