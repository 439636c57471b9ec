//! The clock and the source of random bytes that the device and the endpoint receive as arguments.
//!
//! Code that takes an [`Environment`] can run in the simulator, with virtual time and a seeded generator.
//! Tests implement [`Clock`] and [`Rng`] themselves.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A wall clock. It may be wrong, and it may jump in both directions.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z. Negative before that date.
    fn now_ms(&self) -> i64;

    /// Milliseconds since a fixed moment. It never jumps: delays and lockouts are measured with it. A virtual
    /// clock has only one time.
    fn monotonic_ms(&self) -> i64 {
        self.now_ms()
    }
}

/// A source of random bytes. It must be fit for keys, except in tests.
pub trait Rng: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError>;
}

/// The source has no random bytes to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read random bytes from the system: {reason}")]
pub struct RngError {
    /// The reason that the source gave.
    pub reason: String,
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        since_epoch_ms(SystemTime::now())
    }

    fn monotonic_ms(&self) -> i64 {
        static START: OnceLock<Instant> = OnceLock::new();
        let since_start = START.get_or_init(Instant::now).elapsed();
        i64::try_from(since_start.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The random number generator of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        getrandom::fill(bytes).map_err(|error| RngError { reason: error.to_string() })
    }
}

/// A clock and a source of random bytes. Clones share both.
#[derive(Clone)]
pub struct Environment {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of random bytes.
    pub rng: Arc<dyn Rng>,
}

impl Environment {
    /// An environment of the given clock and source.
    pub fn new(clock: impl Clock + 'static, rng: impl Rng + 'static) -> Self {
        Self { clock: Arc::new(clock), rng: Arc::new(rng) }
    }

    /// The clock and the random number generator of the operating system.
    pub fn system() -> Self {
        Self::new(SystemClock, SystemRng)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z. Negative before that date.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Milliseconds since a fixed moment; see [`Clock::monotonic_ms`].
    pub fn monotonic_ms(&self) -> i64 {
        self.clock.monotonic_ms()
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], RngError> {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes)?;
        Ok(bytes)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

/// Times that do not fit into 64 bits become the nearest one that does.
fn since_epoch_ms(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(error) => i64::try_from(error.duration().as_millis()).map_or(i64::MIN, |before| -before),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct FixedClock(i64);

    impl Clock for FixedClock {
        fn now_ms(&self) -> i64 {
            self.0
        }
    }

    struct EmptyRng;

    impl Rng for EmptyRng {
        fn fill(&self, _: &mut [u8]) -> Result<(), RngError> {
            Err(RngError { reason: "no entropy".to_owned() })
        }
    }

    #[test]
    fn a_time_before_1970_is_negative() {
        assert_eq!(since_epoch_ms(UNIX_EPOCH + Duration::from_millis(5)), 5);
        assert_eq!(since_epoch_ms(UNIX_EPOCH - Duration::from_millis(5)), -5);
    }

    #[test]
    fn an_environment_uses_the_clock_and_the_source_that_it_was_given() {
        let environment = Environment::new(FixedClock(-7), EmptyRng);
        assert_eq!(environment.now_ms(), -7);
        assert_eq!(environment.random::<4>().unwrap_err().reason, "no entropy");
    }

    #[test]
    fn two_draws_from_the_system_differ() {
        let environment = Environment::system();
        assert_ne!(environment.random::<32>().unwrap(), environment.random::<32>().unwrap());
    }
}
