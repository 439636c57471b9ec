//! How many people each station has, the sums of regions, and the targets.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use tally::{RegionCode, StationId};

use super::database::{self, Insert, OnConflict, Row, Sql, Transaction, sql};
use super::people::{PERSON, StoredPerson, stored_person};
use super::{AuditContext, StationRange, Store, StoreError, audit};
use crate::model::person::{Participant, Position};

/// The name of the whole election among the regions.
const WHOLE: &str = "";

/// The present assignments of a station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StationStaffing {
    pub witnesses: u32,
    pub joined: u32,
    pub trained: u32,
    pub letters: u32,
}

/// The sums of a region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RegionStaffing {
    /// Stations with one assigned person, and with two or more.
    pub one: i64,
    pub two: i64,
    pub witnesses: i64,
    pub joined: i64,
    pub trained: i64,
    pub letters: i64,
}

impl RegionStaffing {
    /// What a station adds to the sums of its regions.
    fn of(station: StationStaffing) -> Self {
        Self {
            one: i64::from(station.witnesses == 1),
            two: i64::from(station.witnesses >= 2),
            witnesses: i64::from(station.witnesses),
            joined: i64::from(station.joined),
            trained: i64::from(station.trained),
            letters: i64::from(station.letters),
        }
    }

    fn add(&mut self, after: Self, before: Self) {
        self.one += after.one - before.one;
        self.two += after.two - before.two;
        self.witnesses += after.witnesses - before.witnesses;
        self.joined += after.joined - before.joined;
        self.trained += after.trained - before.trained;
        self.letters += after.letters - before.letters;
    }
}

/// The target of a region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    pub witnesses: Option<u32>,
    /// As `2026-12-01`.
    pub by_date: Option<String>,
    pub participant: Option<Participant>,
    pub votes: Option<u64>,
    pub share_permille: Option<u32>,
}

/// A stored target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTarget {
    pub target: Target,
    /// The text of an [`Actor`](super::Actor).
    pub set_by: String,
    pub set_at_ms: i64,
}

/// What is counted of a station. A device that was revoked does not count as joined.
const COUNTED: Sql = sql!(
    "SELECT count(*) AS witnesses,
        count(CASE WHEN a.joined_at_ms IS NOT NULL AND d.revoked_at_ms IS NULL THEN 1 END) AS joined,
        count(a.trained_at_ms) AS trained, count(a.letter_at_ms) AS letters
     FROM person_assignment a LEFT JOIN device d ON d.id = a.device
     WHERE a.station = ?1 AND a.ended_at_ms IS NULL"
);
const STORED: Sql =
    sql!("SELECT witnesses, joined, trained, letters FROM station_staffing WHERE station = ?1");

