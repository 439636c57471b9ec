//! The votes of a region, in the ballot's order.

use std::collections::BTreeSet;

use tally::{Candidate, Choice, Contest, Party, PartyList, PartyNumber};

use crate::model::count::RegionTotal;
use crate::view::{VoteRow, Votes};

/// The votes in one contest.
pub(super) fn votes_of(contest: &Contest, parties: &[Party], total: &RegionTotal) -> Vec<VoteRow> {
    let candidates = contest.candidates.iter();
    let candidates =
        candidates.map(|candidate| candidate_row(Choice::Candidate(candidate.number), candidate, total));
    candidates.chain(contest.lists.iter().map(|list| list_row(list, parties, total))).collect()
}

/// The votes of the lists in several contests of one kind. The same number on the ballot is another candidate
/// in each contest, so there are none.
pub(super) fn votes_of_kind(contests: &[&Contest], parties: &[Party], total: &RegionTotal) -> Vec<VoteRow> {
    // A nation has thousands of contests of a kind, and almost every party is in the first of them.
    let stands = |party: &&Party| contests.iter().any(|contest| contest.list(party.number).is_some());
    let numbers: BTreeSet<PartyNumber> = parties.iter().filter(stands).map(|party| party.number).collect();
    numbers.into_iter().map(|party| party_row(party, parties, total)).collect()
}

fn candidate_row(choice: Choice, candidate: &Candidate, total: &RegionTotal) -> VoteRow {
    VoteRow {
        choice,
        party: choice.party().or(candidate.party),
        number: Some(candidate.number),
        names: candidate.names.clone(),
        label: candidate.names.join(" – "),
        empty_column: candidate.empty_column,
        votes: votes_for(choice, total),
        party_itself: None,
        candidates: Vec::new(),
    }
}

fn list_row(list: &PartyList, parties: &[Party], total: &RegionTotal) -> VoteRow {
    let candidate = |candidate: &Candidate| {
        candidate_row(Choice::ListCandidate(list.party, candidate.number), candidate, total)
    };
    VoteRow {
        party_itself: Some(votes_for(Choice::PartyItself(list.party), total)),
        candidates: list.candidates.iter().map(candidate).collect(),
        ..party_row(list.party, parties, total)
    }
}

fn party_row(party: PartyNumber, parties: &[Party], total: &RegionTotal) -> VoteRow {
    let name = party_name(party, parties);
    let choice = Choice::List(party);
    VoteRow {
        choice,
        party: Some(party),
        number: None,
        names: vec![name.clone()],
        label: name,
        empty_column: false,
        votes: votes_for(choice, total),
        party_itself: None,
        candidates: Vec::new(),
    }
}

/// The party's name, or its number if the package has no name for it.
pub(super) fn party_name(party: PartyNumber, parties: &[Party]) -> String {
    let known = parties.iter().find(|known| known.number == party);
    known.map_or_else(|| party.to_string(), |known| known.name.clone())
}

fn votes_for(choice: Choice, total: &RegionTotal) -> Votes {
    total.votes.get(&choice).copied().unwrap_or_default()
}
