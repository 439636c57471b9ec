//! Arrivals over time, in equal steps.

use crate::counting::station::MINUTE_MS;
use crate::store::MinuteArrivals;
use crate::view::Arrivals;

/// Maximum number of steps in a chart.
const STEPS_MAX: i64 = 96;
/// The lengths of a step, in minutes. Longer steps are multiples of the last one.
const STEP_MINUTES: [i64; 9] = [1, 5, 10, 15, 30, 60, 180, 360, 1_440];

/// Arrivals in equal steps from the first to the last, and the length of a step.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ArrivalSteps {
    pub(super) steps: Vec<Arrivals>,
    pub(super) step_ms: i64,
}

impl ArrivalSteps {
    /// Takes the shortest step with which the chart has at most [`STEPS_MAX`] steps.
    pub(super) fn of(minutes: &[MinuteArrivals]) -> Self {
        let (Some(first), Some(last)) = (minutes.first(), minutes.last()) else {
            return Self { steps: Vec::new(), step_ms: MINUTE_MS };
        };
        let (first_ms, last_ms) = (first.minute * MINUTE_MS, last.minute * MINUTE_MS);
        let step_ms = step_between(first_ms, last_ms);
        let from_ms = begin_of(first_ms, step_ms);
        let mut steps: Vec<Arrivals> = (0..step_count(first_ms, last_ms, step_ms))
            .map(|step| Arrivals { from_ms: from_ms + step * step_ms, tallies: 0, photos: 0 })
            .collect();
        for one in minutes {
            let index = usize::try_from((one.minute * MINUTE_MS - from_ms) / step_ms).unwrap_or(usize::MAX);
            if let Some(step) = steps.get_mut(index) {
                step.tallies += u32::try_from(one.tallies).unwrap_or(0);
                step.photos += u32::try_from(one.photos).unwrap_or(0);
            }
        }
        Self { steps, step_ms }
    }
}

fn step_between(first_ms: i64, last_ms: i64) -> i64 {
    let fits = |step_ms: &i64| step_count(first_ms, last_ms, *step_ms) <= STEPS_MAX;
    let longest = STEP_MINUTES.last().copied().unwrap_or(1) * MINUTE_MS;
    let mut listed = STEP_MINUTES.iter().map(|minutes| minutes * MINUTE_MS);
    let mut step_ms = listed.find(fits).unwrap_or(longest);
    while !fits(&step_ms) {
        step_ms = step_ms.saturating_mul(2);
    }
    step_ms
}

fn step_count(first_ms: i64, last_ms: i64, step_ms: i64) -> i64 {
    (begin_of(last_ms, step_ms) - begin_of(first_ms, step_ms)) / step_ms + 1
}

fn begin_of(at_ms: i64, step_ms: i64) -> i64 {
    at_ms.div_euclid(step_ms) * step_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_arrivals_make_no_steps() {
        assert_eq!(ArrivalSteps::of(&[]), ArrivalSteps { steps: Vec::new(), step_ms: MINUTE_MS });
    }

    #[test]
    fn every_arrival_is_in_one_step_and_the_steps_are_never_too_many() {
        for span in [1, 95, 97, 400 * 24 * 60] {
            let arrived = [(7, 1, 0), (7 + span / 2 + 1, 0, 1), (9 + span, 1, 0)];
            let arrived = arrived.map(|(minute, tallies, photos)| MinuteArrivals { minute, tallies, photos });
            let ArrivalSteps { steps, step_ms } = ArrivalSteps::of(&arrived);
            assert!(i64::try_from(steps.len()).unwrap() <= STEPS_MAX, "{} steps", steps.len());
            assert_eq!(steps.iter().map(|step| step.tallies).sum::<u32>(), 2);
            assert_eq!(steps.iter().map(|step| step.photos).sum::<u32>(), 1);
            assert!(steps.windows(2).all(|two| two[1].from_ms - two[0].from_ms == step_ms));
        }
    }
}
