//! The import of people: uploaded files, and storing all of their rows or none.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use tally::{RegionCode, StationId};

use super::database::{self, Insert, OnConflict, Row, Sql, Transaction, Writers, json_of, sql};
use super::error::TxError;
use super::people::{FoundBy, StoredPerson, empty_like, index_again, index_all, read, update};
use super::people_assignments::free_slots;
use super::people_changes::{ChangeOf, record};
use super::people_staffing::count_again;
use super::{AuditContext, Store, StoreError, audit};
use crate::model::count::u32_of;
use crate::model::person::{AssignmentId, ChangeId, ImportId, Participant, PersonId};
use crate::model::person_details::PersonDetails;

/// Number of rows that are stored together.
const BATCH: usize = 1_000;
/// Number of stations that are counted together.
const STATIONS_BATCH: usize = 5_000;
/// Time after which an import that is being stored counts as failed: the program ended meanwhile.
const ABANDONED_MS: i64 = 30 * 60 * 1_000;

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImport {
    pub import: ImportId,
    pub file: String,
    /// The text of an [`Actor`](super::Actor).
    pub actor: String,
    /// The region of the user who uploaded it.
    pub region: Option<RegionCode>,
    pub at_ms: i64,
    /// The word of its state.
    pub state: String,
    pub rows: u32,
    /// Number of people that were stored.
    pub done: u32,
    pub failure: Option<String>,
}

/// A row that is to be stored.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// The ids that the row gets if it becomes a person and an assignment.
    pub person: PersonId,
    pub assignment: AssignmentId,
    pub details: PersonDetails,
    pub station: Option<StationId>,
    pub shift: String,
    pub participant: Option<Participant>,
    /// Whether the mandate letter was handed in.
    pub letter: bool,
    pub on_known: OnKnown,
}

/// What becomes of a row that is like a stored person or an earlier row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnKnown {
    /// The two become one.
    Merge,
    /// The row becomes another person.
    Keep,
    /// The row is left out.
    Skip,
}

/// Makes the details of one person of those of two: the stored one's, and the row's.
pub type MergeRule<'a> = &'a dyn Fn(&PersonDetails, &PersonDetails) -> PersonDetails;

/// Why nothing of an import was stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreImportError {
    /// The participant has two mandated witnesses there by now.
    #[error("the participant {0} has two mandated witnesses at {1}")]
    MandateFull(Participant, StationId),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an import stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportedPeople {
    pub people: u32,
    pub merged: u32,
    pub skipped: u32,
    pub assignments: u32,
}

/// The columns of a [`StoredImport`]. A condition follows.
const IMPORT: &str = "SELECT id, file, actor, region, at_ms, state, rows, done, failure FROM person_import ";
const BY_PHONE: Sql = sql!("SELECT id FROM person WHERE phone = ?1 ORDER BY id LIMIT 1");
const BY_NAME: Sql = sql!(
    "SELECT id FROM person WHERE desa = ?1 AND name_key = ?2 AND erased_at_ms IS NULL ORDER BY id LIMIT 1"
);

impl Store {
    /// Stores an uploaded file. Files of more than a day are dropped.
    pub fn add_import(
        &self,
        import: &StoredImport,
        bytes: &[u8],
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
        self.write("store a file of people", |transaction| {
            transaction.execute(
                sql!(
                    "UPDATE person_import SET bytes = NULL, state = 'discarded'
                      WHERE at_ms < ?1 AND state IN ('uploaded', 'failed')"
                ),
                params![audit.now_ms - DAY_MS],
            )?;
            transaction.execute(
                sql!(
                    "INSERT INTO person_import (id, file, actor, region, at_ms, state, bytes, rows, done)
                     VALUES (?1, ?2, ?3, ?4, ?5, 'uploaded', ?6, ?7, 0)"
                ),
                params![
                    import.import.0,
                    import.file,
                    import.actor,
                    import.region.as_ref().map(RegionCode::as_str),
                    audit.now_ms,
                    bytes,
                    import.rows
                ],
            )?;
            audit::record(transaction, audit, "person.upload", &import.import.to_string())
        })
    }

