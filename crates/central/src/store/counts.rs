//! Counts: how each station stands, and the sums of every region. They follow the statements a moment later.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{ToSql, params};
use tally::{ContestId, RegionCode, RegionLevel, StationId};

use super::database::{self, Existing, Insert, Lock, Transaction, Writers, json_of};
use super::photos::{ARRIVED_PHOTOS, arrived_photo};
use super::roster::WITNESSES;
use super::statements::{TALLIES, counted_tally};
use super::{ArrivedPhoto, CountedTally, Store, StoreError, slices, station_range};
use crate::model::count::Standing;
use crate::model::count::{RegionTotal, StationCount};

/// Most stations that are counted in one transaction: others want to write too.
const TOGETHER_MAX: usize = 1_000;

const STATION_COUNT: Insert = Insert {
    table: "station_count",
    columns: &[("contest", "text"), ("station", "text"), ("standing", "text"), ("counted", "text")],
    existing: Existing::Becomes(
        "(contest, station) DO UPDATE SET standing = excluded.standing, counted = excluded.counted",
    ),
};
const REGION_COUNT: Insert = Insert {
    table: "region_count",
    columns: &[("contest", "text"), ("region", "text"), ("total", "text")],
    existing: Existing::Becomes("(contest, region) DO UPDATE SET total = excluded.total"),
};
const ARRIVAL: Insert = Insert {
    table: "arrival",
    columns: &[
        ("contest", "text"),
        ("region", "text"),
        ("minute", "bigint"),
        ("tallies", "bigint"),
        ("photos", "bigint"),
    ],
    existing: Existing::Becomes(
        "(contest, region, minute) DO UPDATE SET tallies = arrival.tallies + excluded.tallies,
            photos = arrival.photos + excluded.photos",
    ),
};
pub(super) const COUNT_WAITING: Insert = Insert {
    table: "count_waiting",
    columns: &[("contest", "text"), ("station", "text")],
    existing: Existing::IsAFault,
};

/// How a station's count is made of what is known of it; `None` for a contest that the package does not have.
pub type CountRule<'a> =
    &'a dyn Fn(&ContestId, &[CountedTally], &[ArrivedPhoto], u32) -> Option<StationCount>;

/// What arrived in a minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MinuteArrivals {
    /// Which, since 1970.
    pub minute: i64,
    /// Tallies.
    pub tallies: i64,
    /// Photos, whole.
    pub photos: i64,
}

/// What a region's page is made of, at one moment.
#[derive(Debug, Default)]
pub struct RegionCounts {
    /// The region's sums.
    pub total: RegionTotal,
    /// Those of the regions below it, in the order in which they were asked for.
    pub below: Vec<RegionTotal>,
    /// What arrived, by minute.
    pub arrivals: Vec<MinuteArrivals>,
}

/// The whole election among the regions.
const WHOLE: &str = "";

/// The names of the regions for which sums are kept and in which this station lies.
fn kept_above(station: &StationId) -> impl Iterator<Item = String> {
    let path = station.desa().path().into_iter().filter(|code| code.level() != RegionLevel::Desa);
    std::iter::once(WHOLE.to_owned()).chain(path.map(String::from))
}

/// Whether it is kept what arrived there in each minute: in the whole election, in provinsi, kabupaten and kota.
fn arrivals_are_kept(region: &str) -> bool {
    region.len() <= "52.71".len()
}

/// What a station was, where it was counted before, and what it is.
type Change = (Option<StationCount>, StationCount);

/// How the sums change, before they are written.
#[derive(Default)]
struct Changes {
    /// Contest, station, standing, and the count as JSON.
    stations: Vec<(String, String, &'static str, String)>,
    /// By contest and region: what stations were, and what they are.
    regions: BTreeMap<(String, String), Vec<Change>>,
    /// By contest, region and minute.
    arrivals: BTreeMap<(String, String, i64), (i64, i64)>,
}

impl Changes {
    fn note(
        &mut self,
        contest: &ContestId,
        station: &StationId,
        before: Option<StationCount>,
        after: StationCount,
    ) -> database::Result<()> {
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        let contest = contest.to_string();
        for region in kept_above(station) {
            if arrivals_are_kept(&region) {
                let mut count = |minutes: &[i64], tallies, photos| {
                    for &minute in minutes {
                        let slot =
                            self.arrivals.entry((contest.clone(), region.clone(), minute)).or_default();
                        *slot = (slot.0 + tallies, slot.1 + photos);
                    }
                };
                count(&after.tally_minutes, 1, 0);
                count(&after.photo_minutes, 0, 1);
                if let Some(before) = &before {
                    count(&before.tally_minutes, -1, 0);
                    count(&before.photo_minutes, 0, -1);
                }
            }
            let changes = self.regions.entry((contest.clone(), region)).or_default();
            changes.push((before.clone(), after.clone()));
        }
        self.stations.push((contest, station.to_string(), after.standing.word(), json_of(&after)?));
        Ok(())
    }

