//! What a statement promises: one encoding, one signature, nothing that can be bent.

use evidence::{
    Body, DeviceKey, Draft, Namespace, PhotoBody, PhotoHash, StatementError, StatementId, Subject,
    Supersedes, TallyBody, Unverified,
};
use proptest::prelude::*;

fn key() -> DeviceKey {
    DeviceKey::from_seed([42; 32])
}

/// A presidential tally as the real form gives it: 30 figures, some faults answered, a correction.
fn tally(sequence: u64) -> Draft {
    let mut figures: Vec<Option<i64>> = [
        143, 141, 284, 120, 128, 248, 2, 1, 3, 0, 1, 1, 122, 130, 252, 291, 252, 1, 38, 0, 1, 1, 128, 97, 27,
        252, 4, 256,
    ]
    .map(Some)
    .to_vec();
    figures.extend([Some(-1), None]);
    Draft {
        subject: Subject {
            namespace: Namespace::Real,
            election: "pilpres-2029-putaran-kedua".into(),
            station: "52.71.05.1001-901".into(),
        },
        sealed_at_s: 1_796_821_200,
        sequence,
        previous: (sequence > 1).then_some(StatementId([7; 32])),
        body: Body::Tally(TallyBody {
            contest: "ppwp".into(),
            package_version: 3,
            form: "c-hasil-ppwp-2024".into(),
            figures,
            acknowledged: vec!["F101@I.B.1".into(), "F301".into(), "F401".into()],
            supersedes: (sequence > 1).then(|| Supersedes {
                statement: StatementId([9; 32]),
                reason: "Salah ketik nomor 1".into(),
            }),
        }),
    }
}

fn photo() -> Draft {
    Draft {
        body: Body::Photo(PhotoBody {
            tally: StatementId([1; 32]),
            page: 2,
            original: PhotoHash([2; 32]),
            original_bytes: 3_021_000,
            derivative: PhotoHash([3; 32]),
            derivative_bytes: 182_000,
        }),
        ..tally(2)
    }
}

#[test]
fn a_sealed_statement_reads_back_as_it_was_drafted() {
    for draft in [tally(1), tally(2), photo()] {
        let sealed = draft.seal(&key()).unwrap();
        let unverified = Unverified::parse(&sealed.bytes).unwrap();
        assert_eq!((unverified.id(), unverified.device()), (sealed.id, key().public().device_id()));
        let statement = unverified.verify(&key().public()).unwrap();
        assert_eq!(statement.body, draft.body);
        assert_eq!(statement.claims.subject, draft.subject);
        assert_eq!(statement.claims.sealed_at_s, draft.sealed_at_s);
        assert_eq!((statement.claims.sequence, statement.claims.previous), (draft.sequence, draft.previous));
    }
}

#[test]
fn a_presidential_tally_fits_a_qr_code() {
    let sealed = tally(70_000).seal(&key()).unwrap();
    assert!(sealed.bytes.len() < 600, "{} bytes", sealed.bytes.len());
}

#[test]
fn the_bytes_of_version_1_are_frozen() {
    for (draft, golden) in
        [(tally(2), include_str!("golden/tally-v1.hex")), (photo(), include_str!("golden/photo-v1.hex"))]
    {
        let sealed = draft.seal(&key()).unwrap();
        let hex: String = sealed.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, golden.trim(), "statements sealed by older devices would no longer be understood");
    }
}

#[test]
fn another_devices_key_does_not_verify() {
    let sealed = tally(1).seal(&key()).unwrap();
    let other = DeviceKey::from_seed([43; 32]).public();
    let refusal = Unverified::parse(&sealed.bytes).unwrap().verify(&other).unwrap_err();
    assert!(matches!(refusal, StatementError::OtherDevice { .. }));
}

#[test]
fn an_unknown_kind_is_told_apart_from_a_broken_one() {
    let sealed = tally(1).seal(&key()).unwrap();
    let at = find(&sealed.bytes, b"tally.v1").unwrap();
    let mut newer = sealed.bytes;
    newer[at + 7] = b'2';
    assert_eq!(Unverified::parse(&newer), Err(StatementError::Unsupported));
    assert!(matches!(Unverified::parse(b""), Err(StatementError::Malformed { .. })));
    assert!(matches!(Unverified::parse(&[0xd2; 20_000]), Err(StatementError::TooLong { bytes: 20_000 })));
}

#[test]
fn a_drill_signs_another_subject_than_the_real_count() {
    let mut drill = tally(1);
    drill.subject.namespace = Namespace::Drill;
    assert_ne!(drill.seal(&key()).unwrap().id, tally(1).seal(&key()).unwrap().id);
    assert_eq!("urn:saksi:drill:e:s".parse::<Subject>().map(|s| s.namespace), Ok(Namespace::Drill));
    for wrong in [
        "urn:saksi:real:e",
        "urn:saksi:real:e:s:x",
        "urn:saksi:mock:e:s",
        "saksi:real:e:s",
        "urn:saksi:real::s",
    ] {
        assert!(wrong.parse::<Subject>().is_err(), "{wrong} was taken");
    }
}

#[test]
fn a_body_too_long_to_travel_is_not_sealed() {
    let mut draft = tally(1);
    if let Body::Tally(body) = &mut draft.body {
        body.acknowledged = vec!["x".repeat(60); 400];
    }
    assert!(matches!(draft.seal(&key()), Err(StatementError::TooLong { .. })));
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

proptest! {
    #[test]
    fn no_changed_bit_survives(bit in 0usize..300 * 8, kind in 0..2) {
        let draft = if kind == 0 { tally(2) } else { photo() };
        let mut bytes = draft.seal(&key()).unwrap().bytes;
        let place = bit % (bytes.len() * 8);
        bytes[place / 8] ^= 1 << (place % 8);
        let verified = Unverified::parse(&bytes).and_then(|parsed| parsed.verify(&key().public()));
        prop_assert!(verified.is_err());
    }

    #[test]
    fn no_shortened_or_lengthened_statement_survives(cut in 0usize..500, tail in proptest::collection::vec(any::<u8>(), 1..9)) {
        let bytes = tally(2).seal(&key()).unwrap().bytes;
        prop_assert!(Unverified::parse(&bytes[..cut.min(bytes.len() - 1)]).is_err());
        prop_assert!(Unverified::parse(&[bytes, tail].concat()).is_err());
    }

    #[test]
    fn strange_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Unverified::parse(&bytes).is_err());
    }
}
