//! Counts of one station, and sums of a region.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tally::{Choice, FIRST_ROUND, FieldCode};

use super::stored_votes;

/// A length as the wire has it.
pub(crate) fn u32_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The standing of a station's tally: whether it counts, and on whose word. The rule is in `counting::which`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A coordinator verified it.
    Verified,
    /// Independent witnesses agree on it.
    Corroborated,
    /// It is the latest of one assigned witness.
    Provisional,
    /// Witnesses disagree; it counts for nothing.
    Conflicting,
    /// Nothing has arrived. Missing is not zero.
    Missing,
}

impl Standing {
    /// The word on the wire and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Corroborated => "corroborated",
            Self::Provisional => "provisional",
            Self::Conflicting => "conflicting",
            Self::Missing => "missing",
        }
    }
}

/// Numbers of stations by the standing of their tally.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Coverage {
    /// All stations.
    pub stations: u32,
    /// [`Standing::Verified`].
    pub verified: u32,
    /// [`Standing::Corroborated`].
    pub corroborated: u32,
    /// [`Standing::Provisional`].
    pub provisional: u32,
    /// [`Standing::Conflicting`].
    pub conflicting: u32,
    /// [`Standing::Missing`].
    pub missing: u32,
    /// Number of tallies that count and have a fault.
    pub flagged: u32,
    /// Number of stations with a complete photo of every page.
    pub photographed: u32,
    /// Number of stations of which a later round counts.
    #[serde(default)]
    pub later_round: u32,
}

/// Votes by the standing of the tallies that they come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Votes {
    /// From verified tallies.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub verified: u64,
    /// From corroborated tallies.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub corroborated: u64,
    /// From provisional tallies.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub provisional: u64,
}

/// The count of one station in one contest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationCount {
    pub standing: Standing,
    /// The newest round with a result. All but the arrivals and photos is of this round.
    #[serde(default = "first_round", skip_serializing_if = "is_first_round")]
    pub round: u8,
    /// The deciding figures for which the witnesses state different numbers. Empty unless conflicting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FieldCode>,
    /// Faults in the tally that counts, or in the latest.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub faults: u32,
    /// Number of devices that witness there.
    pub witnesses: u32,
    /// Number of tallies received.
    pub tallies: u32,
    /// Number of pages with a complete photo.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pages_photographed: u32,
    /// Number of pages of the form.
    pub pages: u32,
    /// Time of the latest arrival.
    pub last_at_ms: Option<i64>,
    /// The votes that count, by whom they are for. Nobody without votes is in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<Choice, u32>,
    /// The invalid votes that count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub invalid: u32,
    /// The minutes in which tallies arrived, since 1970, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tally_minutes: Vec<i64>,
    /// The minutes in which photos arrived, in the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photo_minutes: Vec<i64>,
}

impl StationCount {
    /// Whether there is a tally that counts.
    pub fn counts(&self) -> bool {
        matches!(self.standing, Standing::Verified | Standing::Corroborated | Standing::Provisional)
    }

    /// Whether the tally that counts has a fault.
    pub fn is_flagged(&self) -> bool {
        self.faults > 0 && self.counts()
    }

    /// Whether there is a complete photo of every page.
    pub fn is_photographed(&self) -> bool {
        self.pages > 0 && self.pages_photographed >= self.pages
    }

    /// Keeps what adds up across the contests of a kind: the votes of lists, without their candidates. The
    /// same number on the ballot is another candidate in each contest.
    pub(crate) fn keep_lists(&mut self) {
        self.votes.retain(|choice, _| matches!(choice, Choice::List(_)));
    }

    /// Ascends from the most faults to none.
    pub fn fault_order(&self) -> i64 {
        -i64::from(self.faults)
    }
}

