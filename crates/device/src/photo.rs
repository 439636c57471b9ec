//! Photos of the paper's pages.

use evidence::PhotoHash;
use protocol::limit;
use tally::{FieldCode, Paper};

use crate::Device;
use crate::entry::{SealedFor, Sealer};
use crate::error::{DeviceError, StoreError, error_chain};
use crate::folder::Picture;
use crate::model::{Enrolment, SeenPhoto, TallyKey};
use crate::store::{NewPhoto, PAGE_UNKNOWN, Photo, Write};
use crate::view::{FailedPhoto, Failure};

// The endpoint takes what the phone takes: a photo that is too large is refused before it costs mobile data.
const _: () = assert!(sheet::PIXELS_MAX == limit::ORIGINAL_PIXELS_MAX);

impl Device {
    /// Adds a photo of a page. Before sealing it replaces the page's photo. After sealing it is sealed at
    /// once, as a further photo of the newest tally.
    pub fn attach_photo(&self, tally_key: &TallyKey, page: u8, original: &[u8]) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        has_page(enrolment.paper(tally_key)?, page)?;
        // The slow part runs before the store is locked.
        let files = self.write_files(&enrolment, tally_key, original)?;
        self.add_to_page(&enrolment, &files.photo_of(tally_key, page, self.now_ms()))
    }

    /// Adds the photo of a page that the app has drawn itself, and marks it so.
    pub(crate) fn attach_drawn(
        &self,
        tally_key: &TallyKey,
        page: u8,
        drawn: &[u8],
    ) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        has_page(enrolment.paper(tally_key)?, page)?;
        let files = self.write_files(&enrolment, tally_key, drawn)?;
        let photo = NewPhoto { drawn: true, ..files.photo_of(tally_key, page, self.now_ms()) };
        self.add_to_page(&enrolment, &photo)
    }

    /// Adds a photo to the page that is recognised in it. A photo whose page is not recognised waits for the
    /// witness to say which it is, and so does one that is worse than the present photo of its page.
    pub fn add_photo(&self, tally_key: &TallyKey, original: &[u8]) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let files = self.write_files(&enrolment, tally_key, original)?;
        let page = files.seen.as_ref().and_then(|seen| seen.page).filter(|page| paper.page(*page).is_some());
        let page = match page {
            Some(page) if !self.has_better_photo(tally_key, page, &files)? => page,
            _ => PAGE_UNKNOWN,
        };
        self.add_to_page(&enrolment, &files.photo_of(tally_key, page, self.now_ms()))
    }

    /// Adds several photos in any order, each to the page that is recognised in it. One that cannot be used
    /// does not stop the others.
    pub fn add_photos(
        &self,
        tally_key: &TallyKey,
        originals: &[&[u8]],
    ) -> Result<Vec<FailedPhoto>, DeviceError> {
        self.enrolment()?.paper(tally_key)?;
        let mut failed = Vec::new();
        for (index, original) in (0..).zip(originals) {
            if let Err(error) = self.add_photo(tally_key, original) {
                tracing::warn!(error = error_chain(&error), index, "a photo cannot be used");
                failed.push(FailedPhoto { index, failure: Failure::from(&error) });
            }
        }
        Ok(failed)
    }

    /// Puts a photo that waits for its page on `page`. The draft's photo of that page then waits in its
    /// place. After sealing, the photo is sealed at once.
    pub fn assign_photo(&self, tally_key: &TallyKey, photo: PhotoHash, page: u8) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        has_page(enrolment.paper(tally_key)?, page)?;
        let key = if self.is_sealed(tally_key)? { self.key()? } else { None };
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let waiting = waiting_photo(write, tally_key, photo)?;
            for present in write.unsealed_photos(tally_key)?.iter().filter(|one| one.page == page) {
                write.move_unsealed_photo(present.id, PAGE_UNKNOWN)?;
            }
            write.move_unsealed_photo(waiting.id, page)?;
            seal_late_photo(write, &enrolment, tally_key, key.as_ref(), waiting.id, now_ms)
        })?;
        self.wake();
        Ok(())
    }

    /// Removes a photo that waits for its page.
    pub fn discard_photo(&self, tally_key: &TallyKey, photo: PhotoHash) -> Result<(), DeviceError> {
        self.enrolment()?.paper(tally_key)?;
        let removed = self.store().write(|write| {
            let waiting = waiting_photo(write, tally_key, photo)?;
            write.delete_unsealed_photo(waiting.id)?;
            Ok::<_, DeviceError>(waiting)
        })?;
        self.remove_unused_files(&[removed])
    }

    fn add_to_page(&self, enrolment: &Enrolment, new: &NewPhoto<'_>) -> Result<(), DeviceError> {
        let tally_key = new.tally_key;
        // A keystore may ask the witness to unlock it, so it is used only if something is sealed.
        let key = if self.is_sealed(tally_key)? { self.key()? } else { None };
        let replaced = self.store().write(|write| {
            let replaced = remove_draft_photos(write, tally_key, new.page)?;
            let added = write.add_photo(new)?;
            seal_late_photo(write, enrolment, tally_key, key.as_ref(), added, new.taken_at_ms)?;
            Ok::<_, DeviceError>(replaced)
        })?;
        self.remove_unused_files(&replaced)?;
        self.wake();
        Ok(())
    }

    /// Whether the page has a photo in the draft with fewer issues than a new one.
    fn has_better_photo(
        &self,
        tally_key: &TallyKey,
        page: u8,
        new: &PhotoFiles,
    ) -> Result<bool, DeviceError> {
        let issues = |seen: Option<&SeenPhoto>| seen.map_or(0, |seen| seen.issues.len());
        let photos = self.store().photos(tally_key)?;
        let mut present = photos.iter().filter(|photo| photo.page == page && photo.statement.is_none());
        Ok(present.any(|photo| issues(photo.seen.as_ref()) < issues(new.seen.as_ref())))
    }

    /// Removes a page's photo from the draft. Sealed photos stay.
    pub fn remove_photo(&self, tally_key: &TallyKey, page: u8) -> Result<(), DeviceError> {
        self.enrolment()?.paper(tally_key)?;
        let removed = self.store().write(|write| remove_draft_photos(write, tally_key, page))?;
        self.remove_unused_files(&removed)
    }

    /// Moves the draft's photo of page `from` to page `to`, and the one of `to` to `from`: the witness took
    /// the pages in another order. Sealed photos stay.
    pub fn move_photo(&self, tally_key: &TallyKey, from: u8, to: u8) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        has_page(enrolment.paper(tally_key)?, to)?;
        self.store().write(|write| {
            for photo in write.unsealed_photos(tally_key)? {
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
    pub fn crop(&self, tally_key: &TallyKey, field: &FieldCode) -> Result<Option<Vec<u8>>, DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let (Some(form), Some(cell)) = (enrolment.geometry(tally_key), paper.field(field)) else {
            return Ok(None);
        };
        let photos = self.store().photos(tally_key)?;
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
        tally_key: &TallyKey,
        original: &[u8],
    ) -> Result<PhotoFiles, DeviceError> {
        let original_bytes = original.len() as u64;
        if original_bytes > limit::ORIGINAL_BYTES {
            return Err(DeviceError::PhotoTooLarge {
                bytes: original_bytes,
                max_bytes: limit::ORIGINAL_BYTES,
            });
        }
        let (ingested, seen) = match enrolment.geometry(tally_key) {
            Some(form) => {
                let (ingested, look) = sheet::ingest_and_look(original, form, PAGE_UNKNOWN)?;
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
            drawn: false,
        }
    }
}

fn has_page(paper: &Paper, page: u8) -> Result<(), DeviceError> {
    match paper.page(page).is_some() {
        true => Ok(()),
        false => Err(DeviceError::NoSuchPage { contest: paper.contest().id.clone(), page }),
    }
}

/// Seals a photo that was added to a sealed tally. In a draft, writes that something was changed.
fn seal_late_photo(
    write: &Write<'_>,
    enrolment: &Enrolment,
    tally_key: &TallyKey,
    key: Option<&evidence::DeviceKey>,
    id: i64,
    now_ms: i64,
) -> Result<(), DeviceError> {
    let tally = write.tallies(tally_key)?.into_iter().next();
    match (tally, write.draft(tally_key)?) {
        (Some(tally), None) => {
            let photo = draft_photo(write, tally_key, id)?;
            if photo.page == PAGE_UNKNOWN {
                return Ok(());
            }
            let key = key.ok_or(StoreError::KeyLost)?;
            Sealer { write, enrolment, of: SealedFor::Tally(tally_key), key, now_ms }
                .seal_photo(tally.id, &photo)
        }
        _ => Ok(write.touch_draft(tally_key, now_ms, None)?),
    }
}

/// A photo of the draft that waits for its page, by the hash of its derivative.
fn waiting_photo(write: &Write<'_>, tally_key: &TallyKey, hash: PhotoHash) -> Result<Photo, DeviceError> {
    let mut photos = write.unsealed_photos(tally_key)?.into_iter();
    photos
        .find(|photo| photo.page == PAGE_UNKNOWN && photo.derivative == hash)
        .ok_or_else(|| DeviceError::NoSuchPhoto { contest: tally_key.contest.clone() })
}

/// Removes the rows of the draft's photos of a page, and returns them.
fn remove_draft_photos(write: &Write<'_>, tally_key: &TallyKey, page: u8) -> Result<Vec<Photo>, DeviceError> {
    if page == PAGE_UNKNOWN {
        return Ok(Vec::new());
    }
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
