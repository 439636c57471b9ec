//! The inboxes of devices.

use evidence::{DeviceId, StatementId};
use protocol::{InboxBody, InboxItem};
use rusqlite::params;
use tally::StationId;

use super::audit::{self, AuditContext};
use super::database::{self, Row, Transaction, json_of, sql};
use super::{Store, StoreError};

/// An item in the inbox of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEntry {
    pub device: DeviceId,
    pub item: InboxItem,
}

/// A coordinator's request for another photo of a page.
#[derive(Debug, Clone, Copy)]
pub struct PhotoRequest<'a> {
    pub tally: StatementId,
    pub page: u8,
    /// Why the photo that is here does not do.
    pub reason: &'a str,
}

impl Store {
    /// Requests another photo of a page from the device. Every call is a new request.
    pub fn request_photo(
        &self,
        device: DeviceId,
        station: &StationId,
        request: PhotoRequest<'_>,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        let PhotoRequest { tally, page, reason } = request;
        let body = InboxBody::photo_request(tally, page, reason.to_owned());
        self.write("request a photo", |transaction| {
            deliver(transaction, device, station, audit.now_ms, &body)?;
            audit::record(transaction, audit, "photo.ask", &format!("{tally} page {page}"))
        })
    }

    /// The device's items after the cursor, and those for the regions in which it is assigned, oldest first.
    pub fn inbox(&self, device: DeviceId, after: u64, most: usize) -> Result<Vec<InboxItem>, StoreError> {
        self.query("read an inbox", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT i.cursor, i.at_ms, i.body FROM inbox i WHERE i.device = ?1 AND i.cursor > ?2
                     UNION ALL
                     SELECT i.cursor, i.at_ms, i.body FROM inbox i
                     WHERE i.region IS NOT NULL AND i.cursor > ?2
                        AND EXISTS (SELECT 1 FROM assignment a WHERE a.device = ?1 AND a.ended_at_ms IS NULL
                            AND substr(a.station, 1, length(i.region)) = i.region)
                     ORDER BY cursor LIMIT ?3"
                ),
                params![device.0, after, most],
                item,
            )
        })
    }

    /// The items that devices received about a station, oldest first.
    pub fn inbox_entries_about(&self, station: &StationId) -> Result<Vec<InboxEntry>, StoreError> {
        self.query("read the inbox items about a station", |transaction| inbox_entries(transaction, station))
    }
}

pub(super) fn inbox_entries(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<Vec<InboxEntry>> {
    transaction.rows(
        sql!("SELECT cursor, at_ms, body, device FROM inbox WHERE station = ?1 ORDER BY cursor"),
        params![station.to_string()],
        |row| Ok(InboxEntry { device: DeviceId(row.get("device")?), item: item(row)? }),
    )
}

/// Adds an item to a device's inbox. The transaction must be the only one that writes: items become visible
/// in the order of their cursors, so that no device skips one.
pub(super) fn deliver(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
    now_ms: i64,
    body: &InboxBody,
) -> database::Result<()> {
    transaction.execute(
        sql!("INSERT INTO inbox (device, station, at_ms, body) VALUES (?1, ?2, ?3, ?4)"),
        params![device.0, station.to_string(), now_ms, json_of(body)?],
    )?;
    Ok(())
}

/// Adds an item for all devices of a region, as [`deliver`] does for one. `body` is JSON.
pub(super) fn deliver_to_region(
    transaction: &Transaction<'_>,
    region: &str,
    now_ms: i64,
    body: &str,
) -> database::Result<()> {
    transaction.execute(
        sql!("INSERT INTO inbox (region, at_ms, body) VALUES (?1, ?2, ?3)"),
        params![region, now_ms, body],
    )?;
    Ok(())
}

fn item(row: &Row<'_>) -> database::Result<InboxItem> {
    Ok(InboxItem { cursor: row.get("cursor")?, at_ms: row.get("at_ms")?, body: row.json("body")? })
}
