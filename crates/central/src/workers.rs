//! The two loops that work behind ingestion: the log's sequencer, and the counter.

use std::time::Duration;

use crate::endpoint::Endpoint;

/// Interval at which the sequencer looks for statements of another process: the command line, or another replica. With
/// the pause, no statement waits longer than a second for its entry in the log.
const LOG_INTERVAL: Duration = Duration::from_millis(900);
/// Minimum pause between two batches of the log. Statements of a burst then share one signature.
const LOG_PAUSE: Duration = Duration::from_millis(100);
/// Interval at which the counter looks for changes of another process.
const COUNT_INTERVAL: Duration = Duration::from_millis(1_000);
/// Minimum pause between two rounds of counting, in which requests get the store.
const COUNT_PAUSE: Duration = Duration::from_millis(200);

/// Runs both loops as long as it is polled.
pub(crate) async fn run(endpoint: Endpoint) {
    tokio::join!(sequence(&endpoint), count(&endpoint));
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
