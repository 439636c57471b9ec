//! The count of one station in one contest.

use std::collections::{BTreeMap, BTreeSet};

use tally::{Choice, Figures, Paper, Quantity};

use super::doubt::doubt;
use super::round::{RoundThatCounts, round_that_counts};
use super::which::{Deciding, Received, Which};
use crate::model::count::{StationCount, u32_of};
use crate::model::review::Doubt;
use crate::store::{CountInputs, CountedTally};

pub(crate) const MINUTE_MS: i64 = 60_000;

/// Counts a station from everything that is known of it, and says what is in doubt there.
pub(super) fn count_station(paper: &Paper, inputs: &CountInputs) -> (StationCount, Option<Doubt>) {
    let CountInputs { tallies, photos, .. } = inputs;
    let received: Vec<Received<'_>> = tallies.iter().map(received).collect();
    let decided = round_that_counts(&Deciding::of(paper), &received);
    let doubt = doubt(paper, tallies, &received, photos, &decided);
    (count(paper, inputs, decided), doubt)
}

fn count(
    paper: &Paper,
    CountInputs { tallies, photos, witnesses }: &CountInputs,
    RoundThatCounts { round, which, .. }: RoundThatCounts,
) -> StationCount {
    let of_round = || tallies.iter().filter(|tally| tally.round == round);
    let counting = match which {
        Which::Counts { index, .. } => tallies.get(index),
        Which::Missing | Which::Conflicting { .. } => None,
    };
    let figures = counting.and_then(|tally| paper.from_wire(&tally.figures));
    let sums = figures.map(|figures| Sums::of(paper, &figures)).unwrap_or_default();
    let pages: BTreeSet<u8> = paper.pages().iter().map(|page| page.number).collect();
    let photographed: BTreeSet<u8> = photos.iter().map(|photo| photo.page).collect();
    let tally_times: Vec<i64> = tallies.iter().map(|tally| tally.received_at_ms).collect();
    let photo_times: Vec<i64> = photos.iter().map(|photo| photo.arrived_at_ms).collect();
    StationCount {
        standing: which.standing(),
        round,
        conflicts: which.conflicts(paper),
        votes: sums.votes,
        invalid: sums.invalid,
        faults: counting.or(of_round().next_back()).map_or(0, |tally| tally.faults),
        witnesses: *witnesses,
        tallies: u32_of(tallies.len()),
        pages_photographed: u32_of(photographed.intersection(&pages).count()),
        pages: u32_of(pages.len()),
        last_at_ms: tally_times.iter().chain(&photo_times).max().copied(),
        tally_minutes: minutes(&tally_times),
        photo_minutes: minutes(&photo_times),
    }
}

fn received(tally: &CountedTally) -> Received<'_> {
    Received {
        device: tally.device,
        sequence: tally.sequence,
        round: tally.round,
        assigned: tally.assigned,
        verdict: tally.verdict,
        received_at_ms: tally.received_at_ms,
        figures: &tally.figures,
    }
}

/// The figures of a tally that regions add up.
#[derive(Default)]
struct Sums {
    votes: BTreeMap<Choice, u32>,
    invalid: u32,
}

impl Sums {
    fn of(paper: &Paper, figures: &Figures) -> Self {
        let invalid = paper.whole(Quantity::InvalidVotes).and_then(|field| figures.number(&field.code));
        let mut votes = paper.votes(figures);
        votes.retain(|_, number| *number > 0);
        Self { votes, invalid: invalid.unwrap_or(0) }
    }
}

/// The minutes since 1970 of these times, ascending.
fn minutes(times_ms: &[i64]) -> Vec<i64> {
    let mut minutes: Vec<i64> = times_ms.iter().map(|at_ms| at_ms.div_euclid(MINUTE_MS)).collect();
    minutes.sort_unstable();
    minutes
}
