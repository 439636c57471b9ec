//! Limits how often one address may guess: counts failed attempts in fixed windows.
//!
//! The request rates use the crate `governor`, with the clock of the operating system. This limit does not:
//! an attempt counts only after it failed, which `governor` cannot express, and its windows follow the
//! endpoint's clock, so that tests with virtual time can end them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::network;

/// Maximum number of addresses with a window: about 1 MB. When there are more, the windows that end first are
/// dropped.
const ADDRESSES_MAX: usize = 20_000;

/// Failed attempts of one kind. An address with too many of them in its window is throttled until the window
/// ends.
#[derive(Debug)]
pub(crate) struct FailedAttempts {
    failures_max: u32,
    window_ms: i64,
    by_address: Mutex<HashMap<Option<IpAddr>, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends_at_ms: i64,
    failures: u32,
}

impl FailedAttempts {
    /// Allows `failures_max` failures of one address within `window_ms`.
    pub(crate) fn new(failures_max: u32, window_ms: i64) -> Self {
        Self { failures_max, window_ms, by_address: Mutex::default() }
    }

    /// The time until `address` may try again; `None` when it may try now.
    pub(crate) fn wait_ms(&self, address: Option<IpAddr>, now_ms: i64) -> Option<i64> {
        let windows = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(&network(address))?;
        (window.failures >= self.failures_max && window.ends_at_ms > now_ms)
            .then(|| window.ends_at_ms - now_ms)
    }

    /// Counts a failure of `address`.
    pub(crate) fn record(&self, address: Option<IpAddr>, now_ms: i64) {
        let mut windows = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let address = network(address);
        if windows.len() >= ADDRESSES_MAX && !windows.contains_key(&address) {
            make_room(&mut windows, now_ms);
        }
        let fresh = Window { ends_at_ms: now_ms + self.window_ms, failures: 0 };
        let window = windows.entry(address).or_insert(fresh);
        if window.ends_at_ms <= now_ms {
            *window = fresh;
        }
        window.failures = window.failures.saturating_add(1);
    }
}

/// Drops the windows that have ended, or else the tenth that ends first. A flood of addresses then pushes out
/// older windows a few at a time, and never all of them at once.
fn make_room(windows: &mut HashMap<Option<IpAddr>, Window>, now_ms: i64) {
    windows.retain(|_, window| window.ends_at_ms > now_ms);
    if windows.len() < ADDRESSES_MAX {
        return;
    }
    let mut ends: Vec<i64> = windows.values().map(|window| window.ends_at_ms).collect();
    let (_, latest_dropped, _) = ends.select_nth_unstable(ADDRESSES_MAX / 10);
    let latest_dropped = *latest_dropped;
    let mut to_drop = ADDRESSES_MAX / 10;
    windows.retain(|_, window| {
        let is_dropped = to_drop > 0 && window.ends_at_ms <= latest_dropped;
        to_drop -= usize::from(is_dropped);
        !is_dropped
    });
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn an_address_that_failed_too_often_waits_until_its_window_ends() {
        let attempts = FailedAttempts::new(2, 1_000);
        let (one, other) = (Some("192.0.2.1".parse().unwrap()), Some("192.0.2.2".parse().unwrap()));
        attempts.record(one, 0);
        assert_eq!(attempts.wait_ms(one, 0), None);
        attempts.record(one, 400);
        assert_eq!(attempts.wait_ms(one, 400), Some(600));
        assert_eq!(attempts.wait_ms(other, 400), None);
        assert_eq!(attempts.wait_ms(one, 1_000), None);
        attempts.record(one, 1_000);
        assert_eq!(attempts.wait_ms(one, 1_000), None, "a new window starts at zero");
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_are_one() {
        let attempts = FailedAttempts::new(1, 1_000);
        attempts.record(Some("2001:db8::1".parse().unwrap()), 0);
        assert!(attempts.wait_ms(Some("2001:db8::2".parse().unwrap()), 0).is_some());
        assert!(attempts.wait_ms(Some("2001:db8:0:1::1".parse().unwrap()), 0).is_none());
    }

    #[test]
    fn a_flood_of_addresses_does_not_free_one_that_failed_lately() {
        let attempts = FailedAttempts::new(1, 1_000_000);
        let address = |number: u32| Some(IpAddr::V4(Ipv4Addr::from_bits(number)));
        let count = u32::try_from(ADDRESSES_MAX).unwrap();
        for number in 0..count {
            attempts.record(address(number), i64::from(number));
        }
        attempts.record(address(count), i64::from(count));
        let now_ms = i64::from(count) + 1;
        assert_eq!(attempts.wait_ms(address(0), now_ms), None, "the oldest window made room");
        assert!(attempts.wait_ms(address(count - 1), now_ms).is_some());
        assert!(attempts.wait_ms(address(count), now_ms).is_some());
        assert!(attempts.by_address.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
