//! The rights of people over their data: what is stored, erasing it, and until when it is stored.

use serde::Serialize;
use tally::RegionCode;

use super::editor::{Editor, PeopleError};
use super::person_rows::text_of;
use super::staffing::date_number;
use crate::endpoint::Endpoint;
use crate::model::person::{ChangeId, PersonId};
use crate::model::person_details::{PersonDetails, WORD_CHARS_MAX};
use crate::store::{Actor, AuditContext, StoredPeopleSettings};
use crate::view::{AssignmentView, PeopleSettings, PersonHistory, PersonRow, PersonView};

/// What people work on until an admin changes the list. The screens have words for these.
const FIELDS: [&str; 7] =
    ["communication", "territory", "segment", "social_media", "campaigning", "logistics", "legal"];
/// Maximum number of entries of that list.
const FIELDS_MAX: usize = 50;
/// Maximum number of organisations in an answer.
const ORGANISATIONS_MAX: usize = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Everything that is stored about a person.
#[derive(Debug, Serialize)]
pub struct PersonReport {
    pub written_at_ms: i64,
    pub person: PersonRow,
    /// When they were first stored.
    pub created_at_ms: i64,
    /// Where they are found: the desa where they live, and those of their stations.
    pub places: Vec<RegionCode>,
    pub ended_assignments: Vec<AssignmentView>,
    pub history: PersonHistory,
}

impl Endpoint {
    /// Everything that is stored about a person, at their request. It is audited.
    pub fn person_report(&self, editor: &Editor, person: PersonId) -> Result<PersonReport, PeopleError> {
        let PersonView { person: row, ended, .. } = self.person_view(editor, person)?;
        let stored = self.store().person(person)?.ok_or(PeopleError::Unknown)?;
        let report = PersonReport {
            written_at_ms: self.now_ms(),
            person: row,
            created_at_ms: stored.created_at_ms,
            places: self.store().places_of_person(person)?,
            ended_assignments: ended,
            history: self.person_history(editor, person)?,
        };
        self.record_event("person.report", &person.to_string(), &editor.actor)?;
        Ok(report)
    }

    /// Erases the personal data of a person. Erasing again changes nothing.
    pub fn erase_person(&self, editor: &Editor, person: PersonId) -> Result<PersonView, PeopleError> {
        editor.must_reach_any(&self.store().places_of_person(person)?)?;
        let change = ChangeId::new(self.environment())?;
        if !self.store().erase_person(person, change, self.audit_of(editor))? {
            return Err(PeopleError::Unknown);
        }
        self.person_view(editor, person)
    }

    /// Makes one person of two.
    pub fn merge_people(
        &self,
        editor: &Editor,
        person: PersonId,
        duplicate: PersonId,
    ) -> Result<PersonView, PeopleError> {
        if person == duplicate {
            return Err(PeopleError::Unfit(String::from("a person cannot be merged into themselves")));
        }
        for one in [person, duplicate] {
            editor.must_reach_any(&self.store().places_of_person(one)?)?;
        }
        let change = ChangeId::new(self.environment())?;
        if !self.store().merge_people(person, duplicate, &merged, change, self.audit_of(editor))? {
            return Err(PeopleError::Unfit(String::from("the data of one of them was erased")));
        }
        self.person_view(editor, person)
    }

    /// Erases everybody who was not changed since a day, as `2027-03-31`. Returns how many.
    pub fn erase_people_before(&self, date: &str, actor: &Actor) -> Result<usize, PeopleError> {
        let unfit = || PeopleError::Unfit(String::from("a day is written as 2027-03-31"));
        self.erase_before_ms(date_number(date).ok_or_else(unfit)? * DAY_MS, actor)
    }

    /// Erases everybody if the day has come that an admin set. Returns how many.
    pub fn erase_people_when_due(&self) -> Result<usize, PeopleError> {
        let settings = self.store().people_settings()?.unwrap_or_default();
        let from = settings.erase_from.as_deref().and_then(date_number);
        match from {
            Some(day) if day * DAY_MS <= self.now_ms() => self.erase_before_ms(i64::MAX, &Actor::Operator),
            _ => Ok(0),
        }
    }

    fn erase_before_ms(&self, before_ms: i64, actor: &Actor) -> Result<usize, PeopleError> {
        let mut erased = 0;
        loop {
            let change = ChangeId::new(self.environment())?;
            let audit = AuditContext { actor, now_ms: self.now_ms() };
            match self.store().erase_people_before(before_ms, change, audit)? {
                0 => return Ok(erased),
                some => erased += some,
            }
        }
    }

    /// What admins set about people, and what can be chosen.
    pub fn people_settings(&self) -> Result<PeopleSettings, PeopleError> {
        let stored = self.store().people_settings()?;
        let StoredPeopleSettings { fields, erase_from } = stored.unwrap_or_else(|| StoredPeopleSettings {
            fields: FIELDS.map(str::to_owned).to_vec(),
            erase_from: None,
        });
        let organisations = self.store().organisations(ORGANISATIONS_MAX)?;
        Ok(PeopleSettings { fields, erase_from, participants: self.participants(), organisations })
    }

    /// Changes what admins set about people.
    pub fn set_people_settings(
        &self,
        editor: &Editor,
        wanted: &PeopleSettings,
    ) -> Result<PeopleSettings, PeopleError> {
        if wanted.fields.len() > FIELDS_MAX {
            return Err(PeopleError::Unfit(format!("the list has at most {FIELDS_MAX} fields")));
        }
        if wanted.erase_from.as_deref().is_some_and(|date| date_number(date).is_none()) {
            return Err(PeopleError::Unfit(String::from("a day is written as 2027-03-31")));
        }
        let fields = wanted.fields.iter().map(|field| text_of(Some(field), "field", WORD_CHARS_MAX));
        let mut fields: Vec<String> = fields.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        fields.dedup();
        let stored = StoredPeopleSettings { fields, erase_from: wanted.erase_from.clone() };
        self.store().set_people_settings(&stored, self.audit_of(editor))?;
        self.people_settings()
    }
}

/// What is known of one person from two: the first keeps what they have, and gets what they lack.
pub(super) fn merged(person: &PersonDetails, duplicate: &PersonDetails) -> PersonDetails {
    let (one, other) = (person.clone(), duplicate.clone());
    PersonDetails {
        phone: one.phone.or(other.phone),
        organisation: one.organisation.or(other.organisation),
        field: one.field.or(other.field),
        nik_last4: one.nik_last4.or(other.nik_last4),
        note: one.note.or(other.note),
        consent_at_ms: one.consent_at_ms.or(other.consent_at_ms),
        ..one
    }
}
