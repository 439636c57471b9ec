//! A PostgreSQL server, which any number of replicas of the program share.

mod error;
mod session;
mod values;

use std::cell::Cell as Flag;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use rusqlite::types::{FromSql as _, Value, ValueRef};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, IsolationLevel, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

pub(super) use error::{fault, is_transient, message};
use session::Connection;
pub(super) use session::Session;
use values::Received;

use super::{DatabaseError, Result, Transaction, Writers, unreadable};
use crate::blocking::{Bridge, is_internal};

/// Settings of the query planner. Every query of the store has an index and is about few rows. The server
/// therefore plans each query once for all parameters, and never prefers to scan a table: a plan that was
/// made while a table was empty must still be good in the night in which the table fills. These settings
/// inflate cost estimates; without `jit=off` the server would compile trivial queries.
const PLANNER: &str = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
    -c plan_cache_mode=force_generic_plan -c jit=off";
/// Limits that the server applies. A statement ends after 60 s: the slowest query of the console takes
/// seconds on the national election, and a client gives up after 45 s. The server looks for a vanished client
/// after 30 s and drops it 30 s later, so that the locks of a replica whose machine died do not stop the log
/// for hours (PostgreSQL's default is 2 h).
const SERVER_LIMITS: &str = "-c statement_timeout=60s -c tcp_keepalives_idle=30 \
    -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";
/// Maximum number of connections of one replica.
const CONNECTIONS_MAX: usize = 16;
/// Number of further connections that only internal work uses: sequencer, counter, group commits, readiness.
const CONNECTIONS_RESERVED: usize = 6;
/// Timeout of a new connection, for each address of the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout of a new connection with its login: a server that is stopped still accepts connections.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(15);
/// Timeout of a request that waits for a free connection. It is shorter than the 45 s after which a client
/// gives up.
const POOL_WAIT_TIMEOUT: Duration = Duration::from_secs(20);
/// Interval of silence after which the client checks that the server is there.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
/// Interval between two such checks.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
/// Maximum number of checks without an answer.
const KEEPALIVE_RETRIES: u32 = 3;
/// Timeout of sent data that the server's machine does not acknowledge.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);
/// Timeout of an answer: a little more than the server's timeout of a statement. The server ends a statement
/// that takes too long. A server that is stopped, and whose machine goes on, ends nothing and closes no
/// connection. Only the client can notice it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(65);
/// Maximum attempts of a transaction that the server aborted with a serialization failure or a deadlock.
const ATTEMPTS_MAX: u32 = 20;
/// Advisory locks. Any numbers do that no other program uses on the same database; these spell `SAKSI`.
const WRITERS_LOCK: i64 = 0x5341_4b53_4901;
const SCHEMA_LOCK: i64 = 0x5341_4b53_4902;
const LOG_LOCK: i64 = 0x5341_4b53_4903;
const COUNTS_LOCK: i64 = 0x5341_4b53_4904;
const AUDIT_LOCK: i64 = 0x5341_4b53_4905;

/// A database on a server.
pub(in crate::store) struct Server {
    pool: Pool,
    reserved: Pool,
    /// Drives the connections, so that any thread can use the store.
    bridge: Bridge,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

/// A pool of connections. The first is made on first use.
fn pool_of(config: Config, connections_max: usize) -> Result<Pool> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if config.get_ssl_mode() == SslMode::Require {
        Manager::from_config(config, MakeRustlsConnect::new(tls_client()?), recycling)
    } else {
        Manager::from_config(config, NoTls, recycling)
    };
    Pool::builder(manager)
        .max_size(connections_max)
        .runtime(deadpool_postgres::Runtime::Tokio1)
        .wait_timeout(Some(POOL_WAIT_TIMEOUT))
        .create_timeout(Some(LOGIN_TIMEOUT))
        .build()
        .map_err(|error| DatabaseError::Unreachable(error.into()))
}

