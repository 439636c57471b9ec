//! A server: PostgreSQL, which any number of copies of the program may share.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use futures::executor::block_on;
use rusqlite::types::{FromSql, ToSqlOutput, Value, ValueRef};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};
use tokio_postgres::{IsolationLevel, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{DatabaseError, Insert, Lock, Params, Result, Writers, unreadable};
use crate::error_chain::error_chain;

/// Every question has its index and is about few things. So the server plans each once, whatever it is asked about, and never
/// prefers to read the whole of a table: a plan that was made while a table was empty must do on the night on which it
/// fills. What that seems to cost must not make it compile anything.
const PLANS: &str = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
    -c plan_cache_mode=force_generic_plan -c jit=off";
/// Connections that one copy of the program holds.
const CONNECTIONS_MAX: usize = 16;
/// So often a server may ask for the same work again, because it got into another's way.
const ATTEMPTS_MAX: u32 = 20;
/// The lock of those who write alone. Any number will do that nothing else on the server takes.
const WRITERS_LOCK: i64 = 0x5341_4b53_4901;
const SCHEMA_LOCK: i64 = 0x5341_4b53_4902;
const LOG_LOCK: i64 = 0x5341_4b53_4903;
const COUNTS_LOCK: i64 = 0x5341_4b53_4904;

/// A database on a server.
pub(in crate::store) struct Server {
    pool: Pool,
    /// Drives the connections, so that the store can be used from any thread.
    runtime: Option<tokio::runtime::Runtime>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Waiting for its threads is not allowed where a store is dropped among asynchronous work.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Server {
    /// Prepares connections to the server at `url` (`postgres://…`); the first is made when it is needed. They are
    /// encrypted, and the server's certificate is checked, where the address says `sslmode=require`, and not otherwise.
    pub(in crate::store) fn new(url: &str) -> Result<Self> {
        let mut config: tokio_postgres::Config = url.parse()?;
        let options = format!("{PLANS} {}", config.get_options().unwrap_or_default());
        config.options(options.trim_end());
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = if config.get_ssl_mode() == SslMode::Require {
            Manager::from_config(config, MakeRustlsConnect::new(trusting()?), recycling)
        } else {
            Manager::from_config(config, NoTls, recycling)
        };
        let unreachable = |error: &dyn Error| DatabaseError::Unreachable(error.to_string());
        let pool =
            Pool::builder(manager).max_size(CONNECTIONS_MAX).build().map_err(|error| unreachable(&error))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|error| unreachable(&error))?;
        Ok(Self { pool, runtime: Some(runtime) })
    }

    fn client(&self) -> Result<deadpool_postgres::Object> {
        let _entered = self.runtime.as_ref().map(tokio::runtime::Runtime::enter);
        block_on(self.pool.get()).map_err(|error| DatabaseError::Unreachable(error_chain(&error)))
    }

    /// Takes the steps of the schema that were not taken yet; `Some` number of steps when there are more than are known.
    /// Of several copies that start at once, one takes them.
    pub(in crate::store) fn migrate(&self, steps: &[&str]) -> Result<Option<usize>> {
        let mut client = self.client()?;
        block_on(async {
            let transaction = client.transaction().await?;
            transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&SCHEMA_LOCK]).await?;
            transaction
                .batch_execute("CREATE TABLE IF NOT EXISTS schema_step (number BIGINT NOT NULL PRIMARY KEY)")
                .await?;
            let taken: i64 = transaction.query_one("SELECT count(*) FROM schema_step", &[]).await?.get(0);
            let taken = usize::try_from(taken).unwrap_or(usize::MAX);
            if taken > steps.len() {
                return Ok(Some(taken));
            }
            for (number, step) in (1_i64..).zip(steps).skip(taken) {
                transaction.batch_execute(step).await?;
                transaction.execute("INSERT INTO schema_step (number) VALUES ($1)", &[&number]).await?;
            }
            transaction.commit().await?;
            Ok(None)
        })
    }

    pub(super) fn write<T, E: From<DatabaseError>>(
        &self,
        writers: Writers,
        work: &mut impl FnMut(&super::Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut client = self.client()?;
        let mut attempt = 1;
        loop {
            let begun = block_on(client.transaction()).map_err(DatabaseError::from)?;
            let stumbled = std::cell::Cell::new(false);
            let transaction = super::Transaction::Postgres(Transaction {
                inside: Inside::Begun(begun),
                stumbled: &stumbled,
            });
            if writers == Writers::One {
                transaction.execute("SELECT pg_advisory_xact_lock(?1)", &[&WRITERS_LOCK])?;
            }
            let done = work(&transaction);
            let super::Transaction::Postgres(ended) = transaction else { continue };
            // What is not committed is undone by the server, whatever becomes of the connection.
            let ended = done.and_then(|done| ended.commit().map(|()| done).map_err(E::from));
            match ended {
                Err(_) if attempt < ATTEMPTS_MAX && stumbled.get() => attempt += 1,
                ended => return ended,
            }
        }
    }

    /// Reads by one question, which is one way to the server and back.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&super::Transaction<'_>) -> Result<T>) -> Result<T> {
        let client = self.client()?;
        let stumbled = std::cell::Cell::new(false);
        question(&super::Transaction::Postgres(Transaction {
            inside: Inside::Alone(&client),
            stumbled: &stumbled,
        }))
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&super::Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut client = self.client()?;
        let stumbled = std::cell::Cell::new(false);
        let begun = block_on(
            client
                .build_transaction()
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start(),
        )?;
        let transaction =
            super::Transaction::Postgres(Transaction { inside: Inside::Begun(begun), stumbled: &stumbled });
        let done = work(&transaction)?;
        if let super::Transaction::Postgres(ended) = transaction {
            ended.commit()?;
        }
        Ok(done)
    }
}

