//! Thirty scripted trainees with planned slips, on every kind of paper, with ten seeds: exactly those slips
//! are named, and what was confirmed or mended wrongly is distinguished.

use std::collections::{BTreeMap, BTreeSet};

use practice::{
    Attempt, Grade, Judged, Lesson, Objecting, PracticeSheet, SealedPhoto, SectionTime, SlipKind, TrapKind,
    explain, grade,
};
use tally::{FieldCode, Figure, FindingKey, Paper};

use crate::papers;
use crate::trainees::{Planned, perfect, sheet, slip, traps_for};

const SEEDS: u32 = 10;

/// The slips of each trainee: one of each kind, and ten with two of different kinds.
fn class() -> Vec<Vec<SlipKind>> {
    use SlipKind as K;
    let mut class: Vec<Vec<SlipKind>> = SlipKind::ALL.iter().map(|kind| vec![*kind]).collect();
    class.extend([
        vec![K::DigitDiffers, K::RowSkipped],
        vec![K::DigitsSwapped, K::ColumnsSwapped],
        vec![K::RowsSwapped, K::DigitDropped],
        vec![K::DigitAdded, K::LeftBlank],
        vec![K::CalledIllegible, K::RowShifted],
        vec![K::NotTyped, K::DigitDiffers],
        vec![K::OtherRow, K::RowsSwapped],
        vec![K::BlankForZero, K::DigitsSwapped],
        vec![K::ListsSwapped, K::DigitDropped],
        vec![K::OtherNumber, K::DigitDiffers],
    ]);
    class
}

/// What a trainee typed, and the slips that found a place.
fn attempt(paper: &Paper, kinds: &[SlipKind], seed: u32) -> (PracticeSheet, Attempt, Vec<Planned>) {
    let traps: Vec<TrapKind> = kinds.iter().flat_map(|kind| traps_for(*kind)).copied().collect();
    let sheet = sheet(paper, seed, &traps);
    let mut attempt = perfect(paper, &sheet);
    let mut taken = BTreeSet::new();
    let planned =
        kinds.iter().filter_map(|kind| slip(*kind, paper, &sheet, &mut attempt.figures, &mut taken, seed));
    let planned: Vec<Planned> = planned.collect();
    (sheet, attempt, planned)
}

fn named(grade: &Grade) -> BTreeSet<Planned> {
    grade.slips.iter().map(|slip| (slip.kind, slip.fields.iter().cloned().collect())).collect()
}

#[test]
fn exactly_the_planned_slips_of_thirty_trainees_are_named() {
    let class = class();
    assert_eq!(class.len(), 30);
    let mut made: BTreeMap<SlipKind, u32> = BTreeMap::new();
    let mut misnamed = Vec::new();
    for (name, paper) in papers::all() {
        for seed in 0..SEEDS {
            for kinds in &class {
                let (sheet, attempt, planned) = attempt(&paper, kinds, seed);
                let grade = grade(&paper, &sheet, &attempt);
                let wrong: usize = planned.iter().map(|(_, fields)| fields.len()).sum();
                if (named(&grade), grade.wrong.len()) != (planned.iter().cloned().collect(), wrong) {
                    misnamed.push(format!("{name}, seed {seed}: {planned:?}\n  named {:?}", grade.slips));
                }
                for (kind, _) in planned {
                    *made.entry(kind).or_default() += 1;
                }
            }
        }
    }
    println!("{made:#?}");
    assert!(misnamed.is_empty(), "{} classes:\n{}", misnamed.len(), misnamed.join("\n"));
    for kind in SlipKind::ALL {
        assert!(made.get(kind).copied().unwrap_or(0) >= 20, "{kind:?} was made too seldom");
    }
}

#[test]
fn nothing_is_named_of_a_trainee_who_types_everything_right() {
    let traps: Vec<TrapKind> = TrapKind::ALL.to_vec();
    for (name, paper) in papers::all() {
        for seed in 0..SEEDS {
            let sheet = sheet(&paper, seed, &traps);
            let grade = grade(&paper, &sheet, &perfect(&paper, &sheet));
            assert_eq!((grade.right, grade.wrong.len(), grade.slips.len()), (grade.fields, 0, 0), "{name}");
            assert!(grade.checks.iter().all(|check| check.judged == Judged::Confirmed), "{name}");
            assert_eq!(grade.objecting, Objecting::Recorded);
            assert!(grade.photos.missing.is_empty() && grade.photos.poor.is_empty());
            assert_eq!(grade.photos.pages as usize, paper.pages().len() - 1, "{name}");
            assert_eq!(grade.look_for, []);
        }
    }
}

