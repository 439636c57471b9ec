//! The checks of statements, and the order of all checks.

use std::path::PathBuf;

use anyhow::Context as _;
use evidence::{Body, ChainDefect, Chains, DeviceId, Namespace, Statement, StatementId};

use crate::input::{self, Position, Unreadable};
use crate::report::{Report, Sort};
use crate::things::{Things, Verified};
use crate::trust::Trust;
use crate::{log, photos, verdicts};

/// Checks everything in these files. An error if a file cannot be read from the disk.
pub(crate) fn audit(files: &[PathBuf], namespace: Namespace, mut trust: Trust) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut things = Things::default();
    for path in files {
        let at = Position { file: path.clone(), item: None };
        match input::read(path) {
            Ok(found) => {
                report.pass(Sort::Form, at, format!("{} things in it can be read", found.len()));
                found.into_iter().for_each(|found| things.add(found, &mut trust));
            }
            Err(Unreadable::Content(reason)) => report.fail(Sort::Form, at, reason),
            Err(Unreadable::File(error)) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        }
    }
    refuse_others(&mut things, namespace, &mut report);
    let statements = statements(&mut things, &trust, &mut report);
    chains(&statements, trust.partial, &mut report);
    references(&statements, &mut report);
    verdicts::check(&things, &statements, &trust, &mut report);
    log::check(&things, &trust, &mut report);
    photos::check(&things.photos, &statements, &mut report);
    Ok(report)
}

/// Sets aside what is of the other namespace. Nothing more is checked of it, so nothing of it seems to hold.
fn refuse_others(things: &mut Things, namespace: Namespace, report: &mut Report) {
    let all = std::mem::take(&mut things.statements);
    let read = all.len();
    for (at, unverified) in all {
        match unverified.in_namespace(namespace) {
            Ok(unverified) => things.statements.push((at, unverified)),
            Err(other) => report.fail(Sort::Namespace, at, other),
        }
    }
    if read > 0 && things.statements.len() == read {
        report.pass(Sort::Namespace, "all files", format!("all {read} statements are of {namespace}"));
    }
}

fn statements(things: &mut Things, trust: &Trust, report: &mut Report) -> Verified {
    let mut verified = Verified::new();
    for (at, unverified) in std::mem::take(&mut things.statements) {
        let (id, device) = (unverified.id(), unverified.device());
        if let Some(roster) = trust.roster().filter(|_| !is_decision(unverified.unproved())) {
            if roster.contains(&device) {
                report.pass(Sort::Roster, &at, format!("device {device} is on the roster"));
            } else {
                report.fail(Sort::Roster, &at, format!("device {device} is not on the roster"));
            }
        }
        let Some(key) = trust.device(device) else {
            report.not_checked(
                Sort::Signature,
                &at,
                format!("statement {id}: the key of device {device} is not here"),
                format!("the public key of device {device}: --device-key or --roster, or a bundle that has the key"),
            );
            continue;
        };
        match unverified.verify(key) {
            Ok(statement) => {
                report.pass(Sort::Signature, &at, format!("statement {id} is signed by device {device}"));
                verified.insert(id, (at, statement));
            }
            Err(error) => report.fail(Sort::Signature, &at, format!("statement {id}: {error}")),
        }
    }
    verified
}

fn chains(statements: &Verified, partial: bool, report: &mut Report) {
    let mut chains = Chains::default();
    for (id, (_, statement)) in statements {
        chains.add(*id, &statement.claims);
    }
    if chains.devices() == 0 {
        return;
    }
    let defects = chains.defects();
    if defects.is_empty() {
        let (statements, devices) = (statements.len(), chains.devices());
        let detail =
            format!("{statements} statements of {devices} devices continue each other from the first on");
        report.pass(Sort::Chain, "all files", detail);
    }
    let at = |id: &StatementId| statements.get(id).map(|(at, _)| at.to_string()).unwrap_or_default();
    for defect in defects {
        match &defect {
            ChainDefect::Gap { .. } if partial => report.note(defect.to_string()),
            // A coordinator decides at many stations, of which a bundle has one.
            ChainDefect::Gap { device, .. } if decides(statements, *device) => {
                report.note(defect.to_string());
            }
            // What is missing may be elsewhere. Only a second version or a broken link contradicts what is
            // here.
            ChainDefect::Gap { device, from, to } => report.not_checked(
                Sort::Chain,
                "all files",
                &defect,
                format!(
                    "statements {from} to {to} of device {device}; or add --partial if the files are a selection"
                ),
            ),
            ChainDefect::Fork { one, other, .. } => {
                report.fail(Sort::Chain, format!("{} and {}", at(one), at(other)), &defect);
            }
            ChainDefect::Broken { statement, .. } => report.fail(Sort::Chain, at(statement), &defect),
        }
    }
}

/// Whether a coordinator's key signed the statement.
fn is_decision(statement: &Statement) -> bool {
    matches!(statement.body, Body::Verdict(_) | Body::Correction(_))
}

/// Whether a key signed decisions.
fn decides(statements: &Verified, key: DeviceId) -> bool {
    statements.values().any(|(_, statement)| statement.claims.device == key && is_decision(statement))
}

/// Whether what a statement names has the figures that it must have. A verdict may be on a correction too.
fn is_tally(naming: &Body, named: &Body) -> bool {
    match named {
        Body::Tally(_) => true,
        Body::Correction(_) => matches!(naming, Body::Verdict(_)),
        _ => false,
    }
}

/// A statement names only statements of its own device about its own station. A decision names those of
/// others, about the same station.
fn references(statements: &Verified, report: &mut Report) {
    for (at, statement) in statements.values() {
        let named = match &statement.body {
            Body::Tally(tally) => tally.supersedes.as_ref().map(|corrected| corrected.statement),
            Body::Photo(photo) => Some(photo.tally),
            Body::Incident(incident) => incident.tally,
            Body::Verdict(verdict) => Some(verdict.statement),
            Body::Correction(correction) => Some(correction.corrects),
            Body::Attendance(_) | Body::Drill(_) | Body::Audit(_) => None,
        };
        let Some(id) = named else { continue };
        let Some((_, other)) = statements.get(&id) else {
            report.note(format!("{at}: statement {id}, which it names, is not here"));
            continue;
        };
        let (ours, theirs) = (&statement.claims, &other.claims);
        if !is_tally(&statement.body, &other.body) {
            report.fail(Sort::Reference, at, format!("it names statement {id} as a tally, which is none"));
        } else if is_decision(statement) && ours.subject == theirs.subject {
            report.pass(Sort::Reference, at, format!("it decides on tally {id} of the same station"));
        } else if (ours.device, &ours.subject) != (theirs.device, &theirs.subject) {
            report.fail(
                Sort::Reference,
                at,
                format!("it names statement {id}, of another device or station"),
            );
        } else {
            report.pass(Sort::Reference, at, format!("it names tally {id} of the same device and station"));
        }
    }
}
