//! People: storing one, changing one, and finding them again.

use std::collections::BTreeSet;

use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Insert, OnConflict, Row, Transaction, sql};
use super::people_changes::{ChangeOf, record};
use super::{AuditContext, Store, StoreError, audit};
use crate::model::person::{ChangeId, PersonId};
use crate::model::person_details::PersonDetails;

/// A person of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPerson {
    pub person: PersonId,
    /// Rises with every change.
    pub revision: u32,
    pub details: PersonDetails,
    pub created_at_ms: i64,
    pub updated_at_ms: i64,
    pub erased_at_ms: Option<i64>,
    pub merged_into: Option<PersonId>,
}

/// The outcome of storing or changing a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonWrite {
    Written,
    /// Somebody with the telephone number, or with the name in the desa, is stored.
    Duplicate,
    /// The person was changed since that revision.
    ChangedSince,
    /// There is no such person, or their data was erased.
    Gone,
}

/// How a person is to be stored.
#[derive(Debug, Clone, Copy)]
pub struct PersonWriteRules {
    /// The id of this change, for the history.
    pub change: ChangeId,
    /// Whether it is stored although somebody like it is.
    pub keep_duplicate: bool,
}

/// The columns of a [`StoredPerson`]. A condition follows.
pub(super) const PERSON: &str =
    "SELECT p.id, p.revision, p.name, p.phone, p.organisation, p.field, p.position,
    p.availability, p.desa, p.nik_last4, p.note, p.consent_at_ms, p.created_at_ms, p.updated_at_ms,
    p.erased_at_ms, p.merged_into FROM person p ";

const PLACES: Insert<3> = Insert {
    table: "person_place",
    columns: [("place", "text"), ("name_key", "text"), ("person", "bytea")],
    on_conflict: OnConflict::Fail,
};
const WORDS: Insert<3> = Insert {
    table: "person_word",
    columns: [("word", "text"), ("place", "text"), ("person", "bytea")],
    on_conflict: OnConflict::Fail,
};

impl Store {
    /// Stores a new person.
    pub fn add_person(
        &self,
        person: PersonId,
        details: &PersonDetails,
        rules: PersonWriteRules,
        audit: AuditContext<'_>,
    ) -> Result<PersonWrite, StoreError> {
        self.write("store a person", |transaction| {
            if !rules.keep_duplicate && !similar(transaction, details, Some(person), 1)?.is_empty() {
                return Ok(PersonWrite::Duplicate);
            }
            insert(transaction, person, details, audit.now_ms)?;
            index(transaction, person, details, &places_of(transaction, person, details)?)?;
            let fields = empty_like(details).changes_to(details);
            record(transaction, &ChangeOf::details(rules.change, person, "create", &fields), audit)?;
            audit::record(transaction, audit, "person.create", &person.to_string())?;
            Ok(PersonWrite::Written)
        })
    }

    /// Changes a person who has this revision.
    pub fn edit_person(
        &self,
        person: PersonId,
        revision: u32,
        details: &PersonDetails,
        rules: PersonWriteRules,
        audit: AuditContext<'_>,
    ) -> Result<PersonWrite, StoreError> {
        self.write("change a person", |transaction| {
            let Some(before) = present(transaction, person)? else { return Ok(PersonWrite::Gone) };
            if before.revision != revision {
                return Ok(PersonWrite::ChangedSince);
            }
            let changes = before.details.changes_to(details);
            if changes.is_empty() {
                return Ok(PersonWrite::Written);
            }
            let is_identity = |field: &str| matches!(field, "name" | "phone" | "desa");
            let others_matter = changes.iter().any(|change| is_identity(&change.field));
            if others_matter
                && !rules.keep_duplicate
                && !similar(transaction, details, Some(person), 1)?.is_empty()
            {
                return Ok(PersonWrite::Duplicate);
            }
            update(transaction, person, details, audit.now_ms)?;
            record(transaction, &ChangeOf::details(rules.change, person, "edit", &changes), audit)?;
            let names: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
            audit::record(transaction, audit, "person.edit", &format!("{person} {}", names.join(" ")))?;
            Ok(PersonWrite::Written)
        })
    }

    /// One person.
    pub fn person(&self, person: PersonId) -> Result<Option<StoredPerson>, StoreError> {
        self.query("read a person", |transaction| read(transaction, person))
    }

