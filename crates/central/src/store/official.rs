//! Official results: imports with their files, and the figures, of which every version stays.

use std::collections::BTreeMap;

use rusqlite::params;
use tally::{ContestId, RegionCode};

use super::database::{self, Insert, OnConflict, Row, Transaction, json_of, sql, unreadable};
use super::{AuditContext, StationRange, Store, StoreError, audit};
use crate::model::official::{OfficialFigures, OfficialState, Rung, Unit};
use crate::model::person::ImportId;

/// Number of figures that are written in one transaction. Other writers of an SQLite file wait for it.
const BATCH: usize = 1_000;
/// Maximum number of imports in a list.
const IMPORTS_MAX: usize = 50;
/// A storing that has not ended after this time was interrupted, in milliseconds.
const INTERRUPTED_MS: i64 = 15 * 60 * 1_000;

/// A file of official results that was uploaded.
#[derive(Debug)]
pub struct NewOfficialImport<'a> {
    pub id: ImportId,
    pub contest: &'a ContestId,
    /// The region of the user; `None` is the whole election.
    pub region: Option<&'a RegionCode>,
    pub file: &'a str,
    pub sha256: [u8; 32],
    pub content: &'a [u8],
    /// Which column means what, as JSON.
    pub request: &'a str,
}

/// An import, without its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialImport {
    pub id: ImportId,
    pub contest: ContestId,
    pub region: Option<RegionCode>,
    pub file: String,
    pub sha256: [u8; 32],
    pub bytes: i64,
    pub made_by: String,
    pub at_ms: i64,
    pub state: OfficialState,
    /// JSON.
    pub request: String,
    /// JSON; empty before the file was read.
    pub result: String,
    /// The order in which imports count.
    pub version: Option<i64>,
    pub stored_at_ms: Option<i64>,
}

/// The current figures of official results.
pub type OfficialResults = BTreeMap<(Rung, Unit), OfficialFigures>;

/// A figure that an import changes; `None` where the official result has none any more.
pub type OfficialChange = (Rung, Unit, Option<OfficialFigures>);

/// A figure that an import changed, with what it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFigure {
    pub rung: Rung,
    pub unit: Unit,
    pub before: Option<OfficialFigures>,
    pub after: Option<OfficialFigures>,
}

/// The result of starting to store an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficialStart {
    /// It may be stored, under this version.
    Started(i64),
    /// The import is at another step.
    WrongState,
    /// Another import of the contest is being stored.
    OtherImport,
}

const FIGURE: Insert<5> = Insert {
    table: "official_figure",
    columns: [
        ("contest", "text"),
        ("unit", "text"),
        ("rung", "text"),
        ("version", "bigint"),
        ("figures", "text"),
    ],
    on_conflict: OnConflict::Fail,
};

const COLUMNS: &str =
    "SELECT id, contest, region, file, sha256, bytes, made_by, at_ms, state, request, result,
        version, stored_at_ms FROM official_import ";

