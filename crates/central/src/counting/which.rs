//! The rule that decides which tally counts for a station and contest.
//!
//! Only the latest tally of each assigned device is *current*: the one with the highest sequence number,
//! whatever the clocks say. A device that signed two different tallies under one sequence number has two
//! current tallies.
//!
//! Current tallies *agree* when the figures that decide agree: the votes of each candidate, the valid and the
//! invalid votes ([`Deciding`]). A figure that was not typed, or that nobody can read, states nothing. A
//! blank or crossed box counts nothing, as a zero does. Differences between other figures are shown to people
//! and are no conflict. When two current tallies state different numbers for one deciding figure, none counts
//! until a coordinator decides: two against one is a conflict too.
//!
//! Of tallies that agree, the most complete one counts: the one that states the most deciding figures, and of
//! several the one that was received last. It is *corroborated* when two devices state each deciding figure
//! that it states, otherwise *provisional*: a second witness who typed one figure does not confirm the
//! others.
//!
//! A coordinator's verdict overrides all of this, and the latest verdict on a tally is the valid one. A
//! verified tally counts, no matter who sent it; of several, the one that was verified last. A disputed tally
//! is ignored, and does not bring back the tally that it replaced. When nothing else is current, the station
//! is in conflict and not missing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use evidence::DeviceId;
use protocol::Decision;
use tally::{FieldCode, Figure, Paper};

use crate::model::count::Standing;
use crate::model::verdict::Ruling;

/// The figures that decide whether tallies agree, as ascending indices into the figures of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding(Vec<usize>);

impl Deciding {
    /// The votes of each candidate and list, the valid and the invalid votes of this paper.
    pub fn of(paper: &Paper) -> Self {
        let fields = paper.fields().iter().enumerate();
        Self(fields.filter(|(_, field)| field.decides()).map(|(index, _)| index).collect())
    }

    /// The figures with these indices, ascending.
    #[cfg(test)]
    pub(super) fn of_indices(indices: Vec<usize>) -> Self {
        Self(indices)
    }

    /// The deciding figures that a tally states, by index.
    fn stated(&self, tally: &Received<'_>) -> BTreeMap<usize, u32> {
        let number = |&index: &usize| Some((index, stated(*tally.figures.get(index)?)?));
        self.0.iter().filter_map(number).collect()
    }
}

/// The number that a figure states. A blank or crossed box counts nothing. A figure that was not typed, or
/// that nobody can read, states no number.
pub(super) fn stated(wire: Option<i64>) -> Option<u32> {
    match Figure::from_wire(wire?)? {
        Figure::Written(number) => Some(number),
        Figure::Blank => Some(0),
        Figure::Illegible => None,
    }
}

/// What the rule needs of a tally.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The device that signed it.
    pub device: DeviceId,
    /// The device's sequence number of it.
    pub sequence: u64,
    /// The round that was counted.
    pub round: u8,
    /// Whether the device was assigned to this station and contest.
    pub assigned: bool,
    /// The latest verdict on it.
    pub verdict: Option<Ruling>,
    /// When the endpoint received it.
    pub received_at_ms: i64,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// No assigned device has sent a tally. Missing is not zero.
    Missing,
    /// The current tallies contradict each other, or a coordinator disputes all of them.
    Conflicting {
        /// The indices of the deciding figures for which they state different numbers. Empty when all are
        /// disputed.
        figures: Vec<usize>,
    },
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
    pub fn standing(&self) -> Standing {
        match self {
            Self::Missing => Standing::Missing,
            Self::Conflicting { .. } => Standing::Conflicting,
            Self::Counts { standing, .. } => *standing,
        }
    }

    /// The codes of the figures for which the tallies state different numbers.
    pub fn conflicts(&self, paper: &Paper) -> Vec<FieldCode> {
        let Self::Conflicting { figures } = self else { return Vec::new() };
        figures.iter().filter_map(|&index| Some(paper.fields().get(index)?.code.clone())).collect()
    }
}

/// The indices of the current tallies, in the given order. A device whose chain forks at its latest tally has
/// several.
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

