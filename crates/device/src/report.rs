//! A witness's reports: attendance, and incidents (*kejadian khusus* and *keberatan saksi*).

use evidence::{AttendanceBody, AttendanceEvent, Body, IncidentBody, IncidentCategory, Unverified};
use protocol::limit;
use tally::StationId;

use crate::Device;
use crate::entry::{SealedFor, Sealer};
use crate::error::{DeviceError, StoreError};
use crate::model::Enrolment;
use crate::store::{IncidentDraft, StatementKind, StoredStatement};
use crate::view::{IncidentDraftView, ReportView, ReportsView, WitnessReport};

impl Device {
    /// The reports at `station`, and the incident that is being written.
    pub fn reports(&self, station: &StationId) -> Result<ReportsView, DeviceError> {
        let enrolment = self.enrolment()?;
        is_assigned(&enrolment, station)?;
        let store = self.store();
        let draft = store.incident_draft(station)?;
        let sealed = store.reports(station)?;
        Ok(ReportsView {
            draft: draft.map(|draft| IncidentDraftView {
                category: draft.category.and_then(category_of),
                text: draft.text,
                on_the_form: draft.on_the_form,
                saved_at_ms: draft.saved_at_ms,
            }),
            text_chars_max: u32::try_from(limit::INCIDENT_TEXT_CHARS).unwrap_or(u32::MAX),
            sealed: sealed.iter().map(|stored| view_of(&enrolment, stored)).collect::<Result<_, _>>()?,
        })
    }

    /// Seals that the witness arrived at the station, left it, or was not admitted.
    pub fn attend(&self, station: &StationId, event: AttendanceEvent) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        is_assigned(&enrolment, station)?;
        let body = AttendanceBody { event, package_version: enrolment.election.version };
        self.seal_report(&enrolment, station, StatementKind::Attendance, Body::Attendance(body))
    }

    /// Saves the incident that is being written. A text that is too long is refused, so that nothing is cut
    /// off silently.
    pub fn write_incident(
        &self,
        station: &StationId,
        category: Option<IncidentCategory>,
        text: &str,
        on_the_form: bool,
    ) -> Result<(), DeviceError> {
        is_assigned(self.enrolment()?.as_ref(), station)?;
        if text.chars().count() > limit::INCIDENT_TEXT_CHARS {
            return Err(DeviceError::IncidentTooLong(limit::INCIDENT_TEXT_CHARS));
        }
        let draft = IncidentDraft {
            category: category.map(IncidentCategory::number),
            text: text.to_owned(),
            on_the_form,
            saved_at_ms: self.now_ms(),
        };
        Ok(self.store().write(|write| write.set_incident_draft(station, &draft))?)
    }

    /// Discards the incident that is being written.
    pub fn discard_incident(&self, station: &StationId) -> Result<(), DeviceError> {
        is_assigned(self.enrolment()?.as_ref(), station)?;
        Ok(self.store().write(|write| write.delete_incident_draft(station))?)
    }

    /// Seals the incident that was written.
    pub fn seal_incident(&self, station: &StationId) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        is_assigned(&enrolment, station)?;
        let draft = self.store().incident_draft(station)?.ok_or(DeviceError::IncidentIncomplete)?;
        let category = draft.category.and_then(category_of).ok_or(DeviceError::IncidentIncomplete)?;
        let text = draft.text.trim().to_owned();
        if text.is_empty() {
            return Err(DeviceError::IncidentIncomplete);
        }
        let body = IncidentBody { category, text, on_the_form: draft.on_the_form, tally: None };
        self.seal_report(&enrolment, station, StatementKind::Incident, Body::Incident(body))
    }

    fn seal_report(
        &self,
        enrolment: &Enrolment,
        station: &StationId,
        kind: StatementKind,
        body: Body,
    ) -> Result<(), DeviceError> {
        let key = self.key()?.ok_or(StoreError::KeyLost)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let mut sealer = Sealer { write, enrolment, of: SealedFor::Report(station), key: &key, now_ms };
            sealer.seal(kind, body)?;
            if kind == StatementKind::Incident {
                write.delete_incident_draft(station)?;
            }
            Ok::<_, DeviceError>(())
        })?;
        self.wake();
        Ok(())
    }
}

fn is_assigned(enrolment: &Enrolment, station: &StationId) -> Result<(), DeviceError> {
    match enrolment.assigned.ever().any(|assignment| assignment.station == *station) {
        true => Ok(()),
        false => Err(DeviceError::StationNotAssigned(station.clone())),
    }
}

fn category_of(number: u64) -> Option<IncidentCategory> {
    IncidentCategory::ALL.iter().copied().find(|category| category.number() == number)
}

/// The view of a sealed report, from the bytes that were signed.
fn view_of(enrolment: &Enrolment, stored: &StoredStatement) -> Result<ReportView, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("statement {}: {what}", stored.id));
    let statement = Unverified::parse(&stored.bytes)
        .and_then(|parsed| parsed.verify(&enrolment.public_key))
        .map_err(|error| damaged(&error.to_string()))?;
    let report = match statement.body {
        Body::Attendance(attendance) => WitnessReport::Attendance { event: attendance.event },
        Body::Incident(incident) => WitnessReport::Incident {
            category: incident.category,
            text: incident.text,
            on_the_form: incident.on_the_form,
        },
        Body::Tally(_)
        | Body::Photo(_)
        | Body::Drill(_)
        | Body::Audit(_)
        | Body::Verdict(_)
        | Body::Correction(_) => {
            return Err(damaged("it is not a report"));
        }
    };
    Ok(ReportView {
        statement: stored.id.to_string(),
        sealed_at_ms: stored.sealed_at_ms,
        life: stored.life(),
        report,
    })
}
