//! The pace at which the bytes of a request or of an answer must move.

use std::time::Duration;

/// The time that a body has, by the number of its bytes that have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Time in which nothing needs to move. A phone on a bad line is silent for some seconds.
    pub grace: Duration,
    /// Least average rate after the grace, in bytes per second.
    pub least_rate: u64,
    /// Time after which only a body goes on that has moved at [`Self::steady_rate`].
    pub deadline: Duration,
    /// Least average rate of a body that takes longer than the deadline, in bytes per second. Bundles of a
    /// station have some 60 MB.
    pub steady_rate: u64,
}

impl Pace {
    /// The pace of a request's body: the slowest 2G line sends more than 256 bytes a second.
    pub const REQUEST: Self = Self {
        grace: Duration::from_secs(20),
        least_rate: 256,
        deadline: Duration::from_secs(180),
        steady_rate: 16 * 1024,
    };
    /// The pace of an answer.
    pub const ANSWER: Self = Self { least_rate: 1024, ..Self::REQUEST };

    /// The time since its start that a body has, when `bytes` of it have moved.
    pub(super) fn time_of(&self, bytes: u64) -> Duration {
        let by_least_rate = self.grace.saturating_add(duration_at(bytes, self.least_rate));
        let by_steady_rate = self.deadline.max(duration_at(bytes, self.steady_rate));
        by_least_rate.min(by_steady_rate)
    }
}

/// The time that `bytes` take at `rate` bytes per second.
fn duration_at(bytes: u64, rate: u64) -> Duration {
    let milliseconds = bytes.saturating_mul(1_000).checked_div(rate).unwrap_or(u64::MAX);
    Duration::from_millis(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_its_grace_then_the_least_rate_and_at_the_deadline_the_steady_rate() {
        let pace = Pace::REQUEST;
        let seconds = |bytes| pace.time_of(bytes).as_secs();
        assert_eq!(seconds(0), 20);
        assert_eq!(seconds(256 * 10), 30);
        assert_eq!(seconds(256 * 1_000), 180, "slow for the whole deadline");
        assert_eq!(seconds(16 * 1024 * 300), 300, "a large file on a steady line");
    }
}
