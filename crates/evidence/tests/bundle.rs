//! What a bundle promises: the same things in the same bytes, whole or refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use evidence::bundle::{BundleError, Consistency, Item, Kind, Reader, VerdictRecord, Writer, check, write};
use evidence::log::{Tree, leaf_hash};
use evidence::{
    AttendanceBody, AttendanceEvent, Body, Checkpoint, DeviceKey, Draft, LogKey, Namespace, Receipt,
    StatementId, Subject, VerdictDecision,
};
use proptest::prelude::*;

fn statement(sequence: u64) -> Vec<u8> {
    let subject =
        Subject { namespace: Namespace::Real, election: "demo".into(), station: "52.71.01.1001-1".into() };
    let body = Body::Attendance(AttendanceBody { event: AttendanceEvent::Left, package_version: 1 });
    let previous = (sequence > 1).then_some(evidence::StatementId([7; 32]));
    let draft = Draft { subject, sealed_at_s: 1_796_800_000, sequence, previous, body };
    draft.seal(&DeviceKey::from_seed([42; 32])).unwrap().bytes
}

fn items() -> Vec<Item> {
    let (old, log) = (LogKey::from_seed([4; 32]), LogKey::from_seed([5; 32]));
    let mut tree = Tree::EMPTY;
    let leaves = [statement(1), statement(2)].map(|bytes| leaf_hash(&bytes));
    for leaf in leaves {
        let _ = tree.append(leaf);
    }
    vec![
        Item::Photo(vec![0xff; 70_000]),
        Item::Statement(statement(1)),
        Item::Statement(statement(2)),
        Item::Receipt(Receipt::issue(&log, &statement(1), 0, 2, &leaves[1..], 7).unwrap()),
        Item::Checkpoint(Checkpoint::sign(&log, 2, tree.root(), 7).note().to_owned()),
        Item::Consistency(Consistency { from: 1, to: 2, proof: vec![leaves[1]] }),
        Item::Rotation(Box::new(old.hand_over_to(log.public()))),
        Item::LogKey(old.public()),
        Item::DeviceKey(DeviceKey::from_seed([42; 32]).public()),
    ]
}

fn written(items: Vec<Item>) -> Vec<u8> {
    write(items, Vec::new()).unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Item>, BundleError> {
    Reader::new(bytes)?.collect()
}

#[test]
fn the_same_things_in_any_order_and_number_give_the_same_bytes_and_come_back() {
    let bytes = written(items());
    let mut reversed = items();
    reversed.reverse();
    reversed.extend(items());
    assert_eq!(written(reversed), bytes);
    let back = read(&bytes).unwrap();
    assert_eq!(back.len(), items().len());
    assert!(items().iter().all(|item| back.contains(item)));
    assert_eq!(written(back), bytes);
}

/// A record of a verdict that somebody signed, and one that nobody did.
fn records() -> [Item; 2] {
    let record = VerdictRecord {
        number: 7,
        about: StatementId([1; 32]),
        decision: VerdictDecision::Disputed,
        reason: "Turus menyebut 123".into(),
        reviewer: "user:koordinator".into(),
        signed: Some(StatementId([2; 32])),
    };
    [Item::Verdict(record.clone()), Item::Verdict(VerdictRecord { number: 8, signed: None, ..record })]
}

#[test]
fn records_of_verdicts_come_back_before_the_photos() {
    let mut all = items();
    all.extend(records());
    let back = read(&written(all)).unwrap();
    assert!(records().iter().all(|record| back.contains(record)));
    let kinds: Vec<Kind> = back.iter().map(Item::kind).collect();
    assert_eq!(kinds.last(), Some(&Kind::Photo));
    assert!(kinds.is_sorted());
}

#[test]
fn the_bytes_of_version_1_are_frozen() {
    let mut items = items();
    items[0] = Item::Photo(vec![0xff; 30]);
    let hex: String = written(items).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("golden/bundle-v1.hex").trim());
}

