//! Injected bugs, which show that the simulator would catch them. They need the feature of the same name,
//! which no build of the app turns on, and are active only on a thread that asked for one.

/// What a statement says about the one before it in the device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainLink {
    pub(crate) sequence: u64,
    pub(crate) previous: Option<evidence::StatementId>,
}

#[cfg(feature = "sabotage")]
mod armed {
    use std::cell::Cell;

    use super::ChainLink;
    use crate::sync_core::{Change, ProvedStatement, Request, StatementItem};

    /// The bugs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Bug {
        /// A push counts as accepted before the endpoint has answered.
        MarksSentBeforeTheAnswer,
        /// A record that the endpoint refused is removed from the outbox.
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
            if let Request::Push(statements) = request {
                let accept = |statement: &StatementItem| Change::StatementAccepted {
                    kind: statement.kind,
                    id: statement.id,
                    received_at_ms: 0,
                };
                changes.retain(|change| {
                    !matches!(change, Change::StatementRefused { .. } | Change::Postponed { .. })
                });
                changes.extend(statements.iter().map(accept));
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
                Change::PhotoStored { kind, hash, .. } => {
                    Change::PhotoStored { kind, hash, received_bytes: 0 }
                }
                other => other,
            }),
            Some(Bug::ClaimsPhotosEarly) => each(changes, |change| match change {
                Change::PhotoStored { kind, hash, received_bytes } if received_bytes > 0 => {
                    Change::PhotoArrived { kind, hash }
                }
                other => other,
            }),
            Some(Bug::ForgetsTheBackoff) => each(changes, |change| match change {
                Change::ExchangeFailed { error, attempts, .. } => {
                    Change::ExchangeFailed { error, attempts, next_attempt_at_ms: now_ms }
                }
                other => other,
            }),
            Some(Bug::ForgetsReceipts) => {
                changes.into_iter().filter(|change| !matches!(change, Change::Receipted { .. })).collect()
            }
            Some(Bug::BelievesWithoutReceipt) => {
                let believed: Vec<Change> = changes.iter().filter_map(receipted_without_proof).collect();
                changes.into_iter().chain(believed).collect()
            }
            _ => changes,
        }
    }

    fn receipted_without_proof(change: &Change) -> Option<Change> {
        let Change::StatementAccepted { kind, id, .. } = *change else { return None };
        let proved = ProvedStatement { id, receipt: vec![0], tree_size: 1, leaf_index: 0 };
        Some(Change::Receipted { kind, proved })
    }

    fn each(changes: Vec<Change>, change: impl Fn(Change) -> Change) -> Vec<Change> {
        changes.into_iter().map(change).collect()
    }

    /// The link of the next statement.
    pub(crate) fn chain_link(link: ChainLink) -> ChainLink {
        match link.previous {
            Some(_) if has(Bug::ReusesASequenceNumber) && link.sequence > 2 => {
                ChainLink { sequence: link.sequence - 1, ..link }
            }
            // A first statement has none before it, and only a first one: any other id breaks the chain as
            // well.
            Some(_) if has(Bug::BreaksTheChain) => {
                ChainLink { previous: Some(evidence::StatementId([7; 32])), ..link }
            }
            _ => link,
        }
    }
}

#[cfg(feature = "sabotage")]
pub use armed::{Bug, put_in};
#[cfg(feature = "sabotage")]
pub(crate) use armed::{chain_link, changes};

#[cfg(not(feature = "sabotage"))]
mod disarmed {
    use super::ChainLink;
    use crate::sync_core::{Change, Request};

    pub(crate) fn changes(_: &Request, changes: Vec<Change>, _: i64) -> Vec<Change> {
        changes
    }

    pub(crate) fn chain_link(link: ChainLink) -> ChainLink {
        link
    }
}

#[cfg(not(feature = "sabotage"))]
pub(crate) use disarmed::{chain_link, changes};
