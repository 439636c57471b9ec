//! The election that the device has joined.

use std::collections::BTreeSet;

use evidence::{LogPublicKey, Rotation};
use protocol::{Assignment, ChangedEnrolment};
use rusqlite::{Row, params};
use tally::{Election, StationId};

use super::{Store, Write, doing, optional, parsed};
use crate::error::StoreError;
use crate::model::{Assigned, Enrolment, KnownLog, TallyKey};
use crate::sync_core::INBOX_INTERVAL_MS;

impl Store {
    /// The enrolment, if the device has joined an election.
    pub(crate) fn enrolment(&self) -> Result<Option<Enrolment>, StoreError> {
        let row = optional(self.connection.query_row(
            "SELECT endpoint, public_key, election, log_key FROM enrolment",
            [],
            |row| {
                Ok((
                    row.get::<_, String>("endpoint")?,
                    row.get::<_, [u8; 32]>("public_key")?,
                    row.get::<_, String>("election")?,
                    row.get::<_, String>("log_key")?,
                ))
            },
        ))
        .map_err(doing("read the enrolment"))?;
        let Some((endpoint, public_key, election, log_key)) = row else { return Ok(None) };
        let election = Election::from_json(&election)
            .map_err(|error| StoreError::Damaged(format!("the election package: {error}")))?;
        let assigned = assigned(&self.connection)?;
        let public_key = evidence::PublicKey::from_bytes(&public_key)
            .map_err(|error| StoreError::Damaged(format!("the device's public key: {error}")))?;
        let log_key = LogPublicKey::from_hex(&log_key)
            .map_err(|error| StoreError::Damaged(format!("the log's public key: {error}")))?;
        let log = KnownLog::of(log_key, self.log_rotations()?)
            .ok_or_else(|| StoreError::Damaged("the rotations of the log's key are not valid".into()))?;
        Ok(Some(Enrolment::new(endpoint, public_key, election, assigned, log)))
    }

    fn log_rotations(&self) -> Result<Vec<Rotation>, StoreError> {
        let rotations: Vec<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT rotation FROM log_rotation ORDER BY number")
            .and_then(|mut rotations| rotations.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the rotations of the log's key"))?;
        rotations
            .iter()
            .map(|bytes| Rotation::from_bytes(bytes))
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::Damaged(format!("a rotation of the log's key: {error}")))
    }
}

impl Store {
    /// The stations with drafts or records.
    pub(crate) fn stations_with_records(&self) -> Result<BTreeSet<StationId>, StoreError> {
        self.distinct(
            "SELECT station FROM statement UNION SELECT station FROM draft UNION SELECT station FROM photo
             UNION SELECT station FROM incident_draft",
        )
    }

    /// What drafts, sealed tallies and photos belong to.
    pub(crate) fn tallies_with_records(&self) -> Result<Vec<TallyKey>, StoreError> {
        let read = |row: &Row<'_>| {
            Ok(TallyKey {
                station: parsed(row, "station")?,
                contest: parsed(row, "contest")?,
                round: row.get("round")?,
            })
        };
        self.connection
            .prepare_cached(
                "SELECT station, contest, round FROM statement WHERE kind = 'tally'
                 UNION SELECT station, contest, round FROM draft
                 UNION SELECT station, contest, round FROM photo",
            )
            .and_then(|mut keys| keys.query_map([], read)?.collect())
            .map_err(doing("read what has records"))
    }

    fn distinct<T: std::str::FromStr + Ord>(&self, sql: &str) -> Result<BTreeSet<T>, StoreError> {
        let names: Vec<String> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the stations with records"))?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}

fn assigned(connection: &rusqlite::Connection) -> Result<Assigned, StoreError> {
    let (now, past, own, revision): (String, String, String, u64) = connection
        .query_row(
            "SELECT assignments, past_assignments, own_assignments, assignments_revision FROM enrolment",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .map_err(doing("read the assignments"))?;
    let read = |json: &str| {
        serde_json::from_str(json).map_err(|error| StoreError::Damaged(format!("the assignments: {error}")))
    };
    Ok(Assigned { now: read(&now)?, past: read(&past)?, own: read(&own)?, revision })
}

impl Write<'_> {
    /// Replaces the election package and the assignments.
    pub(super) fn change_enrolment(&self, changed: &ChangedEnrolment) -> Result<(), StoreError> {
        let assigned = assigned(&self.transaction)?
            .changed_to(changed.assignments.clone(), changed.assignments_revision);
        self.transaction
            .execute(
                "UPDATE enrolment SET election = ?1, assignments = ?2, past_assignments = ?3,
                    own_assignments = ?4, assignments_revision = ?5",
                params![
                    changed.election,
                    json(serde_json::to_string(&assigned.now))?,
                    json(serde_json::to_string(&assigned.past))?,
                    json(serde_json::to_string(&assigned.own))?,
                    assigned.revision,
                ],
            )
            .map_err(doing("write the changed enrolment"))?;
        Ok(())
    }

    /// Adds a rotation of the log's key.
    pub(crate) fn add_log_rotation(&self, rotation: &Rotation) -> Result<(), StoreError> {
        self.transaction
            .execute("INSERT INTO log_rotation (rotation) VALUES (?1)", params![rotation.to_bytes()])
            .map_err(doing("write the rotation of the log's key"))?;
        Ok(())
    }

    /// Adds a station that the witness chose.
    pub(crate) fn add_own_assignment(&self, own: &Assignment) -> Result<(), StoreError> {
        let mut stations = assigned(&self.transaction)?.own;
        stations.push(own.clone());
        let stations = json(serde_json::to_string(&stations))?;
        self.run("UPDATE enrolment SET own_assignments = ?1", params![stations])
            .map_err(doing("write the station that the witness chose"))?;
        Ok(())
    }

    /// Writes the enrolment. One that the endpoint had not confirmed is replaced.
    pub(crate) fn set_enrolment(&self, enrolment: &Enrolment, joined_at_ms: i64) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO enrolment (only_one, endpoint, public_key, election, assignments, assignments_revision,
                    log_key, joined_at_ms, past_assignments, own_assignments)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT DO UPDATE SET endpoint = ?1, election = ?3, assignments = ?4,
                    assignments_revision = ?5, log_key = ?6, past_assignments = ?8, own_assignments = ?9",
                params![
                    enrolment.endpoint,
                    enrolment.public_key.to_bytes(),
                    json(enrolment.election.to_json())?,
                    json(serde_json::to_string(&enrolment.assigned.now))?,
                    enrolment.assigned.revision,
                    enrolment.log.pinned.to_hex(),
                    joined_at_ms,
                    json(serde_json::to_string(&enrolment.assigned.past))?,
                    json(serde_json::to_string(&enrolment.assigned.own))?,
                ],
            )
            .and_then(|_| self.transaction.execute("DELETE FROM log_rotation", []))
            .map_err(doing("write the enrolment"))?;
        enrolment.log.rotations.iter().try_for_each(|rotation| self.add_log_rotation(rotation))?;
        // The inbox of a device that has just joined is empty.
        self.postpone_inbox(joined_at_ms + INBOX_INTERVAL_MS)
    }
}

fn json(value: serde_json::Result<String>) -> Result<String, StoreError> {
    value.map_err(|error| StoreError::Damaged(error.to_string()))
}
