//! Damage, found at the start and told in plain words: a database that does not hold together, photos that are gone.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use evidence::PhotoHash;
use sha2::{Digest as _, Sha256};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::folder::{PhotoFolder, Picture};
use crate::store::{Store, copy};
use crate::view::HealthView;

/// When the database was put back from its copy.
const RESTORED_AT: &str = "restored_at_ms";
/// The lowest sequence number that may be given after that.
pub(crate) const CHAIN_FLOOR: &str = "chain_floor";
/// What was sealed after the copy and is lost with the damaged database has taken numbers of the chain. They are not given
/// again: a gap is seen and can be explained, and a fork looks like fraud.
const SKIPPED_NUMBERS: u64 = 1_000;

/// Opens the database; a damaged one is put aside, and its copy takes its place.
pub(crate) fn open_store(database: &Path, now_ms: i64) -> Result<Store, StoreError> {
    if copy::is_whole(database)? && !copy::is_gone_with_a_copy(database) {
        return Store::open(database);
    }
    let Some(times) = copy::restore(database)? else {
        return Err(StoreError::Damaged(format!(
            "{} is damaged and there is no copy of it; nothing was changed, keep the file",
            database.display()
        )));
    };
    tracing::error!("the database was damaged; its copy is in its place");
    let mut store = Store::open(database)?;
    store.write(|write| {
        write.set_setting(RESTORED_AT, &now_ms.to_string())?;
        let head = write.chain_head()?.map_or(0, |(sequence, _)| sequence);
        // The same copy may come back twice: what was sealed in between has taken numbers too.
        write.set_setting(CHAIN_FLOOR, &(head + times * SKIPPED_NUMBERS).to_string())
    })?;
    Ok(store)
}

/// Looks over the photos that still have to be sent. A picture that is gone or damaged is made again from its original,
/// where that is whole: the same bytes always give the same picture.
pub(crate) fn mend_photos(store: &mut Store, photos: &PhotoFolder) -> Result<(), StoreError> {
    for waiting in store.photos_to_send()? {
        let lost = !is_there(photos, Picture::Derivative, waiting.derivative)
            && !mended(photos, waiting.original, waiting.derivative);
        if lost != waiting.lost {
            store.write(|write| write.set_photo_lost(waiting.derivative, lost))?;
        }
    }
    for (original, was_lost) in store.originals_to_send()? {
        let lost = !is_there(photos, Picture::Original, original);
        if lost != was_lost {
            store.write(|write| write.set_original_lost(original, lost))?;
        }
    }
    Ok(())
}

fn is_there(photos: &PhotoFolder, picture: Picture, hash: PhotoHash) -> bool {
    photos.read(picture, hash).is_ok_and(|bytes| Sha256::digest(&bytes)[..] == hash.0)
}

fn mended(photos: &PhotoFolder, original: PhotoHash, derivative: PhotoHash) -> bool {
    let Ok(bytes) = photos.read(Picture::Original, original) else { return false };
    let Ok(intake) = sheet::take_in(&bytes) else { return false };
    intake.derivative.hash == derivative.0
        && photos.write(Picture::Derivative, derivative, &intake.derivative.bytes).is_ok()
}

impl Device {
    /// What is damaged on this device; all empty on a healthy one.
    pub(crate) fn health(&self, store: &Store) -> Result<HealthView, StoreError> {
        Ok(HealthView {
            restored_at_ms: store.setting(RESTORED_AT)?.and_then(|at| at.parse().ok()),
            lost_photos: store.lost_photos()?,
        })
    }

    /// Keeps a copy of the database, if something was sealed since the last one. The sync does it in passing; the key is
    /// not in it.
    pub fn keep_copy(&self) -> Result<(), DeviceError> {
        if self.copy_due.swap(false, Ordering::SeqCst)
            && let Err(error) = self.store().keep_copy(&self.database)
        {
            self.copy_due.store(true, Ordering::SeqCst);
            return Err(error.into());
        }
        Ok(())
    }
}

/// Where the database is.
pub(crate) fn database_in(folder: &Path) -> PathBuf {
    folder.join("saksi.db")
}
