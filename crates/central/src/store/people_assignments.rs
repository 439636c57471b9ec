//! The assignments of people to stations, their mandates, and the devices that joined by them.

use std::collections::BTreeSet;

use evidence::DeviceId;
use rusqlite::params;
use tally::{ContestId, StationId};

use super::database::{self, Row, Transaction, sql, unreadable};
use super::people::{index_again, present};
use super::people_changes::{ChangeOf, record_of_assignment};
use super::people_staffing::count_again;
use super::{Actor, AuditContext, Invitation, Store, StoreError, audit, invitations, roster};
use crate::model::person::{AssignmentId, ChangeId, Participant, PersonId};
use crate::model::person_details::FieldChanged;

/// Maximum number of present assignments of one person.
const ASSIGNMENTS_MAX: usize = 20;
/// Maximum number of mandated witnesses of one participant at a station.
const MANDATES: [u8; 2] = [1, 2];

/// What a person is to do at a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    pub assignment: AssignmentId,
    pub person: PersonId,
    pub station: StationId,
    /// All contests of the station when empty.
    pub contests: Vec<ContestId>,
    pub shift: String,
    /// Who sends the person, if they have a mandate.
    pub participant: Option<Participant>,
}

/// An assignment of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAssignment {
    pub new: NewAssignment,
    pub letter_at_ms: Option<i64>,
    pub trained_at_ms: Option<i64>,
    /// The device that joined by it, and when.
    pub joined: Option<(DeviceId, i64)>,
    pub created_at_ms: i64,
    pub ended_at_ms: Option<i64>,
    pub invitation: Option<StoredInvitation>,
}

/// The newest invitation of an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInvitation {
    pub number: i64,
    pub hint: String,
    pub expires_at_ms: i64,
    pub withdrawn_at_ms: Option<i64>,
    pub used_at_ms: Option<i64>,
}

/// The outcome of a change of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentWrite {
    Written,
    /// There is no such person or assignment, or it has ended.
    Gone,
    /// The person is assigned to the station already.
    AssignedAlready,
    /// The participant has two mandated witnesses there.
    MandateFull,
    /// The person has too many assignments.
    TooMany,
}

/// What is to be changed of an assignment; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignmentChange {
    pub letter: Option<bool>,
    pub trained: Option<bool>,
    pub shift: Option<String>,
}

/// The columns of a [`StoredAssignment`]. A condition follows.
const ASSIGNMENT: &str =
    "SELECT a.id, a.person, a.station, a.contests, a.shift, a.participant, a.letter_at_ms,
    a.trained_at_ms, a.device, a.joined_at_ms, a.created_at_ms, a.ended_at_ms, i.number AS invitation, i.hint,
    i.expires_at_ms, i.withdrawn_at_ms, i.used_at_ms
    FROM person_assignment a LEFT JOIN invitation i ON i.number =
        (SELECT max(n.number) FROM invitation n WHERE n.assignment = a.id) ";

