//! A drill and the real count: every reader refuses what is of the other, by its content and by its signing
//! context.

use evidence::bundle::{self, BundleError, Item};
use evidence::log::{Tree, leaf_hash};
use evidence::qr::{self, Picture, QrError};
use evidence::{
    AttendanceBody, AttendanceEvent, Body, CheckAnswer, Checkpoint, DeviceKey, Draft, DrillBody, Graded,
    GradedSection, IncidentBody, IncidentCategory, LogKey, Namespace, PhotoBody, PhotoHash, Receipt,
    SlipRecord, StatementError, StatementId, Subject, TallyBody, Unverified,
};

fn key() -> DeviceKey {
    DeviceKey::from_seed([42; 32])
}

fn draft(namespace: Namespace, body: Body) -> Draft {
    let subject = Subject { namespace, election: "demo".into(), station: "52.71.01.1001-1".into() };
    Draft { subject, sealed_at_s: 1_796_821_200, sequence: 2, previous: Some(StatementId([7; 32])), body }
}

fn tally() -> Body {
    Body::Tally(TallyBody {
        contest: "ppwp".into(),
        package_version: 3,
        form: "c-hasil-ppwp-2024".into(),
        figures: vec![Some(128), Some(-1), None],
        acknowledged: vec!["F401".into()],
        supersedes: None,
        round: 1,
    })
}

fn graded() -> Body {
    let section = |section: &str, fields, right, seconds| GradedSection {
        section: section.into(),
        fields,
        right,
        seconds,
    };
    Body::Drill(DrillBody {
        drill: "latihan-1".into(),
        sheet: "lembar-07".into(),
        fields: 30,
        wrong: vec!["IV.2".into()],
        faults: 2,
        faults_noticed: 1,
        duration_s: 412,
        graded: Some(Graded {
            slips: vec![SlipRecord { kind: "digits_swapped".into(), field: "IV.2".into(), fields: 1 }],
            answers: vec![CheckAnswer { finding: "F401".into(), judged: "confirmed".into() }],
            pages: [3, 3, 1],
            sections: vec![section("IV", 3, 2, 95), section("V", 3, 3, 40)],
            attempt: 2,
        }),
    })
}

