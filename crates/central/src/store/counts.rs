//! Counts: the standing of each station, and the sums of every region. They follow the statements a moment
//! later.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::params;
use tally::{ContestId, RegionCode, RegionLevel, StationId};

use super::database::{self, Insert, Lock, OnConflict, Row, Sql, Transaction, json_of, sql};
use super::photos::{ARRIVED_PHOTOS, arrived_photo};
use super::rebuild::{RecountPart, RecountScope};
use super::review_queue::{self, StationDoubt};
use super::roster::WITNESSES;
use super::statements::{TALLIES, counted_tally};
use super::{ArrivedPhoto, CountedTally, StationRange, Store, StoreError};
use crate::model::count::{RegionTotal, Standing, StationCount};
use crate::model::review::Doubt;
use crate::model::station_order::{CountFilter, StationCursor, StationOrder};
use crate::model::sums_of::{SumKey, SumsOf};

/// Maximum number of changes that one transaction counts. Other writers of an SQLite file wait for it.
const BATCH_MAX: usize = 1_000;
/// The name of the whole election among the regions.
const WHOLE: &str = "";

const STATION_COUNT: Insert<8> = Insert {
    table: "station_count",
    columns: [
        ("contest", "text"),
        ("station", "text"),
        ("standing", "text"),
        ("counted", "text"),
        ("last_at_ms", "bigint"),
        ("fault_order", "bigint"),
        ("flagged", "bigint"),
        ("photos_missing", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(contest, station) DO UPDATE SET standing = excluded.standing, counted = excluded.counted,
            last_at_ms = excluded.last_at_ms, fault_order = excluded.fault_order, flagged = excluded.flagged,
            photos_missing = excluded.photos_missing",
    ),
};
const REGION_COUNT: Insert<3> = Insert {
    table: "region_count",
    columns: [("contest", "text"), ("region", "text"), ("total", "text")],
    on_conflict: OnConflict::Update("(contest, region) DO UPDATE SET total = excluded.total"),
};
const ARRIVAL: Insert<5> = Insert {
    table: "arrival",
    columns: [
        ("contest", "text"),
        ("region", "text"),
        ("minute", "bigint"),
        ("tallies", "bigint"),
        ("photos", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(contest, region, minute) DO UPDATE SET tallies = arrival.tallies + excluded.tallies,
            photos = arrival.photos + excluded.photos",
    ),
};
pub(super) const COUNT_WAITING: Insert<2> = Insert {
    table: "count_waiting",
    columns: [("contest", "text"), ("station", "text")],
    on_conflict: OnConflict::Fail,
};

/// Makes a station's count from what is known of it. `None` for a contest that is not voted there.
pub type CountRule<'a> = &'a dyn Fn(&ContestId, &StationId, &CountInputs) -> Option<Counted>;

/// What a station's count of one contest is made from.
#[derive(Debug, Default)]
pub struct CountInputs {
    pub tallies: Vec<CountedTally>,
    pub photos: Vec<ArrivedPhoto>,
    /// Number of devices that witness there.
    pub witnesses: u32,
}

/// A station's count of one contest.
#[derive(Debug)]
pub struct Counted {
    pub count: StationCount,
    /// What a person should look at.
    pub doubt: Option<Doubt>,
    /// The sums that it is part of.
    pub sums: Vec<SumKey>,
}

/// The arrivals of one minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MinuteArrivals {
    /// The minute, since 1970.
    pub minute: i64,
    pub tallies: i64,
    /// Complete photos.
    pub photos: i64,
}

/// A snapshot of a region's sums.
#[derive(Debug, Default)]
pub struct RegionCounts {
    pub total: RegionTotal,
    /// The sums of the requested regions below, in the order of the request.
    pub below: Vec<RegionTotal>,
    /// The arrivals by minute, oldest first.
    pub arrivals: Vec<MinuteArrivals>,
}

/// The result of counting a batch of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Number of changes that were counted.
    pub changes: usize,
    /// Whether the batch was full, so that more changes may wait.
    pub more: bool,
}

/// A change that waits to be counted.
struct Waiting {
    number: i64,
    contest: ContestId,
    station: StationId,
}

