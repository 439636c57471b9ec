//! Photos that were taken in: before sealing part of a draft, after it bound to a statement.

use evidence::{PhotoHash, StatementId};
use protocol::ProblemCode;
use rusqlite::{Row, params};

use super::statement::refusal;
use super::{Place, Store, Write, doing, parsed, word_of};
use crate::error::StoreError;
use crate::seen::SeenPhoto;
use crate::view::{LostPhotoView, RefusalView};

/// A photo on its way into the store; its files are already on disk.
pub(crate) struct NewPhoto<'a> {
    pub(crate) place: &'a Place,
    pub(crate) page: u8,
    pub(crate) taken_at_ms: i64,
    pub(crate) original: PhotoHash,
    pub(crate) original_bytes: u64,
    pub(crate) derivative: PhotoHash,
    pub(crate) derivative_bytes: u64,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) seen: Option<&'a SeenPhoto>,
}

/// A photo and how far it has come.
#[derive(Debug, Clone)]
pub(crate) struct Photo {
    pub(crate) id: i64,
    pub(crate) page: u8,
    pub(crate) taken_at_ms: i64,
    pub(crate) original: PhotoHash,
    pub(crate) original_bytes: u64,
    pub(crate) derivative: PhotoHash,
    pub(crate) derivative_bytes: u64,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) statement: Option<StatementId>,
    pub(crate) sent_bytes: u64,
    pub(crate) arrived: bool,
    pub(crate) refusal: Option<RefusalView>,
    pub(crate) seen: Option<SeenPhoto>,
}

impl Store {
    /// All photos of `place`, oldest first.
    pub(crate) fn photos(&self, place: &Place) -> Result<Vec<Photo>, StoreError> {
        photos(&self.connection, place).map_err(doing("read the photos"))
    }
}

impl Store {
    /// The names of all sealed photos, each once.
    pub(crate) fn sealed_photos(&self) -> Result<Vec<PhotoHash>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT DISTINCT derivative FROM photo WHERE statement IS NOT NULL ORDER BY derivative",
            )
            .and_then(|mut photos| photos.query_map([], |row| Ok(PhotoHash(row.get(0)?)))?.collect())
            .map_err(doing("read the sealed photos"))
    }
}

/// A photo whose bytes still have to reach the endpoint.
pub(crate) struct PhotoToSend {
    pub(crate) original: PhotoHash,
    pub(crate) derivative: PhotoHash,
    pub(crate) lost: bool,
}

