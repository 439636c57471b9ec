//! Estimates shares from a stratified random sample: the combined ratio estimator, with its variance by
//! linearisation (Cochran, Sampling Techniques, third edition, 6.11 and 6.13). Pure.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF as _, StudentsT};
use tally::Choice;

use crate::view::Interval;

/// The part of 1 that an interval contains.
const CONFIDENCE: f64 = 0.95;

/// The result of a station of the sample.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    pub votes: BTreeMap<Choice, u32>,
    /// All valid votes.
    pub valid: u32,
}

/// A stratum with the stations of the sample that have a result.
#[derive(Debug, Clone, Default)]
pub struct Stratum {
    /// All its stations, those outside of the sample too.
    pub stations: u32,
    pub observed: Vec<Observed>,
}

/// What a sample says.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// The share of each choice, the largest first.
    pub shares: Vec<(Choice, Interval)>,
    /// How far the first is ahead of the second; `None` if there is no second.
    pub margin: Option<Interval>,
}

/// Estimates the share of each choice. `None` if there are fewer than two results, or no votes.
pub fn project(strata: &[Stratum], choices: &[Choice]) -> Option<Projection> {
    let strata = usable(strata);
    let results: usize = strata.iter().map(|stratum| stratum.observed.len()).sum();
    let freedom = results.checked_sub(strata.len()).filter(|freedom| *freedom > 0)?;
    let estimator = Estimator::of(&strata, freedom)?;
    let mut shares: Vec<(Choice, Interval)> = choices
        .iter()
        .map(|choice| (*choice, estimator.interval(&|of: &Observed| votes_of(of, *choice), 0.0)))
        .collect();
    shares.sort_by(|(_, one), (_, other)| other.estimate.total_cmp(&one.estimate));
    let margin = match shares[..] {
        [(first, _), (second, _), ..] => {
            Some(estimator.interval(&|of: &Observed| votes_of(of, first) - votes_of(of, second), -1.0))
        }
        _ => None,
    };
    Some(Projection { shares, margin })
}

fn votes_of(of: &Observed, choice: Choice) -> f64 {
    f64::from(of.votes.get(&choice).copied().unwrap_or(0))
}

/// The strata with at least two results. What has fewer is put together with what comes before it, so that
/// neighbours stand for it.
fn usable(strata: &[Stratum]) -> Vec<Stratum> {
    let mut usable: Vec<Stratum> = Vec::new();
    for stratum in strata.iter().filter(|stratum| stratum.stations > 0) {
        match usable.last_mut() {
            Some(last) if last.observed.len() < 2 || stratum.observed.len() < 2 => {
                last.stations += stratum.stations;
                last.observed.extend(stratum.observed.iter().cloned());
            }
            _ => usable.push(stratum.clone()),
        }
    }
    usable
}

struct Estimator<'a> {
    strata: &'a [Stratum],
    /// The estimated sum of all valid votes.
    valid: f64,
    /// How many standard errors an interval reaches to either side.
    reach: f64,
}

impl<'a> Estimator<'a> {
    fn of(strata: &'a [Stratum], freedom: usize) -> Option<Self> {
        let reach = StudentsT::new(0.0, 1.0, freedom as f64).ok()?.inverse_cdf(0.5 + CONFIDENCE / 2.0);
        let valid = strata.iter().map(|stratum| expanded(stratum, &|of| f64::from(of.valid))).sum();
        (valid > 0.0).then_some(Self { strata, valid, reach })
    }

    /// The ratio of what `count` counts to all valid votes, between `least` and 1.
    fn interval(&self, count: &dyn Fn(&Observed) -> f64, least: f64) -> Interval {
        let sum: f64 = self.strata.iter().map(|stratum| expanded(stratum, count)).sum();
        let ratio = sum / self.valid;
        let residual = |of: &Observed| count(of) - ratio * f64::from(of.valid);
        let variance: f64 = self.strata.iter().map(|stratum| variance(stratum, &residual)).sum();
        let error = self.reach * variance.sqrt() / self.valid;
        Interval { estimate: ratio, low: (ratio - error).max(least), high: (ratio + error).min(1.0) }
    }
}

/// The estimated sum over all stations of a stratum.
fn expanded(stratum: &Stratum, count: &dyn Fn(&Observed) -> f64) -> f64 {
    let sum: f64 = stratum.observed.iter().map(count).sum();
    f64::from(stratum.stations) * sum / stratum.observed.len().max(1) as f64
}

/// The variance of that sum, of what `count` counts.
fn variance(stratum: &Stratum, count: &dyn Fn(&Observed) -> f64) -> f64 {
    let results = stratum.observed.len() as f64;
    if results < 2.0 {
        return 0.0;
    }
    let mean = stratum.observed.iter().map(count).sum::<f64>() / results;
    let squares: f64 = stratum.observed.iter().map(|of| (count(of) - mean).powi(2)).sum();
    let all = f64::from(stratum.stations);
    // Of a stratum that is in completely nothing is uncertain.
    let unknown = (1.0 - results / all).max(0.0);
    all * all * unknown * squares / (results - 1.0) / results
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Choice = Choice::Candidate(1);
    const TWO: Choice = Choice::Candidate(2);

    fn observed(one: u32, two: u32) -> Observed {
        Observed { votes: BTreeMap::from([(ONE, one), (TWO, two)]), valid: one + two }
    }

    #[test]
    fn a_sample_of_everything_is_certain() {
        let strata = [
            Stratum { stations: 2, observed: vec![observed(30, 70), observed(50, 50)] },
            Stratum { stations: 3, observed: vec![observed(10, 0), observed(10, 90), observed(0, 100)] },
        ];
        let found = project(&strata, &[ONE, TWO]).unwrap();
        let (choice, share) = found.shares[0];
        assert_eq!(choice, TWO);
        assert!((share.estimate - 310.0 / 410.0).abs() < 1e-12, "{share:?}");
        assert!(share.high - share.low < 1e-12);
        let margin = found.margin.unwrap();
        assert!((margin.estimate - 210.0 / 410.0).abs() < 1e-12, "{margin:?}");
    }

    #[test]
    fn a_stratum_counts_by_its_size_and_not_by_its_sample() {
        let strata = [
            Stratum { stations: 90, observed: vec![observed(100, 0), observed(100, 0)] },
            Stratum { stations: 10, observed: vec![observed(0, 100); 8] },
        ];
        let found = project(&strata, &[ONE, TWO]).unwrap();
        assert!((found.shares[0].1.estimate - 0.9).abs() < 1e-12);
    }

    #[test]
    fn strata_with_few_results_are_put_together_and_one_result_says_nothing() {
        let alone = [Stratum { stations: 5, observed: vec![observed(1, 2)] }];
        assert_eq!(project(&alone, &[ONE, TWO]), None);
        assert_eq!(project(&[], &[ONE]), None);
        let few = [
            Stratum { stations: 5, observed: vec![observed(60, 40)] },
            Stratum { stations: 5, observed: vec![] },
            Stratum { stations: 5, observed: vec![observed(40, 60)] },
        ];
        let share = project(&few, &[ONE, TWO]).unwrap().shares[0].1;
        assert!((share.estimate - 0.5).abs() < 1e-12);
        assert!(share.low == 0.0 && share.high == 1.0, "two results are nearly nothing: {share:?}");
    }
}
