//! Verifies proofs by the algorithms of RFC 9162, without a tree.

use super::tree::{NodeHash, Tree, inner_hash};

/// The root that a proof leads to from a leaf (§2.1.3.2). `None` if the proof does not fit this index.
pub fn root_of_inclusion(leaf: NodeHash, index: u64, size: u64, proof: &[NodeHash]) -> Option<NodeHash> {
    if index >= size {
        return None;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut root = leaf;
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            root = inner_hash(sibling, &root);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            root = inner_hash(&root, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// Whether a proof shows that the log of `new` leaves with `new_root` continues that of `old` leaves with
/// `old_root` (§2.1.4.2). Every log continues the empty one.
pub fn consistency_holds(
    (old, old_root): (u64, NodeHash),
    (new, new_root): (u64, NodeHash),
    proof: &[NodeHash],
) -> bool {
    if old == 0 {
        return proof.is_empty() && old_root == Tree::EMPTY.root();
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old > new {
        return false;
    }
    let mut steps = proof.iter();
    let first = if old.is_power_of_two() { Some(&old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            of_old = inner_hash(step, &of_old);
            of_new = inner_hash(step, &of_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            of_new = inner_hash(&of_new, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == old_root && of_new == new_root
}