/// One body of each kind that both namespaces have.
fn bodies() -> Vec<Body> {
    let photo = PhotoBody {
        tally: StatementId([4; 32]),
        page: 2,
        original: PhotoHash([5; 32]),
        original_bytes: 3_000_000,
        derivative: PhotoHash([6; 32]),
        derivative_bytes: 400_000,
        seen: None,
    };
    let incident = IncidentBody {
        category: IncidentCategory::Objection,
        text: "Keberatan atas jumlah suara sah.".into(),
        on_the_form: true,
        tally: None,
    };
    let attendance = AttendanceBody { event: AttendanceEvent::Arrived, package_version: 3 };
    vec![tally(), Body::Photo(photo), Body::Incident(incident), Body::Attendance(attendance)]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes with every `from` replaced by `to`, which has the same length.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn the_bytes_of_a_drills_statements_are_frozen() {
    for (body, golden) in [
        (tally(), include_str!("golden/drill-tally-v1.hex")),
        (graded(), include_str!("golden/drill-result-v2.hex")),
    ] {
        let draft = draft(Namespace::Drill, body);
        let sealed = draft.seal(&key()).unwrap();
        assert_eq!(hex(&sealed.bytes), golden.trim());
        let statement = Unverified::parse(&sealed.bytes).unwrap().verify(&key().public()).unwrap();
        assert_eq!((statement.body, statement.claims.subject), (draft.body, draft.subject));
    }
}

#[test]
fn a_reader_of_one_namespace_refuses_a_statement_of_the_other() {
    for body in bodies() {
        for (mine, other) in [(Namespace::Real, Namespace::Drill), (Namespace::Drill, Namespace::Real)] {
            let sealed = draft(mine, body.clone()).seal(&key()).unwrap();
            let read = || Unverified::parse(&sealed.bytes).unwrap();
            assert_eq!(read().in_namespace(other).map_err(|refused| refused.found), Err(mine));
            assert!(read().in_namespace(mine).unwrap().verify(&key().public()).is_ok());
        }
    }
    let result = draft(Namespace::Real, graded()).seal(&key());
    assert!(matches!(result, Err(StatementError::Malformed { part: "body", .. })));
}

#[test]
fn a_statement_is_of_the_other_namespace_neither_by_its_subject_nor_by_its_kind_nor_by_its_signature() {
    let real = draft(Namespace::Real, tally()).seal(&key()).unwrap().bytes;
    let drill = draft(Namespace::Drill, tally()).seal(&key()).unwrap().bytes;

    // The content type alone, in a name of the same length.
    let kind = replaced(&drill, b"vnd.saksi.drill.tally", b"vnd.saksi.other.tally");
    assert_eq!(Unverified::parse(&kind), Err(StatementError::Unsupported));

    // Subject and kind both, which is a statement of the real count with a drill's signature.
    let signature = &drill[drill.len() - 64..];
    let disguised = [&real[..real.len() - 64], signature].concat();
    let refused = Unverified::parse(&disguised).unwrap().verify(&key().public());
    assert_eq!(refused, Err(StatementError::BadSignature));
    // The subject alone.
    let subject = replaced(&real, b"urn:saksi:real:demo:", b"urn:saksi:drill:dem:");
    let refused = Unverified::parse(&subject);
    assert!(matches!(refused, Err(StatementError::Malformed { part: "protected header", .. })));
}

#[test]
fn a_signature_without_the_drills_context_does_not_hold() {
    // As another program would make it that knows the names and not the context.
    let sealed = draft(Namespace::Drill, tally()).seal(&key()).unwrap();
    let body = &sealed.bytes[..sealed.bytes.len() - 66];
    // 0xd2, an array of four, then the protected header as a byte string with a length of one byte.
    assert_eq!((body[0], body[1], body[2]), (0xd2, 0x84, 0x58));
    let header_end = 4 + usize::from(body[3]);
    let (header, rest) = (&body[2..header_end], &body[header_end + 1..]);
    let to_be_signed = [b"\x84\x6aSignature1", header, b"\x40", rest].concat();
    let forged = [body, b"\x58\x40", &key().sign_message(&to_be_signed)].concat();
    let refused = Unverified::parse(&forged).unwrap().verify(&key().public());
    assert_eq!(refused, Err(StatementError::BadSignature));
    // With the context the same bytes are the statement.
    let with_context = [b"\x84\x6aSignature1", header, b"\x4esaksi-drill-v1", rest].concat();
    assert_eq!([body, b"\x58\x40", &key().sign_message(&with_context)].concat(), sealed.bytes);
}

#[test]
fn a_bundle_is_of_one_namespace_and_refused_in_the_other() {
    let item = |namespace| Item::Statement(draft(namespace, tally()).seal(&key()).unwrap().bytes);
    for (mine, other) in [(Namespace::Real, Namespace::Drill), (Namespace::Drill, Namespace::Real)] {
        let bytes = bundle::write(vec![item(mine), Item::Photo(vec![7; 30])], Vec::new()).unwrap();
        assert_eq!(bundle::Reader::new(&bytes[..]).unwrap().namespace(), mine);
        assert!(bundle::check_of(mine, &bytes[..]).is_ok());
        let refused = bundle::check_of(other, &bytes[..]);
        assert!(matches!(refused, Err(BundleError::OtherNamespace(why)) if why.found == mine));
        // Nothing of the other namespace gets into it, and nothing that got in is read.
        assert!(matches!(
            bundle::write_of(other, vec![item(mine)], Vec::new()),
            Err(BundleError::Item { position: 1, .. })
        ));
        let mixed = bundle::write(vec![item(mine), item(other)], Vec::new());
        assert!(matches!(mixed, Err(BundleError::Item { .. })));
        let name = |bytes: &[u8]| 1 + usize::from(bytes[0] & 0x1f);
        let of_other = bundle::write_of(other, Vec::new(), Vec::new()).unwrap();
        let renamed = [&of_other[..name(&of_other)], &bytes[name(&bytes)..]].concat();
        assert!(matches!(bundle::check(&renamed[..]), Err(BundleError::Item { position: 1, .. })));
    }
}

#[test]
fn a_code_says_what_it_is_of_and_is_refused_in_the_other() {
    for (mine, other, begin, foreign) in [
        (Namespace::Real, Namespace::Drill, "SAKSI1:", "LATIHAN1:"),
        (Namespace::Drill, Namespace::Real, "LATIHAN1:", "SAKSI1:"),
    ] {
        let statement = draft(mine, tally()).seal(&key()).unwrap().bytes;
        let text = qr::text(&statement).unwrap();
        assert!(text.starts_with(begin));
        assert_eq!(qr::statement_of(mine, &text), Ok(statement.clone()));
        assert_eq!(qr::statement(&text), Ok(statement.clone()));
        let refused = qr::statement_of(other, &text);
        assert!(matches!(refused, Err(QrError::OtherNamespace(why)) if why.found == mine));
        // With the beginning of the other, it is refused by what is in it.
        let renamed = text.replacen(begin, foreign, 1);
        assert!(matches!(qr::statement(&renamed), Err(QrError::OtherNamespace(_))));
        assert!(Picture::draw(&statement).is_ok());
    }
}

#[test]
fn a_drills_log_has_a_key_of_its_own_even_from_the_same_seed() {
    let [real, drill] = Namespace::ALL.map(|namespace| LogKey::of(namespace, [5; 32]));
    assert_eq!(real.public(), LogKey::from_seed([5; 32]).public());
    assert_ne!(real.public(), drill.public());
    assert_eq!((*drill.seed(), *real.seed()), ([5; 32], [5; 32]));

    let statement = draft(Namespace::Drill, tally()).seal(&key()).unwrap().bytes;
    let mut tree = Tree::EMPTY;
    let _ = tree.append(leaf_hash(&statement));
    let receipt = Receipt::issue(&drill, &statement, 0, 1, &[], 7).unwrap();
    let receipt = Receipt::parse(&receipt).unwrap();
    assert!(receipt.verify(&drill.public(), &statement).is_ok());
    assert!(receipt.verify(&real.public(), &statement).is_err());
    let real_statement = draft(Namespace::Real, tally()).seal(&key()).unwrap().bytes;
    assert!(receipt.verify(&drill.public(), &real_statement).is_err());
    let checkpoint = Checkpoint::sign(&drill, 1, tree.root(), 7);
    assert!(Checkpoint::parse(checkpoint.note(), &drill.public()).is_ok());
    assert!(Checkpoint::parse(checkpoint.note(), &real.public()).is_err());
}