fn waiting(row: &Row<'_>) -> database::Result<Waiting> {
    Ok(Waiting {
        number: row.get("number")?,
        contest: row.parsed("contest")?,
        station: row.parsed("station")?,
    })
}

impl Store {
    /// Counts the stations of the oldest changes.
    pub fn settle_counts(&self, rule: CountRule<'_>) -> Result<Settled, StoreError> {
        self.write_beside_others("count stations", |transaction| {
            // One replica at a time: the sums are corrected by what is read here.
            transaction.lock(Lock::Counts)?;
            let waiting: Vec<Waiting> = transaction.rows(
                sql!("SELECT number, contest, station FROM count_waiting ORDER BY number LIMIT ?1"),
                params![BATCH_MAX],
                waiting,
            )?;
            let stations: BTreeSet<(&ContestId, &StationId)> =
                waiting.iter().map(|change| (&change.contest, &change.station)).collect();
            count_again(transaction, stations, rule)?.write(transaction)?;
            let numbers: Vec<i64> = waiting.iter().map(|change| change.number).collect();
            transaction.delete_all("count_waiting", "number", &numbers)?;
            Ok(Settled { changes: numbers.len(), more: numbers.len() == BATCH_MAX })
        })
    }

    /// Number of changes that wait to be counted.
    pub fn pending_counts(&self) -> Result<u64, StoreError> {
        self.query("read how many changes wait to be counted", |transaction| {
            let count = transaction
                .row(sql!("SELECT count(*) AS count FROM count_waiting"), &[], |row| row.get("count"))?;
            Ok(count.unwrap_or(0))
        })
    }

    /// A region's sums, those of the regions `below`, and the region's arrivals. The store has no sums of a
    /// desa and no arrivals of a kecamatan or desa: they are empty.
    pub fn region_counts(&self, sum: &SumKey, below: &[SumKey]) -> Result<RegionCounts, StoreError> {
        let own = RegionKey::of(sum);
        let keys: Vec<RegionKey> =
            std::iter::once(own.clone()).chain(below.iter().map(RegionKey::of)).collect();
        self.read("read a region's counts", |transaction| {
            let mut totals = totals(transaction, &keys)?.into_iter();
            Ok(RegionCounts {
                total: totals.next().unwrap_or_default(),
                below: totals.collect(),
                arrivals: transaction.rows(
                    sql!(
                        "SELECT minute, tallies, photos FROM arrival
                         WHERE contest = ?1 AND region = ?2 AND (tallies <> 0 OR photos <> 0) ORDER BY minute"
                    ),
                    params![own.sums_of, own.region],
                    minute_arrivals,
                )?,
            })
        })
    }

    /// The counts of the stations in this range.
    pub fn station_counts(
        &self,
        contest: &ContestId,
        range: &StationRange,
    ) -> Result<BTreeMap<StationId, StationCount>, StoreError> {
        self.query("read stations' counts", |transaction| {
            let rows = transaction.rows(
                sql!(
                    "SELECT station, counted FROM station_count
                     WHERE contest = ?1 AND station >= ?2 AND station < ?3"
                ),
                params![contest.as_str(), range.from, range.until],
                |row| Ok((row.parsed("station")?, row.json("counted")?)),
            )?;
            Ok(rows.into_iter().collect())
        })
    }

    /// These sums.
    pub fn region_totals(&self, sums: &[SumKey]) -> Result<Vec<RegionTotal>, StoreError> {
        let keys: Vec<RegionKey> = sums.iter().map(RegionKey::of).collect();
        self.read("read regions' sums", |transaction| totals(transaction, &keys))
    }

