//! The chains of devices' statements: which sequence numbers are missing, and where a chain forks.

use evidence::DeviceId;
use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Row, Sql, Transaction, sql};
use super::{EnrolledDevice, StationRange, Store, StoreError};

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
    /// Missing sequence numbers, lowest first, up to the requested number.
    pub missing: Vec<u64>,
    /// Sequence numbers of more than one statement, lowest first, up to the requested number.
    pub forks: Vec<u64>,
}

/// The columns of a [`DeviceChain`]. A condition on devices and `GROUP BY d.id` follow.
const CHAINS: &str = "SELECT d.id, d.enrolled_at_ms, d.revoked_at_ms, count(s.id) AS statements,
        count(s.id) FILTER (WHERE s.quarantined) AS quarantined, max(s.received_at_ms) AS last_at_ms,
        coalesce(max(s.sequence) - count(DISTINCT s.sequence), 0) AS missing_count, d.revoked_because
    FROM device d LEFT JOIN statement s ON s.device = d.id ";

/// The sequence numbers of device ?1, lowest first. A fork repeats its number.
pub(super) const SEQUENCES: Sql = sql!("SELECT sequence FROM statement WHERE device = ?1 ORDER BY sequence");

impl Store {
    /// The devices that witness in a region, the one of the latest arrival first. With `troubled`, only those
    /// whose chain has a gap or a fork.
    pub fn chains(
        &self,
        region: Option<&RegionCode>,
        troubled: bool,
        devices_max: usize,
        numbers_max: usize,
    ) -> Result<Vec<DeviceChain>, StoreError> {
        let StationRange { from, until } = StationRange::of_region(region);
        self.read("read devices' chains", |transaction| {
            let mut chains: Vec<DeviceChain> = transaction.rows(
                sql!(
                    CHAINS,
                    "WHERE d.id IN (SELECT device FROM assignment WHERE station >= ?1 AND station < ?2)
                     GROUP BY d.id
                     HAVING NOT ?3 OR count(s.id) > count(DISTINCT s.sequence)
                        OR max(s.sequence) > count(DISTINCT s.sequence)
                     ORDER BY max(coalesce(s.received_at_ms, d.enrolled_at_ms)) DESC, d.id LIMIT ?4"
                ),
                params![from, until, troubled, devices_max],
                chain,
            )?;
            chains.iter_mut().try_for_each(|chain| fill_in(transaction, chain, numbers_max))?;
            Ok(chains)
        })
    }

    /// The chain of one device; `None` if it has not enrolled.
    pub fn chain_of(&self, device: DeviceId, numbers_max: usize) -> Result<Option<DeviceChain>, StoreError> {
        self.read("read a device's chain", |transaction| {
            let mut found =
                transaction.row(sql!(CHAINS, "WHERE d.id = ?1 GROUP BY d.id"), params![device.0], chain)?;
            found.iter_mut().try_for_each(|chain| fill_in(transaction, chain, numbers_max))?;
            Ok(found)
        })
    }

    /// For each device the missing sequence numbers below its highest, lowest first, at most `most`.
    pub fn missing_of(&self, devices: &[DeviceId], most: usize) -> Result<Vec<Vec<u64>>, StoreError> {
        if devices.is_empty() {
            return Ok(Vec::new());
        }
        self.query("look for gaps in chains", |transaction| {
            let present =
                transaction.rows_each(SEQUENCES, devices, |id| [&id.0], |row| row.get("sequence"))?;
            Ok(present.iter().map(|present| gaps(present, most)).collect())
        })
    }
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
pub(super) fn gaps(present: &[u64], most: usize) -> Vec<u64> {
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
