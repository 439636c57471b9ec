//! Attendance, and incidents: *kejadian khusus* and *keberatan saksi*.

use evidence::{AttendanceBody, AttendanceEvent, Body, IncidentBody, IncidentCategory, Unverified};
use tally::StationId;

use crate::Device;
use crate::enrolment::Enrolment;
use crate::entry::Sealer;
use crate::error::{DeviceError, StoreError};
use crate::screens::life_of;
use crate::store::{IncidentDraft, StatementKind, StoredStatement};
use crate::view::{Account, AccountView, AccountsView, IncidentDraftView};

/// Most characters of an account: as many as surely fit into a statement, whatever letters they are.
const ACCOUNT_CHARS_MAX: usize = 1_000;

impl Device {
    /// What was put on record at `station`, and what is being written down.
    pub fn accounts(&self, station: &StationId) -> Result<AccountsView, DeviceError> {
        let enrolment = self.enrolment()?;
        assigned(&enrolment, station)?;
        let store = self.store();
        let draft = store.incident_draft(station)?;
        let sealed = store.accounts(station)?;
        Ok(AccountsView {
            draft: draft.map(|draft| IncidentDraftView {
                category: draft.category.and_then(category_of),
                account: draft.account,
                on_the_form: draft.on_the_form,
                saved_at_ms: draft.saved_at_ms,
            }),
            account_chars_max: u32::try_from(ACCOUNT_CHARS_MAX).unwrap_or(u32::MAX),
            sealed: sealed.iter().map(|stored| view_of(&enrolment, stored)).collect::<Result<_, _>>()?,
        })
    }

    /// Seals that the witness came to the station, left it, or was not let in.
    pub fn attend(&self, station: &StationId, event: AttendanceEvent) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        assigned(&enrolment, station)?;
        let body = AttendanceBody { event, package_version: enrolment.election.version };
        self.seal_account(&enrolment, station, StatementKind::Attendance, Body::Attendance(body))
    }

    /// Keeps an incident that is being written down. More characters than an account may have are refused, so that nothing
    /// is cut off unseen.
    pub fn write_incident(
        &self,
        station: &StationId,
        category: Option<IncidentCategory>,
        account: &str,
        on_the_form: bool,
    ) -> Result<(), DeviceError> {
        assigned(self.enrolment()?.as_ref(), station)?;
        if account.chars().count() > ACCOUNT_CHARS_MAX {
            return Err(DeviceError::AccountTooLong(ACCOUNT_CHARS_MAX));
        }
        let draft = IncidentDraft {
            category: category.map(IncidentCategory::number),
            account: account.to_owned(),
            on_the_form,
            saved_at_ms: self.now_ms(),
        };
        Ok(self.store().write(|write| write.set_incident_draft(station, &draft))?)
    }

    /// Takes the incident away that is being written down.
    pub fn discard_incident(&self, station: &StationId) -> Result<(), DeviceError> {
        assigned(self.enrolment()?.as_ref(), station)?;
        Ok(self.store().write(|write| write.delete_incident_draft(station))?)
    }

    /// Seals the incident that was written down.
    pub fn seal_incident(&self, station: &StationId) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        assigned(&enrolment, station)?;
        let draft = self.store().incident_draft(station)?.ok_or(DeviceError::IncidentIncomplete)?;
        let category = draft.category.and_then(category_of).ok_or(DeviceError::IncidentIncomplete)?;
        let text = draft.account.trim().to_owned();
        if text.is_empty() {
            return Err(DeviceError::IncidentIncomplete);
        }
        let body = IncidentBody { category, text, on_the_form: draft.on_the_form, tally: None };
        self.seal_account(&enrolment, station, StatementKind::Incident, Body::Incident(body))
    }

    fn seal_account(
        &self,
        enrolment: &Enrolment,
        station: &StationId,
        kind: StatementKind,
        body: Body,
    ) -> Result<(), DeviceError> {
        let key = self.key()?.ok_or(StoreError::KeyLost)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let mut sealer = Sealer { write, enrolment, station, contest: None, key: &key, now_ms };
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

fn assigned(enrolment: &Enrolment, station: &StationId) -> Result<(), DeviceError> {
    match enrolment.assigned.ever().any(|assignment| assignment.station == *station) {
        true => Ok(()),
        false => Err(DeviceError::StationNotAssigned(station.clone())),
    }
}

fn category_of(number: u64) -> Option<IncidentCategory> {
    IncidentCategory::ALL.iter().copied().find(|category| category.number() == number)
}

/// What a sealed record says, read back from the bytes that were signed.
fn view_of(enrolment: &Enrolment, stored: &StoredStatement) -> Result<AccountView, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("{}: {what}", stored.id));
    let statement = Unverified::parse(&stored.bytes)
        .and_then(|parsed| parsed.verify(&enrolment.public_key))
        .map_err(|error| damaged(&error.to_string()))?;
    let account = match statement.body {
        Body::Attendance(attendance) => Account::Attendance { event: attendance.event },
        Body::Incident(incident) => Account::Incident {
            category: incident.category,
            text: incident.text,
            on_the_form: incident.on_the_form,
        },
        Body::Tally(_) | Body::Photo(_) | Body::Drill(_) => return Err(damaged("not an account")),
    };
    Ok(AccountView {
        statement: stored.id.to_string(),
        sealed_at_ms: stored.sealed_at_ms,
        life: life_of(stored),
        account,
    })
}
