//! The stations at which a person should look, who has one of them in front of them, and who put one off.

use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::{self, Insert, OnConflict, Row, Transaction, sql};
use super::{StationRange, Store, StoreError};
use crate::model::review::Doubt;

const ITEM: Insert<7> = Insert {
    table: "review_item",
    columns: [
        ("contest", "text"),
        ("station", "text"),
        ("votes", "bigint"),
        ("conflicts", "bigint"),
        ("faults", "bigint"),
        ("misread", "bigint"),
        ("since_ms", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(contest, station) DO UPDATE SET votes = excluded.votes, conflicts = excluded.conflicts,
            faults = excluded.faults, misread = excluded.misread, since_ms = excluded.since_ms",
    ),
};

/// What is in doubt at a station after it was counted.
pub(super) struct StationDoubt {
    contest: String,
    station: String,
    doubt: Option<Doubt>,
}

impl StationDoubt {
    pub(super) fn new(contest: &ContestId, station: &StationId, doubt: Option<Doubt>) -> Self {
        Self { contest: contest.to_string(), station: station.to_string(), doubt }
    }
}

/// A station at which a person should look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtfulStation {
    pub station: StationId,
    pub doubt: Doubt,
    /// The user who has it in front of them.
    pub holder: Option<String>,
    /// Whether the user who asks put it off.
    pub skipped: bool,
}

/// The part of a contest that a queue is of.
#[derive(Debug, Clone, Copy)]
pub struct QueueRange<'a> {
    pub contest: &'a ContestId,
    pub stations: &'a StationRange,
}

/// A lease that a user asks for.
#[derive(Debug, Clone, Copy)]
pub struct LeaseRequest<'a> {
    pub contest: &'a ContestId,
    pub account: &'a str,
    pub now_ms: i64,
    pub until_ms: i64,
}

impl Store {
    /// The stations in doubt, those with most votes first, at most `most`, and the number of all.
    pub fn doubtful_stations(
        &self,
        range: QueueRange<'_>,
        account: &str,
        now_ms: i64,
        most: usize,
    ) -> Result<(Vec<DoubtfulStation>, u64), StoreError> {
        let QueueRange { contest, stations: StationRange { from, until } } = range;
        self.query("read the review queue", |transaction| {
            let stations = transaction.rows(
                sql!(
                    "SELECT i.station, i.votes, i.conflicts, i.faults, i.misread, i.since_ms, l.account,
                        s.until_ms IS NOT NULL AS skipped
                     FROM review_item i
                     LEFT JOIN review_lease l
                        ON l.contest = i.contest AND l.station = i.station AND l.until_ms > ?4
                     LEFT JOIN review_skip s ON s.account = ?5
                        AND s.contest = i.contest AND s.station = i.station AND s.until_ms > ?4
                     WHERE i.contest = ?1 AND i.station >= ?2 AND i.station < ?3
                     ORDER BY i.votes DESC, i.station LIMIT ?6"
                ),
                params![contest.as_str(), from, until, now_ms, account, most],
                doubtful,
            )?;
            let all = transaction.row(
                sql!(
                    "SELECT count(*) AS count FROM review_item
                     WHERE contest = ?1 AND station >= ?2 AND station < ?3"
                ),
                params![contest.as_str(), from, until],
                |row| row.get("count"),
            )?;
            Ok((stations, all.unwrap_or(0)))
        })
    }

    /// Leases the first of these stations that nobody else has. A user has one station at a time: the one
    /// before is given back. `None` if others have all of them.
    pub fn lease_first(
        &self,
        candidates: &[StationId],
        request: LeaseRequest<'_>,
    ) -> Result<Option<StationId>, StoreError> {
        let LeaseRequest { contest, account, now_ms, until_ms } = request;
        self.write("take the next station of the review queue", |transaction| {
            for station in candidates {
                // The row belongs to the request that wrote it, in any replica, until its time is over.
                let taken = transaction.execute(
                    sql!(
                        "INSERT INTO review_lease (contest, station, account, until_ms) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (contest, station) DO UPDATE
                            SET account = excluded.account, until_ms = excluded.until_ms
                            WHERE review_lease.account = excluded.account OR review_lease.until_ms <= ?5"
                    ),
                    params![contest.as_str(), station.to_string(), account, until_ms, now_ms],
                )?;
                if taken == 1 {
                    give_back(transaction, account, Some((contest, station)))?;
                    return Ok(Some(station.clone()));
                }
            }
            give_back(transaction, account, None)?;
            Ok(None)
        })
    }