impl Store {
    /// Assigns a person to a station.
    pub fn assign_person(
        &self,
        new: &NewAssignment,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<AssignmentWrite, StoreError> {
        self.write("assign a person", |transaction| {
            let slot = match check(transaction, new)? {
                Ok(slot) => slot,
                Err(refused) => return Ok(refused),
            };
            insert(transaction, new, slot, None, audit.now_ms)?;
            follow(transaction, new.person, [&new.station])?;
            let fields = [about("participant", None, new.participant.as_ref().map(Participant::to_string))];
            let fields = &fields[usize::from(new.participant.is_none())..];
            let change = ChangeOf::assignment(change, new.person, "assign", &new.station, fields);
            record_of_assignment(transaction, &change, "person.assign", audit)?;
            Ok(AssignmentWrite::Written)
        })
    }

    /// Changes what is known of a present assignment.
    pub fn change_assignment(
        &self,
        assignment: AssignmentId,
        changed: &AssignmentChange,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<AssignmentWrite, StoreError> {
        self.write("change an assignment", |transaction| {
            let Some(before) = present_assignment(transaction, assignment)? else {
                return Ok(AssignmentWrite::Gone);
            };
            let time = |wanted: Option<bool>, before: Option<i64>| match wanted {
                Some(true) => before.or(Some(audit.now_ms)),
                Some(false) => None,
                None => before,
            };
            let letter = time(changed.letter, before.letter_at_ms);
            let trained = time(changed.trained, before.trained_at_ms);
            let shift = changed.shift.as_ref().unwrap_or(&before.new.shift);
            transaction.execute(
                sql!(
                    "UPDATE person_assignment SET letter_at_ms = ?2, trained_at_ms = ?3, shift = ?4
                     WHERE id = ?1"
                ),
                params![assignment.0, letter, trained, shift],
            )?;
            let text = |at_ms: Option<i64>| at_ms.map(|at_ms| at_ms.to_string());
            let mut fields = vec![
                about("letter", text(before.letter_at_ms), text(letter)),
                about("trained", text(before.trained_at_ms), text(trained)),
                about("shift", Some(before.new.shift.clone()), Some(shift.clone())),
            ];
            fields.retain(|field| field.before != field.after);
            let NewAssignment { person, station, .. } = &before.new;
            count_again(transaction, &BTreeSet::from([station.clone()]))?;
            if !fields.is_empty() {
                let change = ChangeOf::assignment(change, *person, "update", station, &fields);
                record_of_assignment(transaction, &change, "assignment.update", audit)?;
            }
            Ok(AssignmentWrite::Written)
        })
    }

    /// Ends an assignment: its unused invitations are withdrawn, and the device that joined witnesses there
    /// no longer. What it sent still counts. Ending it again changes nothing.
    pub fn end_assignment(
        &self,
        assignment: AssignmentId,
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<AssignmentWrite, StoreError> {
        self.write("end an assignment", |transaction| {
            let Some(found) = read(transaction, assignment)? else { return Ok(AssignmentWrite::Gone) };
            if found.ended_at_ms.is_none() {
                end(transaction, &found, audit)?;
                let NewAssignment { person, station, .. } = &found.new;
                follow(transaction, *person, [station])?;
                let change = ChangeOf::assignment(change, *person, "end", station, &[]);
                record_of_assignment(transaction, &change, "assignment.end", audit)?;
            }
            Ok(AssignmentWrite::Written)
        })
    }

    /// Ends an assignment and begins `new` in its place, with the device that joined, its mandate and what is
    /// known of the person's training.
    pub fn move_assignment(
        &self,
        assignment: AssignmentId,
        new: &NewAssignment,
        contests: &[ContestId],
        change: ChangeId,
        audit: AuditContext<'_>,
    ) -> Result<AssignmentWrite, StoreError> {
        self.write("move an assignment", |transaction| {
            let Some(found) = present_assignment(transaction, assignment)? else {
                return Ok(AssignmentWrite::Gone);
            };
            let from = &found.new.station;
            if *from == new.station {
                return Ok(AssignmentWrite::AssignedAlready);
            }
            let slot = match check(transaction, new)? {
                Ok(slot) => slot,
                Err(refused) => return Ok(refused),
            };
            end(transaction, &found, audit)?;
            insert(transaction, new, slot, Some(&found), audit.now_ms)?;
            if let Some((device, _)) = found.joined {
                roster::assign(transaction, device, &new.station, contests, audit)?;
            }
            follow(transaction, new.person, [from, &new.station])?;
            let fields = [about("station", Some(from.to_string()), Some(new.station.to_string()))];
            let change = ChangeOf::assignment(change, new.person, "move", &new.station, &fields);
            record_of_assignment(transaction, &change, "assignment.move", audit)?;
            Ok(AssignmentWrite::Written)
        })
    }

    /// One assignment.
    pub fn assignment(&self, assignment: AssignmentId) -> Result<Option<StoredAssignment>, StoreError> {
        self.query("read an assignment", |transaction| read(transaction, assignment))
    }

    /// The present assignments of each of these people, or the ended ones, newest first, at most 20 each.
    pub fn assignments_of_people(
        &self,
        people: &[PersonId],
        is_ended: bool,
    ) -> Result<Vec<Vec<StoredAssignment>>, StoreError> {
        self.read("read the assignments of people", |transaction| {
            let ended = i64::from(is_ended);
            let query = sql!(
                ASSIGNMENT,
                "WHERE a.person = ?1 AND (a.ended_at_ms IS NOT NULL) = (?2 = 1) ORDER BY a.id DESC LIMIT 20"
            );
            let ids: Vec<[u8; 16]> = people.iter().map(|person| person.0).collect();
            transaction.rows_each(query, &ids, |id| [id as _, &ended as _], stored_assignment)
        })
    }

    /// The present assignments at a station.
    pub fn assignments_at(&self, station: &StationId) -> Result<Vec<StoredAssignment>, StoreError> {
        self.query("read the assignments at a station", |transaction| {
            transaction.rows(
                sql!(ASSIGNMENT, "WHERE a.station = ?1 AND a.ended_at_ms IS NULL ORDER BY a.id LIMIT 200"),
                params![station.to_string()],
                stored_assignment,
            )
        })
    }

    /// The newest assignments by which these devices joined, the present ones first.
    pub fn assignments_of_devices(&self, devices: &[DeviceId]) -> Result<Vec<StoredAssignment>, StoreError> {
        self.read("read the people of devices", |transaction| {
            let ids: Vec<[u8; 16]> = devices.iter().map(|device| device.0).collect();
            let query = sql!(
                ASSIGNMENT,
                "WHERE a.device = ?1 ORDER BY (a.ended_at_ms IS NOT NULL), a.id DESC LIMIT 20"
            );
            let found = transaction.rows_each(query, &ids, |id| [id as _], stored_assignment)?;
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// Stores an invitation for each of these assignments, all or none. Unused ones that they had are
    /// withdrawn. Returns the numbers.
    pub fn invite_assignments(
        &self,
        invited: &[(AssignmentId, Invitation)],
        audit: AuditContext<'_>,
    ) -> Result<Vec<i64>, StoreError> {
        let made_by = audit.actor.to_string();
        self.write("store invitations", |transaction| {
            let mut numbers = Vec::with_capacity(invited.len());
            for (assignment, invitation) in invited {
                withdraw_unused(transaction, *assignment, audit.now_ms)?;
                let number = invitations::add(transaction, invitation, &made_by, audit.now_ms)?;
                transaction.execute(
                    sql!("UPDATE invitation SET assignment = ?2 WHERE number = ?1"),
                    params![number, assignment.0],
                )?;
                numbers.push(number);
            }
            let all: Vec<Invitation> = invited.iter().map(|(_, invitation)| invitation.clone()).collect();
            audit::record(transaction, audit, "invitation.create", &invitations::stations_of(&all))?;
            Ok(numbers)
        })
    }
}

/// Whether a new assignment may be stored, and the slot of its mandate.
fn check(
    transaction: &Transaction<'_>,
    new: &NewAssignment,
) -> database::Result<Result<Option<u8>, AssignmentWrite>> {
    if present(transaction, new.person)?.is_none() {
        return Ok(Err(AssignmentWrite::Gone));
    }
    let stations: Vec<StationId> = transaction.rows(
        sql!("SELECT station FROM person_assignment WHERE person = ?1 AND ended_at_ms IS NULL"),
        params![new.person.0],
        |row| row.parsed("station"),
    )?;
    if stations.contains(&new.station) {
        return Ok(Err(AssignmentWrite::AssignedAlready));
    }
    if stations.len() >= ASSIGNMENTS_MAX {
        return Ok(Err(AssignmentWrite::TooMany));
    }
    let Some(participant) = &new.participant else { return Ok(Ok(None)) };
    let free = free_slots(transaction, &new.station, participant)?.into_iter().next();
    Ok(free.map(Some).ok_or(AssignmentWrite::MandateFull))
}

/// The slots of mandated witnesses that a participant has left at a station.
pub(super) fn free_slots(
    transaction: &Transaction<'_>,
    station: &StationId,
    participant: &Participant,
) -> database::Result<Vec<u8>> {
    let taken: Vec<u8> = transaction.rows(
        sql!(
            "SELECT mandate_slot FROM person_assignment
             WHERE station = ?1 AND participant = ?2 AND ended_at_ms IS NULL"
        ),
        params![station.to_string(), participant.to_string()],
        |row| row.get("mandate_slot"),
    )?;
    Ok(MANDATES.into_iter().filter(|slot| !taken.contains(slot)).collect())
}

/// Stores an assignment. One that is moved brings its device, its training and its letter's time along.
fn insert(
    transaction: &Transaction<'_>,
    new: &NewAssignment,
    slot: Option<u8>,
    moved: Option<&StoredAssignment>,
    now_ms: i64,
) -> database::Result<()> {
    let contests: Vec<&str> = new.contests.iter().map(ContestId::as_str).collect();
    let joined = moved.and_then(|moved| moved.joined);
    transaction.execute(
        sql!(
            "INSERT INTO person_assignment (id, person, station, contests, shift, participant, mandate_slot,
                trained_at_ms, device, joined_at_ms, created_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        ),
        params![
            new.assignment.0,
            new.person.0,
            new.station.to_string(),
            contests.join(","),
            new.shift,
            new.participant.as_ref().map(Participant::to_string),
            slot,
            moved.and_then(|moved| moved.trained_at_ms),
            joined.map(|(device, _)| device.0),
            joined.map(|(_, at_ms)| at_ms),
            now_ms
        ],
    )?;
    Ok(())
}

/// Ends an assignment, and what followed from it for the device and the invitations.
pub(super) fn end(
    transaction: &Transaction<'_>,
    found: &StoredAssignment,
    audit: AuditContext<'_>,
) -> database::Result<()> {
    let NewAssignment { assignment, station, .. } = &found.new;
    withdraw_unused(transaction, *assignment, audit.now_ms)?;
    transaction.execute(
        sql!("UPDATE person_assignment SET ended_at_ms = ?2 WHERE id = ?1"),
        params![assignment.0, audit.now_ms],
    )?;
    if let Some((device, _)) = found.joined {
        roster::unassign(transaction, device, station, audit)?;
    }
    Ok(())
}

/// Does what follows from a change of a person's assignments at these stations.
pub(super) fn follow<'a>(
    transaction: &Transaction<'_>,
    person: PersonId,
    stations: impl IntoIterator<Item = &'a StationId>,
) -> database::Result<()> {
    if let Some(found) = present(transaction, person)? {
        index_again(transaction, person, &found.details)?;
    }
    count_again(transaction, &stations.into_iter().cloned().collect())
}

fn withdraw_unused(
    transaction: &Transaction<'_>,
    assignment: AssignmentId,
    now_ms: i64,
) -> database::Result<()> {
    transaction.execute(
        sql!(
            "UPDATE invitation SET withdrawn_at_ms = ?2
             WHERE assignment = ?1 AND used_at_ms IS NULL AND withdrawn_at_ms IS NULL"
        ),
        params![assignment.0, now_ms],
    )?;
    Ok(())
}

/// A device joined by an invitation: it belongs to the person of the invitation's assignment, if it has one.
pub(super) fn join(
    transaction: &Transaction<'_>,
    invitation: i64,
    device: DeviceId,
    now_ms: i64,
) -> database::Result<()> {
    let assignment: Option<Option<[u8; 16]>> = transaction.row(
        sql!("SELECT assignment FROM invitation WHERE number = ?1"),
        params![invitation],
        |row| row.get("assignment"),
    )?;
    let Some(assignment) = assignment.flatten().map(AssignmentId) else { return Ok(()) };
    let Some(found) = present_assignment(transaction, assignment)? else { return Ok(()) };
    transaction.execute(
        sql!("UPDATE person_assignment SET device = ?2, joined_at_ms = ?3 WHERE id = ?1"),
        params![assignment.0, device.0, now_ms],
    )?;
    let NewAssignment { person, station, .. } = &found.new;
    count_again(transaction, &BTreeSet::from([station.clone()]))?;
    let audit = AuditContext { actor: &Actor::Device(device), now_ms };
    // A join has no id of a change of its own: the assignment's says which one it is.
    let change = ChangeOf::assignment(ChangeId(assignment.0), *person, "join", station, &[]);
    record_of_assignment(transaction, &change, "assignment.join", audit)
}

/// Counts the stations again at which this device is the device of a person.
pub(super) fn device_was_revoked(transaction: &Transaction<'_>, device: DeviceId) -> database::Result<()> {
    let stations: Vec<StationId> = transaction.rows(
        sql!("SELECT DISTINCT station FROM person_assignment WHERE device = ?1 AND ended_at_ms IS NULL"),
        params![device.0],
        |row| row.parsed("station"),
    )?;
    count_again(transaction, &stations.into_iter().collect())
}

pub(super) fn about(field: &str, before: Option<String>, after: Option<String>) -> FieldChanged {
    FieldChanged { field: field.to_owned(), before, after }
}

pub(super) fn read(
    transaction: &Transaction<'_>,
    assignment: AssignmentId,
) -> database::Result<Option<StoredAssignment>> {
    transaction.row(sql!(ASSIGNMENT, "WHERE a.id = ?1"), params![assignment.0], stored_assignment)
}

fn present_assignment(
    transaction: &Transaction<'_>,
    assignment: AssignmentId,
) -> database::Result<Option<StoredAssignment>> {
    Ok(read(transaction, assignment)?.filter(|found| found.ended_at_ms.is_none()))
}

/// All assignments of a person, ended ones included.
pub(super) fn all_of(
    transaction: &Transaction<'_>,
    person: PersonId,
) -> database::Result<Vec<StoredAssignment>> {
    transaction.rows(
        sql!(ASSIGNMENT, "WHERE a.person = ?1 ORDER BY a.id"),
        params![person.0],
        stored_assignment,
    )
}

fn stored_assignment(row: &Row<'_>) -> database::Result<StoredAssignment> {
    let participant: Option<String> = row.get("participant")?;
    let (device, joined_at_ms): (Option<[u8; 16]>, Option<i64>) =
        (row.get("device")?, row.get("joined_at_ms")?);
    Ok(StoredAssignment {
        new: NewAssignment {
            assignment: AssignmentId(row.get("id")?),
            person: PersonId(row.get("person")?),
            station: row.parsed("station")?,
            contests: contests_of(&row.get::<String>("contests")?)?,
            shift: row.get("shift")?,
            participant: participant.map(|_| row.parsed("participant")).transpose()?,
        },
        letter_at_ms: row.get("letter_at_ms")?,
        trained_at_ms: row.get("trained_at_ms")?,
        joined: device.map(DeviceId).zip(joined_at_ms),
        created_at_ms: row.get("created_at_ms")?,
        ended_at_ms: row.get("ended_at_ms")?,
        invitation: stored_invitation(row)?,
    })
}

fn stored_invitation(row: &Row<'_>) -> database::Result<Option<StoredInvitation>> {
    let Some(number) = row.get("invitation")? else { return Ok(None) };
    Ok(Some(StoredInvitation {
        number,
        hint: row.get("hint")?,
        expires_at_ms: row.get("expires_at_ms")?,
        withdrawn_at_ms: row.get("withdrawn_at_ms")?,
        used_at_ms: row.get("used_at_ms")?,
    }))
}

fn contests_of(text: &str) -> database::Result<Vec<ContestId>> {
    let named = text.split(',').filter(|contest| !contest.is_empty());
    named
        .map(|contest| contest.parse().map_err(|error: tally::IdError| unreadable("contests", error)))
        .collect()
}
