//! Sealed statements. Rows are added and their state advances; nothing else ever happens to them.

use evidence::StatementId;
use protocol::Decision;
use rusqlite::{Row, params};
use tally::{FIRST_ROUND, StationId};

use super::outbox::EntryKey;
use super::{Store, TallyKey, Write, doing, from_word, optional};
use crate::error::StoreError;
use crate::life::{LifeEvent, LifeState};
use crate::sync_core::{OutboxKind, ProvedStatement};
use crate::view::{LifeView, RefusalView, VerdictView};

/// The kind of an own statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatementKind {
    Tally,
    Photo,
    Attendance,
    Incident,
    /// The result of an exercise of a drill.
    Result,
}

impl StatementKind {
    fn word(self) -> &'static str {
        match self {
            Self::Tally => "tally",
            Self::Photo => "photo",
            Self::Attendance => "attendance",
            Self::Incident => "incident",
            Self::Result => "result",
        }
    }
}

/// The last statement of the device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainHead {
    pub(crate) sequence: u64,
    pub(crate) id: StatementId,
}

/// A statement on its way into the store.
pub(crate) struct NewStatement<'a> {
    pub(crate) sealed: &'a evidence::Sealed,
    pub(crate) sequence: u64,
    pub(crate) kind: StatementKind,
    pub(crate) station: &'a StationId,
    /// `None` for a report, which belongs to no contest.
    pub(crate) tally_key: Option<&'a TallyKey>,
    pub(crate) sealed_at_ms: i64,
}

/// A sealed statement and its state.
#[derive(Debug, Clone)]
pub(crate) struct StoredStatement {
    pub(crate) id: StatementId,
    pub(crate) bytes: Vec<u8>,
    pub(crate) sealed_at_ms: i64,
    pub(crate) state: LifeState,
    pub(crate) state_at_ms: i64,
    pub(crate) received_at_ms: Option<i64>,
    pub(crate) refusal: Option<RefusalView>,
    /// When a hall proved that it keeps the statement.
    pub(crate) entrusted_at_ms: Option<i64>,
    /// The latest verdict; `None` if there is none or it was withdrawn.
    pub(crate) verdict: Option<VerdictView>,
}

impl StoredStatement {
    /// The state of the record, as the screens show it.
    pub(crate) fn life(&self) -> LifeView {
        LifeView {
            state: self.state,
            since_ms: Some(self.state_at_ms),
            received_at_ms: self.received_at_ms,
            entrusted_at_ms: self.entrusted_at_ms,
            refusal: self.refusal.clone(),
            verdict: self.verdict.clone(),
        }
    }
}

pub(super) const COLUMNS: &str =
    "id, bytes, sealed_at_ms, state, state_at_ms, received_at_ms,
    (SELECT o.refusal_code FROM outbox o WHERE o.kind = 'own' AND o.item = 'statement' AND o.hash = statement.id)
        AS refusal_code,
    (SELECT o.refusal_detail FROM outbox o WHERE o.kind = 'own' AND o.item = 'statement' AND o.hash = statement.id)
        AS refusal_detail,
    (SELECT json_object('decision', v.decision, 'reason', v.reason, 'at_ms', v.at_ms) FROM verdict v
     WHERE v.statement = statement.id ORDER BY v.cursor DESC LIMIT 1) AS verdict,
    (SELECT max(e.at_ms) FROM entrusted e
     WHERE e.item = 'statement' AND e.state = 'entrusted' AND e.hash = statement.id) AS entrusted_at_ms";

impl Store {
    /// The sealed tallies of `tally_key`, newest first.
    pub(crate) fn tallies(&self, tally_key: &TallyKey) -> Result<Vec<StoredStatement>, StoreError> {
        tallies(&self.connection, tally_key).map_err(doing("read the sealed tallies"))
    }

