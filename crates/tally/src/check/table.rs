//! The table of the checks as a page of the docs.

use std::fmt::Write as _;

use crate::check::{CheckCode, Severity, Wording};

const HEAD: &str = "\
# The checks

Generated from the table in `crates/tally/src/check/code.rs`; a test fails when this page is stale.
`SAKSI_GENERATE=1 cargo nextest run -p saksi-tally` regenerates it.

A check flags; it never blocks and never corrects: the paper is right even when it is wrong. A **fault** (`F…`) means that
figures of the paper contradict each other; the witness looks again, and mends a slip or confirms that the paper says so. A
**warning** (`W…`) is worth a glance and needs no answer. No text proposes a figure or names a motive.

## When a check runs

- A check runs only when all its figures are there. A field that was not typed yet flags nothing but `W101`.
- A blank box is not 0, and neither is an illegible one. But neither can stand for less than 0, so a sum with such a part is
  judged as far as that goes. When its written parts alone exceed the total, that is a fault. When they are the total, the
  sum holds, as on the many papers where the row of moved voters is left empty. When they fall short, nothing contradicts:
  the blank box is named by `W102`, an illegible one by `W105`.
- On a paper of lists most boxes are crossed. There a blank box adds nothing if anything is written in its list, and so does
  the blank B of a list in which nothing is written. So a B that is too high for its list is a fault, not a question.
- A figure that the package does not ask for is never missing; a sum with such a part is not checked.
- Users of the vote, ballots used and all votes count the same people. One odd figure among the three makes one finding, not
  two: `F302` compares users and votes; `F301` is added only where ballots used agree with neither; `F303` stands in where
  users of the vote have no figure.
- Checks speak of what a row counts, not of its code or label, so they hold for every form that has such rows. Who moved are
  the DPTb of a general election and the DPPh of a Pilkada; who are on no list are the DPK of one and the DPTb of the other.
- `W501` to `W506` compare the papers of one station and one round. Where papers differ, what most of them say is taken
  for comparison, or what the first one says; each other paper gets the question.

A finding is named by its code and, where a check looks at several places, the place: `F401`, `F101@I.B.1`. Names in braces
are filled in by each finding.
";

/// The page `docs/checks.md`: when checks run, and each check with its rule and its texts in both languages.
pub fn table_markdown() -> String {
    let mut page = HEAD.to_owned();
    for (heading, severity) in [("Faults", Severity::Fault), ("Warnings", Severity::Warning)] {
        let _ = write!(page, "\n## {heading}\n");
        for code in CheckCode::ALL.iter().filter(|code| code.severity() == severity) {
            let rule = code.rule();
            let _ = write!(page, "\n### {code}\n\n| | Bahasa Indonesia | English |\n| --- | --- | --- |\n");
            for (name, Wording { id, en }) in [
                ("rule", rule.rule),
                ("witness reads", rule.title),
                ("what to do", rule.advice),
                ("coordinator reads", rule.for_coordinator),
            ] {
                let _ = writeln!(page, "| {name} | {id} | {en} |");
            }
        }
    }
    page
}
