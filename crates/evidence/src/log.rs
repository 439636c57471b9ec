//! The log: an RFC 9162 Merkle tree over the bytes of statements, with receipts, checkpoints and keys.

mod checkpoint;
mod key;
mod memory;
mod proof;
mod receipt;
mod spoken;
mod tree;

pub(crate) use checkpoint::NOTE_BYTES_MAX;
pub use checkpoint::{Checkpoint, CheckpointError, UnverifiedCheckpoint};
pub(crate) use key::ROTATION_BYTES;
pub use key::{LogId, LogKey, LogPublicKey, Rotation};
pub use memory::MemoryNodes;
pub use proof::{consistency_holds, root_of_inclusion};
pub(crate) use receipt::RECEIPT_BYTES_MAX;
pub use receipt::{Receipt, ReceiptError, VerifiedReceipt};
pub use tree::{Node, NodeHash, Nodes, NodesMissing, Tree, leaf_hash};
