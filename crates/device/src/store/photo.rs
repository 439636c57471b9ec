//! Photos: part of a draft before sealing, bound to a statement afterwards.

use evidence::{PhotoHash, StatementId};
use rusqlite::{Row, params};

use super::outbox::EntryKey;
use super::statement::refusal;
use super::{Store, TallyKey, Write, doing, parsed};
use crate::error::StoreError;
use crate::model::SeenPhoto;
use crate::sync_core::OutboxKind;
use crate::view::{LostPhotoView, RefusalView};

/// The page of a photo whose page was not recognised, until the witness says which it is.
pub(crate) const PAGE_UNKNOWN: u8 = 0;

/// A photo on its way into the store. Its files are already on disk.
pub(crate) struct NewPhoto<'a> {
    pub(crate) tally_key: &'a TallyKey,
    pub(crate) page: u8,
    pub(crate) taken_at_ms: i64,
    pub(crate) original: PhotoHash,
    pub(crate) original_bytes: u64,
    pub(crate) derivative: PhotoHash,
    pub(crate) derivative_bytes: u64,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) seen: Option<&'a SeenPhoto>,
    pub(crate) drawn: bool,
}

/// A photo and the progress of its upload.
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
    /// Whether neither the derivative nor the original that it was made from is here.
    pub(crate) lost: bool,
    /// Whether the app drew it itself, in a drill.
    pub(crate) drawn: bool,
}

/// Which files of a photo another photo uses as well.
pub(crate) struct FilesInUse {
    pub(crate) original: bool,
    pub(crate) derivative: bool,
}

impl Store {
    /// All photos of `tally_key`, oldest first.
    pub(crate) fn photos(&self, tally_key: &TallyKey) -> Result<Vec<Photo>, StoreError> {
        photos(&self.connection, tally_key).map_err(doing("read the photos"))
    }

    /// The hashes of all sealed photos, each once.
    pub(crate) fn sealed_photos(&self) -> Result<Vec<PhotoHash>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT DISTINCT derivative FROM photo WHERE statement IS NOT NULL ORDER BY derivative",
            )
            .and_then(|mut photos| photos.query_map([], |row| Ok(PhotoHash(row.get(0)?)))?.collect())
            .map_err(doing("read the sealed photos"))
    }
}

/// A photo that has not arrived.
pub(crate) struct PhotoToSend {
    pub(crate) original: PhotoHash,
    pub(crate) derivative: PhotoHash,
    pub(crate) lost: bool,
}

impl Store {
    /// The photos that have not arrived, sealed or not.
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

    /// The photos whose files are gone before they arrived.
    pub(crate) fn lost_photos(&self) -> Result<Vec<LostPhotoView>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT DISTINCT station, contest, round, page FROM photo WHERE lost AND arrived_at_ms IS NULL
                 ORDER BY station, contest, round, page",
            )
            .and_then(|mut photos| {
                photos
                    .query_map([], |row| {
                        Ok(LostPhotoView {
                            station: parsed(row, "station")?,
                            contest: parsed(row, "contest")?,
                            round: row.get("round")?,
                            page: row.get("page")?,
                        })
                    })?
                    .collect()
            })
            .map_err(doing("read the lost photos"))
    }
}

