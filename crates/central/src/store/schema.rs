//! The database's schema as numbered steps, one list for each kind of database. A step that has landed is never
//! edited; a change is a new step in both.

use super::database::Database;
use super::{Doing as _, StoreError};

const SQLITE: &[&str] = &[
    include_str!("schema/sqlite/0001_first.sql"),
    include_str!("schema/sqlite/0002_keys_and_devices.sql"),
    include_str!("schema/sqlite/0003_inbox.sql"),
    include_str!("schema/sqlite/0004_waiting_for_the_log.sql"),
    include_str!("schema/sqlite/0005_verdicts.sql"),
    include_str!("schema/sqlite/0006_counts.sql"),
    include_str!("schema/sqlite/0007_one_row.sql"),
];

const POSTGRES: &[&str] = &[
    include_str!("schema/postgres/0001_first.sql"),
    include_str!("schema/postgres/0002_verdicts.sql"),
    include_str!("schema/postgres/0003_counts.sql"),
    include_str!("schema/postgres/0004_by_region.sql"),
];

/// Takes the steps that the database has not taken yet.
pub(super) fn migrate(database: &Database) -> Result<(), StoreError> {
    let (newer, known) = match database {
        Database::File(file) => (file.migrate(SQLITE), SQLITE.len()),
        Database::Server(server) => (server.migrate(POSTGRES), POSTGRES.len()),
    };
    match newer.doing("migrating the database")? {
        Some(found) => Err(StoreError::TooNew { found, known }),
        None => Ok(()),
    }
}
