//! How probable it is that luck alone makes differences point one way: the sign test. Pure.

/// Differences in favour of a choice and against it, and how probable such an uneven split is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Signs {
    /// Stations at which the official result has more.
    pub(crate) more: u32,
    /// Stations at which it has fewer.
    pub(crate) fewer: u32,
}

impl Signs {
    pub(crate) fn add(&mut self, difference: i64) {
        match difference {
            0 => {}
            1.. => self.more += 1,
            _ => self.fewer += 1,
        }
    }

    pub(crate) fn all(self) -> u32 {
        self.more + self.fewer
    }

    /// The probability that honest slips, which go either way equally often, split at least so unevenly: the
    /// two-sided sign test.
    pub(crate) fn probability(self) -> f64 {
        let all = self.all();
        let smaller = self.more.min(self.fewer);
        let tail: f64 = (0..=smaller).map(|heads| probability_of(all, heads)).sum();
        (2.0 * tail).min(1.0)
    }
}

/// The probability of `heads` in `all` throws of a fair coin, by logarithms: 2^-1000 is no number.
fn probability_of(all: u32, heads: u32) -> f64 {
    let log_ways = log_factorial(all) - log_factorial(heads) - log_factorial(all - heads);
    (log_ways - f64::from(all) * std::f64::consts::LN_2).exp()
}

/// Above this, Stirling's series is as exact as the sum.
const SUMMED_MAX: u32 = 256;

fn log_factorial(number: u32) -> f64 {
    if number <= SUMMED_MAX {
        return (2..=number).map(|factor| f64::from(factor).ln()).sum();
    }
    let x = f64::from(number);
    x * x.ln() - x + 0.5 * (std::f64::consts::TAU * x).ln() + 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probability(more: u32, fewer: u32) -> f64 {
        Signs { more, fewer }.probability()
    }

    #[test]
    fn the_probability_is_that_of_a_fair_coin() {
        for (more, fewer, expected) in [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (5, 5, 1.0),
            (10, 0, 2.0 / 1024.0),
            (0, 10, 2.0 / 1024.0),
            (9, 1, 22.0 / 1024.0),
            (8, 2, 112.0 / 1024.0),
        ] {
            let found = probability(more, fewer);
            assert!((found - expected).abs() < 1e-12, "{more} to {fewer}: {found}, not {expected}");
        }
    }

    #[test]
    fn many_stations_are_no_trouble() {
        let even = probability(400_000, 400_000);
        assert!((0.99..=1.0).contains(&even), "{even}");
        // 5,150 of 10,000 is three standard deviations away.
        let uneven = probability(5_150, 4_850);
        assert!((0.0026..0.0029).contains(&uneven), "{uneven}");
        assert!(probability(100_000, 0) < 1e-300);
    }
}