    /// The bytes of everything that was sealed, in the order of the chain.
    pub(crate) fn sealed_statements(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT bytes FROM statement ORDER BY sequence")
            .and_then(|mut statements| statements.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the sealed records"))
    }

    /// The bytes of a statement.
    pub(crate) fn statement_bytes(
        &self,
        kind: OutboxKind,
        id: StatementId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = match kind {
            OutboxKind::Own => "SELECT bytes FROM statement WHERE id = ?1",
            OutboxKind::Carried => "SELECT bytes FROM carried_statement WHERE id = ?1",
            // An original has no statement of its own.
            OutboxKind::Original => return Ok(None),
        };
        optional(self.connection.query_row(sql, [id.0], |row| row.get("bytes")))
            .map_err(doing("read a sealed record"))
    }
}

impl Write<'_> {
    /// The sealed tallies of `tally_key`, newest first.
    pub(crate) fn tallies(&self, tally_key: &TallyKey) -> Result<Vec<StoredStatement>, StoreError> {
        tallies(&self.transaction, tally_key).map_err(doing("read the sealed tallies"))
    }

    /// The last statement of the device's chain.
    pub(crate) fn chain_head(&self) -> Result<Option<ChainHead>, StoreError> {
        let head = self
            .transaction
            .prepare_cached("SELECT sequence, id FROM statement ORDER BY sequence DESC LIMIT 1")
            .and_then(|mut head| {
                head.query_row([], |row| {
                    Ok(ChainHead { sequence: row.get("sequence")?, id: StatementId(row.get("id")?) })
                })
            });
        optional(head).map_err(doing("read the head of the chain"))
    }

    /// Adds a sealed statement, and its entry in the outbox.
    pub(crate) fn add_statement(&self, new: &NewStatement<'_>) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO statement (id, sequence, kind, station, contest, round, bytes, sealed_at_ms, state,
                state_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'sealed', ?8)",
            params![
                new.sealed.id.0,
                new.sequence,
                new.kind.word(),
                new.station.to_string(),
                new.tally_key.map(|tally_key| tally_key.contest.as_str()),
                new.tally_key.map_or(FIRST_ROUND, |tally_key| tally_key.round),
                new.sealed.bytes,
                new.sealed_at_ms,
            ],
        )
        .map_err(doing("store the sealed record"))?;
        self.send_again(new.sequence)
    }

    /// Puts the statement with this sequence number into the outbox: it was sealed, or the endpoint misses
    /// it.
    pub(super) fn send_again(&self, sequence: u64) -> Result<(), StoreError> {
        let statement = self
            .transaction
            .prepare_cached("SELECT id, sequence, length(bytes) AS bytes FROM statement WHERE sequence = ?1")
            .and_then(|mut statement| {
                statement.query_row([sequence], |row| {
                    Ok((StatementId(row.get("id")?), row.get("sequence")?, row.get("bytes")?))
                })
            });
        let statement = optional(statement).map_err(doing("read a record that is to be sent"))?;
        let Some((id, position, bytes)) = statement else { return Ok(()) };
        self.add_to_outbox(EntryKey::statement(OutboxKind::Own, id), position, bytes)
    }

    /// The endpoint has stored the statement. Its position, if its receipt is wanted now.
    pub(super) fn accept_statement(
        &self,
        id: StatementId,
        received_at_ms: i64,
        now_ms: i64,
    ) -> Result<Option<i64>, StoreError> {
        let Some(state) = self.state_after(id, LifeEvent::Accept)? else { return Ok(None) };
        self.run(
            "UPDATE statement SET state = ?2, state_at_ms = ?3, received_at_ms = ?4 WHERE id = ?1 AND state <> ?2",
            params![id.0, state.word(), now_ms, received_at_ms],
        )
        .and_then(|_| {
            self.transaction
                .query_row("SELECT sequence FROM statement WHERE id = ?1", [id.0], |row| row.get("sequence"))
        })
        .map(Some)
        .map_err(doing("write that a record arrived"))
    }

    /// The endpoint refused the statement. Whether it had not accepted it before.
    pub(super) fn refuse_statement(&self, id: StatementId, now_ms: i64) -> Result<bool, StoreError> {
        let Some(state) = self.state_after(id, LifeEvent::Refuse)? else { return Ok(false) };
        self.run(
            "UPDATE statement SET state = ?2, state_at_ms = ?3 WHERE id = ?1",
            params![id.0, state.word(), now_ms],
        )
        .map(|_| true)
        .map_err(doing("write that a record was refused"))
    }

    /// The receipt of the statement was verified. Whether the statement was waiting for it.
    pub(super) fn receipt_statement(
        &self,
        proved: &ProvedStatement,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let Some(state) = self.state_after(proved.id, LifeEvent::Receipt)? else { return Ok(false) };
        self.run(
            "INSERT INTO receipt (statement, bytes, tree_size, leaf_index, verified_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![proved.id.0, proved.receipt, proved.tree_size, proved.leaf_index, now_ms],
        )
        .and_then(|_| {
            self.run(
                "UPDATE statement SET state = ?2, state_at_ms = ?3 WHERE id = ?1 AND state <> ?2",
                params![proved.id.0, state.word(), now_ms],
            )
        })
        .map(|_| true)
        .map_err(doing("store the receipt"))
    }

    /// The state that `event` leads to; `None` when the statement's life has no such step, and nothing is to
    /// change.
    fn state_after(&self, id: StatementId, event: LifeEvent) -> Result<Option<LifeState>, StoreError> {
        let state: Option<String> = optional(self.transaction.query_row(
            "SELECT state FROM statement WHERE id = ?1",
            [id.0],
            |row| row.get(0),
        ))
        .map_err(doing("read a record's state"))?;
        Ok(state.and_then(|word| LifeState::from_word(&word)).and_then(|state| state.after(event).ok()))
    }
}