impl Store {
    /// The photos that still have to reach the endpoint, sealed or not.
    pub(crate) fn photos_to_send(&self) -> Result<Vec<PhotoToSend>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT DISTINCT original, derivative, lost FROM photo WHERE arrived_at_ms IS NULL",
            )
            .and_then(|mut photos| {
                photos
                    .query_map([], |row| {
                        Ok(PhotoToSend {
                            original: PhotoHash(row.get("original")?),
                            derivative: PhotoHash(row.get("derivative")?),
                            lost: row.get("lost")?,
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read the photos to send"))
    }

    /// The photos of which nothing can be sent any more.
    pub(crate) fn lost_photos(&self) -> Result<Vec<LostPhotoView>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT DISTINCT station, contest, page FROM photo WHERE lost AND arrived_at_ms IS NULL
                 ORDER BY station, contest, page",
            )
            .and_then(|mut photos| {
                photos
                    .query_map([], |row| {
                        Ok(LostPhotoView {
                            station: parsed(row, "station")?,
                            contest: parsed(row, "contest")?,
                            page: row.get("page")?,
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read which photos are lost"))
    }
}

impl Write<'_> {
    /// Notes that nothing of a photo can be sent any more, or that it can again.
    pub(crate) fn set_photo_lost(&self, derivative: PhotoHash, lost: bool) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE photo SET lost = ?2 WHERE derivative = ?1", params![derivative.0, lost])
            .map_err(doing("note that a photo is lost"))?;
        Ok(())
    }

    /// The photos of `place` that wait for their tally to be sealed, oldest first.
    pub(crate) fn unsealed_photos(&self, place: &Place) -> Result<Vec<Photo>, StoreError> {
        let mut photos = photos(&self.transaction, place).map_err(doing("read the photos"))?;
        photos.retain(|photo| photo.statement.is_none());
        Ok(photos)
    }

    /// All photos of `place`, oldest first.
    pub(crate) fn photos(&self, place: &Place) -> Result<Vec<Photo>, StoreError> {
        photos(&self.transaction, place).map_err(doing("read the photos"))
    }

    /// Keeps an unsealed photo for another page.
    pub(crate) fn move_unsealed_photo(&self, id: i64, page: u8) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE photo SET page = ?2 WHERE id = ?1 AND statement IS NULL", params![id, page])
            .map_err(doing("keep the photo for another page"))?;
        Ok(())
    }

    /// Adds a photo that no statement names yet, and gives its row's number.
    pub(crate) fn add_photo(&self, new: &NewPhoto<'_>) -> Result<i64, StoreError> {
        self.transaction
            .query_row(
                "INSERT INTO photo (station, contest, page, taken_at_ms, original, original_bytes,
                    derivative, derivative_bytes, width_px, height_px, seen)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
                params![
                    new.place.station.to_string(),
                    new.place.contest.as_str(),
                    new.page,
                    new.taken_at_ms,
                    new.original.0,
                    new.original_bytes,
                    new.derivative.0,
                    new.derivative_bytes,
                    new.width_px,
                    new.height_px,
                    new.seen.and_then(|seen| serde_json::to_string(seen).ok()),
                ],
                |row| row.get(0),
            )
            .map_err(doing("note the photo"))
    }

    /// Takes an unsealed photo away.
    pub(crate) fn delete_unsealed_photo(&self, id: i64) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM photo WHERE id = ?1 AND statement IS NULL", [id])
            .map_err(doing("take the photo away"))?;
        Ok(())
    }

    /// Whether any photo still uses these bytes.
    pub(crate) fn uses(
        &self,
        original: PhotoHash,
        derivative: PhotoHash,
    ) -> Result<(bool, bool), StoreError> {
        self.transaction
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM photo WHERE original = ?1),
                        EXISTS (SELECT 1 FROM photo WHERE derivative = ?2)
                            OR EXISTS (SELECT 1 FROM carried_photo WHERE hash = ?2)",
                params![original.0, derivative.0],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(doing("look for other uses of the photo"))
    }

    /// Binds a photo to its statement and puts its bytes into the outbox.
    pub(crate) fn bind_photo(&self, id: i64, statement: StatementId) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE photo SET statement = ?2 WHERE id = ?1", params![id, statement.0])
            .and_then(|_| self.transaction.execute("INSERT INTO outbox (photo) VALUES (?1)", params![id]))
            .map_err(doing("bind the photo to its record"))?;
        Ok(())
    }

    /// Notes how much of a photo the endpoint holds.
    pub(crate) fn set_photo_sent(&self, hash: PhotoHash, sent_bytes: u64) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE photo SET sent_bytes = ?2 WHERE derivative = ?1", params![hash.0, sent_bytes])
            .map_err(doing("note how far the photo has come"))?;
        Ok(())
    }

    /// All of the photo is at the endpoint.
    pub(crate) fn photo_arrived(&self, hash: PhotoHash, now_ms: i64) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE photo SET sent_bytes = derivative_bytes, arrived_at_ms = ?2,
                    refusal_code = NULL, refusal_detail = NULL
                 WHERE derivative = ?1 AND statement IS NOT NULL AND arrived_at_ms IS NULL",
                params![hash.0, now_ms],
            )
            .and_then(|_| {
                self.transaction.execute(
                    "DELETE FROM outbox WHERE photo IN (SELECT id FROM photo WHERE derivative = ?1)",
                    params![hash.0],
                )
            })
            .map_err(doing("note that the photo arrived"))?;
        Ok(())
    }

    /// The endpoint does not take the photo. It stays, with the reason.
    pub(crate) fn refuse_photo(
        &self,
        hash: PhotoHash,
        code: ProblemCode,
        detail: &str,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE photo SET refusal_code = ?2, refusal_detail = ?3
                 WHERE derivative = ?1 AND statement IS NOT NULL AND arrived_at_ms IS NULL",
                params![hash.0, word_of(code), detail],
            )
            .map_err(doing("note that the photo was refused"))?;
        Ok(())
    }
}

fn photos(connection: &rusqlite::Connection, place: &Place) -> rusqlite::Result<Vec<Photo>> {
    connection
        .prepare_cached(
            "SELECT id, page, taken_at_ms, original, original_bytes, derivative, derivative_bytes,
                width_px, height_px, statement, sent_bytes, arrived_at_ms, refusal_code, refusal_detail, seen
             FROM photo WHERE station = ?1 AND contest = ?2 ORDER BY id",
        )?
        .query_map([place.station.to_string().as_str(), place.contest.as_str()], read)?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Photo> {
    Ok(Photo {
        id: row.get("id")?,
        page: row.get("page")?,
        taken_at_ms: row.get("taken_at_ms")?,
        original: PhotoHash(row.get("original")?),
        original_bytes: row.get("original_bytes")?,
        derivative: PhotoHash(row.get("derivative")?),
        derivative_bytes: row.get("derivative_bytes")?,
        width_px: row.get("width_px")?,
        height_px: row.get("height_px")?,
        statement: row.get::<_, Option<[u8; 32]>>("statement")?.map(StatementId),
        sent_bytes: row.get("sent_bytes")?,
        arrived: row.get::<_, Option<i64>>("arrived_at_ms")?.is_some(),
        refusal: refusal(row)?,
        seen: row.get::<_, Option<String>>("seen")?.and_then(|json| serde_json::from_str(&json).ok()),
    })
}
