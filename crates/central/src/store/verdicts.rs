//! Verdicts of coordinators, and the originals that they requested.

use evidence::{DeviceId, PhotoHash, StatementId};
use protocol::{Decision, InboxBody};
use rusqlite::params;
use tally::StationId;

use super::audit::{self, AuditContext};
use super::database::{self, Row, Transaction, sql};
use super::inbox::deliver;
use super::statements::store_decision;
use super::{Store, StoreError, review_keys, review_queue};
use crate::model::statement::Admitted;
use crate::model::verdict::Ruling;

/// A verdict that is given now.
#[derive(Debug, Clone, Copy)]
pub struct NewVerdict<'a> {
    pub statement: StatementId,
    pub decision: Decision,
    pub reason: &'a str,
}

/// A stored verdict. The latest verdict on a statement is the valid one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    pub statement: StatementId,
    /// Its global sequence number (higher is newer).
    pub number: u64,
    pub decision: Decision,
    pub reason: String,
    /// The text of an [`Actor`](super::Actor).
    pub reviewer: String,
    /// Whether the reviewer also invited the device whose statement this is.
    pub reviewer_invited: bool,
    pub at_ms: i64,
    /// The statement that signed it. `None` for a verdict of an earlier version.
    pub signed: Option<StatementId>,
}

/// A verdict or a correction that a coordinator signed.
#[derive(Debug, Clone, Copy)]
pub struct SignedVerdict<'a> {
    pub statement: &'a Admitted,
    /// The statement before it in the chain of its key.
    pub previous: Option<StatementId>,
    /// The user whose key it must be.
    pub account: &'a str,
    pub verdict: NewVerdict<'a>,
    /// What the witness learns.
    pub notice: WitnessNotice,
}

/// What the witness of a tally learns.
#[derive(Debug, Clone, Copy)]
pub struct WitnessNotice {
    pub device: DeviceId,
    /// The witness's tally.
    pub tally: StatementId,
    pub decision: Decision,
}

/// The outcome of storing what a coordinator signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningOutcome {
    Stored,
    /// The very same statement is stored.
    Known,
    /// The key is not this user's, or was revoked.
    KeyUnknown,
    /// It does not follow the key's last statement.
    OutOfPlace,
}

/// A photo as the camera wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Original {
    pub hash: PhotoHash,
    pub bytes: u64,
}

impl Store {
    /// Stores a verdict that nobody signed on a statement of this device, and delivers it to the device.
    pub fn record_verdict(
        &self,
        device: DeviceId,
        station: &StationId,
        verdict: NewVerdict<'_>,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        let NewVerdict { statement, decision, reason } = verdict;
        let body = InboxBody::verdict(statement, decision, reason.to_owned());
        self.write("store a verdict", |transaction| {
            store_verdict(transaction, station, verdict, None, audit)?;
            deliver(transaction, device, station, audit.now_ms, &body)?;
            let subject = format!("{statement} {}", decision.word());
            audit::record(transaction, audit, "verdict.give", &subject)
        })
    }

    /// Stores what a coordinator signed: the statement, the verdict and what the witness learns, or nothing.
    pub fn record_signed_verdict(
        &self,
        station: &StationId,
        signed: SignedVerdict<'_>,
        audit: AuditContext<'_>,
    ) -> Result<SigningOutcome, StoreError> {
        let SignedVerdict { statement, previous, account, verdict, notice } = signed;
        self.write("store a signed verdict", |transaction| {
            let key = review_keys::key_of(transaction, statement.device)?;
            let key = key.filter(|key| key.account == account && key.revoked_at_ms.is_none());
            let Some(key) = key else { return Ok(SigningOutcome::KeyUnknown) };
            if is_stored(transaction, statement.id)? {
                return Ok(SigningOutcome::Known);
            }
            let (last, head) = key.head.map_or((0, None), |(sequence, id)| (sequence, Some(id)));
            if u64::try_from(statement.sequence).ok() != Some(last + 1) || previous != head {
                return Ok(SigningOutcome::OutOfPlace);
            }
            store_decision(transaction, statement, audit.now_ms)?;
            store_verdict(transaction, station, verdict, Some(statement.id), audit)?;
            let reason = verdict.reason.to_owned();
            let body = InboxBody::verdict(notice.tally, notice.decision, reason);
            deliver(transaction, notice.device, station, audit.now_ms, &body)?;
            let subject = format!(
                "{} {} signed by {}",
                verdict.statement,
                verdict.decision.word(),
                key.key.device_id()
            );
            audit::record(transaction, audit, "verdict.give", &subject)?;
            Ok(SigningOutcome::Stored)
        })
    }