    /// The stations that an index has, in its order: by [`StationOrder::Age`] those with news, by
    /// [`StationOrder::Flags`] those with faults. No index has the order of codes.
    pub fn stations_in_order(&self, page: &StationPage<'_>) -> Result<Vec<CountedStation>, StoreError> {
        let query = match page.order {
            StationOrder::Code => return Ok(Vec::new()),
            StationOrder::Age => BY_AGE,
            StationOrder::Flags => BY_FLAGS,
        };
        let standing = page.counts.standing.map_or("", Standing::word);
        let (key, station) = match page.after {
            Some(StationCursor { key, station }) => (*key, station.to_string()),
            None => (i64::MIN, String::new()),
        };
        let (flagged, missing_photos) =
            (i64::from(page.counts.flagged), i64::from(page.counts.missing_photos));
        self.query("read stations in order", |transaction| {
            transaction.rows(
                query,
                params![
                    page.contest.as_str(),
                    page.range.from,
                    page.range.until,
                    key,
                    station,
                    standing,
                    flagged,
                    missing_photos,
                    page.most
                ],
                |row| Ok(CountedStation { station: row.parsed("station")?, count: row.json("counted")? }),
            )
        })
    }
}

/// A page of the stations that an index has.
#[derive(Debug)]
pub struct StationPage<'a> {
    pub contest: &'a ContestId,
    pub range: &'a StationRange,
    pub counts: CountFilter,
    pub order: StationOrder,
    /// The last station of the page before.
    pub after: Option<&'a StationCursor>,
    /// Maximum number of stations.
    pub most: usize,
}

/// A station with its count.
#[derive(Debug)]
pub struct CountedStation {
    pub station: StationId,
    pub count: StationCount,
}

/// Ends the queries of ordered pages. An empty ?6 means any standing.
const ADMITTED: &str = " AND contest = ?1 AND station >= ?2 AND station < ?3
    AND (?6 = '' OR standing = ?6) AND flagged >= ?7 AND photos_missing >= ?8 ";
const BY_AGE: Sql = sql!(
    "SELECT station, counted FROM station_count
     WHERE last_at_ms IS NOT NULL AND (last_at_ms, station) > (?4, ?5)",
    ADMITTED,
    "ORDER BY last_at_ms, station LIMIT ?9"
);
const BY_FLAGS: Sql = sql!(
    "SELECT station, counted FROM station_count
     WHERE fault_order < 0 AND (fault_order, station) > (?4, ?5)",
    ADMITTED,
    "ORDER BY fault_order, station LIMIT ?9"
);

fn minute_arrivals(row: &Row<'_>) -> database::Result<MinuteArrivals> {
    Ok(MinuteArrivals {
        minute: row.get("minute")?,
        tallies: row.get("tallies")?,
        photos: row.get("photos")?,
    })
}

/// The parameters of the queries about one station.
struct StationKey {
    contest: String,
    range: StationRange,
}

/// Counts these stations again. Each of the four queries asks about all of them in one round trip.
fn count_again(
    transaction: &Transaction<'_>,
    stations: BTreeSet<(&ContestId, &StationId)>,
    rule: CountRule<'_>,
) -> database::Result<Changes> {
    let keys: Vec<StationKey> = stations
        .iter()
        .map(|(contest, station)| StationKey {
            contest: contest.to_string(),
            range: StationRange::of_station(station),
        })
        .collect();
    let tallies = transaction.rows_each(
        TALLIES,
        &keys,
        |key| [&key.contest, &key.range.from, &key.range.until],
        counted_tally,
    )?;
    let photos = transaction.rows_each(
        ARRIVED_PHOTOS,
        &keys,
        |key| [&key.contest, &key.range.from, &key.range.until],
        arrived_photo,
    )?;
    let witnesses: Vec<Option<u32>> = transaction.row_each(
        WITNESSES,
        &keys,
        |key| [&key.contest, &key.range.from, &key.range.until],
        |row| row.get("witnesses"),
    )?;
    let before: Vec<Option<StationCount>> = transaction.row_each(
        sql!("SELECT counted FROM station_count WHERE contest = ?1 AND station = ?2"),
        &keys,
        |key| [&key.contest, &key.range.from],
        |row| row.json("counted"),
    )?;
    let mut changes = Changes::default();
    let inputs = tallies.into_iter().zip(photos).zip(witnesses).zip(before);
    for ((contest, station), (((tallies, photos), witnesses), before)) in stations.into_iter().zip(inputs) {
        let inputs = CountInputs { tallies, photos, witnesses: witnesses.unwrap_or(0) };
        if let Some(Counted { count, doubt, sums }) = rule(contest, station, &inputs) {
            changes.add(contest, station, &sums, StationChange { before, after: count })?;
            changes.doubts.push(StationDoubt::new(contest, station, doubt));
        }
    }
    Ok(changes)
}

