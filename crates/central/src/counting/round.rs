//! Which round of a station and contest counts: the newest that has a result. A round whose tallies
//! contradict each other has one: it waits for a coordinator, and the count before it was set aside.

use std::collections::BTreeSet;

use tally::FIRST_ROUND;

use super::which::{Deciding, Received, Which, which_counts};

/// The decision about a station and contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundThatCounts {
    /// The first round, if none has a result.
    pub round: u8,
    /// The decision within the round. Its index is one of the list that was given.
    pub which: Which,
}

/// Decides for one station and contest. `tallies` are all that were received for it, of any round.
pub fn round_that_counts(deciding: &Deciding, tallies: &[Received<'_>]) -> RoundThatCounts {
    let rounds: BTreeSet<u8> = tallies.iter().map(|tally| tally.round).collect();
    let decided = rounds.into_iter().rev().map(|round| (round, which_of_round(deciding, tallies, round)));
    let with_result = decided.into_iter().find(|(_, which)| *which != Which::Missing);
    let (round, which) = with_result.unwrap_or((FIRST_ROUND, Which::Missing));
    RoundThatCounts { round, which }
}

/// The decision within one round. Its index is one of `tallies`.
pub fn which_of_round(deciding: &Deciding, tallies: &[Received<'_>], round: u8) -> Which {
    let of_round = tallies.iter().enumerate().filter(|(_, tally)| tally.round == round);
    let (indices, received): (Vec<usize>, Vec<Received<'_>>) =
        of_round.map(|(index, tally)| (index, *tally)).unzip();
    match which_counts(deciding, &received) {
        Which::Counts { standing, index } => match indices.get(index) {
            Some(&index) => Which::Counts { standing, index },
            None => Which::Missing,
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use evidence::DeviceId;
    use protocol::Decision;

    use super::*;
    use crate::model::count::Standing;
    use crate::model::verdict::Ruling;

    const FIGURES: [[Option<i64>; 1]; 3] = [[Some(7)], [Some(8)], [Some(9)]];

    fn tally(device: u8, round: u8, figure: usize) -> Received<'static> {
        Received {
            device: DeviceId([device; 16]),
            sequence: round.into(),
            round,
            assigned: true,
            verdict: None,
            received_at_ms: 0,
            figures: &FIGURES[figure],
        }
    }

    fn verified(tally: Received<'static>) -> Received<'static> {
        Received { verdict: Some(Ruling { decision: Decision::Verified, number: 1 }), ..tally }
    }

    #[test]
    fn the_newest_round_with_a_result_counts() {
        use Standing::{Corroborated, Provisional, Verified};
        let counts = |standing, index| Which::Counts { standing, index };
        let unassigned = Received { assigned: false, ..tally(3, 2, 2) };
        let cases: &[(&str, &[Received<'static>], u8, Which)] = &[
            ("nothing came", &[], 1, Which::Missing),
            ("the first count", &[tally(1, 1, 0), tally(2, 1, 0)], 1, counts(Corroborated, 0)),
            ("a later round", &[tally(1, 1, 0), tally(2, 1, 0), tally(1, 2, 1)], 2, counts(Provisional, 2)),
            (
                "one of nobody assigned has no result",
                &[tally(1, 1, 0), unassigned],
                1,
                counts(Provisional, 0),
            ),
            (
                "a verdict on the first count does not bring it back",
                &[verified(tally(1, 1, 0)), tally(1, 2, 1)],
                2,
                counts(Provisional, 1),
            ),
            (
                "a verdict in the later round",
                &[tally(1, 2, 1), verified(tally(2, 2, 2))],
                2,
                counts(Verified, 1),
            ),
            (
                "a later round in conflict waits",
                &[tally(1, 1, 0), tally(1, 2, 1), tally(2, 2, 2)],
                2,
                Which::Conflicting { figures: vec![0] },
            ),
            ("a third round", &[tally(1, 3, 2), tally(1, 2, 1), tally(1, 1, 0)], 3, counts(Provisional, 0)),
            (
                "rounds do not contradict each other",
                &[tally(1, 1, 0), tally(2, 2, 1)],
                2,
                counts(Provisional, 1),
            ),
        ];
        for (name, tallies, round, which) in cases {
            let decided = round_that_counts(&Deciding::of_indices(vec![0]), tallies);
            // Of tallies that agree, the rank decides; here only whether one counts matters.
            let same = match (&decided.which, which) {
                (Which::Counts { standing: one, .. }, Which::Counts { standing: Corroborated, .. }) => {
                    *one == Corroborated
                }
                (decided, which) => decided == which,
            };
            assert!(decided.round == *round && same, "{name}: {decided:?}");
        }
    }
}
