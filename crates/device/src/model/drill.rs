//! The drill of a store, and an attempt at one of its sheets.

use practice::{Attempt, Exercise, PracticeSheet, Scenario, SheetNumber};
use tally::Paper;

use super::{Enrolment, TallyKey};
use crate::error::{DeviceError, StoreError};

/// The drill for which a store was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drill {
    /// The scenario's file. `None` until the trainer has sent it.
    pub(crate) scenario: Option<String>,
    /// The copy of its sheets from which this witness types.
    pub(crate) copy: u16,
    /// The seed of the log in this phone, where somebody practises alone. `None` in a class.
    pub(crate) log_seed: Option<[u8; 32]>,
    /// The exercise that the trainer has opened.
    pub(crate) exercise_open: Option<u8>,
    pub(crate) paused: bool,
    pub(crate) network_cut: bool,
    pub(crate) hand_raised: bool,
}

impl Drill {
    /// A drill at its beginning.
    pub(crate) fn begun(scenario: Option<String>, log_seed: Option<[u8; 32]>) -> Self {
        Self {
            scenario,
            copy: 1,
            log_seed,
            exercise_open: None,
            paused: false,
            network_cut: false,
            hand_raised: false,
        }
    }
}

/// One attempt at a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredAttempt {
    pub(crate) id: i64,
    /// The scenario's file, as it was.
    pub(crate) scenario: String,
    pub(crate) exercise: u8,
    pub(crate) copy: u16,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) tally_key: TallyKey,
    pub(crate) first_sequence: u64,
    pub(crate) begun_at_ms: i64,
    pub(crate) first_typed_at_ms: Option<i64>,
    pub(crate) last_typed_at_ms: Option<i64>,
    /// What was sealed; `None` while it is open.
    pub(crate) sealed: Option<Attempt>,
}

/// Reads a scenario that was checked before it was stored.
pub(crate) fn scenario_of(file: &str) -> Result<Scenario, StoreError> {
    Scenario::from_json(file).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl StoredAttempt {
    pub(crate) fn sheet_number(&self) -> SheetNumber {
        SheetNumber { exercise: self.exercise, copy: self.copy }
    }

    /// The sheet of this attempt.
    pub(crate) fn sheet(&self, paper: &Paper) -> Result<PracticeSheet, StoreError> {
        PracticeSheet::of(&scenario_of(&self.scenario)?, self.sheet_number(), paper)
            .ok_or_else(|| StoreError::Damaged("an attempt at a sheet that does not exist".into()))
    }
}

impl Enrolment {
    /// The tally of an exercise: the first contest of its kind at a station of its kind.
    pub(crate) fn tally_of_exercise(&self, exercise: &Exercise) -> Result<TallyKey, DeviceError> {
        let of_kind = |contest: &tally::ContestId| {
            self.election.contest(contest).is_some_and(|contest| contest.kind == exercise.kind)
        };
        let stations = self.assigned.now.iter().filter(|one| one.station.kind() == exercise.station);
        let mut keys = stations.flat_map(|one| {
            let contests = one.contests.iter().filter(|contest| of_kind(contest));
            contests.map(|contest| TallyKey::of_round(&one.station, contest, exercise.round))
        });
        keys.find(|key| self.paper(key).is_ok()).ok_or(DeviceError::ScenarioUnfit)
    }
}
