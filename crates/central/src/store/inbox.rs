//! What devices are told.

use evidence::{DeviceId, StatementId};
use protocol::{InboxBody, InboxItem};
use rusqlite::params;
use tally::StationId;

use super::audit::{self, Actor};
use super::database::{self, Row, Transaction, json_of};
use super::{Store, StoreError};

/// What a device was told about a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldItem {
    /// Whom.
    pub device: DeviceId,
    /// What.
    pub item: InboxItem,
}

impl Store {
    /// Asks the device for another photo of a page. Asking twice for the same page of the same tally, before anything came,
    /// is up to whoever asks.
    pub fn ask_for_photo(
        &self,
        device: DeviceId,
        station: &StationId,
        (tally, page, reason): (StatementId, u8, &str),
        actor: &Actor,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let body = InboxBody::photo_request(tally, page, reason.to_owned());
        self.write("asking for a photo", |transaction| {
            tell(transaction, device, station, now_ms, &body)?;
            audit::note(transaction, now_ms, actor, "photo.ask", &format!("{tally} page {page}"))
        })
    }

    /// The device's items after the cursor, the oldest first.
    pub fn inbox(&self, device: DeviceId, after: u64, most: usize) -> Result<Vec<InboxItem>, StoreError> {
        self.ask("reading an inbox", |transaction| {
            transaction.rows(
                "SELECT cursor, at_ms, body FROM inbox WHERE device = ?1 AND cursor > ?2
                 ORDER BY cursor LIMIT ?3",
                params![device.0, after, most],
                item,
            )
        })
    }

    /// What devices were told about a station, the oldest first.
    pub fn told_about(&self, station: &StationId) -> Result<Vec<ToldItem>, StoreError> {
        self.ask("reading what was asked for", |transaction| {
            transaction.rows(
                "SELECT cursor, at_ms, body, device FROM inbox WHERE station = ?1 ORDER BY cursor",
                params![station.to_string()],
                |row| Ok(ToldItem { device: DeviceId(row.get(3)?), item: item(row)? }),
            )
        })
    }
}

/// Tells a device something. Its transaction is the only one that writes: items become visible in the order of their
/// cursors, so that no device passes over one.
pub(super) fn tell(
    transaction: &Transaction<'_>,
    device: DeviceId,
    station: &StationId,
    now_ms: i64,
    body: &InboxBody,
) -> database::Result<()> {
    transaction.execute(
        "INSERT INTO inbox (device, station, at_ms, body) VALUES (?1, ?2, ?3, ?4)",
        params![device.0, station.to_string(), now_ms, json_of(body)?],
    )?;
    Ok(())
}

fn item(row: &Row<'_>) -> database::Result<InboxItem> {
    Ok(InboxItem { cursor: row.get(0)?, at_ms: row.get(1)?, body: row.json(2)? })
}
