//! The loops that work behind ingestion: the log's sequencer, the counter, and the one that drops unfinished
//! photos. In a hall also the one that hands on.

use std::time::Duration;

use protocol::quota;

use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::hall::{HandOverError, HandedOver};
use crate::refusal::Refusal;

/// Interval at which the sequencer looks for statements of another process: the command line, or another
/// replica. With the pause, no statement waits longer than a second for its entry in the log.
const LOG_INTERVAL: Duration = Duration::from_millis(900);
/// Minimum pause between two batches of the log. Statements of a burst then share one signature.
const LOG_PAUSE: Duration = Duration::from_millis(100);
/// Interval at which the counter looks for changes of another process.
const COUNT_INTERVAL: Duration = Duration::from_millis(1_000);
/// Minimum pause between two rounds of counting, in which requests get the store.
const COUNT_PAUSE: Duration = Duration::from_millis(200);

/// Interval at which a hall tries to hand on.
const HAND_OVER_INTERVAL: Duration = Duration::from_secs(30);
/// Interval at which it is stored when devices were seen.
const SEEN_INTERVAL: Duration = Duration::from_secs(30);
/// Interval at which the audit's state goes into the log, if it changed.
const AUDIT_INTERVAL: Duration = Duration::from_secs(15 * 60);
/// Interval at which unfinished photos are looked for.
const STALE_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// Interval at which it is looked whether people are to be erased.
const ERASE_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// Time after which an unfinished photo is dropped, in milliseconds.
const UNFINISHED_MS: i64 = quota::UNFINISHED_DAYS as i64 * 24 * 60 * 60 * 1_000;

/// Runs the loops as long as it is polled.
pub(crate) async fn run(endpoint: Endpoint) {
    tokio::join!(
        sequence(&endpoint),
        count(&endpoint),
        store_seen(&endpoint),
        state_audit(&endpoint),
        drop_stale_photos(&endpoint),
        erase_due(&endpoint),
        hand_over(&endpoint)
    );
}

/// Appends statements to the log.
async fn sequence(endpoint: &Endpoint) {
    loop {
        let wakeup = endpoint.log_wakeup().notified();
        if let Err(error) = endpoint.internal(|endpoint| Ok(endpoint.sequence()?)).await {
            tracing::error!(?error, "cannot append to the log");
        }
        let _ = tokio::time::timeout(LOG_INTERVAL, wakeup).await;
        tokio::time::sleep(LOG_PAUSE).await;
    }
}

/// Lets the counts follow the statements.
async fn count(endpoint: &Endpoint) {
    loop {
        let wakeup = endpoint.count_wakeup().notified();
        if let Err(error) = endpoint.internal(|endpoint| Ok(endpoint.settle_counts()?)).await {
            tracing::error!(?error, "cannot update the counts");
        }
        let _ = tokio::time::timeout(COUNT_INTERVAL, wakeup).await;
        tokio::time::sleep(COUNT_PAUSE).await;
    }
}

/// Hands on what a hall keeps, whenever the endpoint answers.
async fn hand_over(endpoint: &Endpoint) {
    if endpoint.hall().is_none() {
        return;
    }
    loop {
        tokio::time::sleep(HAND_OVER_INTERVAL).await;
        match endpoint.hand_over(None).await {
            Ok(done) if done == HandedOver::default() => {}
            Ok(done) => tracing::info!(?done, "handed on to the endpoint"),
            // In a hall this is the usual state, all evening.
            Err(error @ HandOverError::Unreachable(_)) => {
                tracing::debug!(error = error_chain(&error), "the endpoint cannot be reached");
            }
            Err(error) => tracing::warn!(error = error_chain(&error), "cannot hand on to the endpoint"),
        }
    }
}

/// States the audit for the log.
async fn state_audit(endpoint: &Endpoint) {
    loop {
        tokio::time::sleep(AUDIT_INTERVAL).await;
        let state = |endpoint: &Endpoint| {
            endpoint.state_audit().map_err(|error| Refusal::internal("stating the audit", &error))
        };
        if let Err(error) = endpoint.internal(state).await {
            tracing::error!(?error, "cannot state the audit for the log");
        }
    }
}

/// Stores when devices were seen.
async fn store_seen(endpoint: &Endpoint) {
    loop {
        tokio::time::sleep(SEEN_INTERVAL).await;
        if let Err(error) = endpoint.internal(|endpoint| Ok(endpoint.store_devices_seen()?)).await {
            tracing::error!(?error, "cannot store when devices were seen");
        }
    }
}

/// Erases the personal data of people once the day has come that an admin set.
async fn erase_due(endpoint: &Endpoint) {
    loop {
        match endpoint.internal(|endpoint| Ok(endpoint.erase_people_when_due())).await {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => tracing::info!(count, "people were erased: the day for it has come"),
            Ok(Err(error)) => tracing::error!(error = error_chain(&error), "cannot erase people"),
            Err(error) => tracing::error!(?error, "cannot erase people"),
        }
        tokio::time::sleep(ERASE_INTERVAL).await;
    }
}

/// Drops the unfinished photos that nobody continued.
async fn drop_stale_photos(endpoint: &Endpoint) {
    loop {
        let drop_stale = |endpoint: &Endpoint| {
            Ok(endpoint.photos().drop_stale(endpoint.now_ms().saturating_sub(UNFINISHED_MS))?)
        };
        match endpoint.internal(drop_stale).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "unfinished photos were dropped"),
            Err(error) => tracing::error!(?error, "cannot drop unfinished photos"),
        }
        tokio::time::sleep(STALE_INTERVAL).await;
    }
}
