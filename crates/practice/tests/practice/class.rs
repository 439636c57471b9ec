//! The report of a class, from results that phones signed and anybody can send.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{Body, DeviceKey, Draft, DrillBody, Namespace, Statement, Subject, Unverified};
use practice::{
    CheckMisjudged, Judged, NotReady, PERSONS_MAX, SheetNumber, SlipKind, TakenExercise, TrapKind,
    class_report, grade,
};
use tally::{CheckCode, Readiness};

use crate::papers;
use crate::trainees::{perfect, sheet, slip, traps_for};

fn number(exercise: u8) -> SheetNumber {
    SheetNumber { exercise, copy: 1 }
}

/// As the phone signs it and the hall reads it.
fn signed(person: u8, namespace: Namespace, body: DrillBody) -> Option<Statement> {
    let key = DeviceKey::from_seed([person + 1; 32]);
    let subject = Subject { namespace, election: "demo".into(), station: "52.71.01.1001-001".into() };
    let draft =
        Draft { subject, sealed_at_s: 1_796_821_200, sequence: 1, previous: None, body: Body::Drill(body) };
    let sealed = draft.seal(&key).ok()?;
    Unverified::parse(&sealed.bytes).unwrap().verify(&key.public()).ok()
}

fn taken(person: u8, body: DrillBody) -> TakenExercise {
    TakenExercise::of(&signed(person, Namespace::Drill, body).unwrap()).unwrap()
}

/// A class of thirty on one paper: each person makes one slip in exercise 1 and none in exercise 2; the first
/// ten none at all.
fn class() -> (Vec<TakenExercise>, BTreeMap<SlipKind, u32>) {
    let (_, paper) = papers::all().remove(1);
    let mut results = Vec::new();
    let mut planned = BTreeMap::new();
    for person in 0..30_u8 {
        let kind = SlipKind::ALL.get(usize::from(person).wrapping_sub(10)).copied();
        let traps = kind.map_or(&[TrapKind::WrongSum][..], traps_for);
        let first = sheet(&paper, 4, traps);
        let mut attempt = perfect(&paper, &first);
        attempt.seconds = 300 + u32::from(person);
        if let Some(kind) = kind {
            let made = slip(kind, &paper, &first, &mut attempt.figures, &mut Default::default(), 4);
            planned.extend(made.map(|(kind, _)| (kind, 1)));
        }
        results.push(taken(person, grade(&paper, &first, &attempt).result("latihan", number(1))));
        let second = sheet(&paper, 5, &[TrapKind::WrongSum]);
        let perfect = perfect(&paper, &second);
        results.push(taken(person, grade(&paper, &second, &perfect).result("latihan", number(2))));
    }
    (results, planned)
}

#[test]
fn the_report_names_exactly_the_planned_slips_and_who_is_ready() {
    let (results, planned) = class();
    let report = class_report(&results, &Readiness::default());
    let slips: BTreeMap<SlipKind, u32> = report.slips.iter().map(|slip| (slip.kind, slip.persons)).collect();
    assert!(planned.len() >= 15, "{planned:?}");
    assert_eq!(slips, planned);
    assert_eq!((report.persons.len(), report.left_out), (30, 0));
    let perfect =
        report.persons.iter().filter(|person| person.accuracy_permille == 1_000 && person.misjudged == 0);
    assert!(perfect.clone().count() >= 10);
    assert!(perfect.into_iter().all(|person| person.ready && person.not_ready.is_empty()));
    assert!(report.persons.iter().all(|person| person.ready == person.not_ready.is_empty()));
    assert_eq!(report.ready as usize, report.persons.iter().filter(|person| person.ready).count());
    // Those who need most help come first.
    assert!(report.persons.is_sorted_by_key(|person| (person.ready, person.accuracy_permille)));
    let worst = &report.persons[0];
    assert!(!worst.slips.is_empty() && worst.not_ready.contains(&NotReady::Accuracy));
    assert!(report.fields.iter().all(|field| field.exercise == 1 && field.taken == 30 && field.wrong > 0));
    assert!(report.fields.is_sorted_by_key(|field| std::cmp::Reverse(field.wrong)));
    assert!(serde_json::to_string(&report).unwrap().contains("row_skipped"));
}

#[test]
fn the_order_of_results_and_results_that_come_twice_change_nothing() {
    let (mut results, _) = class();
    let report = class_report(&results, &Readiness::default());
    results.extend(results.clone());
    results.reverse();
    assert_eq!(class_report(&results, &Readiness::default()), report);
}

#[test]
fn the_last_attempt_counts() {
    let (_, paper) = papers::all().remove(0);
    let sheet = sheet(&paper, 4, &[]);
    let mut first = perfect(&paper, &sheet);
    slip(SlipKind::RowSkipped, &paper, &sheet, &mut first.figures, &mut Default::default(), 4).unwrap();
    let second = practice::Attempt { number: 2, ..perfect(&paper, &sheet) };
    let results: Vec<TakenExercise> = [second, first]
        .map(|attempt| taken(1, grade(&paper, &sheet, &attempt).result("latihan", number(1))))
        .into();
    let report = class_report(&results, &Readiness { exercises_min: 1, ..Readiness::default() });
    assert_eq!((report.persons[0].exercises, report.persons[0].ready), (1, true));
    assert_eq!(report.slips, []);
    let strict = class_report(&results, &Readiness::default());
    assert_eq!(strict.persons[0].not_ready, [NotReady::Exercises]);
}

