//! Who looks at people or changes them, and why that may be refused.

use environment::RngError;
use tally::{RegionCode, StationId};

use super::invitations::InviteError;
use crate::store::{Actor, AssignmentWrite, PersonWrite, StoreError, User};

/// Who looks at people or changes them, and how far they reach.
#[derive(Debug, Clone)]
pub struct Editor {
    pub actor: Actor,
    /// `None` for the whole election.
    pub region: Option<RegionCode>,
}

impl Editor {
    /// A user of the console.
    pub(crate) fn user(user: User) -> Self {
        Self { actor: Actor::User(user.name), region: user.region }
    }

    /// Somebody at the command line of the endpoint's machine.
    pub fn operator() -> Self {
        Self { actor: Actor::Operator, region: None }
    }

    pub(crate) fn reaches(&self, region: &RegionCode) -> bool {
        self.region.as_ref().is_none_or(|own| own.contains(region))
    }

    pub(crate) fn reaches_station(&self, station: &StationId) -> bool {
        self.reaches(station.desa())
    }

    pub(super) fn must_reach(&self, region: &RegionCode) -> Result<(), PeopleError> {
        if self.reaches(region) { Ok(()) } else { Err(PeopleError::OutsideRegion) }
    }

    pub(super) fn must_reach_any(&self, regions: &[RegionCode]) -> Result<(), PeopleError> {
        let reached = regions.iter().any(|region| self.reaches(region));
        if reached { Ok(()) } else { Err(PeopleError::OutsideRegion) }
    }
}

/// Why something about people is refused.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("there is no such person, assignment or change")]
    Unknown,
    #[error("this is outside of the user's region")]
    OutsideRegion,
    #[error("{0}")]
    Unfit(String),
    #[error("somebody with this telephone number, or with this name in the desa, is stored already")]
    Duplicate,
    #[error("the person was changed since they were read")]
    ChangedSince,
    #[error("the participant has two mandated witnesses at this station")]
    MandateFull,
    #[error("{0} cells of the spreadsheet are faulty")]
    ImportFaulty(u32),
    #[error("the import is {0}")]
    ImportStateWrong(String),
    #[error("the spreadsheet cannot be read: {0}")]
    ImportUnreadable(String),
    #[error(transparent)]
    Invite(#[from] InviteError),
    #[error(transparent)]
    Randomness(#[from] RngError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the store did with a person, as a result.
pub(super) fn written(outcome: PersonWrite) -> Result<(), PeopleError> {
    match outcome {
        PersonWrite::Written => Ok(()),
        PersonWrite::Duplicate => Err(PeopleError::Duplicate),
        PersonWrite::ChangedSince => Err(PeopleError::ChangedSince),
        PersonWrite::Gone => Err(PeopleError::Unfit(String::from("the person's data was erased"))),
    }
}

/// What the store did with an assignment, as a result.
pub(super) fn assigned(outcome: AssignmentWrite) -> Result<(), PeopleError> {
    let unfit = |text: &str| Err(PeopleError::Unfit(text.to_owned()));
    match outcome {
        AssignmentWrite::Written => Ok(()),
        AssignmentWrite::MandateFull => Err(PeopleError::MandateFull),
        AssignmentWrite::Gone => unfit("the assignment has ended, or the person's data was erased"),
        AssignmentWrite::AssignedAlready => unfit("the person is assigned to this station already"),
        AssignmentWrite::TooMany => unfit("the person has too many assignments"),
    }
}
