//! Importing people: upload, check, and store all rows or none.

use std::collections::{BTreeMap, BTreeSet};

use spreadsheet::{Header, Limits, Mapping, Spreadsheet};
use tally::StationId;

use super::editor::{Editor, PeopleError};
use super::import_rows::{HEADERS, PersonDraft, Reading, RowReader};
use super::person_privacy::merged;
use super::person_rows::text_of;
use crate::endpoint::Endpoint;
use crate::model::count::u32_of;
use crate::model::person::{AssignmentId, ImportId, Participant, PersonId};
use crate::model::person_details::{PersonDetails, WORD_CHARS_MAX};
use crate::store::{ImportRow, OnKnown, StoreImportError, StoredImport};
use crate::view::{
    ImportCheck, ImportDuplicate, ImportFault, ImportFaultReason, ImportRequest, ImportState, OnDuplicate,
    PeopleImport, PeopleImports, PersonColumn, SameAs, is_invisible,
};

/// Maximum number of rows of a spreadsheet, the header included.
const ROWS_MAX: u32 = 200_001;
/// Rows among which the header is looked for, and those that are shown.
const FIRST_ROWS: usize = 40;
const PREVIEW_ROWS: usize = 10;
/// Maximum number of columns that are shown and mapped.
const COLUMNS_MAX: usize = 100;
/// Maximum number of duplicates that are listed.
const DUPLICATES_MAX: usize = 200;
/// Maximum number of imports in a list, and of the newest ones among which it looks.
const IMPORTS_MAX: usize = 50;
const IMPORTS_READ: usize = 500;
/// Maximum length of the name of a file, in characters.
const FILE_CHARS_MAX: usize = 120;
/// Number of people that are looked up together.
const LOOKUP_BATCH: usize = 1_000;
/// Maximum number of mandated witnesses of a participant at a station.
const MANDATES_MAX: usize = 2;

/// What a spreadsheet looks like.
struct Looked {
    headers: Vec<String>,
    columns: Vec<Option<PersonColumn>>,
    preview: Vec<Vec<String>>,
    rows: u32,
}

impl Endpoint {
    /// Keeps a spreadsheet of people until it is stored or discarded.
    pub fn upload_people(
        &self,
        editor: &Editor,
        file: &str,
        bytes: Vec<u8>,
    ) -> Result<PeopleImport, PeopleError> {
        let looked = self.look(editor, bytes.clone())?;
        let shown: String =
            file.chars().filter(|letter| !is_invisible(*letter)).take(FILE_CHARS_MAX).collect();
        let import = StoredImport {
            import: ImportId::new(self.environment())?,
            file: shown,
            actor: editor.actor.to_string(),
            region: editor.region.clone(),
            at_ms: self.now_ms(),
            state: String::from("uploaded"),
            rows: looked.rows,
            done: 0,
            failure: None,
        };
        self.store().add_import(&import, &bytes, self.audit_of(editor))?;
        Ok(self.import_view(import, Some(looked)))
    }

    fn look(&self, editor: &Editor, bytes: Vec<u8>) -> Result<Looked, PeopleError> {
        let mut file = open(bytes)?;
        let header = header_of(&mut file)?;
        let (mut preview, mut rows) = (Vec::new(), 0);
        for row in file.rows(0).map_err(unreadable)? {
            let row = row.map_err(unreadable)?;
            if row.number <= header.row || row.is_empty() {
                continue;
            }
            rows += 1;
            if preview.len() < PREVIEW_ROWS {
                let texts = (0..header.names.len()).map(|column| row.get(column).text().into_owned());
                preview.push(texts.collect());
            }
        }
        let remembered = self.store().import_columns(&editor.actor.to_string())?;
        let remembered = remembered.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(Looked { columns: columns_of(&header, &remembered), headers: header.names, preview, rows })
    }

    /// An import with its file, as long as that is kept.
    pub fn people_import(&self, editor: &Editor, import: ImportId) -> Result<PeopleImport, PeopleError> {
        let found = self.reached_import(editor, import)?;
        let bytes = match found.state.as_str() {
            "uploaded" | "failed" => self.store().import_bytes(import)?,
            _ => None,
        };
        let looked = bytes.map(|bytes| self.look(editor, bytes)).transpose()?;
        Ok(self.import_view(found, looked))
    }

