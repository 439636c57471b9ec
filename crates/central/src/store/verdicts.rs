//! What coordinators decided on statements, and the originals that they asked for.

use evidence::{DeviceId, PhotoHash, StatementId};
use protocol::{Decision, InboxBody};
use rusqlite::params;
use tally::StationId;

use super::audit::{self, Actor};
use super::database::{self, Row};
use super::inbox::tell;
use super::{Store, StoreError};

/// A decision on a statement. The last one of a statement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenVerdict {
    /// The statement.
    pub statement: StatementId,
    /// Its place among all decisions.
    pub number: u64,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub reviewer: String,
    /// When.
    pub at_ms: i64,
}

impl Store {
    /// Keeps a decision on a statement of this device, and tells the device.
    pub fn decide(
        &self,
        (device, station): (DeviceId, &StationId),
        statement: StatementId,
        (decision, reason): (Decision, &str),
        actor: &Actor,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let body = InboxBody::verdict(statement, decision, reason.to_owned());
        self.write("keeping a verdict", |transaction| {
            transaction.execute(
                "INSERT INTO verdict (statement, decision, reason, reviewer, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![statement.0, decision.word(), reason, actor.to_string(), now_ms],
            )?;
            transaction.execute(
                "INSERT INTO count_waiting (contest, station)
                 SELECT contest, station FROM statement WHERE id = ?1 AND station = ?2 AND contest <> ''",
                params![statement.0, station.to_string()],
            )?;
            tell(transaction, device, station, now_ms, &body)?;
            let subject = format!("{statement} {}", decision.word());
            audit::note(transaction, now_ms, actor, "verdict.give", &subject)
        })
    }

    /// All decisions on statements about a station, the oldest first.
    pub fn verdicts_about(&self, station: &StationId) -> Result<Vec<GivenVerdict>, StoreError> {
        self.read("reading verdicts", |transaction| {
            transaction.rows(
                "SELECT v.decision, v.number, v.statement, v.reason, v.reviewer, v.at_ms
                 FROM verdict v JOIN statement s ON s.id = v.statement WHERE s.station = ?1 ORDER BY v.number",
                params![station.to_string()],
                |row| {
                    Ok(GivenVerdict {
                        decision: row.parsed(0)?,
                        number: row.get(1)?,
                        statement: StatementId(row.get(2)?),
                        reason: row.get(3)?,
                        reviewer: row.get(4)?,
                        at_ms: row.get(5)?,
                    })
                },
            )
        })
    }

    /// Asks the device for an original; from now on its bytes may come. `false` when it was asked for at this station
    /// before.
    pub fn ask_for_original(
        &self,
        (device, station): (DeviceId, &StationId),
        (original, original_bytes): (PhotoHash, u64),
        actor: &Actor,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let body = InboxBody::original_request(original);
        let bytes = i64::try_from(original_bytes).unwrap_or(i64::MAX);
        self.write("asking for an original", |transaction| {
            let added = transaction.execute(
                "INSERT INTO original_wanted (original, original_bytes, station, at_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (original, station) DO NOTHING",
                params![original.0, bytes, station.to_string(), now_ms],
            )?;
            if added == 0 {
                return Ok(false);
            }
            tell(transaction, device, station, now_ms, &body)?;
            audit::note(transaction, now_ms, actor, "original.ask", &original.to_string())?;
            Ok(true)
        })
    }

    /// The originals that were asked for at a station.
    pub fn originals_wanted_at(&self, station: &StationId) -> Result<Vec<PhotoHash>, StoreError> {
        self.read("reading which originals were asked for", |transaction| {
            transaction.rows(
                "SELECT original FROM original_wanted WHERE station = ?1 ORDER BY original",
                params![station.to_string()],
                |row| Ok(PhotoHash(row.get(0)?)),
            )
        })
    }
}

/// The last verdict on a statement, from a column with its decision and the next one with its number; both are empty
/// where there is none.
pub(super) fn verdict(row: &Row<'_>, column: usize) -> database::Result<Option<(Decision, u64)>> {
    let Some(number) = row.get::<Option<u64>>(column + 1)? else { return Ok(None) };
    Ok(Some((row.parsed(column)?, number)))
}
