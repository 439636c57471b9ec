//! Invitations, and which device used each. The store has the hash of a code, and never the code.

use evidence::{DeviceId, PublicKey};
use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::{self, Database, Row, Transaction, Writers, sql, unreadable};
use super::{AuditContext, StationRange, Store, StoreError, audit};
use crate::model::invitation_code::{CodeHash, InvitationCode};

/// Maximum number of stations that an audit row about invitations names.
const AUDITED_STATIONS_MAX: usize = 20;
/// Number of codes of an earlier version that are hashed in one transaction.
const CLEAR_CODES_BATCH: i64 = 10_000;

/// A new invitation of one device to one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub code: InvitationCode,
    pub station: StationId,
    pub contests: Vec<ContestId>,
    /// Time from which the code is refused.
    pub expires_at_ms: i64,
}

/// A stored invitation and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationState {
    /// The number by which people name it. A newer invitation has a higher one.
    pub number: i64,
    /// The last letters of the code; empty for an unused code of an earlier version.
    pub hint: String,
    pub station: StationId,
    pub contests: Vec<ContestId>,
    /// The text of an [`Actor`](super::Actor); empty for an invitation of an earlier version.
    pub made_by: String,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    pub withdrawn_at_ms: Option<i64>,
    /// The device that used it, and when.
    pub used: Option<(DeviceId, i64)>,
    /// The time at which that device was revoked.
    pub revoked_at_ms: Option<i64>,
}

/// A part of the list of invitations.
#[derive(Debug, Clone)]
pub struct InvitationFilter {
    pub stations: StationRange,
    /// A text in the station's id or in the last letters of the code; letters, digits, dots and hyphens only.
    pub text: Option<String>,
}

/// The outcome of a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// It is withdrawn, by this request or an earlier one.
    Withdrawn,
    /// There is no such invitation.
    Unknown,
    /// A device has used it. Only that device can be revoked.
    Used,
}

/// The columns of an [`InvitationState`]. A condition follows.
const COLUMNS: &str = "SELECT i.number, i.hint, i.station, i.contests, i.made_by, i.created_at_ms,
        i.expires_at_ms, i.withdrawn_at_ms, i.used_at_ms, i.device,
        (SELECT d.revoked_at_ms FROM device d WHERE d.id = i.device) AS revoked_at_ms
    FROM invitation i ";

impl Store {
    /// Stores new invitations, all or none. Returns their numbers.
    pub fn invite(
        &self,
        invitations: &[Invitation],
        audit: AuditContext<'_>,
    ) -> Result<Vec<i64>, StoreError> {
        let made_by = audit.actor.to_string();
        self.write("store invitations", |transaction| {
            let mut numbers = Vec::with_capacity(invitations.len());
            for invitation in invitations {
                numbers.push(add(transaction, invitation, &made_by, audit.now_ms)?);
            }
            if !invitations.is_empty() {
                audit::record(transaction, audit, "invitation.create", &stations_of(invitations))?;
            }
            Ok(numbers)
        })
    }

    /// Withdraws an invitation that nobody has used.
    pub fn withdraw_invitation(
        &self,
        number: i64,
        audit: AuditContext<'_>,
    ) -> Result<Withdrawal, StoreError> {
        self.write("withdraw an invitation", |transaction| {
            let Some(found) = invitation(transaction, number)? else { return Ok(Withdrawal::Unknown) };
            if found.used.is_some() {
                return Ok(Withdrawal::Used);
            }
            if found.withdrawn_at_ms.is_none() {
                transaction.execute(
                    sql!("UPDATE invitation SET withdrawn_at_ms = ?2 WHERE number = ?1"),
                    params![number, audit.now_ms],
                )?;
                let subject = format!("{number} {}", found.station);
                audit::record(transaction, audit, "invitation.withdraw", &subject)?;
            }
            Ok(Withdrawal::Withdrawn)
        })
    }

    /// Stores `new` in place of an invitation that nobody has used, which is withdrawn. It is for the same
    /// assignment of a person, if the old one was. Returns its number, or why the old one stays.
    pub fn replace_invitation(
        &self,
        number: i64,
        new: &Invitation,
        audit: AuditContext<'_>,
    ) -> Result<Result<i64, Withdrawal>, StoreError> {
        let made_by = audit.actor.to_string();
        self.write("replace an invitation", |transaction| {
            let Some(found) = invitation(transaction, number)? else {
                return Ok(Err(Withdrawal::Unknown));
            };
            if found.used.is_some() {
                return Ok(Err(Withdrawal::Used));
            }
            transaction.execute(
                sql!(
                    "UPDATE invitation SET withdrawn_at_ms = ?2 WHERE number = ?1 AND withdrawn_at_ms IS NULL"
                ),
                params![number, audit.now_ms],
            )?;
            let replacement = add(transaction, new, &made_by, audit.now_ms)?;
            transaction.execute(
                sql!(
                    "UPDATE invitation SET assignment = (SELECT o.assignment FROM invitation o WHERE o.number = ?2)
                     WHERE number = ?1"
                ),
                params![replacement, number],
            )?;
            let subject = format!("{number} {} by {replacement}", found.station);
            audit::record(transaction, audit, "invitation.replace", &subject)?;
            Ok(Ok(replacement))
        })
    }

    /// One invitation by its number.
    pub fn invitation(&self, number: i64) -> Result<Option<InvitationState>, StoreError> {
        self.query("read an invitation", |transaction| invitation(transaction, number))
    }