    /// One import. One that was being stored when the program ended has failed.
    pub fn import(&self, import: ImportId, now_ms: i64) -> Result<Option<StoredImport>, StoreError> {
        let found = self.query("read an import of people", |transaction| {
            transaction.row(sql!(IMPORT, "WHERE id = ?1"), params![import.0], stored_import)
        })?;
        Ok(found.map(|found| failed_if_abandoned(found, now_ms)))
    }

    /// The newest imports, newest first, at most `most`.
    pub fn imports(&self, most: usize, now_ms: i64) -> Result<Vec<StoredImport>, StoreError> {
        let found = self.query("read imports of people", |transaction| {
            transaction.rows(sql!(IMPORT, "ORDER BY at_ms DESC, id LIMIT ?1"), params![most], stored_import)
        })?;
        Ok(found.into_iter().map(|found| failed_if_abandoned(found, now_ms)).collect())
    }

    /// The bytes of an uploaded file; `None` once it is stored or discarded.
    pub fn import_bytes(&self, import: ImportId) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes: Option<Option<Vec<u8>>> = self.query("read a file of people", |transaction| {
            transaction.row(sql!("SELECT bytes FROM person_import WHERE id = ?1"), params![import.0], |row| {
                row.get("bytes")
            })
        })?;
        Ok(bytes.flatten())
    }

    /// What the columns of the user's last file meant, as JSON.
    pub fn import_columns(&self, actor: &str) -> Result<Option<String>, StoreError> {
        self.query("read the columns of the last import", |transaction| {
            transaction.row(
                sql!("SELECT columns FROM person_import_columns WHERE actor = ?1"),
                params![actor],
                |row| row.get("columns"),
            )
        })
    }

    /// Begins to store an import, which then nobody else begins, and remembers the meaning of its columns.
    /// Returns `false` if it is at another step.
    pub fn begin_import(
        &self,
        import: ImportId,
        columns: &str,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        let actor = audit.actor.to_string();
        self.write("begin an import of people", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO person_import_columns (actor, columns) VALUES (?1, ?2)
                     ON CONFLICT (actor) DO UPDATE SET columns = excluded.columns"
                ),
                params![actor, columns],
            )?;
            let begun = transaction.execute(
                sql!(
                    "UPDATE person_import SET state = 'storing', at_ms = ?2, failure = NULL
                     WHERE id = ?1 AND bytes IS NOT NULL
                        AND (state IN ('uploaded', 'failed') OR (state = 'storing' AND at_ms < ?3))"
                ),
                params![import.0, audit.now_ms, audit.now_ms - ABANDONED_MS],
            )?;
            Ok(begun == 1)
        })
    }

    /// Notes that nothing of an import was stored, or that its user wants none of it.
    pub fn end_import(
        &self,
        import: ImportId,
        failure: Option<&str>,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("end an import of people", |transaction| {
            let ended = match failure {
                Some(failure) => transaction.execute(
                    sql!("UPDATE person_import SET state = 'failed', failure = ?2 WHERE id = ?1"),
                    params![import.0, failure],
                )?,
                None => transaction.execute(
                    sql!(
                        "UPDATE person_import SET state = 'discarded', bytes = NULL
                         WHERE id = ?1 AND state IN ('uploaded', 'failed', 'discarded')"
                    ),
                    params![import.0],
                )?,
            };
            if ended == 1 && failure.is_none() {
                audit::record(transaction, audit, "person.discard", &import.to_string())?;
            }
            Ok(ended == 1)
        })
    }

    /// Stores all rows of an import, or none. `progress` receives the number of rows that are done.
    pub fn store_import(
        &self,
        import: ImportId,
        rows: &[ImportRow],
        merge: MergeRule<'_>,
        progress: &dyn Fn(usize),
        audit: AuditContext<'_>,
    ) -> Result<ImportedPeople, StoreImportError> {
        self.write_or_abort(Writers::One, "store people", |transaction| {
            transaction.disable_timeout()?;
            let change = ChangeId(import.0);
            let mut storing = Storing::new(transaction, change, merge, audit);
            for (number, batch) in rows.chunks(BATCH).enumerate() {
                progress(number * BATCH);
                storing.batch(batch)?;
            }
            let stored = storing.finish()?;
            transaction.execute(
                sql!("UPDATE person_import SET state = 'stored', bytes = NULL, done = ?2 WHERE id = ?1"),
                params![import.0, stored.people + stored.merged],
            )?;
            let ImportedPeople { people, merged, skipped, assignments } = stored;
            let subject = format!(
                "{import}: {people} people, {merged} merged, {skipped} left out, {assignments} assigned"
            );
            audit::record(transaction, audit, "person.import", &subject)?;
            Ok(stored)
        })
    }

    /// The stored person whom each of these is like: by the telephone number, or else by the name in the
    /// desa.
    pub fn known_people(&self, people: &[&PersonDetails]) -> Result<Vec<Option<PersonId>>, StoreError> {
        self.read("look for known people", |transaction| known_people(transaction, people))
    }

    /// How many more mandated witnesses each participant may have at a station.
    pub fn free_mandates(&self, wanted: &[(StationId, Participant)]) -> Result<Vec<usize>, StoreError> {
        self.read("look for free mandates", |transaction| {
            let free = |(station, participant): &(StationId, Participant)| {
                free_slots(transaction, station, participant).map(|slots| slots.len())
            };
            wanted.iter().map(free).collect()
        })
    }
}

