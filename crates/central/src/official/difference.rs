//! How an official result differs from the witnesses': by how much for whom, and in which shape. Pure rules.
//!
//! A shape says what the figures look like and never why. Nobody knows from figures alone whether somebody
//! mistyped or meant it.

use std::collections::BTreeMap;

use tally::Choice;

use crate::model::official::{OfficialFigures, Shape};

/// The difference of two results of one station: the official figures minus the witnesses'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// For each choice that differs.
    pub(crate) votes: BTreeMap<Choice, i64>,
    /// Of the invalid votes; `None` if the official result does not state them.
    pub(crate) invalid: Option<i64>,
    pub(crate) shape: Shape,
    /// For two choices the one with fewer votes and the one with more.
    pub(crate) from_to: Option<(Choice, Choice)>,
    /// Sum of all differences without their signs.
    pub(crate) size: u64,
}

/// The witnesses' result of one station. A choice that is not in it has no votes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Witnessed<'a> {
    pub(crate) votes: &'a BTreeMap<Choice, u32>,
    pub(crate) invalid: u32,
}

/// A choice with both figures.
#[derive(Debug, Clone, Copy)]
struct Pair {
    choice: Choice,
    witnessed: u32,
    official: u32,
}

impl Pair {
    fn difference(self) -> i64 {
        i64::from(self.official) - i64::from(self.witnessed)
    }
}

/// Compares two results of one station. `None` if all that the official result states is the same.
pub(crate) fn difference(witnessed: Witnessed<'_>, official: &OfficialFigures) -> Option<Difference> {
    let pairs = pairs(witnessed, official);
    let changed: Vec<Pair> = pairs.iter().copied().filter(|pair| pair.difference() != 0).collect();
    let invalid = official.invalid.map(|stated| i64::from(stated) - i64::from(witnessed.invalid));
    if changed.is_empty() && invalid.unwrap_or(0) == 0 {
        return None;
    }
    let shape = shape(&pairs, &changed, invalid.unwrap_or(0), official.invalid.zip(Some(witnessed.invalid)));
    let votes: BTreeMap<Choice, i64> = changed.iter().map(|pair| (pair.choice, pair.difference())).collect();
    let size = votes.values().chain(&invalid).map(|difference| difference.unsigned_abs()).sum();
    Some(Difference { shape, from_to: from_to(&changed), votes, invalid, size })
}

/// The choices that the official result states. Of a list whose parts are stated, the sum says nothing more.
fn pairs(witnessed: Witnessed<'_>, official: &OfficialFigures) -> Vec<Pair> {
    let has_parts = |party| {
        let is_part = |choice: &Choice| choice.party() == Some(party) && !matches!(choice, Choice::List(_));
        official.votes.keys().any(is_part)
    };
    let is_sum = |choice: &Choice| matches!(choice, Choice::List(party) if has_parts(*party));
    let stated = official.votes.iter().filter(|(choice, _)| !is_sum(choice));
    stated
        .map(|(choice, official)| Pair {
            choice: *choice,
            witnessed: witnessed.votes.get(choice).copied().unwrap_or(0),
            official: *official,
        })
        .collect()
}

fn shape(pairs: &[Pair], changed: &[Pair], invalid: i64, invalids: Option<(u32, u32)>) -> Shape {
    match *changed {
        [] => invalids.map_or(Shape::Other, |(official, witnessed)| shape_of_one(official, witnessed)),
        [one] if invalid != 0 => shape_with_invalid(one.difference(), invalid),
        [one] => shape_of_one(one.official, one.witnessed),
        [one, other] if invalid == 0 && one.difference() == -other.difference() => shape_of_two(one, other),
        _ if is_shifted(pairs) => Shape::ShiftedRow,
        _ => Shape::Other,
    }
}

fn shape_of_one(official: u32, witnessed: u32) -> Shape {
    if differ_in_one_digit(official, witnessed) { Shape::OneDigit } else { Shape::OneFigure }
}

fn shape_with_invalid(votes: i64, invalid: i64) -> Shape {
    match votes == -invalid {
        true if votes > 0 => Shape::InvalidToValid,
        true => Shape::ValidToInvalid,
        false => Shape::Other,
    }
}

/// Two choices with differences of the same size and of opposite signs.
fn shape_of_two(one: Pair, other: Pair) -> Shape {
    if one.official == other.witnessed && other.official == one.witnessed {
        return Shape::Swapped;
    }
    let (from, to) =
        if one.difference() < 0 { (one.choice, other.choice) } else { (other.choice, one.choice) };
    match (from, to) {
        (Choice::ListCandidate(of, _), Choice::PartyItself(party)) if of == party => Shape::CandidateToParty,
        (Choice::PartyItself(party), Choice::ListCandidate(of, _)) if of == party => Shape::PartyToCandidate,
        _ => Shape::SameSize,
    }
}

fn from_to(changed: &[Pair]) -> Option<(Choice, Choice)> {
    match *changed {
        [one, other] if one.difference() < 0 && other.difference() > 0 => Some((one.choice, other.choice)),
        [one, other] if one.difference() > 0 && other.difference() < 0 => Some((other.choice, one.choice)),
        _ => None,
    }
}

/// Whether two numbers, written in boxes, differ in one box. Empty boxes in front are zeros.
fn differ_in_one_digit(one: u32, other: u32) -> bool {
    let digits = |number: u32| (0..10).map(move |place| number / 10_u32.pow(place) % 10);
    digits(one).zip(digits(other)).filter(|(one, other)| one != other).count() == 1
}