fn first_round() -> u8 {
    FIRST_ROUND
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first_round(round: &u8) -> bool {
    *round == FIRST_ROUND
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The sums of a region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionTotal {
    /// Its stations by standing. Stations of which nothing is known are not in it.
    pub coverage: Coverage,
    /// The votes, by whom they are for. Nobody without votes is in it.
    #[serde(with = "stored_votes")]
    pub votes: BTreeMap<Choice, Votes>,
    /// The invalid votes.
    pub invalid: Votes,
    /// Time of the latest arrival. It only grows, because nothing that arrived is ever removed.
    pub last_at_ms: Option<i64>,
}

impl RegionTotal {
    /// Adds a station.
    pub(crate) fn add(&mut self, station: &StationCount) {
        self.change(station, true);
        self.last_at_ms = station.last_at_ms.max(self.last_at_ms);
    }

    /// Keeps what adds up across the contests of a kind, as [`StationCount::keep_lists`].
    pub(crate) fn keep_lists(&mut self) {
        self.votes.retain(|choice, _| matches!(choice, Choice::List(_)));
    }

    /// Removes a station that was added.
    pub(crate) fn remove(&mut self, station: &StationCount) {
        self.change(station, false);
    }

    fn change(&mut self, station: &StationCount, more: bool) {
        self.coverage.change(station, more);
        for (choice, votes) in &station.votes {
            let sum = self.votes.entry(*choice).or_default();
            sum.change(station.standing, *votes, more);
            // As in sums that were made from nothing: most candidates of a list have no votes at most
            // stations.
            if *sum == Votes::default() {
                self.votes.remove(choice);
            }
        }
        self.invalid.change(station.standing, station.invalid, more);
    }

    /// The sums of these stations.
    pub(crate) fn of<'a>(stations: impl IntoIterator<Item = &'a StationCount>) -> Self {
        let mut total = Self::default();
        stations.into_iter().for_each(|station| total.add(station));
        total
    }

    /// The coverage of a region with this number of stations.
    pub(crate) fn coverage_of(&self, stations: u32) -> Coverage {
        let known = self.coverage;
        let counted = known.verified + known.corroborated + known.provisional + known.conflicting;
        Coverage { stations, missing: stations.saturating_sub(counted), ..known }
    }
}

impl Coverage {
    /// Number of stations of this standing.
    pub fn of(&self, standing: Standing) -> u32 {
        match standing {
            Standing::Verified => self.verified,
            Standing::Corroborated => self.corroborated,
            Standing::Provisional => self.provisional,
            Standing::Conflicting => self.conflicting,
            Standing::Missing => self.missing,
        }
    }

    fn change(&mut self, station: &StationCount, more: bool) {
        let step = |slot: &mut u32| *slot = if more { *slot + 1 } else { slot.saturating_sub(1) };
        match station.standing {
            Standing::Verified => step(&mut self.verified),
            Standing::Corroborated => step(&mut self.corroborated),
            Standing::Provisional => step(&mut self.provisional),
            Standing::Conflicting => step(&mut self.conflicting),
            Standing::Missing => {}
        }
        if station.is_flagged() {
            step(&mut self.flagged);
        }
        if station.is_photographed() {
            step(&mut self.photographed);
        }
        if station.round != FIRST_ROUND {
            step(&mut self.later_round);
        }
    }
}

impl Votes {
    /// From all tallies that count.
    pub fn all(self) -> u64 {
        self.verified + self.corroborated + self.provisional
    }

    fn change(&mut self, standing: Standing, votes: u32, more: bool) {
        let slot = match standing {
            Standing::Verified => &mut self.verified,
            Standing::Corroborated => &mut self.corroborated,
            Standing::Provisional => &mut self.provisional,
            Standing::Conflicting | Standing::Missing => return,
        };
        let votes = u64::from(votes);
        *slot = if more { *slot + votes } else { slot.saturating_sub(votes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_that_is_removed_again_leaves_the_sums_as_they_were() {
        let station = StationCount {
            standing: Standing::Provisional,
            round: FIRST_ROUND,
            conflicts: Vec::new(),
            faults: 2,
            witnesses: 1,
            tallies: 1,
            pages_photographed: 3,
            pages: 3,
            last_at_ms: None,
            votes: BTreeMap::from([(Choice::Candidate(1), 120), (Choice::Candidate(2), 90)]),
            invalid: 4,
            tally_minutes: vec![5],
            photo_minutes: Vec::new(),
        };
        let other = StationCount { standing: Standing::Verified, ..station.clone() };
        let before = RegionTotal::of([&other]);
        let mut total = before.clone();
        total.add(&station);
        assert_eq!(
            (
                total.coverage.provisional,
                total.coverage.flagged,
                total.votes[&Choice::Candidate(1)].provisional
            ),
            (1, 2, 120)
        );
        total.remove(&station);
        assert_eq!(total, before);
        assert_eq!(total.coverage_of(10).missing, 9);
    }
}
