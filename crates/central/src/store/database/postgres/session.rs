//! Statements on a connection to the server.

use std::cell::Cell as Flag;

use rusqlite::types::Value;
use tokio_postgres::types::ToSql;

use super::error::is_conflict;
use super::values::{Cell, Column, borrowed, cells, columns};
use super::{AUDIT_LOCK, COUNTS_LOCK, LOG_LOCK, WRITERS_LOCK, answer_of};
use crate::blocking::Bridge;
use crate::store::database::{Insert, Lock, Params, Result, Sql, sql};

/// Where statements run.
pub(super) enum Connection<'a> {
    Transaction(&'a deadpool_postgres::Transaction<'a>),
    /// Each statement in a transaction of its own.
    Autocommit(&'a deadpool_postgres::Object),
}

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

impl Connection<'_> {
    async fn prepare(&self, sql: &str) -> Answer<tokio_postgres::Statement> {
        match self {
            Self::Transaction(transaction) => transaction.prepare_cached(sql).await,
            Self::Autocommit(client) => client.prepare_cached(sql).await,
        }
    }

    async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Answer<u64> {
        let statement = self.prepare(sql).await?;
        match self {
            Self::Transaction(transaction) => transaction.execute(&statement, params).await,
            Self::Autocommit(client) => client.execute(&statement, params).await,
        }
    }

    async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Answer<Vec<tokio_postgres::Row>> {
        let statement = self.prepare(sql).await?;
        match self {
            Self::Transaction(transaction) => transaction.query(&statement, params).await,
            Self::Autocommit(client) => client.query(&statement, params).await,
        }
    }
}

/// A connection, and whether the server reported a conflict with another transaction on it.
pub(in crate::store) struct Session<'a> {
    connection: Connection<'a>,
    conflicted: &'a Flag<bool>,
    bridge: &'a Bridge,
    is_unbounded: Flag<bool>,
}

impl<'a> Session<'a> {
    pub(super) fn new(connection: Connection<'a>, conflicted: &'a Flag<bool>, bridge: &'a Bridge) -> Self {
        Self { connection, conflicted, bridge, is_unbounded: Flag::new(false) }
    }

    /// Waits for an answer of the server.
    fn waited<T>(&self, answer: impl Future<Output = Answer<T>>) -> Result<Answer<T>> {
        if self.is_unbounded.get() { Ok(self.bridge.wait(answer)) } else { answer_of(self.bridge, answer) }
    }

    /// Notes a conflict.
    fn checked<T>(&self, answer: Result<Answer<T>>) -> Result<T> {
        answer?.map_err(|error| {
            self.conflicted.set(self.conflicted.get() || is_conflict(&error));
            error.into()
        })
    }

    pub(in crate::store::database) fn execute(&self, sql: Sql, params: Params<'_>) -> Result<u64> {
        let cells = cells(params)?;
        self.checked(self.waited(self.connection.execute(sql.for_postgres(), &borrowed(&cells))))
    }

    pub(in crate::store::database) fn rows(
        &self,
        sql: Sql,
        params: Params<'_>,
    ) -> Result<Vec<tokio_postgres::Row>> {
        let cells = cells(params)?;
        self.checked(self.waited(self.connection.query(sql.for_postgres(), &borrowed(&cells))))
    }

    /// The rows of each query, all from one statement: the server walks through arrays of the parameters.
    pub(in crate::store::database) fn rows_each<'p, const N: usize>(
        &self,
        sql: Sql,
        params: impl Iterator<Item = [&'p dyn rusqlite::ToSql; N]>,
    ) -> Result<Vec<Vec<tokio_postgres::Row>>> {
        let columns = columns(params)?;
        let count = columns.first().map_or(0, |column| column.0.len());
        let mut rows: Vec<Vec<tokio_postgres::Row>> = (0..count).map(|_| Vec::new()).collect();
        if rows.is_empty() {
            return Ok(rows);
        }
        let sql = lateral(sql, &columns);
        for row in self.checked(self.waited(self.connection.query(&sql, &borrowed(&columns))))? {
            // The last column is the number of the parameters' row, from 1.
            let number: i64 = row.try_get(row.len().saturating_sub(1))?;
            let index = usize::try_from(number - 1).ok();
            if let Some(slot) = index.and_then(|index| rows.get_mut(index)) {
                slot.push(row);
            }
        }
        Ok(rows)
    }