    /// The people of these ids, in the order of the ids. Unknown ids are left out.
    pub fn people_of(&self, people: &[PersonId]) -> Result<Vec<StoredPerson>, StoreError> {
        self.read("read people", |transaction| {
            let ids: Vec<[u8; 16]> = people.iter().map(|person| person.0).collect();
            let query = sql!(PERSON, "WHERE p.id = ?1");
            let found = transaction.row_each(query, &ids, |id| [id as _], stored_person)?;
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// The desa in which people are found: where they live, and those of their present stations. Of an erased
    /// person, where they lived.
    pub fn places_of_person(&self, person: PersonId) -> Result<Vec<RegionCode>, StoreError> {
        self.query("read where a person is", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT place FROM person_place WHERE person = ?1
                     UNION SELECT desa AS place FROM person WHERE id = ?1"
                ),
                params![person.0],
                |row| row.parsed("place"),
            )
        })
    }

    /// Those who have the telephone number, or the name in the desa, but for `except`.
    pub fn similar_people(
        &self,
        details: &PersonDetails,
        except: Option<PersonId>,
        most: usize,
    ) -> Result<Vec<StoredPerson>, StoreError> {
        self.read("look for similar people", |transaction| similar(transaction, details, except, most))
    }

    /// The organisations of all people, by name, at most `most`.
    pub fn organisations(&self, most: usize) -> Result<Vec<String>, StoreError> {
        self.read("read the organisations", |transaction| {
            let mut names: Vec<String> = Vec::new();
            // One look into the index for each: there are few, and many people of each.
            while names.len() < most {
                let next: Option<Option<String>> = transaction.row(
                    sql!("SELECT min(organisation) AS next FROM person WHERE organisation > ?1"),
                    params![names.last().map_or("", String::as_str)],
                    |row| row.get("next"),
                )?;
                let Some(next) = next.flatten() else { break };
                names.push(next);
            }
            Ok(names)
        })
    }
}

pub(super) fn read(
    transaction: &Transaction<'_>,
    person: PersonId,
) -> database::Result<Option<StoredPerson>> {
    transaction.row(sql!(PERSON, "WHERE p.id = ?1"), params![person.0], stored_person)
}

/// A person whose data was not erased.
pub(super) fn present(
    transaction: &Transaction<'_>,
    person: PersonId,
) -> database::Result<Option<StoredPerson>> {
    Ok(read(transaction, person)?.filter(|found| found.erased_at_ms.is_none()))
}

pub(super) fn similar(
    transaction: &Transaction<'_>,
    details: &PersonDetails,
    except: Option<PersonId>,
    most: usize,
) -> database::Result<Vec<StoredPerson>> {
    let except = except.map_or([0; 16], |person| person.0);
    let mut found = match &details.phone {
        Some(phone) => transaction.rows(
            sql!(PERSON, "WHERE p.phone = ?1 AND p.id <> ?2 ORDER BY p.id LIMIT ?3"),
            params![phone, except, most],
            stored_person,
        )?,
        None => Vec::new(),
    };
    found.extend(transaction.rows(
        sql!(
            PERSON,
            "WHERE p.desa = ?1 AND p.name_key = ?2 AND p.id <> ?3 AND p.erased_at_ms IS NULL
             ORDER BY p.id LIMIT ?4"
        ),
        params![details.desa.as_str(), details.name_key(), except, most],
        stored_person,
    )?);
    found.sort_by_key(|person| person.person);
    found.dedup_by_key(|person| person.person);
    found.truncate(most);
    Ok(found)
}

/// Nobody, with the desa, position and availability of `details`: what a new person is changed from.
pub(super) fn empty_like(details: &PersonDetails) -> PersonDetails {
    PersonDetails {
        name: String::new(),
        phone: None,
        organisation: None,
        field: None,
        nik_last4: None,
        note: None,
        consent_at_ms: None,
        ..details.clone()
    }
}

pub(super) fn insert(
    transaction: &Transaction<'_>,
    person: PersonId,
    details: &PersonDetails,
    now_ms: i64,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO person (id, revision, name, name_key, phone, organisation, field, position,
                availability, desa, nik_last4, note, consent_at_ms, created_at_ms, updated_at_ms)
             VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)"
        ),
        params![
            person.0,
            details.name,
            details.name_key(),
            details.phone,
            details.organisation,
            details.field,
            details.position.word(),
            details.availability.word(),
            details.desa.as_str(),
            details.nik_last4,
            details.note,
            details.consent_at_ms,
            now_ms
        ],
    )?;
    Ok(())
}

