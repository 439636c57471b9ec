//! The life of a tally: its states and their transitions.

use serde::{Deserialize, Serialize};

/// The state of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LifeState {
    /// Being typed; every keystroke is on disk.
    Draft,
    /// Signed on this device; it waits for a connection.
    Sealed,
    /// The endpoint has stored it. Its receipt is not here yet.
    Accepted,
    /// The endpoint refused it. The record stays on the device, is shown, and is offered again from time to
    /// time.
    Refused,
    /// This device has verified the receipt: sent and proved.
    Receipted,
    /// A coordinator confirmed that it says what the paper says.
    Verified,
    /// A coordinator disputes it and says why. A correction answers that.
    Disputed,
}

/// An event in the life of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LifeEvent {
    /// The witness seals it.
    Seal,
    /// The endpoint accepts it.
    Accept,
    /// The endpoint refuses it.
    Refuse,
    /// A receipt was verified.
    Receipt,
    /// A coordinator verifies it.
    Verify,
    /// A coordinator disputes it.
    Dispute,
    /// A coordinator withdraws the verdict.
    Withdraw,
}

impl LifeEvent {
    /// All events.
    pub const ALL: [Self; 7] =
        [Self::Seal, Self::Accept, Self::Refuse, Self::Receipt, Self::Verify, Self::Dispute, Self::Withdraw];
}

/// A transition that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot apply {event:?} to a tally in state {from:?}")]
pub struct TransitionError {
    pub from: LifeState,
    pub event: LifeEvent,
}

impl LifeState {
    /// All states, in their usual order.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Sealed,
        Self::Accepted,
        Self::Refused,
        Self::Receipted,
        Self::Verified,
        Self::Disputed,
    ];

    /// The state after `event`. A repeated answer changes nothing, and a late answer never undoes a better
    /// one.
    pub fn after(self, event: LifeEvent) -> Result<Self, TransitionError> {
        use LifeEvent as E;
        match (self, event) {
            (Self::Draft, E::Seal) => Ok(Self::Sealed),
            (Self::Sealed | Self::Accepted | Self::Refused, E::Accept) => Ok(Self::Accepted),
            (Self::Sealed | Self::Refused, E::Refuse) => Ok(Self::Refused),
            (Self::Sealed | Self::Accepted | Self::Refused | Self::Receipted, E::Receipt) => {
                Ok(Self::Receipted)
            }
            // A verdict is about a proved tally, and the last one counts.
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

/// The states and transitions as a Mermaid diagram, for the documentation.
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
    fn a_late_refusal_does_not_undo_an_acceptance() {
        assert!(LifeState::Accepted.after(LifeEvent::Refuse).is_err());
        assert!(LifeState::Receipted.after(LifeEvent::Accept).is_err());
    }

    #[test]
    fn a_refused_tally_can_still_be_accepted() {
        assert_eq!(LifeState::Refused.after(LifeEvent::Accept), Ok(LifeState::Accepted));
    }
}
