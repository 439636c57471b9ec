//! Plausible figures of a station. They add up, and the same seed gives the same figures.

use std::collections::BTreeMap;

use tally::{Choice, Column, Contest, Figure, Figures, Paper, Quantity};

use crate::rng::TestRng;

/// Maximum number of voters that are made up for a station without a legal maximum.
const VOTERS_WITHOUT_LIMIT: u32 = 900;

/// A complete paper in which every sum is right.
pub fn plausible(paper: &Paper, rng: &mut TestRng) -> Figures {
    use Quantity as Q;
    let voters_max = paper.station_voters_max().unwrap_or(VOTERS_WITHOUT_LIMIT);
    let voters = 120 + rng.below(voters_max.saturating_sub(130).max(1));
    let men = people(voters / 2, rng);
    let women = people(voters / 2, rng);
    let both =
        |quantity| men.get(&quantity).copied().unwrap_or(0) + women.get(&quantity).copied().unwrap_or(0);
    let used = both(Q::UsersAll);
    let reserve = (both(Q::VotersDpt) * u32::from(paper.reserve_permille())).div_ceil(1_000);
    let received = both(Q::VotersDpt) + reserve;
    let spoiled = rng.below(2).min(received - used);
    let invalid = rng.below(9).min(used);
    let votes = votes(paper.contest(), used - invalid, rng);

    let mut figures = Figures::default();
    for field in paper.fields() {
        let number = match field.counts {
            Q::BallotsReceived => received,
            Q::BallotsUsed | Q::AllVotes => used,
            Q::BallotsSpoiled => spoiled,
            Q::BallotsUnused => received - used - spoiled,
            Q::ValidVotes => used - invalid,
            Q::InvalidVotes => invalid,
            Q::CandidateVotes | Q::PartyVotes | Q::ListVotes => {
                field.choice.and_then(|choice| votes.get(&choice)).copied().unwrap_or(0)
            }
            quantity => match field.column {
                Some(Column::L) => men.get(&quantity).copied().unwrap_or(0),
                Some(Column::P) => women.get(&quantity).copied().unwrap_or(0),
                Some(Column::J) | None => both(quantity),
            },
        };
        figures.0.insert(field.code.clone(), Figure::Written(number));
    }
    figures
}

/// Voters and users of the vote of one sex.
fn people(about: u32, rng: &mut TestRng) -> BTreeMap<Quantity, u32> {
    use Quantity as Q;
    let dpt = about + rng.below(6);
    // A few of them never come. Otherwise voters from other stations could exceed the ballots.
    let came = dpt - 6 - dpt * rng.below(30) / 100;
    let (moved, with_ktp) = (rng.below(4), rng.below(3));
    let disabled = rng.below(3);
    BTreeMap::from([
        (Q::VotersDpt, dpt),
        (Q::VotersMoved, moved),
        (Q::VotersUnlisted, with_ktp),
        (Q::VotersAll, dpt + moved + with_ktp),
        (Q::UsersDpt, came),
        (Q::UsersMoved, moved),
        (Q::UsersUnlisted, with_ktp),
        (Q::UsersAll, came + moved + with_ktp),
        (Q::DisabledVoters, disabled),
        (Q::DisabledUsers, disabled),
    ])
}

/// Divides the valid votes among the candidates, or among the lists and within each.
fn votes(contest: &Contest, valid: u32, rng: &mut TestRng) -> BTreeMap<Choice, u32> {
    let candidates = contest.candidates.iter().map(|candidate| Choice::Candidate(candidate.number));
    let mut votes: BTreeMap<Choice, u32> =
        candidates.zip(shares(valid, contest.candidates.len(), rng)).collect();
    let of_lists = shares(valid, contest.lists.len(), rng);
    for (list, total) in contest.lists.iter().zip(of_lists) {
        let party = list.party;
        let of_list = list.candidates.iter().map(|candidate| Choice::ListCandidate(party, candidate.number));
        let choices = std::iter::once(Choice::PartyItself(party)).chain(of_list);
        votes.insert(Choice::List(party), total);
        votes.extend(choices.zip(shares(total, list.candidates.len() + 1, rng)));
    }
    votes
}

/// Divides votes.
fn shares(votes: u32, candidates: usize, rng: &mut TestRng) -> Vec<u32> {
    let weights: Vec<u32> = (0..candidates).map(|_| 10 + rng.below(60)).collect();
    let sum: u32 = weights.iter().sum();
    let mut shares: Vec<u32> = weights.iter().map(|weight| votes * weight / sum.max(1)).collect();
    let total: u32 = shares.iter().sum();
    if let Some(first) = shares.first_mut() {
        *first += votes - total;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::root;

    #[test]
    fn plausible_figures_fill_the_paper_and_pass_every_check() {
        let mut checked = 0;
        for file in ["demo.json", "demo-general.json", "demo-pilkada.json"] {
            let election = tally::load::read(&root().join("assets/elections").join(file)).unwrap();
            for contest in &election.contests {
                let paper = election.paper(&contest.id).unwrap();
                for seed in 0..100 {
                    let figures = plausible(&paper, &mut TestRng::new(seed));
                    assert_eq!(figures.0.len(), paper.fields().len());
                    let report = paper.check(&figures);
                    let context = (file, contest.id.as_str(), seed);
                    assert_eq!(report.faults().count(), 0, "{context:?}: {:?}", report.findings);
                    checked += 1;
                }
            }
        }
        assert!(checked >= 700, "{checked} papers");
    }

    #[test]
    fn the_same_people_vote_on_all_papers_of_a_station() {
        let election = tally::load::read(&root().join("assets/elections/demo-general.json")).unwrap();
        let station = "52.71.05.1001-001".parse().unwrap();
        let papers: Vec<Paper> =
            election.contests_at(&station).map(|contest| election.paper(&contest.id).unwrap()).collect();
        let figures: Vec<Figures> =
            papers.iter().map(|paper| plausible(paper, &mut TestRng::new(7))).collect();
        let side_by_side: Vec<(&Paper, &Figures)> = papers.iter().zip(&figures).collect();
        assert_eq!(tally::compare_papers(&side_by_side), []);
    }
}
