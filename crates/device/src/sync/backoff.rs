//! When to try again: exponential backoff with full jitter and an upper bound.

/// The first delay's upper bound, in milliseconds.
const BASE_MS: u64 = 2_000;
/// No delay after a fault is longer.
pub(super) const LONGEST_MS: i64 = 5 * 60_000;
/// No delay is shorter, so that chance cannot hammer the endpoint.
const SHORTEST_MS: u64 = 500;

/// How long to wait after `attempts` faults in a row (from 1), in milliseconds. `draw` is a random number.
pub(super) fn delay_ms(attempts: u32, draw: u64) -> i64 {
    let longest = LONGEST_MS.unsigned_abs();
    let bound = BASE_MS.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(longest);
    let delay = SHORTEST_MS + draw % (bound - SHORTEST_MS + 1);
    i64::try_from(delay).unwrap_or(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_their_bound_and_never_below_the_shortest() {
        for attempts in 1..100 {
            for draw in [0, 1, 12_345, u64::MAX] {
                assert!((500..=LONGEST_MS).contains(&delay_ms(attempts, draw)));
            }
        }
        assert!(delay_ms(1, 1_999_999) <= 2_000);
        assert_eq!(delay_ms(50, 299_500), LONGEST_MS);
    }
}
