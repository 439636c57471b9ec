//! The last digits of votes. Where nobody chooses the figures, each digit comes last about as often as any
//! other; people who invent figures prefer some (Beber and Scacco, Political Analysis 20, 2012). Pure.

use statrs::distribution::{ChiSquared, ContinuousCDF as _};

use crate::view::DigitCount;

/// Smaller figures end in low digits by nature.
const FIGURE_MIN: u32 = 100;
/// Fewer figures say nothing: five are expected of each digit, which the test needs.
const FIGURES_MIN: u32 = 50;
/// Ten digits, less one because the last count follows from the others.
const DEGREES_OF_FREEDOM: f64 = 9.0;

/// Counts last digits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastDigits([u32; 10]);

impl LastDigits {
    pub(super) fn add(&mut self, figure: u32) {
        if figure >= FIGURE_MIN {
            self.0[(figure % 10) as usize] += 1;
        }
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, count)| *sum += count);
    }

    /// The counts with their probability; `None` if there are too few.
    pub(super) fn count(&self) -> Option<DigitCount> {
        let all: u32 = self.0.iter().sum();
        if all < FIGURES_MIN {
            return None;
        }
        let expected = f64::from(all) / 10.0;
        let square = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
        let chi_square: f64 = self.0.iter().map(square).sum();
        let probability = ChiSquared::new(DEGREES_OF_FREEDOM).map_or(1.0, |law| law.sf(chi_square));
        Some(DigitCount { counts: self.0, probability })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_digits_are_likely_and_a_preferred_one_is_not() {
        let mut even = LastDigits::default();
        (100..600).for_each(|figure| even.add(figure));
        assert!((even.count().unwrap().probability - 1.0).abs() < 1e-9);
        // 21.6 with nine degrees of freedom: the tables give 21.666 for one in a hundred.
        let found = LastDigits([16, 4, 16, 4, 16, 4, 10, 10, 10, 10]).count().unwrap();
        assert!((0.0100..0.0105).contains(&found.probability), "{found:?}");
        let mut fives = LastDigits::default();
        (0..200).for_each(|number| fives.add(105 + 10 * (number % 50)));
        assert!(fives.count().unwrap().probability < 1e-100);
    }

    #[test]
    fn small_figures_and_few_say_nothing() {
        let mut few = LastDigits::default();
        (0..100).for_each(|figure| few.add(figure));
        assert_eq!(few.count(), None);
        (100..149).for_each(|figure| few.add(figure));
        assert_eq!(few.count(), None);
        few.add(149);
        assert!(few.count().is_some());
    }
}
