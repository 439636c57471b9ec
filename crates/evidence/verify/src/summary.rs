//! The summary: one question for each sort of check, in words that need no knowledge of signatures or logs.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::report::{Check, Outcome, Report, Sort};

/// The answer to one question.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    check: Sort,
    question: &'static str,
    outcome: Outcome,
    holds: usize,
    fails: usize,
    not_checked: usize,
}

/// The answers, one for each sort of check that was made.
pub(crate) fn lines(report: &Report) -> Vec<Line> {
    let sorts: BTreeSet<Sort> = report.checks().iter().map(|check| check.sort).collect();
    sorts.into_iter().map(|sort| line(sort, report)).collect()
}

/// What is needed for the checks that could not be made, each once.
pub(crate) fn needs(report: &Report) -> Vec<&str> {
    let mut needs = Vec::new();
    for need in report.checks().iter().filter_map(|check| check.needs.as_deref()) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

pub(crate) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let result = match report.outcome() {
        _ if report.checks().is_empty() => "Nothing was checked.",
        Outcome::Holds => "EVERYTHING HOLDS.",
        Outcome::Fails => "SOMETHING FAILS. Do not rely on this evidence before you know why.",
        Outcome::NotChecked => "NOTHING FAILS, BUT NOT EVERYTHING COULD BE CHECKED.",
    };
    writeln!(out, "{result}\n")?;
    for line in lines(report) {
        writeln!(out, "  {:<12} {} {}", answer(line.outcome), line.question, counts(&line))?;
    }
    let needs = needs(report);
    if !needs.is_empty() {
        writeln!(out, "\nTo check the rest, you need:")?;
        needs.iter().try_for_each(|need| writeln!(out, "  - {need}."))?;
    }
    Ok(())
}

fn line(sort: Sort, report: &Report) -> Line {
    let outcomes =
        report.checks().iter().filter(|check| check.sort == sort).map(|check: &Check| check.outcome);
    let count = |wanted| outcomes.clone().filter(|outcome| *outcome == wanted).count();
    Line {
        check: sort,
        question: question(sort),
        outcome: Outcome::of_all(outcomes.clone()),
        holds: count(Outcome::Holds),
        fails: count(Outcome::Fails),
        not_checked: count(Outcome::NotChecked),
    }
}

fn question(sort: Sort) -> &'static str {
    match sort {
        Sort::Form => "Are the files complete and undamaged?",
        Sort::Namespace => "Is every statement of the count that was asked about, the real one or a drill?",
        Sort::Signature => "Did the named device sign each statement, and is it unchanged since?",
        Sort::Roster => "Is each device on the list of enrolled devices?",
        Sort::Chain => "Is each device's series of statements complete, without a second version?",
        Sort::Reference => "Do statements that name each other belong together?",
        Sort::Verdict => "Did a coordinator sign each verdict, as the endpoint says it?",
        Sort::Reviewer => "Is each key that signed a verdict on the list of those who may decide?",
        Sort::Photo => "Is each photo the one that was signed?",
        Sort::LogKey => "Is the log's key one that you trust?",
        Sort::Rotation => "Did the log hand over its key properly?",
        Sort::Receipt => "Does the log confirm that it contains the statements?",
        Sort::Checkpoint => "Did the log sign its checkpoints?",
        Sort::Consistency => "Did the log only grow, so that nothing was removed or changed?",
    }
}

fn answer(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Holds => "yes",
        Outcome::Fails => "NO",
        Outcome::NotChecked => "not checked",
    }
}

fn counts(line: &Line) -> String {
    let all = line.holds + line.fails + line.not_checked;
    let mut text = format!("({} of {all}", line.holds);
    for (count, word) in [(line.fails, "fail"), (line.not_checked, "not checked")] {
        if count > 0 {
            text += &format!(", {count} {word}");
        }
    }
    text + ")"
}
