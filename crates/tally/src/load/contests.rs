//! Checks the package's header, parties, contests and candidates.

use std::collections::{HashMap, HashSet};

use super::bounds::{count, localized, text};
use super::mistakes::Mistakes;
use crate::contest::{Candidate, Contest};
use crate::election::Election;
use crate::form::builtin_forms;

/// Maximum number of contests.
const CONTESTS_MAX: usize = 4_000;
/// Maximum number of candidates of a contest.
const CANDIDATES_MAX: usize = 100;
/// Maximum number of parties.
const PARTIES_MAX: usize = 100;
/// Maximum number of names of a candidate: one, or two of a pair.
const NAMES_MAX: usize = 2;
/// Maximum of `station_voters_max`. The law has never allowed more than 800.
const STATION_VOTERS_MAX: u32 = 2_000;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    header(election, found);
    parties(election, found);
    count("contests", election.contests.len(), 1, CONTESTS_MAX, "contest", found);
    let mut seen = HashSet::new();
    for (index, contest) in election.contests.iter().enumerate() {
        let path = format!("contests[{index}]");
        if !seen.insert(&contest.id) {
            found.add(
                format!("{path}.id"),
                format!("the contest {:?} is there twice; give each its own id", contest.id.as_str()),
            );
        }
        examine_contest(election, contest, &path, found);
    }
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

fn examine_contest(election: &Election, contest: &Contest, path: &str, found: &mut Mistakes) {
    localized(&format!("{path}.title"), &contest.title, found);
    localized(&format!("{path}.short_title"), &contest.short_title, found);
    if election.form(&contest.form).is_none() {
        let forms = election.forms.iter().chain(builtin_forms());
        let known: Vec<&str> = forms.map(|form| form.id.as_str()).collect();
        found.add(
            format!("{path}.form"),
            format!(
                "no form {:?}; use one of {}, or add it to forms",
                contest.form.as_str(),
                known.join(", ")
            ),
        );
    }
    let candidates = format!("{path}.candidates");
    if contest.candidates.is_empty() {
        found.add(
            candidates.as_str(),
            format!("the contest {:?} has no candidates; list them all", contest.id.as_str()),
        );
    }
    count(&candidates, contest.candidates.len(), 0, CANDIDATES_MAX, "candidate", found);
    let mut seen = HashSet::new();
    for (index, candidate) in contest.candidates.iter().enumerate() {
        let path = format!("{candidates}[{index}]");
        if !seen.insert(candidate.number) {
            found.add(
                format!("{path}.number"),
                format!("candidate number {} is there twice; give each its own", candidate.number),
            );
        }
        examine_candidate(election, candidate, &path, found);
    }
    names_once(contest, &candidates, found);
}

fn examine_candidate(election: &Election, candidate: &Candidate, path: &str, found: &mut Mistakes) {
    if candidate.number == 0 {
        found.add(format!("{path}.number"), "numbers on the ballot start at 1; write the real one");
    }
    if !(1..=NAMES_MAX).contains(&candidate.names.len()) {
        found.add(
            format!("{path}.names"),
            format!("{} names; write one, or the two of a pair", candidate.names.len()),
        );
    }
    for (nth, name) in candidate.names.iter().enumerate() {
        text(&format!("{path}.names[{nth}]"), name, found);
    }
    if let Some(party) = candidate.party
        && !election.parties.iter().any(|known| known.number == party)
    {
        found.add(
            format!("{path}.party"),
            format!("no party has number {party}; add it to parties or correct the number"),
        );
    }
}

/// Reports a name that is in one contest twice. Candidates of different parties can have the same name: such
/// lists have many people on them.
fn names_once(contest: &Contest, path: &str, found: &mut Mistakes) {
    let mut seen: HashMap<(Option<u16>, String), String> = HashMap::new();
    for (index, candidate) in contest.candidates.iter().enumerate() {
        for (nth, name) in candidate.names.iter().enumerate() {
            let path = format!("{path}[{index}].names[{nth}]");
            let key = (candidate.party, comparable(name));
            if let Some(first) = seen.get(&key).filter(|_| !key.1.is_empty()) {
                found.add(
                    path,
                    format!("the name {name:?} is there twice, first at {first}; correct one of them"),
                );
            } else {
                seen.insert(key, path);
            }
        }
    }
}

/// A name without differences in capitals and spaces.
fn comparable(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether `text` is a day of the Gregorian calendar, written `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, width: usize| -> Option<u32> {
        let digits = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.parse().ok() } else { None }
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for day in ["2024-02-29", "2000-02-29", "2026-12-09", "2019-04-17"] {
            assert!(is_date(day), "{day}");
        }
        for wrong in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-1-1",
            "",
            "09-12-2026",
            "2026-12-00",
            "2026-12-+9",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