impl Server {
    /// Prepares a pool of connections to the server at `url` (`postgres://…`). The first connection is made
    /// on first use. Connections are encrypted, and the server's certificate is checked, if the URL says
    /// `sslmode=require`; otherwise they are not.
    pub(in crate::store) fn new(url: &str) -> Result<Self> {
        let config = with_limits(url.parse()?);
        let pool = pool_of(config.clone(), CONNECTIONS_MAX)?;
        let reserved = pool_of(config, CONNECTIONS_RESERVED)?;
        let bridge = Bridge::new("postgres").map_err(|error| DatabaseError::Unreachable(error.into()))?;
        Ok(Self { pool, reserved, bridge })
    }

    fn client(&self) -> Result<deadpool_postgres::Object> {
        let pool = if is_internal() { &self.reserved } else { &self.pool };
        self.bridge.wait(pool.get()).map_err(|error| DatabaseError::Unreachable(error.into()))
    }

    /// Writes a row, within the time of the readiness check.
    pub(in crate::store::database) fn check_writable(&self) -> Result<()> {
        let mut client = self.client()?;
        self.bridge.wait(async {
            let transaction = client.transaction().await?;
            transaction.batch_execute("SET LOCAL statement_timeout = '1500ms'").await?;
            transaction.execute("UPDATE schema_step SET number = number WHERE number = 1", &[]).await?;
            transaction.commit().await?;
            Ok(())
        })
    }

    /// Number of migrations that the database has.
    pub(in crate::store) fn migration_count(&self) -> Result<usize> {
        let client = self.client()?;
        self.bridge.wait(async {
            let exists = "SELECT to_regclass('schema_step') IS NOT NULL";
            if !client.query_one(exists, &[]).await?.get::<_, bool>(0) {
                return Ok(0);
            }
            let applied: i64 = client.query_one("SELECT count(*) FROM schema_step", &[]).await?.get(0);
            Ok(usize::try_from(applied).unwrap_or(usize::MAX))
        })
    }

    /// Applies the migrations that the database does not have yet. Returns the number of its migrations if it
    /// has more than `steps`. If several replicas start at once, one of them migrates.
    pub(in crate::store) fn migrate(&self, steps: &[&str]) -> Result<Option<usize>> {
        let mut client = self.client()?;
        self.bridge.wait(async {
            let transaction = client.transaction().await?;
            // A step may copy a large table, and other replicas wait for it.
            transaction.batch_execute("SET LOCAL statement_timeout = 0").await?;
            transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&SCHEMA_LOCK]).await?;
            transaction
                .batch_execute("CREATE TABLE IF NOT EXISTS schema_step (number BIGINT NOT NULL PRIMARY KEY)")
                .await?;
            let applied: i64 = transaction.query_one("SELECT count(*) FROM schema_step", &[]).await?.get(0);
            let applied = usize::try_from(applied).unwrap_or(usize::MAX);
            if applied > steps.len() {
                return Ok(Some(applied));
            }
            for (number, step) in (1_i64..).zip(steps).skip(applied) {
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
        work: &mut impl FnMut(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut client = self.client()?;
        let mut attempt = 1;
        loop {
            let conflicted = Flag::new(false);
            let done = write_once(
                &mut client,
                Attempt { writers, conflicted: &conflicted, bridge: &self.bridge },
                work,
            );
            if done.is_ok() || attempt == ATTEMPTS_MAX || !conflicted.get() {
                return done;
            }
            attempt += 1;
        }
    }

    /// Runs one query outside a transaction, which is one round trip.
    pub(super) fn query<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let client = self.client()?;
        let conflicted = Flag::new(false);
        work(&Transaction::Postgres(&Session::new(
            Connection::Autocommit(&client),
            &conflicted,
            &self.bridge,
        )))
    }

    pub(super) fn read<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut client = self.client()?;
        let snapshot =
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let transaction = answer_of(&self.bridge, snapshot.start())?.map_err(DatabaseError::from)?;
        let conflicted = Flag::new(false);
        let session = Session::new(Connection::Transaction(&transaction), &conflicted, &self.bridge);
        let done = work(&Transaction::Postgres(&session))?;
        answer_of(&self.bridge, transaction.commit())?.map_err(DatabaseError::from)?;
        Ok(done)
    }
}

