//! The seats of a district by Sainte-Laguë: the votes of each party are divided by 1, 3, 5, 7 …, and the
//! largest quotients win (UU 7/2017, articles 415 and 420).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contest::ContestKind;
use crate::id::PartyNumber;

/// The share of all valid votes of the country that a party needs to take part in the seats of the DPR, in
/// thousandths (UU 7/2017, article 414). The DPRD have no such threshold.
pub const DPR_THRESHOLD_PERMILLE: u64 = 40;

/// The seats that a sum of votes would give. While the sum is incomplete, it is arithmetic, not a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SeatAllocation {
    /// Number of seats of the district.
    pub seats: u16,
    /// The parties in the order in which they were given.
    pub parties: Vec<PartySeats>,
    /// The seats that several parties would win with equal quotients, if there are such. They are nobody's.
    pub tie: Option<SeatTie>,
}

/// The seats of one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PartySeats {
    /// The party.
    pub party: PartyNumber,
    /// The votes of its list.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub votes: u64,
    /// Whether it takes part: it reaches the threshold, or there is none.
    pub takes_part: bool,
    /// Number of seats that it wins whatever becomes of a tie.
    pub seats: u16,
    /// Number of further votes, all others unchanged, with which one more seat is certain. `None` if it does
    /// not take part or has all seats.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub to_win: Option<u64>,
    /// Number of fewer votes, all others unchanged, with which its last seat is no longer certain. `None`
    /// without a seat.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub to_lose: Option<u64>,
}

/// Seats for which more parties have the same quotient than there are seats left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SeatTie {
    /// Number of these seats.
    pub seats: u16,
    /// The parties.
    pub parties: Vec<PartyNumber>,
}

/// The parties that reach the threshold of the DPR with these votes of the whole country. All of them while
/// nobody has a vote.
pub fn parties_above_threshold(national: &BTreeMap<PartyNumber, u64>) -> BTreeSet<PartyNumber> {
    let all: u128 = national.values().map(|&votes| u128::from(votes)).sum();
    let reaches = |votes: u64| u128::from(votes) * 1_000 >= all * u128::from(DPR_THRESHOLD_PERMILLE);
    national.iter().filter(|(_, votes)| reaches(**votes)).map(|(party, _)| *party).collect()
}

/// Whether the seats of a contest depend on a national threshold.
pub fn has_threshold(kind: ContestKind) -> bool {
    kind == ContestKind::Dpr
}

/// Divides `seats` between the parties by the votes of their lists. With `above_threshold`, only the parties
/// in it take part.
pub fn allocate(
    votes: &[(PartyNumber, u64)],
    seats: u16,
    above_threshold: Option<&BTreeSet<PartyNumber>>,
) -> SeatAllocation {
    let takes_part = |party: PartyNumber| above_threshold.is_none_or(|above| above.contains(&party));
    let taking_part: Vec<(PartyNumber, u64)> =
        votes.iter().copied().filter(|(party, _)| takes_part(*party)).collect();
    let quotients = largest_quotients(&taking_part, seats);
    let (won, tie) = winners(&quotients, seats);
    let parties = votes.iter().map(|&(party, votes)| {
        let seats_won =
            u16::try_from(won.iter().filter(|winner| **winner == party).count()).unwrap_or(u16::MAX);
        let others: Vec<Quotient> =
            quotients.iter().filter(|quotient| quotient.party != party).copied().collect();
        let race = Race { votes, seats_won, seats, others: &others };
        PartySeats {
            party,
            votes,
            takes_part: takes_part(party),
            seats: seats_won,
            to_win: if takes_part(party) { race.to_win() } else { None },
            to_lose: race.to_lose(),
        }
    });
    SeatAllocation { seats, parties: parties.collect(), tie }
}

/// A party's votes divided by an odd number. Compared as fractions, so that equal ones are equal.
#[derive(Debug, Clone, Copy)]
struct Quotient {
    party: PartyNumber,
    votes: u64,
    divisor: u64,
}

impl Quotient {
    fn order(&self, other: &Self) -> Ordering {
        let left = u128::from(self.votes) * u128::from(other.divisor);
        left.cmp(&(u128::from(other.votes) * u128::from(self.divisor)))
    }
}

