//! The log's rows. They are only ever added, in one transaction for each batch.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use evidence::log::{Node, NodeHash, Nodes, NodesMissing, Tree, leaf_hash};
use evidence::{LogPublicKey, StatementId};
use rusqlite::{ToSql, params};

use super::database::{self, DatabaseError, Existing, Insert, Lock, Transaction, Writers};
use super::{Store, StoreError, log_keys, slices};

/// Most statements that go into the log in one transaction.
const BATCH_MAX: i64 = 10_000;

const LEAF: Insert = Insert {
    table: "log_leaf",
    columns: &[("position", "bigint"), ("statement", "bytea"), ("station", "text")],
    existing: Existing::IsAFault,
};
/// Nodes of one level that lie side by side in a row of the table.
const TILE_NODES: u64 = 16;
const HASH_BYTES: usize = 32;
const TILE: Insert = Insert {
    table: "log_tile",
    columns: &[("level", "bigint"), ("number", "bigint"), ("hashes", "bytea")],
    existing: Existing::Becomes("(level, number) DO UPDATE SET hashes = excluded.hashes"),
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
            let waiting: Vec<(i64, [u8; 32], Vec<u8>, String)> = transaction.rows(
                "SELECT w.number, s.id, s.bytes, s.station
                 FROM log_waiting w JOIN statement s ON s.id = w.statement AND s.station = w.station
                 ORDER BY w.number LIMIT ?1",
                params![BATCH_MAX],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )?;
            if waiting.is_empty() {
                return Ok(Ok(0));
            }
            let size: Option<u64> =
                transaction
                    .row("SELECT coalesce(max(position) + 1, 0) FROM log_leaf", &[], |row| row.get(0))?;
            let mut tree = with_nodes(transaction, |nodes| Tree::read(nodes, size.unwrap_or(0)))?;
            let mut leaves = Vec::with_capacity(waiting.len());
            let mut nodes = Vec::with_capacity(waiting.len() * 2);
            for (_, id, bytes, station) in &waiting {
                leaves.push((tree.size(), id, station));
                nodes.extend(tree.append(leaf_hash(bytes)));
            }
            let leaves: Vec<[&dyn ToSql; 3]> = leaves
                .iter()
                .map(|(position, id, station)| -> [&dyn ToSql; 3] { [position, *id, *station] })
                .collect();
            transaction.insert_all(&LEAF, &slices(&leaves))?;
            keep(transaction, &nodes)?;
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
        self.ask("reading the log's size", |transaction| Ok(newest(transaction)?.map_or(0, |(size, _)| size)))
    }

    /// How many statements wait for their place in the log.
    pub fn waiting_for_log(&self) -> Result<u64, StoreError> {
        self.ask("counting what waits for the log", |transaction| {
            let count = transaction.row("SELECT count(*) FROM log_waiting", &[], |row| row.get(0))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// The newest checkpoint, a signed note; `None` while nothing is in the log.
    pub fn newest_checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.ask(
            "reading the newest checkpoint",
            |transaction| Ok(newest(transaction)?.map(|(_, note)| note)),
        )
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
            let each: Vec<[&dyn ToSql; 2]> =
                ids.iter().map(|id| -> [&dyn ToSql; 2] { [&id.0, &size] }).collect();
            let found: Vec<Option<(u64, Vec<u8>)>> = transaction.row_each(
                "SELECT l.position, s.bytes
                 FROM log_leaf l JOIN statement s ON s.id = l.statement AND s.station = l.station
                 WHERE l.statement = ?1 AND l.position < ?2",
                &slices(&each),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let (consistency, proofs) = with_nodes(transaction, |nodes| {
                let consistency = Tree::consistency_proof(nodes, seen_size, size)?;
                let indices = found.iter().flatten().map(|(index, _)| *index);
                let proofs: Vec<Vec<NodeHash>> = indices
                    .map(|index| Tree::inclusion_proof(nodes, index, size))
                    .collect::<Result<_, _>>()?;
                Ok((consistency, proofs))
            })?;
            let mut proofs = proofs.into_iter();
            let logged = found
                .into_iter()
                .map(|found| {
                    let ((index, bytes), proof) = found.zip(proofs.next())?;
                    Some(LoggedStatement { index, bytes, proof })
                })
                .collect();
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
            with_nodes(transaction, |nodes| Tree::consistency_proof(nodes, from, to)).map(Some)
        })
    }

    /// The root of the tree of the first `size` statements, which must have their places.
    pub fn log_root(&self, size: u64) -> Result<NodeHash, StoreError> {
        self.read("reading the log's root", |transaction| {
            Ok(with_nodes(transaction, |nodes| Tree::read(nodes, size))?.root())
        })
    }

    /// When the log's first checkpoint was signed; `None` while nothing is in it.
    pub fn log_began_at_ms(&self) -> Result<Option<i64>, StoreError> {
        self.ask("reading when the log began", |transaction| {
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

/// What `work` makes of the log's nodes. They are fetched all at once: it is done a first time only to hear which it asks for,
/// which must not depend on what they are.
fn with_nodes<T>(
    transaction: &Transaction<'_>,
    work: impl Fn(&Fetched) -> Result<T, NodesMissing<Infallible>>,
) -> database::Result<T> {
    let mut nodes = Fetched::default();
    work(&nodes).map_err(missing)?;
    let wanted: Vec<(u8, u64)> = nodes.wanted.take().into_iter().collect();
    let tiles = tiles(transaction, &wanted)?;
    nodes.tiles = Some(wanted.into_iter().zip(tiles).collect());
    work(&nodes).map_err(missing)
}

/// The hashes in tiles, by level and number; a tile that is not kept has none.
fn tiles(transaction: &Transaction<'_>, wanted: &[(u8, u64)]) -> database::Result<Vec<Vec<u8>>> {
    let each: Vec<[&dyn ToSql; 2]> =
        wanted.iter().map(|(level, number)| -> [&dyn ToSql; 2] { [level, number] }).collect();
    let found = transaction.row_each(
        "SELECT hashes FROM log_tile WHERE level = ?1 AND number = ?2",
        &slices(&each),
        |row| row.get(0),
    )?;
    Ok(found.into_iter().map(Option::unwrap_or_default).collect())
}

/// Adds nodes to their tiles. Those of a level follow each other, and what is kept of it.
fn keep(transaction: &Transaction<'_>, nodes: &[Node]) -> database::Result<()> {
    let mut grown: BTreeMap<(u8, u64), Vec<&Node>> = BTreeMap::new();
    for node in nodes {
        grown.entry((node.level, node.position / TILE_NODES)).or_default().push(node);
    }
    let begun: Vec<(u8, u64)> = grown
        .iter()
        .filter(|(_, nodes)| nodes.first().is_some_and(|first| first.position % TILE_NODES > 0))
        .map(|(tile, _)| *tile)
        .collect();
    let mut kept: BTreeMap<(u8, u64), Vec<u8>> =
        begun.iter().copied().zip(tiles(transaction, &begun)?).collect();
    let mut tiles = Vec::with_capacity(grown.len());
    for ((level, number), nodes) in grown {
        let mut hashes = kept.remove(&(level, number)).unwrap_or_default();
        for node in nodes {
            if place_of(node.position) != hashes.len() {
                return Err(DatabaseError::NodeMissing(format!("before {} of level {level}", node.position)));
            }
            hashes.extend(node.hash);
        }
        tiles.push((level, number, hashes));
    }
    let rows: Vec<[&dyn ToSql; 3]> =
        tiles.iter().map(|(level, number, hashes)| -> [&dyn ToSql; 3] { [level, number, hashes] }).collect();
    transaction.insert_all(&TILE, &slices(&rows))?;
    Ok(())
}

/// Where in its tile a node's hash begins.
fn place_of(position: u64) -> usize {
    usize::try_from(position % TILE_NODES).unwrap_or(usize::MAX).saturating_mul(HASH_BYTES)
}

/// Nodes that were fetched; before that, whoever asks is given zeros, and it is noted what was asked for.
#[derive(Default)]
struct Fetched {
    tiles: Option<BTreeMap<(u8, u64), Vec<u8>>>,
    wanted: RefCell<BTreeSet<(u8, u64)>>,
}

impl Nodes for Fetched {
    type Error = Infallible;
    fn node(&self, level: u8, position: u64) -> Result<Option<NodeHash>, Infallible> {
        let tile = (level, position / TILE_NODES);
        let Some(tiles) = &self.tiles else {
            self.wanted.borrow_mut().insert(tile);
            return Ok(Some([0; HASH_BYTES]));
        };
        let from = place_of(position);
        let hash = tiles.get(&tile).and_then(|hashes| hashes.get(from..from + HASH_BYTES));
        Ok(hash.and_then(|hash| hash.try_into().ok()))
    }
}

fn missing(error: NodesMissing<Infallible>) -> DatabaseError {
    DatabaseError::NodeMissing(error.to_string())
}
