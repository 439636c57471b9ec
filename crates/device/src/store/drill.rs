//! The drill of this store: its scenario, the attempts at its sheets, and what has happened in them.

use evidence::StatementId;
use practice::{Attempt, SectionTime};
use rusqlite::{Row, params};
use tally::{FieldCode, StationId};

use super::{Store, TallyKey, Write, doing, optional, parsed};
use crate::error::StoreError;
use crate::model::{Drill, StoredAttempt};

/// Maximum number of attempts that the witness is shown.
const PAST_ATTEMPTS_MAX: u32 = 60;

/// An attempt on its way into the store.
pub(crate) struct NewAttempt<'a> {
    pub(crate) scenario: &'a str,
    pub(crate) exercise: u8,
    pub(crate) copy: u16,
    pub(crate) tally_key: &'a TallyKey,
    pub(crate) begun_at_ms: i64,
}

/// An attempt that was sealed, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PastAttempt {
    pub(crate) id: i64,
    pub(crate) scenario: String,
    pub(crate) exercise: u8,
    pub(crate) copy: u16,
    pub(crate) number: u32,
    pub(crate) contest: String,
    pub(crate) ended_at_ms: i64,
    pub(crate) fields: u32,
    pub(crate) right: u32,
    pub(crate) seconds: u32,
}

/// An event of the scenario that has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happened {
    /// Its position in the scenario.
    pub(crate) position: usize,
    pub(crate) at_ms: i64,
    pub(crate) over: bool,
}

impl Store {
    /// The drill of this store; `None` in the real count.
    pub(crate) fn drill(&self) -> Result<Option<Drill>, StoreError> {
        drill(&self.connection)
    }

    /// The newest attempt.
    pub(crate) fn newest_attempt(&self) -> Result<Option<StoredAttempt>, StoreError> {
        newest_attempt(&self.connection)
    }

    /// The newest attempt that was sealed.
    pub(crate) fn newest_sealed_attempt(&self) -> Result<Option<StoredAttempt>, StoreError> {
        let sql = format!("{ATTEMPT} WHERE sealed IS NOT NULL ORDER BY id DESC LIMIT 1");
        optional(self.connection.query_row(&sql, [], attempt)).map_err(doing("read the attempt"))
    }

    /// What has happened in an attempt, in the order of the scenario.
    pub(crate) fn happened(&self, attempt: i64) -> Result<Vec<Happened>, StoreError> {
        happened(&self.connection, attempt)
    }

    /// What was sealed, newest first.
    pub(crate) fn past_attempts(&self) -> Result<Vec<PastAttempt>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT id, scenario, exercise, copy, number, contest, ended_at_ms, fields, right_fields,
                    coalesce(json_extract(sealed, '$.seconds'), 0) AS seconds
                 FROM attempt WHERE sealed IS NOT NULL ORDER BY id DESC LIMIT ?1",
            )
            .and_then(|mut attempts| attempts.query_map([PAST_ATTEMPTS_MAX], past_attempt)?.collect())
            .map_err(doing("read the attempts"))
    }

    /// The statements in the log of this phone, in order.
    pub(crate) fn practice_log(&self) -> Result<Vec<StatementId>, StoreError> {
        self.connection
            .prepare_cached("SELECT statement FROM practice_log ORDER BY position")
            .and_then(|mut log| log.query_map([], |row| Ok(StatementId(row.get("statement")?)))?.collect())
            .map_err(doing("read the log for practice"))
    }
}