impl Write<'_> {
    /// Notes that the file of a photo is gone, or that it is there again.
    pub(super) fn set_own_photo_lost(&self, derivative: PhotoHash, lost: bool) -> Result<(), StoreError> {
        self.run("UPDATE photo SET lost = ?2 WHERE derivative = ?1", params![derivative.0, lost])
            .map_err(doing("write that a photo is lost"))?;
        Ok(())
    }

    /// The photos of `tally_key` of the draft, oldest first.
    pub(crate) fn unsealed_photos(&self, tally_key: &TallyKey) -> Result<Vec<Photo>, StoreError> {
        let mut photos = photos(&self.transaction, tally_key).map_err(doing("read the photos"))?;
        photos.retain(|photo| photo.statement.is_none());
        Ok(photos)
    }

    /// All photos of `tally_key`, oldest first.
    pub(crate) fn photos(&self, tally_key: &TallyKey) -> Result<Vec<Photo>, StoreError> {
        photos(&self.transaction, tally_key).map_err(doing("read the photos"))
    }

    /// Moves an unsealed photo to another page.
    pub(crate) fn move_unsealed_photo(&self, id: i64, page: u8) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE photo SET page = ?2 WHERE id = ?1 AND statement IS NULL", params![id, page])
            .map_err(doing("move the photo to another page"))?;
        Ok(())
    }

    /// Adds a photo that no statement names yet. Returns its id.
    pub(crate) fn add_photo(&self, new: &NewPhoto<'_>) -> Result<i64, StoreError> {
        self.transaction
            .query_row(
                "INSERT INTO photo (station, contest, round, page, taken_at_ms, original, original_bytes,
                    derivative, derivative_bytes, width_px, height_px, seen, drawn)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) RETURNING id",
                params![
                    new.tally_key.station.to_string(),
                    new.tally_key.contest.as_str(),
                    new.tally_key.round,
                    new.page,
                    new.taken_at_ms,
                    new.original.0,
                    new.original_bytes,
                    new.derivative.0,
                    new.derivative_bytes,
                    new.width_px,
                    new.height_px,
                    new.seen.and_then(|seen| serde_json::to_string(seen).ok()),
                    new.drawn,
                ],
                |row| row.get(0),
            )
            .map_err(doing("store the photo"))
    }

    /// Removes an unsealed photo.
    pub(crate) fn delete_unsealed_photo(&self, id: i64) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM photo WHERE id = ?1 AND statement IS NULL", [id])
            .map_err(doing("remove the photo"))?;
        Ok(())
    }

    /// Whether a photo still uses these files.
    pub(crate) fn files_in_use(
        &self,
        original: PhotoHash,
        derivative: PhotoHash,
    ) -> Result<FilesInUse, StoreError> {
        self.transaction
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM photo WHERE original = ?1) AS original,
                        EXISTS (SELECT 1 FROM photo WHERE derivative = ?2)
                            OR EXISTS (SELECT 1 FROM carried_photo WHERE hash = ?2) AS derivative",
                params![original.0, derivative.0],
                |row| Ok(FilesInUse { original: row.get("original")?, derivative: row.get("derivative")? }),
            )
            .map_err(doing("look for other uses of the photo"))
    }

    /// Binds a photo to its statement and puts its bytes into the outbox.
    pub(crate) fn bind_photo(&self, photo: &Photo, statement: StatementId) -> Result<(), StoreError> {
        self.run("UPDATE photo SET statement = ?2 WHERE id = ?1", params![photo.id, statement.0])
            .map_err(doing("bind the photo to its record"))?;
        let key = EntryKey::photo(OutboxKind::Own, photo.derivative);
        self.add_to_outbox(key, photo.id, photo.derivative_bytes)?;
        // The same bytes may wait already for another page.
        self.make_due(key)?;
        if photo.lost { self.set_lost(key, true) } else { Ok(()) }
    }

    /// The endpoint has stored the whole photo.
    pub(super) fn own_photo_arrived(&self, hash: PhotoHash, now_ms: i64) -> Result<(), StoreError> {
        self.run(
            "UPDATE photo SET arrived_at_ms = ?2
             WHERE derivative = ?1 AND statement IS NOT NULL AND arrived_at_ms IS NULL",
            params![hash.0, now_ms],
        )
        .map_err(doing("write that the photo arrived"))?;
        Ok(())
    }
}

/// The progress and the refusal of a photo are those of its entry in the outbox.
const PHOTOS: &str =
    "SELECT p.id, p.page, p.taken_at_ms, p.original, p.original_bytes, p.derivative, p.derivative_bytes,
        p.width_px, p.height_px, p.statement, p.arrived_at_ms, p.seen, p.lost, p.drawn,
        iif(p.arrived_at_ms IS NULL, coalesce(o.sent_bytes, 0), p.derivative_bytes) AS sent_bytes,
        o.refusal_code, o.refusal_detail
    FROM photo p LEFT JOIN outbox o ON o.kind = 'own' AND o.item = 'photo' AND o.hash = p.derivative
        AND p.statement IS NOT NULL AND p.arrived_at_ms IS NULL
    WHERE p.station = ?1 AND p.contest = ?2 AND p.round = ?3 AND p.id > max(
        coalesce((SELECT max(after_photo) FROM attempt WHERE station = ?1 AND contest = ?2 AND round = ?3), 0),
        coalesce((SELECT since_photo FROM drill), 0))
    ORDER BY p.id";

fn photos(connection: &rusqlite::Connection, tally_key: &TallyKey) -> rusqlite::Result<Vec<Photo>> {
    connection
        .prepare_cached(PHOTOS)?
        .query_map(params![tally_key.station.to_string(), tally_key.contest.as_str(), tally_key.round], read)?
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
        lost: row.get("lost")?,
        drawn: row.get("drawn")?,
        seen: row.get::<_, Option<String>>("seen")?.and_then(|json| serde_json::from_str(&json).ok()),
    })
}
