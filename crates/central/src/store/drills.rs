//! The store of a trainer's drill: its scenario, what the trainer has said, and the phones of the class.

use evidence::{DeviceId, PublicKey, StatementId};
use protocol::{Assignment, DrillStage, KnownAs};
use rusqlite::params;

use super::database::{self, Row, Transaction, sql};
use super::hall::add_device;
use super::{AuditContext, HallMark, KnownDevice, Store, StoreError, audit, hall};

/// Maximum number of phones in a class.
const PHONES_MAX: u16 = 300;

/// A drill, and how far the trainer has led it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDrill {
    /// The scenario as a file's JSON.
    pub scenario: String,
    pub led: DrillLed,
}

/// What the trainer has said so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DrillLed {
    /// The exercise that is open, from 1; 0 before the first.
    pub exercise_open: u8,
    pub opened_at_ms: Option<i64>,
    pub paused: bool,
    pub network_cut: bool,
    pub ended_at_ms: Option<i64>,
}

/// A phone of the class, and what it said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillPhone {
    pub device: DeviceId,
    /// The number of its copies, from 1.
    pub copy: u16,
    pub at: DrillPlace,
    /// When it came to this place.
    pub since_ms: i64,
    pub hand_raised_at_ms: Option<i64>,
    pub known_as: Option<KnownAs>,
}

/// Where a phone is in the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillPlace {
    /// From 1; 0 before the first.
    pub exercise: u8,
    pub stage: DrillStage,
    /// Empty for none.
    pub section: String,
}

/// What a phone says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillReport {
    pub at: DrillPlace,
    pub hand_raised: bool,
    pub known_as: Option<KnownAs>,
}

/// A statement of the log, by its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedBytes {
    pub position: i64,
    pub statement: StatementId,
    pub bytes: Vec<u8>,
}

const DRILL: &str =
    "SELECT scenario, exercise_open, opened_at_ms, paused, network_cut, ended_at_ms FROM drill";
const PHONE: &str =
    "SELECT device, copy, exercise, stage, section, since_ms, hand_raised_at_ms, known_key, known_proof
    FROM drill_phone ";

impl Store {
    /// The drill that this store serves; `None` elsewhere.
    pub fn drill(&self) -> Result<Option<StoredDrill>, StoreError> {
        self.query("read the drill", |transaction| transaction.row(sql!(DRILL), &[], stored_drill))
    }

    /// Makes this store a drill's. The hall that hands its results on is marked too. A drill that has begun
    /// stays as it is.
    pub fn open_drill(&self, scenario: &str, hall: Option<&HallMark>) -> Result<(), StoreError> {
        self.write("open a drill", |transaction| {
            if let Some(mark) = hall {
                hall::set_mark(transaction, mark)?;
            }
            transaction.execute(
                sql!(
                    "INSERT INTO drill (only_one, scenario, exercise_open, paused, network_cut)
                     VALUES (1, ?1, 0, 0, 0) ON CONFLICT (only_one) DO NOTHING"
                ),
                params![scenario],
            )?;
            Ok(())
        })
    }

    /// Changes what the trainer has said. `None` if there is no drill here.
    pub fn lead_drill(
        &self,
        change: impl Fn(DrillLed) -> DrillLed,
        action: &'static str,
        subject: &str,
        audit: AuditContext<'_>,
    ) -> Result<Option<DrillLed>, StoreError> {
        self.write("lead the drill", |transaction| {
            let Some(before) = transaction.row(sql!(DRILL), &[], stored_drill)? else { return Ok(None) };
            let led = change(before.led);
            if led != before.led {
                transaction.execute(
                    sql!(
                        "UPDATE drill SET exercise_open = ?1, opened_at_ms = ?2, paused = ?3,
                            network_cut = ?4, ended_at_ms = ?5"
                    ),
                    params![
                        led.exercise_open,
                        led.opened_at_ms,
                        i64::from(led.paused),
                        i64::from(led.network_cut),
                        led.ended_at_ms
                    ],
                )?;
                audit::record(transaction, audit, action, subject)?;
            }
            Ok(Some(led))
        })
    }

    /// Lowers the hand of a phone, because somebody has helped. `false` if it was not raised.
    pub fn lower_hand(&self, device: DeviceId, audit: AuditContext<'_>) -> Result<bool, StoreError> {
        self.write("lower a hand", |transaction| {
            let lowered = transaction.execute(
                sql!(
                    "UPDATE drill_phone SET hand_raised_at_ms = NULL
                     WHERE device = ?1 AND hand_raised_at_ms IS NOT NULL"
                ),
                params![device.0],
            )?;
            if lowered == 1 {
                audit::record(transaction, audit, "drill.help", &device.to_string())?;
            }
            Ok(lowered == 1)
        })
    }

    /// Lets a phone into the class, with a number of its own and the stations of that number. One that is in
    /// stays as it is. `None` if the class is full.
    pub fn join_drill(
        &self,
        key: PublicKey,
        places: &dyn Fn(u16) -> Vec<Assignment>,
        now_ms: i64,
    ) -> Result<Option<DrillPhone>, StoreError> {
        self.write("join the drill", |transaction| {
            let device = key.device_id();
            if let Some(known) = phone_of(transaction, device)? {
                return Ok(Some(known));
            }
            let last: Option<Option<u16>> =
                transaction
                    .row(sql!("SELECT max(copy) AS copy FROM drill_phone"), &[], |row| row.get("copy"))?;
            let copy = last.flatten().unwrap_or(0).saturating_add(1);
            if copy > PHONES_MAX {
                return Ok(None);
            }
            add_device(transaction, &KnownDevice { key, assignments: places(copy) }, now_ms)?;
            transaction.execute(
                sql!(
                    "INSERT INTO drill_phone (device, copy, exercise, stage, section, since_ms)
                     VALUES (?1, ?2, 0, ?3, '', ?4)"
                ),
                params![device.0, copy, DrillStage::Waiting.word(), now_ms],
            )?;
            phone_of(transaction, device)
        })
    }

