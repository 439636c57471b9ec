//! The log's rows. They are only ever added, in one transaction for each batch.

use evidence::log::{NodeHash, Nodes, NodesMissing, Tree, leaf_hash};
use evidence::{LogPublicKey, StatementId};
use rusqlite::{ToSql, params};

use super::database::{self, DatabaseError, Existing, Insert, Lock, Transaction, Writers};
use super::{Store, StoreError, log_keys, slices};

/// Most statements that go into the log in one transaction.
const BATCH_MAX: i64 = 10_000;

const LEAF: Insert = Insert {
    table: "log_leaf",
    columns: &[("position", "bigint"), ("statement", "bytea")],
    existing: Existing::IsAFault,
};
const NODE: Insert = Insert {
    table: "log_node",
    columns: &[("level", "bigint"), ("position", "bigint"), ("hash", "bytea")],
    existing: Existing::IsAFault,
};

/// A statement's place in the log, with what its receipt is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedStatement {
    /// Its place, from 0.
    pub index: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its inclusion proof in the tree of the newest checkpoint.
    pub proof: Vec<NodeHash>,
}

impl Store {
    /// Appends statements that wait for their place, in the order in which they were taken in, and keeps the
    /// checkpoint that `sign` makes of the grown tree under `key`. Gives how many were appended.
    pub fn append_to_log(
        &self,
        key: LogPublicKey,
        sign: impl Fn(&Tree) -> String,
        now_ms: i64,
    ) -> Result<usize, StoreError> {
        self.write_by(Writers::Many, "appending to the log", |transaction| {
            // All is read anew behind the lock, so that two sequencers cannot fork the log.
            transaction.hold(Lock::Log)?;
            if !log_keys::signs(transaction, key)? {
                return Ok(Err(StoreError::LogHandedOver));
            }
            let waiting: Vec<(i64, [u8; 32], Vec<u8>)> = transaction.rows(
                "SELECT w.number, s.id, s.bytes FROM log_waiting w JOIN statement s ON s.id = w.statement
                 ORDER BY w.number LIMIT ?1",
                params![BATCH_MAX],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            if waiting.is_empty() {
                return Ok(Ok(0));
            }
            let size: Option<u64> =
                transaction
                    .row("SELECT coalesce(max(position) + 1, 0) FROM log_leaf", &[], |row| row.get(0))?;
            let mut tree = Tree::read(&Kept(transaction), size.unwrap_or(0)).map_err(missing)?;
            let mut leaves = Vec::with_capacity(waiting.len());
            let mut nodes = Vec::with_capacity(waiting.len() * 2);
            for (_, id, bytes) in &waiting {
                leaves.push((tree.size(), id));
                nodes.extend(tree.append(leaf_hash(bytes)));
            }
            let leaves: Vec<[&dyn ToSql; 2]> =
                leaves.iter().map(|(position, id)| -> [&dyn ToSql; 2] { [position, *id] }).collect();
            transaction.insert_all(&LEAF, &slices(&leaves))?;
            let nodes: Vec<[&dyn ToSql; 3]> = nodes
                .iter()
                .map(|node| -> [&dyn ToSql; 3] { [&node.level, &node.position, &node.hash] })
                .collect();
            transaction.insert_all(&NODE, &slices(&nodes))?;
            let numbers: Vec<i64> = waiting.iter().map(|(number, ..)| *number).collect();
            transaction.delete_all("log_waiting", "number", &numbers)?;
            transaction.execute(
                "INSERT INTO log_checkpoint (size, note, at_ms) VALUES (?1, ?2, ?3)",
                params![tree.size(), sign(&tree), now_ms],
            )?;
            Ok(Ok(waiting.len()))
        })?
    }

    /// How many statements are in the log.
    pub fn log_size(&self) -> Result<u64, StoreError> {
        self.read(
            "reading the log's size",
            |transaction| Ok(newest(transaction)?.map_or(0, |(size, _)| size)),
        )
    }

    /// How many statements wait for their place in the log.
    pub fn waiting_for_log(&self) -> Result<u64, StoreError> {
        self.read("counting what waits for the log", |transaction| {
            let count = transaction.row("SELECT count(*) FROM log_waiting", &[], |row| row.get(0))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// The newest checkpoint, a signed note; `None` while nothing is in the log.
    pub fn newest_checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.read("reading the newest checkpoint", |transaction| {
            Ok(newest(transaction)?.map(|(_, note)| note))
        })
    }

    /// Each statement's place in the log of the newest checkpoint, the checkpoint itself, and the proof that its log
    /// continues that of `seen_size` statements. `None` while nothing is in the log.
    #[expect(clippy::type_complexity, reason = "one moment of the log, read in one transaction")]
    pub fn logged(
        &self,
        ids: &[StatementId],
        seen_size: u64,
    ) -> Result<Option<(u64, String, Vec<NodeHash>, Vec<Option<LoggedStatement>>)>, StoreError> {
        self.read("reading the log", |transaction| {
            let Some((size, note)) = newest(transaction)? else { return Ok(None) };
            let kept = Kept(transaction);
            let consistency = Tree::consistency_proof(&kept, seen_size, size).map_err(missing)?;
            let each: Vec<[&dyn ToSql; 2]> =
                ids.iter().map(|id| -> [&dyn ToSql; 2] { [&id.0, &size] }).collect();
            let found = transaction.row_each(
                "SELECT l.position, s.bytes FROM log_leaf l JOIN statement s ON s.id = l.statement
                 WHERE l.statement = ?1 AND l.position < ?2",
                &slices(&each),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let logged = found
                .into_iter()
                .map(|found| {
                    let Some((index, bytes)) = found else { return Ok(None) };
                    let proof = Tree::inclusion_proof(&kept, index, size).map_err(missing)?;
                    Ok(Some(LoggedStatement { index, bytes, proof }))
                })
                .collect::<database::Result<_>>()?;
            Ok(Some((size, note, consistency, logged)))
        })
    }

    /// The proof that the log of `to` statements continues that of `from`; `None` when it never had one of the sizes.
    pub fn consistency(&self, from: u64, to: u64) -> Result<Option<Vec<NodeHash>>, StoreError> {
        self.read("proving the log's consistency", |transaction| {
            let size = newest(transaction)?.map_or(0, |(size, _)| size);
            if from > to || to > size {
                return Ok(None);
            }
            Tree::consistency_proof(&Kept(transaction), from, to).map(Some).map_err(missing)
        })
    }

    /// The root of the tree of the first `size` statements, which must have their places.
    pub fn log_root(&self, size: u64) -> Result<NodeHash, StoreError> {
        self.read("reading the log's root", |transaction| {
            Ok(Tree::read(&Kept(transaction), size).map_err(missing)?.root())
        })
    }

    /// When the log's first checkpoint was signed; `None` while nothing is in it.
    pub fn log_began_at_ms(&self) -> Result<Option<i64>, StoreError> {
        self.read("reading when the log began", |transaction| {
            let first: Option<Option<i64>> =
                transaction.row("SELECT min(at_ms) FROM log_checkpoint", &[], |row| row.get(0))?;
            Ok(first.flatten())
        })
    }
}

fn newest(transaction: &Transaction<'_>) -> database::Result<Option<(u64, String)>> {
    transaction.row("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1", &[], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

struct Kept<'a>(&'a Transaction<'a>);

impl Nodes for Kept<'_> {
    type Error = DatabaseError;
    fn node(&self, level: u8, position: u64) -> database::Result<Option<NodeHash>> {
        self.0.row(
            "SELECT hash FROM log_node WHERE level = ?1 AND position = ?2",
            params![level, position],
            |row| row.get(0),
        )
    }
}

fn missing(error: NodesMissing<DatabaseError>) -> DatabaseError {
    match error {
        NodesMissing::Unreadable(error) => error,
        missing @ NodesMissing::Missing { .. } => DatabaseError::NodeMissing(missing.to_string()),
    }
}
