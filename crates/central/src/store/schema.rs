//! The database's schema as numbered migrations, one list for each kind of database. A migration that has
//! landed is never edited: a change is a new migration in both lists.

use super::StoreError;
use super::database::Database;
use super::error::During as _;

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

/// Applies the migrations that the database does not have yet.
pub(super) fn migrate(database: &Database) -> Result<(), StoreError> {
    let (newer, known) = match database {
        Database::File(file) => (file.migrate(SQLITE), SQLITE.len()),
        Database::Server(server) => (server.migrate(POSTGRES), POSTGRES.len()),
    };
    match newer.during("migrate the database")? {
        Some(found) => Err(StoreError::TooNew { found, known }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use evidence::log::{Tree, leaf_hash};
    use rusqlite::{Connection, params};

    use super::super::statements::{TALLIES, counted_tally};
    use super::super::{Store, StoreLocation};
    use super::SQLITE;

    /// In an earlier schema tallies and the log's nodes had rows of their own.
    #[test]
    fn a_migrated_file_keeps_its_log_and_its_tallies() {
        const BEFORE: usize = 6;
        const STATEMENTS: u8 = 37;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.sqlite");
        let old = Connection::open(&path).unwrap();
        for step in &SQLITE[..BEFORE] {
            old.execute_batch(step).unwrap();
        }
        old.pragma_update(None, "user_version", BEFORE).unwrap();
        old.execute("INSERT INTO device VALUES (?1, ?2, 0, NULL, NULL, 0)", params![[7_u8; 16], [7_u8; 32]])
            .unwrap();
        let mut tree = Tree::EMPTY;
        for number in 0..STATEMENTS {
            let (id, bytes, station) =
                ([number; 32], [number; 9], format!("52.71.05.1001-{:03}", number % 5 + 1));
            old.execute(
                "INSERT INTO statement VALUES (?1, ?2, ?3, NULL, ?4, ?5, 0, 0)",
                params![id, [7_u8; 16], number + 1, station, bytes],
            )
            .unwrap();
            if number % 2 == 0 {
                old.execute(
                    "INSERT INTO tally VALUES (?1, 'ppwp', ?2, ?3, ?4, 0, '[1,null,3]', 2)",
                    params![id, station, [7_u8; 16], number + 1],
                )
                .unwrap();
            }
            old.execute("INSERT INTO log_leaf VALUES (?1, ?2)", params![number, id]).unwrap();
            for node in tree.append(leaf_hash(&bytes)) {
                let row = params![node.level, node.position, node.hash];
                old.execute("INSERT INTO log_node VALUES (?1, ?2, ?3)", row).unwrap();
            }
        }
        drop(old);

        let store = Store::open(&StoreLocation::File(path)).unwrap();
        assert_eq!(store.log_root(u64::from(STATEMENTS)).unwrap(), tree.root());
        let with_tallies = store.stations_with_tallies().unwrap();
        assert_eq!(with_tallies.len(), 5, "{with_tallies:?}");
        let tallies = store
            .read("read tallies", |transaction| {
                transaction.rows(TALLIES, params!["ppwp", "52", "53"], counted_tally)
            })
            .unwrap();
        assert_eq!(tallies.len(), 19);
        assert!(tallies.iter().all(|tally| tally.figures == [Some(1), None, Some(3)] && tally.faults == 2));
    }
}