/// Decides for one round of a station and contest. `tallies` are all that were received for it, in any order.
pub fn which_counts(deciding: &Deciding, tallies: &[Received<'_>]) -> Which {
    let verified =
        tallies.iter().enumerate().filter_map(|(index, tally)| Some((tally.verified_by()?, index)));
    if let Some((_, index)) = verified.max() {
        return Which::Counts { standing: Standing::Verified, index };
    }
    let latest = latest_of_each(tallies);
    let is_disputed = |index: &usize| tallies.get(*index).is_some_and(Received::is_disputed);
    let (disputed, current): (Vec<usize>, Vec<usize>) = latest.into_iter().partition(is_disputed);
    if current.is_empty() && !disputed.is_empty() {
        return Which::Conflicting { figures: Vec::new() };
    }
    let current: Vec<Current<'_>> = current
        .into_iter()
        .filter_map(|index| tallies.get(index).map(|tally| Current::new(index, tally, deciding)))
        .collect();
    let figures = contradicted(deciding, &current);
    if !figures.is_empty() {
        return Which::Conflicting { figures };
    }
    let Some(counting) = current.iter().max_by_key(|current| current.rank()) else { return Which::Missing };
    let standing =
        if is_corroborated(counting, &current) { Standing::Corroborated } else { Standing::Provisional };
    Which::Counts { standing, index: counting.index }
}

/// A current tally that nobody disputes.
struct Current<'a> {
    index: usize,
    tally: &'a Received<'a>,
    /// The deciding figures that it states.
    stated: BTreeMap<usize, u32>,
}

impl<'a> Current<'a> {
    fn new(index: usize, tally: &'a Received<'a>, deciding: &Deciding) -> Self {
        Self { index, tally, stated: deciding.stated(tally) }
    }

    /// Of tallies that agree, the one with the highest rank counts. The rank does not depend on the order of
    /// the list, so that a rebuild decides as before.
    fn rank(&self) -> impl Ord + use<'_> {
        let Received { device, sequence, received_at_ms, figures, .. } = self.tally;
        (self.stated.len(), *received_at_ms, Reverse(*device), *sequence, *figures)
    }
}

