//! People: listing, storing and changing them, one or many at once.

use tally::RegionCode;

use super::editor::{Editor, PeopleError, written};
use super::person_rows::text_of;
use crate::endpoint::Endpoint;
use crate::model::person::{ChangeId, PersonId};
use crate::model::person_details::{
    NAME_CHARS_MAX, NOTE_CHARS_MAX, PersonDetails, WORD_CHARS_MAX, phone_number, words_of, words_to_find,
};
use crate::store::{AuditContext, PeopleCursor, PeopleFilter, PersonWriteRules, StationRange, StoredChange};
use crate::view::{
    BulkEditRequest, ChangeKind, ChangeView, FieldChange, PeoplePage, PersonChange, PersonHistory,
    PersonRequest, PersonView, SimilarPeople, SimilarRequest,
};

/// Maximum number of people on a page.
const PAGE_MAX: usize = 100;
/// Maximum number of people in a bulk edit.
const BULK_MAX: usize = 1_000;
/// Maximum number of similar people in an answer.
const SIMILAR_MAX: usize = 20;
/// Maximum number of changes in a history.
const HISTORY_MAX: usize = 200;
/// Separates the parts of a cursor. Neither words nor codes have it.
const SEPARATOR: char = '~';

/// What a list of people is to have.
#[derive(Debug, Clone, Default)]
pub struct PeopleQuery {
    pub region: Option<RegionCode>,
    pub filter: PeopleFilter,
    /// What was typed.
    pub search: String,
}

/// A query as the store reads it; `None` if nobody can match.
pub(super) fn stored_query(editor: &Editor, query: &PeopleQuery) -> Option<(PeopleFilter, StationRange)> {
    let region = query.region.as_ref().or(editor.region.as_ref());
    let (mut filter, mut range) = (query.filter.clone(), StationRange::of_region(region));
    let typed = query.search.trim();
    if let Ok(station) = typed.parse() {
        filter.station = Some(station);
    } else if typed.contains('.') && typed.parse::<RegionCode>().is_ok() {
        range = range.beginning_with(typed);
    } else if !typed.is_empty() {
        filter.words = words_to_find(typed);
        if filter.words.is_empty() {
            return None;
        }
    }
    if let Some(station) = &filter.station {
        range = range.beginning_with(station.desa().as_str());
    }
    Some((filter, range))
}

impl Endpoint {
    /// A page of people whom the editor reaches.
    pub fn people_page(
        &self,
        editor: &Editor,
        query: &PeopleQuery,
        after: Option<&PeopleCursor>,
    ) -> Result<PeoplePage, PeopleError> {
        query.region.as_ref().map_or(Ok(()), |region| editor.must_reach(region))?;
        let Some((mut filter, range)) = stored_query(editor, query) else {
            return Ok(PeoplePage { people: Vec::new(), total: Some(0), is_more: false, next: None });
        };
        filter.words = self.store().rarest_first(filter.words, &range)?;
        if let Some(after) = after {
            // The page before went through the people of this word.
            filter.words.sort_by_key(|word| !after.first.starts_with(word.as_str()));
        }
        let mut found = self.store().people(&filter, &range, after, PAGE_MAX + 1)?;
        let more = found.len() > PAGE_MAX;
        found.truncate(PAGE_MAX);
        let next = found.last().filter(|_| more).map(|(_, cursor)| cursor_text(cursor));
        let is_search = !filter.words.is_empty();
        let count_max = if is_search { PeoplePage::FOUND_MAX } else { PeoplePage::TOTAL_MAX };
        let most = usize::try_from(count_max).unwrap_or(usize::MAX).saturating_add(1);
        let total = match (after, more) {
            (Some(_), _) => None,
            (None, false) => u32::try_from(found.len()).ok(),
            (None, true) => Some(self.store().people_count(&filter, &range, most)?),
        };
        let people = found.into_iter().map(|(person, _)| person).collect();
        Ok(PeoplePage {
            people: self.person_rows(editor, people)?,
            is_more: total.is_some_and(|total| total > count_max),
            total: total.map(|total| total.min(count_max)),
            next,
        })
    }

    /// Stores a new person.
    pub fn add_person(&self, editor: &Editor, request: &PersonRequest) -> Result<PersonView, PeopleError> {
        let details = self.details_of(request, None)?;
        editor.must_reach(&details.desa)?;
        let person = PersonId::new(self.environment())?;
        let rules = self.rules(request.keep_duplicate)?;
        written(self.store().add_person(person, &details, rules, self.audit_of(editor))?)?;
        self.person_view(editor, person)
    }

