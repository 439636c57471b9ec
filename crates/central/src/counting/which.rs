//! The rule that decides which tally counts for a station and contest.
//!
//! Only the latest tally of each assigned device is *current*: the one with the highest sequence number, whatever the
//! clocks say. When the current tallies of several devices have the same figures, they corroborate each other. When any
//! two differ, none counts until a coordinator decides: two against one is a disagreement too. A device that signed two
//! different tallies under one sequence number disagrees with itself.
//!
//! A coordinator's verdict overrides all of this, and the latest verdict on a tally is the valid one. A verified tally
//! counts, no matter who sent it; of several, the one that was verified last. A disputed tally is ignored, and does not bring
//! back the tally that it replaced. When nothing else is current, the station is in conflict and not missing.

use std::collections::{BTreeMap, BTreeSet};

use evidence::DeviceId;
use protocol::Decision;

use crate::model::count::Standing;
use crate::model::verdict::Ruling;

/// What the rule needs of a tally.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The device that signed it.
    pub device: DeviceId,
    /// The device's sequence number of it.
    pub sequence: u64,
    /// Whether the device was assigned to this station and contest.
    pub assigned: bool,
    /// The latest verdict on it.
    pub verdict: Option<Ruling>,
    /// The figures as they were signed.
    pub figures: &'a [Option<i64>],
}

impl Received<'_> {
    /// The number of the verdict that verified it.
    fn verified_by(&self) -> Option<u64> {
        match self.verdict {
            Some(Ruling { decision: Decision::Verified, number }) => Some(number),
            _ => None,
        }
    }

    fn is_disputed(&self) -> bool {
        matches!(self.verdict, Some(Ruling { decision: Decision::Disputed, .. }))
    }
}

/// The decision of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// No assigned device has sent a tally. Missing is not zero.
    Missing,
    /// The current tallies differ, or a coordinator disputes all of them.
    Conflicting,
    /// One tally counts.
    Counts {
        /// The reason.
        standing: Standing,
        /// Its index in the given list.
        index: usize,
    },
}

impl Which {
    /// The standing of the station.
    pub fn standing(self) -> Standing {
        match self {
            Self::Missing => Standing::Missing,
            Self::Conflicting => Standing::Conflicting,
            Self::Counts { standing, .. } => standing,
        }
    }
}

/// The indices of the current tallies, in the given order. A device whose chain forks at its latest tally has several.
pub fn latest_of_each(tallies: &[Received<'_>]) -> Vec<usize> {
    let mut highest: BTreeMap<DeviceId, u64> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.assigned) {
        let sequence = highest.entry(tally.device).or_default();
        *sequence = tally.sequence.max(*sequence);
    }
    let is_current =
        |tally: &Received<'_>| tally.assigned && highest.get(&tally.device) == Some(&tally.sequence);
    tallies.iter().enumerate().filter(|(_, tally)| is_current(tally)).map(|(index, _)| index).collect()
}