/// Rows that must have their neighbour's votes, for a shift to be more than luck.
const SHIFTED_MIN: usize = 2;

/// Whether the rows from the first to the last that differ have the votes of the row before, or after. The
/// row at the end of the shift has a figure from elsewhere.
fn is_shifted(pairs: &[Pair]) -> bool {
    let differs = |pair: &Pair| pair.difference() != 0;
    let (Some(first), Some(last)) = (pairs.iter().position(differs), pairs.iter().rposition(differs)) else {
        return false;
    };
    let rows = &pairs[first..=last];
    let down = rows.windows(2).all(|two| two[1].official == two[0].witnessed);
    let up = rows.windows(2).all(|two| two[0].official == two[1].witnessed);
    let moved = rows.iter().filter(|pair| pair.witnessed > 0).count();
    rows.len() > SHIFTED_MIN && moved >= SHIFTED_MIN && (down || up)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(list: &[(&str, u32)]) -> BTreeMap<Choice, u32> {
        list.iter().map(|(choice, votes)| (choice.parse().unwrap(), *votes)).collect()
    }

    fn compared(
        witnessed: &[(&str, u32)],
        invalid: u32,
        official: &[(&str, u32)],
        stated: u32,
    ) -> Option<Difference> {
        let official = OfficialFigures { votes: votes(official), valid: None, invalid: Some(stated) };
        difference(Witnessed { votes: &votes(witnessed), invalid }, &official)
    }

    fn shape_of(witnessed: [u32; 3], invalid: u32, official: [u32; 3], stated: u32) -> Option<Shape> {
        let named = |three: [u32; 3]| [("1", three[0]), ("2", three[1]), ("3", three[2])];
        compared(&named(witnessed), invalid, &named(official), stated).map(|found| found.shape)
    }

    #[test]
    fn a_difference_has_the_shape_that_a_person_would_name() {
        for (witnessed, invalid, official, stated, shape) in [
            ([87, 204, 246], 3, [87, 204, 246], 3, None),
            ([87, 204, 246], 3, [204, 87, 246], 3, Some(Shape::Swapped)),
            ([87, 204, 246], 3, [147, 144, 246], 3, Some(Shape::SameSize)),
            ([87, 204, 246], 3, [87, 294, 246], 3, Some(Shape::OneDigit)),
            ([87, 204, 5], 3, [87, 204, 805], 3, Some(Shape::OneDigit)),
            ([87, 204, 246], 3, [99, 204, 246], 3, Some(Shape::OneFigure)),
            ([87, 204, 246], 13, [97, 204, 246], 3, Some(Shape::InvalidToValid)),
            ([87, 204, 246], 3, [77, 204, 246], 13, Some(Shape::ValidToInvalid)),
            ([87, 204, 246], 3, [87, 204, 246], 13, Some(Shape::OneDigit)),
            ([87, 204, 246], 3, [0, 87, 204], 3, Some(Shape::ShiftedRow)),
            ([87, 204, 246], 3, [204, 246, 3], 3, Some(Shape::ShiftedRow)),
            ([87, 204, 246], 3, [88, 203, 250], 3, Some(Shape::Other)),
            ([87, 204, 246], 3, [88, 203, 246], 4, Some(Shape::Other)),
        ] {
            assert_eq!(shape_of(witnessed, invalid, official, stated), shape, "{witnessed:?} {official:?}");
        }
    }

    #[test]
    fn votes_that_moved_within_a_list_have_shapes_of_their_own() {
        let witnessed = [("L5", 30), ("L5.0", 10), ("L5.1", 15), ("L5.2", 5)];
        let up = compared(&witnessed, 0, &[("L5", 30), ("L5.0", 3), ("L5.1", 22), ("L5.2", 5)], 0).unwrap();
        assert_eq!((up.shape, up.size), (Shape::PartyToCandidate, 14));
        assert_eq!(
            up.from_to.map(|(from, to)| (from.to_string(), to.to_string())),
            Some(("L5.0".into(), "L5.1".into()))
        );
        let down = compared(&witnessed, 0, &[("L5.0", 12), ("L5.1", 13)], 0).unwrap();
        assert_eq!(down.shape, Shape::CandidateToParty);
        let across = compared(&witnessed, 0, &[("L5.1", 12), ("L5.2", 8)], 0).unwrap();
        assert_eq!(across.shape, Shape::SameSize);
        // The sum of the list alone, when its parts are not stated.
        assert_eq!(compared(&witnessed, 0, &[("L5", 31)], 0).unwrap().size, 1);
    }

    #[test]
    fn what_the_official_result_does_not_state_is_no_difference() {
        let official = OfficialFigures { votes: votes(&[("1", 5)]), valid: None, invalid: None };
        let witnessed = votes(&[("1", 5), ("2", 9)]);
        assert_eq!(difference(Witnessed { votes: &witnessed, invalid: 4 }, &official), None);
    }

    #[test]
    fn the_sign_says_who_has_more_and_the_size_counts_all() {
        let found = compared(&[("1", 100), ("2", 50)], 2, &[("1", 40), ("2", 110)], 2).unwrap();
        let signs: Vec<i64> = found.votes.values().copied().collect();
        assert_eq!((signs.as_slice(), found.size), (&[-60, 60][..], 120));
    }
}