    /// Changes what is stored of a person.
    pub fn edit_person(
        &self,
        editor: &Editor,
        person: PersonId,
        request: &PersonRequest,
    ) -> Result<PersonView, PeopleError> {
        let before = self.store().person(person)?.ok_or(PeopleError::Unknown)?;
        editor.must_reach_any(&self.store().places_of_person(person)?)?;
        let details = self.details_of(request, Some(&before.details))?;
        if details.desa != before.details.desa {
            editor.must_reach(&details.desa)?;
        }
        let unnamed = || PeopleError::Unfit(String::from("name the revision that was edited"));
        let revision = request.revision.ok_or_else(unnamed)?;
        let rules = self.rules(request.keep_duplicate)?;
        let audit = self.audit_of(editor);
        written(self.store().edit_person(person, revision, &details, rules, audit)?)?;
        self.person_view(editor, person)
    }

    /// The people like one who is to be stored.
    pub fn similar_people(
        &self,
        editor: &Editor,
        request: &SimilarRequest,
    ) -> Result<SimilarPeople, PeopleError> {
        let request = PersonRequest {
            name: request.name.clone(),
            phone: request.phone.clone(),
            desa: request.desa.clone(),
            ..empty_request(&request.desa)
        };
        let details = self.details_of(&request, None)?;
        let found = self.store().similar_people(&details, None, SIMILAR_MAX)?;
        let (mut near, mut elsewhere) = (Vec::new(), false);
        for person in found {
            let places = self.store().places_of_person(person.person)?;
            if editor.must_reach_any(&places).is_ok() { near.push(person) } else { elsewhere = true }
        }
        Ok(SimilarPeople { people: self.person_rows(editor, near)?, elsewhere })
    }

    /// The same change of many people.
    pub fn edit_people(&self, editor: &Editor, request: &BulkEditRequest) -> Result<ChangeView, PeopleError> {
        if request.people.is_empty() || request.people.len() > BULK_MAX {
            return Err(PeopleError::Unfit(format!("name 1 to {BULK_MAX} people")));
        }
        self.must_reach_all(editor, &request.people)?;
        let word = |text: &Option<String>, what| text_of(text.as_deref(), what, WORD_CHARS_MAX);
        let organisation = word(&request.organisation, "organisation")?;
        let field = word(&request.field, "field")?;
        let edit = |before: &PersonDetails| PersonDetails {
            organisation: changed(&request.organisation, &organisation, &before.organisation),
            field: changed(&request.field, &field, &before.field),
            position: request.position.unwrap_or(before.position),
            availability: request.availability.unwrap_or(before.availability),
            ..before.clone()
        };
        let change = ChangeId::new(self.environment())?;
        let count = self.store().edit_people(&request.people, change, &edit, self.audit_of(editor))?;
        Ok(ChangeView { change, changed: count.changed, left: count.left })
    }

    /// Takes a change back.
    pub fn undo_people_change(&self, editor: &Editor, change: ChangeId) -> Result<ChangeView, PeopleError> {
        let people = self.store().people_of_change(change, BULK_MAX + 1)?;
        if people.is_empty() {
            return Err(PeopleError::Unknown);
        }
        if people.len() > BULK_MAX {
            return Err(PeopleError::Unfit(String::from("an import cannot be taken back")));
        }
        self.must_reach_all(editor, &people)?;
        let new = ChangeId::new(self.environment())?;
        let count = self.store().undo_change(change, new, self.audit_of(editor))?;
        Ok(ChangeView { change: new, changed: count.changed, left: count.left })
    }

    /// What was changed of a person. Changes at stations outside of the editor's region are left out.
    pub fn person_history(&self, editor: &Editor, person: PersonId) -> Result<PersonHistory, PeopleError> {
        let changes = self.store().changes_of_person(person, HISTORY_MAX)?;
        let near = changes
            .into_iter()
            .filter(|change| change.station.as_ref().is_none_or(|station| editor.reaches_station(station)));
        Ok(PersonHistory { changes: near.map(change_view).collect() })
    }

    pub(super) fn must_reach_all(&self, editor: &Editor, people: &[PersonId]) -> Result<(), PeopleError> {
        if editor.region.is_none() {
            return Ok(());
        }
        people.iter().try_for_each(|person| {
            let places = self.store().places_of_person(*person)?;
            if places.is_empty() { Err(PeopleError::Unknown) } else { editor.must_reach_any(&places) }
        })
    }

