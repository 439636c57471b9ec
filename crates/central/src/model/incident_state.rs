//! How far the work on an incident is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How far the work on an incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// Nobody has looked at it.
    New,
    /// Somebody has read it.
    Seen,
    /// Somebody works on it.
    InWork,
    /// Nothing more is to be done.
    Closed,
}

impl IncidentState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::New, Self::Seen, Self::InWork, Self::Closed];

    /// The word of the state in the store and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Seen => "seen",
            Self::InWork => "in_work",
            Self::Closed => "closed",
        }
    }

    /// Whether the work may go from this state to `next`. Every step says something: it changes the state, or
    /// adds a note to one in work. Nothing becomes new again.
    pub fn may_become(self, next: Self) -> bool {
        !matches!(
            (self, next),
            (_, Self::New)
                | (Self::Seen | Self::InWork | Self::Closed, Self::Seen)
                | (Self::Closed, Self::Closed)
        )
    }
}

impl FromStr for IncidentState {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.word() == word);
        known.ok_or_else(|| format!("cannot read {word:?} as the state of an incident"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_goes_forward_and_a_closed_one_is_only_opened_to_work_on_it() {
        use IncidentState::{Closed, InWork, New, Seen};
        let allowed: Vec<(IncidentState, IncidentState)> = IncidentState::ALL
            .into_iter()
            .flat_map(|from| IncidentState::ALL.map(|to| (from, to)))
            .filter(|(from, to)| from.may_become(*to))
            .collect();
        assert_eq!(
            allowed,
            [
                (New, Seen),
                (New, InWork),
                (New, Closed),
                (Seen, InWork),
                (Seen, Closed),
                (InWork, InWork),
                (InWork, Closed),
                (Closed, InWork)
            ]
        );
        assert!(IncidentState::ALL.into_iter().all(|state| state.word().parse() == Ok(state)));
    }
}
