//! Bugs put in on purpose, so that the simulator can show that it would catch them. Only with the feature of the same name,
//! which no build of the app turns on; and even then only on a thread that asked for one.

#[cfg(feature = "sabotage")]
mod armed {
    use std::cell::Cell;

    use crate::sync::{Change, Request};

    /// The bugs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Bug {
        /// A push counts as accepted before the endpoint has answered.
        MarksSentBeforeTheAnswer,
        /// A record that the endpoint refused is taken out of the queue.
        DropsWhatWasRefused,
        /// One yes in a push counts for all of it.
        TakesOneYesForAll,
        /// A photo is sent from its beginning after every piece.
        RestartsPhotos,
        /// A photo counts as arrived with its first piece.
        ClaimsPhotosEarly,
        /// Faults of the connection are followed by the next attempt at once.
        ForgetsTheBackoff,
        /// A receipt that was verified is not written down.
        ForgetsReceipts,
        /// A statement counts as proved once it is accepted.
        BelievesWithoutReceipt,
        /// The next statement takes the sequence number of the last one.
        ReusesASequenceNumber,
        /// Statements do not name the one before them.
        BreaksTheChain,
    }

    impl Bug {
        /// All of them.
        pub const ALL: [Self; 10] = [
            Self::MarksSentBeforeTheAnswer,
            Self::DropsWhatWasRefused,
            Self::TakesOneYesForAll,
            Self::RestartsPhotos,
            Self::ClaimsPhotosEarly,
            Self::ForgetsTheBackoff,
            Self::ForgetsReceipts,
            Self::BelievesWithoutReceipt,
            Self::ReusesASequenceNumber,
            Self::BreaksTheChain,
        ];
    }

    thread_local! {
        static BUG: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Puts a bug into all devices that are used on this thread; `None` takes it out again.
    pub fn put_in(bug: Option<Bug>) {
        BUG.set(bug);
    }

    fn has(bug: Bug) -> bool {
        BUG.get() == Some(bug)
    }

    /// What is written down of an answer.
    pub(crate) fn changes(request: &Request, changes: Vec<Change>, now_ms: i64) -> Vec<Change> {
        let accepted = |changes: &[Change]| {
            changes.iter().any(|change| matches!(change, Change::StatementAccepted { .. }))
        };
        let all_accepted = |mut changes: Vec<Change>| {
            if let Request::Push(ids) = request {
                let accept =
                    |id: &evidence::StatementId| Change::StatementAccepted { id: *id, received_at_ms: 0 };
                changes.retain(|change| {
                    !matches!(change, Change::StatementRefused { .. } | Change::Postponed { .. })
                });
                changes.extend(ids.iter().map(accept));
            }
            changes
        };
        match BUG.get() {
            Some(Bug::MarksSentBeforeTheAnswer) => all_accepted(changes),
            Some(Bug::TakesOneYesForAll) if accepted(&changes) => all_accepted(changes),
            Some(Bug::DropsWhatWasRefused)
                if changes.iter().any(|change| matches!(change, Change::StatementRefused { .. })) =>
            {
                all_accepted(changes)
            }
            Some(Bug::RestartsPhotos) => each(changes, |change| match change {
                Change::PhotoHeld { hash, .. } => Change::PhotoHeld { hash, sent_bytes: 0 },
                other => other,
            }),
            Some(Bug::ClaimsPhotosEarly) => each(changes, |change| match change {
                Change::PhotoHeld { hash, sent_bytes } if sent_bytes > 0 => Change::PhotoArrived { hash },
                other => other,
            }),
            Some(Bug::ForgetsTheBackoff) => each(changes, |change| match change {
                Change::Fault { fault, attempts, .. } => {
                    Change::Fault { fault, attempts, next_attempt_at_ms: now_ms }
                }
                other => other,
            }),
            Some(Bug::ForgetsReceipts) => {
                changes.into_iter().filter(|change| !matches!(change, Change::Receipted(_))).collect()
            }
            Some(Bug::BelievesWithoutReceipt) => {
                let believed: Vec<Change> = changes
                    .iter()
                    .filter_map(|change| match change {
                        Change::StatementAccepted { id, .. } => {
                            Some(Change::Receipted(crate::sync::ProvedStatement {
                                id: *id,
                                receipt: vec![0],
                                tree_size: 1,
                                leaf_index: 0,
                            }))
                        }
                        _ => None,
                    })
                    .collect();
                changes.into_iter().chain(believed).collect()
            }
            _ => changes,
        }
    }

    fn each(changes: Vec<Change>, change: impl Fn(Change) -> Change) -> Vec<Change> {
        changes.into_iter().map(change).collect()
    }

    /// The place of the next statement in the chain.
    pub(crate) fn place_in_chain(
        sequence: u64,
        previous: Option<evidence::StatementId>,
    ) -> (u64, Option<evidence::StatementId>) {
        match previous {
            Some(_) if has(Bug::ReusesASequenceNumber) && sequence > 2 => (sequence - 1, previous),
            // A first statement has none before it, and only a first one: any other name breaks the chain as well.
            Some(_) if has(Bug::BreaksTheChain) => (sequence, Some(evidence::StatementId([7; 32]))),
            _ => (sequence, previous),
        }
    }
}

#[cfg(feature = "sabotage")]
pub use armed::{Bug, put_in};
#[cfg(feature = "sabotage")]
pub(crate) use armed::{changes, place_in_chain};

#[cfg(not(feature = "sabotage"))]
mod disarmed {
    use crate::sync::{Change, Request};

    pub(crate) fn changes(_: &Request, changes: Vec<Change>, _: i64) -> Vec<Change> {
        changes
    }

    pub(crate) fn place_in_chain(
        sequence: u64,
        previous: Option<evidence::StatementId>,
    ) -> (u64, Option<evidence::StatementId>) {
        (sequence, previous)
    }
}

#[cfg(not(feature = "sabotage"))]
pub(crate) use disarmed::{changes, place_in_chain};
