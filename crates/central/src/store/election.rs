//! The election of the data folder, and the endpoint's address.

use std::collections::BTreeSet;

use rusqlite::params;
use tally::{ContestId, Election, StationId};

use super::database::{json_of, sql};
use super::{AuditContext, Store, StoreError, audit};

/// The stations and contests of which statements have arrived that a new package must keep: of phones that
/// are assigned and not revoked, or with a verdict of a coordinator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArrivedStatements {
    /// Stations with a statement of any kind.
    pub stations: BTreeSet<StationId>,
    /// Contests with a tally.
    pub contests: BTreeSet<ContestId>,
}

/// A package to store, and what it changes for stored statements.
#[derive(Debug)]
pub struct NewPackage<'a> {
    pub election: &'a Election,
    /// Stations that it leaves out although statements of them arrived: the operator said so.
    pub left_out: &'a [StationId],
    /// Whether it has no place for some stored statement, or one for a statement that had none.
    pub needs_rebuild: bool,
}

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
    pub fn store_election(&self, new: &NewPackage<'_>, audit: AuditContext<'_>) -> Result<(), StoreError> {
        let election = new.election;
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
            audit::record(transaction, audit, "election.take", &subject)?;
            for station in new.left_out {
                audit::record(transaction, audit, "election.leave_out", &station.to_string())?;
            }
            if new.needs_rebuild {
                let due = sql!("INSERT INTO rebuild_due (one) VALUES (1) ON CONFLICT (one) DO NOTHING");
                transaction.execute(due, &[])?;
            }
            Ok(())
        })
    }

    /// What a new package must keep. A phone that is not assigned cannot block a package.
    pub fn arrived_statements(&self) -> Result<ArrivedStatements, StoreError> {
        let pairs = self.read("read which stations have statements", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT DISTINCT s.station, s.contest FROM statement s JOIN device d ON d.id = s.device
                     WHERE NOT s.quarantined AND d.revoked_at_ms IS NULL
                     AND EXISTS (SELECT 1 FROM assignment a WHERE a.device = s.device AND a.station = s.station
                         AND (a.ended_at_ms IS NULL OR s.received_at_ms < a.ended_at_ms))
                     UNION SELECT s.station, s.contest FROM verdict v JOIN statement s ON s.id = v.statement"
                ),
                &[],
                |row| Ok((row.parsed("station")?, row.get::<String>("contest")?)),
            )
        })?;
        let mut arrived = ArrivedStatements::default();
        for (station, contest) in pairs {
            arrived.stations.insert(station);
            // A statement that is no tally has the contest "".
            arrived.contests.extend(contest.parse::<ContestId>());
        }
        Ok(arrived)
    }

    /// The stations, and their contests with a tally, of all stored statements.
    pub fn stations_of_statements(&self) -> Result<Vec<(String, Option<ContestId>)>, StoreError> {
        self.read("read the stations of all statements", |transaction| {
            transaction.rows(sql!("SELECT DISTINCT station, contest FROM statement"), &[], |row| {
                Ok((row.get("station")?, row.get::<String>("contest")?.parse().ok()))
            })
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