impl Write<'_> {
    /// The drill of this store.
    pub(crate) fn drill(&self) -> Result<Option<Drill>, StoreError> {
        drill(&self.transaction)
    }

    /// The newest attempt.
    pub(crate) fn newest_attempt(&self) -> Result<Option<StoredAttempt>, StoreError> {
        newest_attempt(&self.transaction)
    }

    /// Writes the drill.
    pub(crate) fn set_drill(&self, drill: &Drill) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO drill (only_one, scenario, copy, log_seed, since_sequence, since_photo, exercise_open,
                paused, network_cut, hand_raised)
             VALUES (1, ?1, ?2, ?3, 0, 0, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET scenario = ?1, copy = ?2, log_seed = ?3, exercise_open = ?4, paused = ?5,
                network_cut = ?6, hand_raised = ?7",
            params![
                drill.scenario,
                drill.copy,
                drill.log_seed,
                drill.exercise_open,
                drill.paused,
                drill.network_cut,
                drill.hand_raised
            ],
        )
        .map(drop)
        .map_err(doing("write the drill"))
    }

    /// Other sheets begin: what was typed, photographed and sealed before belongs to none of them. What was
    /// sealed stays as it is.
    pub(crate) fn begin_other_sheets(&self) -> Result<(), StoreError> {
        self.run("DELETE FROM draft", &[])
            .and_then(|_| self.run("DELETE FROM incident_draft", &[]))
            .and_then(|_| self.run("DELETE FROM photo WHERE statement IS NULL", &[]))
            .and_then(|_| {
                self.run(
                    "UPDATE drill SET
                        since_sequence = (SELECT coalesce(max(sequence), 0) + 1 FROM statement),
                        since_photo = (SELECT coalesce(max(id), 0) FROM photo)",
                    &[],
                )
            })
            .map(drop)
            .map_err(doing("begin other sheets"))
    }

    /// Begins an attempt at a sheet. What was typed and not sealed of the same paper goes.
    pub(crate) fn begin_attempt(&self, new: &NewAttempt<'_>) -> Result<(), StoreError> {
        self.delete_draft(new.tally_key)?;
        let TallyKey { station, contest, round } = new.tally_key;
        let station = station.to_string();
        self.run(
            "DELETE FROM photo WHERE statement IS NULL AND station = ?1 AND contest = ?2 AND round = ?3",
            params![station, contest.as_str(), round],
        )
        .and_then(|_| {
            self.run(
                "INSERT INTO attempt (scenario, exercise, copy, number, station, contest, round, first_sequence,
                    after_photo, begun_at_ms)
                 VALUES (?1, ?2, ?3,
                    1 + (SELECT count(*) FROM attempt WHERE scenario = ?1 AND exercise = ?2 AND copy = ?3
                        AND sealed IS NOT NULL),
                    ?4, ?5, ?6, (SELECT coalesce(max(sequence), 0) + 1 FROM statement),
                    (SELECT coalesce(max(id), 0) FROM photo), ?7)",
                params![
                    new.scenario,
                    new.exercise,
                    new.copy,
                    station,
                    contest.as_str(),
                    round,
                    new.begun_at_ms
                ],
            )
        })
        .map(drop)
        .map_err(doing("begin the attempt"))
    }

    /// Adds time that was spent in a section, and remembers the moment.
    pub(crate) fn spend_time(
        &self,
        attempt: i64,
        section: &FieldCode,
        ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE attempt SET first_typed_at_ms = coalesce(first_typed_at_ms, ?2), last_typed_at_ms = ?2
             WHERE id = ?1",
            params![attempt, now_ms],
        )
        .and_then(|_| {
            self.run(
                "INSERT INTO attempt_time (attempt, section, ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET ms = ms + excluded.ms",
                params![attempt, section.as_str(), ms],
            )
        })
        .map(drop)
        .map_err(doing("write the time of a section"))
    }

    /// The time of each section.
    pub(crate) fn times(&self, attempt: i64) -> Result<Vec<SectionTime>, StoreError> {
        let read = |row: &Row<'_>| {
            let seconds = row.get::<_, i64>("ms")? / 1_000;
            Ok(SectionTime {
                section: parsed(row, "section")?,
                seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            })
        };
        self.transaction
            .prepare_cached("SELECT section, ms FROM attempt_time WHERE attempt = ?1 ORDER BY section")
            .and_then(|mut times| times.query_map([attempt], read)?.collect())
            .map_err(doing("read the times of the sections"))
    }

    /// The attempt was sealed.
    pub(crate) fn end_attempt(
        &self,
        id: i64,
        sealed: &Attempt,
        [fields, right]: [u32; 2],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let json = serde_json::to_string(sealed)
            .map_err(|error| StoreError::Damaged(format!("the attempt: {error}")))?;
        self.run(
            "UPDATE attempt SET sealed = ?2, ended_at_ms = ?3, fields = ?4, right_fields = ?5 WHERE id = ?1",
            params![id, json, now_ms, fields, right],
        )
        .map(drop)
        .map_err(doing("write what was sealed in the attempt"))
    }

    /// An event of the scenario happens.
    pub(crate) fn happens(&self, attempt: i64, position: usize, at_ms: i64) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO attempt_event (attempt, position, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![attempt, position, at_ms],
        )
        .map(drop)
        .map_err(doing("write an event of the drill"))
    }

    /// An event of the scenario is over.
    pub(crate) fn event_is_over(&self, attempt: i64, position: usize) -> Result<(), StoreError> {
        self.run(
            "UPDATE attempt_event SET over = 1 WHERE attempt = ?1 AND position = ?2",
            params![attempt, position],
        )
        .map(drop)
        .map_err(doing("write that an event of the drill is over"))
    }

    /// The bytes of the incidents that were sealed at a station in an attempt.
    pub(crate) fn incidents_since(
        &self,
        station: &StationId,
        first_sequence: u64,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.transaction
            .prepare_cached(
                "SELECT bytes FROM statement WHERE station = ?1 AND kind = 'incident' AND sequence >= ?2
                 ORDER BY sequence",
            )
            .and_then(|mut incidents| {
                let key = params![station.to_string(), first_sequence];
                incidents.query_map(key, |row| row.get("bytes"))?.collect()
            })
            .map_err(doing("read the incidents of the attempt"))
    }

    /// The tally of this paper that was sealed last in an earlier attempt.
    pub(crate) fn tally_of_earlier_attempt(
        &self,
        tally_key: &TallyKey,
    ) -> Result<Option<StatementId>, StoreError> {
        let TallyKey { station, contest, round } = tally_key;
        optional(self.transaction.query_row(
            "SELECT id FROM statement WHERE station = ?1 AND contest = ?2 AND round = ?3 AND kind = 'tally'
             ORDER BY sequence DESC LIMIT 1",
            params![station.to_string(), contest.as_str(), round],
            |row| Ok(StatementId(row.get("id")?)),
        ))
        .map_err(doing("read the tally of an earlier attempt"))
    }

    /// Appends a statement to the log of this phone, once.
    pub(crate) fn append_to_practice_log(&self, statement: StatementId) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO practice_log (statement) VALUES (?1) ON CONFLICT (statement) DO NOTHING",
            params![statement.0],
        )
        .map(drop)
        .map_err(doing("write the log for practice"))
    }
}

