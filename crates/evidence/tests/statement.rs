//! What a statement promises: one encoding, one signature, nothing that can be bent.

use evidence::{
    AttendanceBody, AttendanceEvent, AuditBody, Body, CorrectionBody, DeviceKey, Draft, DrillBody,
    IncidentBody, IncidentCategory, Namespace, PhotoBody, PhotoHash, ReadFigure, Seen, StatementError,
    StatementId, Subject, Supersedes, TallyBody, Unverified, VerdictBody, VerdictDecision,
};
use proptest::collection::vec;
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
            round: 1,
        }),
    }
}

/// The same paper, counted again in round 2.
fn tally_of_round_2() -> Draft {
    let Draft { body: Body::Tally(first), .. } = tally(2) else { unreachable!("a tally is a tally") };
    Draft { body: Body::Tally(TallyBody { round: 2, ..first }), ..tally(2) }
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
            seen: None,
        }),
        ..tally(2)
    }
}

fn photo_looked_at() -> Draft {
    let Draft { body: Body::Photo(unseen), .. } = photo() else { unreachable!("a photo is a photo") };
    let read = |field: &str, figure, certainty_permille| ReadFigure {
        field: field.to_owned(),
        figure,
        certainty_permille,
    };
    let seen = Seen {
        page: Some(2),
        issues: vec!["blurred".into()],
        read: vec![read("IV.1", Some(123), 940), read("IV.2", None, 310)],
    };
    Draft { body: Body::Photo(PhotoBody { seen: Some(seen), ..unseen }), ..tally(2) }
}

fn attendance() -> Draft {
    let body = AttendanceBody { event: AttendanceEvent::Arrived, package_version: 3 };
    Draft { body: Body::Attendance(body), ..tally(1) }
}

fn incident() -> Draft {
    let body = IncidentBody {
        category: IncidentCategory::CopyWithheld,
        text: "Salinan formulir tidak diberikan sampai pukul 23.40.".into(),
        on_the_form: true,
        tally: Some(StatementId([4; 32])),
    };
    Draft { body: Body::Incident(body), ..tally(3) }
}

fn drill() -> Draft {
    let mut draft = Draft {
        body: Body::Drill(DrillBody {
            drill: "latihan-1".into(),
            sheet: "lembar-07".into(),
            fields: 30,
            wrong: vec!["IV.2".into()],
            faults: 2,
            faults_noticed: 1,
            duration_s: 412,
            graded: None,
        }),
        ..tally(4)
    };
    draft.subject.namespace = Namespace::Drill;
    draft
}

fn audit() -> Draft {
    let body = AuditBody { rows: 4_711, head: [9; 32] };
    let mut draft = Draft { body: Body::Audit(body), ..tally(5) };
    draft.subject.station = "audit".into();
    draft
}

fn verdict() -> Draft {
    let body = VerdictBody {
        statement: StatementId([9; 32]),
        decision: VerdictDecision::Disputed,
        reason: "Turus dan huruf menyebut 123".into(),
    };
    Draft { body: Body::Verdict(body), ..tally(2) }
}

fn verdict_of_a_drill() -> Draft {
    let Draft { body: Body::Verdict(body), .. } = verdict() else { unreachable!("a verdict is a verdict") };
    let body = Body::Verdict(VerdictBody { decision: VerdictDecision::WrongStation, ..body });
    let mut draft = Draft { body, ..tally(2) };
    draft.subject.namespace = Namespace::Drill;
    draft
}

fn correction() -> Draft {
    let mut figures = [143, 141, 284, 70_000, 24, 23, 255, 256, 0, -1, -2].map(Some).to_vec();
    figures.push(None);
    let body = CorrectionBody {
        contest: "ppwp".into(),
        package_version: 3,
        form: "c-hasil-ppwp-2024".into(),
        figures,
        corrects: StatementId([9; 32]),
        reason: "Kotak menyebut 123".into(),
        round: 1,
    };
    Draft { body: Body::Correction(body), ..tally(2) }
}

