//! The nodes of the log's tree. Neighbours of one level share a row, a *tile*.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use evidence::log::{Node, NodeHash, Nodes, NodesMissing};

use super::StoreError;
use super::database::{self, Insert, OnConflict, Transaction, sql};
use super::error::TxError;

/// Number of nodes in a complete tile. The tables' schema has the same number.
const TILE_NODES: u64 = 16;
const HASH_BYTES: usize = 32;
const TILE: Insert<3> = Insert {
    table: "log_tile",
    columns: [("level", "bigint"), ("number", "bigint"), ("hashes", "bytea")],
    on_conflict: OnConflict::Update("(level, number) DO UPDATE SET hashes = excluded.hashes"),
};

type Result<T> = std::result::Result<T, TxError<StoreError>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TileKey {
    level: u8,
    number: u64,
}

impl TileKey {
    fn of(level: u8, position: u64) -> Self {
        Self { level, number: position / TILE_NODES }
    }
}

/// Runs `work` on the log's nodes.
///
/// It runs twice. The first time it only records the nodes that it asks for, so that one query fetches all of
/// them. Which nodes it asks for must therefore not depend on their hashes.
pub(super) fn with_nodes<T>(
    transaction: &Transaction<'_>,
    work: impl Fn(&FetchedNodes) -> std::result::Result<T, NodesMissing<Infallible>>,
) -> Result<T> {
    let damaged = |error: NodesMissing<Infallible>| TxError::Aborted(StoreError::LogDamaged(error.into()));
    let mut nodes = FetchedNodes::default();
    work(&nodes).map_err(damaged)?;
    let wanted: Vec<TileKey> = nodes.wanted.take().into_iter().collect();
    let tiles = tiles(transaction, &wanted)?;
    nodes.tiles = Some(wanted.into_iter().zip(tiles).collect());
    work(&nodes).map_err(damaged)
}

/// Adds nodes to their tiles. The nodes of a level must continue those that are stored.
pub(super) fn store_nodes(transaction: &Transaction<'_>, nodes: &[Node]) -> Result<()> {
    let mut grown: BTreeMap<TileKey, Vec<&Node>> = BTreeMap::new();
    for node in nodes {
        grown.entry(TileKey::of(node.level, node.position)).or_default().push(node);
    }
    let begun: Vec<TileKey> = grown
        .iter()
        .filter(|(_, nodes)| nodes.first().is_some_and(|first| first.position % TILE_NODES > 0))
        .map(|(key, _)| *key)
        .collect();
    let mut stored: BTreeMap<TileKey, Vec<u8>> =
        begun.iter().copied().zip(tiles(transaction, &begun)?).collect();
    let mut tiles: Vec<(TileKey, Vec<u8>)> = Vec::with_capacity(grown.len());
    for (key, nodes) in grown {
        let mut hashes = stored.remove(&key).unwrap_or_default();
        for node in nodes {
            if offset_in_tile(node.position) != hashes.len() {
                let gap = format!("a node before {} of level {} is missing", node.position, node.level);
                return Err(TxError::Aborted(StoreError::LogDamaged(gap.into())));
            }
            hashes.extend(node.hash);
        }
        tiles.push((key, hashes));
    }
    transaction.insert_all(&TILE, &tiles, |(key, hashes)| [&key.level, &key.number, hashes])?;
    Ok(())
}

/// The hashes in tiles. A tile that is not stored has none.
fn tiles(transaction: &Transaction<'_>, wanted: &[TileKey]) -> database::Result<Vec<Vec<u8>>> {
    let found = transaction.row_each(
        sql!("SELECT hashes FROM log_tile WHERE level = ?1 AND number = ?2"),
        wanted,
        |key| [&key.level, &key.number],
        |row| row.get("hashes"),
    )?;
    Ok(found.into_iter().map(Option::unwrap_or_default).collect())
}

/// The offset of a node's hash in its tile, in bytes.
fn offset_in_tile(position: u64) -> usize {
    usize::try_from(position % TILE_NODES).unwrap_or(usize::MAX).saturating_mul(HASH_BYTES)
}

/// Nodes that were fetched together. Before that, every node is zero, and the tiles that `work` needs are
/// recorded.
#[derive(Default)]
pub(super) struct FetchedNodes {
    tiles: Option<BTreeMap<TileKey, Vec<u8>>>,
    wanted: RefCell<BTreeSet<TileKey>>,
}

impl Nodes for FetchedNodes {
    type Error = Infallible;
    fn node(&self, level: u8, position: u64) -> std::result::Result<Option<NodeHash>, Infallible> {
        let key = TileKey::of(level, position);
        let Some(tiles) = &self.tiles else {
            self.wanted.borrow_mut().insert(key);
            return Ok(Some([0; HASH_BYTES]));
        };
        let from = offset_in_tile(position);
        let hash = tiles.get(&key).and_then(|hashes| hashes.get(from..from + HASH_BYTES));
        Ok(hash.and_then(|hash| hash.try_into().ok()))
    }
}