    /// All verdicts on statements about a station, oldest first.
    pub fn verdicts_about(&self, station: &StationId) -> Result<Vec<StoredVerdict>, StoreError> {
        self.read("read the verdicts about a station", |transaction| verdicts_about(transaction, station))
    }

    /// Requests an original from the device. Its bytes are accepted from now on. Returns `false` if it was
    /// requested at this station before.
    pub fn request_original(
        &self,
        device: DeviceId,
        station: &StationId,
        original: Original,
        audit: AuditContext<'_>,
    ) -> Result<bool, StoreError> {
        let Original { hash, bytes } = original;
        let body = InboxBody::original_request(hash);
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.write("request an original", |transaction| {
            let added = transaction.execute(
                sql!(
                    "INSERT INTO original_wanted (original, original_bytes, station, at_ms)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (original, station) DO NOTHING"
                ),
                params![hash.0, bytes, station.to_string(), audit.now_ms],
            )?;
            if added == 0 {
                return Ok(false);
            }
            deliver(transaction, device, station, audit.now_ms, &body)?;
            audit::record(transaction, audit, "original.ask", &hash.to_string())?;
            Ok(true)
        })
    }

    /// The originals that were requested at a station.
    pub fn requested_originals(&self, station: &StationId) -> Result<Vec<PhotoHash>, StoreError> {
        self.read("read the requested originals", |transaction| requested_originals(transaction, station))
    }
}

/// Writes the verdict, has the station counted again, and takes it out of the review queue.
fn store_verdict(
    transaction: &Transaction<'_>,
    station: &StationId,
    verdict: NewVerdict<'_>,
    signed: Option<StatementId>,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    let NewVerdict { statement, decision, reason } = verdict;
    let reviewer = audit.actor.to_string();
    let signed = signed.map(|id| id.0);
    transaction.execute(
        sql!(
            "INSERT INTO verdict (statement, decision, reason, reviewer, at_ms, signed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ),
        params![statement.0, decision.word(), reason, reviewer, audit.now_ms, signed],
    )?;
    let contest: Option<String> = transaction.row(
        sql!("SELECT contest FROM statement WHERE id = ?1 AND station = ?2 AND contest <> ''"),
        params![statement.0, station.to_string()],
        |row| row.get("contest"),
    )?;
    let Some(contest) = contest else { return Ok(()) };
    transaction.execute(
        sql!("INSERT INTO count_waiting (contest, station) VALUES (?1, ?2)"),
        params![contest, station.to_string()],
    )?;
    review_queue::close_item(transaction, &contest, &station.to_string())
}

fn is_stored(transaction: &Transaction<'_>, id: StatementId) -> database::Result<bool> {
    let stored: Option<i64> = transaction.row(
        sql!("SELECT number FROM verdict WHERE signed = ?1 LIMIT 1"),
        params![id.0],
        |row| row.get("number"),
    )?;
    Ok(stored.is_some())
}

pub(super) fn verdicts_about(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<Vec<StoredVerdict>> {
    let read = |row: &Row<'_>| {
        Ok(StoredVerdict {
            decision: row.parsed("decision")?,
            number: row.get("number")?,
            statement: StatementId(row.get("statement")?),
            reason: row.get("reason")?,
            reviewer: row.get("reviewer")?,
            reviewer_invited: row.get("reviewer_invited")?,
            at_ms: row.get("at_ms")?,
            signed: row.get::<Option<[u8; 32]>>("signed")?.map(StatementId),
        })
    };
    transaction.rows(
        sql!(
            "SELECT v.decision, v.number, v.statement, v.reason, v.reviewer, v.at_ms, v.signed,
                EXISTS (SELECT 1 FROM invitation i WHERE i.device = s.device AND i.made_by = v.reviewer)
                    AS reviewer_invited
             FROM verdict v JOIN statement s ON s.id = v.statement WHERE s.station = ?1 ORDER BY v.number"
        ),
        params![station.to_string()],
        read,
    )
}

pub(super) fn requested_originals(
    transaction: &Transaction<'_>,
    station: &StationId,
) -> database::Result<Vec<PhotoHash>> {
    transaction.rows(
        sql!("SELECT original FROM original_wanted WHERE station = ?1 ORDER BY original"),
        params![station.to_string()],
        |row| Ok(PhotoHash(row.get("original")?)),
    )
}

/// The latest verdict from the columns `decision` and `number`. Both are NULL if there is none.
pub(super) fn ruling(row: &Row<'_>) -> database::Result<Option<Ruling>> {
    let Some(number) = row.get::<Option<u64>>("number")? else { return Ok(None) };
    Ok(Some(Ruling { decision: row.parsed("decision")?, number }))
}