/// One statement of every kind, with the bytes that it had when its version was frozen. The screens make
/// verdicts and corrections, and are tested with the same bytes.
fn kinds() -> [(Draft, &'static str); 11] {
    [
        (tally(2), include_str!("golden/tally-v1.hex")),
        (tally_of_round_2(), include_str!("golden/tally-v2.hex")),
        (photo(), include_str!("golden/photo-v1.hex")),
        (photo_looked_at(), include_str!("golden/photo-v2.hex")),
        (attendance(), include_str!("golden/attendance-v1.hex")),
        (incident(), include_str!("golden/incident-v1.hex")),
        (drill(), include_str!("golden/drill-result-v1.hex")),
        (audit(), include_str!("golden/audit-v1.hex")),
        (verdict(), include_str!("golden/verdict-v1.hex")),
        (verdict_of_a_drill(), include_str!("golden/drill-verdict-v1.hex")),
        (correction(), include_str!("golden/correction-v1.hex")),
    ]
}

#[test]
fn a_sealed_statement_reads_back_as_it_was_drafted() {
    for draft in kinds().map(|(draft, _)| draft).into_iter().chain([tally(1)]) {
        let sealed = draft.seal(&key()).unwrap();
        let unverified = Unverified::parse(&sealed.bytes).unwrap();
        assert_eq!((unverified.id(), unverified.device()), (sealed.id, key().public().device_id()));
        let statement = unverified.verify(&key().public()).unwrap();
        assert_eq!(statement.body, draft.body);
        assert_eq!(statement.claims.subject, draft.subject);
        assert_eq!(statement.claims.sealed_at.signed_s(), draft.sealed_at_s);
        assert_eq!((statement.claims.sequence, statement.claims.previous), (draft.sequence, draft.previous));
    }
}

#[test]
fn a_presidential_tally_fits_a_qr_code() {
    let sealed = tally(70_000).seal(&key()).unwrap();
    assert!(sealed.bytes.len() < 600, "{} bytes", sealed.bytes.len());
}

#[test]
fn the_bytes_of_every_version_are_frozen() {
    for (draft, golden) in kinds() {
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
fn an_unknown_kind_differs_from_a_broken_one() {
    let sealed = tally(1).seal(&key()).unwrap();
    let at = find(&sealed.bytes, b"tally.v1").unwrap();
    let mut newer = sealed.bytes;
    newer[at + 7] = b'9';
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
        assert!(wrong.parse::<Subject>().is_err(), "{wrong} was accepted");
    }
}

#[test]
fn a_drill_result_has_no_place_in_the_real_count() {
    let mut draft = drill();
    draft.subject.namespace = Namespace::Real;
    assert!(matches!(draft.seal(&key()), Err(StatementError::Malformed { part: "body", .. })));
}

#[test]
fn what_could_not_be_read_again_is_not_sealed() {
    type Bend = fn(&mut Draft);
    let bent: [(&str, Bend); 11] = [
        ("round 0", |draft| {
            if let Body::Tally(body) = &mut draft.body {
                body.round = 0;
            }
        }),
        ("round 10", |draft| {
            if let Body::Tally(body) = &mut draft.body {
                body.round = 10;
            }
        }),
        ("a reason beyond its length", |draft| {
            if let Body::Tally(body) = &mut draft.body {
                body.supersedes =
                    Some(Supersedes { statement: StatementId([9; 32]), reason: "x".repeat(1_001) });
            }
        }),
        ("a contest beyond its length", |draft| {
            if let Body::Tally(body) = &mut draft.body {
                body.contest = "x".repeat(65);
            }
        }),
        ("a station with a colon", |draft| draft.subject.station = "52:71".into()),
        ("an election without a name", |draft| draft.subject.election = String::new()),
        ("sequence 0", |draft| draft.sequence = 0),
        ("a first statement with one before it", |draft| draft.sequence = 1),
        ("a correction without a reason", |draft| {
            if let Draft { body: Body::Correction(body), .. } = correction() {
                draft.body = Body::Correction(CorrectionBody { reason: String::new(), ..body });
            }
        }),
        ("a correction of no round", |draft| {
            if let Draft { body: Body::Correction(body), .. } = correction() {
                draft.body = Body::Correction(CorrectionBody { round: 0, ..body });
            }
        }),
        ("an incident without an account", |draft| {
            let body = IncidentBody {
                category: IncidentCategory::Other,
                text: String::new(),
                on_the_form: false,
                tally: None,
            };
            draft.body = Body::Incident(body);
        }),
    ];
    for (name, bend) in bent {
        let mut draft = tally(2);
        bend(&mut draft);
        assert!(matches!(draft.seal(&key()), Err(StatementError::Malformed { .. })), "{name} was sealed");
    }
}

#[test]
fn every_category_of_incident_has_a_number_of_its_own_and_is_read_back() {
    let mut numbers = std::collections::BTreeSet::new();
    for &category in IncidentCategory::ALL {
        let body = IncidentBody { category, text: "x".into(), on_the_form: false, tally: None };
        let draft = Draft { body: Body::Incident(body.clone()), ..tally(2) };
        let sealed = draft.seal(&key()).unwrap();
        assert_eq!(Unverified::parse(&sealed.bytes).unwrap().unproved().body, Body::Incident(body));
        assert!(numbers.insert(category.number()), "{category:?}");
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
    fn no_changed_bit_survives(bit: usize, kind in 0..11_usize) {
        let (draft, _) = &kinds()[kind];
        let mut bytes = draft.seal(&key()).unwrap().bytes;
        let index = bit % (bytes.len() * 8);
        bytes[index / 8] ^= 1 << (index % 8);
        let verified = Unverified::parse(&bytes).and_then(|parsed| parsed.verify(&key().public()));
        prop_assert!(verified.is_err());
    }

    #[test]
    fn no_shortened_or_lengthened_statement_survives(cut in 0usize..500, tail in vec(any::<u8>(), 1..9)) {
        let bytes = tally(2).seal(&key()).unwrap().bytes;
        prop_assert!(Unverified::parse(&bytes[..cut.min(bytes.len() - 1)]).is_err());
        prop_assert!(Unverified::parse(&[bytes, tail].concat()).is_err());
    }

    #[test]
    fn strange_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Unverified::parse(&bytes).is_err());
    }
}
