//! What the checks came to, for people and for machines.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

/// The sorts of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sort {
    /// The file can be read.
    Form,
    /// A statement is signed by the device that it names.
    Signature,
    /// That device was enrolled.
    Roster,
    /// A device's statements continue each other.
    Chain,
    /// Statements that name each other belong together.
    Reference,
    /// A change of the log's key holds.
    Rotation,
    /// The log proves that it holds a statement.
    Receipt,
    /// A checkpoint is the log's.
    Checkpoint,
    /// The log only grew.
    Consistency,
    /// A photo is the one that was signed.
    Photo,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Form => "form",
            Self::Signature => "signature",
            Self::Roster => "roster",
            Self::Chain => "chain",
            Self::Reference => "reference",
            Self::Rotation => "rotation",
            Self::Receipt => "receipt",
            Self::Checkpoint => "checkpoint",
            Self::Consistency => "consistency",
            Self::Photo => "photo",
        })
    }
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    number: usize,
    check: Sort,
    holds: bool,
    position: String,
    detail: String,
}

/// All checks, in the order in which they were made.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    checks: Vec<Check>,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn holds(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.holds)
    }

    pub(crate) fn pass(&mut self, sort: Sort, position: impl fmt::Display, detail: impl fmt::Display) {
        self.add(sort, true, &position, &detail);
    }

    pub(crate) fn fail(&mut self, sort: Sort, position: impl fmt::Display, detail: impl fmt::Display) {
        self.add(sort, false, &position, &detail);
    }

    /// What is worth knowing and no check.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    fn add(&mut self, check: Sort, holds: bool, position: &dyn fmt::Display, detail: &dyn fmt::Display) {
        let number = self.checks.len() + 1;
        let (position, detail) = (position.to_string(), detail.to_string());
        self.checks.push(Check { number, check, holds, position, detail });
    }

    pub(crate) fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        for Check { number, check, holds, position, detail } in &self.checks {
            let mark = if *holds { "ok  " } else { "FAIL" };
            writeln!(
                out,
                "{mark} {number:>5}  {check:<11}  {position}: {}",
                detail.replace('\n', "\n             | ")
            )?;
        }
        for note in &self.notes {
            writeln!(out, "note        {note}")?;
        }
        let failed = self.checks.iter().filter(|check| !check.holds).count();
        match (self.checks.len(), failed) {
            (0, _) => writeln!(out, "Nothing was checked."),
            (all, 0) => writeln!(out, "All {all} checks hold."),
            (all, failed) => writeln!(out, "{failed} of {all} checks FAILED."),
        }
    }

    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Whole<'a> {
            holds: bool,
            #[serde(flatten)]
            report: &'a Report,
        }
        serde_json::to_writer_pretty(&mut *out, &Whole { holds: self.holds(), report: self })?;
        writeln!(out)
    }
}