impl Store {
    /// Keeps an uploaded file.
    pub fn add_official_import(
        &self,
        new: &NewOfficialImport<'_>,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        let bytes = i64::try_from(new.content.len()).unwrap_or(i64::MAX);
        let region = new.region.map_or("", RegionCode::as_str);
        self.write("store an import of official results", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO official_import (id, contest, region, file, sha256, bytes, made_by, at_ms,
                        state, state_at_ms, request, result)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'uploaded', ?8, ?9, '')"
                ),
                params![
                    new.id.0,
                    new.contest.as_str(),
                    region,
                    new.file,
                    new.sha256,
                    bytes,
                    audit.actor.to_string(),
                    audit.now_ms,
                    new.request
                ],
            )?;
            transaction.execute(
                sql!("INSERT INTO official_file (id, content) VALUES (?1, ?2)"),
                params![new.id.0, new.content],
            )?;
            audit::record(transaction, audit, "official.upload", &subject(new.id, new.file, new.sha256))
        })
    }

    /// An import by its id.
    pub fn official_import(&self, id: ImportId) -> Result<Option<OfficialImport>, StoreError> {
        self.query("read an import of official results", |transaction| {
            transaction.row(sql!(COLUMNS, "WHERE id = ?1"), params![id.0], official_import)
        })
    }

    /// The newest imports of a contest, newest first.
    pub fn official_imports(&self, contest: &ContestId) -> Result<Vec<OfficialImport>, StoreError> {
        self.query("read the imports of official results", |transaction| {
            transaction.rows(
                sql!(COLUMNS, "WHERE contest = ?1 ORDER BY at_ms DESC, id LIMIT ?2"),
                params![contest.as_str(), IMPORTS_MAX],
                official_import,
            )
        })
    }

    /// The latest import of a contest that counts.
    pub fn latest_official_import(&self, contest: &ContestId) -> Result<Option<OfficialImport>, StoreError> {
        self.query("read the latest official results", |transaction| {
            transaction.row(
                sql!(COLUMNS, "WHERE contest = ?1 AND state = 'stored' ORDER BY version DESC LIMIT 1"),
                params![contest.as_str()],
                official_import,
            )
        })
    }

    /// The mapping that a user chose the last time, as JSON.
    pub fn last_official_request(
        &self,
        contest: &ContestId,
        made_by: &str,
    ) -> Result<Option<String>, StoreError> {
        self.query("read the last mapping of columns", |transaction| {
            transaction.row(
                sql!(
                    "SELECT request FROM official_import
                     WHERE contest = ?1 AND made_by = ?2 AND state = 'stored' ORDER BY version DESC LIMIT 1"
                ),
                params![contest.as_str(), made_by],
                |row| row.get("request"),
            )
        })
    }

    /// The file of an import.
    pub fn official_content(&self, id: ImportId) -> Result<Option<Vec<u8>>, StoreError> {
        self.query("read a file of official results", |transaction| {
            transaction.row(sql!("SELECT content FROM official_file WHERE id = ?1"), params![id.0], |row| {
                row.get("content")
            })
        })
    }

    /// Moves an import to another step, if it is at one of the expected steps. Returns whether it was.
    pub fn move_official_import(
        &self,
        id: ImportId,
        from: &[OfficialState],
        to: OfficialState,
        texts: Option<(&str, &str)>,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("change an import of official results", |transaction| {
            let Some(import) = by_id(transaction, id)? else { return Ok(false) };
            if !from.contains(&import.state) {
                return Ok(false);
            }
            let (request, result) = texts.unwrap_or((&import.request, &import.result));
            transaction.execute(
                sql!(
                    "UPDATE official_import SET state = ?2, state_at_ms = ?3, request = ?4, result = ?5
                     WHERE id = ?1"
                ),
                params![id.0, to.word(), audit.now_ms, request, result],
            )?;
            if to == OfficialState::Discarded {
                transaction.execute(sql!("DELETE FROM official_file WHERE id = ?1"), params![id.0])?;
                audit::record(transaction, audit, "official.discard", &import_subject(&import))?;
            }
            Ok(true)
        })
    }

    /// Starts to store an import: its figures get a version that does not count yet.
    pub fn start_official_version(&self, id: ImportId, now_ms: i64) -> Result<OfficialStart, StoreError> {
        self.write("start to store official results", |transaction| {
            let Some(before) = by_id(transaction, id)? else { return Ok(OfficialStart::WrongState) };
            drop_interrupted(transaction, &before.contest, now_ms)?;
            let checked = by_id(transaction, id)?.filter(|import| import.state == OfficialState::Checked);
            let Some(import) = checked else { return Ok(OfficialStart::WrongState) };
            let other: Option<i64> = transaction.row(
                sql!(
                    "SELECT count(*) AS count FROM official_import WHERE contest = ?1 AND state = 'storing'"
                ),
                params![import.contest.as_str()],
                |row| row.get("count"),
            )?;
            if other != Some(0) {
                return Ok(OfficialStart::OtherImport);
            }
            let version = transaction.row(
                sql!(
                    "UPDATE official_import SET state = 'storing', state_at_ms = ?2,
                        version = (SELECT coalesce(max(version), 0) + 1 FROM official_import)
                     WHERE id = ?1 RETURNING version"
                ),
                params![id.0, now_ms],
                |row| row.get("version"),
            )?;
            version
                .map(OfficialStart::Started)
                .ok_or_else(|| unreadable("version", "the database returned no row"))
        })
    }

    /// Writes figures of a version that does not count yet. `written` hears how many are there.
    pub fn add_official_figures(
        &self,
        contest: &ContestId,
        version: i64,
        changes: &[OfficialChange],
        written: impl Fn(usize),
    ) -> Result<(), StoreError> {
        for (number, batch) in changes.chunks(BATCH).enumerate() {
            self.write("store official figures", |transaction| {
                let row = |change| FigureRow::new(contest, version, change);
                let rows = batch.iter().map(row).collect::<database::Result<Vec<_>>>()?;
                transaction.insert_all(&FIGURE, &rows, FigureRow::params).map(drop)
            })?;
            written(number * BATCH + batch.len());
        }
        Ok(())
    }

    /// Lets the figures of a version count, all at once.
    pub fn finish_official_version(
        &self,
        id: ImportId,
        version: i64,
        result: &str,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        self.write("store official results", |transaction| {
            let Some(import) = by_id(transaction, id)? else { return Ok(false) };
            if import.state != OfficialState::Storing || import.version != Some(version) {
                return Ok(false);
            }
            transaction.execute(
                sql!(
                    "UPDATE official_import SET state = 'stored', state_at_ms = ?2, stored_at_ms = ?2,
                        result = ?3 WHERE id = ?1"
                ),
                params![id.0, audit.now_ms, result],
            )?;
            audit::record(transaction, audit, "official.store", &import_subject(&import))?;
            Ok(true)
        })
    }

    /// Gives up a version that could not be stored. Its import is as it was before.
    pub fn drop_official_version(&self, id: ImportId, version: i64) -> Result<(), StoreError> {
        self.write("drop official figures", |transaction| {
            transaction.execute(
                sql!(
                    "UPDATE official_import SET state = 'checked', version = NULL
                     WHERE id = ?1 AND state = 'storing' AND version = ?2"
                ),
                params![id.0, version],
            )?;
            drop_uncounted(transaction)
        })
    }

    /// The current figures of a contest in a region, or those of an earlier version.
    pub fn official_results(
        &self,
        contest: &ContestId,
        range: &StationRange,
        as_of: Option<i64>,
    ) -> Result<OfficialResults, StoreError> {
        let rows: Vec<OfficialChange> = self.query("read official results", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT f.unit, f.rung, f.figures FROM official_figure f
                     JOIN official_import i ON i.version = f.version
                     WHERE f.contest = ?1 AND f.unit >= ?2 AND f.unit < ?3 AND f.version <= ?4
                        AND i.state = 'stored'
                     ORDER BY f.unit, f.rung, f.version"
                ),
                params![contest.as_str(), range.from, range.until, as_of.unwrap_or(i64::MAX)],
                |row| Ok((row.parsed("rung")?, row.parsed("unit")?, figures(row, "figures")?)),
            )
        })?;
        let mut results = OfficialResults::new();
        for (rung, unit, figures) in rows {
            match figures {
                Some(figures) => results.insert((rung, unit), figures),
                None => results.remove(&(rung, unit)),
            };
        }
        Ok(results)
    }

    /// What a version changed in a region, by unit: at most `most`, after the unit `after`.
    pub fn official_changes(
        &self,
        contest: &ContestId,
        version: i64,
        range: &StationRange,
        after: &str,
        most: usize,
    ) -> Result<Vec<ChangedFigure>, StoreError> {
        self.query("read what official results changed", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT f.unit, f.rung, f.figures, coalesce((
                        SELECT b.figures FROM official_figure b
                        JOIN official_import i ON i.version = b.version
                        WHERE b.contest = f.contest AND b.unit = f.unit AND b.rung = f.rung
                            AND b.version < f.version AND i.state = 'stored'
                        ORDER BY b.version DESC LIMIT 1), '') AS before
                     FROM official_figure f
                     WHERE f.contest = ?1 AND f.version = ?2 AND f.unit >= ?3 AND f.unit < ?4 AND f.unit > ?5
                     ORDER BY f.unit, f.rung LIMIT ?6"
                ),
                params![contest.as_str(), version, range.from, range.until, after, most],
                |row| {
                    Ok(ChangedFigure {
                        rung: row.parsed("rung")?,
                        unit: row.parsed("unit")?,
                        before: figures(row, "before")?,
                        after: figures(row, "figures")?,
                    })
                },
            )
        })
    }
}

