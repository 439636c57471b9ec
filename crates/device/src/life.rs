//! The life of a tally: its states, and the only ways from one to the next.

use serde::{Deserialize, Serialize};

/// How a tally stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LifeState {
    /// Being typed; every keystroke is on disk.
    Draft,
    /// Signed and fixed on this device; waits for a connection.
    Sealed,
    /// The endpoint answered that it is stored there. Its proof is still to come.
    Accepted,
    /// The endpoint refused it. The record stays here, is shown, and is offered again from time to time.
    Refused,
    /// This device holds and has verified the endpoint's receipt: sent and proved.
    Receipted,
    /// A coordinator found that it says what the paper says.
    Verified,
    /// A coordinator found something wrong with it and says what; a correction answers that.
    Disputed,
}

/// What happens to a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LifeEvent {
    /// The witness seals it.
    Seal,
    /// The endpoint says that it has it.
    Accept,
    /// The endpoint says that it does not take it.
    Refuse,
    /// A receipt was verified.
    Receipt,
    /// A coordinator verifies it.
    Verify,
    /// A coordinator disputes it.
    Dispute,
    /// A coordinator takes the verdict back.
    Withdraw,
}

impl LifeEvent {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Seal, Self::Accept, Self::Refuse, Self::Receipt, Self::Verify, Self::Dispute, Self::Withdraw];
}

/// A step that a tally's life does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tally that is {from:?} has no step {event:?}")]
pub struct TransitionError {
    /// The state.
    pub from: LifeState,
    /// What should have happened.
    pub event: LifeEvent,
}

impl LifeState {
    /// All states, in the order of a life that goes well.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Sealed,
        Self::Accepted,
        Self::Refused,
        Self::Receipted,
        Self::Verified,
        Self::Disputed,
    ];

    /// The state after `event`. Hearing the same answer twice changes nothing; an answer never takes back what a
    /// better one gave.
    pub fn after(self, event: LifeEvent) -> Result<Self, TransitionError> {
        use LifeEvent as E;
        match (self, event) {
            (Self::Draft, E::Seal) => Ok(Self::Sealed),
            (Self::Sealed | Self::Accepted | Self::Refused, E::Accept) => Ok(Self::Accepted),
            (Self::Sealed | Self::Refused, E::Refuse) => Ok(Self::Refused),
            (Self::Sealed | Self::Accepted | Self::Refused | Self::Receipted, E::Receipt) => {
                Ok(Self::Receipted)
            }
            // A verdict is on what is proved; the last one stands.
            (Self::Receipted | Self::Verified | Self::Disputed, E::Verify) => Ok(Self::Verified),
            (Self::Receipted | Self::Verified | Self::Disputed, E::Dispute) => Ok(Self::Disputed),
            (Self::Receipted | Self::Verified | Self::Disputed, E::Withdraw) => Ok(Self::Receipted),
            (from, event) => Err(TransitionError { from, event }),
        }
    }

    /// The word in the store.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sealed => "sealed",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Receipted => "receipted",
            Self::Verified => "verified",
            Self::Disputed => "disputed",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The states and steps as a Mermaid diagram, for the documentation.
pub fn life_diagram() -> String {
    let mut diagram = String::from("stateDiagram-v2\n    [*] --> Draft\n");
    for from in LifeState::ALL {
        for event in LifeEvent::ALL {
            if let Ok(to) = from.after(event)
                && to != from
            {
                let step = format!("{event:?}").to_lowercase();
                diagram.push_str(&format!("    {from:?} --> {to:?}: {step}\n"));
            }
        }
    }
    diagram
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ever_becomes_a_draft_again() {
        for from in LifeState::ALL {
            for event in LifeEvent::ALL {
                assert_ne!(from.after(event), Ok(LifeState::Draft));
            }
        }
    }

    #[test]
    fn a_late_refusal_does_not_take_an_acceptance_back() {
        assert!(LifeState::Accepted.after(LifeEvent::Refuse).is_err());
        assert!(LifeState::Receipted.after(LifeEvent::Accept).is_err());
    }

    #[test]
    fn a_refused_tally_may_still_be_taken_in() {
        assert_eq!(LifeState::Refused.after(LifeEvent::Accept), Ok(LifeState::Accepted));
    }
}
