//! The chains of devices' statements: which sequence numbers are missing, and where a chain forks.
//!
//! Each device has a row of a few numbers, which every batch updates. The statements of a device are read
//! only if its chain has a gap or a fork. Replicas that store two statements under one new number at the same
//! moment count that number twice; a rebuild corrects it.

use std::collections::{BTreeMap, BTreeSet};

use evidence::DeviceId;
use rusqlite::params;

use super::database::{self, Insert, OnConflict, Row, Sql, Transaction, sql};
use super::statements::NewStatement;
use super::{EnrolledDevice, StationRange, Store, StoreError};
use crate::model::statement::Admitted;

/// A device and the state of its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceChain {
    pub device: EnrolledDevice,
    /// The reason of its revocation, if one was given.
    pub revoked_because: Option<String>,
    /// Number of statements that arrived.
    pub statements: u64,
    /// Number of statements that arrived after the revocation.
    pub quarantined: u64,
    /// Time of the last arrival.
    pub last_at_ms: Option<i64>,
    /// Number of missing statements below the highest sequence number.
    pub missing_count: u64,
    /// Whether there are several statements under one sequence number.
    pub has_fork: bool,
    /// Missing sequence numbers, lowest first, up to the requested number.
    pub missing: Vec<u64>,
    /// Sequence numbers of more than one statement, lowest first, up to the requested number.
    pub forks: Vec<u64>,
}

/// Which devices a list shows.
#[derive(Debug, Clone)]
pub struct DeviceFilter {
    /// The device is or was assigned to one of these stations.
    pub stations: StationRange,
    /// The first and the last id.
    pub ids: (DeviceId, DeviceId),
}

/// The place of a device in the list: its latest arrival, or its enrolment, and its id.
pub type DevicePlace = (i64, DeviceId);

/// The columns of a [`DeviceChain`]. A condition on devices follows.
const CHAINS: &str = "SELECT d.id, d.enrolled_at_ms, d.revoked_at_ms, d.revoked_because,
        coalesce(c.statements, 0) AS statements, coalesce(c.quarantined, 0) AS quarantined, c.last_at_ms,
        coalesce(c.highest - c.sequences, 0) AS missing_count,
        coalesce(c.statements > c.sequences, FALSE) AS has_fork
    FROM device d LEFT JOIN device_chain c ON c.device = d.id ";

