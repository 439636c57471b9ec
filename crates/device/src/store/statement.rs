//! What was sealed. Rows are added and their state moves on; nothing else ever happens to them.

use evidence::StatementId;
use protocol::{Decision, ProblemCode};
use rusqlite::{Row, params};
use tally::{ContestId, StationId};

use super::{Place, Store, Write, doing, from_word, optional, word_of};
use crate::error::StoreError;
use crate::life::{LifeEvent, LifeState};
use crate::sync::ProvedStatement;
use crate::view::{RefusalView, VerdictView};

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatementKind {
    Tally,
    Photo,
    Attendance,
    Incident,
}

impl StatementKind {
    fn word(self) -> &'static str {
        match self {
            Self::Tally => "tally",
            Self::Photo => "photo",
            Self::Attendance => "attendance",
            Self::Incident => "incident",
        }
    }
}

/// A statement on its way into the store.
pub(crate) struct NewStatement<'a> {
    pub(crate) sealed: &'a evidence::Sealed,
    pub(crate) sequence: u64,
    pub(crate) kind: StatementKind,
    pub(crate) station: &'a StationId,
    /// None for what is of no one contest.
    pub(crate) contest: Option<&'a ContestId>,
    pub(crate) sealed_at_ms: i64,
}

/// A sealed statement and how it stands.
#[derive(Debug, Clone)]
pub(crate) struct StoredStatement {
    pub(crate) id: StatementId,
    pub(crate) bytes: Vec<u8>,
    pub(crate) sealed_at_ms: i64,
    pub(crate) state: LifeState,
    pub(crate) state_at_ms: i64,
    pub(crate) received_at_ms: Option<i64>,
    pub(crate) refusal: Option<RefusalView>,
    /// What was decided on it last; `None` where nothing was, or it was taken back.
    pub(crate) verdict: Option<VerdictView>,
}

pub(super) const COLUMNS: &str =
    "id, bytes, sealed_at_ms, state, state_at_ms, received_at_ms, refusal_code, refusal_detail,
    (SELECT json_object('decision', v.decision, 'reason', v.reason, 'at_ms', v.at_ms) FROM verdict v
     WHERE v.statement = statement.id ORDER BY v.cursor DESC LIMIT 1) AS verdict";

impl Store {
    /// The sealed tallies of `place`, newest first.
    pub(crate) fn tallies(&self, place: &Place) -> Result<Vec<StoredStatement>, StoreError> {
        tallies(&self.connection, place).map_err(doing("read the sealed tallies"))
    }

    /// The bytes of everything that was sealed, in the order of the chain.
    pub(crate) fn sealed_statements(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT bytes FROM statement ORDER BY sequence")
            .and_then(|mut statements| statements.query_map([], |row| row.get(0))?.collect())
            .map_err(doing("read the sealed records"))
    }

    /// The bytes of a statement, this device's own or one that it carries.
    pub(crate) fn any_statement_bytes(&self, id: StatementId) -> Result<Option<Vec<u8>>, StoreError> {
        match self.statement_bytes(id)? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.carried_bytes(id),
        }
    }

    /// The bytes of a statement.
    fn statement_bytes(&self, id: StatementId) -> Result<Option<Vec<u8>>, StoreError> {
        optional(
            self.connection.query_row("SELECT bytes FROM statement WHERE id = ?1", [id.0], |row| row.get(0)),
        )
        .map_err(doing("read a sealed record"))
    }
}

