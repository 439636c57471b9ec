//! Whether a coordinator signed a verdict that the database has, or whether somebody wrote it there.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{Body, DeviceId, Statement, StatementId, Unverified, VerdictDecision};
use protocol::Decision;
use tally::StationId;

use super::received::Arrival;
use crate::store::{Actor, StationRecord, StoredVerdict};
use crate::view::{Signature, VerdictView};

/// What coordinators signed about a station. Only what holds under the key of a user is in it.
pub(super) struct SignedDecisions<'a> {
    station: &'a StationId,
    reviewers: &'a BTreeMap<DeviceId, String>,
    statements: BTreeMap<StatementId, (Statement, Arrival)>,
    /// Statements that the database names for two verdicts. The first may be right.
    used: BTreeSet<(StatementId, u64)>,
}

impl<'a> SignedDecisions<'a> {
    pub(super) fn of(station: &'a StationId, record: &'a StationRecord) -> Self {
        let read = |stored: &crate::store::StoredStatement| {
            let unverified = Unverified::parse(&stored.bytes).ok()?;
            let statement = unverified.verify(&stored.key).ok()?;
            Some((statement.id, (statement, Arrival::of(stored))))
        };
        let mut first: BTreeMap<StatementId, u64> = BTreeMap::new();
        for verdict in &record.verdicts {
            if let Some(id) = verdict.signed {
                first.entry(id).or_insert(verdict.number);
            }
        }
        Self {
            station,
            reviewers: &record.reviewers,
            statements: record.signed.iter().filter_map(read).collect(),
            used: first.into_iter().collect(),
        }
    }

    /// The corrections, with the user whose key signed each.
    pub(super) fn corrections(&self) -> impl Iterator<Item = (&Statement, Arrival, &str)> {
        self.statements.values().filter_map(|(statement, arrival)| {
            let by = self.reviewers.get(&statement.claims.device)?;
            matches!(statement.body, Body::Correction(_)).then_some((statement, *arrival, by.as_str()))
        })
    }

    pub(super) fn view(&self, verdict: &StoredVerdict) -> VerdictView {
        let signed = self.signed(verdict);
        let signature = match (verdict.signed, signed) {
            (None, _) => Signature::Unsigned,
            (Some(_), Some(_)) => Signature::Signed,
            (Some(_), None) => Signature::Forged,
        };
        VerdictView {
            decision: verdict.decision,
            reason: verdict.reason.clone(),
            reviewer: verdict.reviewer.clone(),
            reviewer_invited: verdict.reviewer_invited,
            at_ms: verdict.at_ms,
            signature,
            wrong_station: signed.is_some_and(|(statement, _)| is_about_wrong_station(statement)),
            key: signed.map(|(statement, _)| statement.claims.device.to_string()),
            statement: verdict.signed.map(|id| id.to_string()),
            log_index: signed.and_then(|(_, arrival)| arrival.log_index),
        }
    }

    /// What was signed, if it says what the database says: the same user, tally, decision and reason.
    fn signed(&self, verdict: &StoredVerdict) -> Option<&(Statement, Arrival)> {
        let id = verdict.signed?;
        let found = self.statements.get(&id).filter(|_| self.used.contains(&(id, verdict.number)))?;
        let (statement, _) = found;
        let (about, decision, reason) = match &statement.body {
            Body::Verdict(body) => (body.statement, effect(body.decision), &body.reason),
            Body::Correction(body) => (statement.id, Decision::Verified, &body.reason),
            _ => return None,
        };
        let account = self.reviewers.get(&statement.claims.device)?;
        let is_same = (about, decision, reason) == (verdict.statement, verdict.decision, &verdict.reason)
            && Actor::User(account.clone()).to_string() == verdict.reviewer
            && statement.claims.subject.station == self.station.to_string();
        is_same.then_some(found)
    }
}

fn effect(decision: VerdictDecision) -> Decision {
    match decision {
        VerdictDecision::Verified => Decision::Verified,
        VerdictDecision::Withdrawn => Decision::Withdrawn,
        VerdictDecision::Disputed | VerdictDecision::WrongStation => Decision::Disputed,
    }
}

fn is_about_wrong_station(statement: &Statement) -> bool {
    matches!(&statement.body, Body::Verdict(body) if body.decision == VerdictDecision::WrongStation)
}
