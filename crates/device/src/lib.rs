//! The witness's device: its store, drafts, sealing, the outbox and its sync.
//!
//! Everything that the app can do is a method of [`Device`]. The shell only calls them, and the screens only
//! show [`view`].
//!
//! Invariants:
//! - What a method has returned is on disk: after SIGKILL the next [`Device::open`] finds it.
//! - What was sealed is never deleted or changed, whatever the endpoint answers.
//! - Sealing is one transaction: the statement's bytes, its place in the chain, and its entry in the outbox.
//! - The device's clock decides only when to retry, and a clock that jumps cannot stop that.
//! - Clock, random bytes, keystore and transport are arguments.

mod attempt;
mod code_in_photo;
mod courier;
mod cross_out;
mod drill;
mod elections;
mod enrolment;
mod entry;
mod error;
mod export;
mod folder;
mod health;
mod invitation;
mod joining;
mod keyfile;
mod keystore;
mod life;
mod membership;
mod message;
mod model;
mod photo;
mod platform;
mod proof;
mod question;
mod report;
#[cfg(feature = "sabotage")]
pub mod sabotage;
#[cfg(not(feature = "sabotage"))]
mod sabotage;
mod sealed_tally;
mod seen;
mod store;
pub mod sync;
mod sync_core;
pub mod view;
mod view_build;

pub use code_in_photo::code_in_photo;
pub use drill::PrintedSheet;
pub use elections::Elections;
pub use error::{DeviceError, StoreError, error_chain};
pub use export::Bundle;
pub use invitation::{HallLink, Invitation};
pub use keystore::{Keystore, KeystoreError, MemoryKeystore, NoKeystore};
pub use life::{LifeState, TransitionError, life_diagram};
pub use model::TallyKey;
pub use platform::Platform;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::folder::PhotoFolder;
use crate::keyfile::KeyFile;
use crate::model::Enrolment;
use crate::store::Store;

/// One device: its store, its photos, its key. All methods take `&self` and may be called from any thread.
pub struct Device {
    store: Mutex<Store>,
    photos: PhotoFolder,
    key_file: KeyFile,
    enrolment: RwLock<Option<Arc<Enrolment>>>,
    platform: Platform,
    wake: tokio::sync::Notify,
    sending: std::sync::atomic::AtomicBool,
    /// Whether the connection costs the witness money.
    metered: std::sync::atomic::AtomicBool,
    database: std::path::PathBuf,
    /// Whether something was sealed since the last copy of the database.
    copy_due: std::sync::atomic::AtomicBool,
    /// How far the clock of a drill is ahead, where its scenario makes it wrong.
    clock_ahead_ms: std::sync::atomic::AtomicI64,
}

impl Device {
    /// Opens the device in `folder`, which is made if it does not exist.
    pub fn open(folder: &Path, platform: Platform) -> Result<Self, DeviceError> {
        std::fs::create_dir_all(folder).map_err(|source| StoreError::File {
            doing: "make the data folder",
            path: folder.to_owned(),
            source,
        })?;
        let database = health::database_in(folder);
        let mut store = health::open_store(&database, platform.environment.now_ms())?;
        let photos = PhotoFolder::open(&folder.join("photos"))?;
        health::mend_photos(&mut store, &photos)?;
        let enrolment = store.enrolment()?.map(Arc::new);
        let this = Self {
            store: Mutex::new(store),
            photos,
            key_file: KeyFile::at(folder.join("device.key"), Arc::clone(&platform.keystore)),
            enrolment: RwLock::new(enrolment),
            platform,
            wake: tokio::sync::Notify::new(),
            sending: std::sync::atomic::AtomicBool::new(false),
            metered: std::sync::atomic::AtomicBool::new(true),
            database,
            // After a crash it is not known.
            copy_due: std::sync::atomic::AtomicBool::new(true),
            clock_ahead_ms: std::sync::atomic::AtomicI64::new(0),
        };
        this.phone_lives_again()?;
        this.set_drill_clock()?;
        Ok(this)
    }

    /// Limits the growth of the database to `more_pages` pages, as a full disk would; for tests.
    #[cfg(feature = "sabotage")]
    pub fn limit_disk(&self, more_pages: u32) -> Result<(), DeviceError> {
        Ok(self.store().limit_pages(more_pages)?)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic elsewhere cannot leave the store half changed, because every change is a transaction.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enrolment(&self) -> Result<Arc<Enrolment>, DeviceError> {
        self.enrolment.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(DeviceError::NotJoined)
    }

    /// Reads the enrolment again after a change.
    fn reload_enrolment(&self) -> Result<(), StoreError> {
        let enrolment = self.store().enrolment()?.map(Arc::new);
        *self.enrolment.write().unwrap_or_else(PoisonError::into_inner) = enrolment;
        Ok(())
    }

    /// The device's secret key, if it has one.
    fn key(&self) -> Result<Option<evidence::DeviceKey>, DeviceError> {
        self.key_file.read(self.platform.environment.rng.as_ref())
    }

    /// The time by this device's clock. In a drill the scenario may make it wrong.
    fn now_ms(&self) -> i64 {
        let ahead_ms = self.clock_ahead_ms.load(std::sync::atomic::Ordering::Relaxed);
        self.true_now_ms().saturating_add(ahead_ms)
    }
}