/// Decides for one station and contest. `tallies` are all that were received for it, in any order.
pub fn which_counts(tallies: &[Received<'_>]) -> Which {
    let verified =
        tallies.iter().enumerate().filter_map(|(index, tally)| Some((tally.verified_by()?, index)));
    if let Some((_, index)) = verified.max() {
        return Which::Counts { standing: Standing::Verified, index };
    }
    let latest = latest_of_each(tallies);
    let is_disputed = |index: &usize| tallies.get(*index).is_some_and(Received::is_disputed);
    let (disputed, current): (Vec<usize>, Vec<usize>) = latest.into_iter().partition(is_disputed);
    if current.is_empty() && !disputed.is_empty() {
        return Which::Conflicting;
    }
    let current_tallies = || current.iter().filter_map(|&index| tallies.get(index));
    let (Some(&index), Some(first)) = (current.first(), current_tallies().next()) else {
        return Which::Missing;
    };
    if current_tallies().any(|tally| tally.figures != first.figures) {
        return Which::Conflicting;
    }
    let devices: BTreeSet<DeviceId> = current_tallies().map(|tally| tally.device).collect();
    let standing = if devices.len() > 1 { Standing::Corroborated } else { Standing::Provisional };
    Which::Counts { standing, index }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Device, sequence, assigned, figure.
    type Tally = (u8, u64, bool, i64);
    /// The verdict on each tally, and its sequence number among all verdicts.
    type Decided<'a> = &'a [Option<(Decision, u64)>];

    fn decide(tallies: &[Tally]) -> Which {
        decide_with(tallies, &[])
    }

    fn decide_with(tallies: &[Tally], decided: Decided<'_>) -> Which {
        let figures: Vec<[Option<i64>; 1]> = tallies.iter().map(|tally| [Some(tally.3)]).collect();
        let received: Vec<Received<'_>> = tallies
            .iter()
            .zip(&figures)
            .enumerate()
            .map(|(index, (&(device, sequence, assigned, _), figures))| Received {
                device: DeviceId([device; 16]),
                sequence,
                assigned,
                verdict: decided
                    .get(index)
                    .copied()
                    .flatten()
                    .map(|(decision, number)| Ruling { decision, number }),
                figures,
            })
            .collect();
        which_counts(&received)
    }

    fn counts(standing: Standing, index: usize) -> Which {
        Which::Counts { standing, index }
    }

    #[test]
    fn the_rule_holds_case_by_case() {
        use Standing::{Corroborated, Provisional};
        let cases: &[(&str, &[Tally], Which)] = &[
            ("nothing came", &[], Which::Missing),
            ("one assigned witness", &[(1, 1, true, 9)], counts(Provisional, 0)),
            ("an unassigned witness does not count", &[(1, 1, false, 9)], Which::Missing),
            ("two agree", &[(1, 1, true, 9), (2, 1, true, 9)], counts(Corroborated, 0)),
            ("two differ", &[(1, 1, true, 9), (2, 1, true, 8)], Which::Conflicting),
            ("two against one", &[(1, 1, true, 9), (2, 1, true, 9), (3, 1, true, 8)], Which::Conflicting),
            ("a correction replaces", &[(1, 1, true, 9), (1, 4, true, 8)], counts(Provisional, 1)),
            (
                "the order of arrival does not matter",
                &[(1, 4, true, 8), (1, 1, true, 9)],
                counts(Provisional, 0),
            ),
            (
                "a correction ends a conflict",
                &[(1, 1, true, 9), (2, 1, true, 8), (2, 2, true, 9)],
                counts(Corroborated, 0),
            ),
            (
                "an unassigned witness neither corroborates nor disturbs",
                &[(1, 1, true, 9), (2, 1, false, 9), (3, 1, false, 8)],
                counts(Provisional, 0),
            ),
            (
                "one device twice is no second witness",
                &[(1, 1, true, 9), (1, 2, true, 9)],
                counts(Provisional, 1),
            ),
            ("a fork disagrees with itself", &[(1, 3, true, 9), (1, 3, true, 8)], Which::Conflicting),
            (
                "a fork that a later tally heals",
                &[(1, 3, true, 9), (1, 3, true, 8), (1, 5, true, 7)],
                counts(Provisional, 2),
            ),
        ];
        for (name, tallies, wanted) in cases {
            assert_eq!(decide(tallies), *wanted, "{name}");
        }
    }

    #[test]
    fn a_verdict_goes_before_what_the_witnesses_say() {
        use Decision::{Disputed, Verified, Withdrawn};
        use Standing::Provisional;
        let two_differ: &[Tally] = &[(1, 1, true, 9), (2, 1, true, 8)];
        let corrected: &[Tally] = &[(1, 1, true, 9), (1, 4, true, 8)];
        let verified = |index| counts(Standing::Verified, index);
        let cases: &[(&str, &[Tally], Decided<'_>, Which)] = &[
            ("a verified one ends a conflict", two_differ, &[None, Some((Verified, 1))], verified(1)),
            ("also one of nobody assigned", &[(1, 1, false, 9)], &[Some((Verified, 1))], verified(0)),
            (
                "the one verified last counts",
                two_differ,
                &[Some((Verified, 7)), Some((Verified, 3))],
                verified(0),
            ),
            ("a later correction does not undo it", corrected, &[Some((Verified, 1)), None], verified(0)),
            (
                "one taken back counts as before",
                two_differ,
                &[None, Some((Withdrawn, 2))],
                Which::Conflicting,
            ),
            ("a disputed one is silent", two_differ, &[Some((Disputed, 1)), None], counts(Provisional, 1)),
            (
                "and brings nothing back that it replaced",
                corrected,
                &[None, Some((Disputed, 1))],
                Which::Conflicting,
            ),
            ("a disputed one is not missing", &[(1, 1, true, 9)], &[Some((Disputed, 1))], Which::Conflicting),
            (
                "a correction answers a dispute",
                corrected,
                &[Some((Disputed, 1)), None],
                counts(Provisional, 1),
            ),
        ];
        for (name, tallies, decided, wanted) in cases {
            assert_eq!(decide_with(tallies, decided), *wanted, "{name}");
        }
    }
}