    /// The newest imports that the editor reaches, without their files.
    pub fn people_imports(&self, editor: &Editor) -> Result<PeopleImports, PeopleError> {
        let found = self.store().imports(IMPORTS_READ, self.now_ms())?;
        let near = found.into_iter().filter(|import| reaches(editor, import)).take(IMPORTS_MAX);
        Ok(PeopleImports { imports: near.map(|import| self.import_view(import, None)).collect() })
    }

    /// What an import would do.
    pub fn check_people(
        &self,
        editor: &Editor,
        import: ImportId,
        request: &ImportRequest,
    ) -> Result<ImportCheck, PeopleError> {
        self.reached_import(editor, import)?;
        let mut reading = self.reading(editor, import, request)?;
        self.check_mandates(&mut reading)?;
        let (duplicates, duplicates_total) = self.duplicates(editor, &reading.drafts)?;
        Ok(ImportCheck {
            sound: u32_of(reading.drafts.len()),
            faults_total: reading.faults_total,
            faults: reading.faults,
            duplicates_total,
            duplicates,
        })
    }

    fn reading(
        &self,
        editor: &Editor,
        import: ImportId,
        request: &ImportRequest,
    ) -> Result<Reading, PeopleError> {
        let gone = || PeopleError::ImportStateWrong(String::from("stored or discarded"));
        let bytes = self.store().import_bytes(import)?.ok_or_else(gone)?;
        self.must_have_participant(request.participant.as_ref())?;
        if request.decisions.len() > DUPLICATES_MAX {
            return Err(PeopleError::Unfit(format!("decide on at most {DUPLICATES_MAX} rows")));
        }
        let organisation = text_of(request.organisation.as_deref(), "organisation", WORD_CHARS_MAX)?;
        let request = ImportRequest { organisation, ..request.clone() };
        let mut file = open(bytes)?;
        let header = header_of(&mut file)?;
        let mut reader = RowReader::new(
            self.election(),
            self.participants(),
            editor,
            &request,
            &header.names,
            self.now_ms(),
        );
        for row in file.rows(0).map_err(unreadable)? {
            let row = row.map_err(unreadable)?;
            if row.number > header.row {
                reader.read(&row);
            }
        }
        Ok(reader.finish())
    }

    /// Notes the rows whose participant has two mandated witnesses at the station without them.
    fn check_mandates(&self, reading: &mut Reading) -> Result<(), PeopleError> {
        let mut wanted: BTreeMap<(StationId, Participant), Vec<u32>> = BTreeMap::new();
        for draft in &reading.drafts {
            if let (Some(station), Some(participant)) = (&draft.station, &draft.participant) {
                wanted.entry((station.clone(), participant.clone())).or_default().push(draft.row);
            }
        }
        let pairs: Vec<(StationId, Participant)> = wanted.keys().cloned().collect();
        let mut full = BTreeSet::new();
        for (rows, free) in wanted.into_values().zip(self.store().free_mandates(&pairs)?) {
            full.extend(rows.into_iter().skip(free.min(MANDATES_MAX)));
        }
        reading.drafts.retain(|draft| !full.contains(&draft.row));
        for row in full {
            reading.faults_total += 1;
            reading.faults.push(fault_of_row(row, ImportFaultReason::MandateFull));
        }
        Ok(())
    }

    /// The rows that are like a stored person or an earlier row, the first of them, and how many there are.
    fn duplicates(
        &self,
        editor: &Editor,
        drafts: &[PersonDraft],
    ) -> Result<(Vec<ImportDuplicate>, u32), PeopleError> {
        let (mut listed, mut total) = (Vec::new(), 0);
        let (mut phones, mut names) = (BTreeMap::new(), BTreeMap::new());
        for some in drafts.chunks(LOOKUP_BATCH) {
            let details: Vec<&PersonDetails> = some.iter().map(|draft| &draft.details).collect();
            let stored = self.store().known_people(&details)?;
            for (draft, stored) in some.iter().zip(stored) {
                let key = (draft.details.desa.clone(), draft.details.name_key());
                let by_phone = draft.details.phone.as_ref().and_then(|phone| phones.get(phone)).copied();
                let earlier_row = by_phone.or_else(|| names.get(&key).copied());
                if let Some(phone) = &draft.details.phone {
                    phones.entry(phone.clone()).or_insert(draft.row);
                }
                names.entry(key).or_insert(draft.row);
                if earlier_row.is_none() && stored.is_none() {
                    continue;
                }
                total += 1;
                if listed.len() < DUPLICATES_MAX {
                    listed.push(self.duplicate(editor, draft, stored, earlier_row)?);
                }
            }
        }
        Ok((listed, total))
    }

