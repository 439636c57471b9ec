//! Plausible figures of a paper, in which every sum is right.
//!
//! The voters come from one seed and the votes from another, so that the papers of one station agree about
//! its voters.

use std::collections::BTreeMap;

use sheet::draw::SeededRng;
use tally::{Choice, Column, Contest, Figure, Figures, Paper, Quantity};

/// The largest station where the law has no maximum.
const VOTERS_WITHOUT_LIMIT: u32 = 290;
/// Voters of each sex who never come. Otherwise voters from elsewhere could exceed the ballots.
const ABSENT_MIN: u32 = 8;

/// A complete paper. On a paper of lists most boxes stay empty: who has no votes has a blank there.
pub(crate) fn truth(paper: &Paper, people_seed: u64, votes_seed: u64) -> Figures {
    let people = People::new(paper, &mut SeededRng::new(people_seed));
    let random = &mut SeededRng::new(votes_seed);
    let ballots = Ballots::new(paper, &people, random);
    let votes = votes(paper.contest(), ballots.valid, random);
    let mut figures = Figures::default();
    for field in paper.fields() {
        let number = match field.choice {
            Some(choice) => votes.get(&choice).copied().unwrap_or(0),
            None => ballots.of(field.counts).unwrap_or_else(|| people.of(field.counts, field.column)),
        };
        let of_list = field.party().is_some();
        let figure = if of_list && number == 0 { Figure::Blank } else { Figure::Written(number) };
        figures.0.insert(field.code.clone(), figure);
    }
    figures
}

/// Voters and users of the vote, men and women.
struct People {
    men: BTreeMap<Quantity, u32>,
    women: BTreeMap<Quantity, u32>,
}

impl People {
    fn new(paper: &Paper, random: &mut SeededRng) -> Self {
        let most = paper.station_voters_max().unwrap_or(VOTERS_WITHOUT_LIMIT).min(VOTERS_WITHOUT_LIMIT);
        let least = most * 3 / 5;
        let half = (least + below(random, most - least).saturating_sub(30)) / 2;
        Self { men: people(half, random), women: people(half, random) }
    }

    fn of(&self, quantity: Quantity, column: Option<Column>) -> u32 {
        let of = |people: &BTreeMap<Quantity, u32>| people.get(&quantity).copied().unwrap_or(0);
        match column {
            Some(Column::L) => of(&self.men),
            Some(Column::P) => of(&self.women),
            Some(Column::J) | None => of(&self.men) + of(&self.women),
        }
    }
}

fn people(about: u32, random: &mut SeededRng) -> BTreeMap<Quantity, u32> {
    use Quantity as Q;
    let dpt = about.max(30) + below(random, 12);
    let came = dpt - ABSENT_MIN - dpt * below(random, 28) / 100;
    let (moved, unlisted) = (below(random, 4), below(random, 4));
    let (disabled, disabled_came) = (2 + below(random, 3), below(random, 3));
    BTreeMap::from([
        (Q::VotersDpt, dpt),
        (Q::VotersMoved, moved),
        (Q::VotersUnlisted, unlisted),
        (Q::VotersAll, dpt + moved + unlisted),
        (Q::UsersDpt, came),
        (Q::UsersMoved, moved),
        (Q::UsersUnlisted, unlisted),
        (Q::UsersAll, came + moved + unlisted),
        (Q::DisabledVoters, disabled),
        (Q::DisabledUsers, disabled_came),
    ])
}

/// Ballots, and what was in the box.
struct Ballots {
    received: u32,
    used: u32,
    spoiled: u32,
    /// Of the unused ballots, those that were sent by post and did not come back, in two kinds.
    by_post: [u32; 2],
    valid: u32,
}

impl Ballots {
    fn new(paper: &Paper, people: &People, random: &mut SeededRng) -> Self {
        let of = |quantity| people.of(quantity, None);
        let (dpt, used) = (of(Quantity::VotersDpt), of(Quantity::UsersAll));
        let received = dpt + (dpt * u32::from(paper.reserve_permille())).div_ceil(1_000);
        let spoiled = below(random, 3).min(received - used);
        let unused = received - used - spoiled;
        let not_returned = unused / 2;
        let undelivered = below(random, unused - not_returned + 1);
        let invalid = below(random, used / 20 + 2);
        Self { received, used, spoiled, by_post: [not_returned, undelivered], valid: used - invalid }
    }

    fn of(&self, quantity: Quantity) -> Option<u32> {
        use Quantity as Q;
        let unused = self.received - self.used - self.spoiled;
        let [not_returned, undelivered] = self.by_post;
        Some(match quantity {
            Q::BallotsReceived => self.received,
            Q::BallotsUsed | Q::AllVotes => self.used,
            Q::BallotsSpoiled => self.spoiled,
            Q::BallotsUnused => unused,
            Q::BallotsNotReturned => not_returned,
            Q::BallotsUndelivered => undelivered,
            Q::BallotsNotSent => unused - not_returned - undelivered,
            Q::ValidVotes => self.valid,
            Q::InvalidVotes => self.used - self.valid,
            _ => return None,
        })
    }
}

/// Divides the valid votes among the candidates, or among the lists and within each.
fn votes(contest: &Contest, valid: u32, random: &mut SeededRng) -> BTreeMap<Choice, u32> {
    let candidates = contest.candidates.iter().map(|candidate| Choice::Candidate(candidate.number));
    let shares_of_candidates = shares(valid, contest.candidates.len(), false, random);
    let mut votes: BTreeMap<Choice, u32> = candidates.zip(shares_of_candidates).collect();
    let of_lists = shares(valid, contest.lists.len(), false, random);
    for (list, total) in contest.lists.iter().zip(of_lists) {
        let party = list.party;
        let of_list = list.candidates.iter().map(|candidate| Choice::ListCandidate(party, candidate.number));
        let choices = std::iter::once(Choice::PartyItself(party)).chain(of_list);
        votes.insert(Choice::List(party), total);
        votes.extend(choices.zip(shares(total, list.candidates.len() + 1, true, random)));
    }
    votes
}

/// Divides votes unevenly. If `with_none`, half of the parts get nothing.
fn shares(votes: u32, parts: usize, with_none: bool, random: &mut SeededRng) -> Vec<u32> {
    let weight = |random: &mut SeededRng| {
        let weight = 4 + below(random, 30);
        if with_none && random.random_bool(0.5) { 0 } else { weight * weight }
    };
    let mut weights: Vec<u32> = (0..parts).map(|_| weight(random)).collect();
    if let Some(first) = weights.first_mut().filter(|weight| **weight == 0) {
        *first = 1;
    }
    let sum: u32 = weights.iter().sum::<u32>().max(1);
    let mut shares: Vec<u32> = weights.iter().map(|weight| votes * weight / sum).collect();
    let rest = votes - shares.iter().sum::<u32>();
    if let Some(largest) = shares.iter_mut().max() {
        *largest += rest;
    }
    shares
}

fn below(random: &mut SeededRng, end: u32) -> u32 {
    // A number below `end` fits as `end` does.
    u32::try_from(random.below(end as usize)).unwrap_or(0)
}
