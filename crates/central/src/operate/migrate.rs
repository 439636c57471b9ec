//! Migrates the store's schema, after a copy of the store was saved.

use std::path::PathBuf;

use super::backup::{BackupError, save_store};
use crate::endpoint::{Settings, store_location};
use crate::store::{Store, StoreLocation};

/// Whether the store is copied before it is migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyBefore {
    Save,
    /// The operator has a copy.
    Skip,
}

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migrated {
    /// The store has the schema of this program, or there is no store yet.
    Current,
    Done {
        from: usize,
        to: usize,
        /// The copy of the store before.
        copy: Option<PathBuf>,
    },
}

/// Migrates the store if it has an older schema. The copy lies in the data folder, beside the store.
pub fn migrate(settings: &Settings, copy: CopyBefore) -> Result<Migrated, BackupError> {
    let location = store_location(settings);
    if matches!(&location, StoreLocation::File(file) if !file.exists()) {
        return Ok(Migrated::Current);
    }
    let store = Store::open_any_schema(&location)?;
    let schema = store.schema()?;
    if schema.found == 0 || schema.found >= schema.known {
        return Ok(Migrated::Current);
    }
    let copy = match copy {
        CopyBefore::Skip => None,
        CopyBefore::Save => {
            let ending = if settings.database.is_some() { "pgdump" } else { "sqlite" };
            let file = settings.data.join(format!("central.schema-{}.{ending}", schema.found));
            save_store(&store, settings, &file)?;
            Some(file)
        }
    };
    store.migrate()?;
    Ok(Migrated::Done { from: schema.found, to: schema.known, copy })
}