/// A row of `official_figure`.
struct FigureRow {
    contest: String,
    unit: String,
    rung: &'static str,
    version: i64,
    figures: String,
}

impl FigureRow {
    fn new(contest: &ContestId, version: i64, change: &OfficialChange) -> database::Result<Self> {
        let (rung, unit, figures) = change;
        let figures = figures.as_ref().map_or(Ok(String::new()), json_of)?;
        Ok(Self { contest: contest.to_string(), unit: unit.to_string(), rung: rung.word(), version, figures })
    }

    fn params(&self) -> [&dyn rusqlite::ToSql; 5] {
        [&self.contest, &self.unit, &self.rung, &self.version, &self.figures]
    }
}

/// The storing of an import that was interrupted, for instance by the end of the program, starts again.
fn drop_interrupted(transaction: &Transaction<'_>, contest: &ContestId, now_ms: i64) -> database::Result<()> {
    let dropped = transaction.execute(
        sql!(
            "UPDATE official_import SET state = 'checked', version = NULL
             WHERE contest = ?1 AND state = 'storing' AND state_at_ms < ?2"
        ),
        params![contest.as_str(), now_ms.saturating_sub(INTERRUPTED_MS)],
    )?;
    if dropped > 0 { drop_uncounted(transaction) } else { Ok(()) }
}