const CHAIN: Insert<6> = Insert {
    table: "device_chain",
    columns: [
        ("device", "bytea"),
        ("statements", "bigint"),
        ("quarantined", "bigint"),
        ("sequences", "bigint"),
        ("highest", "bigint"),
        ("last_at_ms", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(device) DO UPDATE SET statements = device_chain.statements + excluded.statements,
            quarantined = device_chain.quarantined + excluded.quarantined,
            sequences = device_chain.sequences + excluded.sequences,
            highest = CASE WHEN excluded.highest > device_chain.highest
                THEN excluded.highest ELSE device_chain.highest END,
            last_at_ms = CASE WHEN excluded.last_at_ms > device_chain.last_at_ms
                THEN excluded.last_at_ms ELSE device_chain.last_at_ms END",
    ),
};

/// The sequence numbers of device ?1, lowest first. A fork repeats its number.
const SEQUENCES: Sql = sql!("SELECT sequence FROM statement WHERE device = ?1 ORDER BY sequence");

impl Store {
    /// The devices that one of the filters lets through, the one of the latest arrival first, at most
    /// `devices_max`. With `troubled`, only those whose chain has a gap or a fork; with `after`, only those
    /// behind that place.
    pub fn chains(
        &self,
        filters: &[DeviceFilter],
        troubled: bool,
        after: Option<DevicePlace>,
        devices_max: usize,
        numbers_max: usize,
    ) -> Result<Vec<DeviceChain>, StoreError> {
        self.read("read devices' chains", |transaction| {
            let mut chains = Vec::new();
            for filter in filters {
                chains.extend(filtered(transaction, filter, troubled, after, devices_max)?);
            }
            chains.sort_by_key(|chain| {
                let (at_ms, device) = chain.place();
                (std::cmp::Reverse(at_ms), device)
            });
            chains.dedup_by_key(|chain| chain.device.device);
            chains.truncate(devices_max);
            chains.iter_mut().try_for_each(|chain| fill_in(transaction, chain, numbers_max))?;
            Ok(chains)
        })
    }

    /// The chain of one device; `None` if it has not enrolled.
    pub fn chain_of(&self, device: DeviceId, numbers_max: usize) -> Result<Option<DeviceChain>, StoreError> {
        self.read("read a device's chain", |transaction| {
            let mut found = transaction.row(sql!(CHAINS, "WHERE d.id = ?1"), params![device.0], chain)?;
            found.iter_mut().try_for_each(|chain| fill_in(transaction, chain, numbers_max))?;
            Ok(found)
        })
    }

    /// For each device the missing sequence numbers below its highest, lowest first, at most `most`.
    pub fn missing_of(&self, devices: &[DeviceId], most: usize) -> Result<Vec<Vec<u64>>, StoreError> {
        if devices.is_empty() {
            return Ok(Vec::new());
        }
        self.query("look for gaps in chains", |transaction| missing(transaction, devices, most))
    }
}

impl DeviceChain {
    /// Its place in the list.
    pub fn place(&self) -> DevicePlace {
        (self.last_at_ms.unwrap_or(self.device.enrolled_at_ms), self.device.device)
    }
}

fn filtered(
    transaction: &Transaction<'_>,
    filter: &DeviceFilter,
    troubled: bool,
    after: Option<DevicePlace>,
    devices_max: usize,
) -> database::Result<Vec<DeviceChain>> {
    let StationRange { from, until } = &filter.stations;
    let (first, last) = filter.ids;
    // Nothing comes later than the first place.
    let (after_ms, after_device) = after.unwrap_or((i64::MAX, DeviceId([0; 16])));
    transaction.rows(
        sql!(
            CHAINS,
            "WHERE d.id IN (SELECT device FROM assignment WHERE station >= ?1 AND station < ?2)
                AND d.id >= ?3 AND d.id <= ?4
                AND (NOT ?5 OR c.statements > c.sequences OR c.highest > c.sequences)
                AND (coalesce(c.last_at_ms, d.enrolled_at_ms) < ?6
                    OR coalesce(c.last_at_ms, d.enrolled_at_ms) = ?6 AND d.id > ?7)
             ORDER BY coalesce(c.last_at_ms, d.enrolled_at_ms) DESC, d.id LIMIT ?8"
        ),
        params![from, until, first.0, last.0, troubled, after_ms, after_device.0, devices_max],
        chain,
    )
}

/// The number of stored statements under each sequence number of a batch.
pub(super) type StoredUnder = BTreeMap<(DeviceId, i64), u64>;

pub(super) fn stored_under(
    transaction: &Transaction<'_>,
    statements: &[Admitted],
) -> database::Result<StoredUnder> {
    let numbers: BTreeSet<(DeviceId, i64)> =
        statements.iter().map(|statement| (statement.device, statement.sequence)).collect();
    let counts = transaction.row_each(
        sql!("SELECT count(*) AS count FROM statement WHERE device = ?1 AND sequence = ?2"),
        &numbers,
        |(device, sequence)| [&device.0, sequence],
        |row| row.get("count"),
    )?;
    Ok(numbers.iter().copied().zip(counts.into_iter().map(Option::unwrap_or_default)).collect())
}

/// A row of `device_chain` to be added to the stored one.
#[derive(Default)]
struct Addition {
    statements: u64,
    quarantined: u64,
    sequences: u64,
    highest: i64,
}

/// Counts statements that were added. `stored` includes them; `is_revoked` says whether a device is revoked.
pub(super) fn count(
    transaction: &Transaction<'_>,
    added: &[NewStatement<'_>],
    stored: &StoredUnder,
    is_revoked: impl Fn(&DeviceId) -> bool,
    now_ms: i64,
) -> database::Result<()> {
    let mut added_under = StoredUnder::new();
    for new in added {
        *added_under.entry((new.statement.device, new.statement.sequence)).or_default() += 1;
    }
    let mut additions: BTreeMap<DeviceId, Addition> = BTreeMap::new();
    for (number, count) in added_under {
        let (device, sequence) = number;
        let addition = additions.entry(device).or_default();
        addition.statements += count;
        addition.quarantined += if is_revoked(&device) { count } else { 0 };
        // All that is stored under a new number was just added.
        addition.sequences += u64::from(stored.get(&number) == Some(&count));
        addition.highest = addition.highest.max(sequence);
    }
    transaction.insert_all(
        &CHAIN,
        &additions,
        |(device, Addition { statements, quarantined, sequences, highest })| {
            [&device.0, statements, quarantined, sequences, highest, &now_ms]
        },
    )?;
    Ok(())
}

/// Counts all stored statements again.
pub(super) fn count_again(transaction: &Transaction<'_>) -> database::Result<()> {
    transaction.execute(sql!("DELETE FROM device_chain"), params![])?;
    transaction.execute(
        sql!(
            "INSERT INTO device_chain (device, statements, quarantined, sequences, highest, last_at_ms)
             SELECT device, count(*), count(*) FILTER (WHERE quarantined), count(DISTINCT sequence),
                 max(sequence), max(received_at_ms)
             FROM statement WHERE station < '~' GROUP BY device"
        ),
        params![],
    )?;
    Ok(())
}

/// For each device the missing sequence numbers below its highest, lowest first, at most `most`. Only chains
/// with a gap are read.
pub(super) fn missing(
    transaction: &Transaction<'_>,
    devices: &[DeviceId],
    most: usize,
) -> database::Result<Vec<Vec<u64>>> {
    let has_gap: Vec<Option<bool>> = transaction.row_each(
        sql!("SELECT highest > sequences AS has_gap FROM device_chain WHERE device = ?1"),
        devices,
        |id| [&id.0],
        |row| row.get("has_gap"),
    )?;
    let has_gap = |place: usize| has_gap.get(place) == Some(&Some(true));
    let read: Vec<&DeviceId> =
        devices.iter().enumerate().filter(|(place, _)| has_gap(*place)).map(|(_, device)| device).collect();
    let present: Vec<Vec<u64>> =
        transaction.rows_each(SEQUENCES, read, |id| [&id.0], |row| row.get("sequence"))?;
    let mut missing = present.iter().map(|present| gaps(present, most));
    let of_place = |place| if has_gap(place) { missing.next().unwrap_or_default() } else { Vec::new() };
    Ok((0..devices.len()).map(of_place).collect())
}

fn chain(row: &Row<'_>) -> database::Result<DeviceChain> {
    let device = EnrolledDevice {
        device: DeviceId(row.get("id")?),
        enrolled_at_ms: row.get("enrolled_at_ms")?,
        revoked_at_ms: row.get("revoked_at_ms")?,
    };
    Ok(DeviceChain {
        device,
        statements: row.get("statements")?,
        quarantined: row.get("quarantined")?,
        last_at_ms: row.get("last_at_ms")?,
        missing_count: row.get("missing_count")?,
        revoked_because: row.get("revoked_because")?,
        has_fork: row.get("has_fork")?,
        missing: Vec::new(),
        forks: Vec::new(),
    })
}

/// Reads the numbers of gaps and forks.
fn fill_in(
    transaction: &Transaction<'_>,
    chain: &mut DeviceChain,
    numbers_max: usize,
) -> database::Result<()> {
    let device = chain.device.device;
    if chain.missing_count > 0 {
        let present: Vec<u64> = transaction.rows(SEQUENCES, params![device.0], |row| row.get("sequence"))?;
        chain.missing = gaps(&present, numbers_max);
    }
    if !chain.has_fork {
        return Ok(());
    }
    chain.forks = transaction.rows(
        sql!(
            "SELECT sequence FROM statement WHERE device = ?1
             GROUP BY sequence HAVING count(*) > 1 ORDER BY sequence LIMIT ?2"
        ),
        params![device.0, numbers_max],
        |row| row.get("sequence"),
    )?;
    Ok(())
}

/// The numbers from 1 that `present` lacks, at most `most`. `present` is ascending.
fn gaps(present: &[u64], most: usize) -> Vec<u64> {
    let mut missing = Vec::new();
    let mut expected = 1_u64;
    for &sequence in present {
        missing.extend((expected..sequence).take(most - missing.len()));
        if missing.len() == most {
            break;
        }
        expected = sequence + 1;
    }
    missing
}
