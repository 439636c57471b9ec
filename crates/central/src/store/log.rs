//! The log's rows. They are only ever added, in one transaction for each batch.

use evidence::log::{NodeHash, Tree, leaf_hash};
use evidence::{LogPublicKey, StatementId};
use rusqlite::params;

use super::database::{self, Insert, Lock, OnConflict, Row, Transaction, Writers, sql};
use super::error::TxError;
use super::{Store, StoreError, log_keys, log_tiles};

/// Maximum number of statements that one transaction appends. It bounds the memory of a batch, and the time
/// for which the other writers of an SQLite file wait.
const BATCH_MAX: i64 = 10_000;

const LEAF: Insert<3> = Insert {
    table: "log_leaf",
    columns: [("position", "bigint"), ("statement", "bytea"), ("station", "text")],
    on_conflict: OnConflict::Fail,
};

/// A statement in the log, with the parts of its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedStatement {
    /// Its index in the log, from 0.
    pub index: u64,
    pub bytes: Vec<u8>,
    /// The inclusion proof in the tree of the snapshot's checkpoint.
    pub proof: Vec<NodeHash>,
}

/// The log at its newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSnapshot {
    /// Number of statements.
    pub size: u64,
    /// The checkpoint, a signed note.
    pub checkpoint: String,
    /// The proof that this log continues the one that the caller has seen.
    pub consistency: Vec<NodeHash>,
    /// The requested statements in the order of the request; `None` for one that is not in the log.
    pub statements: Vec<Option<LoggedStatement>>,
}

struct Checkpoint {
    size: u64,
    note: String,
}

/// A statement that waits to be appended.
struct Waiting {
    number: i64,
    id: [u8; 32],
    bytes: Vec<u8>,
    station: String,
}

/// A requested statement that is in the log.
struct Found {
    index: u64,
    bytes: Vec<u8>,
}

impl Store {
    /// Appends the statements that wait, in the order of their arrival, and stores the checkpoint that `sign`
    /// makes of the grown tree under `key`. Returns how many were appended.
    pub fn append_to_log(
        &self,
        key: LogPublicKey,
        sign: impl Fn(&Tree) -> String,
        now_ms: i64,
    ) -> Result<usize, StoreError> {
        self.write_or_abort(Writers::Many, "append to the log", |transaction| {
            // Everything is read behind the lock: two sequencers cannot fork the log.
            transaction.lock(Lock::Log)?;
            if !log_keys::signs(transaction, key)? {
                return Err(TxError::Aborted(StoreError::LogHandedOver));
            }
            let waiting = waiting(transaction)?;
            if waiting.is_empty() {
                return Ok(0);
            }
            let size = leaf_count(transaction)?;
            let mut tree = log_tiles::with_nodes(transaction, |nodes| Tree::read(nodes, size))?;
            let mut nodes = Vec::with_capacity(waiting.len() * 2);
            let mut leaves = Vec::with_capacity(waiting.len());
            for statement in &waiting {
                leaves.push((tree.size(), statement));
                nodes.extend(tree.append(leaf_hash(&statement.bytes)));
            }
            transaction.insert_all(&LEAF, &leaves, |(index, statement)| {
                [index, &statement.id, &statement.station]
            })?;
            log_tiles::store_nodes(transaction, &nodes)?;
            let numbers: Vec<i64> = waiting.iter().map(|statement| statement.number).collect();
            transaction.delete_all("log_waiting", "number", &numbers)?;
            transaction.execute(
                sql!("INSERT INTO log_checkpoint (size, note, at_ms) VALUES (?1, ?2, ?3)"),
                params![tree.size(), sign(&tree), now_ms],
            )?;
            Ok(waiting.len())
        })
    }

    /// Number of statements in the log.
    pub fn log_size(&self) -> Result<u64, StoreError> {
        self.query("read the log's size", |transaction| {
            Ok(newest_checkpoint(transaction)?.map_or(0, |newest| newest.size))
        })
    }

