//! Limits how fast a password can be guessed: failed logins by account and network, with a delay that grows.
//!
//! A delay holds for one account from one network. A wrong password of one user therefore never delays
//! another user, also not behind the same address of a mobile operator; and nobody can lock an account out
//! from another network. If many networks guess at one account, the first failure from each further network
//! already brings a delay.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::network;

/// Number of failures without a delay.
const FREE_FAILURES: u32 = 5;
/// Delay after the first failure that is not free. Each further failure doubles it.
const FIRST_DELAY_MS: i64 = 2_000;
/// Maximum delay: 15 minutes.
const DELAY_MAX_MS: i64 = 15 * 60 * 1_000;
/// Time after the last failure at which failures are forgotten: one hour, four times the longest delay.
const FORGET_MS: i64 = 4 * DELAY_MAX_MS;
/// Number of failures of one account, from all networks, above which it counts as being guessed.
const GUESSED_FAILURES: u32 = 30;
/// Delay after the first failure from a network while the account is being guessed.
const GUESSED_DELAY_MS: i64 = 30_000;
/// Maximum number of remembered pairs of account and network, and of accounts: about 4 MB. When there are
/// more, the oldest failures are forgotten.
const REMEMBERED_MAX: usize = 20_000;

/// The failed logins of the last hour.
#[derive(Debug, Default)]
pub(crate) struct FailedLogins {
    remembered: Mutex<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    by_network: HashMap<(String, Option<IpAddr>), Failures>,
    by_account: HashMap<String, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last_at_ms: i64,
    /// Time until which attempts are refused.
    until_ms: i64,
}

impl FailedLogins {
    /// The time until this account may be tried again from this network; `None` when it may be tried now.
    /// `now_ms` is monotonic.
    pub(crate) fn wait_ms(&self, account: &str, address: Option<IpAddr>, now_ms: i64) -> Option<i64> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = remembered.by_network.get(&(account.to_owned(), network(address)))?;
        (failures.until_ms > now_ms).then(|| failures.until_ms - now_ms)
    }

    /// Counts a failure. Returns the number of failures of the account from this network.
    pub(crate) fn record(&self, account: &str, address: Option<IpAddr>, now_ms: i64) -> u32 {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let of_account = add(&mut remembered.by_account, account.to_owned(), now_ms).count;
        let key = (account.to_owned(), network(address));
        let failures = add(&mut remembered.by_network, key, now_ms);
        failures.until_ms = now_ms + delay_ms(failures.count, of_account);
        failures.count
    }

    /// Number of failures of an account lately, from all networks.
    pub(crate) fn failures(&self, account: &str, now_ms: i64) -> u32 {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |failures: &&Failures| failures.last_at_ms + FORGET_MS > now_ms;
        remembered.by_account.get(account).filter(recent).map_or(0, |failures| failures.count)
    }

    /// Forgets the failures of an account from a network, after a login.
    pub(crate) fn forget(&self, account: &str, address: Option<IpAddr>) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.by_network.remove(&(account.to_owned(), network(address)));
    }
}

fn delay_ms(failures: u32, failures_of_account: u32) -> i64 {
    let doubled = |first_ms: i64, times: u32| {
        let factor = 1_i64.checked_shl(times.min(30)).unwrap_or(i64::MAX);
        first_ms.saturating_mul(factor).min(DELAY_MAX_MS)
    };
    if failures_of_account > GUESSED_FAILURES {
        doubled(GUESSED_DELAY_MS, failures.saturating_sub(1))
    } else if failures < FREE_FAILURES {
        0
    } else {
        doubled(FIRST_DELAY_MS, failures - FREE_FAILURES)
    }
}

/// Counts a failure under `key`.
fn add<K: std::hash::Hash + Eq>(by_key: &mut HashMap<K, Failures>, key: K, now_ms: i64) -> &mut Failures {
    if by_key.len() >= REMEMBERED_MAX && !by_key.contains_key(&key) {
        make_room(by_key, now_ms);
    }
    let fresh = Failures { count: 0, last_at_ms: now_ms, until_ms: now_ms };
    let failures = by_key.entry(key).or_insert(fresh);
    if failures.last_at_ms + FORGET_MS <= now_ms {
        *failures = fresh;
    }
    failures.count = failures.count.saturating_add(1);
    failures.last_at_ms = now_ms;
    failures
}

/// Drops what is forgotten, or else the older half. An attacker with many names then pushes out old failures
/// first.
fn make_room<K: std::hash::Hash + Eq>(by_key: &mut HashMap<K, Failures>, now_ms: i64) {
    by_key.retain(|_, failures| failures.last_at_ms + FORGET_MS > now_ms);
    if by_key.len() < REMEMBERED_MAX {
        return;
    }
    let mut times: Vec<i64> = by_key.values().map(|failures| failures.last_at_ms).collect();
    let (_, median, _) = times.select_nth_unstable(REMEMBERED_MAX / 2);
    let median = *median;
    by_key.retain(|_, failures| failures.last_at_ms > median);
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(number: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(Ipv4Addr::from_bits(number)))
    }

    #[test]
    fn the_delay_grows_and_holds_for_one_account_from_one_network() {
        let logins = FailedLogins::default();
        for _ in 0..FREE_FAILURES - 1 {
            logins.record("rini", address(1), 0);
        }
        assert_eq!(logins.wait_ms("rini", address(1), 0), None);
        logins.record("rini", address(1), 0);
        assert_eq!(logins.wait_ms("rini", address(1), 0), Some(2_000));
        assert_eq!(logins.wait_ms("budi", address(1), 0), None, "another user behind the same address");
        assert_eq!(logins.wait_ms("rini", address(2), 0), None, "the same user elsewhere");
        logins.record("rini", address(1), 2_000);
        assert_eq!(logins.wait_ms("rini", address(1), 2_000), Some(4_000));
        for _ in 0..40 {
            logins.record("rini", address(1), 2_000);
        }
        assert_eq!(logins.wait_ms("rini", address(1), 2_000), Some(DELAY_MAX_MS));
        assert_eq!(logins.record("rini", address(1), 2_000 + FORGET_MS), 1, "an hour later it starts again");
    }

    #[test]
    fn guesses_from_many_networks_get_one_attempt_each_and_the_user_still_comes_in() {
        let logins = FailedLogins::default();
        for number in 0..=GUESSED_FAILURES {
            logins.record("rini", address(number), 0);
        }
        assert_eq!(logins.wait_ms("rini", address(1_000), 0), None, "her own network has not failed");
        logins.record("rini", address(1_000), 0);
        assert_eq!(logins.wait_ms("rini", address(1_000), 0), Some(GUESSED_DELAY_MS));
    }

    #[test]
    fn a_login_forgets_the_failures_before_it() {
        let logins = FailedLogins::default();
        for _ in 0..10 {
            logins.record("rini", address(1), 0);
        }
        logins.forget("rini", address(1));
        assert_eq!(logins.wait_ms("rini", address(1), 0), None);
    }

    #[test]
    fn a_flood_of_names_does_not_use_memory_without_end() {
        let logins = FailedLogins::default();
        for number in 0..3 * REMEMBERED_MAX {
            logins.record(&format!("name-{number}"), address(1), i64::try_from(number).unwrap());
        }
        let remembered = logins.remembered.lock().unwrap();
        assert!(
            remembered.by_network.len() <= REMEMBERED_MAX && remembered.by_account.len() <= REMEMBERED_MAX
        );
    }
}
