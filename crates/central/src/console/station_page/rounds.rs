//! The rounds of a station and contest: the first count, and those of the package.

use std::collections::BTreeSet;

use tally::{FIRST_ROUND, Paper, StationId};

use crate::counting::round::{RoundThatCounts, which_of_round};
use crate::counting::which::{Deciding, Received};
use crate::endpoint::Endpoint;
use crate::model::count::u32_of;
use crate::view::RoundView;

/// Each round with its standing, oldest first. A round that the present package does not have is shown if
/// there are tallies of it.
pub(super) fn round_views(
    endpoint: &Endpoint,
    paper: &Paper,
    station: &StationId,
    tallies: &[Received<'_>],
    decided: &RoundThatCounts,
) -> Vec<RoundView> {
    let announced = endpoint.package().rounds_of(station, &paper.contest().id);
    let mut numbers: BTreeSet<u8> = announced.iter().map(|round| round.number).collect();
    numbers.insert(FIRST_ROUND);
    numbers.extend(tallies.iter().map(|tally| tally.round));
    let deciding = Deciding::of(paper);
    let view = |number: u8| {
        let round = announced.iter().find(|round| round.number == number);
        RoundView {
            number,
            kind: round.map(|round| round.kind),
            date: match round {
                Some(round) => round.date.clone(),
                None => endpoint.election().date.clone(),
            },
            reason: round.map(|round| round.reason.clone()),
            standing: which_of_round(&deciding, tallies, number).standing(),
            tallies: u32_of(tallies.iter().filter(|tally| tally.round == number).count()),
            counts: number == decided.round,
        }
    };
    numbers.into_iter().map(view).collect()
}