#[test]
fn what_should_have_been_mended_differs_from_what_should_have_been_confirmed() {
    let (mut mistyped, mut mended) = (0, 0);
    for (name, paper) in papers::all() {
        for seed in 0..SEEDS {
            // A slip of the finger, and everything that the checks find is confirmed.
            let (sheet, mut careless, _) = attempt(&paper, &[SlipKind::DigitDiffers], seed);
            let faults = |attempt: &Attempt| -> BTreeSet<FindingKey> {
                paper.check(&attempt.figures).faults().map(|fault| fault.key.clone()).collect()
            };
            let found = faults(&careless);
            careless.acknowledged = found.iter().cloned().collect();
            let graded = grade(&paper, &sheet, &careless);
            let judged = |grade: &Grade, judged: Judged| -> BTreeSet<FindingKey> {
                let of = grade.checks.iter().filter(|check| check.judged == judged);
                of.map(|check| check.finding.clone()).collect()
            };
            assert_eq!(judged(&graded, Judged::ConfirmedNotMended), found, "{name} {seed}");
            assert_eq!(graded.checks.len(), found.len());
            mistyped += found.len();
            // The same without an answer.
            careless.acknowledged.clear();
            let graded = grade(&paper, &sheet, &careless);
            assert_eq!(judged(&graded, Judged::NotAnswered), found, "{name} {seed}");

            // A sum on the paper is wrong, and was worked out instead.
            let (sheet, corrected, planned) = attempt(&paper, &[SlipKind::OwnSum], seed);
            if planned.is_empty() {
                continue;
            }
            let graded = grade(&paper, &sheet, &corrected);
            let gone: BTreeSet<FindingKey> =
                faults(&perfect(&paper, &sheet)).difference(&faults(&corrected)).cloned().collect();
            assert!(!gone.is_empty(), "{name} {seed}");
            assert_eq!(judged(&graded, Judged::MendedNotConfirmed), gone, "{name} {seed}");
            assert_eq!(graded.look_for.first(), Some(&Lesson::PaperIsRight));
            mended += 1;
        }
    }
    assert!(mistyped > 50 && mended > 50, "{mistyped} {mended}");
}

#[test]
fn photos_objections_and_times_are_graded() {
    let (_, paper) = papers::all().remove(0);
    let sheet = sheet(&paper, 3, &[TrapKind::Objection]);
    let mut attempt = perfect(&paper, &sheet);
    attempt.incidents.clear();
    let photo = |page, issue: Option<&str>| SealedPhoto {
        page,
        issues: issue.map(str::to_owned).into_iter().collect(),
    };
    // Page 1 was taken again; page 2 is dark; page 3 is missing; there is no page 9.
    attempt.photos =
        vec![photo(1, Some("blurred")), photo(1, None), photo(2, Some("too_dark")), photo(9, None)];
    let section = |code: &str| code.parse::<FieldCode>().unwrap();
    attempt.times = vec![
        SectionTime { section: section("IV"), seconds: 60 },
        SectionTime { section: section("IV"), seconds: 35 },
        SectionTime { section: section("I"), seconds: u32::MAX },
        SectionTime { section: section("I"), seconds: 5 },
    ];
    let graded = grade(&paper, &sheet, &attempt);
    assert_eq!((graded.photos.pages, graded.photos.photographed), (3, 2));
    assert_eq!(graded.photos.missing, [3]);
    assert_eq!(graded.photos.poor.iter().map(|poor| poor.page).collect::<Vec<_>>(), [2]);
    assert_eq!(graded.objecting, Objecting::Missed);
    let seconds = |code: &str| graded.sections.iter().find(|s| s.section == section(code)).unwrap().seconds;
    assert_eq!((seconds("IV"), seconds("I"), seconds("V")), (95, u32::MAX, 0));
    assert_eq!(graded.look_for, [Lesson::AllPages, Lesson::GoodPhotos, Lesson::Object]);
    let fields: u32 = graded.sections.iter().map(|section| section.fields).sum();
    assert_eq!(fields, graded.fields);
}

#[test]
fn of_two_explanations_the_one_that_says_more_comes_first() {
    let (_, paper) = papers::all().remove(0);
    let sheet = sheet(&paper, 3, &[]);
    let votes = ["IV.1", "IV.2", "IV.3"].map(|code| code.parse::<FieldCode>().unwrap());
    let says = |figures: [u32; 3]| {
        let mut says = sheet.expected().clone();
        for (code, number) in votes.iter().zip(figures) {
            says.0.insert(code.clone(), Figure::Written(number));
        }
        says
    };
    let kinds = |paper_says, typed| -> Vec<SlipKind> {
        explain(&paper, &says(paper_says), &says(typed)).iter().map(|slip| slip.kind).collect()
    };
    use SlipKind as K;
    assert_eq!(kinds([123, 45, 32], [123, 32, 45]), [K::RowsSwapped]);
    assert_eq!(kinds([123, 45, 32], [45, 32, 0]), [K::RowSkipped]);
    assert_eq!(kinds([123, 45, 32], [0, 123, 45]), [K::RowShifted]);
    assert_eq!(kinds([123, 45, 32], [132, 45, 32]), [K::DigitsSwapped]);
    // One digit differs, and it is the figure of the row below: the finger slips more often than the eye.
    assert_eq!(kinds([123, 45, 46], [123, 46, 46]), [K::DigitDiffers]);
    assert_eq!(kinds([123, 45, 72], [123, 72, 72]), [K::OtherRow]);
    assert_eq!(kinds([123, 45, 32], [128, 54, 3]), [K::DigitDiffers, K::DigitsSwapped, K::DigitDropped]);
    assert_eq!(kinds([123, 45, 32], [1_123, 45, 999]), [K::DigitAdded, K::OtherNumber]);
}
