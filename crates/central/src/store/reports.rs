//! What is read from reports of witnesses: the last attendance of each device at a station, and incidents.
//!
//! Reports of revoked devices are stored and logged, and are not here.

use std::collections::BTreeMap;

use evidence::{AttendanceEvent, StatementId};

use super::database::{self, Insert, OnConflict, Transaction};
use crate::model::statement::{Admitted, Entry};

const ATTENDANCE: Insert<5> = Insert {
    table: "attendance",
    columns: [
        ("station", "text"),
        ("device", "bytea"),
        ("event", "text"),
        ("sequence", "bigint"),
        ("received_at_ms", "bigint"),
    ],
    on_conflict: OnConflict::Update(
        "(station, device) DO UPDATE SET
            event = CASE WHEN excluded.sequence > attendance.sequence
                THEN excluded.event ELSE attendance.event END,
            received_at_ms = CASE WHEN excluded.sequence > attendance.sequence
                THEN excluded.received_at_ms ELSE attendance.received_at_ms END,
            sequence = CASE WHEN excluded.sequence > attendance.sequence
                THEN excluded.sequence ELSE attendance.sequence END",
    ),
};
const INCIDENT: Insert<6> = Insert {
    table: "incident",
    columns: [
        ("statement", "bytea"),
        ("station", "text"),
        ("device", "bytea"),
        ("category", "bigint"),
        ("tally", "bytea"),
        ("received_at_ms", "bigint"),
    ],
    on_conflict: OnConflict::Keep,
};

/// A report and the time of its arrival.
#[derive(Clone, Copy)]
pub(super) struct ReceivedReport<'a> {
    pub(super) statement: &'a Admitted,
    pub(super) received_at_ms: i64,
}

/// The last attendance of a device at a station in a batch.
struct LastAttendance<'a> {
    report: ReceivedReport<'a>,
    event: &'static str,
}

struct IncidentRow<'a> {
    report: ReceivedReport<'a>,
    station: String,
    category: i64,
    tally: Option<[u8; 32]>,
}

/// The word of an event in the store.
pub(super) fn event_word(event: AttendanceEvent) -> &'static str {
    match event {
        AttendanceEvent::Arrived => "arrived",
        AttendanceEvent::Left => "left",
        AttendanceEvent::NotAdmitted => "not_admitted",
    }
}

/// Stores what is read from those of the statements that are reports.
pub(super) fn store_reports<'a>(
    transaction: &Transaction<'_>,
    statements: impl Iterator<Item = ReceivedReport<'a>>,
) -> database::Result<()> {
    let mut last = BTreeMap::new();
    let mut incidents = Vec::new();
    for report in statements {
        let statement = report.statement;
        match &statement.entry {
            Entry::Attendance { event } => {
                let attendance = LastAttendance { report, event: event_word(*event) };
                let place = (statement.station.to_string(), statement.device);
                keep_later(last.entry(place).or_insert(None), attendance);
            }
            Entry::Incident { category, tally } => incidents.push(IncidentRow {
                report,
                station: statement.station.to_string(),
                category: i64::try_from(category.number()).unwrap_or(i64::MAX),
                tally: tally.map(|StatementId(id)| id),
            }),
            Entry::Tally { .. } | Entry::Photo { .. } | Entry::Report | Entry::Verdict { .. } => {}
        }
    }
    let attendances = last.iter().filter_map(|(place, attendance)| Some((place, attendance.as_ref()?)));
    transaction.insert_all(
        &ATTENDANCE,
        attendances,
        |((station, device), LastAttendance { report, event })| {
            [station, &device.0, event, &report.statement.sequence, &report.received_at_ms]
        },
    )?;
    transaction.insert_all(&INCIDENT, &incidents, |row| {
        let ReceivedReport { statement, received_at_ms } = &row.report;
        [&statement.id.0, &row.station, &statement.device.0, &row.category, &row.tally, received_at_ms]
    })?;
    Ok(())
}

fn keep_later<'a>(kept: &mut Option<LastAttendance<'a>>, new: LastAttendance<'a>) {
    let sequence = |attendance: &LastAttendance<'_>| attendance.report.statement.sequence;
    if kept.as_ref().is_none_or(|kept| sequence(kept) < sequence(&new)) {
        *kept = Some(new);
    }
}
