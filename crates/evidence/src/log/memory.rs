//! Nodes in memory: for tests, benchmarks, and logs that are small enough.

use std::collections::HashMap;
use std::convert::Infallible;

use super::tree::{Node, NodeHash, Nodes};

/// The complete subtrees of a log, in memory.
///
/// ```
/// use evidence::log::{MemoryNodes, Tree, leaf_hash, root_of_inclusion};
///
/// let (mut tree, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
/// for entry in [b"one", b"two"] {
///     nodes.extend(tree.append(leaf_hash(entry)));
/// }
/// let proof = Tree::inclusion_proof(&nodes, 0, 2).unwrap();
/// assert_eq!(root_of_inclusion(leaf_hash(b"one"), 0, 2, &proof), Some(tree.root()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryNodes(HashMap<(u8, u64), NodeHash>);

impl MemoryNodes {
    /// Stores a node.
    pub fn insert(&mut self, node: Node) {
        self.0.insert((node.level, node.position), node.hash);
    }
}

impl Extend<Node> for MemoryNodes {
    fn extend<I: IntoIterator<Item = Node>>(&mut self, nodes: I) {
        nodes.into_iter().for_each(|node| self.insert(node));
    }
}

impl Nodes for MemoryNodes {
    type Error = Infallible;

    fn node(&self, level: u8, position: u64) -> Result<Option<NodeHash>, Infallible> {
        Ok(self.0.get(&(level, position)).copied())
    }
}
