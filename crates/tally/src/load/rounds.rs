//! Checks the later rounds of a package.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::bounds::{count, localized};
use super::date::is_date;
use super::mistakes::Mistakes;
use crate::election::{Election, FIRST_ROUND, ROUND_MAX, Round};
use crate::id::{ContestId, StationId};

/// Maximum number of rounds of a package.
const ROUNDS_MAX: usize = 2_000;
/// Maximum number of stations of a round. In 2024 there were 1,105 in all.
const ROUND_STATIONS_MAX: usize = 50_000;
/// Maximum number of stations and contests of all rounds together.
const ROUND_ENTRIES_MAX: usize = 500_000;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    count("rounds", election.rounds.len(), 0, ROUNDS_MAX, "round", found);
    for (index, round) in election.rounds.iter().enumerate() {
        examine_round(election, round, &format!("rounds[{index}]"), found);
    }
    let entries = election.rounds.iter().map(|round| round.stations.len() * round.contests.len().max(1));
    if entries.sum::<usize>() > ROUND_ENTRIES_MAX {
        found
            .add("rounds", format!("more than {ROUND_ENTRIES_MAX} stations and contests; remove old rounds"));
        return;
    }
    numbers(election, found);
}

fn examine_round(election: &Election, round: &Round, path: &str, found: &mut Mistakes) {
    if !(FIRST_ROUND + 1..=ROUND_MAX).contains(&round.number) {
        found.add(
            format!("{path}.number"),
            format!("{} is no later round; the first count is 1, so write 2 to {ROUND_MAX}", round.number),
        );
    }
    if !is_date(&round.date) {
        found.add(
            format!("{path}.date"),
            format!("{:?} is not a day; write it as in \"2029-02-14\"", round.date),
        );
    }
    localized(&format!("{path}.reason"), &round.reason, found);
    count(&format!("{path}.stations"), round.stations.len(), 1, ROUND_STATIONS_MAX, "station", found);
    contests(election, round, path, found);
    stations(election, round, path, found);
}

fn contests(election: &Election, round: &Round, path: &str, found: &mut Mistakes) {
    let mut seen = HashSet::new();
    for (index, id) in round.contests.iter().enumerate() {
        let path = format!("{path}.contests[{index}]");
        if election.contest(id).is_none() {
            found.add(path, format!("no contest {:?}; correct the id", id.as_str()));
        } else if !seen.insert(id) {
            found.add(path, format!("the contest {:?} is there twice; keep it once", id.as_str()));
        } else if !round.stations.iter().any(|station| election.is_voted_at(id, station)) {
            let reason =
                format!("the contest {:?} is voted at none of these stations; remove it", id.as_str());
            found.add(path, reason);
        }
    }
}

fn stations(election: &Election, round: &Round, path: &str, found: &mut Mistakes) {
    let mut seen = HashSet::new();
    for (index, station) in round.stations.iter().enumerate() {
        let path = format!("{path}.stations[{index}]");
        if !election.has_station(station) {
            found.add(path, format!("{station} is not among the stations; correct it or add it there"));
        } else if !seen.insert(station) {
            found.add(path, format!("{station} is there twice; keep it once"));
        } else if election.contests_of_round(round, station).next().is_none() {
            found.add(path, format!("{station} votes in none of the round's contests; remove it"));
        }
    }
}

/// Each round of a station and contest is there once, and none is missing before it.
fn numbers(election: &Election, found: &mut Mistakes) {
    let mut rounds: BTreeMap<(&StationId, &ContestId), BTreeSet<u8>> = BTreeMap::new();
    let mut twice: BTreeMap<usize, String> = BTreeMap::new();
    for (index, round) in election.rounds.iter().enumerate() {
        let of_round = round.stations.iter().collect::<BTreeSet<_>>();
        for station in of_round {
            for contest in election.contests_of_round(round, station) {
                if !rounds.entry((station, &contest.id)).or_default().insert(round.number) {
                    let reason = format!(
                        "round {} of {station} and {:?} is there twice; number them in their order",
                        round.number,
                        contest.id.as_str()
                    );
                    twice.entry(index).or_insert(reason);
                }
            }
        }
    }
    for (index, reason) in twice {
        found.add(format!("rounds[{index}].number"), reason);
    }
    for ((station, contest), numbers) in rounds {
        let mut wanted = (FIRST_ROUND + 1..).zip(&numbers);
        if let Some((missing, _)) = wanted.find(|(wanted, number)| wanted != *number) {
            let reason = format!(
                "{station} and {:?} have a later round, but no round {missing}; number the rounds 2, 3, 4",
                contest.as_str()
            );
            found.add("rounds", reason);
        }
    }
}
