//! The count of one station in one contest.

use std::collections::{BTreeMap, BTreeSet};

use tally::{Figures, Paper, Quantity};

use super::which::{Deciding, Received, Which, which_counts};
use crate::model::count::StationCount;
use crate::store::{ArrivedPhoto, CountedTally};

pub(crate) const MINUTE_MS: i64 = 60_000;

/// Counts a station from everything that is known of it.
pub(super) fn count_station(
    paper: &Paper,
    tallies: &[CountedTally],
    photos: &[ArrivedPhoto],
    witnesses: u32,
) -> StationCount {
    let which = which_counts(&Deciding::of(paper), &tallies.iter().map(received).collect::<Vec<_>>());
    let counting = match which {
        Which::Counts { index, .. } => tallies.get(index),
        Which::Missing | Which::Conflicting { .. } => None,
    };
    let figures = counting.and_then(|tally| paper.from_wire(&tally.figures));
    let sums = figures.map(|figures| Sums::of(paper, &figures)).unwrap_or_default();
    let pages: BTreeSet<u8> = paper.form().pages.iter().map(|page| page.number).collect();
    let photographed: BTreeSet<u8> = photos.iter().map(|photo| photo.page).collect();
    let tally_times: Vec<i64> = tallies.iter().map(|tally| tally.received_at_ms).collect();
    let photo_times: Vec<i64> = photos.iter().map(|photo| photo.arrived_at_ms).collect();
    StationCount {
        standing: which.standing(),
        conflicts: which.conflicts(paper),
        votes: sums.votes,
        invalid: sums.invalid,
        faults: counting.or(tallies.last()).map_or(0, |tally| tally.faults),
        witnesses,
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
        assigned: tally.assigned,
        verdict: tally.verdict,
        received_at_ms: tally.received_at_ms,
        figures: &tally.figures,
    }
}

/// The figures of a tally that regions add up.
#[derive(Default)]
struct Sums {
    votes: BTreeMap<u16, u32>,
    invalid: u32,
}

impl Sums {
    fn of(paper: &Paper, figures: &Figures) -> Self {
        let mut sums = Self::default();
        for field in paper.fields() {
            let Some(number) = figures.number(&field.code) else { continue };
            match (field.counts, field.candidate) {
                (Quantity::CandidateVotes, Some(candidate)) => {
                    *sums.votes.entry(candidate).or_default() += number;
                }
                (Quantity::InvalidVotes, _) => sums.invalid += number,
                _ => {}
            }
        }
        sums
    }
}

/// The minutes since 1970 of these times, ascending.
fn minutes(times_ms: &[i64]) -> Vec<i64> {
    let mut minutes: Vec<i64> = times_ms.iter().map(|at_ms| at_ms.div_euclid(MINUTE_MS)).collect();
    minutes.sort_unstable();
    minutes
}

/// A length as the wire has it.
pub(crate) fn u32_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
