//! Keeps the sync running: a sync that panics, or that has no transport, is started again.

use std::sync::Arc;
use std::time::Duration;

use super::call::Transport;
use super::driver::run;
use crate::Device;
use crate::error::{DeviceError, error_chain};

/// Delay before the sync is started again. It doubles with each failure.
#[derive(Debug, Clone, Copy)]
pub struct RestartDelay {
    pub first: Duration,
    pub longest: Duration,
}

impl Default for RestartDelay {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(5 * 60) }
    }
}

impl RestartDelay {
    /// The delay after the given number of consecutive failures, from 1.
    fn after(self, failures: u32) -> Duration {
        let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(factor).min(self.longest)
    }
}

/// Runs the sync for as long as it is polled, each time in a task of its own and with a new transport.
/// Everything that the sync must not forget is on disk, so a new task continues where the last one stopped.
/// Dropping the future ends the task.
pub async fn supervise<T: Transport + 'static>(
    device: Arc<Device>,
    transport: impl Fn() -> Result<T, DeviceError>,
    changed: Arc<dyn Fn() + Send + Sync>,
    delay: RestartDelay,
) {
    let mut failures = 0_u32;
    loop {
        let begun = tokio::time::Instant::now();
        let reason = match transport() {
            Ok(transport) => run_in_a_task(&device, transport, &changed).await,
            Err(error) => error_chain(&error),
        };
        // A task that ran for long shows that the last failure is over.
        failures = if begun.elapsed() > delay.longest { 1 } else { failures.saturating_add(1) };
        let wait = delay.after(failures);
        tracing::error!(reason, failures, ?wait, "the sync has stopped and will be started again");
        tokio::time::sleep(wait).await;
    }
}

/// Runs the sync until it panics, and returns the reason.
async fn run_in_a_task<T: Transport + 'static>(
    device: &Arc<Device>,
    transport: T,
    changed: &Arc<dyn Fn() + Send + Sync>,
) -> String {
    let (device, changed) = (Arc::clone(device), Arc::clone(changed));
    let mut task = tokio::task::JoinSet::new();
    task.spawn(async move { run(&device, &transport, || changed()).await });
    match task.join_next().await {
        Some(Err(error)) => error.to_string(),
        Some(Ok(())) | None => "it has ended without an error".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_its_maximum() {
        let delay = RestartDelay::default();
        assert_eq!([1, 2, 3].map(|failures| delay.after(failures).as_secs()), [1, 2, 4]);
        assert_eq!(delay.after(u32::MAX), delay.longest);
    }
}
