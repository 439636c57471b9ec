//! The database's schema as numbered migrations, one list for each kind of database. A migration that has
//! landed is never edited: a change is a new migration in both lists.

use super::database::Database;
use super::error::During as _;
use super::{StoreError, audit, invitations};

const SQLITE: &[&str] = &[
    include_str!("schema/sqlite/0001_first.sql"),
    include_str!("schema/sqlite/0002_keys_and_devices.sql"),
    include_str!("schema/sqlite/0003_inbox.sql"),
    include_str!("schema/sqlite/0004_waiting_for_the_log.sql"),
    include_str!("schema/sqlite/0005_verdicts.sql"),
    include_str!("schema/sqlite/0006_counts.sql"),
    include_str!("schema/sqlite/0007_one_row.sql"),
    include_str!("schema/sqlite/0008_usage.sql"),
    include_str!("schema/sqlite/0009_people.sql"),
    include_str!("schema/sqlite/0010_station_list.sql"),
    include_str!("schema/sqlite/0011_unplaced.sql"),
    include_str!("schema/sqlite/0012_device_chain.sql"),
    include_str!("schema/sqlite/0013_rounds.sql"),
    include_str!("schema/sqlite/0014_persons.sql"),
    include_str!("schema/sqlite/0015_hall.sql"),
    include_str!("schema/sqlite/0016_accounts.sql"),
    include_str!("schema/sqlite/0017_day.sql"),
    include_str!("schema/sqlite/0019_official.sql"),
    include_str!("schema/sqlite/0020_drills.sql"),
    include_str!("schema/sqlite/0021_review.sql"),
    include_str!("schema/sqlite/0022_api_tokens.sql"),
    include_str!("schema/sqlite/0023_sample.sql"),
];

const POSTGRES: &[&str] = &[
    include_str!("schema/postgres/0001_first.sql"),
    include_str!("schema/postgres/0002_verdicts.sql"),
    include_str!("schema/postgres/0003_counts.sql"),
    include_str!("schema/postgres/0004_by_region.sql"),
    include_str!("schema/postgres/0005_usage.sql"),
    include_str!("schema/postgres/0006_people.sql"),
    include_str!("schema/postgres/0007_station_list.sql"),
    include_str!("schema/postgres/0008_unplaced.sql"),
    include_str!("schema/postgres/0009_device_chain.sql"),
    include_str!("schema/postgres/0010_rounds.sql"),
    include_str!("schema/postgres/0011_persons.sql"),
    include_str!("schema/postgres/0012_hall.sql"),
    include_str!("schema/postgres/0013_accounts.sql"),
    include_str!("schema/postgres/0014_day.sql"),
    include_str!("schema/postgres/0016_official.sql"),
    include_str!("schema/postgres/0017_drills.sql"),
    include_str!("schema/postgres/0018_review.sql"),
    include_str!("schema/postgres/0019_api_tokens.sql"),
    include_str!("schema/postgres/0020_sample.sql"),
];

/// The number of migrations that a database has, and of those that this program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaState {
    /// Zero for an empty database.
    pub found: usize,
    pub known: usize,
}

/// Reads how far the database is migrated.
pub(super) fn state(database: &Database) -> Result<SchemaState, StoreError> {
    let (found, known) = match database {
        Database::File(file) => (file.migration_count(), SQLITE.len()),
        Database::Server(server) => (server.migration_count(), POSTGRES.len()),
    };
    Ok(SchemaState { found: found.during("read the schema of the database")?, known })
}

/// Makes the schema of an empty database. Refuses an older one: only the operator migrates it, after a copy.
pub(super) fn make_or_check(database: &Database) -> Result<(), StoreError> {
    let SchemaState { found, known } = state(database)?;
    match found {
        0 => migrate(database),
        _ if found < known => Err(StoreError::TooOld { found, known }),
        _ if found > known => Err(StoreError::TooNew { found, known }),
        // A migration that was interrupted after its last step.
        _ => finish(database),
    }
}

/// Applies the migrations that the database does not have yet.
pub(super) fn migrate(database: &Database) -> Result<(), StoreError> {
    let (newer, known) = match database {
        Database::File(file) => (file.migrate(SQLITE), SQLITE.len()),
        Database::Server(server) => (server.migrate(POSTGRES), POSTGRES.len()),
    };
    if let Some(found) = newer.during("migrate the database")? {
        return Err(StoreError::TooNew { found, known });
    }
    finish(database)
}

/// Does what SQL cannot.
fn finish(database: &Database) -> Result<(), StoreError> {
    // SQL has no SHA-256 on SQLite, so the program finishes what step 0009 (PostgreSQL: 0006) begins.
    invitations::hash_clear_codes(database).during("hash the codes of invitations")?;
    audit::chain_old_rows(database).during("chain the audit")
}

#[cfg(test)]
mod tests {
    use evidence::log::{Tree, leaf_hash};
    use rusqlite::{Connection, params};
    use tempfile::TempDir;