    /// The newest invitations that one of the filters lets through, newest first, at most `most`. With
    /// `before`, only those that are older than the invitation with this number.
    pub fn invitations(
        &self,
        filters: &[InvitationFilter],
        before: Option<i64>,
        most: usize,
    ) -> Result<Vec<InvitationState>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        let mut found = Vec::new();
        self.read("read invitations", |transaction| {
            for filter in filters {
                found.extend(filtered(transaction, filter, before, most)?);
            }
            Ok(())
        })?;
        found.sort_by_key(|state| std::cmp::Reverse(state.number));
        found.dedup_by_key(|state| state.number);
        found.truncate(most);
        Ok(found)
    }
}

fn filtered(
    transaction: &Transaction<'_>,
    filter: &InvitationFilter,
    before: i64,
    most: usize,
) -> database::Result<Vec<InvitationState>> {
    let StationRange { from, until } = &filter.stations;
    let pattern = filter.text.as_ref().map_or_else(|| "%".to_owned(), |text| format!("%{text}%"));
    transaction.rows(
        sql!(
            COLUMNS,
            "WHERE i.station >= ?1 AND i.station < ?2 AND i.number < ?3
                AND (i.station LIKE ?4 OR i.hint LIKE ?4)
             ORDER BY i.number DESC LIMIT ?5"
        ),
        params![from, until, before, pattern, most],
        invitation_state,
    )
}

fn invitation(transaction: &Transaction<'_>, number: i64) -> database::Result<Option<InvitationState>> {
    transaction.row(sql!(COLUMNS, "WHERE i.number = ?1"), params![number], invitation_state)
}

/// What a device shows of its invitation.
#[derive(Debug, Clone, Copy)]
pub enum ShownInvitation<'a> {
    /// The code.
    Code(&'a InvitationCode),
    /// A signature under the key that the code makes, which the caller has verified.
    Key(PublicKey),
}

/// The invitation that a device shows.
pub(super) fn invitation_shown(
    transaction: &Transaction<'_>,
    shown: ShownInvitation<'_>,
) -> database::Result<Option<InvitationState>> {
    match shown {
        ShownInvitation::Code(code) => {
            transaction.row(sql!(COLUMNS, "WHERE i.code_hash = ?1"), params![code.hash().0], invitation_state)
        }
        ShownInvitation::Key(key) => transaction.row(
            sql!(COLUMNS, "WHERE i.enrol_key = ?1"),
            params![key.to_bytes()],
            invitation_state,
        ),
    }
}

pub(super) fn add(
    transaction: &Transaction<'_>,
    invitation: &Invitation,
    made_by: &str,
    now_ms: i64,
) -> database::Result<i64> {
    let contests: Vec<&str> = invitation.contests.iter().map(ContestId::as_str).collect();
    let number = transaction.row(
        sql!(
            "INSERT INTO invitation (code_hash, hint, station, contests, made_by, created_at_ms, expires_at_ms,
                enrol_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING number"
        ),
        params![
            invitation.code.hash().0,
            invitation.code.hint(),
            invitation.station.to_string(),
            contests.join(","),
            made_by,
            now_ms,
            invitation.expires_at_ms,
            invitation.code.enrol_key().to_bytes()
        ],
        |row| row.get("number"),
    )?;
    number.ok_or_else(|| unreadable("number", "the database returned no row"))
}

/// How many invitations, and to which stations.
pub(super) fn stations_of(invitations: &[Invitation]) -> String {
    let named: Vec<String> = invitations
        .iter()
        .take(AUDITED_STATIONS_MAX)
        .map(|invitation| invitation.station.to_string())
        .collect();
    let more = invitations.len().saturating_sub(named.len());
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}: {}{rest}", invitations.len(), named.join(" "))
}

/// Hashes the codes that an earlier version stored in clear.
pub(super) fn hash_clear_codes(database: &Database) -> database::Result<()> {
    while has_clear_codes(database)? {
        database.write(Writers::One, hash_some_clear_codes)?;
    }
    Ok(())
}

fn has_clear_codes(database: &Database) -> database::Result<bool> {
    let found: Option<i64> = database.query(|transaction: &Transaction<'_>| {
        transaction.row(
            sql!("SELECT number FROM invitation WHERE clear_code IS NOT NULL LIMIT 1"),
            &[],
            |row| row.get("number"),
        )
    })?;
    Ok(found.is_some())
}

fn hash_some_clear_codes(transaction: &Transaction<'_>) -> database::Result<()> {
    let codes: Vec<(i64, String)> = transaction.rows(
        sql!(
            "SELECT number, clear_code FROM invitation WHERE clear_code IS NOT NULL ORDER BY number LIMIT ?1"
        ),
        params![CLEAR_CODES_BATCH],
        |row| Ok((row.get("number")?, row.get("clear_code")?)),
    )?;
    for (number, code) in &codes {
        transaction.execute(
            sql!("UPDATE invitation SET code_hash = ?2, clear_code = NULL WHERE number = ?1"),
            params![number, CodeHash::of(code).0],
        )?;
    }
    Ok(())
}

fn invitation_state(row: &Row<'_>) -> database::Result<InvitationState> {
    let contests: String = row.get("contests")?;
    let contests = contests
        .split(',')
        .filter(|contest| !contest.is_empty())
        .map(|contest| contest.parse().map_err(|error: tally::IdError| unreadable("contests", error)))
        .collect::<database::Result<_>>()?;
    let used_at_ms: Option<i64> = row.get("used_at_ms")?;
    let device: Option<[u8; 16]> = row.get("device")?;
    Ok(InvitationState {
        number: row.get("number")?,
        hint: row.get("hint")?,
        station: row.parsed("station")?,
        contests,
        made_by: row.get("made_by")?,
        created_at_ms: row.get("created_at_ms")?,
        expires_at_ms: row.get("expires_at_ms")?,
        withdrawn_at_ms: row.get("withdrawn_at_ms")?,
        used: device.map(DeviceId).zip(used_at_ms),
        revoked_at_ms: row.get("revoked_at_ms")?,
    })
}
