//! The schema of the database, as numbered migrations.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::doing;
use crate::error::StoreError;

/// The migrations in order. The number of those that have run is the database's `user_version`. A migration
/// that has landed is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_seen_photos.sql"),
    include_str!("migrations/0003_log_rotations.sql"),
    include_str!("migrations/0004_carried.sql"),
    include_str!("migrations/0005_accounts.sql"),
    include_str!("migrations/0006_lost_photos.sql"),
    include_str!("migrations/0007_inbox.sql"),
    include_str!("migrations/0008_verdicts.sql"),
    include_str!("migrations/0009_outbox.sql"),
    include_str!("migrations/0010_rounds.sql"),
    include_str!("migrations/0011_joining.sql"),
    include_str!("migrations/0012_messages.sql"),
    include_str!("migrations/0013_drills.sql"),
];

/// How long a write waits for another process that has the database locked.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit that was answered survives a power cut, not only a crash of the app.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "trusted_schema", false)
}

/// Migrates the database to the newest schema in one transaction. Foreign keys must be off.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(doing("begin to migrate the database"))?;
    let found: usize = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(doing("read the database's version"))?;
    let known = MIGRATIONS.len();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for migration in &MIGRATIONS[found..] {
        transaction.execute_batch(migration).map_err(doing("migrate the database"))?;
    }
    let strays: i64 = transaction
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .map_err(doing("check the migrated database"))?;
    if strays > 0 {
        return Err(StoreError::Damaged(format!("{strays} rows reference others that are missing")));
    }
    transaction.pragma_update(None, "user_version", known).map_err(doing("write the database's version"))?;
    transaction.commit().map_err(doing("finish migrating the database"))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use evidence::{PhotoHash, StatementId};
    use protocol::ProblemCode;

    use super::super::Store;
    use super::*;
    use crate::model::TallyKey;
    use crate::sync_core::{Item, OutboxKind, PhotoItem, ReceiptItem, StatementItem, Waiting};

    /// A database of the schema after `version` migrations, with the rows that `rows` inserts.
    fn database_of(version: usize, folder: &Path, rows: &str) -> PathBuf {
        let file = folder.join("saksi.db");
        let old = Connection::open(&file).unwrap();
        for migration in &MIGRATIONS[..version] {
            old.execute_batch(migration).unwrap();
        }
        old.execute_batch(rows).unwrap();
        old.pragma_update(None, "user_version", version).unwrap();
        file
    }

    #[test]
    fn a_store_of_the_first_version_keeps_every_row_over_all_migrations() {
        let folder = tempfile::tempdir().unwrap();
        let file = database_of(
            1,
            folder.path(),
            "INSERT INTO statement VALUES (zeroblob(32), 1, 'tally', '52.71.05.1001-001', 'ppwp', x'aa', 5, 'accepted', 6, 7, NULL, NULL);
             INSERT INTO photo (station, contest, page, taken_at_ms, original, original_bytes, derivative, derivative_bytes, width_px, height_px, statement)
             VALUES ('52.71.05.1001-001', 'ppwp', 2, 5, zeroblob(32), 9, zeroblob(32), 8, 3, 4, zeroblob(32));
             INSERT INTO outbox (photo) VALUES (1);
             INSERT INTO receipt_wanted (statement) VALUES (zeroblob(32));",
        );
        let store = Store::open(&file).unwrap();
        assert_eq!(store.sealed_statements().unwrap(), [[0xaa]]);
        assert_eq!(store.waiting().unwrap().len(), 2, "the receipt and the photo still wait");
        let version: usize =
            store.connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, MIGRATIONS.len());
        let stray = store.connection.execute(
            "INSERT INTO receipt (statement, bytes, tree_size, leaf_index, verified_at_ms) VALUES (x'01', x'', 1, 0, 0)",
            [],
        );
        assert!(stray.is_err(), "foreign keys are checked again");
    }

    /// Own statements 1 to 5 (sealed, refused, accepted, receipted, receipted and asked for again), own
    /// photos 1 to 7, carried statements 11 to 14 (carried, refused, arrived, proved) and originals. A hash
    /// is the number, repeated.
    const ROWS_OF_VERSION_8: &str = "
        CREATE TEMP VIEW number AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
            SELECT i, unhex(printf('%.*c', 64, printf('%x', i % 16))) AS hash FROM n WHERE i < 16;
        INSERT INTO statement (id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms, refusal_code, refusal_detail)
        SELECT n.hash, n.i, 'tally', '52.71.05.1001-001', 'ppwp', zeroblob(n.i), 5,
            CASE n.i WHEN 1 THEN 'sealed' WHEN 2 THEN 'refused' WHEN 3 THEN 'accepted' ELSE 'receipted' END, 6,
            iif(n.i = 2, 'election_wrong', NULL), iif(n.i = 2, 'another election', NULL)
        FROM number n WHERE n.i <= 5;
        INSERT INTO outbox (statement, attempts, next_attempt_at_ms)
        SELECT hash, i, 100 + i FROM number WHERE i IN (1, 2, 5);
        INSERT INTO receipt_wanted (statement, attempts, next_attempt_at_ms)
        SELECT hash, 3, 103 FROM number WHERE i = 3;
        INSERT INTO receipt SELECT hash, x'ee', 9, i, 7 FROM number WHERE i IN (4, 5);

        -- 1: waits. 2: its statement was not accepted. 3: refused. 4: lost. 5: arrived. 6: the bytes of 1 again. 7: a draft.
        INSERT INTO photo (id, station, contest, page, taken_at_ms, original, original_bytes, derivative, derivative_bytes,
            width_px, height_px, statement, sent_bytes, arrived_at_ms, refusal_code, refusal_detail, lost)
        SELECT n.i, '52.71.05.1001-001', 'ppwp', n.i, 5, n.hash, 1000 + n.i,
            (SELECT d.hash FROM number d WHERE d.i = iif(n.i = 6, 1, n.i)), 500, 3, 4,
            CASE n.i WHEN 2 THEN (SELECT hash FROM number WHERE i = 1) WHEN 7 THEN NULL
                ELSE (SELECT hash FROM number WHERE i = 3) END,
            CASE n.i WHEN 1 THEN 40 WHEN 6 THEN 40 WHEN 5 THEN 500 ELSE 0 END, iif(n.i = 5, 8, NULL),
            iif(n.i = 3, 'photo_not_an_image', NULL), iif(n.i = 3, 'a text', NULL), n.i = 4
        FROM number n WHERE n.i <= 7;
        INSERT INTO outbox (photo, attempts, next_attempt_at_ms)
        SELECT i, i, 200 + i FROM number WHERE i IN (1, 2, 3, 4, 6);

        INSERT INTO carried_statement (id, number, public_key, station, bytes, taken_at_ms, state, refusal_code, refusal_detail, attempts, next_attempt_at_ms)
        SELECT hash, i - 10, zeroblob(32), '52.71.05.1001-002', zeroblob(i), 5,
            CASE i WHEN 11 THEN 'carried' WHEN 12 THEN 'refused' WHEN 13 THEN 'arrived' ELSE 'proved' END,
            iif(i = 12, 'station_unknown', NULL), iif(i = 12, 'no such', NULL), i, 300 + i
        FROM number WHERE i BETWEEN 11 AND 14;
        -- 11: its statement did not arrive. 13: waits. 14: arrived.
        INSERT INTO carried_photo (hash, statement, total_bytes, sent_bytes, arrived, attempts, next_attempt_at_ms)
        SELECT hash, hash, 600, iif(i = 14, 600, 60), i = 14, i, 400 + i FROM number WHERE i IN (11, 13, 14);

        -- 3: waits. 4: lost. 5: arrived. 1: refused.
        INSERT INTO original_wanted (original, total_bytes, sent_bytes, arrived, lost, refusal_code, refusal_detail, attempts, next_attempt_at_ms)
        SELECT hash, 1000 + i, 10, i = 5, i = 4, iif(i = 1, 'body_too_long', NULL), iif(i = 1, 'too long', NULL), i, 500 + i
        FROM number WHERE i IN (1, 3, 4, 5);";

    fn hash(number: u8) -> [u8; 32] {
        [number * 0x11; 32]
    }

    fn waiting(item: Item, attempts: u32, next_attempt_at_ms: i64) -> Waiting {
        Waiting { item, attempts, next_attempt_at_ms }
    }

    fn statement(kind: OutboxKind, number: u8) -> Item {
        Item::Statement(StatementItem { kind, id: StatementId(hash(number)), bytes: u64::from(number) })
    }

    fn receipt(kind: OutboxKind, number: u8) -> Item {
        Item::Receipt(ReceiptItem { kind, id: StatementId(hash(number)) })
    }

    fn photo(kind: OutboxKind, number: u8, total_bytes: u64, sent_bytes: u64) -> Item {
        Item::Photo(PhotoItem { kind, hash: PhotoHash(hash(number)), total_bytes, sent_bytes })
    }

    #[test]
    fn the_outbox_of_the_previous_version_is_carried_over_and_the_same_things_are_due() {
        use OutboxKind::{Carried, Original, Own};
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&database_of(8, folder.path(), ROWS_OF_VERSION_8)).unwrap();
        assert_eq!(
            store.waiting().unwrap(),
            [
                waiting(statement(Own, 1), 1, 101),
                waiting(statement(Own, 2), 2, 102),
                waiting(statement(Own, 5), 5, 105),
                waiting(statement(Carried, 11), 11, 311),
                waiting(statement(Carried, 12), 12, 312),
                waiting(receipt(Own, 3), 3, 103),
                waiting(receipt(Carried, 13), 13, 313),
                waiting(photo(Own, 1, 500, 40), 1, 201),
                waiting(photo(Own, 3, 500, 0), 3, 203),
                waiting(photo(Carried, 13, 600, 60), 13, 413),
                waiting(photo(Original, 1, 1001, 10), 1, 501),
                waiting(photo(Original, 3, 1003, 10), 3, 503),
            ]
        );
        assert_eq!(store.next_attempt_at_ms().unwrap(), Some(101));
        let rows: u32 =
            store.connection.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0)).unwrap();
        assert_eq!(
            rows, 16,
            "and own photos 2 and 4, carried photo 11 and original 4, which may not be sent now"
        );
    }

    #[test]
    fn what_was_written_before_there_were_rounds_belongs_to_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = database_of(
            9,
            folder.path(),
            "INSERT INTO statement (id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms) VALUES
                (zeroblob(32), 1, 'tally', '52.71.05.1001-001', 'ppwp', x'aa', 5, 'receipted', 6),
                (randomblob(32), 2, 'attendance', '52.71.05.1001-001', NULL, x'bb', 5, 'receipted', 6);
             INSERT INTO photo (station, contest, page, taken_at_ms, original, original_bytes, derivative, derivative_bytes, width_px, height_px, statement)
             VALUES ('52.71.05.1001-001', 'ppwp', 2, 5, zeroblob(32), 9, zeroblob(32), 8, 3, 4, zeroblob(32));
             INSERT INTO draft VALUES ('52.71.05.1001-001', 'ppwp', 7, 'IV.2', zeroblob(32), 'salah ketik');
             INSERT INTO draft_figure VALUES ('52.71.05.1001-001', 'ppwp', 'IV.1', 123), ('52.71.05.1001-001', 'ppwp', 'IV.2', -1);
             INSERT INTO draft_acknowledgement VALUES ('52.71.05.1001-001', 'ppwp', 'F401', 8);",
        );
        let mut store = Store::open(&file).unwrap();
        let first = TallyKey::first(&"52.71.05.1001-001".parse().unwrap(), &"ppwp".parse().unwrap());
        let second = TallyKey { round: 2, ..first.clone() };
        let draft = store.draft(&first).unwrap().unwrap();
        assert_eq!((draft.saved_at_ms, draft.figures.0.len(), draft.acknowledged.len()), (7, 2, 1));
        assert_eq!(draft.supersedes.unwrap().reason, "salah ketik");
        assert_eq!((store.tallies(&first).unwrap().len(), store.photos(&first).unwrap().len()), (1, 1));
        assert!(store.draft(&second).unwrap().is_none());
        assert!(store.tallies(&second).unwrap().is_empty() && store.photos(&second).unwrap().is_empty());

        store
            .write(|write| {
                write.touch_draft(&second, 9, None)?;
                write.set_figure(&second, &"IV.1".parse().unwrap(), Some(tally::Figure::Written(7)))?;
                write.delete_draft(&first)
            })
            .unwrap();
        let figures: Vec<u8> = store
            .connection
            .prepare("SELECT round FROM draft_figure")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        assert_eq!(
            figures,
            [2],
            "the figures of a deleted draft go with it, and those of another round stay"
        );
    }

    #[test]
    fn the_counts_and_refusals_of_the_previous_version_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&database_of(8, folder.path(), ROWS_OF_VERSION_8)).unwrap();
        let count = store.outbox_count().unwrap();
        assert_eq!((count.tallies, count.receipts, count.photos, count.refused), (2, 1, 3, 2));
        assert_eq!(
            (count.bytes, count.originals, count.original_bytes),
            (1 + 2 + 5 + 460 + 3 * 500, 2, 991 + 993)
        );

        let tally_key = TallyKey::first(&"52.71.05.1001-001".parse().unwrap(), &"ppwp".parse().unwrap());
        let tallies = store.tallies(&tally_key).unwrap();
        let refused: Vec<_> = tallies.iter().filter_map(|tally| tally.refusal.as_ref()).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(
            (refused[0].code, refused[0].detail.as_str()),
            (ProblemCode::ElectionWrong, "another election")
        );
        let photos = store.photos(&tally_key).unwrap();
        let sent: Vec<u64> = photos.iter().map(|photo| photo.sent_bytes).collect();
        assert_eq!(sent, [40, 0, 0, 0, 500, 40, 0]);
        assert_eq!(photos[2].refusal.as_ref().unwrap().code, ProblemCode::PhotoNotAnImage);
        assert!(photos[3].lost && photos[4].arrived);
        let carried = store.carried().unwrap();
        assert_eq!((carried[0].records, carried[0].proved, carried[0].refused), (4, 1, 1));
        assert_eq!((carried[0].photos, carried[0].photos_arrived), (3, 1));
        assert_eq!(store.originals_to_send().unwrap().iter().filter(|original| original.lost).count(), 1);
    }
}
