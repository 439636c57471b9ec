//! Importing official results: a file is uploaded, its columns are chosen, it is checked, and it is stored,
//! whole or not at all.

use protocol::{Problem, ProblemCode};
use sha2::{Digest as _, Sha256};
use spreadsheet::{Fault, FaultCode};
use tally::{Choice, Contest, RegionCode};

use super::table::{self, Purpose, Reading};
use crate::endpoint::Endpoint;
use crate::model::official::{OfficialFigures, OfficialState};
use crate::model::person::ImportId;
use crate::refusal::Refusal;
use crate::store::{
    Actor, AuditContext, ChangedFigure, NewOfficialImport, OfficialChange, OfficialImport, OfficialResults,
    OfficialStart, StationRange,
};
use crate::view::{
    OfficialChangeRow, OfficialChanges, OfficialCheck, OfficialFileView, OfficialImportRequest,
    OfficialImportView, is_invisible,
};

/// Characters of a file's name that are kept.
const NAME_CHARS: usize = 120;
/// Changes on a page.
const CHANGES_MAX: usize = 200;

/// A file that a user uploads.
pub(crate) struct Upload<'a> {
    pub(crate) contest: &'a Contest,
    /// The user's region.
    pub(crate) region: Option<&'a RegionCode>,
    pub(crate) name: &'a str,
    pub(crate) content: Vec<u8>,
}

impl Endpoint {
    /// Keeps a file of official results, if it is a table without data of persons.
    pub(crate) fn upload_official(
        &self,
        upload: Upload<'_>,
        actor: &Actor,
    ) -> Result<OfficialImportView, Refusal> {
        let Upload { contest, region, name, content } = upload;
        let purpose = Purpose { election: self.election(), contest, region };
        let looked = table::look(content.clone(), &purpose, None).map_err(|fault| unreadable(&fault))?;
        let made_by = actor.to_string();
        let remembered = self.remembered(contest, &made_by, &content, &purpose)?;
        let file_view = remembered.unwrap_or(looked);
        let id =
            ImportId::new(self.environment()).map_err(|error| Refusal::internal("making an id", &error))?;
        let new = NewOfficialImport {
            id,
            contest: &contest.id,
            region,
            file: &file_name(name),
            sha256: Sha256::digest(&content).into(),
            content: &content,
            request: &json(&file_view.suggested)?,
        };
        self.store().add_official_import(&new, AuditContext { actor, now_ms: self.now_ms() })?;
        let import = self.store().official_import(id)?.ok_or_else(unknown)?;
        Ok(OfficialImportView { file_view: Some(file_view), ..self.official_import_view(&import)? })
    }

    /// What the file looks like with the mapping of the user's last import, if it fits.
    fn remembered(
        &self,
        contest: &Contest,
        made_by: &str,
        content: &[u8],
        purpose: &Purpose<'_>,
    ) -> Result<Option<OfficialFileView>, Refusal> {
        let Some(last) = self.store().last_official_request(&contest.id, made_by)? else { return Ok(None) };
        let Ok(last) = serde_json::from_str::<OfficialImportRequest>(&last) else { return Ok(None) };
        let view = table::look(content.to_vec(), purpose, Some(&last)).ok();
        let fits =
            |view: &OfficialFileView| last.columns.columns.values().all(|name| view.headers.contains(name));
        Ok(view.filter(fits))
    }

    /// An import as the console shows it, without its file.
    pub(crate) fn official_import_view(
        &self,
        import: &OfficialImport,
    ) -> Result<OfficialImportView, Refusal> {
        let progress = self.import_progress().of(import.id);
        let check = (!import.result.is_empty()).then(|| parsed(&import.result)).transpose()?;
        Ok(OfficialImportView {
            import: import.id,
            contest: import.contest.clone(),
            file: import.file.clone(),
            bytes: import.bytes,
            sha256: evidence::to_hex(&import.sha256),
            by: import.made_by.clone(),
            at_ms: import.at_ms,
            state: import.state,
            version: import.version.filter(|_| import.state == OfficialState::Stored),
            stored_at_ms: import.stored_at_ms,
            request: parsed(&import.request)?,
            done: progress.done,
            of: progress.of,
            check,
            file_view: None,
        })
    }