/// A result with these answers to checks.
fn answered(answers: &[(&str, Judged)]) -> DrillBody {
    let (_, paper) = papers::all().remove(0);
    let sheet = sheet(&paper, 4, &[]);
    let mut body = grade(&paper, &sheet, &perfect(&paper, &sheet)).result("latihan", number(1));
    let answer = |(finding, judged): &(&str, Judged)| evidence::CheckAnswer {
        finding: (*finding).to_owned(),
        judged: judged.word().to_owned(),
    };
    body.graded.as_mut().unwrap().answers = answers.iter().map(answer).collect();
    body
}

#[test]
fn the_check_that_was_misunderstood_most_is_named_first() {
    let results = [
        taken(1, answered(&[("F401", Judged::MendedNotConfirmed), ("F101@I.B.1", Judged::Confirmed)])),
        taken(2, answered(&[("F401", Judged::ConfirmedNotMended), ("F101@I.A", Judged::NotAnswered)])),
        taken(3, answered(&[("F401", Judged::Confirmed), ("F999", Judged::NotAnswered)])),
    ];
    let report = class_report(&results, &Readiness::default());
    let counts = |check: &CheckMisjudged| {
        (
            check.code,
            check.answered,
            check.confirmed_not_mended,
            check.mended_not_confirmed,
            check.not_answered,
        )
    };
    let checks: Vec<_> = report.checks.iter().map(counts).collect();
    assert_eq!(checks, [(CheckCode::F401, 3, 1, 1, 0), (CheckCode::F101, 2, 0, 0, 1)]);
}

#[test]
fn numbers_that_a_phone_signed_are_bounded_and_a_crowd_is_cut() {
    let hostile = || {
        let mut body = answered(&[]);
        body.fields = u32::MAX;
        body.faults = u32::MAX;
        body.duration_s = u32::MAX;
        let graded = body.graded.as_mut().unwrap();
        graded.pages = [u32::MAX, 0, 0];
        graded.attempt = u32::MAX;
        for section in &mut graded.sections {
            (section.fields, section.right, section.seconds) = (u32::MAX, u32::MAX, u32::MAX);
        }
        body
    };
    let mut many = vec![taken(1, hostile()), taken(2, hostile())];
    for person in 0..PERSONS_MAX {
        let other = TakenExercise { person: format!("{person:04}"), ..many[0].clone() };
        many.push(other);
    }
    for exercise in 0..200 {
        let mut body = hostile();
        body.sheet = format!("x{exercise}");
        many.push(TakenExercise { person: "0000".into(), body });
    }
    let report = class_report(&many, &Readiness::default());
    assert_eq!(report.persons.len(), PERSONS_MAX);
    assert!(report.left_out >= 2 + 141, "{}", report.left_out);
    assert!(report.accuracy_permille <= 1_000);
    assert!(
        report.persons.iter().all(|person| person.median_seconds <= 86_400 && person.fields <= 2_000 * 60)
    );
}

#[test]
fn a_result_of_a_large_paper_fits_a_statement_and_none_is_of_the_real_count() {
    let papers = papers::all();
    let (_, paper) = papers.iter().max_by_key(|(_, paper)| paper.fields().len()).unwrap();
    let sheet = sheet(paper, 4, &[]);
    let nothing = practice::Attempt { number: 1, ..practice::Attempt::default() };
    let body = grade(paper, &sheet, &nothing).result("latihan", number(1));
    assert_eq!(body.fields as usize, sheet.expected().0.len());
    assert!(signed(1, Namespace::Drill, body.clone()).is_some());
    assert!(signed(1, Namespace::Real, body).is_none());
    let plain = DrillBody { graded: None, ..answered(&[]) };
    assert_eq!(TakenExercise::of(&signed(1, Namespace::Drill, plain).unwrap()), None);
}

#[test]
fn every_word_has_texts_in_both_languages_and_is_read_back() {
    macro_rules! read_back {
        ($($name:ident),+) => { $(for word in practice::$name::ALL {
            assert_eq!(practice::$name::of_word(word.word()), Some(*word));
            assert_eq!(serde_json::to_value(word).unwrap(), word.word());
        })+ };
    }
    read_back!(SlipKind, Judged, Lesson, Level, NotReady, TrapKind, Objecting, FirstStep);
    let texts = practice::texts();
    let keys: BTreeSet<&String> = texts.iter().map(|(key, _)| key).collect();
    assert!(keys.len() == texts.len() && keys.len() > 100);
    assert!(keys.contains(&"slip.own_sum".to_owned()) && keys.contains(&"lesson.object.more".to_owned()));
    for (key, text) in &texts {
        assert!(!text.id.is_empty() && !text.en.is_empty() && text.id != text.en, "{key}");
        assert!(text.id.chars().count() <= 200 && text.en.chars().count() <= 200, "{key}");
    }
}