    use super::super::statements::{TALLIES, counted_tally};
    use super::super::{
        EnrolOutcome, InvitationFilter, ShownInvitation, StationRange, Store, StoreError, StoreLocation,
    };
    use super::SQLITE;
    use crate::model::invitation_code::InvitationCode;

    const FILE: &str = "central.sqlite";

    /// A file with the first migrations only, and one device.
    fn store_of(steps: usize) -> (TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let old = Connection::open(folder.path().join(FILE)).unwrap();
        for step in &SQLITE[..steps] {
            old.execute_batch(step).unwrap();
        }
        old.pragma_update(None, "user_version", steps).unwrap();
        let device = params![[7_u8; 16], [7_u8; 32]];
        old.execute("INSERT INTO device VALUES (?1, ?2, 0, NULL, NULL, 0)", device).unwrap();
        (folder, old)
    }

    /// Opens such a file, which the program refuses to serve.
    fn not_migrated(folder: &TempDir, steps: usize) -> Store {
        let location = StoreLocation::File(folder.path().join(FILE));
        let refused = Store::open(&location).unwrap_err();
        assert!(matches!(refused, StoreError::TooOld { found, .. } if found == steps), "{refused}");
        Store::open_any_schema(&location).unwrap()
    }

    /// In an earlier schema codes were stored in clear, and the rows of the audit had no hashes.
    #[test]
    fn a_migrated_file_keeps_its_invitations_and_has_no_code_in_clear() {
        const BEFORE: usize = 7;
        let (folder, old) = store_of(BEFORE);
        let [used, unused] = ["0123456789AB", "ABCDEFGHJKMN"];
        let package = r#"{"date":"2999-02-14"}"#;
        old.execute("INSERT INTO election VALUES (1, 'e', 1, ?1, 0)", [package]).unwrap();
        let invite = "INSERT INTO invitation VALUES (?1, '52.71.05.1001-001', ?2, ?3, ?4)";
        old.execute(invite, params![used, 1, 5, [7_u8; 16]]).unwrap();
        old.execute(invite, params![unused, 2, None::<i64>, None::<[u8; 16]>]).unwrap();
        old.execute("INSERT INTO invitation_contest VALUES (?1, 'ppwp')", [unused]).unwrap();
        for number in 0..3 {
            let row = params![number, format!("subject {number}")];
            old.execute("INSERT INTO audit VALUES (NULL, ?1, 'operator', 'user.add', ?2)", row).unwrap();
        }
        drop(old);

        let path = folder.path().join(FILE);
        let store = not_migrated(&folder, BEFORE);
        store.migrate().unwrap();
        let key = evidence::DeviceKey::from_seed([9; 32]).public();
        let code = InvitationCode::from_typed(unused).unwrap();
        let EnrolOutcome::Enrolled(assigned) = store.enrol(ShownInvitation::Code(&code), key, 1_000).unwrap()
        else {
            panic!("an unused code of before the migration works")
        };
        assert_eq!(assigned.assignments[0].contests.len(), 1);
        let code = InvitationCode::from_typed(used).unwrap();
        assert_eq!(
            store.enrol(ShownInvitation::Code(&code), key, 1_000).unwrap(),
            EnrolOutcome::UsedByAnother
        );
        let filter = [InvitationFilter { stations: StationRange::of_region(None), text: None }];
        let listed = store.invitations(&filter, None, 10).unwrap();
        assert_eq!(listed.iter().map(|one| one.hint.as_str()).collect::<Vec<_>>(), ["", "89AB"]);
        assert!(listed.iter().all(|one| one.expires_at_ms > 32_000_000_000_000), "after the day of voting");
        assert_eq!(store.check_audit().unwrap().broken_at, None);
        assert_eq!(store.check_audit().unwrap().rows, 4);
        drop(store);
        let file = Connection::open(&path).unwrap();
        let clear: i64 = file
            .query_row("SELECT count(*) FROM invitation WHERE clear_code IS NOT NULL", [], |row| row.get(0))
            .unwrap();
        assert_eq!(clear, 0);
        drop(Store::open(&StoreLocation::File(path)).unwrap());
    }

    /// In an earlier schema tallies and the log's nodes had rows of their own.
    #[test]
    fn a_migrated_file_keeps_its_log_and_its_tallies() {
        const BEFORE: usize = 6;
        const STATEMENTS: u8 = 37;
        let (folder, old) = store_of(BEFORE);
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

        let store = not_migrated(&folder, BEFORE);
        assert_eq!(store.schema().unwrap().found, BEFORE, "nothing was migrated");
        store.migrate().unwrap();
        assert_eq!(store.log_root(u64::from(STATEMENTS)).unwrap(), tree.root());
        let tallies = store
            .read("read tallies", |transaction| {
                transaction.rows(TALLIES, params!["ppwp", "52", "53"], counted_tally)
            })
            .unwrap();
        assert_eq!(tallies.len(), 19);
        assert!(tallies.iter().all(|tally| tally.figures == [Some(1), None, Some(3)] && tally.faults == 2));
    }
}