    /// An import with what its file looks like. `chosen` is another layout than the stored one.
    pub(crate) fn official_import_with_file(
        &self,
        import: &OfficialImport,
        chosen: Option<OfficialImportRequest>,
    ) -> Result<OfficialImportView, Refusal> {
        let view = self.official_import_view(import)?;
        if !matches!(import.state, OfficialState::Uploaded | OfficialState::Checked) {
            return Ok(view);
        }
        let contest = self.contest_of(import)?;
        let purpose = Purpose { election: self.election(), contest, region: import.region.as_ref() };
        let content = self.store().official_content(import.id)?.unwrap_or_default();
        let chosen = chosen.unwrap_or_else(|| view.request.clone());
        let file_view = table::look(content, &purpose, Some(&chosen)).map_err(|fault| unreadable(&fault))?;
        Ok(OfficialImportView { file_view: Some(file_view), ..view })
    }

    fn contest_of(&self, import: &OfficialImport) -> Result<&Contest, Refusal> {
        let unknown = || Problem::new(ProblemCode::ContestUnknown, format!("contest {}", import.contest));
        Ok(self.election().contest(&import.contest).ok_or_else(unknown)?)
    }

    /// Starts to read the file as the request says. [`Self::check_official`] does the work.
    pub(crate) fn begin_official_check(
        &self,
        import: &OfficialImport,
        request: &OfficialImportRequest,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        use OfficialState::{Checked, Checking, Uploaded};
        let request = json(request)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        // A check that was interrupted may begin again.
        let from = [Uploaded, Checking, Checked];
        let moved =
            self.store().move_official_import(import.id, &from, Checking, Some((&request, "")), audit)?;
        if moved { Ok(()) } else { Err(wrong_state()) }
    }

    /// Reads the file and records what an import of it would change.
    pub(crate) fn check_official(&self, id: ImportId, actor: &Actor) -> Result<(), Refusal> {
        let checked = self.read_official(id).map(|(check, _)| check);
        self.import_progress().end(id);
        let check = match checked {
            Ok(check) => check,
            // The file stays, and the user may try again.
            Err(refusal) => {
                let audit = AuditContext { actor, now_ms: self.now_ms() };
                let from = [OfficialState::Checking];
                self.store().move_official_import(id, &from, OfficialState::Uploaded, None, audit)?;
                return Err(refusal);
            }
        };
        let import = self.store().official_import(id)?.ok_or_else(unknown)?;
        let result = json(&check)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let from = [OfficialState::Checking];
        let texts = Some((import.request.as_str(), result.as_str()));
        self.store().move_official_import(id, &from, OfficialState::Checked, texts, audit)?;
        Ok(())
    }

    /// What a file says, and what it changes.
    fn read_official(&self, id: ImportId) -> Result<(OfficialCheck, Vec<OfficialChange>), Refusal> {
        let import = self.store().official_import(id)?.ok_or_else(unknown)?;
        let contest = self.contest_of(&import)?;
        let request: OfficialImportRequest = parsed(&import.request)?;
        let content = self.store().official_content(id)?.unwrap_or_default();
        let purpose = Purpose { election: self.election(), contest, region: import.region.as_ref() };
        let progress = |rows: u32| self.import_progress().tell(id, rows as usize, 0);
        let reading = match table::read(content, &purpose, &request, progress) {
            Ok(reading) => reading,
            Err(fault) => Reading { faults: vec![fault], faults_total: 1, ..Reading::default() },
        };
        let range = StationRange::of_region(import.region.as_ref());
        let current = self.store().official_results(&contest.id, &range, None)?;
        Ok(changes_of(reading, &current))
    }

    /// Starts to store a checked import. [`Self::store_official`] does the work under the version.
    pub(crate) fn begin_official_store(&self, import: &OfficialImport) -> Result<i64, Refusal> {
        let check: Option<OfficialCheck> = serde_json::from_str(&import.result).ok();
        if check.is_some_and(|check| check.faults_total > 0) {
            return Err(Problem::new(ProblemCode::ImportFaulty, "the file has faults").into());
        }
        match self.store().start_official_version(import.id, self.now_ms())? {
            OfficialStart::Started(version) => Ok(version),
            OfficialStart::WrongState => Err(wrong_state()),
            OfficialStart::OtherImport => {
                let detail = "another import of this contest is being stored";
                Err(Problem::new(ProblemCode::ImportStateWrong, detail).into())
            }
        }
    }

    /// Stores the figures of an import. They count from the moment when all are there.
    pub(crate) fn store_official(&self, id: ImportId, version: i64, actor: &Actor) -> Result<(), Refusal> {
        let stored = self.try_store_official(id, version, actor);
        self.import_progress().end(id);
        if stored.is_err() {
            self.store().drop_official_version(id, version)?;
        }
        stored
    }

