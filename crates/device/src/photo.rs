//! Photos of the paper's pages.

use evidence::PhotoHash;
use protocol::limit;
use tally::{ContestId, FieldCode, Paper, StationId};

use crate::Device;
use crate::entry::Sealer;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture;
use crate::model::{Enrolment, SeenPhoto, TallyKey};
use crate::store::{NewPhoto, Photo, Write};

// The endpoint takes what the phone takes: a photo that is too large is refused before it costs mobile data.
const _: () = assert!(sheet::PIXELS_MAX == limit::ORIGINAL_PIXELS_MAX);

impl Device {
    /// Adds a photo of a page. Before sealing it replaces the page's photo. After sealing it is sealed at
    /// once, as a further photo of the newest tally.
    pub fn attach_photo(
        &self,
        station: &StationId,
        contest: &ContestId,
        page: u8,
        original: &[u8],
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let tally_key = TallyKey::new(station, contest);
        has_page(enrolment.paper(&tally_key)?, page)?;
        // The slow part runs before the store is locked.
        let files = self.write_files(&enrolment, contest, page, original)?;
        let new = files.photo_of(&tally_key, page, self.now_ms());
        // A keystore may ask the witness to unlock it, so it is used only if something is sealed.
        let key = if self.is_sealed(&tally_key)? { self.key()? } else { None };
        let replaced = self.store().write(|write| {
            let replaced = remove_draft_photos(write, &tally_key, page)?;
            let added = write.add_photo(&new)?;
            let tally = write.tallies(&tally_key)?.into_iter().next();
            match (tally, write.draft(&tally_key)?, key) {
                (Some(tally), None, Some(key)) => {
                    let mut sealer = Sealer {
                        write,
                        enrolment: &enrolment,
                        station,
                        contest: Some(contest),
                        key: &key,
                        now_ms: new.taken_at_ms,
                    };
                    sealer.seal_photo(tally.id, &draft_photo(write, &tally_key, added)?)?;
                }
                (Some(_), None, None) => return Err(StoreError::KeyLost.into()),
                _ => write.touch_draft(&tally_key, new.taken_at_ms, None)?,
            }
            Ok::<_, DeviceError>(replaced)
        })?;
        self.remove_unused_files(&replaced)?;
        self.wake();
        Ok(())
    }

    /// Removes a page's photo from the draft. Sealed photos stay.
    pub fn remove_photo(
        &self,
        station: &StationId,
        contest: &ContestId,
        page: u8,
    ) -> Result<(), DeviceError> {
        let tally_key = TallyKey::new(station, contest);
        self.enrolment()?.paper(&tally_key)?;
        let removed = self.store().write(|write| remove_draft_photos(write, &tally_key, page))?;
        self.remove_unused_files(&removed)
    }

    /// Moves the draft's photo of page `from` to page `to`, and the one of `to` to `from`: the witness took
    /// the pages in another order. Sealed photos stay.
    pub fn move_photo(
        &self,
        station: &StationId,
        contest: &ContestId,
        from: u8,
        to: u8,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let tally_key = TallyKey::new(station, contest);
        has_page(enrolment.paper(&tally_key)?, to)?;
        self.store().write(|write| {
            for photo in write.unsealed_photos(&tally_key)? {
                match photo.page {
                    page if page == from => write.move_unsealed_photo(photo.id, to)?,
                    page if page == to => write.move_unsealed_photo(photo.id, from)?,
                    _ => {}
                }
            }
            Ok(())
        })
    }

    /// The part of the photo that shows the figure of `field`, straightened, as a small JPEG; `None` if no
    /// photo shows its page.
    pub fn crop(
        &self,
        station: &StationId,
        contest: &ContestId,
        field: &FieldCode,
    ) -> Result<Option<Vec<u8>>, DeviceError> {
        let enrolment = self.enrolment()?;
        let tally_key = TallyKey::new(station, contest);
        let paper = enrolment.paper(&tally_key)?;
        let (Some(form), Some(cell)) = (enrolment.geometry(contest), paper.field(field)) else {
            return Ok(None);
        };
        let photos = self.store().photos(&tally_key)?;
        let Some(photo) = photos.into_iter().rev().find(|photo| photo.page == cell.page) else {
            return Ok(None);
        };
        let seen = photo.seen.as_ref().filter(|seen| seen.page == Some(cell.page));
        let Some(view) = seen.and_then(|seen| seen.page_view(form)) else { return Ok(None) };
        let picture = sheet::Picture::open(&self.photos.read(Picture::Derivative, photo.derivative)?)?;
        Ok(sheet::crop(&picture, form, &view, field.as_str())?.map(|crop| crop.jpeg))
    }

