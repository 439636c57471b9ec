//! Checks the package's header and parties.

use std::collections::HashSet;

use super::bounds::{count, localized, text};
use super::date::is_date;
use super::mistakes::Mistakes;
use crate::election::{Election, Readiness};
use crate::id::StationKind;

/// Maximum number of parties.
const PARTIES_MAX: usize = 100;
/// Maximum of `station_voters_max`. The law has never allowed more than 800.
const STATION_VOTERS_MAX: u32 = 2_000;
/// Maximum of `voters_max_by_kind`. The votes by post of one city abroad have had 156,367 voters.
const VOTERS_BY_KIND_MAX: u32 = 1_000_000;
/// Maximum of `reserve_permille`. The law has never allowed more than 25.
const RESERVE_PERMILLE_MAX: u16 = 200;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    header(election, found);
    readiness(election, found);
    voters_max_by_kind(election, found);
    parties(election, found);
}

fn header(election: &Election, found: &mut Mistakes) {
    localized("title", &election.title, found);
    if election.version == 0 {
        found.add("version", "versions count from 1; write 1 for a first version");
    }
    if !is_date(&election.date) {
        found.add("date", format!("{:?} is not a day; write it as in \"2029-02-14\"", election.date));
    }
    if !(1..=STATION_VOTERS_MAX).contains(&election.station_voters_max) {
        found.add(
            "station_voters_max",
            format!(
                "{} cannot be the most voters of a TPS; write what the law says, 1 to {STATION_VOTERS_MAX}",
                election.station_voters_max
            ),
        );
    }
    if election.reserve_permille > RESERVE_PERMILLE_MAX {
        found.add(
            "reserve_permille",
            format!(
                "{} thousandths are no reserve; write what the law says, for instance 20 or 25, at most \
                 {RESERVE_PERMILLE_MAX}",
                election.reserve_permille
            ),
        );
    }
}

fn readiness(election: &Election, found: &mut Mistakes) {
    if !election.readiness.is_possible() {
        let exercises = Readiness::EXERCISES_MAX;
        found.add(
            "readiness",
            format!("nobody could reach this; write at most {exercises} exercises and 1000 thousandths"),
        );
    }
}

fn voters_max_by_kind(election: &Election, found: &mut Mistakes) {
    for (kind, &voters_max) in &election.voters_max_by_kind {
        let path = format!("voters_max_by_kind.{}", kind.word());
        if *kind == StationKind::Tps {
            found.add(path, "the most voters of a TPS stand in station_voters_max; write them there");
        } else if !(1..=VOTERS_BY_KIND_MAX).contains(&voters_max) {
            let reason = format!(
                "{voters_max} cannot be the most voters of a station; write 1 to {VOTERS_BY_KIND_MAX}, or leave the kind \
                 out if the law has no maximum"
            );
            found.add(path, reason);
        }
    }
}

fn parties(election: &Election, found: &mut Mistakes) {
    count("parties", election.parties.len(), 0, PARTIES_MAX, "party", found);
    let mut seen = HashSet::new();
    for (index, party) in election.parties.iter().enumerate() {
        let path = format!("parties[{index}]");
        text(&format!("{path}.name"), &party.name, found);
        if !seen.insert(party.number) {
            found.add(
                format!("{path}.number"),
                format!("party number {} is there twice; give each its own", party.number),
            );
        }
    }
}
