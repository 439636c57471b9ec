//! Assigning people to stations, inviting them, and who is behind a device.

use std::collections::BTreeMap;

use evidence::DeviceId;
use tally::{RegionLevel, StationId};

use super::editor::{Editor, PeopleError, assigned};
use super::person_rows::{name_at, text_of};
use crate::endpoint::Endpoint;
use crate::model::person::{AssignmentId, ChangeId, Participant, PersonId};
use crate::model::person_details::WORD_CHARS_MAX;
use crate::store::{AssignmentChange, Invitation, NewAssignment, StoredAssignment, StoredPerson};
use crate::view::{AssignRequest, AssignmentRequest, MandateSlip, NewInvitation, PersonView, StationPerson};

/// Maximum number of invitations to assignments in one request.
const INVITATIONS_MAX: usize = 200;
/// Maximum number of devices in one question.
const DEVICES_MAX: usize = 200;

impl Endpoint {
    /// Assigns a person to a station.
    pub fn assign_person(
        &self,
        editor: &Editor,
        person: PersonId,
        request: &AssignRequest,
    ) -> Result<PersonView, PeopleError> {
        editor.must_reach(request.station.desa())?;
        self.must_know(&request.contests)?;
        self.contests_at(&request.station, &request.contests)?;
        self.must_have_participant(request.participant.as_ref())?;
        let new = NewAssignment {
            assignment: AssignmentId::new(self.environment())?,
            person,
            station: request.station.clone(),
            contests: request.contests.clone(),
            shift: text_of(Some(&request.shift), "shift", WORD_CHARS_MAX)?.unwrap_or_default(),
            participant: request.participant.clone(),
        };
        let change = ChangeId::new(self.environment())?;
        assigned(self.store().assign_person(&new, change, self.audit_of(editor))?)?;
        self.person_view(editor, person)
    }

    /// Changes what is known of an assignment.
    pub fn change_assignment(
        &self,
        editor: &Editor,
        assignment: AssignmentId,
        request: &AssignmentRequest,
    ) -> Result<PersonView, PeopleError> {
        let person = self.reached_assignment(editor, assignment)?.new.person;
        let shift = request.shift.as_deref().map(|shift| text_of(Some(shift), "shift", WORD_CHARS_MAX));
        let changed = AssignmentChange {
            letter: request.letter,
            trained: request.trained,
            shift: shift.transpose()?.map(Option::unwrap_or_default),
        };
        let change = ChangeId::new(self.environment())?;
        assigned(self.store().change_assignment(assignment, &changed, change, self.audit_of(editor))?)?;
        self.person_view(editor, person)
    }

    /// Ends an assignment. Ending it again changes nothing.
    pub fn end_person_assignment(
        &self,
        editor: &Editor,
        assignment: AssignmentId,
    ) -> Result<PersonView, PeopleError> {
        let person = self.reached_assignment(editor, assignment)?.new.person;
        let change = ChangeId::new(self.environment())?;
        assigned(self.store().end_assignment(assignment, change, self.audit_of(editor))?)?;
        self.person_view(editor, person)
    }

    /// Moves an assignment to another station, with the device that joined.
    pub fn move_assignment(
        &self,
        editor: &Editor,
        assignment: AssignmentId,
        station: &StationId,
    ) -> Result<PersonView, PeopleError> {
        let found = self.reached_assignment(editor, assignment)?;
        editor.must_reach(station.desa())?;
        let contests = self.contests_at(station, &found.new.contests)?;
        let new = NewAssignment {
            assignment: AssignmentId::new(self.environment())?,
            station: station.clone(),
            ..found.new
        };
        let person = new.person;
        let change = ChangeId::new(self.environment())?;
        let audit = self.audit_of(editor);
        assigned(self.store().move_assignment(assignment, &new, &contests, change, audit)?)?;
        self.person_view(editor, person)
    }

