//! The report of a class, from the results that its phones signed.

mod person;

use std::collections::{BTreeMap, BTreeSet};

use evidence::{Body, DrillBody, Graded, Namespace, Statement};
use serde::{Deserialize, Serialize};
use tally::{CheckCode, FieldCode, Readiness};

pub use person::{NotReady, PersonReport};

use crate::grade::Judged;
use crate::scenario::SheetNumber;
use crate::slip::SlipKind;

/// Maximum number of people in a report; what is beyond is counted and left out.
pub const PERSONS_MAX: usize = 500;
/// Maximum number of results of one person.
const RESULTS_OF_PERSON_MAX: usize = 60;
/// Maximum number of fields that a report lists.
const FIELDS_LISTED_MAX: usize = 40;
/// Bounds of numbers that a phone signed: no paper has more fields, and no exercise takes longer than a day.
const FIELDS_MAX: u32 = 2_000;
const SECONDS_MAX: u32 = 24 * 60 * 60;

/// One graded exercise of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenExercise {
    /// Who, by the device that signed.
    pub person: String,
    pub body: DrillBody,
}

impl TakenExercise {
    /// The result in a verified statement. `None` for other statements, and for results without grading.
    pub fn of(statement: &Statement) -> Option<Self> {
        let is_drill = statement.claims.subject.namespace == Namespace::Drill;
        match &statement.body {
            Body::Drill(body) if is_drill && body.graded.is_some() => {
                Some(Self { person: statement.claims.device.to_string(), body: body.clone() })
            }
            _ => None,
        }
    }

    /// The exercise of the scenario, from 1, if the sheet has a number.
    pub fn exercise(&self) -> Option<u8> {
        SheetNumber::read(&self.body.sheet).map(|number| number.exercise)
    }

    /// How often the person had tried this sheet, from 1.
    pub fn attempt(&self) -> u32 {
        self.graded().map_or(0, |graded| graded.attempt)
    }

    /// Right figures, and figures that were to be typed, within bounds.
    pub fn right_of_all(&self) -> [u32; 2] {
        let [fields, right] = self.figures();
        [right, fields]
    }

    /// Figures that were to be typed, and those that are right, within bounds.
    fn figures(&self) -> [u32; 2] {
        let sections = self.graded().map_or(&[][..], |graded| &graded.sections);
        let sum = |of: fn(&evidence::GradedSection) -> u32| {
            sections.iter().map(of).fold(0, u32::saturating_add).min(FIELDS_MAX)
        };
        let fields = sum(|section| section.fields);
        [fields, sum(|section| section.right).min(fields)]
    }

    fn seconds(&self) -> u32 {
        self.body.duration_s.min(SECONDS_MAX)
    }

    fn graded(&self) -> Option<&Graded> {
        self.body.graded.as_ref()
    }

    fn slips(&self) -> impl Iterator<Item = SlipKind> {
        let slips = self.graded().map_or(&[][..], |graded| &graded.slips);
        slips.iter().filter_map(|slip| SlipKind::of_word(&slip.kind))
    }

    /// The checks that were answered, with the judgement.
    fn answers(&self) -> impl Iterator<Item = (CheckCode, Judged)> {
        let answers = self.graded().map_or(&[][..], |graded| &graded.answers);
        answers.iter().filter_map(|answer| {
            let code = answer.finding.split('@').next()?;
            let code = CheckCode::ALL.iter().copied().find(|known| known.as_str() == code)?;
            Some((code, Judged::of_word(&answer.judged)?))
        })
    }
}

/// The report of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ClassReport {
    /// The people, those who need most help first.
    pub persons: Vec<PersonReport>,
    /// Those of them who are ready.
    pub ready: u32,
    /// Right figures of a thousand, of all people together.
    pub accuracy_permille: u32,
    /// The fields that were typed wrongly most often.
    pub fields: Vec<FieldAccuracy>,
    /// The slips, the most frequent first.
    pub slips: Vec<SlipCount>,
    /// The checks that were answered wrongly, the one that was misunderstood most first.
    pub checks: Vec<CheckMisjudged>,
    /// Results that were left out, because they were too many.
    pub left_out: u32,
}

/// How often a field was typed wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldAccuracy {
    /// The exercise of the scenario, from 1.
    pub exercise: u8,
    pub field: FieldCode,
    /// People who took the exercise, and those of them who typed the field wrongly.
    pub taken: u32,
    pub wrong: u32,
}

/// How often a slip was made, and by how many people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SlipCount {
    pub kind: SlipKind,
    pub times: u32,
    pub persons: u32,
}

/// How often a check was answered, and how often wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CheckMisjudged {
    pub code: CheckCode,
    pub answered: u32,
    pub confirmed_not_mended: u32,
    pub mended_not_confirmed: u32,
    pub not_answered: u32,
}

impl CheckMisjudged {
    fn wrong(&self) -> u32 {
        self.confirmed_not_mended + self.mended_not_confirmed + self.not_answered
    }
}

