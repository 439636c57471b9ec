//! Plausible figures of a station. They add up, and the same seed gives the same figures.

use std::collections::BTreeMap;

use tally::{Column, Figure, Figures, Paper, Quantity};

use crate::rng::TestRng;

/// A complete paper in which every sum is right.
pub fn plausible(paper: &Paper, rng: &mut TestRng) -> Figures {
    use Quantity as Q;
    let voters = 120 + rng.below(paper.station_voters_max().saturating_sub(130).max(1));
    let men = people(voters / 2, rng);
    let women = people(voters / 2, rng);
    let both =
        |quantity| men.get(&quantity).copied().unwrap_or(0) + women.get(&quantity).copied().unwrap_or(0);
    let used = both(Q::UsersAll);
    // The legal reserve of 2 %, rounded up (UU 7/2017, article 344).
    let received = both(Q::VotersDpt) + both(Q::VotersDpt).div_ceil(50);
    let spoiled = rng.below(2).min(received - used);
    let invalid = rng.below(9).min(used);
    let shares = shares(used - invalid, paper.contest().candidates.len(), rng);

    let mut figures = Figures::default();
    for field in paper.fields() {
        let number = match field.counts {
            Q::BallotsReceived => received,
            Q::BallotsUsed | Q::AllVotes => used,
            Q::BallotsSpoiled => spoiled,
            Q::BallotsUnused => received - used - spoiled,
            Q::ValidVotes => used - invalid,
            Q::InvalidVotes => invalid,
            Q::CandidateVotes => {
                let index = paper
                    .contest()
                    .candidates
                    .iter()
                    .position(|candidate| Some(candidate.number) == field.candidate);
                index.and_then(|index| shares.get(index)).copied().unwrap_or(0)
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
        (Q::VotersDptb, moved),
        (Q::VotersDpk, with_ktp),
        (Q::VotersAll, dpt + moved + with_ktp),
        (Q::UsersDpt, came),
        (Q::UsersDptb, moved),
        (Q::UsersDpk, with_ktp),
        (Q::UsersAll, came + moved + with_ktp),
        (Q::DisabledVoters, disabled),
        (Q::DisabledUsers, disabled),
    ])
}

/// Divides votes among candidates.
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
    use crate::data::demo_election;

    #[test]
    fn plausible_figures_fill_the_paper_and_pass_every_check() {
        let election = tally::load::read(&demo_election()).unwrap();
        let paper = election.paper(&"ppwp".parse().unwrap()).unwrap();
        for seed in 0..500 {
            let figures = plausible(&paper, &mut TestRng::new(seed));
            assert_eq!(figures.0.len(), paper.fields().len());
            let report = paper.check(&figures);
            assert_eq!(report.faults().count(), 0, "seed {seed}: {:?}", report.findings);
        }
    }
}
