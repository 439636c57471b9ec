//! The election that the device joined.

use evidence::{LogPublicKey, Rotation};
use rusqlite::params;
use tally::Election;

use super::{Store, Write, doing, optional};
use crate::enrolment::{Enrolment, KnownLog};
use crate::error::StoreError;

impl Store {
    /// What the device joined, if it did.
    pub(crate) fn enrolment(&self) -> Result<Option<Enrolment>, StoreError> {
        let row = optional(self.connection.query_row(
            "SELECT endpoint, public_key, election, assignments, log_key FROM enrolment",
            [],
            |row| {
                Ok((
                    row.get::<_, String>("endpoint")?,
                    row.get::<_, [u8; 32]>("public_key")?,
                    row.get::<_, String>("election")?,
                    row.get::<_, String>("assignments")?,
                    row.get::<_, String>("log_key")?,
                ))
            },
        ))
        .map_err(doing("read what was joined"))?;
        let Some((endpoint, public_key, election, assignments, log_key)) = row else { return Ok(None) };
        let election = Election::from_json(&election)
            .map_err(|error| StoreError::Damaged(format!("the election package: {error}")))?;
        let assignments = serde_json::from_str(&assignments)
            .map_err(|error| StoreError::Damaged(format!("the assignments: {error}")))?;
        let public_key = evidence::PublicKey::from_bytes(&public_key)
            .map_err(|error| StoreError::Damaged(format!("the device's public key: {error}")))?;
        let log_key = LogPublicKey::from_hex(&log_key)
            .map_err(|error| StoreError::Damaged(format!("the log's public key: {error}")))?;
        let log = KnownLog::of(log_key, self.log_rotations()?)
            .ok_or_else(|| StoreError::Damaged("the changes of the log's key do not hold".into()))?;
        Ok(Some(Enrolment::new(endpoint, public_key, election, assignments, log)))
    }

    fn log_rotations(&self) -> Result<Vec<Rotation>, StoreError> {
        let rotations: Vec<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT rotation FROM log_rotation ORDER BY number")
            .and_then(|mut rotations| rotations.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the changes of the log's key"))?;
        rotations
            .iter()
            .map(|bytes| Rotation::from_bytes(bytes))
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::Damaged(format!("a change of the log's key: {error}")))
    }
}

impl Write<'_> {
    /// Notes that the log's key handed over.
    pub(crate) fn add_log_rotation(&self, rotation: &Rotation) -> Result<(), StoreError> {
        self.transaction
            .execute("INSERT INTO log_rotation (rotation) VALUES (?1)", params![rotation.to_bytes()])
            .map_err(doing("note that the log's key handed over"))?;
        Ok(())
    }

    /// Notes what the device joined.
    pub(crate) fn set_enrolment(&self, enrolment: &Enrolment, joined_at_ms: i64) -> Result<(), StoreError> {
        let json =
            |value: serde_json::Result<String>| value.map_err(|error| StoreError::Damaged(error.to_string()));
        self.transaction
            .execute(
                "INSERT INTO enrolment (only_one, endpoint, public_key, election, assignments, log_key, joined_at_ms)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    enrolment.endpoint,
                    enrolment.public_key.to_bytes(),
                    json(enrolment.election.to_json())?,
                    json(serde_json::to_string(&enrolment.assignments))?,
                    enrolment.log.pinned.to_hex(),
                    joined_at_ms,
                ],
            )
            .map_err(doing("note what was joined"))?;
        // Nothing can be in the inbox of a device that has just joined.
        self.postpone_inbox(joined_at_ms + 15 * 60_000)
    }
}