/// The report of a class. Of each exercise a person's last attempt counts. The order of `taken` does not
/// matter, and a result that is there twice counts once.
pub fn class_report(taken: &[TakenExercise], readiness: &Readiness) -> ClassReport {
    let (people, left_out) = last_attempts(taken);
    let all: Vec<&TakenExercise> = people.values().flatten().copied().collect();
    let mut persons: Vec<PersonReport> =
        people.iter().map(|(person, taken)| PersonReport::of(person, taken, readiness)).collect();
    persons.sort_by_key(|person| (person.ready, person.accuracy_permille, person.person.clone()));
    ClassReport {
        ready: count(persons.iter().filter(|person| person.ready).count()),
        persons,
        accuracy_permille: accuracy_permille(&all),
        fields: fields(&all),
        slips: slips(&people),
        checks: checks(&all),
        left_out,
    }
}

/// The results that count, by person, and the number of those that were left out.
type People<'a> = BTreeMap<&'a str, Vec<&'a TakenExercise>>;

fn last_attempts(taken: &[TakenExercise]) -> (People<'_>, u32) {
    let mut last: BTreeMap<(&str, &str), &TakenExercise> = BTreeMap::new();
    let newest = |taken: &TakenExercise| {
        // The content decides between two results of the same attempt, so that no order does.
        (taken.attempt(), taken.seconds(), taken.figures(), taken.body.wrong.clone())
    };
    for result in taken {
        let key = (result.person.as_str(), exercise_of(&result.body.sheet));
        let known = last.entry(key).or_insert(result);
        if newest(result) > newest(known) {
            *known = result;
        }
    }
    let all = last.len();
    let mut people: People<'_> = BTreeMap::new();
    for ((person, _), result) in last {
        if people.len() < PERSONS_MAX || people.contains_key(person) {
            let results = people.entry(person).or_default();
            if results.len() < RESULTS_OF_PERSON_MAX {
                results.push(result);
            }
        }
    }
    let kept: usize = people.values().map(Vec::len).sum();
    (people, count(all - kept))
}

/// The exercise in a sheet's number: `2` of `2-07`.
fn exercise_of(sheet: &str) -> &str {
    sheet.split('-').next().unwrap_or(sheet)
}

fn accuracy_permille(taken: &[&TakenExercise]) -> u32 {
    let [fields, right] = taken
        .iter()
        .map(|taken| taken.figures())
        .fold([0_u64; 2], |[f, r], [fields, right]| [f + u64::from(fields), r + u64::from(right)]);
    u32::try_from((right * 1_000).checked_div(fields).unwrap_or(0)).unwrap_or(1_000)
}

fn fields(all: &[&TakenExercise]) -> Vec<FieldAccuracy> {
    let mut takers: BTreeMap<u8, u32> = BTreeMap::new();
    let mut wrong: BTreeMap<(u8, FieldCode), u32> = BTreeMap::new();
    for result in all {
        let Some(number) = SheetNumber::read(&result.body.sheet) else { continue };
        *takers.entry(number.exercise).or_default() += 1;
        let codes: BTreeSet<FieldCode> =
            result.body.wrong.iter().filter_map(|code| code.parse().ok()).collect();
        for code in codes {
            *wrong.entry((number.exercise, code)).or_default() += 1;
        }
    }
    let listed = wrong.into_iter().map(|((exercise, field), wrong)| {
        let taken = takers.get(&exercise).copied().unwrap_or(0);
        FieldAccuracy { exercise, field, taken, wrong }
    });
    let mut listed: Vec<FieldAccuracy> = listed.collect();
    listed.sort_by_key(|field| std::cmp::Reverse(field.wrong));
    listed.truncate(FIELDS_LISTED_MAX);
    listed
}

fn slips(people: &People<'_>) -> Vec<SlipCount> {
    let mut counts: BTreeMap<SlipKind, [u32; 2]> = BTreeMap::new();
    for results in people.values() {
        let of_person: Vec<SlipKind> = results.iter().flat_map(|taken| taken.slips()).collect();
        for kind in &of_person {
            counts.entry(*kind).or_default()[0] += 1;
        }
        for kind in of_person.into_iter().collect::<BTreeSet<_>>() {
            counts.entry(kind).or_default()[1] += 1;
        }
    }
    let listed = counts.into_iter().map(|(kind, [times, persons])| SlipCount { kind, times, persons });
    let mut listed: Vec<SlipCount> = listed.collect();
    listed.sort_by_key(|slip| (std::cmp::Reverse((slip.persons, slip.times)), slip.kind));
    listed
}

fn checks(all: &[&TakenExercise]) -> Vec<CheckMisjudged> {
    let mut counts: BTreeMap<CheckCode, CheckMisjudged> = BTreeMap::new();
    for (code, judged) in all.iter().flat_map(|taken| taken.answers()) {
        let check = counts.entry(code).or_insert(CheckMisjudged {
            code,
            answered: 0,
            confirmed_not_mended: 0,
            mended_not_confirmed: 0,
            not_answered: 0,
        });
        check.answered += 1;
        match judged {
            Judged::Confirmed => {}
            Judged::ConfirmedNotMended => check.confirmed_not_mended += 1,
            Judged::MendedNotConfirmed => check.mended_not_confirmed += 1,
            Judged::NotAnswered => check.not_answered += 1,
        }
    }
    let mut listed: Vec<CheckMisjudged> = counts.into_values().filter(|check| check.wrong() > 0).collect();
    listed.sort_by_key(|check| (std::cmp::Reverse(check.wrong()), check.code));
    listed
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
