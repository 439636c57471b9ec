//! Messages of coordinators to the witnesses of a region, and who opened them.

use evidence::DeviceId;
use protocol::InboxBody;
use rusqlite::params;
use tally::{RegionCode, StationId};

use super::database::{self, Row, Transaction, json_of, sql, unreadable};
use super::{AuditContext, StationRange, Store, StoreError, audit, inbox};
use crate::model::person::MessageId;

/// A message that is sent.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    pub id: MessageId,
    /// `None` for the whole election.
    pub region: Option<&'a RegionCode>,
    pub text: &'a str,
    /// The user who sends it.
    pub sender: &'a str,
}

/// How often one user may send.
#[derive(Debug, Clone, Copy)]
pub struct SendingRate {
    /// Maximum number of messages since `since_ms`.
    pub most: u64,
    pub since_ms: i64,
}

/// A message of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its place in the history.
    pub number: i64,
    pub id: MessageId,
    /// `None` for the whole election.
    pub region: Option<RegionCode>,
    pub text: String,
    pub sender: String,
    pub at_ms: i64,
    pub withdrawn_at_ms: Option<i64>,
    /// Number of devices whose witness opened it.
    pub read: u64,
}

/// A witness's device to which a message is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    pub station: StationId,
    pub device: DeviceId,
    pub read_at_ms: Option<i64>,
}

/// Which readers a page shows.
#[derive(Debug, Clone)]
pub struct ReaderFilter {
    pub stations: StationRange,
    /// Those who read it, or those who did not.
    pub is_read: Option<bool>,
    /// Those behind this place.
    pub after: Option<(StationId, DeviceId)>,
}

/// The columns of a [`StoredMessage`]. A condition follows.
const MESSAGE: &str = "SELECT m.number, m.id, m.region, m.text, m.sender, m.at_ms, m.withdrawn_at_ms,
        (SELECT count(*) FROM message_read r WHERE r.message = m.number) AS opened
    FROM message m ";

/// Device ?1 is assigned in the region of row `m`. A station's id begins with the codes of its regions.
const REACHES_DEVICE: &str =
    "EXISTS (SELECT 1 FROM assignment a WHERE a.device = ?1 AND a.ended_at_ms IS NULL
    AND substr(a.station, 1, length(m.region)) = m.region)";

impl Store {
    /// Sends a message. Returns `false` if the user has sent too many lately.
    pub fn send_message(
        &self,
        message: NewMessage<'_>,
        rate: SendingRate,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        let NewMessage { id, region, text, sender } = message;
        let body = InboxBody::Message {
            message: id.to_string(),
            region: region.map(RegionCode::to_string),
            text: text.to_owned(),
            by: sender.to_owned(),
        };
        self.write("send a message", |transaction| {
            if sent_since(transaction, sender, rate.since_ms)? >= rate.most {
                return Ok(false);
            }
            transaction.execute(
                sql!("INSERT INTO message (id, region, text, sender, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)"),
                params![id.0, code_of(region), text, sender, audit.now_ms],
            )?;
            deliver_to(transaction, region, audit.now_ms, &body)?;
            audit::record(transaction, audit, "message.send", &format!("{} {id}", place_of(region)))?;
            Ok(true)
        })
    }

    /// Withdraws a message. Returns `false` if it is withdrawn already.
    pub fn withdraw_message(
        &self,
        message: &StoredMessage,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        let (id, region) = (message.id, message.region.as_ref());
        let body = InboxBody::MessageWithdrawn { message: id.to_string() };
        self.write("withdraw a message", |transaction| {
            let withdrawn = transaction.execute(
                sql!("UPDATE message SET withdrawn_at_ms = ?2 WHERE id = ?1 AND withdrawn_at_ms IS NULL"),
                params![id.0, audit.now_ms],
            )?;
            if withdrawn == 1 {
                deliver_to(transaction, region, audit.now_ms, &body)?;
                audit::record(transaction, audit, "message.withdraw", &format!("{} {id}", place_of(region)))?;
            }
            Ok(withdrawn == 1)
        })
    }

    /// The message with this id.
    pub fn message(&self, id: MessageId) -> Result<Option<StoredMessage>, StoreError> {
        self.query("read a message", |transaction| {
            transaction.row(sql!(MESSAGE, "WHERE m.id = ?1"), params![id.0], stored)
        })
    }

