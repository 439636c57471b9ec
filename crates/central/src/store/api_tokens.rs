//! Tokens with which programs of others read the results.

use rusqlite::params;
use tally::RegionCode;

use super::database::{self, Row, sql};
use super::{AuditContext, Store, StoreError, audit};
use crate::model::session_token::TokenHash;

/// A use is written down at most this often.
const USE_STEP_MS: i64 = 60_000;

/// A token that is made.
pub(crate) struct NewApiToken<'a> {
    pub(crate) hash: TokenHash,
    /// Who uses it.
    pub(crate) name: &'a str,
    /// `None` is the whole election.
    pub(crate) region: Option<&'a RegionCode>,
}

/// A token without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredApiToken {
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) region: Option<RegionCode>,
    pub(crate) made_by: String,
    pub(crate) made_at_ms: i64,
    pub(crate) used_at_ms: Option<i64>,
    pub(crate) revoked_at_ms: Option<i64>,
}

const COLUMNS: &str =
    "SELECT number, name, region, made_by, made_at_ms, used_at_ms, revoked_at_ms FROM api_token ";

impl Store {
    /// Adds a token.
    pub(crate) fn add_api_token(
        &self,
        new: &NewApiToken<'_>,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        let region = new.region.map_or("", RegionCode::as_str);
        self.write("add a token", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO api_token (number, hash, name, region, made_by, made_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                ),
                params![
                    new.hash.number(),
                    new.hash.0,
                    new.name,
                    region,
                    audit.actor.to_string(),
                    audit.now_ms
                ],
            )?;
            audit::record(transaction, audit, "token.add", &format!("{} {region}", new.name))
        })
    }

    /// Revokes a token. Returns `false` if there is none with this number that is in force.
    pub(crate) fn revoke_api_token(&self, number: i64, audit: AuditContext<'_>) -> Result<bool, StoreError> {
        self.write("revoke a token", |transaction| {
            let name: Option<String> = transaction.row(
                sql!("SELECT name FROM api_token WHERE number = ?1 AND revoked_at_ms IS NULL"),
                params![number],
                |row| row.get("name"),
            )?;
            let Some(name) = name else { return Ok(false) };
            transaction.execute(
                sql!("UPDATE api_token SET revoked_at_ms = ?2 WHERE number = ?1"),
                params![number, audit.now_ms],
            )?;
            audit::record(transaction, audit, "token.revoke", &name)?;
            Ok(true)
        })
    }

    /// All tokens, the newest first.
    pub(crate) fn api_tokens(&self) -> Result<Vec<StoredApiToken>, StoreError> {
        self.query("read the tokens", |transaction| {
            transaction.rows(sql!(COLUMNS, "ORDER BY made_at_ms DESC, number"), &[], api_token)
        })
    }

    /// The token in force with this hash.
    pub(crate) fn api_token(&self, hash: TokenHash) -> Result<Option<StoredApiToken>, StoreError> {
        self.query("look for a token", |transaction| {
            transaction.row(
                sql!(COLUMNS, "WHERE hash = ?1 AND revoked_at_ms IS NULL"),
                params![hash.0],
                api_token,
            )
        })
    }

    /// Writes down that a token is used.
    pub(crate) fn note_use_of_api_token(
        &self,
        token: &StoredApiToken,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        if token.used_at_ms.is_some_and(|used_at_ms| now_ms - used_at_ms < USE_STEP_MS) {
            return Ok(());
        }
        self.write("note the use of a token", |transaction| {
            transaction.execute(
                sql!("UPDATE api_token SET used_at_ms = ?2 WHERE number = ?1"),
                params![token.number, now_ms],
            )?;
            Ok(())
        })
    }
}

fn api_token(row: &Row<'_>) -> database::Result<StoredApiToken> {
    let region: String = row.get("region")?;
    Ok(StoredApiToken {
        number: row.get("number")?,
        name: row.get("name")?,
        region: if region.is_empty() { None } else { Some(row.parsed("region")?) },
        made_by: row.get("made_by")?,
        made_at_ms: row.get("made_at_ms")?,
        used_at_ms: row.get("used_at_ms")?,
        revoked_at_ms: row.get("revoked_at_ms")?,
    })
}