/// The deciding figures for which two of these tallies state different numbers.
fn contradicted(deciding: &Deciding, current: &[Current<'_>]) -> Vec<usize> {
    let differs = |index: &usize| {
        let numbers: BTreeSet<&u32> = current.iter().filter_map(|one| one.stated.get(index)).collect();
        numbers.len() > 1
    };
    deciding.0.iter().copied().filter(differs).collect()
}

/// Whether two devices state each deciding figure that the tally which counts states.
fn is_corroborated(counting: &Current<'_>, current: &[Current<'_>]) -> bool {
    let confirms = |index: &usize| {
        current.iter().any(|one| one.tally.device != counting.tally.device && one.stated.contains_key(index))
    };
    !counting.stated.is_empty() && counting.stated.keys().all(confirms)
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
                round: 1,
                assigned,
                verdict: decided
                    .get(index)
                    .copied()
                    .flatten()
                    .map(|(decision, number)| Ruling { decision, number }),
                received_at_ms: 0,
                figures,
            })
            .collect();
        which_counts(&Deciding(vec![0]), &received)
    }

    const CONFLICTING: Which = Which::Conflicting { figures: Vec::new() };

    /// The first figure is the one in conflict.
    fn in_conflict() -> Which {
        Which::Conflicting { figures: vec![0] }
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
            ("two differ", &[(1, 1, true, 9), (2, 1, true, 8)], in_conflict()),
            ("two against one", &[(1, 1, true, 9), (2, 1, true, 9), (3, 1, true, 8)], in_conflict()),
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
            ("a fork disagrees with itself", &[(1, 3, true, 9), (1, 3, true, 8)], in_conflict()),
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
            ("one taken back counts as before", two_differ, &[None, Some((Withdrawn, 2))], in_conflict()),
            ("a disputed one is silent", two_differ, &[Some((Disputed, 1)), None], counts(Provisional, 1)),
            (
                "and brings nothing back that it replaced",
                corrected,
                &[None, Some((Disputed, 1))],
                CONFLICTING,
            ),
            ("a disputed one is not missing", &[(1, 1, true, 9)], &[Some((Disputed, 1))], CONFLICTING),
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

    /// Device, time of arrival, and the figures: two candidates, valid, invalid, and one that does not
    /// decide.
    type Full = (u8, i64, [Option<i64>; 5]);

    fn decide_full(tallies: &[Full]) -> Which {
        let received: Vec<Received<'_>> = tallies
            .iter()
            .map(|(device, received_at_ms, figures)| Received {
                device: DeviceId([*device; 16]),
                sequence: 1,
                round: 1,
                assigned: true,
                verdict: None,
                received_at_ms: *received_at_ms,
                figures,
            })
            .collect();
        which_counts(&Deciding(vec![0, 1, 2, 3]), &received)
    }

    #[test]
    fn witnesses_agree_when_the_figures_that_decide_agree() {
        use Standing::{Corroborated, Provisional};
        const BLANK: Option<i64> = Some(-1);
        const ILLEGIBLE: Option<i64> = Some(-2);
        let full = [Some(120), Some(0), Some(120), Some(3), Some(7)];
        let with = |index: usize, figure: Option<i64>| {
            let mut figures = full;
            figures[index] = figure;
            figures
        };
        let conflict = |figures: &[usize]| Which::Conflicting { figures: figures.to_vec() };
        let cases: &[(&str, &[Full], Which)] = &[
            ("all figures agree: the later counts", &[(1, 1, full), (2, 2, full)], counts(Corroborated, 1)),
            (
                "a figure that does not decide differs",
                &[(1, 1, full), (2, 2, with(4, Some(8)))],
                counts(Corroborated, 1),
            ),
            (
                "one that does not decide is blank",
                &[(1, 1, full), (2, 2, with(4, BLANK))],
                counts(Corroborated, 1),
            ),
            (
                "one that does not decide was not typed",
                &[(1, 1, full), (2, 2, with(4, None))],
                counts(Corroborated, 1),
            ),
            ("a blank box counts nothing", &[(1, 1, full), (2, 2, with(1, BLANK))], counts(Corroborated, 1)),
            ("a blank box is not a positive number", &[(1, 1, full), (2, 2, with(0, BLANK))], conflict(&[0])),
            ("the invalid votes differ", &[(1, 1, full), (2, 2, with(3, Some(4)))], conflict(&[3])),
            (
                "each figure in conflict is named",
                &[(1, 1, full), (2, 2, [Some(121), Some(0), Some(121), Some(3), None])],
                conflict(&[0, 2]),
            ),
            (
                "one not typed says nothing: the more complete counts, its figure has one witness",
                &[(1, 1, full), (2, 2, with(3, None))],
                counts(Provisional, 0),
            ),
            (
                "one that nobody can read says nothing",
                &[(1, 1, full), (2, 2, with(3, ILLEGIBLE))],
                counts(Provisional, 0),
            ),
            (
                "a witness who typed nothing that decides corroborates nothing",
                &[(1, 1, full), (2, 2, [None, None, None, None, Some(7)])],
                counts(Provisional, 0),
            ),
            (
                "three witnesses state each figure twice",
                &[(1, 1, full), (2, 2, with(3, None)), (3, 3, with(0, None))],
                counts(Corroborated, 0),
            ),
            (
                "a third contradicts where another said nothing",
                &[(1, 1, full), (2, 2, with(0, None)), (3, 3, with(0, Some(9)))],
                conflict(&[0]),
            ),
        ];
        for (name, tallies, wanted) in cases {
            assert_eq!(decide_full(tallies), *wanted, "{name}");
            // The order of the list does not matter.
            let reversed: Vec<Full> = tallies.iter().rev().copied().collect();
            let wanted = match wanted {
                Which::Counts { standing, index } => counts(*standing, tallies.len() - 1 - index),
                other => other.clone(),
            };
            assert_eq!(decide_full(&reversed), wanted, "{name}, reversed");
        }
    }
}
