//! Records and photos of other devices that this one carries as a courier. They are stored as they came,
//! apart from this device's own.

use evidence::{PhotoHash, PublicKey, StatementId};
use rusqlite::params;
use tally::StationId;

use super::outbox::EntryKey;
use super::{Store, Write, doing, optional, parsed};
use crate::error::StoreError;
use crate::sync_core::OutboxKind;
use crate::view::CarriedView;

/// A statement of another device on its way into the store.
pub(crate) struct NewCarried<'a> {
    pub(crate) id: StatementId,
    pub(crate) key: PublicKey,
    pub(crate) station: &'a str,
    pub(crate) bytes: &'a [u8],
}

impl Store {
    /// The bytes of all carried statements, in the order in which they came.
    pub(crate) fn carried_statements(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT bytes FROM carried_statement ORDER BY number")
            .and_then(|mut statements| statements.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the carried records"))
    }

    /// The keys of the devices that signed the carried records.
    pub(crate) fn carried_keys(&self) -> Result<Vec<PublicKey>, StoreError> {
        let keys: Vec<[u8; 32]> = self
            .connection
            .prepare_cached("SELECT DISTINCT public_key FROM carried_statement ORDER BY public_key")
            .and_then(|mut keys| keys.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the keys of the carried records"))?;
        keys.iter()
            .map(PublicKey::from_bytes)
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::Damaged(format!("a carried record's key: {error}")))
    }

    /// The hashes of all carried photos.
    pub(crate) fn carried_photos(&self) -> Result<Vec<PhotoHash>, StoreError> {
        self.connection
            .prepare_cached("SELECT hash FROM carried_photo ORDER BY hash")
            .and_then(|mut photos| photos.query_map([], |row| Ok(PhotoHash(row.get(0)?)))?.collect())
            .map_err(doing("read the carried photos"))
    }

    /// The size of everything that is carried, in bytes.
    pub(crate) fn carried_total_bytes(&self) -> Result<u64, StoreError> {
        self.connection
            .query_row(
                "SELECT (SELECT coalesce(sum(length(bytes)), 0) FROM carried_statement)
                    + (SELECT coalesce(sum(total_bytes), 0) FROM carried_photo)",
                [],
                |row| row.get(0),
            )
            .map_err(doing("measure what is carried"))
    }

    /// What is carried for each station, and how much of it has arrived.
    pub(crate) fn carried(&self) -> Result<Vec<CarriedView>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT s.station, count(*) AS records,
                    count(*) FILTER (WHERE s.state = 'proved') AS proved,
                    count(*) FILTER (WHERE s.state = 'refused') AS refused,
                    (SELECT count(*) FROM carried_photo p JOIN carried_statement o ON o.id = p.statement
                     WHERE o.station = s.station) AS photos,
                    (SELECT count(*) FROM carried_photo p JOIN carried_statement o ON o.id = p.statement
                     WHERE o.station = s.station AND p.arrived) AS photos_arrived
                 FROM carried_statement s GROUP BY s.station ORDER BY s.station",
            )
            .and_then(|mut stations| {
                stations
                    .query_map([], |row| {
                        let station: StationId = parsed(row, "station")?;
                        Ok(CarriedView {
                            kind: station.kind(),
                            number: station.number(),
                            station,
                            records: row.get("records")?,
                            proved: row.get("proved")?,
                            refused: row.get("refused")?,
                            photos: row.get("photos")?,
                            photos_arrived: row.get("photos_arrived")?,
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read what is carried"))
    }
}

impl Write<'_> {
    /// Adds a statement of another device, and its entry in the outbox. Whether it was not here before.
    pub(crate) fn carry_statement(&self, new: &NewCarried<'_>, now_ms: i64) -> Result<bool, StoreError> {
        let added = self.transaction.query_row(
            "INSERT INTO carried_statement (id, number, public_key, station, bytes, taken_at_ms)
             SELECT ?1, (SELECT coalesce(max(number), 0) + 1 FROM carried_statement), ?2, ?3, ?4, ?5
             WHERE NOT EXISTS (SELECT 1 FROM statement WHERE id = ?1)
             ON CONFLICT DO NOTHING RETURNING number",
            params![new.id.0, new.key.to_bytes(), new.station, new.bytes, now_ms],
            |row| row.get("number"),
        );
        let Some(number) = optional(added).map_err(doing("store a carried record"))? else {
            return Ok(false);
        };
        self.add_to_outbox(EntryKey::statement(OutboxKind::Carried, new.id), number, new.bytes.len() as u64)?;
        Ok(true)
    }

    /// Adds a photo of a carried statement, and its entry in the outbox. Whether it was not here before.
    pub(crate) fn carry_photo(
        &self,
        hash: PhotoHash,
        statement: StatementId,
        total_bytes: u64,
    ) -> Result<bool, StoreError> {
        let added = self.run(
            "INSERT INTO carried_photo (hash, statement, total_bytes)
             SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM carried_statement WHERE id = ?2)
             ON CONFLICT DO NOTHING",
            params![hash.0, statement.0, total_bytes],
        );
        if added.map_err(doing("store a carried photo"))? == 0 {
            return Ok(false);
        }
        let number = self
            .transaction
            .query_row("SELECT number FROM carried_statement WHERE id = ?1", [statement.0], |row| row.get(0))
            .map_err(doing("read a carried record"))?;
        self.add_to_outbox(EntryKey::photo(OutboxKind::Carried, hash), number, total_bytes)?;
        Ok(true)
    }

    /// The endpoint has stored the statement. Its position, if its receipt is wanted now.
    pub(super) fn accept_carried(&self, id: StatementId) -> Result<Option<i64>, StoreError> {
        let accepted = self.transaction.query_row(
            "UPDATE carried_statement SET state = 'arrived' WHERE id = ?1 AND state IN ('carried', 'refused')
             RETURNING number",
            [id.0],
            |row| row.get("number"),
        );
        optional(accepted).map_err(doing("write that a carried record arrived"))
    }

    /// The receipt of the statement was verified. Whether such a statement is carried.
    pub(super) fn prove_carried(&self, id: StatementId) -> Result<bool, StoreError> {
        self.run("UPDATE carried_statement SET state = 'proved' WHERE id = ?1", params![id.0])
            .map(|rows| rows > 0)
            .map_err(doing("write that a carried record is proved"))
    }

    /// The endpoint refused the statement. Whether it had not accepted it before.
    pub(super) fn refuse_carried(&self, id: StatementId) -> Result<bool, StoreError> {
        self.run(
            "UPDATE carried_statement SET state = 'refused'
             WHERE id = ?1 AND state IN ('carried', 'refused')",
            params![id.0],
        )
        .map(|rows| rows > 0)
        .map_err(doing("write that a carried record was refused"))
    }

    pub(super) fn carried_photo_arrived(&self, hash: PhotoHash) -> Result<(), StoreError> {
        self.run("UPDATE carried_photo SET arrived = 1 WHERE hash = ?1", params![hash.0])
            .map_err(doing("write that a carried photo arrived"))?;
        Ok(())
    }
}
