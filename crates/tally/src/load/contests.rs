//! Checks the package's contests, party lists and candidates.

use std::collections::{HashMap, HashSet};

use super::bounds::{count, localized, text};
use super::mistakes::Mistakes;
use crate::contest::{AskedFigures, Candidate, Contest, PartyList};
use crate::election::{Election, FORMAT};
use crate::id::PartyNumber;

/// Maximum number of contests.
const CONTESTS_MAX: usize = 4_000;
/// Maximum number of candidates of a contest without lists.
pub(super) const CANDIDATES_MAX: u16 = 100;
/// Maximum number of lists of a contest. Aceh had 24 parties in 2024.
pub(super) const LISTS_MAX: u16 = 40;
/// Maximum number of candidates on a list. The longest of 2024 had 14.
const LISTED_MAX: usize = 20;
/// Maximum number of candidates of a package. The whole country had about 250,000 in 2024.
const ALL_CANDIDATES_MAX: usize = 400_000;
/// Maximum number of seats of a contest.
const SEATS_MAX: u16 = 200;
/// Maximum number of names of a candidate: one, or two of a pair.
const NAMES_MAX: usize = 2;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    count("contests", election.contests.len(), 1, CONTESTS_MAX, "contest", found);
    let candidates: usize = election.contests.iter().map(candidate_count).sum();
    if candidates > ALL_CANDIDATES_MAX {
        found.add(
            "contests",
            format!(
                "{candidates} candidates in all, at most {ALL_CANDIDATES_MAX} are allowed; split the package"
            ),
        );
    }
    let parties = election.parties.iter().map(|party| party.number).collect();
    let mut seen = HashSet::new();
    for (index, contest) in election.contests.iter().enumerate() {
        let path = format!("contests[{index}]");
        if !seen.insert(&contest.id) {
            found.add(
                format!("{path}.id"),
                format!("the contest {:?} is there twice; give each its own id", contest.id.as_str()),
            );
        }
        let with_kinds = election.format == FORMAT;
        Examined { contest, parties: &parties, with_kinds }.examine(&path, found);
    }
}

fn candidate_count(contest: &Contest) -> usize {
    let listed: usize = contest.lists.iter().map(|list| list.candidates.len()).sum();
    contest.candidates.len() + listed
}

struct Examined<'a> {
    contest: &'a Contest,
    parties: &'a HashSet<PartyNumber>,
    /// Whether the format of the package knows kinds of contests.
    with_kinds: bool,
}

