//! Photos of the paper's pages.

use evidence::PhotoHash;
use tally::{ContestId, FieldCode, StationId};

use crate::Device;
use crate::entry::Sealer;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture;
use crate::seen::SeenPhoto;
use crate::store::{NewPhoto, Photo, Place};

/// The longest file that is taken in, in bytes.
const ORIGINAL_BYTES_MAX: usize = 64 * 1024 * 1024;

impl Device {
    /// Takes a photo of a page in. Before sealing it replaces the page's photo; after sealing it is sealed at once
    /// as a further photo of the newest tally.
    pub fn attach_photo(
        &self,
        station: &StationId,
        contest: &ContestId,
        page: u8,
        original: &[u8],
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        if !paper.form().pages.iter().any(|known| known.number == page) {
            return Err(DeviceError::NoSuchPage { contest: contest.clone(), page });
        }
        if original.len() > ORIGINAL_BYTES_MAX {
            return Err(sheet::PictureError::Damaged("the file is longer than 64 MB".into()).into());
        }
        // The slow part runs before the store is locked.
        let (intake, seen) = match enrolment.geometry(contest) {
            Some(form) => {
                let (intake, look) = sheet::take_in_and_look(original, form, page)?;
                (intake, Some(SeenPhoto::of(&look)))
            }
            None => (sheet::take_in(original)?, None),
        };
        let (original_hash, derivative) =
            (PhotoHash(intake.original_hash), PhotoHash(intake.derivative.hash));
        self.photos.write(Picture::Original, original_hash, original)?;
        self.photos.write(Picture::Derivative, derivative, &intake.derivative.bytes)?;

        let new = NewPhoto {
            place: &place,
            page,
            taken_at_ms: self.now_ms(),
            original: original_hash,
            original_bytes: original.len() as u64,
            derivative,
            derivative_bytes: intake.derivative.bytes.len() as u64,
            width_px: intake.derivative.width_px,
            height_px: intake.derivative.height_px,
            seen: seen.as_ref(),
        };
        // The keystore is asked only where something is sealed.
        let sealed_already = {
            let store = self.store();
            store.draft(&place)?.is_none() && !store.tallies(&place)?.is_empty()
        };
        let key = if sealed_already { self.key()? } else { None };
        let replaced = self.store().write(|write| {
            let sealed = write.tallies(&place)?.into_iter().next();
            let draft = write.draft(&place)?;
            let replaced: Vec<Photo> =
                write.unsealed_photos(&place)?.into_iter().filter(|photo| photo.page == page).collect();
            for photo in &replaced {
                write.delete_unsealed_photo(photo.id)?;
            }
            let id = write.add_photo(&new)?;
            match (sealed, draft, key) {
                (Some(tally), None, Some(key)) => {
                    let photo = write.unsealed_photos(&place)?.into_iter().find(|photo| photo.id == id);
                    let photo =
                        photo.ok_or_else(|| StoreError::Damaged("a photo just added is gone".into()))?;
                    let mut sealer = Sealer {
                        write,
                        enrolment: &enrolment,
                        station,
                        contest: Some(contest),
                        key: &key,
                        now_ms: new.taken_at_ms,
                    };
                    sealer.seal_photo(tally.id, &photo)?;
                }
                (Some(_), None, None) => {
                    return Err(StoreError::KeyLost.into());
                }
                _ => write.touch_draft(&place, new.taken_at_ms, None)?,
            }
            Ok::<_, DeviceError>(replaced)
        })?;
        self.clean_up(&replaced)?;
        self.wake();
        Ok(())
    }

    /// Takes a page's photo out of the draft. Sealed photos stay.
    pub fn remove_photo(
        &self,
        station: &StationId,
        contest: &ContestId,
        page: u8,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        enrolment.paper(&place)?;
        let removed = self.store().write(|write| {
            let removed: Vec<Photo> =
                write.unsealed_photos(&place)?.into_iter().filter(|photo| photo.page == page).collect();
            for photo in &removed {
                write.delete_unsealed_photo(photo.id)?;
            }
            Ok::<_, DeviceError>(removed)
        })?;
        self.clean_up(&removed)
    }

    /// Keeps the photo of page `from` for page `to`, and the one of `to`, if there is one, for `from`: the witness took
    /// the pages in another order. Sealed photos stay.
    pub fn move_photo(
        &self,
        station: &StationId,
        contest: &ContestId,
        from: u8,
        to: u8,
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        if !paper.form().pages.iter().any(|known| known.number == to) {
            return Err(DeviceError::NoSuchPage { contest: contest.clone(), page: to });
        }
        self.store().write(|write| {
            for photo in write.unsealed_photos(&place)? {
                match photo.page {
                    page if page == from => write.move_unsealed_photo(photo.id, to)?,
                    page if page == to => write.move_unsealed_photo(photo.id, from)?,
                    _ => {}
                }
            }
            Ok(())
        })
    }

    /// The piece of the photo on which the figure of `field` stands, seen straight, a small JPEG; `None` where no photo
    /// shows its page.
    pub fn crop(
        &self,
        station: &StationId,
        contest: &ContestId,
        field: &FieldCode,
    ) -> Result<Option<Vec<u8>>, DeviceError> {
        let enrolment = self.enrolment()?;
        let place = Place { station: station.clone(), contest: contest.clone() };
        let paper = enrolment.paper(&place)?;
        let (Some(form), Some(cell)) = (enrolment.geometry(contest), paper.field(field)) else {
            return Ok(None);
        };
        let photo = self.store().photos(&place)?.into_iter().rev().find(|photo| photo.page == cell.page);
        let Some(photo) = photo else { return Ok(None) };
        let lies = photo.seen.as_ref().filter(|seen| seen.page == Some(cell.page));
        let Some(lies) = lies.and_then(|seen| seen.lies(form)) else { return Ok(None) };
        let picture = sheet::Picture::open(&self.photos.read(Picture::Derivative, photo.derivative)?)?;
        Ok(sheet::crop(&picture, form, &lies, field.as_str())?.map(|crop| crop.jpeg))
    }

    /// The smaller picture of a photo, a JPEG.
    pub fn photo(&self, hash: PhotoHash) -> Result<Vec<u8>, DeviceError> {
        Ok(self.photos.read(Picture::Derivative, hash)?)
    }

    /// Takes the files of photos away that no row names any more.
    fn clean_up(&self, photos: &[Photo]) -> Result<(), DeviceError> {
        for photo in photos {
            let (original_used, derivative_used) =
                self.store().write(|write| write.uses(photo.original, photo.derivative))?;
            if !original_used {
                self.photos.remove(Picture::Original, photo.original)?;
            }
            if !derivative_used {
                self.photos.remove(Picture::Derivative, photo.derivative)?;
            }
        }
        Ok(())
    }
}
