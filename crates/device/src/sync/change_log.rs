//! What the sync writes into the app's log.

use crate::sync_core::{Change, Item};
use crate::view::SyncError;

pub(super) fn log(changes: &[Change]) {
    changes.iter().for_each(log_change);
}

fn log_change(change: &Change) {
    match change {
        Change::Receipted { proved, .. } => tracing::info!(id = %proved.id, "receipt verified"),
        Change::LogContradicts { .. } => tracing::error!("the endpoint's log was rewritten"),
        Change::LogKeyRotated { rotation } => {
            tracing::info!(log = %rotation.new.id(), "the log's key was rotated");
        }
        Change::SendAgain { sequence } => tracing::info!(sequence, "the endpoint misses a statement"),
        Change::StatementAccepted { id, .. } => tracing::info!(%id, "statement accepted"),
        Change::StatementRefused { id, code, .. } => tracing::warn!(%id, ?code, "statement refused"),
        Change::EnrolmentChanged(changed) => {
            tracing::info!(revision = changed.assignments_revision, "enrolment changed");
        }
        Change::PhotoArrived { hash, .. } => tracing::info!(%hash, "photo arrived"),
        Change::PhotoRefused { hash, code, .. } => tracing::warn!(%hash, ?code, "photo refused"),
        Change::InboxRead { items, .. } if items.is_empty() => {}
        Change::InboxRead { items, .. } => tracing::info!(items = items.len(), "inbox read"),
        // Without a signal this happens every few minutes, all night.
        Change::ExchangeFailed { error: SyncError::Unreachable, .. }
        | Change::Contact
        | Change::ClockCompared { .. }
        | Change::CheckpointSeen { .. }
        | Change::PhotoStored { .. } => {}
        Change::ExchangeFailed { error, attempts, .. } => {
            tracing::warn!(?error, attempts, "exchange failed");
        }
        Change::Postponed { item: Item::Statement(item), attempts, .. } => {
            tracing::info!(id = %item.id, attempts, "statement postponed");
        }
        Change::Postponed { item: Item::Receipt(item), attempts, .. } => {
            tracing::debug!(id = %item.id, attempts, "receipt postponed");
        }
        Change::Postponed { item: Item::Photo(item), attempts, .. } => {
            tracing::info!(hash = %item.hash, attempts, "photo postponed");
        }
    }
}
