//! The log: its key, its receipts and checkpoints, and the comparison with older checkpoints.

pub(crate) mod comparison;
pub(crate) mod key;
pub(crate) mod receipts;
