//! Who is at the stations, and which devices are silent.

use evidence::DeviceId;
use rusqlite::params;
use tally::StationId;

use super::database::{self, Row, sql};
use super::messages::after;
use super::{StationRange, Store, StoreError};
use crate::model::presence::Presence;

/// A witness with a device, at a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAttendance {
    pub station: StationId,
    pub device: DeviceId,
    pub presence: Presence,
    /// When the report of it arrived.
    pub since_ms: Option<i64>,
    /// The last sign of the device.
    pub heard_at_ms: Option<i64>,
}

/// Which witnesses a page shows.
#[derive(Debug, Clone)]
pub struct AttendanceFilter {
    pub stations: StationRange,
    pub presence: Option<Presence>,
    /// Only those of whom nothing was heard since `silent_before_ms`.
    pub is_silent: bool,
    pub silent_before_ms: i64,
    /// Those behind this place.
    pub after: Option<(StationId, DeviceId)>,
}

/// The number of witnesses of one presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresenceCount {
    pub presence: Presence,
    pub count: u64,
    /// Number of those that are silent.
    pub silent: u64,
}

/// The witnesses at stations from ?1 on and before ?2. A statement is a sign of a device too.
const WITNESSES: &str = "SELECT w.station, w.device, coalesce(t.event, 'unknown') AS presence,
        t.received_at_ms AS since_ms,
        CASE WHEN c.last_at_ms IS NULL OR v.at_ms > c.last_at_ms
            THEN v.at_ms ELSE c.last_at_ms END AS heard_at_ms
    FROM (SELECT DISTINCT a.station, a.device FROM assignment a
        WHERE a.station >= ?1 AND a.station < ?2 AND a.ended_at_ms IS NULL) w
    JOIN device d ON d.id = w.device AND d.revoked_at_ms IS NULL
    LEFT JOIN attendance t ON t.station = w.station AND t.device = w.device
    LEFT JOIN device_seen v ON v.device = w.device
    LEFT JOIN device_chain c ON c.device = w.device";

impl Store {
    /// The witnesses that the filter lets through, by station, at most `most`.
    pub fn attendance(
        &self,
        filter: &AttendanceFilter,
        most: usize,
    ) -> Result<Vec<StoredAttendance>, StoreError> {
        let (station, device) = after(filter.after.as_ref());
        self.read("read who is at the stations", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT station, device, presence, since_ms, heard_at_ms FROM (",
                    WITNESSES,
                    ") witness
                     WHERE (station > ?3 OR station = ?3 AND device > ?4)
                        AND (NOT ?5 OR presence = ?6)
                        AND (NOT ?7 OR heard_at_ms IS NULL OR heard_at_ms < ?8)
                     ORDER BY station, device LIMIT ?9"
                ),
                params![
                    filter.stations.from,
                    filter.stations.until,
                    station,
                    device,
                    filter.presence.is_some(),
                    filter.presence.map_or("", Presence::word),
                    filter.is_silent,
                    filter.silent_before_ms,
                    most
                ],
                witness,
            )
        })
    }

    /// Number of witnesses at a range of stations of each presence that any has.
    pub fn attendance_counts(
        &self,
        stations: &StationRange,
        silent_before_ms: i64,
    ) -> Result<Vec<PresenceCount>, StoreError> {
        self.read("count who is at the stations", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT presence, count(*) AS count,
                        count(*) FILTER (WHERE heard_at_ms IS NULL OR heard_at_ms < ?3) AS silent FROM (",
                    WITNESSES,
                    ") witness GROUP BY presence"
                ),
                params![stations.from, stations.until, silent_before_ms],
                |row| {
                    Ok(PresenceCount {
                        presence: row.parsed("presence")?,
                        count: row.get("count")?,
                        silent: row.get("silent")?,
                    })
                },
            )
        })
    }
}

fn witness(row: &Row<'_>) -> database::Result<StoredAttendance> {
    Ok(StoredAttendance {
        station: row.parsed("station")?,
        device: DeviceId(row.get("device")?),
        presence: row.parsed("presence")?,
        since_ms: row.get("since_ms")?,
        heard_at_ms: row.get("heard_at_ms")?,
    })
}