/// Stores other details, and finds the person by them from now on.
pub(super) fn update(
    transaction: &Transaction<'_>,
    person: PersonId,
    details: &PersonDetails,
    now_ms: i64,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "UPDATE person SET revision = revision + 1, name = ?2, name_key = ?3, phone = ?4,
                organisation = ?5, field = ?6, position = ?7, availability = ?8, desa = ?9, nik_last4 = ?10,
                note = ?11, consent_at_ms = ?12, updated_at_ms = ?13
             WHERE id = ?1"
        ),
        params![
            person.0,
            details.name,
            details.name_key(),
            details.phone,
            details.organisation,
            details.field,
            details.position.word(),
            details.availability.word(),
            details.desa.as_str(),
            details.nik_last4,
            details.note,
            details.consent_at_ms,
            now_ms
        ],
    )?;
    index_again(transaction, person, details)
}

/// Notes that something of a person changed which is not among the details.
pub(super) fn touch(transaction: &Transaction<'_>, person: PersonId, now_ms: i64) -> database::Result<()> {
    transaction.execute(
        sql!("UPDATE person SET revision = revision + 1, updated_at_ms = ?2 WHERE id = ?1"),
        params![person.0, now_ms],
    )?;
    Ok(())
}

/// Writes again where and by which words a person is found.
pub(super) fn index_again(
    transaction: &Transaction<'_>,
    person: PersonId,
    details: &PersonDetails,
) -> database::Result<()> {
    remove_from_index(transaction, person)?;
    index(transaction, person, details, &places_of(transaction, person, details)?)
}

pub(super) fn remove_from_index(transaction: &Transaction<'_>, person: PersonId) -> database::Result<()> {
    transaction.execute(sql!("DELETE FROM person_place WHERE person = ?1"), params![person.0])?;
    transaction.execute(sql!("DELETE FROM person_word WHERE person = ?1"), params![person.0])?;
    Ok(())
}

fn places_of(
    transaction: &Transaction<'_>,
    person: PersonId,
    details: &PersonDetails,
) -> database::Result<BTreeSet<RegionCode>> {
    let stations: Vec<tally::StationId> = transaction.rows(
        sql!("SELECT station FROM person_assignment WHERE person = ?1 AND ended_at_ms IS NULL"),
        params![person.0],
        |row| row.parsed("station"),
    )?;
    let desas = stations.iter().map(|station| station.desa().clone());
    Ok(desas.chain([details.desa.clone()]).collect())
}

fn index(
    transaction: &Transaction<'_>,
    person: PersonId,
    details: &PersonDetails,
    places: &BTreeSet<RegionCode>,
) -> database::Result<()> {
    let found = FoundBy { person, name_key: details.name_key(), words: details.search_words(), places };
    index_all(transaction, &[found])
}

/// Where and by which words a person is found.
pub(super) struct FoundBy<'a> {
    pub(super) person: PersonId,
    pub(super) name_key: String,
    pub(super) words: Vec<String>,
    pub(super) places: &'a BTreeSet<RegionCode>,
}

/// Writes where and by which words these people are found, who were not found before.
pub(super) fn index_all(transaction: &Transaction<'_>, people: &[FoundBy<'_>]) -> database::Result<()> {
    let places = people.iter().flat_map(|found| {
        found.places.iter().map(move |place| (place.as_str(), &found.name_key, &found.person.0))
    });
    let places: Vec<_> = places.collect();
    transaction.insert_all(&PLACES, &places, |(place, name_key, person)| {
        [place as _, name_key as _, *person as _]
    })?;
    let words = people.iter().flat_map(|found| {
        let with_place =
            move |word| found.places.iter().map(move |place| (word, place.as_str(), &found.person.0));
        found.words.iter().flat_map(with_place)
    });
    let words: Vec<_> = words.collect();
    transaction.insert_all(&WORDS, &words, |(word, place, person)| [*word as _, place as _, *person as _])?;
    Ok(())
}

pub(super) fn stored_person(row: &Row<'_>) -> database::Result<StoredPerson> {
    let merged_into: Option<[u8; 16]> = row.get("merged_into")?;
    Ok(StoredPerson {
        person: PersonId(row.get("id")?),
        revision: row.get("revision")?,
        details: PersonDetails {
            name: row.get("name")?,
            phone: row.get("phone")?,
            organisation: row.get("organisation")?,
            field: row.get("field")?,
            position: row.parsed("position")?,
            availability: row.parsed("availability")?,
            desa: row.parsed("desa")?,
            nik_last4: row.get("nik_last4")?,
            note: row.get("note")?,
            consent_at_ms: row.get("consent_at_ms")?,
        },
        created_at_ms: row.get("created_at_ms")?,
        updated_at_ms: row.get("updated_at_ms")?,
        erased_at_ms: row.get("erased_at_ms")?,
        merged_into: merged_into.map(PersonId),
    })
}
