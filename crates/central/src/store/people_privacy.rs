//! Erasing people, merging two, and when all of them are to be erased.

use rusqlite::params;

use super::database::{self, Transaction, json_of, sql};
use super::people::{present, remove_from_index, update};
use super::people_assignments::{all_of, end, follow};
use super::people_changes::{ChangeOf, record};
use super::{AuditContext, Store, StoreError, audit, training};
use crate::model::person::{ChangeId, PersonId};
use crate::model::person_details::PersonDetails;

/// Number of people who are erased in one transaction.
const ERASED_AT_ONCE: usize = 500;

/// What admins set about people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredPeopleSettings {
    pub fields: Vec<String>,
    /// The day from which everybody is erased, as `2027-03-31`.
    pub erase_from: Option<String>,
}

impl Store {
    /// Erases the personal data of a person, and ends their assignments. Position, availability and desa
    /// stay, for the numbers. Returns `false` if there is no such person. Erasing again changes nothing.
    pub fn erase_person(
        &self,
        person: PersonId,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("erase a person", |transaction| {
            if present(transaction, person)?.is_some() {
                end_all(transaction, person, audit)?;
                erase(transaction, person, audit.now_ms)?;
                record(transaction, &ChangeOf::details(change, person, "erase", &[]), audit)?;
                audit::record(transaction, audit, "person.erase", &person.to_string())?;
            }
            Ok(super::people::read(transaction, person)?.is_some())
        })
    }

    /// Erases people who were not changed since `before_ms`, at most 500 of them, and leaves assignments and
    /// devices as they are. Returns how many were erased.
    pub fn erase_people_before(
        &self,
        before_ms: i64,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<usize, StoreError> {
        self.write("erase people", |transaction| {
            let people: Vec<PersonId> = transaction.rows(
                sql!(
                    "SELECT id FROM person WHERE erased_at_ms IS NULL AND updated_at_ms < ?1
                     ORDER BY updated_at_ms LIMIT ?2"
                ),
                params![before_ms, ERASED_AT_ONCE],
                |row| Ok(PersonId(row.get("id")?)),
            )?;
            for &person in &people {
                erase(transaction, person, audit.now_ms)?;
                record(transaction, &ChangeOf::details(change, person, "erase", &[]), audit)?;
            }
            if !people.is_empty() {
                let subject = format!("{} people, not changed since {before_ms}", people.len());
                audit::record(transaction, audit, "person.erase_many", &subject)?;
            }
            Ok(people.len())
        })
    }

    /// Makes one person of two: `merged` are the details of `person` from now on, who gets the assignments
    /// of `duplicate` too. The duplicate is erased. Returns `false` if one of them is gone. Merging again
    /// changes nothing.
    pub fn merge_people(
        &self,
        person: PersonId,
        duplicate: PersonId,
        merge: &dyn Fn(&PersonDetails, &PersonDetails) -> PersonDetails,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("merge two people", |transaction| {
            let Some(into) = present(transaction, person)? else { return Ok(false) };
            let Some(other) = super::people::read(transaction, duplicate)? else { return Ok(false) };
            if other.erased_at_ms.is_some() {
                return Ok(other.merged_into == Some(person));
            }
            move_assignments(transaction, person, duplicate, audit)?;
            training::give_to(transaction, duplicate, person)?;
            erase(transaction, duplicate, audit.now_ms)?;
            let merged = merge(&into.details, &other.details);
            update(transaction, person, &merged, audit.now_ms)?;
            transaction.execute(
                sql!("UPDATE person SET merged_into = ?2 WHERE id = ?1"),
                params![duplicate.0, person.0],
            )?;
            let fields = into.details.changes_to(&merged);
            record(transaction, &ChangeOf::details(change, person, "merge", &fields), audit)?;
            record(transaction, &ChangeOf::details(change, duplicate, "merge", &[]), audit)?;
            audit::record(transaction, audit, "person.merge", &format!("{duplicate} into {person}"))?;
            Ok(true)
        })
    }

    /// What admins set about people; `None` until they did.
    pub fn people_settings(&self) -> Result<Option<StoredPeopleSettings>, StoreError> {
        self.query("read the settings of people", |transaction| {
            transaction.row(sql!("SELECT fields, erase_from FROM people_settings"), &[], |row| {
                Ok(StoredPeopleSettings { fields: row.json("fields")?, erase_from: row.get("erase_from")? })
            })
        })
    }

    /// Changes what admins set about people.
    pub fn set_people_settings(
        &self,
        settings: &StoredPeopleSettings,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        self.write("change the settings of people", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO people_settings (one, fields, erase_from) VALUES (1, ?1, ?2)
                     ON CONFLICT (one) DO UPDATE SET fields = excluded.fields,
                        erase_from = excluded.erase_from"
                ),
                params![json_of(&settings.fields)?, settings.erase_from],
            )?;
            let erase_from = settings.erase_from.as_deref().unwrap_or("never");
            let subject = format!("{} fields, erase from {erase_from}", settings.fields.len());
            audit::record(transaction, audit, "person.settings", &subject)
        })
    }
}

fn end_all(transaction: &Transaction<'_>, person: PersonId, audit: AuditContext<'_>) -> database::Result<()> {
    let mut present = all_of(transaction, person)?;
    present.retain(|found| found.ended_at_ms.is_none());
    for found in &present {
        end(transaction, found, audit)?;
    }
    follow(transaction, person, present.iter().map(|found| &found.new.station))
}

/// Empties what is personal, in the history too.
fn erase(transaction: &Transaction<'_>, person: PersonId, now_ms: i64) -> database::Result<()> {
    remove_from_index(transaction, person)?;
    transaction.execute(
        sql!(
            "UPDATE person SET revision = revision + 1, name = '', name_key = '', phone = NULL,
                organisation = NULL, field = NULL, nik_last4 = NULL, note = NULL, consent_at_ms = NULL,
                updated_at_ms = ?2, erased_at_ms = ?2
             WHERE id = ?1"
        ),
        params![person.0, now_ms],
    )?;
    transaction.execute(
        sql!("UPDATE person_change SET fields = '[]', undone = 1 WHERE person = ?1"),
        params![person.0],
    )?;
    transaction
        .execute(sql!("UPDATE person_assignment SET shift = '' WHERE person = ?1"), params![person.0])?;
    training::forget(transaction, person)
}

/// Gives the assignments of `duplicate` to `person`. One at a station where the person is assigned already
/// ends.
fn move_assignments(
    transaction: &Transaction<'_>,
    person: PersonId,
    duplicate: PersonId,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    let own = all_of(transaction, person)?;
    let present: Vec<_> = own.iter().filter(|found| found.ended_at_ms.is_none()).collect();
    let others = all_of(transaction, duplicate)?;
    for other in &others {
        let is_double = present.iter().any(|found| found.new.station == other.new.station);
        if other.ended_at_ms.is_none() && is_double {
            end(transaction, other, audit)?;
        }
    }
    transaction.execute(
        sql!("UPDATE person_assignment SET person = ?2 WHERE person = ?1"),
        params![duplicate.0, person.0],
    )?;
    follow(transaction, person, others.iter().map(|found| &found.new.station))
}