    fn duplicate(
        &self,
        editor: &Editor,
        draft: &PersonDraft,
        stored: Option<PersonId>,
        earlier_row: Option<u32>,
    ) -> Result<ImportDuplicate, PeopleError> {
        let known = stored.map(|person| self.store().person(person)).transpose()?.flatten();
        let is_name = known
            .as_ref()
            .is_some_and(|known| known.details.phone.is_none() || known.details.phone != draft.details.phone);
        let reached = match stored {
            Some(person) => editor.must_reach_any(&self.store().places_of_person(person)?).is_ok(),
            None => false,
        };
        Ok(ImportDuplicate {
            row: draft.row,
            name: draft.details.name.clone(),
            phone: draft.details.phone.clone(),
            station: draft.station.clone(),
            same: if is_name { SameAs::NameInDesa } else { SameAs::Phone },
            earlier_row,
            person: stored.filter(|_| reached),
        })
    }

    /// Begins to store an import. [`Self::store_people`] goes on if the second value is true. Asking again
    /// while it is stored, or after, begins nothing.
    pub fn begin_people_import(
        &self,
        editor: &Editor,
        import: ImportId,
        request: &ImportRequest,
    ) -> Result<(PeopleImport, bool), PeopleError> {
        let found = self.reached_import(editor, import)?;
        if matches!(found.state.as_str(), "storing" | "stored") {
            return Ok((self.import_view(found, None), false));
        }
        let check = self.check_people(editor, import, request)?;
        if check.faults_total > 0 {
            return Err(PeopleError::ImportFaulty(check.faults_total));
        }
        let bytes = self.store().import_bytes(import)?.unwrap_or_default();
        let header = header_of(&mut open(bytes)?)?;
        let columns: BTreeMap<&String, PersonColumn> = header
            .names
            .iter()
            .zip(&request.columns)
            .filter_map(|(name, column)| column.map(|column| (name, column)))
            .collect();
        let columns = serde_json::to_string(&columns).unwrap_or_default();
        if !self.store().begin_import(import, &columns, self.audit_of(editor))? {
            return Err(PeopleError::ImportStateWrong(found.state));
        }
        Ok((self.people_import(editor, import)?, true))
    }

    /// Stores all rows of an import that has begun, or none. The outcome is in its state.
    pub fn store_people(
        &self,
        editor: &Editor,
        import: ImportId,
        request: &ImportRequest,
    ) -> Result<(), PeopleError> {
        let outcome = self.store_rows(editor, import, request);
        self.import_progress().end(import);
        if let Err(error) = &outcome {
            self.store().end_import(import, Some(&error.to_string()), self.audit_of(editor))?;
        }
        outcome
    }

    fn store_rows(
        &self,
        editor: &Editor,
        import: ImportId,
        request: &ImportRequest,
    ) -> Result<(), PeopleError> {
        let reading = self.reading(editor, import, request)?;
        if reading.faults_total > 0 {
            return Err(PeopleError::ImportFaulty(reading.faults_total));
        }
        let total = reading.drafts.len();
        let rows = reading.drafts.into_iter().map(|draft| {
            let decided = request.decisions.iter().find(|decision| decision.row == draft.row);
            let on_known = on_known(decided.map_or(request.duplicates, |decision| decision.duplicates));
            self.import_row(draft, on_known)
        });
        let rows = rows.collect::<Result<Vec<_>, PeopleError>>()?;
        let progress = |done: usize| self.import_progress().tell(import, done, total);
        let stored = self.store().store_import(import, &rows, &merged, &progress, self.audit_of(editor));
        match stored {
            Ok(_) => Ok(()),
            Err(StoreImportError::MandateFull(..)) => Err(PeopleError::MandateFull),
            Err(StoreImportError::Store(error)) => Err(error.into()),
        }
    }