impl Write<'_> {
    /// The sealed tallies of `place`, newest first.
    pub(crate) fn tallies(&self, place: &Place) -> Result<Vec<StoredStatement>, StoreError> {
        tallies(&self.transaction, place).map_err(doing("read the sealed tallies"))
    }

    /// The last statement of the device's chain: its sequence and name.
    pub(crate) fn chain_head(&self) -> Result<Option<(u64, StatementId)>, StoreError> {
        let head = self
            .transaction
            .prepare_cached("SELECT sequence, id FROM statement ORDER BY sequence DESC LIMIT 1")
            .and_then(|mut head| {
                head.query_row([], |row| Ok((row.get("sequence")?, StatementId(row.get("id")?))))
            });
        optional(head).map_err(doing("read the head of the chain"))
    }

    /// Adds a sealed statement, and its place in the outbox.
    pub(crate) fn add_statement(&self, new: &NewStatement<'_>) -> Result<(), StoreError> {
        self.run(
                "INSERT INTO statement (id, sequence, kind, station, contest, bytes, sealed_at_ms, state, state_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'sealed', ?7)",
                params![
                    new.sealed.id.0,
                    new.sequence,
                    new.kind.word(),
                    new.station.to_string(),
                    new.contest.map(ContestId::as_str),
                    new.sealed.bytes,
                    new.sealed_at_ms,
                ],
            )
            .and_then(|_| {
                self.run("INSERT INTO outbox (statement) VALUES (?1)", params![new.sealed.id.0])
            })
            .map_err(doing("store the sealed record"))?;
        Ok(())
    }

    /// The endpoint has the statement. Hearing it again changes nothing.
    pub(crate) fn accept_statement(
        &self,
        id: StatementId,
        received_at_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        // Whatever its state, it need not be sent any more: the endpoint may have asked for it once again.
        self.transaction
            .execute("DELETE FROM outbox WHERE statement = ?1", params![id.0])
            .map_err(doing("take a record out of the outbox"))?;
        let Some(state) = self.state_after(id, LifeEvent::Accept)? else { return Ok(()) };
        self.transaction
            .execute(
                "UPDATE statement SET state = ?2, state_at_ms = ?3, received_at_ms = ?4,
                    refusal_code = NULL, refusal_detail = NULL
                 WHERE id = ?1 AND state <> ?2",
                params![id.0, state.word(), now_ms, received_at_ms],
            )
            .and_then(|_| {
                self.transaction.execute(
                    "INSERT INTO receipt_wanted (statement) SELECT ?1
                     WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE statement = ?1) ON CONFLICT DO NOTHING",
                    params![id.0],
                )
            })
            .map_err(doing("note that a record arrived"))?;
        Ok(())
    }

    /// The endpoint refused the statement. It stays, with the reason.
    pub(crate) fn refuse_statement(
        &self,
        id: StatementId,
        code: ProblemCode,
        detail: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let Some(state) = self.state_after(id, LifeEvent::Refuse)? else { return Ok(()) };
        self.transaction
            .execute(
                "UPDATE statement SET state = ?2, state_at_ms = ?3, refusal_code = ?4, refusal_detail = ?5
                 WHERE id = ?1",
                params![id.0, state.word(), now_ms, word_of(code), detail],
            )
            .map_err(doing("note that a record was refused"))?;
        Ok(())
    }

    /// A receipt of the statement was verified.
    pub(crate) fn receipt_statement(&self, receipt: &ProvedStatement, now_ms: i64) -> Result<(), StoreError> {
        let Some(state) = self.state_after(receipt.id, LifeEvent::Receipt)? else { return Ok(()) };
        self.transaction
            .execute(
                "INSERT INTO receipt (statement, bytes, tree_size, leaf_index, verified_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                params![receipt.id.0, receipt.receipt, receipt.tree_size, receipt.leaf_index, now_ms],
            )
            .and_then(|_| {
                self.transaction.execute(
                    "UPDATE statement SET state = ?2, state_at_ms = ?3 WHERE id = ?1 AND state <> ?2",
                    params![receipt.id.0, state.word(), now_ms],
                )
            })
            .and_then(|_| {
                self.transaction
                    .execute("DELETE FROM receipt_wanted WHERE statement = ?1", params![receipt.id.0])
            })
            .map_err(doing("store the receipt"))?;
        Ok(())
    }

    /// The endpoint misses the statement with this sequence number: it goes into the outbox again.
    pub(crate) fn send_again(&self, sequence: u64) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO outbox (statement) SELECT id FROM statement WHERE sequence = ?1
                 ON CONFLICT DO NOTHING",
                [sequence],
            )
            .map_err(doing("put a record into the outbox again"))?;
        Ok(())
    }

    /// The state that `event` leads to; `None` when the statement's life has no such step, and nothing is to change.
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

fn tallies(connection: &rusqlite::Connection, place: &Place) -> rusqlite::Result<Vec<StoredStatement>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM statement
             WHERE station = ?1 AND contest = ?2 AND kind = 'tally' ORDER BY sequence DESC"
        ))?
        .query_map([place.station.to_string().as_str(), place.contest.as_str()], read)?
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
