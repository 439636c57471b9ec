//! The rule that decides at which stations a person should look, and what may be wrong there.
//!
//! A station is in doubt when its current tallies contradict each other, when one of them has a fault, or
//! when a device read another figure in the photo than was typed. A verified station is in no doubt any more,
//! and a disputed tally waits for its witness. The votes that may be wrong are, for a contradiction, the sum
//! of the distances between the witnesses' votes; for a misread figure, the distance between both; for
//! a fault, the largest distance between the two sides of its check.

use std::collections::BTreeMap;

use evidence::DeviceId;
use protocol::Decision;
use tally::{FieldCode, Paper, Severity};

use super::round::RoundThatCounts;
use super::which::{Received, Which, latest_of_each, stated};
use crate::model::count::{Standing, u32_of};
use crate::model::review::Doubt;
use crate::model::verdict::Ruling;
use crate::store::{ArrivedPhoto, CountedTally};

/// What is in doubt at a station; `None` if nothing is.
pub(super) fn doubt(
    paper: &Paper,
    tallies: &[CountedTally],
    received: &[Received<'_>],
    photos: &[ArrivedPhoto],
    decided: &RoundThatCounts,
) -> Option<Doubt> {
    if decided.which.standing() == Standing::Verified {
        return None;
    }
    let current = current(tallies, received, decided.round);
    let conflicts: &[usize] = match &decided.which {
        Which::Conflicting { figures } => figures,
        Which::Missing | Which::Counts { .. } => &[],
    };
    let misread: Vec<u32> = current.iter().flat_map(|tally| misread(paper, tally, photos)).collect();
    let faults = current.iter().map(|tally| tally.faults).max().unwrap_or(0);
    if conflicts.is_empty() && misread.is_empty() && faults == 0 {
        return None;
    }
    let faulty = current.iter().filter(|tally| tally.faults > 0);
    let largest = faulty.filter_map(|tally| largest_fault(paper, tally)).max();
    let votes = [
        contradicted_votes(paper, conflicts, &current),
        misread.iter().fold(0, |sum: u32, votes| sum.saturating_add(*votes)),
        largest.unwrap_or(0),
    ];
    Some(Doubt {
        votes: votes.into_iter().max().unwrap_or(0),
        conflicts: u32_of(conflicts.len()),
        faults,
        misread: u32_of(misread.len()),
        since_ms: current.iter().map(|tally| tally.received_at_ms).max()?,
    })
}

/// The current tallies of assigned devices that nobody disputes.
fn current<'a>(tallies: &'a [CountedTally], received: &[Received<'_>], round: u8) -> Vec<&'a CountedTally> {
    let mut of_round = received.to_vec();
    of_round.iter_mut().for_each(|tally| tally.assigned &= tally.round == round);
    let is_disputed =
        |tally: &CountedTally| matches!(tally.verdict, Some(Ruling { decision: Decision::Disputed, .. }));
    let latest = latest_of_each(&of_round).into_iter().filter_map(|index| tallies.get(index));
    latest.filter(|tally| !is_disputed(tally)).collect()
}

/// The sum of the distances between the witnesses' votes. Where only sums of votes contradict each other, the
/// largest distance.
fn contradicted_votes(paper: &Paper, conflicts: &[usize], current: &[&CountedTally]) -> u32 {
    let distance = |index: usize| {
        let stated = current.iter().filter_map(|tally| stated(*tally.figures.get(index)?));
        let (least, most) = (stated.clone().min().unwrap_or(0), stated.max().unwrap_or(0));
        most - least
    };
    let is_vote = |index: &usize| paper.fields().get(*index).is_some_and(|field| field.choice.is_some());
    let of_votes = conflicts.iter().filter(|index| is_vote(index)).map(|index| distance(*index));
    match of_votes.fold(0, u32::saturating_add) {
        0 => conflicts.iter().map(|index| distance(*index)).max().unwrap_or(0),
        sum => sum,
    }
}

/// The distances between what was typed and what the device read in the photos of the tally.
fn misread(paper: &Paper, tally: &CountedTally, photos: &[ArrivedPhoto]) -> Vec<u32> {
    let is_its = |photo: &&ArrivedPhoto| {
        let key: (DeviceId, u64) = (photo.device, photo.sequence);
        key == (tally.device, tally.sequence)
    };
    let mut readings = photos.iter().filter(is_its).flat_map(|photo| &photo.readings).peekable();
    // Most tallies are counted before their photos arrive.
    if readings.peek().is_none() {
        return Vec::new();
    }
    let Some(figures) = paper.from_wire(&tally.figures) else { return Vec::new() };
    let distance = |(field, read): &(String, u32)| {
        let code: FieldCode = field.parse().ok()?;
        let typed = figures.number(&code)?;
        (typed != *read).then(|| (code, typed.abs_diff(*read)))
    };
    // A page that was photographed twice has each figure once.
    let by_field: BTreeMap<FieldCode, u32> = readings.filter_map(distance).collect();
    by_field.into_values().collect()
}

/// The largest distance between the two sides of a check that found a fault.
fn largest_fault(paper: &Paper, tally: &CountedTally) -> Option<u32> {
    let findings = paper.check(&paper.from_wire(&tally.figures)?).findings.into_iter();
    let faults = findings.filter(|finding| finding.severity == Severity::Fault);
    let sides = faults.filter_map(|fault| fault.comparison);
    sides.map(|sides| u32::try_from(sides.difference.unsigned_abs()).unwrap_or(u32::MAX)).max()
}
