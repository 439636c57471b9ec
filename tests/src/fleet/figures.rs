//! Figures that a station could have: the same for the same seed, and adding up.

use std::collections::BTreeMap;

use tally::{Column, Figure, Figures, Paper, Quantity};

/// A stream of chance that is the same for the same seed (splitmix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`; 0 when there is none.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        u32::try_from(mixed % u64::from(bound.max(1))).unwrap_or_default()
    }

    /// True `percent` times of a hundred.
    pub fn comes(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

/// A whole paper in which everything adds up.
pub fn plausible(paper: &Paper, chance: &mut Chance) -> Figures {
    use Quantity as Q;
    let mut men: BTreeMap<Q, u32> = BTreeMap::new();
    let mut women: BTreeMap<Q, u32> = BTreeMap::new();
    let voters = 120 + chance.below(paper.station_voters_max().saturating_sub(130).max(1));
    for sex in [&mut men, &mut women] {
        let of_sex = voters / 2 + chance.below(6);
        // A few always stay away, so that those who moved here never make more users than ballots.
        let came = of_sex - 6 - of_sex * chance.below(30) / 100;
        let (moved, with_ktp) = (chance.below(4), chance.below(3));
        let disabled = chance.below(3);
        sex.extend([
            (Q::VotersDpt, of_sex),
            (Q::VotersDptb, moved),
            (Q::VotersDpk, with_ktp),
            (Q::VotersAll, of_sex + moved + with_ktp),
            (Q::UsersDpt, came),
            (Q::UsersDptb, moved),
            (Q::UsersDpk, with_ktp),
            (Q::UsersAll, came + moved + with_ktp),
            (Q::DisabledVoters, disabled),
            (Q::DisabledUsers, disabled),
        ]);
    }
    let both =
        |quantity| men.get(&quantity).copied().unwrap_or(0) + women.get(&quantity).copied().unwrap_or(0);
    let used = both(Q::UsersAll);
    // The law's reserve of two in a hundred, rounded up.
    let received = both(Q::VotersDpt) + both(Q::VotersDpt).div_ceil(50);
    let spoiled = chance.below(2).min(received - used);
    let invalid = chance.below(9).min(used);
    let shares = shares(used - invalid, paper.contest().candidates.len(), chance);

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
                let place = paper
                    .contest()
                    .candidates
                    .iter()
                    .position(|candidate| Some(candidate.number) == field.candidate);
                place.and_then(|place| shares.get(place)).copied().unwrap_or(0)
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

fn shares(votes: u32, candidates: usize, chance: &mut Chance) -> Vec<u32> {
    let weights: Vec<u32> = (0..candidates).map(|_| 10 + chance.below(60)).collect();
    let sum: u32 = weights.iter().sum();
    let mut shares: Vec<u32> = weights.iter().map(|weight| votes * weight / sum.max(1)).collect();
    let given: u32 = shares.iter().sum();
    if let Some(first) = shares.first_mut() {
        *first += votes - given;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::demo_election;

    #[test]
    fn plausible_figures_fill_the_paper_and_have_no_fault() {
        let election = tally::load::read(&demo_election()).unwrap();
        let paper = election.paper(&"ppwp".parse().unwrap()).unwrap();
        for seed in 0..500 {
            let figures = plausible(&paper, &mut Chance::new(seed));
            assert_eq!(figures.0.len(), paper.fields().len());
            let report = paper.check(&figures);
            assert_eq!(report.faults().count(), 0, "seed {seed}: {:?}", report.findings);
        }
    }
}
