//! The log: an RFC 9162 Merkle tree over statements' bytes, its receipts, its checkpoints, its key.

mod checkpoint;
mod key;
mod proof;
mod receipt;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use key::{LogId, LogKey, LogPublicKey, Rotation};
pub use proof::{consistency_holds, root_of_inclusion};
pub use receipt::{Receipt, ReceiptError, VerifiedReceipt};
pub use tree::{Node, NodeHash, Nodes, NodesMissing, Tree, leaf_hash};
