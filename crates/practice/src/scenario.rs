//! Scenarios: what a trainer composes, saves as a file, and shares.

mod file;
mod level;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tally::{ContestKind, StationKind};

pub use file::{SCENARIO_BYTES_MAX, ScenarioError};
pub use level::Level;

use crate::seed::mixed;
use crate::trap::TrapKind;

/// The name and version of a scenario's file.
pub const SCENARIO_FORMAT: &str = "saksi-scenario/1";

/// An evening of practice: exercises in order, and what happens during them. It names contests by their kind,
/// so that one file serves every package that has such contests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// `saksi-scenario/1`.
    pub format: String,
    /// A short name in lower case, digits and hyphens.
    pub id: String,
    /// The name that people read, given by the trainer.
    pub title: String,
    /// Everything in it depends on this number and on what is written here.
    pub seed: u32,
    pub level: Level,
    pub exercises: Vec<Exercise>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
}

/// One paper to be typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The kind of the contest.
    pub kind: ContestKind,
    /// The kind of the station, which decides the form.
    #[serde(default, skip_serializing_if = "is_ordinary")]
    pub station: StationKind,
    /// The round: 1 for the first count, more for a re-vote.
    #[serde(default = "first_round", skip_serializing_if = "is_first")]
    pub round: u8,
    /// How often each trap is set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traps: BTreeMap<TrapKind, u8>,
    /// The time that it should take.
    pub minutes: u16,
}

fn first_round() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first(round: &u8) -> bool {
    *round == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_ordinary(kind: &StationKind) -> bool {
    *kind == StationKind::default()
}

/// Something that happens during an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The exercise, from 1.
    pub exercise: u8,
    pub when: When,
    pub what: Happening,
}

/// The moment in an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the first figure.
    Start,
    /// When half of the figures are typed.
    Halfway,
    /// When all figures are typed, before the seal.
    BeforeSeal,
    /// After the seal, before anything was sent.
    AfterSeal,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// The phone dies: the app is ended, and opens where it was.
    PhoneDies,
    /// There is no network for some minutes.
    NoNetwork(u16),
    /// The phone's clock is wrong by some minutes.
    WrongClock(i32),
}

/// The number of a sheet in a drill: the exercise, and the copy that one person has. Written `2-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SheetNumber {
    /// The exercise, from 1.
    pub exercise: u8,
    /// The copy, from 1. Copies have other figures and the same traps.
    pub copy: u16,
}

impl std::fmt::Display for SheetNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}", self.exercise, self.copy)
    }
}

impl SheetNumber {
    /// Reads what [`std::fmt::Display`] writes.
    pub fn read(text: &str) -> Option<Self> {
        let (exercise, copy) = text.split_once('-')?;
        let number = Self { exercise: exercise.parse().ok()?, copy: copy.parse().ok()? };
        (number.to_string() == text).then_some(number)
    }
}

impl Scenario {
    /// An exercise by its number, from 1.
    pub fn exercise(&self, number: u8) -> Option<&Exercise> {
        self.exercises.get(usize::from(number.checked_sub(1)?))
    }

    /// The seed of the people of a copy: the papers of one evening are about the same voters.
    pub(crate) fn people_seed(&self, copy: u16) -> u64 {
        mixed(self.seed.into(), &[1, copy.into()])
    }

    /// The seed of everything else on a sheet.
    pub(crate) fn sheet_seed(&self, number: SheetNumber) -> u64 {
        mixed(self.seed.into(), &[2, number.exercise.into(), number.copy.into()])
    }
}
