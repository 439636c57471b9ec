//! What was changed of people: the history of one, changes of many at once, and taking them back.

use rusqlite::params;
use tally::StationId;

use super::database::{self, Row, Transaction, json_of, sql};
use super::people::{present, touch, update};
use super::{AuditContext, Store, StoreError, audit};
use crate::model::person::{ChangeId, PersonId};
use crate::model::person_details::{FieldChanged, PersonDetails};

/// A change of one person, to be stored.
#[derive(Debug)]
pub(super) struct ChangeOf<'a> {
    pub(super) change: ChangeId,
    pub(super) person: PersonId,
    pub(super) kind: &'static str,
    pub(super) station: Option<&'a StationId>,
    pub(super) fields: &'a [FieldChanged],
}

impl<'a> ChangeOf<'a> {
    /// A change of the details.
    pub(super) fn details(
        change: ChangeId,
        person: PersonId,
        kind: &'static str,
        fields: &'a [FieldChanged],
    ) -> Self {
        Self { change, person, kind, station: None, fields }
    }

    /// A change of an assignment.
    pub(super) fn assignment(
        change: ChangeId,
        person: PersonId,
        kind: &'static str,
        station: &'a StationId,
        fields: &'a [FieldChanged],
    ) -> Self {
        Self { change, person, kind, station: Some(station), fields }
    }
}

/// A stored change of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange {
    pub change: ChangeId,
    pub at_ms: i64,
    /// The text of an [`Actor`](super::Actor).
    pub actor: String,
    pub kind: String,
    pub station: Option<StationId>,
    pub fields: Vec<FieldChanged>,
    /// Number of people of the change.
    pub people: u32,
    pub undone: bool,
}

/// How many people a change changed, and how many it left as they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangeCount {
    pub changed: u32,
    pub left: u32,
}

impl ChangeCount {
    fn add(&mut self, is_changed: bool) {
        let count = if is_changed { &mut self.changed } else { &mut self.left };
        *count += 1;
    }
}

impl Store {
    /// Changes the details of many people by one rule, in one change. `edit` gives the new details.
    pub fn edit_people(
        &self,
        people: &[PersonId],
        change: ChangeId,
        edit: &dyn Fn(&PersonDetails) -> PersonDetails,
        audit: AuditContext<'_>,
    ) -> Result<ChangeCount, StoreError> {
        self.write("change people", |transaction| {
            let mut count = ChangeCount::default();
            for &person in people {
                count.add(edit_one(transaction, person, change, edit, audit)?);
            }
            if count.changed > 0 {
                let subject = format!("change {change}: {} people", count.changed);
                audit::record(transaction, audit, "person.edit_many", &subject)?;
            }
            Ok(count)
        })
    }

    /// Takes a change of details back, where nothing else was changed since. `new` is the id of this change.
    pub fn undo_change(
        &self,
        change: ChangeId,
        new: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<ChangeCount, StoreError> {
        self.write("take a change back", |transaction| {
            let mut count = ChangeCount::default();
            for (person, fields) in undoable(transaction, change)? {
                count.add(undo_one(transaction, person, &fields, new, audit)?);
            }
            transaction.execute(
                sql!("UPDATE person_change SET undone = 1 WHERE change = ?1 AND kind IN ('edit', 'undo')"),
                params![change.0],
            )?;
            if count.changed > 0 {
                let subject = format!("change {change}: {} people", count.changed);
                audit::record(transaction, audit, "person.undo", &subject)?;
            }
            Ok(count)
        })
    }

    /// The people whom a change is about, at most `most`.
    pub fn people_of_change(&self, change: ChangeId, most: usize) -> Result<Vec<PersonId>, StoreError> {
        self.query("read the people of a change", |transaction| {
            transaction.rows(
                sql!("SELECT DISTINCT person FROM person_change WHERE change = ?1 ORDER BY person LIMIT ?2"),
                params![change.0, most],
                |row| Ok(PersonId(row.get("person")?)),
            )
        })
    }

    /// The newest changes of a person, newest first, at most `most`.
    pub fn changes_of_person(&self, person: PersonId, most: usize) -> Result<Vec<StoredChange>, StoreError> {
        self.read("read the changes of a person", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT c.change, c.at_ms, c.actor, c.kind, c.station, c.fields, c.undone,
                        (SELECT count(DISTINCT o.person) FROM person_change o WHERE o.change = c.change)
                            AS people
                     FROM person_change c WHERE c.person = ?1 ORDER BY c.number DESC LIMIT ?2"
                ),
                params![person.0, most],
                stored_change,
            )
        })
    }
}

