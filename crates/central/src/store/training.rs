//! What people showed in drills: the results that halls handed on, apart from everything that counts, and
//! what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use evidence::{DeviceId, PublicKey, StatementId};
use rusqlite::params;
use tally::{RegionLevel, StationId};

use super::database::{self, Row, Sql, Transaction, sql};
use super::people_assignments::{about, all_of};
use super::people_changes::{ChangeOf, record_of_assignment};
use super::people_staffing::count_again;
use super::{AuditContext, StationRange, Store, StoreError, audit};
use crate::model::person::{ChangeId, PersonId};

/// Maximum number of results of one known key. An evening has some dozen.
const RESULTS_OF_KEY_MAX: i64 = 500;
/// Number of the last results of a person that are judged.
const JUDGED_MAX: i64 = 100;

/// A verified result that a hall hands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDrillResult {
    pub id: StatementId,
    /// The device of the drill.
    pub device: DeviceId,
    /// The key in the real election that its owner proved to have.
    pub known_key: PublicKey,
    pub bytes: Vec<u8>,
    /// By the phone's clock.
    pub taken_at_ms: i64,
}

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrillResultWrite {
    /// It is stored, now or before.
    Stored { received_at_ms: i64 },
    /// Nobody here has the known key: neither a device nor an invitation.
    Nobody,
    /// There are too many results of this key.
    AboveQuota,
}

/// A stored result of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDrillResult {
    pub device: DeviceId,
    pub bytes: Vec<u8>,
    pub taken_at_ms: i64,
}

/// What a person showed in drills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Training {
    pub exercises: u32,
    pub accuracy_permille: u32,
    pub median_seconds: u32,
    /// Whether the package's threshold is reached.
    pub ready: bool,
    pub last_at_ms: i64,
}

/// How far the witnesses of a region have practised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RegionTraining {
    /// Stations with a witness, and those of them of whose witnesses nobody is ready.
    pub stations: u32,
    pub stations_unready: u32,
    /// Present assignments, those of people who were trained, and of people who are ready.
    pub witnesses: u32,
    pub trained: u32,
    pub ready: u32,
    pub last_at_ms: Option<i64>,
    /// Half of the people who practised needed at most so long for an exercise.
    pub median_seconds: Option<u32>,
}

/// A station of whose witnesses nobody is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadyStation {
    pub station: StationId,
    pub witnesses: u32,
    pub trained: u32,
    pub last_at_ms: Option<i64>,
}

/// Each present assignment at stations from ?1 on and before ?2, with what its person showed.
const PRACTISED: &str = "FROM person_assignment a LEFT JOIN person_training t ON t.person = a.person
    WHERE a.station >= ?1 AND a.station < ?2 AND a.ended_at_ms IS NULL ";
const BY_STATION: &str =
    "SELECT a.station AS station, count(*) AS witnesses, count(a.trained_at_ms) AS trained,
    count(CASE WHEN t.ready = 1 THEN 1 END) AS ready, max(t.last_at_ms) AS last_at_ms ";
