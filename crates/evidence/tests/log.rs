//! What the log promises: proofs that hold, and nothing bent that does.

use evidence::log::{MemoryNodes, NodeHash, Tree, consistency_holds, leaf_hash, root_of_inclusion};
use evidence::{Checkpoint, CheckpointError, LogKey, Receipt, ReceiptError, Rotation};
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn entry(number: u64) -> Vec<u8> {
    format!("statement {number}").into_bytes()
}

fn grown(size: u64) -> (Tree, MemoryNodes) {
    let (mut tree, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
    for number in 0..size {
        nodes.extend(tree.append(leaf_hash(&entry(number))));
    }
    (tree, nodes)
}

/// The definition of RFC 9162 §2.1.1, word by word.
fn defined_root(leaves: &[NodeHash]) -> NodeHash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let mut split = 1;
            while split * 2 < leaves.len() {
                split *= 2;
            }
            let (left, right) = leaves.split_at(split);
            Sha256::new()
                .chain_update([1])
                .chain_update(defined_root(left))
                .chain_update(defined_root(right))
                .finalize()
                .into()
        }
    }
}

fn key() -> LogKey {
    LogKey::from_seed([5; 32])
}

#[test]
fn every_tree_has_the_root_that_the_standard_defines_and_is_read_back_from_its_nodes() {
    let leaves: Vec<NodeHash> = (0..300).map(|number| leaf_hash(&entry(number))).collect();
    let (_, nodes) = grown(300);
    for size in 0..=300_usize {
        let tree = Tree::read(&nodes, size as u64).unwrap();
        assert_eq!(tree.root(), defined_root(&leaves[..size]), "size {size}");
    }
}

#[test]
fn every_proof_of_small_trees_holds_and_no_other_place_or_size_does() {
    let (_, nodes) = grown(70);
    let root = |size| Tree::read(&nodes, size).unwrap().root();
    for size in 1..=70 {
        for index in 0..size {
            let proof = Tree::inclusion_proof(&nodes, index, size).unwrap();
            let leaf = leaf_hash(&entry(index));
            assert_eq!(root_of_inclusion(leaf, index, size, &proof), Some(root(size)), "{index} of {size}");
            assert_ne!(
                root_of_inclusion(leaf, (index + 1) % size, size, &proof),
                (size > 1).then(|| root(size))
            );
        }
        for old in 0..=size {
            let proof = Tree::consistency_proof(&nodes, old, size).unwrap();
            assert!(consistency_holds((old, root(old)), (size, root(size)), &proof), "{old} to {size}");
            assert!(!consistency_holds((old, [9; 32]), (size, root(size)), &proof), "another root of {old}");
        }
    }
}

#[test]
fn a_receipt_proves_its_statement_and_no_other() {
    let (tree, nodes) = grown(1000);
    let proof = Tree::inclusion_proof(&nodes, 123, 1000).unwrap();
    let bytes = Receipt::issue(&key(), &entry(123), 123, 1000, &proof, 1_796_821_200).unwrap();
    let receipt = Receipt::parse(&bytes).unwrap();
    let proved = receipt.verify(&key().public(), &entry(123)).unwrap();
    assert_eq!((proved.leaf_index, proved.tree_size, proved.root), (123, 1000, tree.root()));
    assert_eq!(proved.issued_at_s, 1_796_821_200);
    assert_eq!(receipt.verify(&key().public(), &entry(124)), Err(ReceiptError::OtherStatement));
    let other = LogKey::from_seed([6; 32]).public();
    assert!(matches!(receipt.verify(&other, &entry(123)), Err(ReceiptError::OtherLog { .. })));
    assert_eq!(Receipt::issue(&key(), &entry(123), 123, 1000, &proof[1..], 0), Err(ReceiptError::ProofUnfit));
}

