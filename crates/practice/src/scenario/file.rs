//! A scenario as a file: JSON, bounded, and everything odd refused by name.

use super::{Exercise, Happening, SCENARIO_FORMAT, Scenario};

/// Maximum length of a scenario's file, in bytes.
pub const SCENARIO_BYTES_MAX: usize = 64 * 1024;

const EXERCISES_MAX: usize = 12;
const EVENTS_MAX: usize = 24;
const ID_CHARS_MAX: usize = 40;
const TITLE_CHARS_MAX: usize = 80;
const ROUND_MAX: u8 = tally::ROUND_MAX;
const TIMES_MAX: u8 = 5;
const MINUTES_MAX: u16 = 180;
const NO_NETWORK_MINUTES_MAX: u16 = 60;
/// A year.
const CLOCK_MINUTES_MAX: u32 = 366 * 24 * 60;

/// Why a file is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Longer than [`SCENARIO_BYTES_MAX`].
    #[error("cannot read the scenario: it has {bytes} bytes, and the maximum is {SCENARIO_BYTES_MAX}")]
    TooLong { bytes: usize },
    /// Not the JSON that is expected, or a name that is not known.
    #[error("cannot read the scenario at {place}")]
    Json { place: String, source: serde_json::Error },
    /// A value that cannot be.
    #[error("cannot use the scenario: {place} {reason}")]
    Odd { place: String, reason: String },
}

impl Scenario {
    /// Reads a file.
    pub fn from_json(json: &str) -> Result<Self, ScenarioError> {
        if json.len() > SCENARIO_BYTES_MAX {
            return Err(ScenarioError::TooLong { bytes: json.len() });
        }
        let reader = &mut serde_json::Deserializer::from_str(json);
        let scenario: Self = serde_path_to_error::deserialize(&mut *reader)
            .map_err(|error| at(error.path().to_string(), error.into_inner()))?;
        reader.end().map_err(|error| at("its end".to_owned(), error))?;
        scenario.checked()
    }

    /// The file.
    pub fn to_json(&self) -> String {
        // Only a map with keys that are no texts cannot be written, and a scenario has none.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The scenario, if everything in it can be. Call it for one that a trainer composed.
    pub fn checked(self) -> Result<Self, ScenarioError> {
        let Self { format, id, title, exercises, events, .. } = &self;
        require(format == SCENARIO_FORMAT, "format", || format!("is not {SCENARIO_FORMAT}"))?;
        require(is_id(id), "id", || {
            format!("has not 1 to {ID_CHARS_MAX} small letters, digits and hyphens")
        })?;
        let length = title.chars().count();
        let fits = (1..=TITLE_CHARS_MAX).contains(&length) && !title.chars().any(char::is_control);
        require(fits, "title", || format!("has not 1 to {TITLE_CHARS_MAX} letters"))?;
        let count = 1..=EXERCISES_MAX;
        require(count.contains(&exercises.len()), "exercises", || format!("are not 1 to {EXERCISES_MAX}"))?;
        require(events.len() <= EVENTS_MAX, "events", || format!("are more than {EVENTS_MAX}"))?;
        for (number, exercise) in (1..).zip(exercises) {
            exercise.check(&format!("exercise {number}"))?;
        }
        for (number, event) in (1..).zip(events) {
            let place = format!("event {number}");
            let known = self.exercise(event.exercise).is_some();
            require(known, &place, || format!("is in exercise {}, which there is not", event.exercise))?;
            event.what.check(&place)?;
        }
        Ok(self)
    }
}

impl Exercise {
    fn check(&self, place: &str) -> Result<(), ScenarioError> {
        let (round, minutes) = (self.round, self.minutes);
        require((1..=ROUND_MAX).contains(&round), place, || format!("has the round {round}"))?;
        require((1..=MINUTES_MAX).contains(&minutes), place, || format!("takes {minutes} minutes"))?;
        let odd = self.traps.iter().find(|(_, times)| !(1..=TIMES_MAX).contains(*times));
        odd.map_or(Ok(()), |(trap, times)| {
            require(false, place, || format!("has the trap {} {times} times", trap.word()))
        })
    }
}

impl Happening {
    fn check(self, place: &str) -> Result<(), ScenarioError> {
        let fits = match self {
            Self::PhoneDies => true,
            Self::NoNetwork(minutes) => (1..=NO_NETWORK_MINUTES_MAX).contains(&minutes),
            Self::WrongClock(minutes) => (1..=CLOCK_MINUTES_MAX).contains(&minutes.unsigned_abs()),
        };
        require(fits, place, || "has minutes that cannot be".to_owned())
    }
}

fn at(place: String, source: serde_json::Error) -> ScenarioError {
    ScenarioError::Json { place, source }
}

fn require(holds: bool, place: &str, reason: impl FnOnce() -> String) -> Result<(), ScenarioError> {
    if holds { Ok(()) } else { Err(ScenarioError::Odd { place: place.to_owned(), reason: reason() }) }
}

fn is_id(id: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    (1..=ID_CHARS_MAX).contains(&id.len()) && id.chars().all(plain)
}
