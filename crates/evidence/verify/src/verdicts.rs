//! The checks of what coordinators decided: by whose key, whether nobody signed it, and whether the endpoint
//! says something else than was signed.

use std::collections::BTreeSet;

use evidence::bundle::VerdictRecord;
use evidence::{Body, Statement, StatementId, VerdictDecision};

use crate::input::Position;
use crate::report::{Report, Sort};
use crate::things::{Things, Verified};
use crate::trust::Trust;

pub(crate) fn check(things: &Things, statements: &Verified, trust: &Trust, report: &mut Report) {
    let records = things.verdicts.as_slice();
    let mut used = BTreeSet::new();
    for (at, record) in records {
        if record.signed.is_some_and(|id| !used.insert(id)) {
            let about = record.about;
            let detail = format!("FORGED: two verdicts on statement {about} name one signed verdict");
            report.fail(Sort::Verdict, at, detail);
        } else {
            check_record(at, record, statements, report);
        }
    }
    for (id, (at, statement)) in statements {
        let Some(decided) = Decided::of(statement) else { continue };
        check_key(at, statement, trust, report);
        if !things.receipts.iter().any(|(_, receipt)| receipt.statement() == *id) {
            let detail = format!("no receipt shows that the log has it: {decided}");
            report.not_checked(Sort::Receipt, at, detail, format!("the receipt of statement {id}"));
        }
        let is_named = records.iter().any(|(_, record)| record.signed == Some(*id));
        if !is_named && records.is_empty() {
            report.note(format!("{at}: {decided}, by key {}", statement.claims.device));
        } else if !is_named {
            report.fail(Sort::Verdict, at, format!("the endpoint leaves out a signed verdict: {decided}"));
        }
    }
}

/// What a statement decides.
struct Decided<'a> {
    about: StatementId,
    decision: VerdictDecision,
    reason: &'a str,
}

impl<'a> Decided<'a> {
    fn of(statement: &'a Statement) -> Option<Self> {
        match &statement.body {
            Body::Verdict(body) => {
                Some(Self { about: body.statement, decision: body.decision, reason: &body.reason })
            }
            // A correction counts by itself.
            Body::Correction(body) => {
                Some(Self { about: statement.id, decision: VerdictDecision::Verified, reason: &body.reason })
            }
            _ => None,
        }
    }

    fn is_recorded_as(&self, record: &VerdictRecord) -> bool {
        (self.about, self.decision.effect(), self.reason)
            == (record.about, record.decision.effect(), record.reason.as_str())
    }
}

impl std::fmt::Display for Decided<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "statement {} is {}", self.about, self.decision.word())
    }
}

fn check_record(at: &Position, record: &VerdictRecord, statements: &Verified, report: &mut Report) {
    let said = format!(
        "the endpoint says that {} decided: statement {} is {}",
        record.reviewer,
        record.about,
        record.decision.word()
    );
    let Some(id) = record.signed else {
        return report.not_checked(
            Sort::Verdict,
            at,
            format!("{said}. Nobody signed it"),
            "the word of the one who decided: a verdict without a signature rests on the endpoint alone",
        );
    };
    let Some((_, statement)) = statements.get(&id) else {
        return report.fail(
            Sort::Verdict,
            at,
            format!("{said}. The signed verdict {id} is not here, or its signature does not hold"),
        );
    };
    match Decided::of(statement) {
        Some(decided) if decided.is_recorded_as(record) => {
            report.pass(Sort::Verdict, at, format!("{said}. Key {} signed it", statement.claims.device));
        }
        Some(decided) => {
            report.fail(Sort::Verdict, at, format!("{said}. FORGED: what was signed is that {decided}"));
        }
        None => report.fail(Sort::Verdict, at, format!("{said}. FORGED: statement {id} is no verdict")),
    }
}

/// Whether the key is that of somebody who may decide.
fn check_key(at: &Position, statement: &Statement, trust: &Trust, report: &mut Report) {
    let key = statement.claims.device;
    match trust.reviewer(key) {
        Some(Some(name)) => report.pass(Sort::Reviewer, at, format!("key {key} is that of {name}")),
        Some(None) => {
            report.fail(Sort::Reviewer, at, format!("key {key} is not on the list of those who may decide"));
        }
        None => report.note(format!(
            "{at}: whose key {key} is, the endpoint says. To check it, add --reviewers with a list that you trust"
        )),
    }
}
