//! When to try again: exponential backoff with full jitter and a maximum.

/// Upper bound of the first delay, in milliseconds.
const BASE_MS: u64 = 2_000;
/// Maximum delay after a failure, in milliseconds.
pub(crate) const LONGEST_MS: i64 = 5 * 60_000;
/// Minimum delay, in milliseconds. Without it, jitter could make a device flood the endpoint.
const SHORTEST_MS: u64 = 500;

/// The delay after `attempts` consecutive failures (from 1), in milliseconds. `jitter` is a random number.
pub(crate) fn delay_ms(attempts: u32, jitter: u64) -> i64 {
    let longest = LONGEST_MS.unsigned_abs();
    let bound = BASE_MS.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(longest);
    let delay = SHORTEST_MS + jitter % (bound - SHORTEST_MS + 1);
    i64::try_from(delay).unwrap_or(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_their_maximum_and_are_never_below_the_minimum() {
        for attempts in 1..100 {
            for jitter in [0, 1, 12_345, u64::MAX] {
                assert!((500..=LONGEST_MS).contains(&delay_ms(attempts, jitter)));
            }
        }
        assert!(delay_ms(1, 1_999_999) <= 2_000);
        assert_eq!(delay_ms(50, 299_500), LONGEST_MS);
    }
}
