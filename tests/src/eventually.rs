//! Waiting for a condition. The condition ends the wait; the time limit only ends a test that hangs.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Watchdog of every wait. It is far above what any step takes on a slow, busy machine, so that it ends only
/// what hangs.
pub const WATCHDOG: Duration = Duration::from_secs(180);
/// Interval at which a condition without an event is polled.
pub const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Polls `condition` until it gives a value.
///
/// # Errors
/// When `condition` fails, or gives no value before the [`WATCHDOG`] ends; the message names `what`.
pub fn eventually<T>(what: &str, condition: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    eventually_within(WATCHDOG, what, condition)
}

/// The same with another watchdog, for tests of the wait itself and for work that takes minutes.
///
/// # Errors
/// When `condition` fails, or gives no value within `limit`.
pub fn eventually_within<T>(
    limit: Duration,
    what: &str,
    mut condition: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(value) = condition()? {
            return Ok(value);
        }
        if Instant::now() >= end {
            bail!("waited {limit:?} in vain: {what}");
        }
        std::thread::sleep(POLL_INTERVAL);
    }
}

/// Polls an asynchronous `condition` until it gives a value.
///
/// # Errors
/// When `condition` fails, or gives no value before the [`WATCHDOG`] ends; the message names `what`.
pub async fn eventually_async<T>(
    what: &str,
    mut condition: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + WATCHDOG;
    loop {
        if let Some(value) = condition().await? {
            return Ok(value);
        }
        if Instant::now() >= end {
            bail!("waited {WATCHDOG:?} in vain: {what}");
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_polled_until_it_gives_a_value() {
        let mut polls = 0;
        let value = eventually("the third poll", || {
            polls += 1;
            Ok((polls == 3).then_some(polls))
        });
        assert_eq!(value.unwrap(), 3);
    }

    #[test]
    fn a_wait_in_vain_names_what_it_waited_for() {
        let error = eventually_within(Duration::ZERO, "the sun", || Ok(None::<()>)).unwrap_err();
        assert!(error.to_string().contains("the sun"), "{error}");
    }
}