    /// A phone of the class, and how far the trainer has led it.
    pub fn drill_of_phone(&self, device: DeviceId) -> Result<Option<(DrillPhone, DrillLed)>, StoreError> {
        self.read("read a phone of the drill", |transaction| {
            let Some(phone) = phone_of(transaction, device)? else { return Ok(None) };
            let drill = transaction.row(sql!(DRILL), &[], stored_drill)?;
            Ok(drill.map(|drill| (phone, drill.led)))
        })
    }

    /// Keeps what a phone says, where it differs from what it said before.
    pub fn keep_drill_report(
        &self,
        device: DeviceId,
        said: &DrillReport,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("keep what a phone of the drill said", |transaction| {
            let Some(before) = phone_of(transaction, device)? else { return Ok(()) };
            let since_ms = if before.at == said.at { before.since_ms } else { now_ms };
            let hand_raised_at_ms =
                if said.hand_raised { before.hand_raised_at_ms.or(Some(now_ms)) } else { None };
            let known = said.known_as.as_ref().and_then(bytes_of);
            let (known_key, known_proof) = known.unzip();
            transaction.execute(
                sql!(
                    "UPDATE drill_phone SET exercise = ?2, stage = ?3, section = ?4, since_ms = ?5,
                        hand_raised_at_ms = ?6, known_key = ?7, known_proof = ?8
                     WHERE device = ?1"
                ),
                params![
                    device.0,
                    said.at.exercise,
                    said.at.stage.word(),
                    said.at.section,
                    since_ms,
                    hand_raised_at_ms,
                    known_key,
                    known_proof
                ],
            )?;
            Ok(())
        })
    }

    /// The class, by the number of its copies.
    pub fn drill_phones(&self) -> Result<Vec<DrillPhone>, StoreError> {
        self.query("read the phones of the drill", |transaction| {
            transaction.rows(sql!(PHONE, "ORDER BY copy"), &[], drill_phone)
        })
    }

    /// Statements of the log from a position on, in its order.
    pub fn logged_from(&self, position: i64, most: usize) -> Result<Vec<LoggedBytes>, StoreError> {
        self.query("read statements of the log", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT l.position, l.statement, s.bytes
                     FROM log_leaf l JOIN statement s ON s.id = l.statement AND s.station = l.station
                     WHERE l.position >= ?1 ORDER BY l.position LIMIT ?2"
                ),
                params![position, most],
                |row| {
                    Ok(LoggedBytes {
                        position: row.get("position")?,
                        statement: StatementId(row.get("statement")?),
                        bytes: row.get("bytes")?,
                    })
                },
            )
        })
    }

    /// Those of these statements that were handed on, or refused for good.
    pub fn handed_of(&self, statements: &[StatementId]) -> Result<Vec<bool>, StoreError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.query("read what was handed on", |transaction| {
            let rows = transaction.row_each(
                sql!("SELECT handed_at_ms FROM hall_handed WHERE hash = ?1"),
                statements,
                |id| [&id.0 as _],
                |row| row.get::<i64>("handed_at_ms"),
            )?;
            Ok(rows.into_iter().map(|row| row.is_some()).collect())
        })
    }
}

fn phone_of(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<Option<DrillPhone>> {
    transaction.row(sql!(PHONE, "WHERE device = ?1"), params![device.0], drill_phone)
}

/// The key and the signature, if they are that.
fn bytes_of(known_as: &KnownAs) -> Option<([u8; 32], [u8; 64])> {
    let key = PublicKey::from_hex(&known_as.key).ok()?;
    Some((key.to_bytes(), protocol::signature_of_hex(&known_as.proof)?))
}

fn stored_drill(row: &Row<'_>) -> database::Result<StoredDrill> {
    let (paused, network_cut): (i64, i64) = (row.get("paused")?, row.get("network_cut")?);
    let led = DrillLed {
        exercise_open: row.get("exercise_open")?,
        opened_at_ms: row.get("opened_at_ms")?,
        paused: paused == 1,
        network_cut: network_cut == 1,
        ended_at_ms: row.get("ended_at_ms")?,
    };
    Ok(StoredDrill { scenario: row.get("scenario")?, led })
}

fn drill_phone(row: &Row<'_>) -> database::Result<DrillPhone> {
    let key: Option<[u8; 32]> = row.get("known_key")?;
    let proof: Option<[u8; 64]> = row.get("known_proof")?;
    let known_as = key.zip(proof);
    Ok(DrillPhone {
        device: DeviceId(row.get("device")?),
        copy: row.get("copy")?,
        at: DrillPlace {
            exercise: row.get("exercise")?,
            stage: row.parsed("stage")?,
            section: row.get("section")?,
        },
        since_ms: row.get("since_ms")?,
        hand_raised_at_ms: row.get("hand_raised_at_ms")?,
        known_as: known_as
            .map(|(key, proof)| KnownAs { key: evidence::to_hex(&key), proof: evidence::to_hex(&proof) }),
    })
}