/// A station's count before and after a change.
#[derive(Clone)]
struct StationChange {
    /// `None` if the station was not counted before.
    before: Option<StationCount>,
    after: StationCount,
}

impl StationChange {
    /// The change of the sums of a kind.
    fn of_kind(&self) -> Self {
        let mut change = self.clone();
        change.before.iter_mut().chain([&mut change.after]).for_each(StationCount::keep_lists);
        change
    }
}

/// A row of `station_count`.
struct StationRow {
    contest: String,
    station: String,
    standing: &'static str,
    counted: String,
    last_at_ms: Option<i64>,
    fault_order: i64,
    /// 1 for yes, as is `photos_missing`.
    flagged: i64,
    photos_missing: i64,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct RegionKey {
    /// [`SumsOf`].
    sums_of: String,
    /// A region's code, or [`WHOLE`].
    region: String,
}

impl RegionKey {
    fn of(sum: &SumKey) -> Self {
        let region = sum.region.as_ref().map_or(WHOLE, RegionCode::as_str).to_owned();
        Self { sums_of: sum.sums_of.to_string(), region }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ArrivalKey {
    region: RegionKey,
    minute: i64,
}

/// The differences that a minute's arrivals change by.
#[derive(Default, PartialEq, Eq)]
struct ArrivalChange {
    tallies: i64,
    photos: i64,
}

/// Changes of counts that are not written yet.
#[derive(Default)]
struct Changes {
    stations: Vec<StationRow>,
    regions: BTreeMap<RegionKey, Vec<Rc<StationChange>>>,
    arrivals: BTreeMap<ArrivalKey, ArrivalChange>,
    doubts: Vec<StationDoubt>,
}

impl Changes {
    /// Adds the change of one station to these sums.
    fn add(
        &mut self,
        contest: &ContestId,
        station: &StationId,
        sums: &[SumKey],
        change: StationChange,
    ) -> database::Result<()> {
        if change.before.as_ref() == Some(&change.after) {
            return Ok(());
        }
        let of_kind = Rc::new(change.of_kind());
        let change = Rc::new(change);
        for sum in sums {
            self.add_to_sum(
                sum,
                Rc::clone(match sum.sums_of {
                    SumsOf::Contest(_) => &change,
                    SumsOf::Kind(_) => &of_kind,
                }),
            );
        }
        self.stations.push(StationRow {
            contest: contest.to_string(),
            station: station.to_string(),
            standing: change.after.standing.word(),
            counted: json_of(&change.after)?,
            last_at_ms: change.after.last_at_ms,
            fault_order: change.after.fault_order(),
            flagged: change.after.is_flagged().into(),
            photos_missing: (!change.after.is_photographed()).into(),
        });
        Ok(())
    }

    fn add_to_sum(&mut self, sum: &SumKey, change: Rc<StationChange>) {
        let key = RegionKey::of(sum);
        if has_minute_arrivals(sum.region.as_ref()) {
            self.add_arrivals(&key, &change.after, 1);
            change.before.iter().for_each(|before| self.add_arrivals(&key, before, -1));
        }
        self.regions.entry(key).or_default().push(change);
    }

    fn add_arrivals(&mut self, region: &RegionKey, count: &StationCount, sign: i64) {
        let key = |minute| ArrivalKey { region: region.clone(), minute };
        for &minute in &count.tally_minutes {
            self.arrivals.entry(key(minute)).or_default().tallies += sign;
        }
        for &minute in &count.photo_minutes {
            self.arrivals.entry(key(minute)).or_default().photos += sign;
        }
    }

    fn write(self, transaction: &Transaction<'_>) -> database::Result<()> {
        review_queue::write_doubts(transaction, &self.doubts)?;
        transaction.insert_all(&STATION_COUNT, &self.stations, |row| {
            [
                &row.contest,
                &row.station,
                &row.standing,
                &row.counted,
                &row.last_at_ms,
                &row.fault_order,
                &row.flagged,
                &row.photos_missing,
            ]
        })?;
        let (keys, changes): (Vec<RegionKey>, Vec<Vec<Rc<StationChange>>>) = self.regions.into_iter().unzip();
        let totals: Vec<String> = totals(transaction, &keys)?
            .into_iter()
            .zip(&changes)
            .map(|(total, changes)| json_of(&changed(total, changes)))
            .collect::<database::Result<_>>()?;
        transaction.insert_all(&REGION_COUNT, keys.iter().zip(&totals), |(key, total)| {
            [&key.sums_of, &key.region, total]
        })?;
        let arrivals = self.arrivals.iter().filter(|(_, change)| **change != ArrivalChange::default());
        transaction.insert_all(&ARRIVAL, arrivals, |(key, change)| {
            [&key.region.sums_of, &key.region.region, &key.minute, &change.tallies, &change.photos]
        })?;
        Ok(())
    }
}

/// Whether the store has the arrivals of each minute for this region; `None` is the whole election.
fn has_minute_arrivals(region: Option<&RegionCode>) -> bool {
    region.is_none_or(|code| code.level() <= RegionLevel::KabupatenKota)
}

/// The stored sums of these regions. A region without sums has none of anything.
fn totals(transaction: &Transaction<'_>, keys: &[RegionKey]) -> database::Result<Vec<RegionTotal>> {
    let stored = transaction.row_each(
        sql!("SELECT total FROM region_count WHERE contest = ?1 AND region = ?2"),
        keys,
        |key| [&key.sums_of, &key.region],
        |row| row.json("total"),
    )?;
    Ok(stored.into_iter().map(Option::unwrap_or_default).collect())
}

fn changed(mut total: RegionTotal, changes: &[Rc<StationChange>]) -> RegionTotal {
    for change in changes {
        if let Some(before) = &change.before {
            total.remove(before);
        }
        total.add(&change.after);
    }
    total
}

/// Counts all stations from nothing, one part of the country at a time, so that only one part is in memory.
pub(super) fn recount(
    transaction: &Transaction<'_>,
    scope: RecountScope<'_>,
    rule: CountRule<'_>,
) -> database::Result<()> {
    transaction.lock(Lock::Counts)?;
    let clear_tables = [
        sql!("DELETE FROM count_waiting"),
        sql!("DELETE FROM station_count"),
        sql!("DELETE FROM region_count"),
        sql!("DELETE FROM arrival"),
        sql!("DELETE FROM review_item"),
    ];
    clear_tables.into_iter().try_for_each(|clear| transaction.execute(clear, &[]).map(drop))?;
    for RecountPart { region, contests } in scope.0 {
        let range = StationRange::of_region(Some(region));
        for contest in contests {
            let mut changes = Changes::default();
            for (station, inputs) in inputs_of(transaction, contest, &range)? {
                if let Some(Counted { count, doubt, sums }) = rule(contest, &station, &inputs) {
                    changes.add(contest, &station, &sums, StationChange { before: None, after: count })?;
                    changes.doubts.push(StationDoubt::new(contest, &station, doubt));
                }
            }
            changes.write(transaction)?;
        }
    }
    Ok(())
}

/// The inputs of each station in the range that has any.
fn inputs_of(
    transaction: &Transaction<'_>,
    contest: &ContestId,
    range: &StationRange,
) -> database::Result<BTreeMap<StationId, CountInputs>> {
    let params = params![contest.as_str(), range.from, range.until];
    let mut inputs: BTreeMap<StationId, CountInputs> = BTreeMap::new();
    for tally in transaction.rows(TALLIES, params, counted_tally)? {
        inputs.entry(tally.station.clone()).or_default().tallies.push(tally);
    }
    for photo in transaction.rows(ARRIVED_PHOTOS, params, arrived_photo)? {
        inputs.entry(photo.station.clone()).or_default().photos.push(photo);
    }
    let witnesses: Vec<(StationId, u32)> =
        transaction.rows(WITNESSES, params, |row| Ok((row.parsed("station")?, row.get("witnesses")?)))?;
    for (station, count) in witnesses {
        inputs.entry(station).or_default().witnesses = count;
    }
    Ok(inputs)
}
