//! The chains of devices' statements: what is missing in them, and where they fork.

use evidence::DeviceId;
use rusqlite::{ToSql, params};
use tally::RegionCode;

use super::database::{self, Row, Transaction};
use super::{EnrolledDevice, Store, StoreError, slices, station_range};

/// A device, and how its chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceChain {
    /// The device.
    pub device: EnrolledDevice,
    /// Why it was revoked, where somebody said so.
    pub revoked_because: Option<String>,
    /// Statements that arrived.
    pub statements: u64,
    /// Those of them that came after it was revoked.
    pub quarantined: u64,
    /// When the last one arrived.
    pub last_at_ms: Option<i64>,
    /// How many are missing below the highest sequence number.
    pub missing_count: u64,
    /// Sequence numbers that are missing, the lowest first, as many as were asked for.
    pub missing: Vec<u64>,
    /// Sequence numbers under which there is more than one statement, the lowest first, as many as were asked for.
    pub forks: Vec<u64>,
}

/// Of one device, or of those in a region.
const CHAINS: &str =
    "SELECT d.id, d.enrolled_at_ms, d.revoked_at_ms, count(s.id), count(s.id) FILTER (WHERE s.quarantined),
        max(s.received_at_ms), coalesce(max(s.sequence) - count(DISTINCT s.sequence), 0), d.revoked_because
    FROM device d LEFT JOIN statement s ON s.device = d.id";

impl Store {
    /// The devices that witness in a region, those of whom something was heard last first. `troubled` leaves out those
    /// in whose chain nothing is missing and nothing forks.
    pub fn chains(
        &self,
        region: Option<&RegionCode>,
        troubled: bool,
        devices_max: usize,
        numbers_max: usize,
    ) -> Result<Vec<DeviceChain>, StoreError> {
        let (from, until) = station_range(region);
        self.read("reading devices' chains", |transaction| {
            let mut chains: Vec<DeviceChain> = transaction.rows(
                &format!(
                    "{CHAINS} WHERE d.id IN (SELECT device FROM assignment WHERE station >= ?1 AND station < ?2)
                     GROUP BY d.id
                     HAVING NOT ?3 OR count(s.id) > count(DISTINCT s.sequence)
                        OR max(s.sequence) > count(DISTINCT s.sequence)
                     ORDER BY max(coalesce(s.received_at_ms, d.enrolled_at_ms)) DESC, d.id LIMIT ?4"
                ),
                params![from, until, troubled, devices_max],
                chain,
            )?;
            chains.iter_mut().try_for_each(|chain| spell_out(transaction, chain, numbers_max))?;
            Ok(chains)
        })
    }

    /// How the chain of one device stands; `None` when it has not enrolled.
    pub fn chain_of(&self, device: DeviceId, numbers_max: usize) -> Result<Option<DeviceChain>, StoreError> {
        self.read("reading a device's chain", |transaction| {
            let mut chains: Vec<DeviceChain> = transaction.rows(
                &format!("{CHAINS} WHERE d.id = ?1 GROUP BY d.id"),
                params![device.0],
                chain,
            )?;
            chains.iter_mut().try_for_each(|chain| spell_out(transaction, chain, numbers_max))?;
            Ok(chains.pop())
        })
    }

    /// Of each device the sequence numbers below its highest of which no statement arrived, the lowest first, at most
    /// `most`.
    pub fn missing_of(&self, devices: &[DeviceId], most: usize) -> Result<Vec<Vec<u64>>, StoreError> {
        if devices.is_empty() {
            return Ok(Vec::new());
        }
        self.ask("looking for gaps in chains", |transaction| {
            let each: Vec<[&dyn ToSql; 1]> = devices.iter().map(|id| [&id.0 as &dyn ToSql]).collect();
            let present = transaction.rows_each(SEQUENCES, &slices(&each), |row| row.get(0))?;
            Ok(present.iter().map(|present| gaps(present, most)).collect())
        })
    }
}

fn chain(row: &Row<'_>) -> database::Result<DeviceChain> {
    let device = EnrolledDevice {
        device: DeviceId(row.get(0)?),
        enrolled_at_ms: row.get(1)?,
        revoked_at_ms: row.get(2)?,
    };
    Ok(DeviceChain {
        device,
        statements: row.get(3)?,
        quarantined: row.get(4)?,
        last_at_ms: row.get(5)?,
        missing_count: row.get(6)?,
        revoked_because: row.get(7)?,
        missing: Vec::new(),
        forks: Vec::new(),
    })
}

fn spell_out(
    transaction: &Transaction<'_>,
    chain: &mut DeviceChain,
    numbers_max: usize,
) -> database::Result<()> {
    let device = chain.device.device;
    if chain.missing_count > 0 {
        chain.missing = missing(transaction, device, numbers_max)?;
    }
    chain.forks = transaction.rows(
        "SELECT sequence FROM statement WHERE device = ?1
         GROUP BY sequence HAVING count(*) > 1 ORDER BY sequence LIMIT ?2",
        params![device.0, numbers_max],
        |row| row.get(0),
    )?;
    Ok(())
}

/// The sequence numbers of device ?1, the lowest first; one under which it signed more than one statement stands there again.
pub(super) const SEQUENCES: &str = "SELECT sequence FROM statement WHERE device = ?1 ORDER BY sequence";

fn missing(transaction: &Transaction<'_>, device: DeviceId, most: usize) -> database::Result<Vec<u64>> {
    let present: Vec<u64> = transaction.rows(SEQUENCES, params![device.0], |row| row.get(0))?;
    Ok(gaps(&present, most))
}

/// The numbers from 1 that are not among `present`, which ascend; at most `most`.
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