    /// The station that a user has in front of them, of this contest.
    pub fn leased(
        &self,
        contest: &ContestId,
        account: &str,
        now_ms: i64,
    ) -> Result<Option<StationId>, StoreError> {
        self.query("read what a user reviews", |transaction| {
            transaction.row(
                sql!(
                    "SELECT station FROM review_lease
                     WHERE account = ?1 AND contest = ?2 AND until_ms > ?3 ORDER BY until_ms DESC LIMIT 1"
                ),
                params![account, contest.as_str(), now_ms],
                |row| row.parsed("station"),
            )
        })
    }

    /// Gives back what a user has in front of them.
    pub fn release_lease(&self, account: &str) -> Result<(), StoreError> {
        self.write("give a station back to the review queue", |transaction| {
            give_back(transaction, account, None)
        })
    }

    /// Puts a station off for a user. What they put off earlier and is over is forgotten.
    pub fn skip_station(
        &self,
        contest: &ContestId,
        station: &StationId,
        account: &str,
        now_ms: i64,
        until_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("put a station of the review queue off", |transaction| {
            transaction.execute(
                sql!("DELETE FROM review_skip WHERE account = ?1 AND until_ms <= ?2"),
                params![account, now_ms],
            )?;
            transaction.execute(
                sql!(
                    "INSERT INTO review_skip (account, contest, station, until_ms) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (account, contest, station) DO UPDATE SET until_ms = excluded.until_ms"
                ),
                params![account, contest.as_str(), station.to_string(), until_ms],
            )?;
            Ok(())
        })
    }
}

/// Ends the leases of a user but for one.
fn give_back(
    transaction: &Transaction<'_>,
    account: &str,
    but: Option<(&ContestId, &StationId)>,
) -> database::Result<()> {
    let (contest, station) = but.map_or((String::new(), String::new()), |(contest, station)| {
        (contest.to_string(), station.to_string())
    });
    transaction.execute(
        sql!("DELETE FROM review_lease WHERE account = ?1 AND NOT (contest = ?2 AND station = ?3)"),
        params![account, contest, station],
    )?;
    Ok(())
}

fn doubtful(row: &Row<'_>) -> database::Result<DoubtfulStation> {
    Ok(DoubtfulStation {
        station: row.parsed("station")?,
        doubt: Doubt {
            votes: row.get("votes")?,
            conflicts: row.get("conflicts")?,
            faults: row.get("faults")?,
            misread: row.get("misread")?,
            since_ms: row.get("since_ms")?,
        },
        holder: row.get("account")?,
        skipped: row.get("skipped")?,
    })
}

/// Takes a station that was decided on out of the queue. The count that follows puts it back if it is still
/// in doubt.
pub(super) fn close_item(
    transaction: &Transaction<'_>,
    contest: &str,
    station: &str,
) -> database::Result<()> {
    transaction.execute(
        sql!("DELETE FROM review_item WHERE contest = ?1 AND station = ?2"),
        params![contest, station],
    )?;
    Ok(())
}

/// Keeps the queue as the counts are.
pub(super) fn write_doubts(transaction: &Transaction<'_>, doubts: &[StationDoubt]) -> database::Result<()> {
    // A station may be counted again in one batch only once, so each key is there once.
    let (in_doubt, settled): (Vec<&StationDoubt>, Vec<&StationDoubt>) =
        doubts.iter().partition(|station| station.doubt.is_some());
    let stored: Vec<Option<u32>> = transaction.row_each(
        sql!("SELECT votes FROM review_item WHERE contest = ?1 AND station = ?2"),
        &settled,
        |station| [&station.contest, &station.station],
        |row| row.get("votes"),
    )?;
    for (station, _) in settled.iter().zip(stored).filter(|(_, stored)| stored.is_some()) {
        close_item(transaction, &station.contest, &station.station)?;
    }
    let rows = in_doubt.iter().filter_map(|station| Some((*station, station.doubt.as_ref()?)));
    transaction.insert_all(&ITEM, rows, |(station, doubt)| {
        [
            &station.contest,
            &station.station,
            &doubt.votes,
            &doubt.conflicts,
            &doubt.faults,
            &doubt.misread,
            &doubt.since_ms,
        ]
    })?;
    Ok(())
}