/// Where statements are done.
enum Inside<'a> {
    /// In a transaction that was begun.
    Begun(deadpool_postgres::Transaction<'a>),
    /// Each in its own.
    Alone(&'a deadpool_postgres::Object),
}

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

impl Inside<'_> {
    async fn prepare(&self, sql: &str) -> Answer<tokio_postgres::Statement> {
        match self {
            Self::Begun(transaction) => transaction.prepare_cached(sql).await,
            Self::Alone(client) => client.prepare_cached(sql).await,
        }
    }

    async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Answer<u64> {
        let statement = self.prepare(sql).await?;
        match self {
            Self::Begun(transaction) => transaction.execute(&statement, params).await,
            Self::Alone(client) => client.execute(&statement, params).await,
        }
    }

    async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Answer<Vec<tokio_postgres::Row>> {
        let statement = self.prepare(sql).await?;
        match self {
            Self::Begun(transaction) => transaction.query(&statement, params).await,
            Self::Alone(client) => client.query(&statement, params).await,
        }
    }
}

/// A transaction on the server.
pub(in crate::store) struct Transaction<'a> {
    inside: Inside<'a>,
    /// Set when the server says that somebody else got in the way.
    stumbled: &'a std::cell::Cell<bool>,
}

impl Transaction<'_> {
    fn heard<T>(&self, answer: std::result::Result<T, tokio_postgres::Error>) -> Result<T> {
        answer.map_err(|error| {
            self.stumbled.set(self.stumbled.get() || got_in_the_way(&error));
            error.into()
        })
    }

    fn commit(self) -> Result<()> {
        let Self { inside, stumbled } = self;
        let Inside::Begun(inside) = inside else { return Ok(()) };
        block_on(inside.commit()).map_err(|error| {
            stumbled.set(stumbled.get() || got_in_the_way(&error));
            error.into()
        })
    }

    pub(super) fn hold(&self, lock: Lock) -> Result<()> {
        let number = match lock {
            Lock::Log => LOG_LOCK,
            Lock::Counts => COUNTS_LOCK,
        };
        self.execute("SELECT pg_advisory_xact_lock(?1)", &[&number]).map(drop)
    }

    pub(super) fn delete_all(&self, table: &str, column: &str, keys: &[i64]) -> Result<()> {
        let sql = format!("DELETE FROM {table} WHERE {column} = ANY($1)");
        self.heard(block_on(async { self.inside.execute(&sql, &[&keys]).await })).map(drop)
    }

    pub(super) fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        let cells = cells(params)?;
        self.heard(block_on(async { self.inside.execute(&numbered(sql), &borrowed(&cells)).await }))
    }

    pub(super) fn rows(&self, sql: &str, params: Params<'_>) -> Result<Vec<tokio_postgres::Row>> {
        let cells = cells(params)?;
        self.heard(block_on(async { self.inside.query(&numbered(sql), &borrowed(&cells)).await }))
    }

    /// All of them in one query: the server goes through the parameters, and asks for each.
    pub(super) fn rows_each(&self, sql: &str, each: &[Params<'_>]) -> Result<Vec<Vec<tokio_postgres::Row>>> {
        let Some(first) = each.first() else { return Ok(Vec::new()) };
        let mut columns: Vec<Vec<Cell>> = first.iter().map(|_| Vec::with_capacity(each.len())).collect();
        for params in each {
            for (column, cell) in columns.iter_mut().zip(cells(params)?) {
                column.push(cell);
            }
        }
        let arrays: Vec<String> =
            (1..).zip(&columns).map(|(number, column)| format!("${number}::{}[]", kind_of(column))).collect();
        let names: Vec<String> = (1..=columns.len()).map(|number| format!("p{number}")).collect();
        let sql = format!(
            "SELECT asked.*, one.place FROM UNNEST({}) WITH ORDINALITY AS one ({}, place)
             CROSS JOIN LATERAL ({}) AS asked",
            arrays.join(", "),
            names.join(", "),
            sql.replace('?', "one.p"),
        );
        let columns: Vec<Column> = columns.into_iter().map(Column).collect();
        let found = self.heard(block_on(async {
            let params: Vec<&(dyn ToSql + Sync)> =
                columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
            self.inside.query(&sql, &params).await
        }))?;
        let mut rows: Vec<Vec<tokio_postgres::Row>> = each.iter().map(|_| Vec::new()).collect();
        for row in found {
            let place: i64 = row.try_get(row.len().saturating_sub(1))?;
            let slot = usize::try_from(place - 1).ok().and_then(|place| rows.get_mut(place));
            if let Some(slot) = slot {
                slot.push(row);
            }
        }
        Ok(rows)
    }

    pub(super) fn insert_all(&self, into: &Insert, rows: &[Params<'_>]) -> Result<Vec<bool>> {
        let mut columns: Vec<Vec<Cell>> =
            into.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            for (column, cell) in columns.iter_mut().zip(cells(row)?) {
                column.push(cell);
            }
        }
        let columns: Vec<Column> = columns.into_iter().map(Column).collect();
        let names: Vec<&str> = into.columns.iter().map(|(name, _)| *name).collect();
        let arrays: Vec<String> =
            (1..).zip(into.columns).map(|(number, (_, kind))| format!("${number}::{kind}[]")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) SELECT * FROM UNNEST({}) {} RETURNING {}",
            into.table,
            names.join(", "),
            arrays.join(", "),
            into.existing.clause(),
            names.first().copied().unwrap_or("*"),
        );
        let added = self.heard(block_on(async {
            let params: Vec<&(dyn ToSql + Sync)> =
                columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
            self.inside.query(&sql, &params).await
        }))?;
        let mut added: Vec<Value> = added.iter().map(|row| column(row, 0)).collect::<Result<_>>()?;
        let keys = columns.first().map_or(&[][..], |column| &column.0);
        Ok(if added.len() == keys.len() {
            vec![true; keys.len()]
        } else {
            // A key that stands here twice was added once.
            let mut was_added = |key: &Cell| {
                let place = added.iter().position(|value| *value == key.0);
                place.map(|place| added.swap_remove(place)).is_some()
            };
            keys.iter().map(&mut was_added).collect()
        })
    }
}