fn known_people(
    transaction: &Transaction<'_>,
    people: &[&PersonDetails],
) -> database::Result<Vec<Option<PersonId>>> {
    let id = |row: &Row<'_>| Ok(PersonId(row.get("id")?));
    let names: Vec<(String, String)> =
        people.iter().map(|details| (details.desa.to_string(), details.name_key())).collect();
    let by_name = transaction.row_each(BY_NAME, &names, |(desa, name)| [desa as _, name as _], id)?;
    let phones: Vec<&String> = people.iter().filter_map(|details| details.phone.as_ref()).collect();
    let by_phone = transaction.row_each(BY_PHONE, &phones, |phone| [*phone as _], id)?;
    let by_phone: BTreeMap<&String, Option<PersonId>> = phones.into_iter().zip(by_phone).collect();
    let found = people.iter().zip(by_name).map(|(details, by_name)| {
        let by_phone = details.phone.as_ref().and_then(|phone| by_phone.get(phone).copied().flatten());
        by_phone.or(by_name)
    });
    Ok(found.collect())
}

const PERSON: Insert<15> = Insert {
    table: "person",
    columns: [
        ("id", "bytea"),
        ("revision", "bigint"),
        ("name", "text"),
        ("name_key", "text"),
        ("phone", "text"),
        ("organisation", "text"),
        ("field", "text"),
        ("position", "text"),
        ("availability", "text"),
        ("desa", "text"),
        ("nik_last4", "text"),
        ("note", "text"),
        ("consent_at_ms", "bigint"),
        ("created_at_ms", "bigint"),
        ("updated_at_ms", "bigint"),
    ],
    on_conflict: OnConflict::Fail,
};
const CHANGE: Insert<6> = Insert {
    table: "person_change",
    columns: [
        ("change", "bytea"),
        ("person", "bytea"),
        ("at_ms", "bigint"),
        ("actor", "text"),
        ("kind", "text"),
        ("fields", "text"),
    ],
    on_conflict: OnConflict::Fail,
};
const ASSIGNMENT: Insert<9> = Insert {
    table: "person_assignment",
    columns: [
        ("id", "bytea"),
        ("person", "bytea"),
        ("station", "text"),
        ("contests", "text"),
        ("shift", "text"),
        ("participant", "text"),
        ("mandate_slot", "bigint"),
        ("letter_at_ms", "bigint"),
        ("created_at_ms", "bigint"),
    ],
    on_conflict: OnConflict::Fail,
};

/// A person who is new with an import, as their row says.
struct NewPerson<'a> {
    row: &'a ImportRow,
    name_key: String,
    desa: String,
    position: &'static str,
    availability: &'static str,
    places: BTreeSet<RegionCode>,
}

/// A transaction that stores an import.
struct Storing<'t, 'k> {
    transaction: &'t Transaction<'t>,
    change: ChangeId,
    rule: MergeRule<'k>,
    audit: AuditContext<'k>,
    /// The people of the rows so far, by telephone number, and by desa and name.
    by_phone: BTreeMap<String, PersonId>,
    by_name: BTreeMap<(RegionCode, String), PersonId>,
    /// The slots that are left.
    slots: BTreeMap<(StationId, Participant), Vec<u8>>,
    stations: BTreeSet<StationId>,
    stored: ImportedPeople,
}

type Stored<T> = Result<T, TxError<StoreImportError>>;

