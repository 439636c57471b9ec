//! The election of the data folder, and the endpoint's address.

use std::collections::BTreeSet;

use rusqlite::params;
use tally::{ContestId, Election, StationId};

use super::database::{json_of, sql};
use super::{AuditContext, Store, StoreError, audit};

impl Store {
    /// The newest election package; `None` before the first.
    pub fn election(&self) -> Result<Option<Election>, StoreError> {
        let package: Option<String> = self.read("read the election package", |transaction| {
            transaction.row(sql!("SELECT package FROM election"), &[], |row| row.get("package"))
        })?;
        let parse = |text: String| {
            Election::from_json(&text).map_err(|error| StoreError::corrupt("an election package", error))
        };
        package.map(parse).transpose()
    }

    /// Stores the first package, or the next version of the stored one. The caller checks that it may follow.
    pub fn store_election(&self, election: &Election, audit: AuditContext<'_>) -> Result<(), StoreError> {
        self.write("store the election package", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO election (one, id, version, package, taken_at_ms) VALUES (1, ?1, ?2, ?3, ?4)
                     ON CONFLICT (one) DO UPDATE SET version = excluded.version, package = excluded.package,
                         taken_at_ms = excluded.taken_at_ms"
                ),
                params![election.id.as_str(), election.version, json_of(election)?, audit.now_ms],
            )?;
            let subject = format!("{} version {}", election.id, election.version);
            audit::record(transaction, audit, "election.take", &subject)
        })
    }

    /// The stations and contests that have at least one tally.
    pub fn stations_with_tallies(&self) -> Result<BTreeSet<(StationId, ContestId)>, StoreError> {
        self.read("read which stations have tallies", |transaction| {
            let found = transaction.rows(
                sql!("SELECT DISTINCT station, contest FROM statement WHERE contest <> ''"),
                &[],
                |row| Ok((row.parsed("station")?, row.parsed("contest")?)),
            )?;
            Ok(found.into_iter().collect())
        })
    }

    /// The address under which devices reach the endpoint; `None` before the endpoint has served.
    pub fn public_url(&self) -> Result<Option<String>, StoreError> {
        self.read("read the endpoint's address", |transaction| {
            transaction.row(sql!("SELECT public_url FROM address"), &[], |row| row.get("public_url"))
        })
    }

    /// Stores the address, for links that are made while the endpoint does not run.
    pub fn set_public_url(&self, public_url: &str) -> Result<(), StoreError> {
        self.write("store the endpoint's address", |transaction| {
            transaction.execute(
                sql!(
                    "INSERT INTO address (one, public_url) VALUES (1, ?1)
                     ON CONFLICT (one) DO UPDATE SET public_url = excluded.public_url"
                ),
                params![public_url],
            )?;
            Ok(())
        })
    }
}
