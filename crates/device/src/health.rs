//! Damage that is found at the start: a database that is not consistent, and photos whose files are gone.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use evidence::PhotoHash;
use sha2::{Digest as _, Sha256};

use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::folder::{PhotoFolder, Picture};
use crate::store::{Store, copy};
use crate::sync_core::OutboxKind;
use crate::view::HealthView;

/// The setting that holds when the database was restored from its copy.
const RESTORED_AT: &str = "restored_at_ms";
/// The setting that holds the lowest sequence number that may be used after a restore.
pub(crate) const CHAIN_FLOOR: &str = "chain_floor";
/// Sequence numbers that are skipped after a restore. What was sealed after the copy has used numbers that
/// this device no longer knows. A gap can be explained; a fork looks like fraud.
const SKIPPED_NUMBERS: u64 = 1_000;

/// Opens the database. A damaged one is moved aside and replaced by its copy.
pub(crate) fn open_store(database: &Path, now_ms: i64) -> Result<Store, StoreError> {
    if copy::is_whole(database)? && !copy::is_gone_with_a_copy(database) {
        return Store::open(database);
    }
    let Some(damaged) = copy::restore(database)? else {
        return Err(StoreError::Damaged(format!(
            "{} is damaged and has no copy; nothing was changed, keep the file",
            database.display()
        )));
    };
    tracing::error!("the database was damaged and has been restored from its copy");
    let mut store = Store::open(database)?;
    store.write(|write| {
        write.set_setting(RESTORED_AT, &now_ms.to_string())?;
        let head = write.chain_head()?.map_or(0, |head| head.sequence);
        // The same copy may be restored twice. What was sealed in between has used numbers too.
        write.set_setting(CHAIN_FLOOR, &(head + damaged * SKIPPED_NUMBERS).to_string())
    })?;
    Ok(store)
}

/// Checks the photos that have not arrived. A derivative that is gone or damaged is made again from its
/// original, if that is whole: the same original always gives the same derivative.
pub(crate) fn mend_photos(store: &mut Store, photos: &PhotoFolder) -> Result<(), StoreError> {
    for waiting in store.photos_to_send()? {
        let lost = !is_there(photos, Picture::Derivative, waiting.derivative)
            && !mended(photos, waiting.original, waiting.derivative);
        if lost != waiting.lost {
            store.write(|write| write.set_photo_lost(OutboxKind::Own, waiting.derivative, lost))?;
        }
    }
    for waiting in store.originals_to_send()? {
        let lost = !is_there(photos, Picture::Original, waiting.original);
        if lost != waiting.lost {
            store.write(|write| write.set_photo_lost(OutboxKind::Original, waiting.original, lost))?;
        }
    }
    Ok(())
}

fn is_there(photos: &PhotoFolder, picture: Picture, hash: PhotoHash) -> bool {
    photos.read(picture, hash).is_ok_and(|bytes| Sha256::digest(&bytes)[..] == hash.0)
}

fn mended(photos: &PhotoFolder, original: PhotoHash, derivative: PhotoHash) -> bool {
    let Ok(bytes) = photos.read(Picture::Original, original) else { return false };
    let Ok(ingested) = sheet::ingest(&bytes) else { return false };
    ingested.derivative.hash == derivative.0
        && photos.write(Picture::Derivative, derivative, &ingested.derivative.bytes).is_ok()
}

impl Device {
    /// What is damaged on this device; all empty on a healthy one.
    pub(crate) fn health(&self, store: &Store) -> Result<HealthView, StoreError> {
        Ok(HealthView {
            restored_at_ms: store.setting(RESTORED_AT)?.and_then(|at| at.parse().ok()),
            lost_photos: store.lost_photos()?,
        })
    }

    /// Makes a copy of the database, if something was sealed since the last one. The sync calls it. The key
    /// is not in the copy.
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

/// The path of the database.
pub(crate) fn database_in(folder: &Path) -> PathBuf {
    folder.join("saksi.db")
}
