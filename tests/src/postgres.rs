//! SQL on the PostgreSQL server that `SAKSI_TEST_POSTGRES` names.

use std::process::Command;

use anyhow::Result;

use crate::process::output_of;

/// The server for tests, such as `postgres://postgres@127.0.0.1:40123`, where there is one.
pub fn test_server() -> Option<String> {
    std::env::var("SAKSI_TEST_POSTGRES").ok()
}

/// Runs `sql` by `psql`; gives the rows as text, one in a line, columns separated by `|`.
///
/// # Errors
/// When `psql` is not installed, or the server refuses.
pub fn psql(database: &str, sql: &str) -> Result<String> {
    let mut command = Command::new("psql");
    command.args([database, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    output_of(command)
}

/// Makes an empty database `name` on `server`, and gives its address.
///
/// # Errors
/// When the server refuses.
pub fn create_database(server: &str, name: &str) -> Result<String> {
    psql(server, &format!("DROP DATABASE IF EXISTS {name}"))?;
    psql(server, &format!("CREATE DATABASE {name}"))?;
    Ok(format!("{}/{name}", server.trim_end_matches('/')))
}
