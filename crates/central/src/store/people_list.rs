//! Lists of people: by region, by words, and by what they are and have.

use rusqlite::ToSql;
use tally::StationId;

use super::database::{self, Row, Sql, Transaction, sql};
use super::people::{StoredPerson, stored_person};
use super::{StationRange, Store, StoreError};
use crate::model::person::{Availability, PersonId, Position};

/// Which people a list has. An empty text and `None` let everybody through.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    /// Beginnings of words that the person has, all of them. At most three are looked for.
    pub words: Vec<String>,
    pub station: Option<StationId>,
    pub organisation: String,
    pub field: String,
    pub position: Option<Position>,
    pub availability: Option<Availability>,
    pub assigned: Option<bool>,
    /// Whether a present assignment has a device, has a letter, or is of a trained person.
    pub joined: Option<bool>,
    pub letter: Option<bool>,
    pub trained: Option<bool>,
    pub consent: Option<bool>,
}

/// A place in a list: the two texts of its order, and the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleCursor {
    pub first: String,
    pub second: String,
    pub person: PersonId,
}

impl PeopleCursor {
    /// The place before the first person.
    fn start() -> Self {
        Self { first: String::new(), second: String::new(), person: PersonId([0; 16]) }
    }
}

/// The conditions of a [`PeopleFilter`]: ?1 to ?10. -1 lets everybody through.
const ADMITTED: &str = " AND (?1 = '' OR p.organisation = ?1) AND (?2 = '' OR p.field = ?2)
    AND (?3 = '' OR p.position = ?3) AND (?4 = '' OR p.availability = ?4)
    AND (?5 = '' OR EXISTS (SELECT 1 FROM person_assignment s
        WHERE s.person = p.id AND s.station = ?5 AND s.ended_at_ms IS NULL))
    AND (?6 = -1 OR (EXISTS (SELECT 1 FROM person_assignment s
        WHERE s.person = p.id AND s.ended_at_ms IS NULL)) = (?6 = 1))
    AND (?7 = -1 OR EXISTS (SELECT 1 FROM person_assignment s WHERE s.person = p.id
        AND s.ended_at_ms IS NULL AND (s.joined_at_ms IS NOT NULL) = (?7 = 1)))
    AND (?8 = -1 OR EXISTS (SELECT 1 FROM person_assignment s WHERE s.person = p.id
        AND s.ended_at_ms IS NULL AND (s.letter_at_ms IS NOT NULL) = (?8 = 1)))
    AND (?9 = -1 OR EXISTS (SELECT 1 FROM person_assignment s WHERE s.person = p.id
        AND s.ended_at_ms IS NULL AND (s.trained_at_ms IS NOT NULL) = (?9 = 1)))
    AND (?10 = -1 OR (p.consent_at_ms IS NOT NULL) = (?10 = 1)) ";

const COLUMNS: &str = "SELECT p.id, p.revision, p.name, p.phone, p.organisation, p.field, p.position,
    p.availability, p.desa, p.nik_last4, p.note, p.consent_at_ms, p.created_at_ms, p.updated_at_ms,
    p.erased_at_ms, p.merged_into, ";

/// People in desa from ?11 and before ?12, behind the place (?13, ?14, ?15). Each is listed at their first
/// place within the range.
const BY_PLACE: &str = " FROM person_place l JOIN person p ON p.id = l.person
    WHERE l.place >= ?11 AND l.place < ?12 AND (l.place, l.name_key, l.person) > (?13, ?14, ?15)
    AND NOT EXISTS (SELECT 1 FROM person_place e
        WHERE e.person = l.person AND e.place >= ?11 AND e.place < l.place) ";
const PAGE_BY_PLACE: Sql = sql!(
    COLUMNS,
    "l.place AS first, l.name_key AS second",
    BY_PLACE,
    ADMITTED,
    "ORDER BY l.place, l.name_key, l.person LIMIT ?16"
);
const COUNT_BY_PLACE: Sql =
    sql!("SELECT count(*) AS total FROM (SELECT 1 AS found", BY_PLACE, ADMITTED, "LIMIT ?16) AS found");

/// The same for people with a word from ?17 and before ?18, one from ?19, and one from ?21. Each is listed at
/// the first such word.
const BY_WORD: &str = " FROM person_word l JOIN person p ON p.id = l.person
    WHERE l.word >= ?17 AND l.word < ?18 AND l.place >= ?11 AND l.place < ?12
    AND (l.word, l.place, l.person) > (?13, ?14, ?15)
    AND NOT EXISTS (SELECT 1 FROM person_word e WHERE e.person = l.person AND e.word >= ?17
        AND e.word <= l.word AND e.place >= ?11 AND e.place < ?12 AND (e.word, e.place) < (l.word, l.place))
    AND (?19 = '' OR EXISTS (SELECT 1 FROM person_word o
        WHERE o.person = l.person AND o.word >= ?19 AND o.word < ?20))
    AND (?21 = '' OR EXISTS (SELECT 1 FROM person_word o
        WHERE o.person = l.person AND o.word >= ?21 AND o.word < ?22)) ";
