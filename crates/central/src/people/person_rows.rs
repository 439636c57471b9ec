//! People and their assignments as the console shows them.

use tally::{RegionCode, RegionLevel};

use super::editor::{Editor, PeopleError};
use crate::election::package::Package;
use crate::endpoint::Endpoint;
use crate::model::count::u32_of;
use crate::model::person::{Participant, PersonId};
use crate::store::{StoredAssignment, StoredInvitation, StoredPerson};
use crate::view::{
    AssignmentInvitation, AssignmentView, InvitationUse, ParticipantView, PersonRow, PersonView, is_invisible,
};

impl Endpoint {
    /// A person as an editor sees them.
    pub fn person_view(&self, editor: &Editor, person: PersonId) -> Result<PersonView, PeopleError> {
        let found = self.store().person(person)?.ok_or(PeopleError::Unknown)?;
        editor.must_reach_any(&self.store().places_of_person(person)?)?;
        let merged_into = found.merged_into;
        let ended = self.store().assignments_of_people(&[person], true)?.pop().unwrap_or_default();
        let ended = ended.into_iter().filter(|one| editor.reaches_station(&one.new.station));
        let ended = ended.map(|one| self.assignment_view(one)).collect();
        let person = self.person_rows(editor, vec![found])?.pop().ok_or(PeopleError::Unknown)?;
        Ok(PersonView { person, ended, merged_into })
    }

    /// These people as an editor sees them.
    pub(super) fn person_rows(
        &self,
        editor: &Editor,
        people: Vec<StoredPerson>,
    ) -> Result<Vec<PersonRow>, PeopleError> {
        let ids: Vec<PersonId> = people.iter().map(|person| person.person).collect();
        let assignments = self.store().assignments_of_people(&ids, false)?;
        let rows = people.into_iter().zip(assignments);
        Ok(rows.map(|(person, assignments)| self.person_row(editor, person, assignments)).collect())
    }

    fn person_row(
        &self,
        editor: &Editor,
        person: StoredPerson,
        assignments: Vec<StoredAssignment>,
    ) -> PersonRow {
        let all = assignments.len();
        let near = assignments.into_iter().filter(|one| editor.reaches_station(&one.new.station));
        let near: Vec<AssignmentView> = near.map(|one| self.assignment_view(one)).collect();
        let StoredPerson { person, revision, details, updated_at_ms, erased_at_ms, .. } = person;
        let names = |level| name_at(self.package(), &details.desa, level);
        PersonRow {
            person,
            revision,
            desa_name: names(RegionLevel::Desa),
            kecamatan_name: names(RegionLevel::Kecamatan),
            name: details.name,
            phone: details.phone,
            organisation: details.organisation,
            field: details.field,
            position: details.position,
            availability: details.availability,
            desa: details.desa,
            nik_last4: details.nik_last4,
            note: details.note,
            consent_at_ms: details.consent_at_ms,
            updated_at_ms,
            erased_at_ms,
            elsewhere: u32_of(all - near.len()),
            assignments: near,
        }
    }

    pub(super) fn assignment_view(&self, stored: StoredAssignment) -> AssignmentView {
        let StoredAssignment { new, letter_at_ms, trained_at_ms, joined, created_at_ms, ended_at_ms, .. } =
            stored;
        AssignmentView {
            assignment: new.assignment,
            person: new.person,
            number: new.station.number(),
            desa_name: self.package().region_name(new.station.desa()),
            station: new.station,
            contests: new.contests,
            shift: new.shift,
            participant: new.participant,
            letter_at_ms,
            trained_at_ms,
            invitation: stored.invitation.map(|invitation| self.assignment_invitation(invitation)),
            device: joined.map(|(device, _)| device.to_string()),
            joined_at_ms: joined.map(|(_, at_ms)| at_ms),
            created_at_ms,
            ended_at_ms,
        }
    }

    fn assignment_invitation(&self, stored: StoredInvitation) -> AssignmentInvitation {
        let state = match (stored.used_at_ms, stored.withdrawn_at_ms) {
            (Some(_), _) => InvitationUse::Used,
            (None, Some(_)) => InvitationUse::Withdrawn,
            (None, None) if stored.expires_at_ms <= self.now_ms() => InvitationUse::Expired,
            (None, None) => InvitationUse::Unused,
        };
        AssignmentInvitation {
            invitation: stored.number,
            hint: stored.hint,
            state,
            expires_at_ms: stored.expires_at_ms,
        }
    }

    /// All participants of the election: its parties, and the pairs and candidates who stand without a list.
    pub(super) fn participants(&self) -> Vec<ParticipantView> {
        let election = self.election();
        let parties = election.parties.iter().map(|party| ParticipantView {
            participant: Participant::Party(party.number),
            name: party.name.clone(),
        });
        let candidates = election.contests.iter().flat_map(|contest| {
            contest.candidates.iter().map(move |candidate| ParticipantView {
                participant: Participant::Candidate(contest.id.clone(), candidate.number),
                name: candidate.names.join(" – "),
            })
        });
        parties.chain(candidates).collect()
    }

    pub(super) fn participant_name(&self, participant: &Participant) -> Option<String> {
        let found = self.participants().into_iter().find(|one| one.participant == *participant);
        found.map(|found| found.name)
    }
}

/// The name of the region of a level above a desa, or of the desa.
pub(super) fn name_at(package: &Package, desa: &RegionCode, level: RegionLevel) -> String {
    let region = desa.path().into_iter().find(|region| region.level() == level);
    region.map(|region| package.region_name(&region)).unwrap_or_default()
}

/// A text on one line, without blanks at its ends; `None` if nothing is left. Refuses one that is longer than
/// `most` characters.
pub(super) fn text_of(text: Option<&str>, what: &str, most: usize) -> Result<Option<String>, PeopleError> {
    let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().count() > most {
        return Err(PeopleError::Unfit(format!("the {what} has at most {most} characters")));
    }
    if text.chars().any(is_invisible) {
        return Err(PeopleError::Unfit(format!("the {what} contains a character that is not seen")));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}
