//! Which tally counts for a station and contest.
//!
//! Of each assigned device only the latest tally speaks: the one with the highest sequence number, whatever the
//! clocks say. When several devices say the same in every figure, they corroborate each other. When any two differ,
//! nothing counts until a coordinator decides: two against one is a disagreement too. A device that signed two
//! different tallies under one sequence number disagrees with itself.
//!
//! A coordinator's verdict goes before all of this, and the last one on a tally is the one that stands. A verified
//! tally counts, whoever sent it; of several the one that was verified last. A disputed one is silent, and does not
//! bring back what it replaced; where nothing else speaks, the station is in conflict and not missing.

use std::collections::{BTreeMap, BTreeSet};

use evidence::DeviceId;
use protocol::Decision;

use crate::model::count::Standing;
use crate::model::verdict::Ruling;

/// What the rule looks at in a received tally.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// Who signed it.
    pub device: DeviceId,
    /// The device's count of its statements.
    pub sequence: u64,
    /// Whether the device was assigned to this station and contest.
    pub assigned: bool,
    /// The latest verdict on it.
    pub verdict: Option<Ruling>,
    /// The figures as they were signed.
    pub figures: &'a [Option<i64>],
}

/// What counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// No assigned device has sent a tally. Missing is not zero.
    Missing,
    /// The latest tallies of assigned devices differ, or a coordinator disputes all that there are.
    Conflicting,
    /// One counts.
    Counts {
        /// Why.
        standing: Standing,
        /// Its place in the given list.
        place: usize,
    },
}

impl Which {
    /// How the station stands.
    pub fn standing(self) -> Standing {
        match self {
            Self::Missing => Standing::Missing,
            Self::Conflicting => Standing::Conflicting,
            Self::Counts { standing, .. } => standing,
        }
    }
}

/// The places of the tallies that speak: the latest of each assigned device, in the given order. A device whose
/// chain forks at its latest tally has several.
pub fn latest_of_each(tallies: &[Received<'_>]) -> Vec<usize> {
    let mut highest: BTreeMap<DeviceId, u64> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.assigned) {
        let sequence = highest.entry(tally.device).or_default();
        *sequence = tally.sequence.max(*sequence);
    }
    let speaks = |tally: &Received<'_>| tally.assigned && highest.get(&tally.device) == Some(&tally.sequence);
    tallies.iter().enumerate().filter(|(_, tally)| speaks(tally)).map(|(place, _)| place).collect()
}

/// Decides for one station and contest over all tallies that were received for it, in any order.
pub fn which_counts(tallies: &[Received<'_>]) -> Which {
    let verified = |tally: &Received<'_>| match tally.verdict {
        Some(Ruling { decision: Decision::Verified, number }) => Some(number),
        _ => None,
    };
    let newest =
        tallies.iter().enumerate().filter_map(|(place, tally)| Some((verified(tally)?, place))).max();
    if let Some((_, place)) = newest {
        return Which::Counts { standing: Standing::Verified, place };
    }
    let disputed = |place: &usize| {
        tallies
            .get(*place)
            .is_some_and(|tally| matches!(tally.verdict, Some(Ruling { decision: Decision::Disputed, .. })))
    };
    let (disputed, latest): (Vec<usize>, Vec<usize>) =
        latest_of_each(tallies).into_iter().partition(disputed);
    if latest.is_empty() && !disputed.is_empty() {
        return Which::Conflicting;
    }
    let speaking = || latest.iter().filter_map(|&place| tallies.get(place));
    let (Some(&place), Some(first)) = (latest.first(), speaking().next()) else { return Which::Missing };
    if speaking().any(|tally| tally.figures != first.figures) {
        return Which::Conflicting;
    }
    let devices: BTreeSet<DeviceId> = speaking().map(|tally| tally.device).collect();
    let standing = if devices.len() > 1 { Standing::Corroborated } else { Standing::Provisional };
    Which::Counts { standing, place }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Device, sequence, assigned, figure.
    type Told = (u8, u64, bool, i64);
    /// What was decided on each, in the order of the tallies.
    type Decided<'a> = &'a [Option<(Decision, u64)>];

    fn decide(told: &[Told]) -> Which {
        decide_with(told, &[])
    }

    fn decide_with(told: &[Told], decided: Decided<'_>) -> Which {
        let figures: Vec<[Option<i64>; 1]> = told.iter().map(|tally| [Some(tally.3)]).collect();
        let received: Vec<Received<'_>> = told
            .iter()
            .zip(&figures)
            .enumerate()
            .map(|(place, (&(device, sequence, assigned, _), figures))| Received {
                device: DeviceId([device; 16]),
                sequence,
                assigned,
                verdict: decided
                    .get(place)
                    .copied()
                    .flatten()
                    .map(|(decision, number)| Ruling { decision, number }),
                figures,
            })
            .collect();
        which_counts(&received)
    }

    fn counts(standing: Standing, place: usize) -> Which {
        Which::Counts { standing, place }
    }

    #[test]
    fn the_rule_holds_case_by_case() {
        use Standing::{Corroborated, Provisional};
        let cases: &[(&str, &[Told], Which)] = &[
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
        for (name, told, wanted) in cases {
            assert_eq!(decide(told), *wanted, "{name}");
        }
    }

    #[test]
    fn a_verdict_goes_before_what_the_witnesses_say() {
        use Decision::{Disputed, Verified, Withdrawn};
        use Standing::Provisional;
        let two_differ: &[Told] = &[(1, 1, true, 9), (2, 1, true, 8)];
        let corrected: &[Told] = &[(1, 1, true, 9), (1, 4, true, 8)];
        let verified = |place| counts(Standing::Verified, place);
        let cases: &[(&str, &[Told], Decided<'_>, Which)] = &[
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
        for (name, told, decided, wanted) in cases {
            assert_eq!(decide_with(told, decided), *wanted, "{name}");
        }
    }
}
