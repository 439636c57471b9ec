//! What a device takes from the world around it: the time and chance. Tests and the simulator bring their own.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::keystore::Keystore;

/// A clock. It may be wrong, and it may jump.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 (UTC).
    fn now_ms(&self) -> i64;
}

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes`; fails where the system has no randomness to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The system has no randomness to give.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the system gave no random bytes: {0}")]
pub struct RandomError(pub String);

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }
}

/// The system's randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|error| RandomError(error.to_string()))
    }
}

/// Time, chance and a place for secrets, as a device is given them.
#[derive(Clone)]
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// The platform's place for secrets.
    pub keystore: Arc<dyn Keystore>,
}

impl Outside {
    /// The system's own, with the keystore that the shell knows how to reach.
    pub fn system(keystore: Arc<dyn Keystore>) -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), keystore }
    }
}
