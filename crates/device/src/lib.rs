//! The witness's side: a store on disk, drafts, sealing, the outbox and its sync.
//!
//! Everything the app can do is a method of [`Device`]; the shell around it only passes calls on, and the screens
//! only show what [`view`] holds.
//!
//! Invariants:
//! - What a method has answered is on disk: after SIGKILL the next [`Device::open`] finds it.
//! - What was sealed is never deleted or changed, whatever the endpoint answers.
//! - Sealing is one transaction: the statement's bytes, its place in the chain, and its place in the outbox.
//! - Nothing is ordered or decided by the device's clock but when to try again, and a clock that jumps cannot stop
//!   that.
//! - Clock, randomness and transport are arguments.

mod account;
mod carry;
mod carrying;
mod enrolment;
mod entry;
mod error;
mod folder;
mod health;
mod keyfile;
mod keystore;
mod life;
mod outside;
mod photo;
mod proof;
#[cfg(feature = "sabotage")]
pub mod sabotage;
#[cfg(not(feature = "sabotage"))]
mod sabotage;
mod screens;
mod seen;
mod store;
pub mod sync;
pub mod view;

pub use carry::Bundle;
pub use enrolment::Invitation;
pub use error::{DeviceError, StoreError};
pub use keystore::{Keystore, KeystoreError, MemoryKeystore, NoKeystore};
pub use life::{LifeState, TransitionError, life_diagram};
pub use outside::{Clock, Outside, Random, RandomError, SystemClock, SystemRandom};

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::enrolment::Enrolment;
use crate::folder::PhotoFolder;
use crate::keyfile::KeyFile;
use crate::store::Store;

/// One device: its store, its photos, its key. All methods take `&self` and may be called from any thread.
pub struct Device {
    store: Mutex<Store>,
    photos: PhotoFolder,
    key_file: KeyFile,
    enrolment: RwLock<Option<Arc<Enrolment>>>,
    outside: Outside,
    wake: tokio::sync::Notify,
    sending: std::sync::atomic::AtomicBool,
    /// Whether what is sent costs the witness money.
    metered: std::sync::atomic::AtomicBool,
    database: std::path::PathBuf,
    /// Whether something was sealed since the last copy of the database.
    copy_due: std::sync::atomic::AtomicBool,
}

impl Device {
    /// Opens the device that lives in `folder`, which is made if it is not there.
    pub fn open(folder: &Path, outside: Outside) -> Result<Self, DeviceError> {
        std::fs::create_dir_all(folder).map_err(|source| StoreError::File {
            doing: "make the data folder",
            path: folder.to_owned(),
            source,
        })?;
        let database = health::database_in(folder);
        let mut store = health::open_store(&database, outside.clock.now_ms())?;
        let photos = PhotoFolder::open(&folder.join("photos"))?;
        health::mend_photos(&mut store, &photos)?;
        let enrolment = store.enrolment()?.map(Arc::new);
        Ok(Self {
            store: Mutex::new(store),
            photos,
            key_file: KeyFile::at(folder.join("device.key"), Arc::clone(&outside.keystore)),
            enrolment: RwLock::new(enrolment),
            outside,
            wake: tokio::sync::Notify::new(),
            sending: std::sync::atomic::AtomicBool::new(false),
            metered: std::sync::atomic::AtomicBool::new(true),
            database,
            // After a crash nobody knows.
            copy_due: std::sync::atomic::AtomicBool::new(true),
        })
    }

    /// Lets the database grow by so many pages and no more, as a full disk would; for tests.
    #[cfg(feature = "sabotage")]
    pub fn limit_disk(&self, more_pages: u32) -> Result<(), DeviceError> {
        Ok(self.store().limit_pages(more_pages)?)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic elsewhere cannot leave the store half changed: every change is a transaction.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enrolment(&self) -> Result<Arc<Enrolment>, DeviceError> {
        self.enrolment.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(DeviceError::NotJoined)
    }

    /// Reads anew what was joined: something of it changed.
    fn read_enrolment(&self) -> Result<(), StoreError> {
        let enrolment = self.store().enrolment()?.map(Arc::new);
        *self.enrolment.write().unwrap_or_else(PoisonError::into_inner) = enrolment;
        Ok(())
    }

    /// The device's secret key, if it has one.
    fn key(&self) -> Result<Option<evidence::DeviceKey>, DeviceError> {
        self.key_file.read(self.outside.random.as_ref())
    }

    fn now_ms(&self) -> i64 {
        self.outside.clock.now_ms()
    }
}