    /// Number of statements that wait to be appended to the log.
    pub fn pending_log_entries(&self) -> Result<u64, StoreError> {
        self.query("read how many statements wait for the log", |transaction| {
            let count = transaction
                .row(sql!("SELECT count(*) AS count FROM log_waiting"), &[], |row| row.get("count"))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// The newest checkpoint, a signed note; `None` while the log is empty.
    pub fn newest_checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.query("read the newest checkpoint", |transaction| {
            Ok(newest_checkpoint(transaction)?.map(|newest| newest.note))
        })
    }

    /// The newest checkpoint with these statements, and the proof that its log continues that of `seen_size`
    /// statements. `None` while the log is empty.
    pub fn log_snapshot(
        &self,
        ids: &[StatementId],
        seen_size: u64,
    ) -> Result<Option<LogSnapshot>, StoreError> {
        self.read_or_abort("read the log", |transaction| {
            let Some(Checkpoint { size, note }) = newest_checkpoint(transaction)? else { return Ok(None) };
            let found = transaction.row_each(
                sql!(
                    "SELECT l.position, s.bytes
                     FROM log_leaf l JOIN statement s ON s.id = l.statement AND s.station = l.station
                     WHERE l.statement = ?1 AND l.position < ?2"
                ),
                ids,
                |id| [&id.0, &size],
                |row| Ok(Found { index: row.get("position")?, bytes: row.get("bytes")? }),
            )?;
            // One visit for all proofs: their nodes are fetched together.
            let (consistency, proofs) = log_tiles::with_nodes(transaction, |nodes| {
                let consistency = Tree::consistency_proof(nodes, seen_size, size)?;
                let proofs: Vec<Vec<NodeHash>> = found
                    .iter()
                    .flatten()
                    .map(|found| Tree::inclusion_proof(nodes, found.index, size))
                    .collect::<Result<_, _>>()?;
                Ok((consistency, proofs))
            })?;
            let mut proofs = proofs.into_iter();
            let statements = found
                .into_iter()
                .map(|found| {
                    // Only a statement that was found has a proof.
                    let Found { index, bytes } = found?;
                    Some(LoggedStatement { index, bytes, proof: proofs.next()? })
                })
                .collect();
            Ok(Some(LogSnapshot { size, checkpoint: note, consistency, statements }))
        })
    }

    /// The proof that the log of `to` statements continues that of `from`; `None` if the log has not reached
    /// `to`, or if `from` is larger.
    pub fn consistency(&self, from: u64, to: u64) -> Result<Option<Vec<NodeHash>>, StoreError> {
        self.read_or_abort("prove the log's consistency", |transaction| {
            let size = newest_checkpoint(transaction)?.map_or(0, |newest| newest.size);
            if from > to || to > size {
                return Ok(None);
            }
            log_tiles::with_nodes(transaction, |nodes| Tree::consistency_proof(nodes, from, to)).map(Some)
        })
    }

    /// The root of the tree of the first `size` statements. The log must have as many.
    pub fn log_root(&self, size: u64) -> Result<NodeHash, StoreError> {
        self.read_or_abort("read the log's root", |transaction| {
            Ok(log_tiles::with_nodes(transaction, |nodes| Tree::read(nodes, size))?.root())
        })
    }

    /// The time of the log's first checkpoint; `None` while the log is empty.
    pub fn log_began_at_ms(&self) -> Result<Option<i64>, StoreError> {
        self.query("read when the log began", |transaction| {
            let first: Option<Option<i64>> = transaction.row(
                sql!("SELECT min(at_ms) AS began_at_ms FROM log_checkpoint"),
                &[],
                |row| row.get("began_at_ms"),
            )?;
            Ok(first.flatten())
        })
    }
}

fn newest_checkpoint(transaction: &Transaction<'_>) -> database::Result<Option<Checkpoint>> {
    transaction.row(sql!("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1"), &[], |row| {
        Ok(Checkpoint { size: row.get("size")?, note: row.get("note")? })
    })
}

fn leaf_count(transaction: &Transaction<'_>) -> database::Result<u64> {
    let count = transaction.row(
        sql!("SELECT coalesce(max(position) + 1, 0) AS count FROM log_leaf"),
        &[],
        |row| row.get("count"),
    )?;
    Ok(count.unwrap_or(0))
}

fn waiting(transaction: &Transaction<'_>) -> database::Result<Vec<Waiting>> {
    let read = |row: &Row<'_>| {
        Ok(Waiting {
            number: row.get("number")?,
            id: row.get("id")?,
            bytes: row.get("bytes")?,
            station: row.get("station")?,
        })
    };
    transaction.rows(
        sql!(
            "SELECT w.number, s.id, s.bytes, s.station
             FROM log_waiting w JOIN statement s ON s.id = w.statement AND s.station = w.station
             ORDER BY w.number LIMIT ?1"
        ),
        params![BATCH_MAX],
        read,
    )
}

#[cfg(test)]
mod tests {
    use evidence::DeviceKey;
    use evidence::log::root_of_inclusion;

    use super::super::StoreLocation;
    use super::*;
    use crate::model::statement::{Admitted, Entry};

    #[test]
    fn a_statement_that_is_not_in_the_log_takes_no_proof_from_those_that_are() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreLocation::File(folder.path().join("central.sqlite"))).unwrap();
        let key = DeviceKey::from_seed([1; 32]).public();
        let station = "52.71.05.1001-001".parse().unwrap();
        store.seed_enrolled(&[(key, station)], &|_| Vec::new()).unwrap();
        let statements = [1, 2, 3].map(|number| Admitted {
            id: StatementId([number; 32]),
            device: key.device_id(),
            sequence: number.into(),
            station: "52.71.05.1001-001".parse().unwrap(),
            entry: Entry::Report,
            bytes: vec![number; 9],
        });
        store.ingest(&statements, 0).unwrap();
        let log_key = evidence::log::LogKey::from_seed([2; 32]).public();
        store.store_first_log_key(log_key, 0).unwrap();
        assert_eq!(store.append_to_log(log_key, |_| String::from("a checkpoint"), 0).unwrap(), 3);

        let ids = [9, 3, 9, 1].map(|number| StatementId([number; 32]));
        let snapshot = store.log_snapshot(&ids, 0).unwrap().unwrap();
        let root = store.log_root(3).unwrap();
        let indices: Vec<Option<u64>> = snapshot
            .statements
            .iter()
            .map(|logged| {
                let logged = logged.as_ref()?;
                let leaf = leaf_hash(&logged.bytes);
                assert_eq!(root_of_inclusion(leaf, logged.index, 3, &logged.proof), Some(root));
                Some(logged.index)
            })
            .collect();
        assert_eq!(indices, [None, Some(2), None, Some(0)]);
    }
}