const ATTEMPT: &str = "SELECT id, scenario, exercise, copy, number, station, contest, round, first_sequence,
    begun_at_ms, first_typed_at_ms, last_typed_at_ms, sealed FROM attempt";

fn drill(connection: &rusqlite::Connection) -> Result<Option<Drill>, StoreError> {
    let read = |row: &Row<'_>| {
        Ok(Drill {
            scenario: row.get("scenario")?,
            copy: row.get("copy")?,
            log_seed: row.get("log_seed")?,
            exercise_open: row.get("exercise_open")?,
            paused: row.get("paused")?,
            network_cut: row.get("network_cut")?,
            hand_raised: row.get("hand_raised")?,
        })
    };
    optional(connection.prepare_cached("SELECT * FROM drill").and_then(|mut drill| drill.query_row([], read)))
        .map_err(doing("read the drill"))
}

fn newest_attempt(connection: &rusqlite::Connection) -> Result<Option<StoredAttempt>, StoreError> {
    let sql = format!("{ATTEMPT} ORDER BY id DESC LIMIT 1");
    optional(connection.prepare_cached(&sql).and_then(|mut newest| newest.query_row([], attempt)))
        .map_err(doing("read the attempt"))
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<StoredAttempt> {
    let sealed: Option<String> = row.get("sealed")?;
    Ok(StoredAttempt {
        id: row.get("id")?,
        scenario: row.get("scenario")?,
        exercise: row.get("exercise")?,
        copy: row.get("copy")?,
        number: row.get("number")?,
        tally_key: TallyKey {
            station: parsed(row, "station")?,
            contest: parsed(row, "contest")?,
            round: row.get("round")?,
        },
        first_sequence: row.get("first_sequence")?,
        begun_at_ms: row.get("begun_at_ms")?,
        first_typed_at_ms: row.get("first_typed_at_ms")?,
        last_typed_at_ms: row.get("last_typed_at_ms")?,
        sealed: sealed.and_then(|json| serde_json::from_str(&json).ok()),
    })
}

fn past_attempt(row: &Row<'_>) -> rusqlite::Result<PastAttempt> {
    Ok(PastAttempt {
        id: row.get("id")?,
        scenario: row.get("scenario")?,
        exercise: row.get("exercise")?,
        copy: row.get("copy")?,
        number: row.get("number")?,
        contest: row.get("contest")?,
        ended_at_ms: row.get("ended_at_ms")?,
        fields: row.get("fields")?,
        right: row.get("right_fields")?,
        seconds: row.get("seconds")?,
    })
}

fn happened(connection: &rusqlite::Connection, attempt: i64) -> Result<Vec<Happened>, StoreError> {
    let read = |row: &Row<'_>| {
        Ok(Happened { position: row.get("position")?, at_ms: row.get("at_ms")?, over: row.get("over")? })
    };
    connection
        .prepare_cached(
            "SELECT position, at_ms, over FROM attempt_event WHERE attempt = ?1 ORDER BY position",
        )
        .and_then(|mut events| events.query_map([attempt], read)?.collect())
        .map_err(doing("read what has happened in the drill"))
}
