//! Whether what a package says of itself, its parties, contests and candidates can be true.

use std::collections::HashSet;

use super::mistakes::Mistakes;
use crate::election::{Contest, Election};
use crate::text::Localized;

/// The most characters of a name or title.
const TEXT_CHARS_MAX: usize = 200;
const CONTESTS_MAX: usize = 40;
const CANDIDATES_MAX: usize = 100;
const PARTIES_MAX: usize = 100;
/// One name, or two of a pair.
const NAMES_MAX: usize = 2;
/// The most that `station_voters_max` may be; the law has never allowed more than 800.
const STATION_VOTERS_MAX: u32 = 2_000;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
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
    parties(election, found);
    count("contests", election.contests.len(), 1, CONTESTS_MAX, "contest", found);
    let mut seen = HashSet::new();
    for (place, contest) in election.contests.iter().enumerate() {
        let path = format!("contests[{place}]");
        if !seen.insert(&contest.id) {
            found.add(
                format!("{path}.id"),
                format!("the contest {:?} is there twice; give each its own id", contest.id.as_str()),
            );
        }
        examine_contest(election, contest, &path, found);
    }
}

fn parties(election: &Election, found: &mut Mistakes) {
    count("parties", election.parties.len(), 0, PARTIES_MAX, "party", found);
    let mut seen = HashSet::new();
    for (place, party) in election.parties.iter().enumerate() {
        let path = format!("parties[{place}]");
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
        let own = election.forms.iter().map(|form| form.id.as_str());
        let known: Vec<&str> =
            own.chain(super::builtin_forms().iter().map(|form| form.id.as_str())).collect();
        found.add(
            format!("{path}.form"),
            format!(
                "no form {:?}; use one of {}, or add it to forms",
                contest.form.as_str(),
                known.join(", ")
            ),
        );
    }
    if contest.candidates.is_empty() {
        found.add(
            format!("{path}.candidates"),
            format!("the contest {:?} has no candidates; list them all", contest.id.as_str()),
        );
    }
    count(&format!("{path}.candidates"), contest.candidates.len(), 0, CANDIDATES_MAX, "candidate", found);
    let mut seen = HashSet::new();
    for (place, candidate) in contest.candidates.iter().enumerate() {
        let path = format!("{path}.candidates[{place}]");
        if candidate.number == 0 {
            found.add(format!("{path}.number"), "numbers on the ballot start at 1; write the real one");
        }
        if !seen.insert(candidate.number) {
            found.add(
                format!("{path}.number"),
                format!("candidate number {} is there twice; give each its own", candidate.number),
            );
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
}

/// Says so when `path` has fewer or more things than a package may have.
pub(super) fn count(
    path: &str,
    has: usize,
    at_least: usize,
    at_most: usize,
    thing: &str,
    found: &mut Mistakes,
) {
    if has < at_least {
        found.add(path, format!("there is no {thing}; add at least one"));
    } else if has > at_most {
        found.add(
            path,
            format!("{has} entries, at most {at_most} are allowed; check that none is there twice"),
        );
    }
}

/// Says so when either language is missing or too long.
pub(super) fn localized(path: &str, both: &Localized, found: &mut Mistakes) {
    text(&format!("{path}.id"), &both.id, found);
    text(&format!("{path}.en"), &both.en, found);
}

/// Says so when a text is empty, too long, or holds control characters.
pub(super) fn text(path: &str, text: &str, found: &mut Mistakes) {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        found.add(path, "the text is empty; write it");
    } else if chars > TEXT_CHARS_MAX {
        found.add(path, format!("{chars} characters, at most {TEXT_CHARS_MAX} are allowed; shorten it"));
    } else if text.chars().any(char::is_control) {
        found.add(path, "the text has a line break or another control character; write it in one line");
    }
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