/// The quotients that can win, the largest first. Each party has one for each seat.
fn largest_quotients(votes: &[(PartyNumber, u64)], seats: u16) -> Vec<Quotient> {
    let of_party = |&(party, votes): &(PartyNumber, u64)| {
        (0..u64::from(seats)).map(move |seat| Quotient { party, votes, divisor: divisor(seat) })
    };
    let mut quotients: Vec<Quotient> =
        votes.iter().filter(|(_, votes)| *votes > 0).flat_map(of_party).collect();
    quotients.sort_by(|left, right| right.order(left));
    quotients
}

/// The divisor for the seat after `seats_won` others: 1, 3, 5, 7.
fn divisor(seats_won: u64) -> u64 {
    2 * seats_won + 1
}

/// The party of each certain seat, and the tie for the others.
fn winners(quotients: &[Quotient], seats: u16) -> (Vec<PartyNumber>, Option<SeatTie>) {
    let seats = usize::from(seats);
    let parties = |quotients: &[Quotient]| quotients.iter().map(|quotient| quotient.party).collect();
    let (Some(last), Some(next)) =
        (seats.checked_sub(1).and_then(|last| quotients.get(last)), quotients.get(seats))
    else {
        return (parties(&quotients[..seats.min(quotients.len())]), None);
    };
    if last.order(next).is_gt() {
        return (parties(&quotients[..seats]), None);
    }
    let certain = quotients.iter().take_while(|quotient| quotient.order(last).is_gt()).count();
    let tied = quotients[certain..].iter().take_while(|quotient| quotient.order(last).is_eq()).count();
    let tie = SeatTie {
        seats: u16::try_from(seats - certain).unwrap_or(u16::MAX),
        parties: parties(&quotients[certain..certain + tied]),
    };
    (parties(&quotients[..certain]), Some(tie))
}

/// One party against the quotients of all others, the largest first.
struct Race<'a> {
    votes: u64,
    seats_won: u16,
    seats: u16,
    others: &'a [Quotient],
}