/// Trusts whom this machine trusts, or the certificates in the file that `SSL_CERT_FILE` names.
fn trusting() -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "trusted certificates cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DatabaseError::Unreachable(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// `?1` is SQLite's name for what PostgreSQL calls `$1`.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

/// The server's name for what these values are.
fn kind_of(cells: &[Cell]) -> &'static str {
    let known = cells.iter().find_map(|cell| match cell.0 {
        Value::Integer(_) => Some("bigint"),
        Value::Blob(_) => Some("bytea"),
        Value::Real(_) => Some("double precision"),
        Value::Text(_) => Some("text"),
        Value::Null => None,
    });
    known.unwrap_or("text")
}

/// Whether the server undid the transaction only because of another.
fn got_in_the_way(error: &tokio_postgres::Error) -> bool {
    matches!(error.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// Whether the server is stopping or starting.
pub(super) fn is_going_down(error: &tokio_postgres::Error) -> bool {
    let code = error.code();
    matches!(
        code,
        Some(
            &SqlState::ADMIN_SHUTDOWN
                | &SqlState::CRASH_SHUTDOWN
                | &SqlState::CANNOT_CONNECT_NOW
                | &SqlState::TOO_MANY_CONNECTIONS
        )
    )
}

/// What the server said, which the error's own words leave out.
pub(super) fn spelled_out(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(said), _) => format!("{}: {}", said.severity(), said.message()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// One value on its way to the server.
#[derive(Debug, Clone)]
struct Cell(Value);

fn cells(params: Params<'_>) -> Result<Vec<Cell>> {
    params
        .iter()
        .map(|param| {
            Ok(Cell(match rusqlite::ToSql::to_sql(*param)? {
                ToSqlOutput::Borrowed(value) => {
                    Value::try_from(value).map_err(|error| DatabaseError::Unwritable(error.to_string()))?
                }
                ToSqlOutput::Owned(value) => value,
                _ => return Err(DatabaseError::Unwritable(String::from("no plain value"))),
            }))
        })
        .collect()
}

fn borrowed(cells: &[Cell]) -> Vec<&(dyn ToSql + Sync)> {
    cells.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Cell {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (&self.0, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Integer(number), &Type::BOOL) => (*number != 0).to_sql(kind, out),
            (Value::Integer(number), &Type::INT8) => number.to_sql(kind, out),
            (Value::Integer(number), &Type::INT4) => i32::try_from(*number)?.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT) => text.to_sql(kind, out),
            (Value::Blob(bytes), &Type::BYTEA) => bytes.as_slice().to_sql(kind, out),
            (value, kind) => Err(format!("a {} is no {kind}", value.data_type()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The same column of many rows, on its way to the server as an array.
#[derive(Debug)]
struct Column(Vec<Cell>);

impl ToSql for Column {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.as_slice().to_sql(kind, out)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(kind.kind(), Kind::Array(_))
    }

    to_sql_checked!();
}

/// A value on its way from the server.
struct Read<'a>(ValueRef<'a>);

impl<'a> tokio_postgres::types::FromSql<'a> for Read<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        use tokio_postgres::types::FromSql as From;
        Ok(Self(match *kind {
            Type::BOOL => ValueRef::Integer(i64::from(<bool as From>::from_sql(kind, raw)?)),
            Type::INT8 => ValueRef::Integer(<i64 as From>::from_sql(kind, raw)?),
            Type::INT4 => ValueRef::Integer(i64::from(<i32 as From>::from_sql(kind, raw)?)),
            Type::TEXT => ValueRef::Text(raw),
            Type::BYTEA => ValueRef::Blob(raw),
            ref other => return Err(format!("columns of type {other} are not read").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Reads one column of a row.
pub(super) fn column<T: FromSql>(row: &tokio_postgres::Row, place: usize) -> Result<T> {
    let read: Read<'_> = row.try_get(place)?;
    T::column_result(read.0).map_err(|error| unreadable(place, error.to_string()))
}