    fn try_store_official(&self, id: ImportId, version: i64, actor: &Actor) -> Result<(), Refusal> {
        // Read again: what was current at the time of the check may have changed.
        let (check, changes) = self.read_official(id)?;
        if check.faults_total > 0 {
            return Err(Problem::new(ProblemCode::ImportFaulty, "the file has faults").into());
        }
        let import = self.store().official_import(id)?.ok_or_else(unknown)?;
        let written = |done: usize| self.import_progress().tell(id, done, changes.len());
        self.store().add_official_figures(&import.contest, version, &changes, written)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let finished = self.store().finish_official_version(id, version, &json(&check)?, audit)?;
        if finished { Ok(()) } else { Err(wrong_state()) }
    }

    /// Gives up an import that does not count yet.
    pub(crate) fn discard_official(&self, import: &OfficialImport, actor: &Actor) -> Result<(), Refusal> {
        use OfficialState::{Checked, Checking, Discarded, Uploaded};
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let from = [Uploaded, Checking, Checked];
        let moved = self.store().move_official_import(import.id, &from, Discarded, None, audit)?;
        if moved { Ok(()) } else { Err(wrong_state()) }
    }

    /// What an import that counts changed in a region.
    pub(crate) fn official_changes_view(
        &self,
        import: &OfficialImport,
        region: Option<&RegionCode>,
        after: &str,
    ) -> Result<OfficialChanges, Refusal> {
        let stored = import.version.filter(|_| import.state == OfficialState::Stored);
        let version = stored.ok_or_else(wrong_state)?;
        let range = StationRange::of_region(region);
        let store = self.store();
        let mut found = store.official_changes(&import.contest, version, &range, after, CHANGES_MAX + 1)?;
        let more = found.len() > CHANGES_MAX;
        found.truncate(CHANGES_MAX);
        let next = found.last().filter(|_| more).map(|last| last.unit.to_string());
        let row = |change: ChangedFigure| OfficialChangeRow {
            name: self.package().region_name(change.unit.region()),
            unit: change.unit,
            rung: change.rung,
            before: change.before,
            after: change.after,
        };
        let changes = found.into_iter().map(row).collect();
        Ok(OfficialChanges { import: self.official_import_view(import)?, changes, next })
    }
}

/// What a reading would change. A unit that the file does not name stays as it is; one that it names without
/// a reading loses an earlier one.
fn changes_of(reading: Reading, current: &OfficialResults) -> (OfficialCheck, Vec<OfficialChange>) {
    let Reading { stated, rows, left_out, faults, faults_total } = reading;
    let mut check = OfficialCheck { rows, left_out, faults, faults_total, ..OfficialCheck::default() };
    let mut changes = Vec::new();
    for ((rung, unit), stated) in stated {
        let key = (rung, unit);
        let before = current.get(&key);
        if stated.figures.is_no_reading() {
            check.no_reading += 1;
            if before.is_some() {
                check.withdrawn += 1;
                changes.push((key.0, key.1, None));
            }
            continue;
        }
        *check.units.entry(rung).or_default() += 1;
        check.sums_differ += u32::from(!adds_up(&stated.figures));
        match before {
            Some(before) if *before == stated.figures => continue,
            Some(_) => check.changed += 1,
            None => check.added += 1,
        }
        changes.push((key.0, key.1, Some(stated.figures)));
    }
    (check, changes)
}

/// Whether the valid votes are the sum of the candidates' or of the lists'.
fn adds_up(figures: &OfficialFigures) -> bool {
    let is_part = |choice: &Choice| matches!(choice, Choice::Candidate(_) | Choice::List(_));
    let parts = figures.votes.iter().filter(|(choice, _)| is_part(choice));
    let sum: u64 = parts.map(|(_, votes)| u64::from(*votes)).sum();
    figures.valid.is_none_or(|valid| u64::from(valid) == sum)
}

fn json(value: &impl serde::Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|error| Refusal::internal("writing JSON", &error))
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::internal("reading JSON of the store", &error))
}

/// The name of a file as people see it, without folders and invisible letters.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last.chars().filter(|letter| !is_invisible(*letter));
    visible.take(NAME_CHARS).collect()
}

/// The refusal of a file. The detail is the fault as JSON, for the screens.
pub(crate) fn unreadable(fault: &Fault) -> Refusal {
    let detail = serde_json::to_string(fault).unwrap_or_else(|_| fault.to_string());
    let code = if fault.code == FaultCode::TooManyBytes {
        ProblemCode::BodyTooLong
    } else {
        ProblemCode::ImportUnreadable
    };
    Problem::new(code, detail).into()
}

fn unknown() -> Refusal {
    Problem::new(ProblemCode::NotFound, "there is no such import").into()
}

fn wrong_state() -> Refusal {
    Problem::new(ProblemCode::ImportStateWrong, "the import is at another step").into()
}