impl<'t, 'k> Storing<'t, 'k> {
    fn new(
        transaction: &'t Transaction<'t>,
        change: ChangeId,
        rule: MergeRule<'k>,
        audit: AuditContext<'k>,
    ) -> Self {
        Self {
            transaction,
            change,
            rule,
            audit,
            by_phone: BTreeMap::new(),
            by_name: BTreeMap::new(),
            slots: BTreeMap::new(),
            stations: BTreeSet::new(),
            stored: ImportedPeople::default(),
        }
    }

    fn batch(&mut self, rows: &[ImportRow]) -> Stored<()> {
        let details: Vec<&PersonDetails> = rows.iter().map(|row| &row.details).collect();
        let stored = known_people(self.transaction, &details)?;
        let mut new = Vec::new();
        let mut merged = Vec::new();
        for (row, stored) in rows.iter().zip(stored) {
            match (self.like(&row.details).or(stored), row.on_known) {
                (Some(person), OnKnown::Merge) => merged.push((person, row)),
                (Some(_), OnKnown::Skip) => self.stored.skipped += 1,
                (None, _) | (_, OnKnown::Keep) => {
                    self.remember(row);
                    new.push(new_person(row));
                }
            }
        }
        self.insert(&new)?;
        // The rows of a batch may be like each other: the person is there by now.
        merged.into_iter().try_for_each(|(person, row)| self.merge(person, row))
    }

    /// The person of an earlier row whom this one is like.
    fn like(&self, details: &PersonDetails) -> Option<PersonId> {
        let by_phone = details.phone.as_ref().and_then(|phone| self.by_phone.get(phone));
        let name = (details.desa.clone(), details.name_key());
        by_phone.or_else(|| self.by_name.get(&name)).copied()
    }

    fn remember(&mut self, row: &ImportRow) {
        if let Some(phone) = &row.details.phone {
            self.by_phone.entry(phone.clone()).or_insert(row.person);
        }
        let name = (row.details.desa.clone(), row.details.name_key());
        self.by_name.entry(name).or_insert(row.person);
    }

    fn insert(&mut self, new: &[NewPerson<'_>]) -> Stored<()> {
        let (one, now_ms) = (1_i64, self.audit.now_ms);
        self.transaction.insert_all(&PERSON, new, |person| {
            let details = &person.row.details;
            [
                &person.row.person.0 as _,
                &one as _,
                &details.name as _,
                &person.name_key as _,
                &details.phone as _,
                &details.organisation as _,
                &details.field as _,
                &person.position as _,
                &person.availability as _,
                &person.desa as _,
                &details.nik_last4 as _,
                &details.note as _,
                &details.consent_at_ms as _,
                &now_ms as _,
                &now_ms as _,
            ]
        })?;
        let found: Vec<FoundBy<'_>> = new.iter().map(NewPerson::found_by).collect();
        index_all(self.transaction, &found)?;
        self.record_new(new)?;
        self.stored.people += u32_of(new.len());
        let assigned: Vec<_> = new.iter().filter(|person| person.row.station.is_some()).collect();
        self.assign(assigned.iter().map(|person| (person.row.person, person.row)))
    }

    fn record_new(&self, new: &[NewPerson<'_>]) -> Stored<()> {
        let actor = self.audit.actor.to_string();
        let (kind, now_ms) = ("import", self.audit.now_ms);
        let fields = new.iter().map(|person| {
            let details = &person.row.details;
            Ok((person.row, json_of(&empty_like(details).changes_to(details))?))
        });
        let fields = fields.collect::<database::Result<Vec<_>>>()?;
        self.transaction.insert_all(&CHANGE, &fields, |(row, fields)| {
            [&self.change.0 as _, &row.person.0 as _, &now_ms as _, &actor as _, &kind as _, fields as _]
        })?;
        Ok(())
    }

    /// Adds a row to a person who is stored.
    fn merge(&mut self, person: PersonId, row: &ImportRow) -> Stored<()> {
        let Some(found) = read(self.transaction, person)? else { return Ok(()) };
        self.stored.merged += 1;
        let details = (self.rule)(&found.details, &row.details);
        self.merge_details(&found, &details)?;
        let Some(station) = &row.station else { return Ok(()) };
        let assigned: Option<i64> = self.transaction.row(
            sql!(
                "SELECT 1 AS assigned FROM person_assignment
                  WHERE person = ?1 AND station = ?2 AND ended_at_ms IS NULL"
            ),
            params![person.0, station.to_string()],
            |row| row.get("assigned"),
        )?;
        if assigned.is_none() {
            self.assign([(person, row)].into_iter())?;
            index_again(self.transaction, person, &details)?;
        }
        Ok(())
    }

    fn merge_details(&self, found: &StoredPerson, merged: &PersonDetails) -> Stored<()> {
        let fields = found.details.changes_to(merged);
        if !fields.is_empty() {
            update(self.transaction, found.person, merged, self.audit.now_ms)?;
            let change = ChangeOf::details(self.change, found.person, "edit", &fields);
            record(self.transaction, &change, self.audit)?;
        }
        Ok(())
    }

    fn assign<'r>(&mut self, rows: impl Iterator<Item = (PersonId, &'r ImportRow)>) -> Stored<()> {
        let now_ms = self.audit.now_ms;
        let mut new = Vec::new();
        for (person, row) in rows {
            let Some(station) = &row.station else { continue };
            let slot = match &row.participant {
                Some(participant) => Some(i64::from(self.slot(station, participant)?)),
                None => None,
            };
            self.stations.insert(station.clone());
            let participant = row.participant.as_ref().map(Participant::to_string);
            new.push((person, row, station.to_string(), participant, slot, row.letter.then_some(now_ms)));
        }
        self.stored.assignments += u32_of(new.len());
        let contests = "";
        self.transaction.insert_all(
            &ASSIGNMENT,
            &new,
            |(person, row, station, participant, slot, letter)| {
                [
                    &row.assignment.0 as _,
                    &person.0 as _,
                    station as _,
                    &contests as _,
                    &row.shift as _,
                    participant as _,
                    slot as _,
                    letter as _,
                    &now_ms as _,
                ]
            },
        )?;
        Ok(())
    }