fn edit_one(
    transaction: &Transaction<'_>,
    person: PersonId,
    change: ChangeId,
    edit: &dyn Fn(&PersonDetails) -> PersonDetails,
    audit: AuditContext<'_>,
) -> database::Result<bool> {
    let Some(before) = present(transaction, person)? else { return Ok(false) };
    let after = edit(&before.details);
    let fields = before.details.changes_to(&after);
    if fields.is_empty() {
        return Ok(false);
    }
    update(transaction, person, &after, audit.now_ms)?;
    record(transaction, &ChangeOf::details(change, person, "edit", &fields), audit)?;
    Ok(true)
}

fn undo_one(
    transaction: &Transaction<'_>,
    person: PersonId,
    fields: &[FieldChanged],
    new: ChangeId,
    audit: AuditContext<'_>,
) -> database::Result<bool> {
    let Some(now) = present(transaction, person)? else { return Ok(false) };
    let Some(before) = now.details.without(fields) else { return Ok(false) };
    let fields = now.details.changes_to(&before);
    if fields.is_empty() {
        return Ok(false);
    }
    update(transaction, person, &before, audit.now_ms)?;
    record(transaction, &ChangeOf::details(new, person, "undo", &fields), audit)?;
    Ok(true)
}

/// The edits of a change that were not taken back.
fn undoable(
    transaction: &Transaction<'_>,
    change: ChangeId,
) -> database::Result<Vec<(PersonId, Vec<FieldChanged>)>> {
    transaction.rows(
        sql!(
            "SELECT person, fields FROM person_change
             WHERE change = ?1 AND kind IN ('edit', 'undo') AND undone = 0 ORDER BY number"
        ),
        params![change.0],
        |row| Ok((PersonId(row.get("person")?), row.json("fields")?)),
    )
}

/// Stores a change of one person.
pub(super) fn record(
    transaction: &Transaction<'_>,
    change: &ChangeOf<'_>,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO person_change (change, person, at_ms, actor, kind, station, fields)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        ),
        params![
            change.change.0,
            change.person.0,
            audit.now_ms,
            audit.actor.to_string(),
            change.kind,
            change.station.map(StationId::to_string),
            json_of(&change.fields)?
        ],
    )?;
    Ok(())
}

/// Stores a change of an assignment, with its row of the audit.
pub(super) fn record_of_assignment(
    transaction: &Transaction<'_>,
    change: &ChangeOf<'_>,
    action: &'static str,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    record(transaction, change, audit)?;
    touch(transaction, change.person, audit.now_ms)?;
    let station = change.station.map(StationId::to_string).unwrap_or_default();
    audit::record(transaction, audit, action, format!("{} {station}", change.person).trim_end())
}

fn stored_change(row: &Row<'_>) -> database::Result<StoredChange> {
    let station: Option<String> = row.get("station")?;
    let undone: i64 = row.get("undone")?;
    Ok(StoredChange {
        change: ChangeId(row.get("change")?),
        at_ms: row.get("at_ms")?,
        actor: row.get("actor")?,
        kind: row.get("kind")?,
        station: station.map(|_| row.parsed("station")).transpose()?,
        fields: row.json("fields")?,
        people: row.get("people")?,
        undone: undone != 0,
    })
}