const PAGE_BY_WORD: Sql = sql!(
    COLUMNS,
    "l.word AS first, l.place AS second",
    BY_WORD,
    ADMITTED,
    "ORDER BY l.word, l.place, l.person LIMIT ?16"
);
const COUNT_BY_WORD: Sql =
    sql!("SELECT count(*) AS total FROM (SELECT 1 AS found", BY_WORD, ADMITTED, "LIMIT ?16) AS found");

/// How many people a word finds, counted up to a bound.
const COMMON: Sql = sql!(
    "SELECT count(*) AS total FROM (SELECT 1 AS found FROM person_word
     WHERE word >= ?1 AND word < ?2 AND place >= ?3 AND place < ?4 LIMIT ?5) AS found"
);
/// The bound from which on words are equally common.
const COMMON_MAX: i64 = 2_000;

/// The values of all parameters of a query.
struct Params {
    texts: [String; 5],
    flags: [i64; 5],
    range: StationRange,
    after: PeopleCursor,
    most: i64,
    /// Beginning and end of the ranges of up to three words.
    words: [(String, String); 3],
    by_word: bool,
}

impl Params {
    fn new(filter: &PeopleFilter, range: &StationRange, after: Option<&PeopleCursor>, most: usize) -> Self {
        let flag = |wanted: Option<bool>| wanted.map_or(-1, i64::from);
        let mut words = filter.words.iter().map(|word| (word.clone(), end_of(word)));
        let mut word = || words.next().unwrap_or_default();
        Self {
            texts: [
                filter.organisation.clone(),
                filter.field.clone(),
                filter.position.map(Position::word).unwrap_or_default().to_owned(),
                filter.availability.map(Availability::word).unwrap_or_default().to_owned(),
                filter.station.as_ref().map(StationId::to_string).unwrap_or_default(),
            ],
            flags: [filter.assigned, filter.joined, filter.letter, filter.trained, filter.consent].map(flag),
            range: range.clone(),
            after: after.cloned().unwrap_or_else(PeopleCursor::start),
            most: i64::try_from(most).unwrap_or(i64::MAX),
            words: [word(), word(), word()],
            by_word: !filter.words.is_empty(),
        }
    }

    fn values(&self) -> Vec<&dyn ToSql> {
        let texts = self.texts.iter().map(|text| text as &dyn ToSql);
        let flags = self.flags.iter().map(|flag| flag as &dyn ToSql);
        let PeopleCursor { first, second, person } = &self.after;
        let place: [&dyn ToSql; 6] =
            [&self.range.from, &self.range.until, first, second, &person.0, &self.most];
        let words = self.words.iter().flat_map(|(from, until)| [from as &dyn ToSql, until]);
        let words = words.filter(|_| self.by_word);
        texts.chain(flags).chain(place).chain(words).collect()
    }
}

impl Store {
    /// People in a range of desa, at most `most`, in order, behind `after`: by desa and name or, with
    /// words, by the word that was found and desa.
    pub fn people(
        &self,
        filter: &PeopleFilter,
        desas: &StationRange,
        after: Option<&PeopleCursor>,
        most: usize,
    ) -> Result<Vec<(StoredPerson, PeopleCursor)>, StoreError> {
        let params = Params::new(filter, desas, after, most);
        let query = if params.by_word { PAGE_BY_WORD } else { PAGE_BY_PLACE };
        self.query("read people", |transaction: &Transaction<'_>| {
            transaction.rows(query, &params.values(), |row| Ok((stored_person(row)?, cursor(row)?)))
        })
    }

    /// The words, with those first that find the fewest people: the list walks through the people of the
    /// first.
    pub fn rarest_first(&self, words: Vec<String>, desas: &StationRange) -> Result<Vec<String>, StoreError> {
        if words.len() < 2 {
            return Ok(words);
        }
        let ends: Vec<(&String, String)> = words.iter().map(|word| (word, end_of(word))).collect();
        let counts: Vec<Option<i64>> = self.read("count the people of words", |transaction| {
            transaction.row_each(
                COMMON,
                &ends,
                |(word, end)| [*word as _, end as _, &desas.from as _, &desas.until as _, &COMMON_MAX as _],
                |row| row.get("total"),
            )
        })?;
        let mut counted: Vec<(Option<i64>, String)> = counts.into_iter().zip(words).collect();
        counted.sort_by_key(|(count, _)| *count);
        Ok(counted.into_iter().map(|(_, word)| word).collect())
    }

    /// The number of such people, counted up to `most`.
    pub fn people_count(
        &self,
        filter: &PeopleFilter,
        desas: &StationRange,
        most: usize,
    ) -> Result<u32, StoreError> {
        let params = Params::new(filter, desas, None, most);
        let query = if params.by_word { COUNT_BY_WORD } else { COUNT_BY_PLACE };
        let count: Option<u32> = self.query("count people", |transaction: &Transaction<'_>| {
            transaction.row(query, &params.values(), |row| row.get("total"))
        })?;
        Ok(count.unwrap_or(0))
    }
}

/// Comes after all words that begin with this one.
fn end_of(word: &str) -> String {
    format!("{word}{}", char::MAX)
}

fn cursor(row: &Row<'_>) -> database::Result<PeopleCursor> {
    Ok(PeopleCursor {
        first: row.get("first")?,
        second: row.get("second")?,
        person: PersonId(row.get("id")?),
    })
}