const SUMS: Sql = sql!(
    "SELECT substr(s.station, 1, ?3) AS region, count(*) AS stations,
        count(CASE WHEN s.ready = 0 THEN 1 END) AS stations_unready,
        CAST(sum(s.witnesses) AS bigint) AS witnesses, CAST(sum(s.trained) AS bigint) AS trained,
        CAST(sum(s.ready) AS bigint) AS ready, max(s.last_at_ms) AS last_at_ms
     FROM (",
    BY_STATION,
    PRACTISED,
    "GROUP BY a.station) AS s GROUP BY 1"
);
const MEDIANS: Sql = sql!(
    "SELECT m.region, m.median_seconds FROM (
        SELECT substr(a.station, 1, ?3) AS region, t.median_seconds AS median_seconds,
            row_number() OVER (PARTITION BY substr(a.station, 1, ?3) ORDER BY t.median_seconds) AS place,
            count(*) OVER (PARTITION BY substr(a.station, 1, ?3)) AS people ",
    PRACTISED,
    "AND t.median_seconds IS NOT NULL) AS m WHERE m.place = (m.people + 1) / 2"
);

impl Store {
    /// Stores results, each once, and what follows from them for their people. `judge` says what a person's
    /// last results, oldest first, show.
    pub fn store_drill_results(
        &self,
        results: &[NewDrillResult],
        carried_by: DeviceId,
        judge: &dyn Fn(&[StoredDrillResult]) -> Option<Training>,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<Vec<DrillResultWrite>, StoreError> {
        self.write("store results of drills", |transaction| {
            let mut people = BTreeSet::new();
            let mut outcomes = Vec::with_capacity(results.len());
            for result in results {
                let (outcome, person) = store_result(transaction, result, carried_by, audit.now_ms)?;
                outcomes.push(outcome);
                people.extend(person);
            }
            for person in people {
                if let Some(training) = judge(&results_of(transaction, person)?) {
                    set_training(transaction, person, &training)?;
                    mark_trained(transaction, person, training.last_at_ms, change, audit)?;
                }
            }
            Ok(outcomes)
        })
    }

    /// What a person showed in drills.
    pub fn training_of(&self, person: PersonId) -> Result<Option<Training>, StoreError> {
        self.query("read a person's training", |transaction| {
            transaction.row(
                sql!(
                    "SELECT exercises, accuracy_permille, median_seconds, ready, last_at_ms
                     FROM person_training WHERE person = ?1"
                ),
                params![person.0],
                |row| {
                    Ok(Training {
                        exercises: row.get("exercises")?,
                        accuracy_permille: row.get("accuracy_permille")?,
                        median_seconds: row.get("median_seconds")?,
                        ready: row.get::<i64>("ready")? == 1,
                        last_at_ms: row.get("last_at_ms")?,
                    })
                },
            )
        })
    }

    /// How far the witnesses at these stations have practised: all together under an empty name, and by the
    /// regions of `below`.
    pub fn training_by_region(
        &self,
        stations: &StationRange,
        below: Option<RegionLevel>,
    ) -> Result<BTreeMap<String, RegionTraining>, StoreError> {
        self.read("read how far witnesses have practised", |transaction| {
            let mut all = BTreeMap::new();
            let levels = [Some(0), below.map(code_length)];
            for length in levels.into_iter().flatten() {
                let params = params![stations.from, stations.until, length];
                let sums =
                    transaction.rows(SUMS, params, |row| Ok((row.get("region")?, region_training(row)?)))?;
                all.extend(sums);
                let medians: Vec<(String, u32)> = transaction
                    .rows(MEDIANS, params, |row| Ok((row.get("region")?, row.get("median_seconds")?)))?;
                for (region, seconds) in medians {
                    all.entry(region).or_insert_with(RegionTraining::default).median_seconds = Some(seconds);
                }
            }
            Ok(all)
        })
    }

    /// Stations of whose witnesses nobody is ready, by id, after `after`.
    pub fn unready_stations(
        &self,
        stations: &StationRange,
        after: Option<&StationId>,
        most: usize,
    ) -> Result<Vec<UnreadyStation>, StoreError> {
        let after = after.map(StationId::to_string).unwrap_or_default();
        self.query("read the stations that are not ready", |transaction| {
            transaction.rows(
                sql!(
                    BY_STATION,
                    PRACTISED,
                    "AND a.station > ?3 GROUP BY a.station
                     HAVING count(CASE WHEN t.ready = 1 THEN 1 END) = 0 ORDER BY a.station LIMIT ?4"
                ),
                params![stations.from, stations.until, after, most],
                |row| {
                    Ok(UnreadyStation {
                        station: row.parsed("station")?,
                        witnesses: row.get("witnesses")?,
                        trained: row.get("trained")?,
                        last_at_ms: row.get("last_at_ms")?,
                    })
                },
            )
        })
    }
}

/// Length of the code of a region of this level: `52.71.01.1001`.
fn code_length(level: RegionLevel) -> i64 {
    match level {
        RegionLevel::Provinsi => 2,
        RegionLevel::KabupatenKota => 5,
        RegionLevel::Kecamatan => 8,
        RegionLevel::Desa => 13,
    }
}

fn region_training(row: &Row<'_>) -> database::Result<RegionTraining> {
    Ok(RegionTraining {
        stations: row.get("stations")?,
        stations_unready: row.get("stations_unready")?,
        witnesses: row.get("witnesses")?,
        trained: row.get("trained")?,
        ready: row.get("ready")?,
        last_at_ms: row.get("last_at_ms")?,
        median_seconds: None,
    })
}

/// Stores one result. Gives its person, if it is new and somebody's.
fn store_result(
    transaction: &Transaction<'_>,
    result: &NewDrillResult,
    carried_by: DeviceId,
    now_ms: i64,
) -> database::Result<(DrillResultWrite, Option<PersonId>)> {
    let stored: Option<i64> = transaction.row(
        sql!("SELECT received_at_ms FROM drill_result WHERE id = ?1"),
        params![result.id.0],
        |row| row.get("received_at_ms"),
    )?;
    if let Some(received_at_ms) = stored {
        return Ok((DrillResultWrite::Stored { received_at_ms }, None));
    }
    let Some(person) = owner_of(transaction, result.known_key)? else {
        return Ok((DrillResultWrite::Nobody, None));
    };
    let key = result.known_key.to_bytes();
    let count: Option<i64> = transaction.row(
        sql!("SELECT count(*) AS count FROM drill_result WHERE known_key = ?1"),
        params![key],
        |row| row.get("count"),
    )?;
    if count.unwrap_or(0) >= RESULTS_OF_KEY_MAX {
        return Ok((DrillResultWrite::AboveQuota, None));
    }
    transaction.execute(
        sql!(
            "INSERT INTO drill_result (id, device, known_key, person, bytes, taken_at_ms, received_at_ms,
                carried_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        ),
        params![
            result.id.0,
            result.device.0,
            key,
            person.map(|person| person.0),
            result.bytes,
            result.taken_at_ms.min(now_ms),
            now_ms,
            carried_by.0
        ],
    )?;
    Ok((DrillResultWrite::Stored { received_at_ms: now_ms }, person))
}

/// The person of a key: of the device that has it, or of the invitation whose code makes it. `None` if nobody
/// has the key, `Some(None)` if no person is stored for it.
fn owner_of(transaction: &Transaction<'_>, key: PublicKey) -> database::Result<Option<Option<PersonId>>> {
    let found: Vec<Option<[u8; 16]>> = transaction.rows(
        sql!(
            "SELECT (SELECT a.person FROM person_assignment a WHERE a.device = d.id
                    ORDER BY (a.ended_at_ms IS NOT NULL), a.id DESC LIMIT 1) AS person
             FROM device d WHERE d.public_key = ?1 AND d.revoked_at_ms IS NULL
             UNION ALL
             SELECT (SELECT a.person FROM person_assignment a WHERE a.id = i.assignment) AS person
             FROM invitation i WHERE i.enrol_key = ?1 AND i.withdrawn_at_ms IS NULL"
        ),
        params![key.to_bytes()],
        |row| row.get("person"),
    )?;
    if found.is_empty() {
        return Ok(None);
    }
    Ok(Some(found.into_iter().flatten().next().map(PersonId)))
}

/// The last results of a person, oldest first.
fn results_of(transaction: &Transaction<'_>, person: PersonId) -> database::Result<Vec<StoredDrillResult>> {
    let mut results = transaction.rows(
        sql!(
            "SELECT device, bytes, taken_at_ms FROM drill_result WHERE person = ?1
             ORDER BY taken_at_ms DESC, id LIMIT ?2"
        ),
        params![person.0, JUDGED_MAX],
        |row| {
            Ok(StoredDrillResult {
                device: DeviceId(row.get("device")?),
                bytes: row.get("bytes")?,
                taken_at_ms: row.get("taken_at_ms")?,
            })
        },
    )?;
    results.reverse();
    Ok(results)
}

fn set_training(
    transaction: &Transaction<'_>,
    person: PersonId,
    training: &Training,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "INSERT INTO person_training (person, exercises, accuracy_permille, median_seconds, ready,
                last_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (person) DO UPDATE SET exercises = excluded.exercises,
                accuracy_permille = excluded.accuracy_permille, median_seconds = excluded.median_seconds,
                ready = excluded.ready, last_at_ms = excluded.last_at_ms"
        ),
        params![
            person.0,
            training.exercises,
            training.accuracy_permille,
            training.median_seconds,
            i64::from(training.ready),
            training.last_at_ms
        ],
    )?;
    Ok(())
}