impl Race<'_> {
    /// Maximum number of votes with which the seat `nth` (from 1) is not certain: its quotient is not above
    /// that of the other party to whom the seat would go.
    fn not_enough(&self, nth: u16) -> u64 {
        let rival = usize::from(self.seats - nth);
        self.others.get(rival).map_or(0, |rival| {
            let most = u128::from(rival.votes) * u128::from(divisor(u64::from(nth - 1)));
            u64::try_from(most / u128::from(rival.divisor)).unwrap_or(u64::MAX)
        })
    }

    fn to_win(&self) -> Option<u64> {
        let next = self.seats_won + 1;
        (next <= self.seats).then(|| (self.not_enough(next) + 1).saturating_sub(self.votes))
    }

    fn to_lose(&self) -> Option<u64> {
        (self.seats_won > 0).then(|| self.votes.saturating_sub(self.not_enough(self.seats_won)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats_of(allocation: &SeatAllocation) -> Vec<(PartyNumber, u16)> {
        allocation.parties.iter().map(|party| (party.party, party.seats)).collect()
    }

    /// Six seats. Divided by 1, 3, 5, 7: A 28,000 9,333 5,600 4,000; B 15,000 5,000; C 10,000 3,333;
    /// D 6,000 2,000; E 3,000. The six largest: A, B, C, A, D, A.
    const SIX_SEATS: [(PartyNumber, u64); 5] =
        [(1, 28_000), (2, 15_000), (3, 10_000), (4, 6_000), (5, 3_000)];

    #[test]
    fn the_largest_quotients_win() {
        let allocation = allocate(&SIX_SEATS, 6, None);
        assert_eq!(seats_of(&allocation), [(1, 3), (2, 1), (3, 1), (4, 1), (5, 0)]);
        assert_eq!(allocation.tie, None);
    }

    #[test]
    fn each_party_knows_how_far_it_is_from_a_seat() {
        let allocation = allocate(&SIX_SEATS, 6, None);
        let far: Vec<(Option<u64>, Option<u64>)> =
            allocation.parties.iter().map(|party| (party.to_win, party.to_lose)).collect();
        assert_eq!(
            far,
            [
                // The fourth seat needs a seventh above D's 6,000; the third falls to B's second at 5,000.
                (Some(42_001 - 28_000), Some(28_000 - 25_000)),
                // The second seat needs a third above A's 5,600; the first falls to A's fourth at 4,000.
                (Some(16_801 - 15_000), Some(15_000 - 4_000)),
                // As B, but the first falls to B's second at 5,000.
                (Some(16_801 - 10_000), Some(10_000 - 5_000)),
                (Some(16_801 - 6_000), Some(6_000 - 5_000)),
                (Some(5_601 - 3_000), None),
            ]
        );
    }

    /// Every distance is checked by counting again with the changed votes.
    #[test]
    fn the_distances_are_exact() {
        for (votes, seats) in [
            (SIX_SEATS.to_vec(), 6),
            (vec![(1, 341_000), (2, 298_111), (3, 98_402), (4, 97_990), (5, 61_005), (24, 8_000)], 8),
            (vec![(1, 10), (2, 10), (3, 10)], 4),
            (vec![(1, 3), (2, 1)], 10),
            (vec![(7, 5)], 3),
        ] {
            for PartySeats { party, seats: won, to_win, to_lose, .. } in allocate(&votes, seats, None).parties
            {
                let with = |change: i64| {
                    let mut changed = votes.clone();
                    let own = changed.iter_mut().find(|(other, _)| *other == party).unwrap();
                    own.1 = own.1.checked_add_signed(change).unwrap();
                    let again = allocate(&changed, seats, None);
                    again.parties.iter().find(|again| again.party == party).unwrap().seats
                };
                if let Some(to_win) = to_win {
                    let to_win = i64::try_from(to_win).unwrap();
                    assert!(with(to_win) > won, "party {party} of {votes:?}");
                    assert!(to_win == 0 || with(to_win - 1) == won, "party {party} of {votes:?}");
                }
                if let Some(to_lose) = to_lose {
                    let to_lose = i64::try_from(to_lose).unwrap();
                    assert!(with(-to_lose) < won, "party {party} of {votes:?}");
                    assert!(with(1 - to_lose) >= won, "party {party} of {votes:?}");
                }
            }
        }
    }

    #[test]
    fn equal_quotients_for_the_last_seat_are_a_tie_and_nobodys_seat() {
        // 900 / 3 = 300 = the votes of the second: the third of three seats is open between both.
        let allocation = allocate(&[(1, 900), (2, 300), (3, 500), (4, 10)], 3, None);
        assert_eq!(seats_of(&allocation), [(1, 1), (2, 0), (3, 1), (4, 0)]);
        assert_eq!(allocation.tie, Some(SeatTie { seats: 1, parties: vec![1, 2] }));
        // One vote more decides it.
        assert_eq!(allocation.parties[1].to_win, Some(1));
        let decided = allocate(&[(1, 900), (2, 301), (3, 500), (4, 10)], 3, None);
        assert_eq!((seats_of(&decided)[1], decided.tie), ((2, 1), None));
    }

    #[test]
    fn equal_quotients_within_the_seats_are_no_tie() {
        let allocation = allocate(&[(1, 500), (2, 500)], 2, None);
        assert_eq!(seats_of(&allocation), [(1, 1), (2, 1)]);
        assert_eq!(allocation.tie, None);
    }

    #[test]
    fn without_votes_nobody_has_a_seat() {
        let allocation = allocate(&[(1, 0), (2, 0)], 8, None);
        assert_eq!(seats_of(&allocation), [(1, 0), (2, 0)]);
        assert_eq!((allocation.tie, allocation.parties[0].to_win), (None, Some(1)));
        assert!(allocate(&[], 8, None).parties.is_empty());
        assert_eq!(seats_of(&allocate(&[(1, 5)], 0, None)), [(1, 0)]);
    }

    #[test]
    fn below_the_national_threshold_a_party_wins_nothing() {
        // 4 % of 1,000,000 are 40,000: party 2 reaches it exactly, party 3 does not.
        let national = BTreeMap::from([(1, 920_001), (2, 40_000), (3, 39_999)]);
        let above = parties_above_threshold(&national);
        assert_eq!(above, BTreeSet::from([1, 2]));
        let allocation = allocate(&[(1, 100), (2, 90), (3, 1_000)], 2, Some(&above));
        assert_eq!(seats_of(&allocation), [(1, 1), (2, 1), (3, 0)]);
        let below = &allocation.parties[2];
        assert_eq!((below.takes_part, below.to_win, below.to_lose), (false, None, None));
        assert!(has_threshold(ContestKind::Dpr) && !has_threshold(ContestKind::DprdKabkota));
    }
}
