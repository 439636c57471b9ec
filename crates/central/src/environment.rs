//! What the endpoint takes from outside itself: the time and randomness.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

type Clock = dyn Fn() -> i64 + Send + Sync;
type Randomness = dyn Fn(&mut [u8]) -> io::Result<()> + Send + Sync;

/// A clock and a source of random bytes.
#[derive(Clone)]
pub struct Outside {
    clock: Arc<Clock>,
    randomness: Arc<Randomness>,
}

impl Outside {
    /// A clock that tells milliseconds since 1970 (UTC), and a source that fills a slice with random bytes.
    pub fn new(
        clock: impl Fn() -> i64 + Send + Sync + 'static,
        randomness: impl Fn(&mut [u8]) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { clock: Arc::new(clock), randomness: Arc::new(randomness) }
    }

    /// The operating system's.
    pub fn of_this_machine() -> Self {
        Self::new(
            || {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            },
            |bytes| getrandom::fill(bytes).map_err(io::Error::other),
        )
    }

    /// Milliseconds since 1970 (UTC).
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        (self.randomness)(&mut bytes)?;
        Ok(bytes)
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outside")
    }
}