    /// The derivative of a photo, a JPEG.
    pub fn photo(&self, hash: PhotoHash) -> Result<Vec<u8>, DeviceError> {
        Ok(self.photos.read(Picture::Derivative, hash)?)
    }

    /// Makes the derivative, and writes both files.
    fn write_files(
        &self,
        enrolment: &Enrolment,
        contest: &ContestId,
        page: u8,
        original: &[u8],
    ) -> Result<PhotoFiles, DeviceError> {
        let original_bytes = original.len() as u64;
        if original_bytes > limit::ORIGINAL_BYTES {
            return Err(DeviceError::PhotoTooLarge {
                bytes: original_bytes,
                max_bytes: limit::ORIGINAL_BYTES,
            });
        }
        let (ingested, seen) = match enrolment.geometry(contest) {
            Some(form) => {
                let (ingested, look) = sheet::ingest_and_look(original, form, page)?;
                let seen = SeenPhoto::of(&look, ingested.cut_off);
                (ingested, Some(seen))
            }
            None => (sheet::ingest(original)?, None),
        };
        let files = PhotoFiles {
            original: PhotoHash(ingested.original_hash),
            original_bytes,
            derivative: PhotoHash(ingested.derivative.hash),
            derivative_bytes: ingested.derivative.bytes.len() as u64,
            width_px: ingested.derivative.width_px,
            height_px: ingested.derivative.height_px,
            seen,
        };
        self.photos.write(Picture::Original, files.original, original)?;
        self.photos.write(Picture::Derivative, files.derivative, &ingested.derivative.bytes)?;
        Ok(files)
    }

    fn is_sealed(&self, tally_key: &TallyKey) -> Result<bool, StoreError> {
        let store = self.store();
        Ok(store.draft(tally_key)?.is_none() && !store.tallies(tally_key)?.is_empty())
    }

    /// Removes the files of photos that no row names any more.
    fn remove_unused_files(&self, photos: &[Photo]) -> Result<(), DeviceError> {
        for photo in photos {
            let in_use = self.store().write(|write| write.files_in_use(photo.original, photo.derivative))?;
            if !in_use.original {
                self.photos.remove(Picture::Original, photo.original)?;
            }
            if !in_use.derivative {
                self.photos.remove(Picture::Derivative, photo.derivative)?;
            }
        }
        Ok(())
    }
}

/// The two files of a photo, which are on disk before a row names them.
struct PhotoFiles {
    original: PhotoHash,
    original_bytes: u64,
    derivative: PhotoHash,
    derivative_bytes: u64,
    width_px: u32,
    height_px: u32,
    seen: Option<SeenPhoto>,
}

impl PhotoFiles {
    fn photo_of<'a>(&'a self, tally_key: &'a TallyKey, page: u8, taken_at_ms: i64) -> NewPhoto<'a> {
        NewPhoto {
            tally_key,
            page,
            taken_at_ms,
            original: self.original,
            original_bytes: self.original_bytes,
            derivative: self.derivative,
            derivative_bytes: self.derivative_bytes,
            width_px: self.width_px,
            height_px: self.height_px,
            seen: self.seen.as_ref(),
        }
    }
}

fn has_page(paper: &Paper, page: u8) -> Result<(), DeviceError> {
    match paper.form().pages.iter().any(|known| known.number == page) {
        true => Ok(()),
        false => Err(DeviceError::NoSuchPage { contest: paper.contest().id.clone(), page }),
    }
}

/// Removes the rows of the draft's photos of a page, and returns them.
fn remove_draft_photos(write: &Write<'_>, tally_key: &TallyKey, page: u8) -> Result<Vec<Photo>, DeviceError> {
    let mut photos = write.unsealed_photos(tally_key)?;
    photos.retain(|photo| photo.page == page);
    for photo in &photos {
        write.delete_unsealed_photo(photo.id)?;
    }
    Ok(photos)
}

fn draft_photo(write: &Write<'_>, tally_key: &TallyKey, id: i64) -> Result<Photo, StoreError> {
    let photos = write.unsealed_photos(tally_key)?;
    photos
        .into_iter()
        .find(|photo| photo.id == id)
        .ok_or_else(|| StoreError::Damaged("the photo that was just added is missing".into()))
}
