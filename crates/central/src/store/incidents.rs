//! Incidents, and the steps of the work on them.

use evidence::{DeviceId, IncidentCategory, StatementId};
use rusqlite::params;
use tally::StationId;

use super::database::{self, Row, Transaction, sql, unreadable};
use super::{AuditContext, StationRange, Store, StoreError, audit};
use crate::model::incident_state::IncidentState;

/// An incident of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIncident {
    /// Its place in the list.
    pub number: i64,
    pub statement: StatementId,
    pub station: StationId,
    pub device: DeviceId,
    pub category: IncidentCategory,
    pub received_at_ms: i64,
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
    /// Whether the device is, or was, assigned to the station.
    pub assigned: bool,
    pub state: IncidentState,
    /// Number of steps so far.
    pub steps: u32,
}

/// A step of the work on an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStep {
    pub state: IncidentState,
    pub note: String,
    /// As in the audit.
    pub actor: String,
    pub at_ms: i64,
}

/// Which incidents a page shows.
#[derive(Debug, Clone)]
pub struct IncidentFilter {
    pub stations: StationRange,
    pub state: Option<IncidentState>,
    pub category: Option<IncidentCategory>,
    /// Those before this place.
    pub before: Option<i64>,
}

/// A step that is taken.
#[derive(Debug, Clone, Copy)]
pub struct NewStep<'a> {
    pub state: IncidentState,
    pub note: &'a str,
    /// Number of steps that the user saw.
    pub after_steps: u32,
}

/// The number of incidents in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCount {
    pub state: IncidentState,
    pub count: u64,
}

/// The columns of a [`StoredIncident`]. A condition follows.
const INCIDENT: &str =
    "SELECT i.number, i.statement, i.station, i.device, i.category, i.received_at_ms, s.bytes,
        i.state, i.steps,
        EXISTS (SELECT 1 FROM assignment a WHERE a.device = i.device AND a.station = i.station) AS assigned
    FROM incident i JOIN statement s ON s.id = i.statement AND s.station = i.station ";

/// Maximum number of photos of an incident.
const PHOTOS_MAX: i64 = 8;

impl Store {
    /// The incidents that the filter lets through, newest first, at most `most`.
    pub fn incidents(&self, filter: &IncidentFilter, most: usize) -> Result<Vec<StoredIncident>, StoreError> {
        let category = filter.category.and_then(|category| i64::try_from(category.number()).ok());
        self.read("read incidents", |transaction| {
            transaction.rows(
                sql!(
                    INCIDENT,
                    "WHERE i.station >= ?1 AND i.station < ?2 AND i.number < ?3
                        AND (NOT ?4 OR i.state = ?5) AND (NOT ?6 OR i.category = ?7)
                     ORDER BY i.number DESC LIMIT ?8"
                ),
                params![
                    filter.stations.from,
                    filter.stations.until,
                    filter.before.unwrap_or(i64::MAX),
                    filter.state.is_some(),
                    filter.state.map_or("", IncidentState::word),
                    category.is_some(),
                    category.unwrap_or_default(),
                    most
                ],
                incident,
            )
        })
    }

    /// Number of incidents of a range of stations in each state that has any.
    pub fn incident_counts(&self, stations: &StationRange) -> Result<Vec<StateCount>, StoreError> {
        self.query("count incidents", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT state, count(*) AS count FROM incident
                     WHERE station >= ?1 AND station < ?2 GROUP BY state"
                ),
                params![stations.from, stations.until],
                |row| Ok(StateCount { state: row.parsed("state")?, count: row.get("count")? }),
            )
        })
    }

    /// The incident that a statement reports.
    pub fn incident(&self, statement: StatementId) -> Result<Option<StoredIncident>, StoreError> {
        self.query("read an incident", |transaction| {
            transaction.row(sql!(INCIDENT, "WHERE i.statement = ?1"), params![statement.0], incident)
        })
    }

    /// The steps of the work on an incident, oldest first.
    pub fn incident_steps(&self, statement: StatementId) -> Result<Vec<StoredStep>, StoreError> {
        self.query("read the steps of an incident", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT state, note, actor, at_ms FROM incident_step
                     WHERE statement = ?1 ORDER BY number"
                ),
                params![statement.0],
                step,
            )
        })
    }

    /// For each incident its last step.
    pub fn last_steps(&self, statements: &[StatementId]) -> Result<Vec<Option<StoredStep>>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.query("read the last steps of incidents", |transaction| {
            transaction.row_each(
                sql!(
                    "SELECT state, note, actor, at_ms FROM incident_step
                     WHERE statement = ?1 ORDER BY number DESC LIMIT 1"
                ),
                statements,
                |id| [&id.0],
                step,
            )
        })
    }

    /// For each incident the photos that belong to it, or to the tally that it is about.
    pub fn incident_photos(&self, statements: &[StatementId]) -> Result<Vec<Vec<[u8; 32]>>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.query("read the photos of incidents", |transaction| {
            transaction.rows_each(
                sql!(
                    "SELECT DISTINCT p.derivative FROM incident i JOIN photo p ON p.station = i.station
                        AND (p.tally = i.tally OR p.tally = i.statement)
                     JOIN photo_end e ON e.derivative = p.derivative AND e.ended_as = 'whole'
                     WHERE i.statement = ?1 ORDER BY p.derivative LIMIT ?2"
                ),
                statements,
                |id| [&id.0, &PHOTOS_MAX],
                |row| row.get("derivative"),
            )
        })
    }

    /// Takes a step, unless somebody took another one meanwhile: then it returns `false`.
    pub fn take_step(
        &self,
        incident: &StoredIncident,
        step: NewStep<'_>,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        let StoredIncident { statement, station, .. } = incident;
        self.write("take a step about an incident", |transaction| {
            let taken = transaction.execute(
                sql!("UPDATE incident SET state = ?2, steps = steps + 1 WHERE statement = ?1 AND steps = ?3"),
                params![statement.0, step.state.word(), step.after_steps],
            )?;
            if taken == 1 {
                add_step(transaction, *statement, step, audit)?;
                let subject = format!("{station} {statement} {}", step.state.word());
                audit::record(transaction, audit, "incident.step", &subject)?;
            }
            Ok(taken == 1)
        })
    }
}

fn add_step(
    transaction: &Transaction<'_>,
    statement: StatementId,
    step: NewStep<'_>,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    transaction.execute(
        sql!("INSERT INTO incident_step (statement, state, note, actor, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)"),
        params![statement.0, step.state.word(), step.note, audit.actor.to_string(), audit.now_ms],
    )?;
    Ok(())
}

fn incident(row: &Row<'_>) -> database::Result<StoredIncident> {
    let number: u64 = row.get("category")?;
    let category = IncidentCategory::ALL.iter().copied().find(|category| category.number() == number);
    Ok(StoredIncident {
        number: row.get("number")?,
        statement: StatementId(row.get("statement")?),
        station: row.parsed("station")?,
        device: DeviceId(row.get("device")?),
        category: category.ok_or_else(|| unreadable("category", format!("{number} is no category")))?,
        received_at_ms: row.get("received_at_ms")?,
        bytes: row.get("bytes")?,
        assigned: row.get("assigned")?,
        state: row.parsed("state")?,
        steps: row.get("steps")?,
    })
}

fn step(row: &Row<'_>) -> database::Result<StoredStep> {
    Ok(StoredStep {
        state: row.parsed("state")?,
        note: row.get("note")?,
        actor: row.get("actor")?,
        at_ms: row.get("at_ms")?,
    })
}
