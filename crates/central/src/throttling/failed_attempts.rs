//! Limits how often one client may fail: counts the failures of a network or a device in fixed windows.
//!
//! The request rates use the crate `governor`, with the clock of the operating system. This limit does not:
//! an attempt counts only after it failed, which `governor` cannot express, and its windows follow the
//! endpoint's clock, so that tests with virtual time can end them.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Maximum number of clients with a window: about 1 MB. When there are more, the windows that end first are
/// dropped.
const CLIENTS_MAX: usize = 20_000;

/// Failed attempts of one kind. A client with too many of them in its window is throttled until the window
/// ends.
#[derive(Debug)]
pub(crate) struct FailedAttempts<K> {
    failures_max: u32,
    window_ms: i64,
    by_client: Mutex<HashMap<K, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends_at_ms: i64,
    failures: u32,
}

impl<K: Eq + Hash> FailedAttempts<K> {
    /// Allows `failures_max` failures of one client within `window_ms`.
    pub(crate) fn new(failures_max: u32, window_ms: i64) -> Self {
        Self { failures_max, window_ms, by_client: Mutex::default() }
    }

    /// The time until `client` may try again; `None` when it may try now.
    pub(crate) fn wait_ms(&self, client: &K, now_ms: i64) -> Option<i64> {
        let windows = self.by_client.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(client)?;
        (window.failures >= self.failures_max && window.ends_at_ms > now_ms)
            .then(|| window.ends_at_ms - now_ms)
    }

    /// Counts failures of `client`.
    pub(crate) fn record(&self, client: K, failures: u32, now_ms: i64) {
        let mut windows = self.by_client.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= CLIENTS_MAX && !windows.contains_key(&client) {
            make_room(&mut windows, now_ms);
        }
        let fresh = Window { ends_at_ms: now_ms + self.window_ms, failures: 0 };
        let window = windows.entry(client).or_insert(fresh);
        if window.ends_at_ms <= now_ms {
            *window = fresh;
        }
        window.failures = window.failures.saturating_add(failures);
    }
}

/// Drops the windows that have ended, or else the tenth that ends first. A flood of clients then pushes out
/// older windows a few at a time, and never all of them at once.
fn make_room<K: Eq + Hash>(windows: &mut HashMap<K, Window>, now_ms: i64) {
    windows.retain(|_, window| window.ends_at_ms > now_ms);
    if windows.len() < CLIENTS_MAX {
        return;
    }
    let mut ends: Vec<i64> = windows.values().map(|window| window.ends_at_ms).collect();
    let (_, latest_dropped, _) = ends.select_nth_unstable(CLIENTS_MAX / 10);
    let latest_dropped = *latest_dropped;
    let mut to_drop = CLIENTS_MAX / 10;
    windows.retain(|_, window| {
        let is_dropped = to_drop > 0 && window.ends_at_ms <= latest_dropped;
        to_drop -= usize::from(is_dropped);
        !is_dropped
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_failed_too_often_waits_until_its_window_ends() {
        let attempts = FailedAttempts::new(2, 1_000);
        let (one, other) = (1, 2);
        attempts.record(one, 1, 0);
        assert_eq!(attempts.wait_ms(&one, 0), None);
        attempts.record(one, 1, 400);
        assert_eq!(attempts.wait_ms(&one, 400), Some(600));
        assert_eq!(attempts.wait_ms(&other, 400), None);
        assert_eq!(attempts.wait_ms(&one, 1_000), None);
        attempts.record(one, 1, 1_000);
        assert_eq!(attempts.wait_ms(&one, 1_000), None, "a new window starts at zero");
    }

    #[test]
    fn a_flood_of_clients_does_not_free_one_that_failed_lately() {
        let attempts = FailedAttempts::new(1, 1_000_000);
        let count = u32::try_from(CLIENTS_MAX).unwrap();
        for number in 0..count {
            attempts.record(number, 1, i64::from(number));
        }
        attempts.record(count, 1, i64::from(count));
        let now_ms = i64::from(count) + 1;
        assert_eq!(attempts.wait_ms(&0, now_ms), None, "the oldest window made room");
        assert!(attempts.wait_ms(&(count - 1), now_ms).is_some());
        assert!(attempts.wait_ms(&count, now_ms).is_some());
        assert!(attempts.by_client.lock().unwrap().len() <= CLIENTS_MAX);
    }
}
