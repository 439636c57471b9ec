//! The election of the data folder, and the endpoint's address.

use rusqlite::params;
use tally::{ContestId, Election};

use super::database::{self, Row, json_of, sql};
use super::{AuditContext, StationRange, Store, StoreError, audit};

/// Statements of one station that have arrived: of no contest, or the tallies of one contest and round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedStatements {
    pub station: String,
    /// `None` for statements that are no tallies.
    pub contest: Option<ContestId>,
    /// The first round for statements that are no tallies.
    pub round: u8,
}

fn arrived_statements(row: &Row<'_>) -> database::Result<ArrivedStatements> {
    // A statement that is no tally has the contest "".
    let contest = row.get::<String>("contest")?.parse().ok();
    Ok(ArrivedStatements { station: row.get("station")?, contest, round: row.get("round")? })
}

/// A package to store, and what it changes for stored statements.
#[derive(Debug)]
pub struct NewPackage<'a> {
    pub election: &'a Election,
    /// What it leaves out although statements of it arrived, in words: the operator said so.
    pub left_out: &'a [String],
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

    /// Whether this is the newest election package. It is compared as text: reading a national package takes
    /// seconds and hundreds of megabytes.
    pub fn has_election(&self, election: &Election) -> Result<bool, StoreError> {
        self.read("compare the election package", |transaction| {
            let same: Option<i64> = transaction.row(
                sql!("SELECT 1 AS same FROM election WHERE package = ?1"),
                params![json_of(election)?],
                |row| row.get("same"),
            )?;
            Ok(same.is_some())
        })
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
            for left_out in new.left_out {
                audit::record(transaction, audit, "election.leave_out", left_out)?;
            }
            if new.needs_rebuild {
                let due = sql!("INSERT INTO rebuild_due (one) VALUES (1) ON CONFLICT (one) DO NOTHING");
                transaction.execute(due, &[])?;
            }
            Ok(())
        })
    }

    /// What a new package must keep of these stations: statements of phones that are assigned and not
    /// revoked, or with a verdict of a coordinator. A phone that is not assigned cannot block a package.
    pub fn binding_statements(&self, range: &StationRange) -> Result<Vec<ArrivedStatements>, StoreError> {
        self.read("read which stations have statements", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT DISTINCT s.station, s.contest, s.round FROM statement s
                     JOIN device d ON d.id = s.device
                     WHERE s.station >= ?1 AND s.station < ?2 AND NOT s.quarantined AND d.revoked_at_ms IS NULL
                     AND EXISTS (SELECT 1 FROM assignment a WHERE a.device = s.device AND a.station = s.station
                         AND (a.ended_at_ms IS NULL OR s.received_at_ms < a.ended_at_ms))
                     UNION SELECT s.station, s.contest, s.round FROM verdict v
                     JOIN statement s ON s.id = v.statement WHERE s.station >= ?1 AND s.station < ?2"
                ),
                params![range.from, range.until],
                arrived_statements,
            )
        })
    }

    /// All stored statements of these stations.
    pub fn arrived_statements(&self, range: &StationRange) -> Result<Vec<ArrivedStatements>, StoreError> {
        self.read("read the stations of all statements", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT DISTINCT station, contest, round FROM statement
                     WHERE station >= ?1 AND station < ?2"
                ),
                params![range.from, range.until],
                arrived_statements,
            )
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