    fn slot(&mut self, station: &StationId, participant: &Participant) -> Stored<u8> {
        let key = (station.clone(), participant.clone());
        if !self.slots.contains_key(&key) {
            self.slots.insert(key.clone(), free_slots(self.transaction, station, participant)?);
        }
        let slots = self.slots.get_mut(&key).filter(|slots| !slots.is_empty());
        let full = || StoreImportError::MandateFull(participant.clone(), station.clone());
        slots.map(|slots| slots.remove(0)).ok_or_else(|| TxError::Aborted(full()))
    }

    fn finish(self) -> Stored<ImportedPeople> {
        let stations: Vec<StationId> = self.stations.into_iter().collect();
        for some in stations.chunks(STATIONS_BATCH) {
            count_again(self.transaction, &some.iter().cloned().collect())?;
        }
        Ok(self.stored)
    }
}

impl NewPerson<'_> {
    fn found_by(&self) -> FoundBy<'_> {
        FoundBy {
            person: self.row.person,
            name_key: self.name_key.clone(),
            words: self.row.details.search_words(),
            places: &self.places,
        }
    }
}

fn new_person(row: &ImportRow) -> NewPerson<'_> {
    let station = row.station.as_ref().map(|station| station.desa().clone());
    NewPerson {
        row,
        name_key: row.details.name_key(),
        desa: row.details.desa.to_string(),
        position: row.details.position.word(),
        availability: row.details.availability.word(),
        places: station.into_iter().chain([row.details.desa.clone()]).collect(),
    }
}

fn failed_if_abandoned(found: StoredImport, now_ms: i64) -> StoredImport {
    let is_abandoned = found.state == "storing" && found.at_ms < now_ms - ABANDONED_MS;
    let state = if is_abandoned { String::from("failed") } else { found.state };
    StoredImport { state, ..found }
}

fn stored_import(row: &Row<'_>) -> database::Result<StoredImport> {
    let region: Option<String> = row.get("region")?;
    Ok(StoredImport {
        import: ImportId(row.get("id")?),
        file: row.get("file")?,
        actor: row.get("actor")?,
        region: region.map(|_| row.parsed("region")).transpose()?,
        at_ms: row.get("at_ms")?,
        state: row.get("state")?,
        rows: row.get("rows")?,
        done: row.get("done")?,
        failure: row.get("failure")?,
    })
}
