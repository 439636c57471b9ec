//! The log's rows. They are only ever added, in one transaction for each batch.

use evidence::log::{NodeHash, Nodes, NodesMissing, Tree, leaf_hash};
use evidence::{LogPublicKey, StatementId};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Store, StoreError, log_keys};

/// Most statements that go into the log in one transaction.
const BATCH_MAX: i64 = 10_000;

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
    /// Appends statements that are not in the log yet, in the order in which they were taken in, and keeps the
    /// checkpoint that `sign` makes of the grown tree under `key`. Gives how many were appended.
    pub fn append_to_log(
        &self,
        key: LogPublicKey,
        sign: impl FnOnce(&Tree) -> String,
        now_ms: i64,
    ) -> Result<usize, StoreError> {
        self.write("appending to the log", |transaction| {
            if !log_keys::signs(transaction, key)? {
                return Ok(Err(StoreError::LogHandedOver));
            }
            // All is read anew in the transaction that writes, so that two sequencers cannot fork the log.
            let size: i64 =
                transaction
                    .query_row("SELECT coalesce(max(position) + 1, 0) FROM log_leaf", [], |row| row.get(0))?;
            let mut tree = Tree::read(&Kept(transaction), size.unsigned_abs()).map_err(missing)?;
            let waiting: Vec<([u8; 32], Vec<u8>)> = transaction
                .prepare_cached(
                    "SELECT id, bytes FROM statement
                     WHERE rowid > coalesce(
                        (SELECT s.rowid FROM log_leaf l JOIN statement s ON s.id = l.statement
                         ORDER BY l.position DESC LIMIT 1), 0)
                     ORDER BY rowid LIMIT ?1",
                )?
                .query_map([BATCH_MAX], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            if waiting.is_empty() {
                return Ok(Ok(0));
            }
            let mut leaf =
                transaction.prepare_cached("INSERT INTO log_leaf (position, statement) VALUES (?1, ?2)")?;
            let mut node = transaction
                .prepare_cached("INSERT INTO log_node (level, position, hash) VALUES (?1, ?2, ?3)")?;
            for (id, bytes) in &waiting {
                leaf.execute(params![tree.size(), id])?;
                for completed in tree.append(leaf_hash(bytes)) {
                    node.execute(params![completed.level, completed.position, completed.hash])?;
                }
            }
            transaction.execute(
                "INSERT INTO log_checkpoint (size, note, at_ms) VALUES (?1, ?2, ?3)",
                params![tree.size(), sign(&tree), now_ms],
            )?;
            Ok(Ok(waiting.len()))
        })?
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
            let mut find = transaction.prepare_cached(
                "SELECT l.position, s.bytes FROM log_leaf l JOIN statement s ON s.id = l.statement
                 WHERE l.statement = ?1 AND l.position < ?2",
            )?;
            let logged = ids
                .iter()
                .map(|id| {
                    let found = find
                        .query_row(params![id.0, size], |row| Ok((row.get(0)?, row.get(1)?)))
                        .optional()?;
                    let Some((index, bytes)) = found else { return Ok(None) };
                    let proof = Tree::inclusion_proof(&kept, index, size).map_err(missing)?;
                    Ok(Some(LoggedStatement { index, bytes, proof }))
                })
                .collect::<rusqlite::Result<_>>()?;
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
            transaction.query_row("SELECT min(at_ms) FROM log_checkpoint", [], |row| row.get(0))
        })
    }
}

fn newest(transaction: &Transaction<'_>) -> rusqlite::Result<Option<(u64, String)>> {
    transaction
        .prepare_cached("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

struct Kept<'a>(&'a Transaction<'a>);

impl Nodes for Kept<'_> {
    type Error = rusqlite::Error;
    fn node(&self, level: u8, position: u64) -> rusqlite::Result<Option<NodeHash>> {
        self.0
            .prepare_cached("SELECT hash FROM log_node WHERE level = ?1 AND position = ?2")?
            .query_row(params![level, position], |row| row.get(0))
            .optional()
    }
}

fn missing(error: NodesMissing<rusqlite::Error>) -> rusqlite::Error {
    match error {
        NodesMissing::Unreadable(error) => error,
        missing @ NodesMissing::Missing { .. } => {
            rusqlite::Error::ToSqlConversionFailure(missing.to_string().into())
        }
    }
}