    fn import_row(&self, draft: PersonDraft, on_known: OnKnown) -> Result<ImportRow, PeopleError> {
        Ok(ImportRow {
            person: PersonId::new(self.environment())?,
            assignment: AssignmentId::new(self.environment())?,
            details: draft.details,
            station: draft.station,
            shift: draft.shift,
            participant: draft.participant,
            letter: draft.letter,
            on_known,
        })
    }

    /// Drops an uploaded file.
    pub fn discard_people(&self, editor: &Editor, import: ImportId) -> Result<PeopleImport, PeopleError> {
        let found = self.reached_import(editor, import)?;
        if !self.store().end_import(import, None, self.audit_of(editor))? {
            return Err(PeopleError::ImportStateWrong(found.state));
        }
        self.people_import(editor, import)
    }

    fn reached_import(&self, editor: &Editor, import: ImportId) -> Result<StoredImport, PeopleError> {
        let found = self.store().import(import, self.now_ms())?.ok_or(PeopleError::Unknown)?;
        if reaches(editor, &found) { Ok(found) } else { Err(PeopleError::OutsideRegion) }
    }

    fn import_view(&self, stored: StoredImport, looked: Option<Looked>) -> PeopleImport {
        let state = state_of(&stored.state);
        let looked = looked.unwrap_or(Looked {
            headers: Vec::new(),
            columns: Vec::new(),
            preview: Vec::new(),
            rows: 0,
        });
        let done = match state {
            ImportState::Storing => self.import_progress().of(stored.import).done,
            _ => stored.done,
        };
        PeopleImport {
            import: stored.import,
            file: stored.file,
            by: stored.actor,
            at_ms: stored.at_ms,
            state,
            headers: looked.headers,
            columns: looked.columns,
            preview: looked.preview,
            rows: stored.rows,
            done,
            failure: stored.failure,
        }
    }
}

fn open(bytes: Vec<u8>) -> Result<Spreadsheet, PeopleError> {
    Spreadsheet::open(bytes, Limits::with_rows(ROWS_MAX)).map_err(unreadable)
}

fn unreadable(fault: spreadsheet::Fault) -> PeopleError {
    PeopleError::ImportUnreadable(fault.to_string())
}

fn header_of(file: &mut Spreadsheet) -> Result<Header, PeopleError> {
    let rows = file.first_rows(0, FIRST_ROWS).map_err(unreadable)?;
    let missing = || PeopleError::ImportUnreadable(String::from("it has no header"));
    let mut header = Header::find(&rows, HEADERS).ok_or_else(missing)?;
    header.names.truncate(COLUMNS_MAX);
    Ok(header)
}

/// What each column means: as it did the last time or, where no header of then is here, as it suggests.
fn columns_of(header: &Header, remembered: &BTreeMap<String, PersonColumn>) -> Vec<Option<PersonColumn>> {
    let known: Vec<_> = header.names.iter().map(|name| remembered.get(name).copied()).collect();
    if known.iter().flatten().count() > 1 {
        return known;
    }
    let guess = Mapping::guess(header, HEADERS);
    let of = |name: &String| {
        let (field, _) = guess.columns.iter().find(|(_, column)| *column == name)?;
        serde_json::from_value(serde_json::Value::String(field.clone())).ok()
    };
    header.names.iter().map(of).collect()
}

/// An import of the whole election is for those who reach it.
fn reaches(editor: &Editor, import: &StoredImport) -> bool {
    match &import.region {
        Some(region) => editor.reaches(region),
        None => editor.region.is_none(),
    }
}

fn on_known(choice: OnDuplicate) -> OnKnown {
    match choice {
        OnDuplicate::Merge => OnKnown::Merge,
        OnDuplicate::Keep => OnKnown::Keep,
        OnDuplicate::Skip => OnKnown::Skip,
    }
}

fn fault_of_row(row: u32, reason: ImportFaultReason) -> ImportFault {
    ImportFault { row, column: String::new(), letters: String::new(), text: String::new(), reason }
}

fn state_of(word: &str) -> ImportState {
    match word {
        "uploaded" => ImportState::Uploaded,
        "storing" => ImportState::Storing,
        "stored" => ImportState::Stored,
        "discarded" => ImportState::Discarded,
        _ => ImportState::Failed,
    }
}