/// Waits for an answer of the server.
fn answer_of<T>(bridge: &Bridge, answer: impl Future<Output = T>) -> Result<T> {
    bridge.wait_at_most(ANSWER_TIMEOUT, answer).map_err(|elapsed| DatabaseError::Unreachable(elapsed.into()))
}

/// How a transaction is tried.
struct Attempt<'a> {
    writers: Writers,
    conflicted: &'a Flag<bool>,
    bridge: &'a Bridge,
}

/// One attempt. If it fails, the server undoes what was not committed, whatever happens to the connection.
fn write_once<T, E: From<DatabaseError>>(
    client: &mut deadpool_postgres::Object,
    attempt: Attempt<'_>,
    work: &mut impl FnMut(&Transaction<'_>) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let Attempt { writers, conflicted, bridge } = attempt;
    let transaction = answer_of(bridge, client.transaction())?.map_err(DatabaseError::from)?;
    let session = Session::new(Connection::Transaction(&transaction), conflicted, bridge);
    if writers == Writers::One {
        session.lock_writers()?;
    }
    let done = work(&Transaction::Postgres(&session))?;
    answer_of(bridge, transaction.commit())?.map_err(|error| {
        conflicted.set(conflicted.get() || error::is_conflict(&error));
        DatabaseError::from(error)
    })?;
    Ok(done)
}

/// Adds the program's settings. What the URL says of the same settings has priority.
fn with_limits(mut config: Config) -> Config {
    let options = format!("{PLANNER} {SERVER_LIMITS} {}", config.get_options().unwrap_or_default());
    config.options(options.trim_end());
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(TCP_USER_TIMEOUT);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_idle(KEEPALIVE_IDLE).keepalives_interval(KEEPALIVE_INTERVAL);
        config.keepalives_retries(KEEPALIVE_RETRIES);
    }
    config
}

/// Trusts the certificate authorities of this machine, or those in the file that `SSL_CERT_FILE` names.
fn tls_client() -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "cannot read trusted certificates");
    }
    roots.add_parsable_certificates(found.certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DatabaseError::Unreachable(error.into()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// One column of a row.
pub(super) fn column<'a>(row: &'a tokio_postgres::Row, name: &'static str) -> Result<ValueRef<'a>> {
    let index = row.columns().iter().position(|column| column.name() == name);
    let received: Received<'a> = row.try_get(index.ok_or(DatabaseError::ColumnMissing(name))?)?;
    Ok(received.0)
}

/// The value of the first column.
fn first_value(row: &tokio_postgres::Row) -> Result<Value> {
    let received: Received<'_> = row.try_get(0)?;
    Value::column_result(received.0).map_err(|error| unreadable("key", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_has_limits_unless_the_url_sets_its_own() {
        let limited = with_limits("postgres://saksi@db/saksi".parse().unwrap());
        assert_eq!(limited.get_connect_timeout(), Some(&CONNECT_TIMEOUT));
        assert_eq!(limited.get_tcp_user_timeout(), Some(&TCP_USER_TIMEOUT));
        assert_eq!(limited.get_keepalives_interval(), Some(KEEPALIVE_INTERVAL));
        assert!(limited.get_options().unwrap().contains("statement_timeout=60s"));

        let url = "postgres://saksi@db/saksi?connect_timeout=1&options=-c%20statement_timeout%3D5s";
        let own = with_limits(url.parse().unwrap());
        assert_eq!(own.get_connect_timeout(), Some(&Duration::from_secs(1)));
        // The server takes the last value of an option.
        assert!(own.get_options().unwrap().ends_with("-c statement_timeout=5s"));
    }
}