impl Examined<'_> {
    fn examine(&self, path: &str, found: &mut Mistakes) {
        let contest = self.contest;
        localized(&format!("{path}.title"), &contest.title, found);
        localized(&format!("{path}.short_title"), &contest.short_title, found);
        if let Some(seats) = contest.seats.filter(|seats| !(1..=SEATS_MAX).contains(seats)) {
            found.add(
                format!("{path}.seats"),
                format!("{seats} seats; write 1 to {SEATS_MAX}, or leave it out"),
            );
        }
        if contest.kind.has_lists() && self.with_kinds {
            self.has_lists(path, found);
        } else {
            self.has_candidates(path, found);
        }
        self.lists(path, found);
        self.asked(path, found);
        let candidates = format!("{path}.candidates");
        count(&candidates, contest.candidates.len(), 0, CANDIDATES_MAX.into(), "candidate", found);
        self.candidates(&candidates, None, &contest.candidates, found);
        self.empty_column(&candidates, found);
    }

    fn has_lists(&self, path: &str, found: &mut Mistakes) {
        let id = self.contest.id.as_str();
        if self.contest.lists.is_empty() {
            found.add(
                format!("{path}.lists"),
                format!("the contest {id:?} has no party lists; list them all"),
            );
        }
        if !self.contest.candidates.is_empty() {
            found.add(
                format!("{path}.candidates"),
                format!(
                    "voters of {:?} choose between lists; move the candidates to lists",
                    self.contest.kind.word()
                ),
            );
        }
    }

    fn has_candidates(&self, path: &str, found: &mut Mistakes) {
        let id = self.contest.id.as_str();
        if self.contest.candidates.is_empty() {
            found.add(
                format!("{path}.candidates"),
                format!("the contest {id:?} has no candidates; list them all"),
            );
        }
        if !self.contest.lists.is_empty() && self.with_kinds {
            let kind = self.contest.kind.word();
            found.add(
                format!("{path}.lists"),
                format!("voters of {kind:?} choose between candidates; move them to candidates, or correct the kind"),
            );
        }
    }

    fn lists(&self, path: &str, found: &mut Mistakes) {
        count(&format!("{path}.lists"), self.contest.lists.len(), 0, LISTS_MAX.into(), "list", found);
        let mut seen = HashSet::new();
        for (index, list) in self.contest.lists.iter().enumerate() {
            let path = format!("{path}.lists[{index}]");
            if !seen.insert(list.party) {
                found.add(
                    format!("{path}.party"),
                    format!("party {} has two lists here; put its candidates in one", list.party),
                );
            }
            self.list(&path, list, found);
        }
    }

    fn list(&self, path: &str, list: &PartyList, found: &mut Mistakes) {
        self.known(&format!("{path}.party"), list.party, found);
        let path = format!("{path}.candidates");
        count(&path, list.candidates.len(), 0, LISTED_MAX, "candidate", found);
        self.candidates(&path, Some(list.party), &list.candidates, found);
        for (index, candidate) in list.candidates.iter().enumerate() {
            if candidate.party.is_some() {
                found.add(format!("{path}[{index}].party"), "the list names the party; remove it here");
            }
            if candidate.empty_column {
                found.add(format!("{path}[{index}].empty_column"), "a list has no empty column; remove it");
            }
        }
    }

    fn known(&self, path: &str, party: PartyNumber, found: &mut Mistakes) {
        if !self.parties.contains(&party) {
            found.add(path, format!("no party has number {party}; add it to parties or correct the number"));
        }
    }

    fn asked(&self, path: &str, found: &mut Mistakes) {
        let AskedFigures::TotalsAndListsOf(parties) = &self.contest.asked else { return };
        let path = format!("{path}.asked");
        if self.contest.lists.is_empty() {
            found.add(path, "only the figures of lists can be left out; remove it");
            return;
        }
        let mut seen = HashSet::new();
        for (index, party) in parties.iter().enumerate() {
            let path = format!("{path}.totals_and_lists_of[{index}]");
            if self.contest.list(*party).is_none() {
                found.add(path, format!("party {party} has no list in this contest; correct the number"));
            } else if !seen.insert(party) {
                found.add(path, format!("party {party} is there twice; keep it once"));
            }
        }
    }

    fn candidates(
        &self,
        path: &str,
        list: Option<PartyNumber>,
        candidates: &[Candidate],
        found: &mut Mistakes,
    ) {
        let mut numbers = HashSet::new();
        for (index, candidate) in candidates.iter().enumerate() {
            let path = format!("{path}[{index}]");
            if !numbers.insert(candidate.number) {
                found.add(
                    format!("{path}.number"),
                    format!("candidate number {} is there twice; give each its own", candidate.number),
                );
            }
            self.candidate(candidate, list, &path, found);
        }
        names_once(candidates, path, found);
    }

    fn candidate(&self, candidate: &Candidate, list: Option<PartyNumber>, path: &str, found: &mut Mistakes) {
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
        if let Some(party) = candidate.party.filter(|_| list.is_none()) {
            self.known(&format!("{path}.party"), party, found);
        }
    }

    /// The empty column stands against a single pair.
    fn empty_column(&self, path: &str, found: &mut Mistakes) {
        let candidates = &self.contest.candidates;
        let columns = candidates.iter().filter(|candidate| candidate.empty_column).count();
        if columns > 0 && (columns, candidates.len()) != (1, 2) {
            found.add(
                path,
                "the empty column stands against a single pair; keep one pair and one empty column, or remove it",
            );
        }
    }
}

/// Reports a name that is in one list of candidates twice. Candidates of different parties can have the same
/// name: such lists have many people on them.
fn names_once(candidates: &[Candidate], path: &str, found: &mut Mistakes) {
    let mut seen: HashMap<(Option<PartyNumber>, String), (usize, usize)> = HashMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        for (nth, name) in candidate.names.iter().enumerate() {
            let key = (candidate.party, comparable(name));
            if let Some((first, first_nth)) = seen.get(&key).filter(|_| !key.1.is_empty()) {
                found.add(
                    format!("{path}[{index}].names[{nth}]"),
                    format!(
                        "the name {name:?} is there twice, first at {path}[{first}].names[{first_nth}]; correct one of \
                         them"
                    ),
                );
            } else {
                seen.insert(key, (index, nth));
            }
        }
    }
}

/// A name without differences in capitals and spaces.
fn comparable(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