    /// Invites people to their assignments. Unused invitations that they had are withdrawn.
    pub fn invite_people(
        &self,
        editor: &Editor,
        assignments: &[AssignmentId],
    ) -> Result<Vec<MandateSlip>, PeopleError> {
        if assignments.is_empty() || assignments.len() > INVITATIONS_MAX {
            return Err(PeopleError::Unfit(format!("name 1 to {INVITATIONS_MAX} assignments")));
        }
        let mut found = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            let one = self.reached_assignment(editor, *assignment)?;
            if one.ended_at_ms.is_some() {
                return Err(PeopleError::Unfit(String::from("an assignment has ended")));
            }
            found.push(one);
        }
        let invitations = self.invitations_of(&found)?;
        let numbers = self.store().invite_assignments(&invitations, self.audit_of(editor))?;
        let people = self.people_by_id(found.iter().map(|one| one.new.person))?;
        let made = found.into_iter().zip(invitations).zip(numbers);
        let slips = made.filter_map(|((found, (_, invitation)), number)| {
            let person = people.get(&found.new.person)?;
            Some(self.slip(found, person, self.new_invitation_view(invitation, number)))
        });
        Ok(slips.collect())
    }

    fn invitations_of(
        &self,
        found: &[StoredAssignment],
    ) -> Result<Vec<(AssignmentId, Invitation)>, PeopleError> {
        let expires_at_ms = self.invitations_expire_at_ms();
        let of = |one: &StoredAssignment| {
            let NewAssignment { assignment, station, contests, .. } = &one.new;
            Ok((*assignment, self.new_invitation(station, contests, expires_at_ms)?))
        };
        found.iter().map(of).collect()
    }

    fn slip(&self, found: StoredAssignment, person: &StoredPerson, invitation: NewInvitation) -> MandateSlip {
        let NewAssignment { assignment, person: id, station, shift, participant, .. } = found.new;
        let name = |level| name_at(self.package(), station.desa(), level);
        MandateSlip {
            assignment,
            person: id,
            name: person.details.name.clone(),
            phone: person.details.phone.clone(),
            nik_last4: person.details.nik_last4.clone(),
            participant_name: participant.as_ref().and_then(|one| self.participant_name(one)),
            participant,
            kecamatan_name: name(RegionLevel::Kecamatan),
            kabupaten_name: name(RegionLevel::KabupatenKota),
            shift,
            invitation,
        }
    }

    /// The people who are assigned to a station.
    pub fn people_at(&self, station: &StationId) -> Result<Vec<StationPerson>, PeopleError> {
        let found = self.store().assignments_at(station)?;
        self.station_people(found)
    }

    /// The people behind devices, where the editor reaches the station.
    pub fn people_of_devices(
        &self,
        editor: &Editor,
        devices: &[String],
    ) -> Result<Vec<StationPerson>, PeopleError> {
        if devices.len() > DEVICES_MAX {
            return Err(PeopleError::Unfit(format!("name at most {DEVICES_MAX} devices")));
        }
        let devices: Vec<DeviceId> = devices.iter().filter_map(|device| device.parse().ok()).collect();
        let mut found = self.store().assignments_of_devices(&devices)?;
        found.retain(|one| editor.reaches_station(&one.new.station));
        self.station_people(found)
    }

    fn station_people(&self, found: Vec<StoredAssignment>) -> Result<Vec<StationPerson>, PeopleError> {
        let people = self.people_by_id(found.iter().map(|one| one.new.person))?;
        let rows = found.into_iter().filter_map(|one| {
            let person = people.get(&one.new.person)?;
            let assignment = self.assignment_view(one);
            Some(StationPerson {
                device: assignment.device.clone(),
                person: person.person,
                name: person.details.name.clone(),
                phone: person.details.phone.clone(),
                assignment,
            })
        });
        Ok(rows.collect())
    }

    fn people_by_id(
        &self,
        ids: impl Iterator<Item = PersonId>,
    ) -> Result<BTreeMap<PersonId, StoredPerson>, PeopleError> {
        let ids: Vec<PersonId> = ids.collect();
        let people = self.store().people_of(&ids)?;
        Ok(people.into_iter().map(|person| (person.person, person)).collect())
    }

    fn reached_assignment(
        &self,
        editor: &Editor,
        assignment: AssignmentId,
    ) -> Result<StoredAssignment, PeopleError> {
        let found = self.store().assignment(assignment)?.ok_or(PeopleError::Unknown)?;
        editor.must_reach(found.new.station.desa())?;
        Ok(found)
    }

    pub(super) fn must_have_participant(&self, participant: Option<&Participant>) -> Result<(), PeopleError> {
        let unknown = || PeopleError::Unfit(String::from("the election has no such participant"));
        let known = participant.is_none_or(|participant| self.participant_name(participant).is_some());
        if known { Ok(()) } else { Err(unknown()) }
    }
}
