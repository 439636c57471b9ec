//! Prints a report, for people and for machines.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::{Check, Outcome, Report};
use crate::summary;

pub(crate) fn write_text(report: &Report, out: &mut impl Write) -> io::Result<()> {
    summary::write(report, out)?;
    writeln!(out, "\nDETAILS")?;
    for Check { number, sort, outcome, position, detail, .. } in report.checks() {
        let mark = match outcome {
            Outcome::Holds => "ok  ",
            Outcome::Fails => "FAIL",
            Outcome::NotChecked => "?   ",
        };
        let detail = detail.replace('\n', "\n             | ");
        writeln!(out, "{mark} {number:>5}  {sort:<11}  {position}: {detail}")?;
    }
    for note in report.notes() {
        writeln!(out, "note        {note}")?;
    }
    Ok(())
}

pub(crate) fn write_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Whole<'a> {
        outcome: Outcome,
        holds: bool,
        summary: Vec<summary::Line>,
        needs: Vec<&'a str>,
        checks: &'a [Check],
        notes: &'a [String],
    }
    let whole = Whole {
        outcome: report.outcome(),
        holds: report.outcome() == Outcome::Holds,
        summary: summary::lines(report),
        needs: summary::needs(report),
        checks: report.checks(),
        notes: report.notes(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}