const STATION: Insert<5> = Insert {
    table: "station_staffing",
    columns: [
        ("station", "text"),
        ("witnesses", "bigint"),
        ("joined", "bigint"),
        ("trained", "bigint"),
        ("letters", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(station) DO UPDATE SET witnesses = excluded.witnesses, joined = excluded.joined,
            trained = excluded.trained, letters = excluded.letters",
    ),
};
const REGION: Insert<7> = Insert {
    table: "region_staffing",
    columns: [
        ("region", "text"),
        ("stations_one", "bigint"),
        ("stations_two", "bigint"),
        ("witnesses", "bigint"),
        ("joined", "bigint"),
        ("trained", "bigint"),
        ("letters", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(region) DO UPDATE SET stations_one = region_staffing.stations_one + excluded.stations_one,
            stations_two = region_staffing.stations_two + excluded.stations_two,
            witnesses = region_staffing.witnesses + excluded.witnesses,
            joined = region_staffing.joined + excluded.joined,
            trained = region_staffing.trained + excluded.trained,
            letters = region_staffing.letters + excluded.letters",
    ),
};

/// Counts these stations again, and corrects the sums of their regions. The transaction must be the only one
/// that writes.
pub(super) fn count_again(
    transaction: &Transaction<'_>,
    stations: &BTreeSet<StationId>,
) -> database::Result<()> {
    let names: Vec<String> = stations.iter().map(StationId::to_string).collect();
    let after = transaction.row_each(COUNTED, &names, |name| [name as _], station_staffing)?;
    let before = transaction.row_each(STORED, &names, |name| [name as _], station_staffing)?;
    let (mut counted, mut sums) = (Vec::new(), BTreeMap::<String, RegionStaffing>::new());
    for (((station, name), after), before) in stations.iter().zip(&names).zip(after).zip(before) {
        let (after, before) = (after.unwrap_or_default(), before.unwrap_or_default());
        if after == before {
            continue;
        }
        counted.push((name, after));
        let regions = station.desa().path().into_iter().map(|region| region.to_string());
        for region in regions.chain([WHOLE.to_owned()]) {
            sums.entry(region).or_default().add(RegionStaffing::of(after), RegionStaffing::of(before));
        }
    }
    transaction.insert_all(&STATION, &counted, |(name, count)| {
        [*name as _, &count.witnesses as _, &count.joined as _, &count.trained as _, &count.letters as _]
    })?;
    transaction.insert_all(&REGION, &sums, |(region, sum)| {
        [
            region as _,
            &sum.one as _,
            &sum.two as _,
            &sum.witnesses as _,
            &sum.joined as _,
            &sum.trained as _,
            &sum.letters as _,
        ]
    })?;
    Ok(())
}

impl Store {
    /// The sums of these regions, in their order; `None` is the whole election.
    pub fn region_staffing(&self, regions: &[Option<RegionCode>]) -> Result<Vec<RegionStaffing>, StoreError> {
        self.read("read the staffing of regions", |transaction| {
            let names: Vec<&str> = regions.iter().map(name_of).collect();
            let query = sql!(
                "SELECT stations_one, stations_two, witnesses, joined, trained, letters
                 FROM region_staffing WHERE region = ?1"
            );
            let found = transaction.row_each(query, &names, |name| [name as _], region_staffing)?;
            Ok(found.into_iter().map(Option::unwrap_or_default).collect())
        })
    }

    /// The stations of a range that have or had anybody.
    pub fn station_staffing(
        &self,
        range: &StationRange,
    ) -> Result<BTreeMap<StationId, StationStaffing>, StoreError> {
        let found = self.query("read the staffing of stations", |transaction| {
            transaction.rows(
                sql!(
                    "SELECT station, witnesses, joined, trained, letters FROM station_staffing
                     WHERE station >= ?1 AND station < ?2"
                ),
                params![range.from, range.until],
                |row| Ok((row.parsed("station")?, station_staffing(row)?)),
            )
        })?;
        Ok(found.into_iter().collect())
    }

    /// The targets of these regions, in their order; `None` is the whole election.
    pub fn targets(&self, regions: &[Option<RegionCode>]) -> Result<Vec<Option<StoredTarget>>, StoreError> {
        self.read("read targets", |transaction| {
            let names: Vec<&str> = regions.iter().map(name_of).collect();
            let query = sql!(
                "SELECT witnesses, by_date, participant, votes, share_permille, set_by, set_at_ms
                 FROM target WHERE region = ?1"
            );
            transaction.row_each(query, &names, |name| [name as _], stored_target)
        })
    }

    /// Sets the target of a region, or removes it with one that wants nothing.
    pub fn set_target(
        &self,
        region: Option<&RegionCode>,
        target: &Target,
        audit: AuditContext<'_>,
    ) -> Result<(), StoreError> {
        let name = region.map_or(WHOLE, RegionCode::as_str);
        self.write("set a target", |transaction| {
            transaction.execute(sql!("DELETE FROM target WHERE region = ?1"), params![name])?;
            if *target != Target::default() {
                insert_target(transaction, name, target, audit)?;
            }
            let subject = format!("{name} {}", described(target));
            audit::record(transaction, audit, "target.set", subject.trim())
        })
    }

    /// The coordinators of a position who live in a range of desa, at most `most`.
    pub fn coordinators(
        &self,
        position: Position,
        desas: &StationRange,
        most: usize,
    ) -> Result<Vec<StoredPerson>, StoreError> {
        self.query("read coordinators", |transaction| {
            transaction.rows(
                sql!(
                    PERSON,
                    "WHERE p.position = ?1 AND p.desa >= ?2 AND p.desa < ?3 AND p.erased_at_ms IS NULL
                     ORDER BY p.desa, p.id LIMIT ?4"
                ),
                params![position.word(), desas.from, desas.until, most],
                stored_person,
            )
        })
    }
}

fn name_of(region: &Option<RegionCode>) -> &str {
    region.as_ref().map_or(WHOLE, RegionCode::as_str)
}

fn insert_target(
    transaction: &Transaction<'_>,
    name: &str,
    target: &Target,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO target (region, witnesses, by_date, participant, votes, share_permille, set_by,
                set_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        ),
        params![
            name,
            target.witnesses,
            target.by_date,
            target.participant.as_ref().map(Participant::to_string),
            target.votes,
            target.share_permille,
            audit.actor.to_string(),
            audit.now_ms
        ],
    )?;
    Ok(())
}

fn described(target: &Target) -> String {
    let number = |name: &str, value: Option<String>| value.map(|value| format!("{name} {value}"));
    let parts = [
        number("witnesses", target.witnesses.map(|value| value.to_string())),
        number("by", target.by_date.clone()),
        number("participant", target.participant.as_ref().map(Participant::to_string)),
        number("votes", target.votes.map(|value| value.to_string())),
        number("share", target.share_permille.map(|value| value.to_string())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn station_staffing(row: &Row<'_>) -> database::Result<StationStaffing> {
    Ok(StationStaffing {
        witnesses: row.get("witnesses")?,
        joined: row.get("joined")?,
        trained: row.get("trained")?,
        letters: row.get("letters")?,
    })
}

fn region_staffing(row: &Row<'_>) -> database::Result<RegionStaffing> {
    Ok(RegionStaffing {
        one: row.get("stations_one")?,
        two: row.get("stations_two")?,
        witnesses: row.get("witnesses")?,
        joined: row.get("joined")?,
        trained: row.get("trained")?,
        letters: row.get("letters")?,
    })
}

fn stored_target(row: &Row<'_>) -> database::Result<StoredTarget> {
    let participant: Option<String> = row.get("participant")?;
    Ok(StoredTarget {
        target: Target {
            witnesses: row.get("witnesses")?,
            by_date: row.get("by_date")?,
            participant: participant.map(|_| row.parsed("participant")).transpose()?,
            votes: row.get("votes")?,
            share_permille: row.get("share_permille")?,
        },
        set_by: row.get("set_by")?,
        set_at_ms: row.get("set_at_ms")?,
    })
}
