//! Rates at which one address may send requests, and one device statements.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use evidence::DeviceId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::network;

/// Number of keys above which the keys that are back at their full rate are dropped.
const KEYS_MAX: usize = 100_000;
/// Requests of one token in a minute, beyond the first. A newsroom asks for the sums of some regions every
/// few seconds.
const TOKEN_FURTHER: u32 = 119;
/// Wait for a device that sends more in one push than a minute allows.
const OVERSIZED_WAIT_MS: i64 = 60_000;

/// The kind of client whose rate a request counts for. A flood of one kind does not use up the rate of
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateClass {
    Device,
    Console,
    /// Files of the console.
    Files,
    Stranger,
    /// Programs of others, with a token.
    Open,
    /// Checks of load balancers.
    Health,
}

/// Maximum rates of requests.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Maximum number of requests from one address in a second. Many phones share one address of a mobile
    /// operator.
    pub requests_of_address: NonZeroU32,
    /// Maximum number of statements of one device from one address in a minute. A witness seals a few dozen
    /// in a night.
    pub statements_of_device: NonZeroU32,
}

impl Default for Rates {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self { requests_of_address: number(400), statements_of_device: number(600) }
    }
}

/// The requests and statements of the last moments, by client.
pub(crate) struct RateLimits {
    /// Units that a network may use at once.
    burst: NonZeroU32,
    addresses: DefaultKeyedRateLimiter<(RateClass, Option<IpAddr>)>,
    /// Statements whose signature holds, from all addresses.
    verified: DefaultKeyedRateLimiter<DeviceId>,
    /// Also by address: a client that names the device of another one uses up nothing of that one's rate.
    devices: DefaultKeyedRateLimiter<(DeviceId, Option<IpAddr>)>,
    /// Requests with a token, by its number.
    tokens: DefaultKeyedRateLimiter<i64>,
}

impl RateLimits {
    pub(crate) fn new(rates: Rates) -> Self {
        let second = Quota::per_second(rates.requests_of_address);
        // A burst of five seconds: an app that comes back online sends several requests at once.
        let burst = rates.requests_of_address.saturating_mul(NonZeroU32::MIN.saturating_add(4));
        Self {
            burst,
            addresses: RateLimiter::keyed(second.allow_burst(burst)),
            verified: RateLimiter::keyed(Quota::per_minute(rates.statements_of_device)),
            devices: RateLimiter::keyed(Quota::per_minute(rates.statements_of_device)),
            tokens: RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN.saturating_add(TOKEN_FURTHER))),
        }
    }

    /// Counts a request of `cost` units. Gives the time to wait when the address is above its rate of this
    /// class.
    pub(crate) fn request_wait_ms(
        &self,
        class: RateClass,
        address: Option<IpAddr>,
        cost: NonZeroU32,
    ) -> Option<i64> {
        if self.addresses.len() > KEYS_MAX {
            self.addresses.retain_recent();
        }
        // With a low rate a heavy request may cost more than the burst. It then takes all of it.
        match self.addresses.check_key_n(&(class, network(address)), cost.min(self.burst)) {
            Ok(Ok(())) => None,
            Ok(Err(not_yet)) => Some(milliseconds(not_yet.wait_time_from(DefaultClock::default().now()))),
            // Cannot be: a request costs the burst at most.
            Err(_) => Some(OVERSIZED_WAIT_MS),
        }
    }

    /// Counts statements. Gives the time to wait when the device is above its rate.
    pub(crate) fn statements_wait_ms(
        &self,
        device: DeviceId,
        address: Option<IpAddr>,
        count: usize,
    ) -> Option<i64> {
        if self.devices.len() > KEYS_MAX {
            self.devices.retain_recent();
        }
        let count = u32::try_from(count).ok().and_then(NonZeroU32::new)?;
        match self.devices.check_key_n(&(device, network(address)), count) {
            Ok(Ok(())) => None,
            Ok(Err(not_yet)) => Some(milliseconds(not_yet.wait_time_from(DefaultClock::default().now()))),
            Err(_) => Some(OVERSIZED_WAIT_MS),
        }
    }

    /// Counts a request with a token. Gives the time to wait when it is above its rate.
    pub(crate) fn token_wait_ms(&self, token: i64) -> Option<i64> {
        match self.tokens.check_key(&token) {
            Ok(()) => None,
            Err(not_yet) => Some(milliseconds(not_yet.wait_time_from(DefaultClock::default().now()))),
        }
    }

    /// Counts statements whose signatures hold, from whatever address. Gives the time to wait when the device
    /// is above its rate.
    pub(crate) fn verified_wait_ms(&self, device: DeviceId, count: usize) -> Option<i64> {
        if self.verified.len() > KEYS_MAX {
            self.verified.retain_recent();
        }
        let count = u32::try_from(count).ok().and_then(NonZeroU32::new)?;
        match self.verified.check_key_n(&device, count) {
            Ok(Ok(())) => None,
            Ok(Err(not_yet)) => Some(milliseconds(not_yet.wait_time_from(DefaultClock::default().now()))),
            Err(_) => Some(OVERSIZED_WAIT_MS),
        }
    }
}

fn milliseconds(wait: Duration) -> i64 {
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
}
