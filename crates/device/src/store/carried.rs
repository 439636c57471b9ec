//! What other devices signed and this one carries. It is held as it came, and never mixed with this device's own.

use evidence::{PhotoHash, PublicKey, StatementId};
use protocol::ProblemCode;
use rusqlite::params;
use tally::StationId;

use super::{Store, Write, doing, optional, parsed, word_of};
use crate::error::StoreError;
use crate::sync::{Item, PhotoItem, StatementItem, Waiting};
use crate::view::CarriedView;

/// A statement that is to be carried.
pub(crate) struct NewCarried<'a> {
    pub(crate) id: StatementId,
    pub(crate) key: PublicKey,
    pub(crate) station: &'a str,
    pub(crate) bytes: &'a [u8],
}

impl Store {
    /// Adds the carried statements that wait, for themselves or for their receipt, in the order in which they came.
    pub(super) fn carried_statements_waiting(&self, waiting: &mut Vec<Waiting>) -> rusqlite::Result<()> {
        let mut statements = self.connection.prepare_cached(
            "SELECT id, length(bytes) AS bytes, state, attempts, next_attempt_at_ms
             FROM carried_statement WHERE state <> 'proved' ORDER BY number",
        )?;
        for statement in statements.query_map([], |row| {
            let id = StatementId(row.get("id")?);
            let has_arrived = row.get::<_, String>("state")? == "arrived";
            Ok(Waiting {
                item: if has_arrived {
                    Item::Receipt(id)
                } else {
                    Item::Statement(StatementItem { id, bytes: row.get("bytes")? })
                },
                attempts: row.get("attempts")?,
                next_attempt_at_ms: row.get("next_attempt_at_ms")?,
            })
        })? {
            waiting.push(statement?);
        }
        Ok(())
    }

    /// Adds the carried photos that wait. A photo waits for its statement to arrive.
    pub(super) fn carried_photos_waiting(&self, waiting: &mut Vec<Waiting>) -> rusqlite::Result<()> {
        let mut photos = self.connection.prepare_cached(
            "SELECT p.hash, p.total_bytes, p.sent_bytes, p.attempts, p.next_attempt_at_ms
             FROM carried_photo p JOIN carried_statement s ON s.id = p.statement
             WHERE NOT p.arrived AND s.state IN ('arrived', 'proved') ORDER BY s.number",
        )?;
        for photo in photos.query_map([], |row| {
            Ok(Waiting {
                item: Item::Photo(PhotoItem {
                    original: false,
                    hash: PhotoHash(row.get("hash")?),
                    total_bytes: row.get("total_bytes")?,
                    sent_bytes: row.get("sent_bytes")?,
                }),
                attempts: row.get("attempts")?,
                next_attempt_at_ms: row.get("next_attempt_at_ms")?,
            })
        })? {
            waiting.push(photo?);
        }
        Ok(())
    }

    /// The bytes of a carried statement.
    pub(crate) fn carried_bytes(&self, id: StatementId) -> Result<Option<Vec<u8>>, StoreError> {
        optional(self.connection.query_row(
            "SELECT bytes FROM carried_statement WHERE id = ?1",
            [id.0],
            |row| row.get(0),
        ))
        .map_err(doing("read a carried record"))
    }

