//! Slows down guessing: counts failed attempts by address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Most addresses that are remembered. Beyond it the ones whose time is up go first, then all.
const ADDRESSES_MAX: usize = 20_000;

/// Failed attempts of one kind. An address that failed too often within the window is turned away until it ends.
#[derive(Debug)]
pub(crate) struct FailedAttempts {
    most: u32,
    window_ms: i64,
    by_address: Mutex<HashMap<Option<IpAddr>, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends_at_ms: i64,
    failures: u32,
}

impl FailedAttempts {
    /// At most `most` failures of an address within `window_ms`.
    pub(crate) fn new(most: u32, window_ms: i64) -> Self {
        Self { most, window_ms, by_address: Mutex::default() }
    }

    /// In how many milliseconds `address` may try again; `None` when it may now.
    pub(crate) fn wait_ms(&self, address: Option<IpAddr>, now_ms: i64) -> Option<i64> {
        let windows = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(&network(address))?;
        (window.failures >= self.most && window.ends_at_ms > now_ms).then(|| window.ends_at_ms - now_ms)
    }

    /// `address` failed once more.
    pub(crate) fn failed(&self, address: Option<IpAddr>, now_ms: i64) {
        let mut windows = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= ADDRESSES_MAX {
            windows.retain(|_, window| window.ends_at_ms > now_ms);
        }
        if windows.len() >= ADDRESSES_MAX {
            windows.clear();
        }
        let fresh = Window { ends_at_ms: now_ms + self.window_ms, failures: 0 };
        let window = windows.entry(network(address)).or_insert(fresh);
        if window.ends_at_ms <= now_ms {
            *window = fresh;
        }
        window.failures = window.failures.saturating_add(1);
    }
}

/// Whoever has one IPv6 address has a whole /64 of them.
pub(crate) fn network(address: Option<IpAddr>) -> Option<IpAddr> {
    match address {
        Some(IpAddr::V6(six)) if six.to_ipv4_mapped().is_none() => {
            Some(IpAddr::V6((six.to_bits() >> 64 << 64).into()))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_failed_too_often_waits_until_its_window_ends() {
        let attempts = FailedAttempts::new(2, 1_000);
        let (one, other) = (Some("192.0.2.1".parse().unwrap()), Some("192.0.2.2".parse().unwrap()));
        attempts.failed(one, 0);
        assert_eq!(attempts.wait_ms(one, 0), None);
        attempts.failed(one, 400);
        assert_eq!(attempts.wait_ms(one, 400), Some(600));
        assert_eq!(attempts.wait_ms(other, 400), None);
        assert_eq!(attempts.wait_ms(one, 1_000), None);
        attempts.failed(one, 1_000);
        assert_eq!(attempts.wait_ms(one, 1_000), None, "a new window starts from nothing");
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_are_one() {
        let attempts = FailedAttempts::new(1, 1_000);
        attempts.failed(Some("2001:db8::1".parse().unwrap()), 0);
        assert!(attempts.wait_ms(Some("2001:db8::2".parse().unwrap()), 0).is_some());
        assert!(attempts.wait_ms(Some("2001:db8:0:1::1".parse().unwrap()), 0).is_none());
    }
}