    /// Adds the changes to what is kept.
    fn write(self, transaction: &Transaction<'_>) -> database::Result<()> {
        let rows: Vec<[&dyn ToSql; 4]> = self
            .stations
            .iter()
            .map(|(contest, station, standing, json)| -> [&dyn ToSql; 4] {
                [contest, station, standing, json]
            })
            .collect();
        transaction.insert_all(&STATION_COUNT, &slices(&rows))?;

        let names: Vec<[&dyn ToSql; 2]> =
            self.regions.keys().map(|(contest, region)| -> [&dyn ToSql; 2] { [contest, region] }).collect();
        let kept = totals(transaction, &names)?;
        let totals: Vec<String> = self
            .regions
            .values()
            .zip(kept)
            .map(|(changes, mut total)| {
                for (before, after) in changes {
                    if let Some(before) = before {
                        total.take(before);
                    }
                    total.put(after);
                }
                json_of(&total)
            })
            .collect::<database::Result<_>>()?;
        let rows: Vec<[&dyn ToSql; 3]> = names
            .iter()
            .zip(&totals)
            .map(|([contest, region], total)| -> [&dyn ToSql; 3] { [*contest, *region, total] })
            .collect();
        transaction.insert_all(&REGION_COUNT, &slices(&rows))?;

        let rows: Vec<[&dyn ToSql; 5]> = self
            .arrivals
            .iter()
            .filter(|(_, change)| **change != (0, 0))
            .map(|((contest, region, minute), (tallies, photos))| -> [&dyn ToSql; 5] {
                [contest, region, minute, tallies, photos]
            })
            .collect();
        transaction.insert_all(&ARRIVAL, &slices(&rows))?;
        Ok(())
    }
}

fn totals(transaction: &Transaction<'_>, names: &[[&dyn ToSql; 2]]) -> database::Result<Vec<RegionTotal>> {
    let kept = transaction.row_each(
        "SELECT total FROM region_count WHERE contest = ?1 AND region = ?2",
        &slices(names),
        |row| row.json(0),
    )?;
    Ok(kept.into_iter().map(Option::unwrap_or_default).collect())
}

impl Store {
    /// Counts stations of which something changed, as many as go well together. Gives how many changes were settled, and
    /// whether there may be more.
    pub fn settle_counts(&self, rule: CountRule<'_>) -> Result<(usize, bool), StoreError> {
        self.write_by(Writers::Many, "counting", |transaction| {
            // Only one at a time: what is read here is what the sums are corrected by.
            transaction.hold(Lock::Counts)?;
            let waiting: Vec<(i64, ContestId, StationId)> = transaction.rows(
                "SELECT number, contest, station FROM count_waiting ORDER BY number LIMIT ?1",
                params![TOGETHER_MAX],
                |row| Ok((row.get(0)?, row.parsed(1)?, row.parsed(2)?)),
            )?;
            let places: BTreeSet<(&ContestId, &StationId)> =
                waiting.iter().map(|(_, contest, station)| (contest, station)).collect();
            let ranges: Vec<(String, String, String)> = places
                .iter()
                .map(|(contest, station)| (contest.to_string(), station.to_string(), format!("{station}~")))
                .collect();
            let each: Vec<[&dyn ToSql; 3]> = ranges
                .iter()
                .map(|(contest, from, until)| -> [&dyn ToSql; 3] { [contest, from, until] })
                .collect();
            let names: Vec<[&dyn ToSql; 2]> = ranges
                .iter()
                .map(|(contest, station, _)| -> [&dyn ToSql; 2] { [contest, station] })
                .collect();
            let tallies = transaction.rows_each(TALLIES, &slices(&each), counted_tally)?;
            let photos = transaction.rows_each(ARRIVED_PHOTOS, &slices(&each), arrived_photo)?;
            let witnesses: Vec<Option<u32>> =
                transaction.row_each(WITNESSES, &slices(&each), |row| row.get(1))?;
            let before: Vec<Option<StationCount>> = transaction.row_each(
                "SELECT counted FROM station_count WHERE contest = ?1 AND station = ?2",
                &slices(&names),
                |row| row.json(0),
            )?;
            let mut changes = Changes::default();
            let known = tallies.iter().zip(&photos).zip(witnesses).zip(before);
            for ((contest, station), (((tallies, photos), witnesses), before)) in
                places.into_iter().zip(known)
            {
                if let Some(after) = rule(contest, tallies, photos, witnesses.unwrap_or(0)) {
                    changes.note(contest, station, before, after)?;
                }
            }
            changes.write(transaction)?;
            let numbers: Vec<i64> = waiting.iter().map(|(number, ..)| *number).collect();
            transaction.delete_all("count_waiting", "number", &numbers)?;
            Ok((numbers.len(), numbers.len() == TOGETHER_MAX))
        })
    }