    pub(in crate::store::database) fn insert_all<'p, const N: usize>(
        &self,
        into: &Insert<N>,
        params: impl Iterator<Item = [&'p dyn rusqlite::ToSql; N]>,
    ) -> Result<Vec<bool>> {
        let columns = columns(params)?;
        let arrays: Vec<String> =
            (1..).zip(&into.columns).map(|(number, (_, kind))| format!("${number}::{kind}[]")).collect();
        let sql = format!(
            "{} SELECT * FROM UNNEST({}) {} RETURNING {}",
            into.head(),
            arrays.join(", "),
            into.tail(),
            into.columns.first().map_or("*", |(name, _)| *name),
        );
        let added = self.checked(self.waited(self.connection.query(&sql, &borrowed(&columns))))?;
        let added: Vec<Value> = added.iter().map(super::first_value).collect::<Result<_>>()?;
        let keys = columns.first().map_or(&[][..], |column| &column.0);
        Ok(which_were_added(keys, added))
    }

    pub(in crate::store::database) fn delete_all(
        &self,
        table: &'static str,
        column: &'static str,
        keys: &[i64],
    ) -> Result<()> {
        let sql = format!("DELETE FROM {table} WHERE {column} = ANY($1)");
        self.checked(self.waited(self.connection.execute(&sql, &[&keys]))).map(drop)
    }

    pub(in crate::store::database) fn lock(&self, lock: Lock) -> Result<()> {
        self.lock_number(match lock {
            Lock::Log => LOG_LOCK,
            Lock::Counts => COUNTS_LOCK,
            Lock::Audit => AUDIT_LOCK,
        })
    }

    /// Waits until no other transaction writes alone.
    pub(super) fn lock_writers(&self) -> Result<()> {
        self.lock_number(WRITERS_LOCK)
    }

    fn lock_number(&self, number: i64) -> Result<()> {
        self.execute(sql!("SELECT pg_advisory_xact_lock(?1)"), &[&number]).map(drop)
    }

    pub(in crate::store::database) fn disable_timeout(&self) -> Result<()> {
        self.is_unbounded.set(true);
        self.execute(sql!("SET LOCAL statement_timeout = 0"), &[]).map(drop)
    }
}

/// The query for each row of the parameters, with the number of that row behind its own columns.
fn lateral(sql: Sql, columns: &[Column]) -> String {
    let arrays: Vec<String> =
        (1..).zip(columns).map(|(number, column)| format!("${number}::{}[]", column.kind())).collect();
    let names: Vec<String> = (1..=columns.len()).map(|number| format!("p{number}")).collect();
    format!(
        "SELECT answer.*, params.ordinal FROM UNNEST({}) WITH ORDINALITY AS params ({}, ordinal)
         CROSS JOIN LATERAL ({}) AS answer",
        arrays.join(", "),
        names.join(", "),
        sql.with_parameters_named("params.p"),
    )
}

/// Whether each key was added. The server returns the added keys, in any order.
fn which_were_added(keys: &[Cell], mut added: Vec<Value>) -> Vec<bool> {
    if added.len() == keys.len() {
        return vec![true; keys.len()];
    }
    // A key that occurs twice among the rows was added once.
    let was_added = |key: &Cell| {
        let index = added.iter().position(|value| *value == key.0);
        index.map(|index| added.swap_remove(index)).is_some()
    };
    keys.iter().map(was_added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_occurs_twice_was_added_once() {
        let keys = [1, 2, 1, 3].map(|number| Cell(Value::Integer(number)));
        let added = vec![Value::Integer(3), Value::Integer(1)];
        assert_eq!(which_were_added(&keys, added), [true, false, false, true]);
        assert_eq!(which_were_added(&keys[1..2], vec![Value::Integer(2)]), [true]);
    }
}
