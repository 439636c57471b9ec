//! The election that the data folder belongs to.

use std::collections::BTreeSet;

use rusqlite::params;
use tally::{ContestId, Election, StationId};

use super::{Actor, Store, StoreError, audit};

impl Store {
    /// The election package that was taken last.
    pub fn election(&self) -> Result<Option<Election>, StoreError> {
        let package: Option<String> = self.read("reading the election package", |transaction| {
            transaction.row("SELECT package FROM election", &[], |row| row.get(0))
        })?;
        let read = |text: String| {
            Election::from_json(&text).map_err(|error| StoreError::Corrupt {
                what: "an election package",
                reason: error.to_string(),
            })
        };
        package.map(read).transpose()
    }

    /// Takes a first package, or one that may follow the last.
    pub fn take_election(&self, election: &Election, actor: &Actor, now_ms: i64) -> Result<(), StoreError> {
        let package = serde_json::to_string(election).map_err(|error| StoreError::Corrupt {
            what: "an election package",
            reason: error.to_string(),
        })?;
        self.write("keeping the election package", |transaction| {
            transaction.execute(
                "INSERT INTO election (one, id, version, package, taken_at_ms) VALUES (1, ?1, ?2, ?3, ?4)
                 ON CONFLICT (one) DO UPDATE SET version = excluded.version, package = excluded.package,
                     taken_at_ms = excluded.taken_at_ms",
                params![election.id.as_str(), election.version, package, now_ms],
            )?;
            let subject = format!("{} version {}", election.id, election.version);
            audit::note(transaction, now_ms, actor, "election.take", &subject)
        })
    }

    /// The stations and contests of which tallies have arrived.
    pub fn told(&self) -> Result<BTreeSet<(StationId, ContestId)>, StoreError> {
        self.read("reading which stations have tallies", |transaction| {
            let told = transaction.rows(
                "SELECT DISTINCT station, contest FROM statement WHERE contest <> ''",
                &[],
                |row| Ok((row.parsed(0)?, row.parsed(1)?)),
            )?;
            Ok(told.into_iter().collect())
        })
    }

    /// Where devices reach the endpoint; `None` before it has served.
    pub fn public_url(&self) -> Result<Option<String>, StoreError> {
        self.read("reading the endpoint's address", |transaction| {
            transaction.row("SELECT public_url FROM address", &[], |row| row.get(0))
        })
    }

    /// Remembers where devices reach the endpoint, for links that are made while it does not run.
    pub fn set_public_url(&self, public_url: &str) -> Result<(), StoreError> {
        self.write("keeping the endpoint's address", |transaction| {
            transaction.execute(
                "INSERT INTO address (one, public_url) VALUES (1, ?1)
                 ON CONFLICT (one) DO UPDATE SET public_url = excluded.public_url",
                params![public_url],
            )?;
            Ok(())
        })
    }
}