    /// How many changes wait to be counted.
    pub fn waiting_for_count(&self) -> Result<u64, StoreError> {
        self.ask("counting what waits to be counted", |transaction| {
            let count = transaction.row("SELECT count(*) FROM count_waiting", &[], |row| row.get(0))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// What a region's page is made of: its sums, those of the regions `below`, and what arrived there. Of a region for
    /// which nothing is kept, only a kecamatan's arrivals and a desa, all of that is empty.
    pub fn region_counts(
        &self,
        contest: &ContestId,
        region: Option<&RegionCode>,
        below: &[RegionCode],
    ) -> Result<RegionCounts, StoreError> {
        let contest = contest.to_string();
        let region = region.map_or(WHOLE, RegionCode::as_str).to_owned();
        let below: Vec<String> = below.iter().map(ToString::to_string).collect();
        self.read("reading a region's counts", |transaction| {
            let names: Vec<[&dyn ToSql; 2]> = std::iter::once(&region)
                .chain(&below)
                .map(|region| -> [&dyn ToSql; 2] { [&contest, region] })
                .collect();
            let mut totals = totals(transaction, &names)?.into_iter();
            Ok(RegionCounts {
                total: totals.next().unwrap_or_default(),
                below: totals.collect(),
                arrivals: transaction.rows(
                    "SELECT minute, tallies, photos FROM arrival
                     WHERE contest = ?1 AND region = ?2 AND (tallies <> 0 OR photos <> 0) ORDER BY minute",
                    params![contest, region],
                    |row| {
                        Ok(MinuteArrivals { minute: row.get(0)?, tallies: row.get(1)?, photos: row.get(2)? })
                    },
                )?,
            })
        })
    }

    /// The counts of stations from `from` on and before `until`, by their ids.
    pub fn station_counts(
        &self,
        contest: &ContestId,
        (from, until): (&str, &str),
    ) -> Result<BTreeMap<StationId, StationCount>, StoreError> {
        self.ask("reading stations' counts", |transaction| {
            let rows = transaction.rows(
                "SELECT station, counted FROM station_count
                 WHERE contest = ?1 AND station >= ?2 AND station < ?3",
                params![contest.as_str(), from, until],
                |row| Ok((row.parsed(0)?, row.json(1)?)),
            )?;
            Ok(rows.into_iter().collect())
        })
    }

    /// The first stations in this range that stand like this.
    pub fn stations_standing(
        &self,
        contest: &ContestId,
        standing: Standing,
        (after, until): (&str, &str),
        most: usize,
    ) -> Result<Vec<(StationId, StationCount)>, StoreError> {
        self.ask("reading which stations stand so", |transaction| {
            transaction.rows(
                "SELECT station, counted FROM station_count
                 WHERE contest = ?1 AND standing = ?2 AND station > ?3 AND station < ?4 ORDER BY station LIMIT ?5",
                params![contest.as_str(), standing.word(), after, until, most],
                |row| Ok((row.parsed(0)?, row.json(1)?)),
            )
        })
    }
}

/// Counts everything anew, part by part, so that no more than a part is in hand. `parts` are regions that hold every
/// station once.
pub(super) fn recount(
    transaction: &Transaction<'_>,
    contests: &[ContestId],
    parts: &[RegionCode],
    rule: CountRule<'_>,
) -> database::Result<()> {
    transaction.hold(Lock::Counts)?;
    for table in ["count_waiting", "station_count", "region_count", "arrival"] {
        transaction.execute(&format!("DELETE FROM {table}"), &[])?;
    }
    for contest in contests {
        for part in parts {
            let (from, until) = station_range(Some(part));
            let range = params![contest.as_str(), from, until];
            let mut tallies: BTreeMap<StationId, Vec<CountedTally>> = BTreeMap::new();
            for tally in transaction.rows(TALLIES, range, counted_tally)? {
                tallies.entry(tally.station.clone()).or_default().push(tally);
            }
            let mut photos: BTreeMap<StationId, Vec<ArrivedPhoto>> = BTreeMap::new();
            for photo in transaction.rows(ARRIVED_PHOTOS, range, arrived_photo)? {
                photos.entry(photo.station.clone()).or_default().push(photo);
            }
            let witnesses: BTreeMap<StationId, u32> = transaction
                .rows(WITNESSES, range, |row| Ok((row.parsed(0)?, row.get(1)?)))?
                .into_iter()
                .collect();
            let stations: BTreeSet<&StationId> =
                tallies.keys().chain(photos.keys()).chain(witnesses.keys()).collect();
            let mut changes = Changes::default();
            for station in stations {
                let of = (tallies.get(station), photos.get(station), witnesses.get(station));
                let (told, shown) =
                    (of.0.map_or(&[][..], Vec::as_slice), of.1.map_or(&[][..], Vec::as_slice));
                if let Some(count) = rule(contest, told, shown, of.2.copied().unwrap_or(0)) {
                    changes.note(contest, station, None, count)?;
                }
            }
            changes.write(transaction)?;
        }
    }
    Ok(())
}
