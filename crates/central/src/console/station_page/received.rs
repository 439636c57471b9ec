//! The statements about a station, as they were received.

use std::collections::BTreeMap;

use evidence::{Body, DeviceId, PhotoBody, Statement, TallyBody, Unverified};
use tally::{Figures, Paper};

use super::letters::Letters;
use super::signatures::SignedDecisions;
use crate::counting::which::Received;
use crate::model::verdict::Ruling;
use crate::refusal::Refusal;
use crate::store::{StationRecord, StoredStatement, StoredVerdict};
use crate::view::{ReportView, WitnessReport};

/// How a statement arrived.
#[derive(Clone, Copy)]
pub(super) struct Arrival {
    pub(super) received_at_ms: i64,
    /// Whether the device signed another statement under the same sequence number.
    pub(super) forks: bool,
    /// Whether it arrived after its device was revoked.
    pub(super) quarantined: bool,
    pub(super) log_index: Option<u64>,
}

impl Arrival {
    pub(super) fn of(stored: &StoredStatement) -> Self {
        let &StoredStatement { received_at_ms, forks, quarantined, log_index, .. } = stored;
        Self { received_at_ms, forks, quarantined, log_index }
    }
}

/// A tally of the contest.
pub(super) struct ReceivedTally {
    pub(super) statement: Statement,
    pub(super) body: TallyBody,
    pub(super) arrival: Arrival,
    /// Whether it can count: its device was assigned, and was not revoked before it arrived.
    pub(super) assigned: bool,
    /// The verdicts on it, oldest first.
    pub(super) verdicts: Vec<StoredVerdict>,
    pub(super) figures: Option<Figures>,
    /// The coordinator whose correction it is.
    pub(super) corrected_by: Option<String>,
}

impl ReceivedTally {
    pub(super) fn device(&self) -> DeviceId {
        self.statement.claims.device
    }

    /// What the rule of counting needs of it.
    pub(super) fn counted(&self) -> Received<'_> {
        let ruling = |verdict: &StoredVerdict| Ruling { decision: verdict.decision, number: verdict.number };
        Received {
            device: self.device(),
            sequence: self.statement.claims.sequence,
            round: self.body.round,
            assigned: self.assigned,
            verdict: self.verdicts.last().map(ruling),
            received_at_ms: self.arrival.received_at_ms,
            figures: &self.body.figures,
        }
    }
}

/// The statement of a photo, of any contest.
pub(super) struct ReceivedPhoto {
    pub(super) statement: Statement,
    pub(super) body: PhotoBody,
    pub(super) arrival: Arrival,
}

impl ReceivedPhoto {
    pub(super) fn device(&self) -> DeviceId {
        self.statement.claims.device
    }
}

/// The statements about a station, by kind, oldest first.
#[derive(Default)]
pub(super) struct Statements {
    pub(super) tallies: Vec<ReceivedTally>,
    pub(super) photos: Vec<ReceivedPhoto>,
    pub(super) reports: Vec<ReportView>,
    pub(super) letters: Letters,
}

impl Statements {
    /// Reads and verifies the statements of a record. Tallies of other contests are left out.
    pub(super) fn read(record: &StationRecord, paper: &Paper) -> Result<Self, Refusal> {
        let mut statements = Self::default();
        for stored in &record.statements {
            let statement = Unverified::parse(&stored.bytes)
                .and_then(|unverified| unverified.verify(&stored.key))
                .map_err(|error| Refusal::internal("reading a stored statement", &error))?;
            statements.letters.add(statement.claims.device);
            statements.add(record, paper, statement, Arrival::of(stored));
        }
        Ok(statements)
    }

    /// Adds the corrections of coordinators, which are figures of nobody who was there.
    pub(super) fn add_corrections(
        &mut self,
        record: &StationRecord,
        paper: &Paper,
        signed: &SignedDecisions<'_>,
    ) {
        for (statement, arrival, by) in signed.corrections() {
            let Body::Correction(correction) = &statement.body else { continue };
            if correction.contest != paper.contest().id.as_str() {
                continue;
            }
            let body = correction.to_tally();
            let verdicts = record.verdicts.iter().filter(|verdict| verdict.statement == statement.id);
            self.tallies.push(ReceivedTally {
                assigned: false,
                verdicts: verdicts.cloned().collect(),
                figures: paper.from_wire(&body.figures),
                arrival,
                statement: statement.clone(),
                body,
                corrected_by: Some(by.to_owned()),
            });
        }
    }

    fn add(&mut self, record: &StationRecord, paper: &Paper, statement: Statement, arrival: Arrival) {
        match statement.body.clone() {
            Body::Tally(body) if body.contest == paper.contest().id.as_str() => {
                let assigned = was_assigned(&record.assigned, &statement, arrival);
                let verdicts = record.verdicts.iter().filter(|verdict| verdict.statement == statement.id);
                self.tallies.push(ReceivedTally {
                    assigned: assigned && !arrival.quarantined,
                    verdicts: verdicts.cloned().collect(),
                    figures: paper.from_wire(&body.figures),
                    arrival,
                    statement,
                    body,
                    corrected_by: None,
                });
            }
            Body::Tally(_) | Body::Audit(_) | Body::Verdict(_) | Body::Correction(_) => {}
            Body::Photo(body) => self.photos.push(ReceivedPhoto { statement, body, arrival }),
            Body::Attendance(_) | Body::Incident(_) | Body::Drill(_) => {
                let assigned = was_assigned(&record.assigned_to_any, &statement, arrival);
                self.reports.extend(report_view(&statement, arrival, assigned, &self.letters));
            }
        }
    }
}

/// Whether the device was assigned when its statement arrived, or is by now.
fn was_assigned(assigned: &BTreeMap<DeviceId, Option<i64>>, statement: &Statement, arrival: Arrival) -> bool {
    let ended = assigned.get(&statement.claims.device);
    ended.is_some_and(|ended| ended.is_none_or(|ended_at_ms| arrival.received_at_ms < ended_at_ms))
}

fn report_view(
    statement: &Statement,
    arrival: Arrival,
    assigned: bool,
    letters: &Letters,
) -> Option<ReportView> {
    let claims = &statement.claims;
    Some(ReportView {
        report: WitnessReport::of(&statement.body)?,
        statement: statement.id.to_string(),
        device: claims.device.to_string(),
        witness: letters.of(claims.device),
        sequence: claims.sequence,
        sealed_at_ms: claims.sealed_at.plausible_ms(),
        received_at_ms: arrival.received_at_ms,
        assigned,
        forked: arrival.forks,
        quarantined: arrival.quarantined,
        log_index: arrival.log_index,
    })
}