/// Notes at the present assignments of a person that they were trained, where nobody has noted it yet.
fn mark_trained(
    transaction: &Transaction<'_>,
    person: PersonId,
    at_ms: i64,
    change: ChangeId,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    let mut stations = BTreeSet::new();
    let all = all_of(transaction, person)?;
    let untold = all.iter().filter(|one| one.ended_at_ms.is_none() && one.trained_at_ms.is_none());
    for assignment in untold {
        transaction.execute(
            sql!("UPDATE person_assignment SET trained_at_ms = ?2 WHERE id = ?1"),
            params![assignment.new.assignment.0, at_ms],
        )?;
        let station = &assignment.new.station;
        let fields = [about("trained", None, Some(at_ms.to_string()))];
        let change = ChangeOf::assignment(change, person, "update", station, &fields);
        record_of_assignment(transaction, &change, "assignment.update", audit)?;
        stations.insert(station.clone());
    }
    count_again(transaction, &stations)?;
    audit::record(transaction, audit, "drill.result", &person.to_string())
}

/// Forgets what a person showed in drills.
pub(super) fn forget(transaction: &Transaction<'_>, person: PersonId) -> database::Result<()> {
    transaction
        .execute(sql!("UPDATE drill_result SET person = NULL WHERE person = ?1"), params![person.0])?;
    transaction.execute(sql!("DELETE FROM person_training WHERE person = ?1"), params![person.0])?;
    Ok(())
}

/// Gives what one person showed in drills to another, who is the same. What was shown last counts.
pub(super) fn give_to(
    transaction: &Transaction<'_>,
    from: PersonId,
    person: PersonId,
) -> database::Result<()> {
    transaction
        .execute(sql!("UPDATE drill_result SET person = ?2 WHERE person = ?1"), params![from.0, person.0])?;
    transaction.execute(
        sql!(
            "DELETE FROM person_training WHERE person = ?2 AND EXISTS (SELECT 1 FROM person_training o
                WHERE o.person = ?1 AND o.last_at_ms > person_training.last_at_ms)"
        ),
        params![from.0, person.0],
    )?;
    transaction.execute(
        sql!(
            "UPDATE person_training SET person = ?2 WHERE person = ?1
                AND NOT EXISTS (SELECT 1 FROM person_training o WHERE o.person = ?2)"
        ),
        params![from.0, person.0],
    )?;
    Ok(())
}