fn tallies(
    connection: &rusqlite::Connection,
    tally_key: &TallyKey,
) -> rusqlite::Result<Vec<StoredStatement>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM statement
             WHERE station = ?1 AND contest = ?2 AND kind = 'tally' AND round = ?3 AND sequence >= max(
                coalesce((SELECT max(first_sequence) FROM attempt
                    WHERE station = ?1 AND contest = ?2 AND round = ?3), 0),
                coalesce((SELECT since_sequence FROM drill), 0))
             ORDER BY sequence DESC"
        ))?
        .query_map(params![tally_key.station.to_string(), tally_key.contest.as_str(), tally_key.round], read)?
        .collect()
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<StoredStatement> {
    let state: String = row.get("state")?;
    // The table's CHECK allows no other word.
    let state = LifeState::from_word(&state).unwrap_or(LifeState::Sealed);
    let verdict: Option<String> = row.get("verdict")?;
    let verdict: Option<VerdictView> = verdict.and_then(|json| serde_json::from_str(&json).ok());
    let event = verdict.as_ref().and_then(|verdict| match verdict.decision {
        Decision::Verified => Some(LifeEvent::Verify),
        Decision::Disputed => Some(LifeEvent::Dispute),
        Decision::Withdrawn => None,
    });
    Ok(StoredStatement {
        id: StatementId(row.get("id")?),
        bytes: row.get("bytes")?,
        sealed_at_ms: row.get("sealed_at_ms")?,
        // A verdict can be read before the receipt: then it is shown with it.
        state: event.and_then(|event| state.after(event).ok()).unwrap_or(state),
        state_at_ms: row.get("state_at_ms")?,
        received_at_ms: row.get("received_at_ms")?,
        entrusted_at_ms: row.get("entrusted_at_ms")?,
        refusal: refusal(row)?,
        verdict: verdict.filter(|_| event.is_some()),
    })
}

pub(super) fn refusal(row: &Row<'_>) -> rusqlite::Result<Option<RefusalView>> {
    let code: Option<String> = row.get("refusal_code")?;
    let detail: Option<String> = row.get("refusal_detail")?;
    Ok(code
        .and_then(|word| from_word(&word))
        .map(|code| RefusalView { code, detail: detail.unwrap_or_default() }))
}