    pub(super) fn audit_of<'a>(&self, editor: &'a Editor) -> AuditContext<'a> {
        AuditContext { actor: &editor.actor, now_ms: self.now_ms() }
    }

    fn rules(&self, keep_duplicate: bool) -> Result<PersonWriteRules, PeopleError> {
        Ok(PersonWriteRules { change: ChangeId::new(self.environment())?, keep_duplicate })
    }

    /// What a request says of a person, in the form in which it is stored.
    fn details_of(
        &self,
        request: &PersonRequest,
        before: Option<&PersonDetails>,
    ) -> Result<PersonDetails, PeopleError> {
        let unfit = |text: &str| PeopleError::Unfit(text.to_owned());
        let name = text_of(Some(&request.name), "name", NAME_CHARS_MAX)?;
        let name =
            name.filter(|name| !words_of(name).is_empty()).ok_or_else(|| unfit("a person has a name"))?;
        let number = |typed: String| {
            phone_number(&typed).ok_or_else(|| unfit("a telephone number has 8 to 15 digits"))
        };
        let phone = text_of(request.phone.as_deref(), "telephone number", WORD_CHARS_MAX)?;
        let nik_last4 = text_of(request.nik_last4.as_deref(), "NIK", WORD_CHARS_MAX)?;
        let is_last4 = |nik: &String| nik.len() == 4 && nik.bytes().all(|byte| byte.is_ascii_digit());
        if !nik_last4.as_ref().is_none_or(is_last4) {
            return Err(unfit("only the last four digits of the NIK are stored"));
        }
        if self.package().desas_in(Some(&request.desa)) != [request.desa.clone()] {
            return Err(unfit("the election has no such desa"));
        }
        let consented = before.and_then(|before| before.consent_at_ms).unwrap_or_else(|| self.now_ms());
        Ok(PersonDetails {
            name,
            phone: phone.map(number).transpose()?,
            organisation: text_of(request.organisation.as_deref(), "organisation", WORD_CHARS_MAX)?,
            field: text_of(request.field.as_deref(), "field", WORD_CHARS_MAX)?,
            position: request.position,
            availability: request.availability,
            desa: request.desa.clone(),
            nik_last4,
            note: text_of(request.note.as_deref(), "note", NOTE_CHARS_MAX)?,
            consent_at_ms: request.consent.then_some(consented),
        })
    }
}

fn empty_request(desa: &RegionCode) -> PersonRequest {
    PersonRequest {
        name: String::new(),
        phone: None,
        organisation: None,
        field: None,
        position: crate::model::person::Position::Volunteer,
        availability: crate::model::person::Availability::Unknown,
        desa: desa.clone(),
        nik_last4: None,
        note: None,
        consent: false,
        revision: None,
        keep_duplicate: false,
    }
}

/// What a field is after a change of many people.
fn changed(asked: &Option<String>, wanted: &Option<String>, before: &Option<String>) -> Option<String> {
    if asked.is_some() { wanted.clone() } else { before.clone() }
}

fn change_view(stored: StoredChange) -> PersonChange {
    let StoredChange { change, at_ms, actor, kind, station, fields, people, undone } = stored;
    let kind = kind_of(&kind);
    let fields: Vec<FieldChange> = fields
        .into_iter()
        .map(|one| FieldChange { field: one.field, before: one.before, after: one.after })
        .collect();
    let is_edit = matches!(kind, ChangeKind::Edit | ChangeKind::Undo);
    let undoable = is_edit && !undone && !fields.is_empty();
    PersonChange { change, at_ms, by: actor, kind, undoable, fields, station, people }
}

fn kind_of(word: &str) -> ChangeKind {
    match word {
        "create" => ChangeKind::Create,
        "import" => ChangeKind::Import,
        "undo" => ChangeKind::Undo,
        "assign" => ChangeKind::Assign,
        "move" => ChangeKind::Move,
        "update" => ChangeKind::Update,
        "end" => ChangeKind::End,
        "join" => ChangeKind::Join,
        "merge" => ChangeKind::Merge,
        "erase" => ChangeKind::Erase,
        _ => ChangeKind::Edit,
    }
}

/// A place in the list as text, which is opaque to clients.
fn cursor_text(cursor: &PeopleCursor) -> String {
    format!("{}{SEPARATOR}{}{SEPARATOR}{}", cursor.first, cursor.second, cursor.person)
}

/// Reads what [`cursor_text`] wrote.
pub(crate) fn people_cursor(text: &str) -> Option<PeopleCursor> {
    let mut parts = text.split(SEPARATOR).map(str::to_owned);
    let (first, second, person) = (parts.next()?, parts.next()?, parts.next()?);
    Some(PeopleCursor { first, second, person: person.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_text_and_back() {
        let cursor = PeopleCursor {
            first: String::from("52.71.05.1001"),
            second: String::from("siti rahmawati"),
            person: PersonId([7; 16]),
        };
        assert_eq!(people_cursor(&cursor_text(&cursor)), Some(cursor));
        for wrong in ["", "a~b", "a~b~c", "~~"] {
            assert_eq!(people_cursor(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_search_is_for_a_station_a_region_or_words() {
        let editor = Editor::operator();
        let of = |search: &str| {
            stored_query(&editor, &PeopleQuery { search: search.to_owned(), ..PeopleQuery::default() })
        };
        let (filter, range) = of("52.71.05.1001-003").unwrap();
        assert!(filter.station.is_some() && filter.words.is_empty());
        assert_eq!(range, StationRange::of_region(Some(&"52.71.05.1001".parse().unwrap())));
        let (filter, range) = of("52.71").unwrap();
        assert!(filter.words.is_empty());
        assert_eq!(range, StationRange::of_region(Some(&"52.71".parse().unwrap())));
        assert_eq!(of("' OR 1=1; --").unwrap().0.words, ["or", "1", "1"]);
        assert!(of("%").is_none());
    }
}