    /// The bytes of all carried statements, in the order in which they came.
    pub(crate) fn carried_statements(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT bytes FROM carried_statement ORDER BY number")
            .and_then(|mut statements| statements.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the carried records"))
    }

    /// The keys of the devices that signed what is carried.
    pub(crate) fn carried_keys(&self) -> Result<Vec<PublicKey>, StoreError> {
        let keys: Vec<[u8; 32]> = self
            .connection
            .prepare_cached("SELECT DISTINCT public_key FROM carried_statement ORDER BY public_key")
            .and_then(|mut keys| keys.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read whose records are carried"))?;
        keys.iter()
            .map(PublicKey::from_bytes)
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::Damaged(format!("a carried record's key: {error}")))
    }

    /// The names of all carried photos.
    pub(crate) fn carried_photos(&self) -> Result<Vec<PhotoHash>, StoreError> {
        self.connection
            .prepare_cached("SELECT hash FROM carried_photo ORDER BY hash")
            .and_then(|mut photos| photos.query_map([], |row| Ok(PhotoHash(row.get(0)?)))?.collect())
            .map_err(doing("read the carried photos"))
    }

    /// How much of the disk is taken by what is carried, in bytes.
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

    /// What is carried, for each station: how much, and how much of it has arrived.
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
    /// Takes a statement along; whether it was not here before.
    pub(crate) fn carry_statement(&self, new: &NewCarried<'_>, now_ms: i64) -> Result<bool, StoreError> {
        self.transaction
            .execute(
                "INSERT INTO carried_statement (id, number, public_key, station, bytes, taken_at_ms)
                 SELECT ?1, (SELECT coalesce(max(number), 0) + 1 FROM carried_statement), ?2, ?3, ?4, ?5
                 WHERE NOT EXISTS (SELECT 1 FROM statement WHERE id = ?1) ON CONFLICT DO NOTHING",
                params![new.id.0, new.key.to_bytes(), new.station, new.bytes, now_ms],
            )
            .map(|rows| rows > 0)
            .map_err(doing("take a record along"))
    }

    /// Takes a photo of a carried statement along; whether it was not here before.
    pub(crate) fn carry_photo(
        &self,
        hash: PhotoHash,
        statement: StatementId,
        total_bytes: u64,
    ) -> Result<bool, StoreError> {
        self.transaction
            .execute(
                "INSERT INTO carried_photo (hash, statement, total_bytes)
                 SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM carried_statement WHERE id = ?2)
                 ON CONFLICT DO NOTHING",
                params![hash.0, statement.0, total_bytes],
            )
            .map(|rows| rows > 0)
            .map_err(doing("take a photo along"))
    }

    pub(super) fn accept_carried(&self, id: StatementId) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE carried_statement SET state = 'arrived', attempts = 0, next_attempt_at_ms = 0,
                    refusal_code = NULL, refusal_detail = NULL
                 WHERE id = ?1 AND state IN ('carried', 'refused')",
                params![id.0],
            )
            .map_err(doing("note that a carried record arrived"))?;
        Ok(())
    }

    pub(super) fn prove_carried(&self, id: StatementId) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE carried_statement SET state = 'proved' WHERE id = ?1", params![id.0])
            .map_err(doing("note that a carried record is proved"))?;
        Ok(())
    }

    pub(super) fn refuse_carried(
        &self,
        id: StatementId,
        code: ProblemCode,
        detail: &str,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE carried_statement SET state = 'refused', refusal_code = ?2, refusal_detail = ?3
                 WHERE id = ?1 AND state IN ('carried', 'refused')",
                params![id.0, word_of(code), detail],
            )
            .map_err(doing("note that a carried record was refused"))?;
        Ok(())
    }

    pub(super) fn set_carried_photo_sent(&self, hash: PhotoHash, sent_bytes: u64) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE carried_photo SET sent_bytes = ?2 WHERE hash = ?1", params![hash.0, sent_bytes])
            .map_err(doing("note how far a carried photo has come"))?;
        Ok(())
    }

    pub(super) fn carried_photo_arrived(&self, hash: PhotoHash) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE carried_photo SET arrived = 1, sent_bytes = total_bytes,
                    refusal_code = NULL, refusal_detail = NULL WHERE hash = ?1",
                params![hash.0],
            )
            .map_err(doing("note that a carried photo arrived"))?;
        Ok(())
    }

    pub(super) fn refuse_carried_photo(
        &self,
        hash: PhotoHash,
        code: ProblemCode,
        detail: &str,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE carried_photo SET refusal_code = ?2, refusal_detail = ?3
                 WHERE hash = ?1 AND NOT arrived",
                params![hash.0, word_of(code), detail],
            )
            .map_err(doing("note that a carried photo was refused"))?;
        Ok(())
    }

    pub(super) fn postpone_carried(
        &self,
        item: &Item,
        attempts: u32,
        next_attempt_at_ms: i64,
    ) -> Result<(), StoreError> {
        let changed = match item {
            Item::Statement(StatementItem { id, .. }) | Item::Receipt(id) => self.transaction.execute(
                "UPDATE carried_statement SET attempts = ?2, next_attempt_at_ms = ?3 WHERE id = ?1",
                params![id.0, attempts, next_attempt_at_ms],
            ),
            Item::Photo(photo) => self.transaction.execute(
                "UPDATE carried_photo SET attempts = ?2, next_attempt_at_ms = ?3 WHERE hash = ?1",
                params![photo.hash.0, attempts, next_attempt_at_ms],
            ),
        };
        changed.map_err(doing("note when to try a carried thing again"))?;
        Ok(())
    }
}