#[test]
fn a_rewritten_log_cannot_pass_for_one_that_continues() {
    let (tree, _) = grown(50);
    let seen = Checkpoint::sign(&key(), tree.size(), tree.root(), 100);
    // One statement is left out, the rest is rebuilt and goes on, everything signed with the right key.
    let (mut rewritten, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
    for number in (0..80).filter(|&number| number != 7) {
        nodes.extend(rewritten.append(leaf_hash(&entry(number))));
    }
    let newer = Checkpoint::sign(&key(), rewritten.size(), rewritten.root(), 200);
    let best_effort = Tree::consistency_proof(&nodes, 50, rewritten.size()).unwrap();
    assert!(!newer.continues(&seen, &best_effort));
    assert!(!seen.continues(&newer, &[]), "a smaller log continues none");
}

#[test]
fn a_checkpoint_is_read_back_under_its_own_key_only() {
    let (tree, _) = grown(9);
    let checkpoint = Checkpoint::sign(&key(), tree.size(), tree.root(), 1_796_821_200);
    assert_eq!(Checkpoint::parse(checkpoint.note(), &key().public()), Ok(checkpoint.clone()));
    let other = LogKey::from_seed([6; 32]).public();
    assert_eq!(Checkpoint::parse(checkpoint.note(), &other), Err(CheckpointError::BadSignature));
    assert_eq!(checkpoint.note().lines().nth(1), Some("9"));
}

#[test]
fn a_chain_of_rotations_is_followed_from_the_pinned_key() {
    let [a, b, c] = [1, 2, 3].map(|seed| LogKey::from_seed([seed; 32]));
    let (first, second) = (a.hand_over_to(b.public()), b.hand_over_to(c.public()));
    assert_eq!(a.public().follow(&[first, second]), Some(c.public()));
    assert_eq!(a.public().follow(&[]), Some(a.public()));
    assert_eq!(a.public().follow(&[second]), None);
    let forged = Rotation { new: c.public(), ..first };
    assert_eq!(a.public().follow(&[forged]), None);
    assert_eq!(Rotation::from_hex(&first.to_hex()), Ok(first));
    assert!(Rotation::from_hex("00").is_err());
}

#[test]
fn no_changed_bit_of_a_receipt_survives() {
    let (_, nodes) = grown(20);
    let proof = Tree::inclusion_proof(&nodes, 11, 20).unwrap();
    let bytes = Receipt::issue(&key(), &entry(11), 11, 20, &proof, 7).unwrap();
    let holds = |bytes: &[u8]| {
        Receipt::parse(bytes).and_then(|receipt| receipt.verify(&key().public(), &entry(11))).is_ok()
    };
    assert!(holds(&bytes));
    for index in 0..bytes.len() * 8 {
        let mut bent = bytes.clone();
        bent[index / 8] ^= 1 << (index % 8);
        assert!(!holds(&bent), "bit {index} does not matter");
    }
}

#[test]
fn a_receipt_does_not_pass_for_one_of_a_log_of_another_size() {
    // Leaf 11 has paths of one shape in all logs of 17 to 32 statements: only the signed size tells them
    // apart.
    let (_, nodes) = grown(20);
    let proof = Tree::inclusion_proof(&nodes, 11, 20).unwrap();
    assert_eq!(
        root_of_inclusion(leaf_hash(&entry(11)), 11, 20, &proof),
        root_of_inclusion(leaf_hash(&entry(11)), 11, 22, &proof)
    );
    let of_20 = Receipt::issue(&key(), &entry(11), 11, 20, &proof, 7).unwrap();
    let of_22 = Receipt::issue(&key(), &entry(11), 11, 22, &proof, 7).unwrap();
    // The signature of one under the header and the proof of the other.
    let mixed = [&of_22[..of_22.len() - 64], &of_20[of_20.len() - 64..]].concat();
    let receipt = Receipt::parse(&mixed).unwrap();
    assert_eq!(receipt.verify(&key().public(), &entry(11)), Err(ReceiptError::BadSignature));
}

#[test]
fn the_bytes_of_receipts_and_checkpoints_of_version_1_are_frozen() {
    let (tree, nodes) = grown(20);
    let proof = Tree::inclusion_proof(&nodes, 11, 20).unwrap();
    let receipt = Receipt::issue(&key(), &entry(11), 11, 20, &proof, 1_796_821_200).unwrap();
    let hex: String = receipt.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("golden/receipt-v1.hex").trim());
    let checkpoint = Checkpoint::sign(&key(), 20, tree.root(), 1_796_821_200);
    assert_eq!(checkpoint.note(), include_str!("golden/checkpoint-v1.txt"));
}

#[test]
fn a_checkpoint_is_recognised_by_what_was_heard_over_the_telephone() {
    let (tree, _) = grown(9);
    let checkpoint = Checkpoint::sign(&key(), tree.size(), tree.root(), 1_796_821_200);
    let spoken = checkpoint.spoken();
    assert!(spoken.starts_with("9 ") && spoken.len() == 2 + 32 + 7, "{spoken}");
    assert!(checkpoint.is_spoken_as(&spoken));
    assert!(
        checkpoint.is_spoken_as(&spoken.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"))
    );
    assert!(!checkpoint.is_spoken_as(&spoken.replacen("9 ", "8 ", 1)));
    let other = Checkpoint::sign(&key(), 9, [0; 32], 1_796_821_200);
    assert!(!other.is_spoken_as(&spoken) && !other.is_spoken_as("") && !other.is_spoken_as("9"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn proofs_of_large_trees_hold_and_bent_ones_do_not(
        size in 1_u64..10_000,
        index_seed: u64,
        old_seed: u64,
        bit: usize,
    ) {
        let (tree, nodes) = grown(size);
        let (index, old) = (index_seed % size, old_seed % size + 1);
        let leaf = leaf_hash(&entry(index));
        let mut proof = Tree::inclusion_proof(&nodes, index, size).unwrap();
        prop_assert_eq!(root_of_inclusion(leaf, index, size, &proof), Some(tree.root()));
        let old_root = Tree::read(&nodes, old).unwrap().root();
        let mut consistency = Tree::consistency_proof(&nodes, old, size).unwrap();
        prop_assert!(consistency_holds((old, old_root), (size, tree.root()), &consistency));
        for bent in [&mut proof, &mut consistency] {
            if let Some(bits) = (!bent.is_empty()).then(|| bent.len() * 256) {
                let index = bit % bits;
                bent[index / 256][index % 256 / 8] ^= 1 << (index % 8);
            }
        }
        if !proof.is_empty() {
            prop_assert_ne!(root_of_inclusion(leaf, index, size, &proof), Some(tree.root()));
        }
        if !consistency.is_empty() {
            prop_assert!(!consistency_holds((old, old_root), (size, tree.root()), &consistency));
        }
    }

    #[test]
    fn no_changed_letter_of_a_checkpoint_survives(index: usize, letter in proptest::char::any()) {
        let (tree, _) = grown(20);
        let checkpoint = Checkpoint::sign(&key(), 20, tree.root(), 7);
        let mut letters: Vec<char> = checkpoint.note().chars().collect();
        let index = index % letters.len();
        prop_assume!(letters[index] != letter);
        letters[index] = letter;
        let note: String = letters.into_iter().collect();
        prop_assert!(Checkpoint::parse(&note, &key().public()).is_err());
    }

    #[test]
    fn strange_bytes_are_no_receipt_and_do_not_panic(bytes in vec(any::<u8>(), 0..300)) {
        prop_assert!(Receipt::parse(&bytes).is_err());
    }
}
