//! A time that a device signed.

/// The first second of the year 2000.
const PLAUSIBLE_FROM_S: i64 = 946_684_800;
/// The first second of the year 2200.
const PLAUSIBLE_UNTIL_S: i64 = 7_258_118_400;

/// Time of sealing by the device's clock. Device clocks can be wrong, and a device can sign any number: the
/// time is only shown, never sorted or calculated with. Nobody gets it without a decision about implausible
/// times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SealedAt(i64);

impl SealedAt {
    /// The signed number: seconds since 1970.
    pub fn new(signed_s: i64) -> Self {
        Self(signed_s)
    }

    /// The signed number, which can be any. It is for writing the statement again, not for showing.
    pub fn signed_s(self) -> i64 {
        self.0
    }

    /// The time in seconds since 1970. `None` outside the years 2000 to 2199: the device's clock was wrong.
    pub fn plausible_s(self) -> Option<i64> {
        (PLAUSIBLE_FROM_S..PLAUSIBLE_UNTIL_S).contains(&self.0).then_some(self.0)
    }

    /// Like [`Self::plausible_s`], in milliseconds.
    pub fn plausible_ms(self) -> Option<i64> {
        self.plausible_s().map(|seconds| seconds * 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_outside_2000_to_2199_is_no_time() {
        for wrong in [i64::MIN, -1, 0, PLAUSIBLE_FROM_S - 1, PLAUSIBLE_UNTIL_S, i64::MAX] {
            assert_eq!(SealedAt::new(wrong).plausible_ms(), None);
        }
        assert_eq!(SealedAt::new(1_796_821_200).plausible_ms(), Some(1_796_821_200_000));
    }
}