#[test]
fn a_bundle_says_what_is_in_it() {
    let summary = check(&written(items())[..]).unwrap();
    assert_eq!(summary.items.get(&Kind::Statement), Some(&2));
    assert_eq!(summary.items.get(&Kind::Photo), Some(&1));
    assert_eq!(summary.items.values().sum::<u64>(), 9);
    assert_eq!(check(&written(vec![])[..]).unwrap().items.len(), 0);
}

#[test]
fn a_bundle_that_is_cut_short_anywhere_is_refused() {
    let bytes = written(items());
    for length in (0..bytes.len()).filter(|length| *length < 2_500 || *length > bytes.len() - 100) {
        assert!(check(&bytes[..length]).is_err(), "{length} of {} bytes were accepted", bytes.len());
    }
    let shortened = &bytes[..bytes.len() / 2];
    assert!(matches!(check(shortened), Err(BundleError::CutShort { items: 8 })));
    let followed = [&bytes[..], b"\0"].concat();
    assert!(matches!(check(&followed[..]), Err(BundleError::Trailing)));
}

#[test]
fn disorder_and_doubled_items_are_neither_written_nor_read() {
    let mut items = items();
    items.sort_by_key(Item::order);
    let mut writer = Writer::new(Vec::new()).unwrap();
    writer.add(&items[1]).unwrap();
    for again in [&items[1], &items[0]] {
        assert!(matches!(writer.add(again), Err(BundleError::Item { position: 2, .. })));
    }
    // Two items of a whole bundle change places; that the end no longer fits is not even looked at.
    let one = |item: &Item| {
        let whole = written(vec![item.clone()]);
        let empty = written(vec![]);
        whole[16..whole.len() - (empty.len() - 16)].to_vec()
    };
    let swapped = [b"\x6fsaksi-bundle-v1", &one(&items[1])[..], &one(&items[0])].concat();
    assert!(matches!(check(&swapped[..]), Err(BundleError::Item { position: 2, .. })));
    let doubled = [b"\x6fsaksi-bundle-v1", &one(&items[1])[..], &one(&items[1])].concat();
    assert!(matches!(check(&doubled[..]), Err(BundleError::Item { position: 2, .. })));
}

#[test]
fn lengths_that_lie_unknown_kinds_and_long_items_are_refused() {
    let name = b"\x6fsaksi-bundle-v1";
    for (why, rest) in [
        ("a photo of 4 GB that does not come", &b"\x82\x08\x5a\xff\xff\xff\xff"[..]),
        ("a photo of 16 MB that does not come", b"\x82\x08\x5a\x00\xff\xff\xff"),
        ("a length of 8 bytes", b"\x82\x08\x5b\0\0\0\0\0\0\0\x01x"),
        ("an overlong length", b"\x82\x08\x58\x01x"),
        ("an indefinite length", b"\x82\x08\x5f\x41x\xff"),
        ("an unknown kind", b"\x82\x09\x41x"),
        ("a triple", b"\x83\x08\x41x\x00"),
        ("a key of a byte", b"\x82\x01\x41x"),
        ("an empty photo", b"\x82\x08\x40"),
    ] {
        assert!(check(&[name, rest].concat()[..]).is_err(), "{why} was accepted");
    }
    assert!(matches!(check(&b"PK\x03\x04 not a bundle"[..]), Err(BundleError::NotABundle)));
    assert!(matches!(check(&b"\x6fsaksi-bundle-v2"[..]), Err(BundleError::NotABundle)));
    let mut writer = Writer::new(Vec::new()).unwrap();
    let long = Item::Photo(vec![0; evidence::bundle::PHOTO_BYTES_MAX + 1]);
    assert!(matches!(writer.add(&long), Err(BundleError::Item { .. })));
}

proptest! {
    #[test]
    fn no_changed_bit_survives(bit: usize) {
        let mut small = items();
        small.remove(0);
        let mut bytes = written(small);
        let index = bit % (bytes.len() * 8);
        bytes[index / 8] ^= 1 << (index % 8);
        prop_assert!(check(&bytes[..]).is_err());
    }

    #[test]
    fn strange_bytes_are_refused_without_a_panic(tail in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(check(&tail[..]).is_err());
        prop_assert!(check(&[b"\x6fsaksi-bundle-v1", &tail[..]].concat()[..]).is_err());
    }
}