/// Deletes figures whose version no import has.
fn drop_uncounted(transaction: &Transaction<'_>) -> database::Result<()> {
    transaction.execute(
        sql!(
            "DELETE FROM official_figure WHERE version NOT IN
                (SELECT version FROM official_import WHERE version IS NOT NULL)"
        ),
        &[],
    )?;
    Ok(())
}

fn by_id(transaction: &Transaction<'_>, id: ImportId) -> database::Result<Option<OfficialImport>> {
    transaction.row(sql!(COLUMNS, "WHERE id = ?1"), params![id.0], official_import)
}

fn official_import(row: &Row<'_>) -> database::Result<OfficialImport> {
    let region: String = row.get("region")?;
    let region = if region.is_empty() { None } else { Some(row.parsed("region")?) };
    Ok(OfficialImport {
        id: ImportId(row.get("id")?),
        contest: row.parsed("contest")?,
        region,
        file: row.get("file")?,
        sha256: row.get("sha256")?,
        bytes: row.get("bytes")?,
        made_by: row.get("made_by")?,
        at_ms: row.get("at_ms")?,
        state: row.parsed("state")?,
        request: row.get("request")?,
        result: row.get("result")?,
        version: row.get("version")?,
        stored_at_ms: row.get("stored_at_ms")?,
    })
}

/// An empty text is a result that was withdrawn, or that there never was.
fn figures(row: &Row<'_>, column: &'static str) -> database::Result<Option<OfficialFigures>> {
    let text: String = row.get(column)?;
    if text.is_empty() { Ok(None) } else { row.json(column).map(Some) }
}

/// What the audit says of an import: its id, the file's name and the start of its hash.
fn subject(id: ImportId, file: &str, sha256: [u8; 32]) -> String {
    format!("{id} {} {file}", evidence::to_hex(&sha256))
}

fn import_subject(import: &OfficialImport) -> String {
    subject(import.id, &import.file, import.sha256)
}
