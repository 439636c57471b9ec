//! The database's schema as numbered steps. A step that has landed is never edited; a change is a new step.

use rusqlite::{Connection, TransactionBehavior};

use super::{Doing, StoreError};

const STEPS: &[&str] = &[
    include_str!("schema/0001_first.sql"),
    include_str!("schema/0002_keys_and_devices.sql"),
    include_str!("schema/0003_inbox.sql"),
];

/// Takes the steps that the file has not taken yet.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    // Immediate: of two programs that open a new folder at once, one waits for the other's steps.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .doing("migrating the database")?;
    let taken: usize = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .doing("reading the schema's number")?;
    if taken > STEPS.len() {
        return Err(StoreError::TooNew { found: taken, known: STEPS.len() });
    }
    for step in STEPS.iter().skip(taken) {
        transaction.execute_batch(step).doing("migrating the database")?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len()).doing("migrating the database")?;
    transaction.commit().doing("migrating the database")
}
