//! The Merkle tree (RFC 9162 §2.1) over stored nodes. Appending and proving read O(log n) of them.

use sha2::{Digest, Sha256};

/// The hash of a leaf, a subtree or a whole tree.
pub type NodeHash = [u8; 32];

/// The hash of a leaf that holds `entry` (§2.1.1).
pub fn leaf_hash(entry: &[u8]) -> NodeHash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

pub(crate) fn inner_hash(left: &NodeHash, right: &NodeHash) -> NodeHash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A complete subtree of 2^`level` leaves, the `position`-th of that size from the left, and its hash. It
/// never changes once it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// 0 for a leaf.
    pub level: u8,
    /// From 0.
    pub position: u64,
    /// Its hash.
    pub hash: NodeHash,
}

/// A store of complete subtrees.
pub trait Nodes {
    /// Why a node cannot be read.
    type Error;

    /// The hash of a complete subtree. `None` if it is not stored.
    fn node(&self, level: u8, position: u64) -> Result<Option<NodeHash>, Self::Error>;
}

/// A node that the tree needs is missing or unreadable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NodesMissing<E> {
    /// It is not stored.
    #[error("cannot find node {position} of level {level} of the log")]
    Missing { level: u8, position: u64 },
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(E),
}

/// A tree of a certain size over stored nodes.
#[derive(Debug, Clone)]
pub struct Tree {
    size: u64,
    /// The peaks: the hashes of the complete subtrees that form the tree, the largest first.
    peaks: Vec<NodeHash>,
}

impl Default for Tree {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Tree {
    /// The tree without a leaf.
    pub const EMPTY: Self = Self { size: 0, peaks: Vec::new() };

    /// The tree of the first `size` leaves.
    pub fn read<N: Nodes>(nodes: &N, size: u64) -> Result<Self, NodesMissing<N::Error>> {
        let peaks =
            peaks(size).map(|(level, position)| stored(nodes, level, position)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hash of the whole tree.
    pub fn root(&self) -> NodeHash {
        let mut from_the_right = self.peaks.iter().rev();
        match from_the_right.next() {
            None => Sha256::digest([]).into(),
            Some(last) => from_the_right.fold(*last, |right, left| inner_hash(left, &right)),
        }
    }

    /// Appends a leaf and returns the subtrees that it completes, the leaf first. Store them before proving
    /// anything from the new tree.
    pub fn append(&mut self, leaf: NodeHash) -> Vec<Node> {
        let mut node = Node { level: 0, position: self.size, hash: leaf };
        let mut completed = vec![node];
        while node.position % 2 == 1 {
            // An odd position has its left sibling as the last peak.
            let Some(left) = self.peaks.pop() else { break };
            node = Node {
                level: node.level + 1,
                position: node.position / 2,
                hash: inner_hash(&left, &node.hash),
            };
            completed.push(node);
        }
        self.peaks.push(node.hash);
        self.size += 1;
        completed
    }

    /// The proof that the leaf `index` is in the tree of the first `size` leaves (§2.1.3.1), from the leaf
    /// up. `index` must be below `size`.
    pub fn inclusion_proof<N: Nodes>(
        nodes: &N,
        index: u64,
        size: u64,
    ) -> Result<Vec<NodeHash>, NodesMissing<N::Error>> {
        let mut proof = Vec::new();
        let (mut from, mut to) = (0, size);
        let mut above = Vec::new();
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                above.push((middle, to));
                to = middle;
            } else {
                above.push((from, middle));
                from = middle;
            }
        }
        for (from, to) in above.into_iter().rev() {
            proof.push(range_hash(nodes, from, to)?);
        }
        Ok(proof)
    }

    /// The proof that the tree of `new` leaves continues that of `old` leaves (§2.1.4.1). Empty when there is
    /// nothing to prove: `old` is 0 or `new`. `old` must not be above `new`.
    pub fn consistency_proof<N: Nodes>(
        nodes: &N,
        old: u64,
        new: u64,
    ) -> Result<Vec<NodeHash>, NodesMissing<N::Error>> {
        if old == 0 || old >= new {
            return Ok(Vec::new());
        }
        let mut above = Vec::new();
        let (mut from, mut to) = (0, new);
        // Whether the old tree is the left part of the current subtree.
        let mut whole = true;
        let mut end = old;
        while end != to - from {
            let middle = split(to - from);
            if end <= middle {
                above.push((from + middle, to));
                to = from + middle;
            } else {
                above.push((from, from + middle));
                from += middle;
                end -= middle;
                whole = false;
            }
        }
        let mut proof = Vec::new();
        if !whole {
            proof.push(range_hash(nodes, from, to)?);
        }
        for (from, to) in above.into_iter().rev() {
            proof.push(range_hash(nodes, from, to)?);
        }
        Ok(proof)
    }
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The complete subtrees of the first `size` leaves, as level and position, from the left.
fn peaks(size: u64) -> impl Iterator<Item = (u8, u64)> {
    (0..64_u8).rev().filter(move |level| size >> level & 1 == 1).map(move |level| {
        // The leaves to the left of this subtree belong to larger ones.
        let before = size >> level >> 1 << 1;
        (level, before)
    })
}

/// The hash over the leaves from `from` up to `to`, where `from` is a multiple of the largest subtree in
/// between.
fn range_hash<N: Nodes>(nodes: &N, from: u64, to: u64) -> Result<NodeHash, NodesMissing<N::Error>> {
    let mut parts = Vec::new();
    for (level, position) in peaks(to - from) {
        parts.push(stored(nodes, level, (from >> level) + position)?);
    }
    let mut from_the_right = parts.iter().rev();
    let last = from_the_right.next().copied().unwrap_or_else(|| Sha256::digest([]).into());
    Ok(from_the_right.fold(last, |right, left| inner_hash(left, &right)))
}

fn stored<N: Nodes>(nodes: &N, level: u8, position: u64) -> Result<NodeHash, NodesMissing<N::Error>> {
    match nodes.node(level, position) {
        Ok(Some(hash)) => Ok(hash),
        Ok(None) => Err(NodesMissing::Missing { level, position }),
        Err(error) => Err(NodesMissing::Unreadable(error)),
    }
}
