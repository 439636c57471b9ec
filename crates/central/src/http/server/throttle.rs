//! Back-pressure: who sends too much is told to wait, and what is more than can be done is turned away before it costs
//! anything.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use evidence::DeviceId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::endpoint::Endpoint;
use crate::http::extract::address_of;
use crate::people::failed_attempts::network;
use crate::refusal::Refusal;

/// Keys that are remembered; beyond it those that have been quiet are forgotten.
const KEYS_MAX: usize = 100_000;

/// Whoever is turned away hears of it so late: a flood then comes as slowly as its connections are few, and costs next to
/// nothing.
const TURNED_AWAY_AFTER: Duration = Duration::from_millis(250);

/// How much may be sent in a while.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Requests of devices from one address, a second. Many phones share one address of a mobile operator.
    pub requests_of_address: NonZeroU32,
    /// Statements of one device from one address, a minute. A witness seals a few dozen in a night.
    pub statements_of_device: NonZeroU32,
}

impl Default for Rates {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self { requests_of_address: number(400), statements_of_device: number(600) }
    }
}

/// Who has sent how much lately.
pub(crate) struct Pressure {
    addresses: DefaultKeyedRateLimiter<Option<IpAddr>>,
    /// By address too: whoever names another's device uses up nothing of that one's.
    devices: DefaultKeyedRateLimiter<(DeviceId, Option<IpAddr>)>,
}

impl Pressure {
    pub(crate) fn new(rates: Rates) -> Self {
        let second = Quota::per_second(rates.requests_of_address);
        let burst = rates.requests_of_address.saturating_mul(NonZeroU32::MIN.saturating_add(4));
        Self {
            addresses: RateLimiter::keyed(second.allow_burst(burst)),
            devices: RateLimiter::keyed(Quota::per_minute(rates.statements_of_device)),
        }
    }

    /// In how many milliseconds one more request may come from this address; `None` when it may now.
    fn request_waits_ms(&self, address: Option<IpAddr>) -> Option<i64> {
        if self.addresses.len() > KEYS_MAX {
            self.addresses.retain_recent();
        }
        let not_yet = self.addresses.check_key(&network(address)).err()?;
        Some(milliseconds(not_yet.wait_time_from(DefaultClock::default().now())))
    }

    /// In how many milliseconds so many more statements of this device may come; `None` when they may now.
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
            // More at once than a minute allows: there is no time at which they may.
            Err(_) => Some(60_000),
        }
    }
}

fn milliseconds(wait: Duration) -> i64 {
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
}

/// Turns a request of a device away when its address sends too many.
pub(crate) async fn gate(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    let address = address_of(request.extensions(), request.headers(), &endpoint);
    match endpoint.pressure.request_waits_ms(address) {
        Some(wait_ms) => {
            endpoint.metrics.turned_away();
            tokio::time::sleep(TURNED_AWAY_AFTER).await;
            Refusal::try_later(wait_ms).into_response()
        }
        None => next.run(request).await,
    }
}