    /// The messages to a region, to those below it and to those above it, newest first, at most `most`. With
    /// `before`, only older ones.
    pub fn messages(
        &self,
        region: Option<&RegionCode>,
        before: Option<i64>,
        most: usize,
    ) -> Result<Vec<StoredMessage>, StoreError> {
        self.read("read messages", |transaction| {
            transaction.rows(
                sql!(
                    MESSAGE,
                    "WHERE m.number < ?1 AND (substr(m.region, 1, length(CAST(?2 AS TEXT))) = CAST(?2 AS TEXT)
                        OR substr(CAST(?2 AS TEXT), 1, length(m.region)) = m.region)
                     ORDER BY m.number DESC LIMIT ?3"
                ),
                params![before.unwrap_or(i64::MAX), code_of(region), most],
                stored,
            )
        })
    }

    /// Records that the witness of a device opened messages. Those that are not addressed to the device are
    /// skipped. The first time counts.
    pub fn read_messages(
        &self,
        device: DeviceId,
        messages: &[MessageId],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write_beside_others("record who read messages", |transaction| {
            for message in messages {
                transaction.execute(
                    sql!(
                        "INSERT INTO message_read (message, device, at_ms)
                         SELECT m.number, ?1, CAST(?3 AS BIGINT) FROM message m WHERE m.id = ?2 AND ",
                        REACHES_DEVICE,
                        " ON CONFLICT (message, device) DO NOTHING"
                    ),
                    params![device.0, message.0, now_ms],
                )?;
            }
            Ok(())
        })
    }

    /// Number of devices that are assigned to stations of a range.
    pub fn devices_at(&self, stations: &StationRange) -> Result<u64, StoreError> {
        self.query("count devices", |transaction| {
            let count = transaction.row(
                sql!(
                    "SELECT count(DISTINCT a.device) AS count FROM assignment a
                     JOIN device d ON d.id = a.device AND d.revoked_at_ms IS NULL
                     WHERE a.station >= ?1 AND a.station < ?2 AND a.ended_at_ms IS NULL"
                ),
                params![stations.from, stations.until],
                |row| row.get("count"),
            )?;
            Ok(count.unwrap_or(0))
        })
    }

    /// The devices to which a message is addressed, by station, at most `most`.
    pub fn readers(
        &self,
        number: i64,
        filter: &ReaderFilter,
        most: usize,
    ) -> Result<Vec<Reader>, StoreError> {
        let (station, device) = after(filter.after.as_ref());
        self.read("read who read a message", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT DISTINCT a.station, a.device, r.at_ms FROM assignment a
                     JOIN device d ON d.id = a.device AND d.revoked_at_ms IS NULL
                     LEFT JOIN message_read r ON r.message = ?1 AND r.device = a.device
                     WHERE a.station >= ?2 AND a.station < ?3 AND a.ended_at_ms IS NULL
                        AND (a.station > ?4 OR a.station = ?4 AND a.device > ?5)
                        AND (NOT ?6 OR r.at_ms IS NOT NULL) AND (NOT ?7 OR r.at_ms IS NULL)
                     ORDER BY a.station, a.device LIMIT ?8"
                ),
                params![
                    number,
                    filter.stations.from,
                    filter.stations.until,
                    station,
                    device,
                    filter.is_read == Some(true),
                    filter.is_read == Some(false),
                    most
                ],
                |row| {
                    Ok(Reader {
                        station: row.parsed("station")?,
                        device: DeviceId(row.get("device")?),
                        read_at_ms: row.get("at_ms")?,
                    })
                },
            )
        })
    }
}

/// A place in a list by station and device; the first one without one.
pub(super) fn after(place: Option<&(StationId, DeviceId)>) -> (String, [u8; 16]) {
    place.map_or_else(|| (String::new(), [0; 16]), |(station, device)| (station.to_string(), device.0))
}

fn sent_since(transaction: &Transaction<'_>, sender: &str, since_ms: i64) -> database::Result<u64> {
    let count = transaction.row(
        sql!("SELECT count(*) AS count FROM message WHERE sender = ?1 AND at_ms > ?2"),
        params![sender, since_ms],
        |row| row.get("count"),
    )?;
    Ok(count.unwrap_or(0))
}

/// Adds an item for all devices that are or will be assigned in a region.
fn deliver_to(
    transaction: &Transaction<'_>,
    region: Option<&RegionCode>,
    now_ms: i64,
    body: &InboxBody,
) -> database::Result<()> {
    inbox::deliver_to_region(transaction, code_of(region), now_ms, &json_of(body)?)
}

/// The code of a region in the store: nothing for the whole election.
fn code_of(region: Option<&RegionCode>) -> &str {
    region.map_or("", RegionCode::as_str)
}

/// A region in the audit.
fn place_of(region: Option<&RegionCode>) -> &str {
    region.map_or("everywhere", RegionCode::as_str)
}

fn stored(row: &Row<'_>) -> database::Result<StoredMessage> {
    let region: String = row.get("region")?;
    let region = (!region.is_empty()).then(|| region.parse()).transpose();
    Ok(StoredMessage {
        number: row.get("number")?,
        id: MessageId(row.get("id")?),
        region: region.map_err(|error: tally::IdError| unreadable("region", error))?,
        text: row.get("text")?,
        sender: row.get("sender")?,
        at_ms: row.get("at_ms")?,
        withdrawn_at_ms: row.get("withdrawn_at_ms")?,
        read: row.get("opened")?,
    })
}
