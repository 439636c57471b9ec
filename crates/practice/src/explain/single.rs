//! Slips of single figures. Blanks, zeros and figures that were not typed are often of a whole section, and
//! are one slip then.

use std::collections::BTreeMap;

use tally::{Field, Figure};

use super::Comparison;
use crate::slip::{DigitPair, Slip, SlipKind};

/// A slip for each figure that is left, those of the same kind and section together where they are one habit.
pub(super) fn slips(comparison: &Comparison<'_>) -> Vec<Slip> {
    let mut slips = Vec::new();
    let mut habits: BTreeMap<_, Slip> = BTreeMap::new();
    for field in comparison.open.iter().map(|position| comparison.field(*position)) {
        let (kind, digits) = kind_of(comparison, field);
        let slip = Slip { kind, fields: vec![field.code.clone()], digits };
        if is_habit(kind) {
            let same = habits.entry((kind, field.section.clone()));
            same.and_modify(|same| same.fields.push(field.code.clone())).or_insert(slip);
        } else {
            slips.push(slip);
        }
    }
    slips.extend(habits.into_values());
    slips
}

fn is_habit(kind: SlipKind) -> bool {
    use SlipKind as K;
    matches!(kind, K::NotTyped | K::NoSuchPage | K::ZeroForBlank | K::BlankForZero)
}

fn kind_of(comparison: &Comparison<'_>, field: &Field) -> (SlipKind, Option<DigitPair>) {
    use Figure::{Blank, Illegible, Written};
    use SlipKind as K;
    let alone = |kind| (kind, None);
    match (comparison.says(field), comparison.has(field)) {
        (None, _) => alone(K::NoSuchPage),
        (_, None) => alone(K::NotTyped),
        (Some(Blank), Some(Written(0))) => alone(K::ZeroForBlank),
        (Some(Written(0)), Some(Blank)) => alone(K::BlankForZero),
        (Some(Written(_)), Some(Blank)) => alone(K::LeftBlank),
        (Some(Blank), Some(Written(_))) => alone(K::PutIntoBlank),
        (Some(Written(_) | Blank), Some(Illegible)) => alone(K::CalledIllegible),
        (Some(Illegible), Some(_)) => alone(K::Guessed),
        (Some(Written(paper)), Some(Written(typed))) => match between(paper, typed) {
            Some((kind, digits)) => (kind, digits),
            None if is_beside(comparison, field, typed) => alone(K::OtherRow),
            None => alone(K::OtherNumber),
        },
        // Both blank is not wrong.
        (Some(Blank), Some(Blank)) => alone(K::OtherNumber),
    }
}

/// How one number becomes the other by one slip of the finger.
fn between(paper: u32, typed: u32) -> Option<(SlipKind, Option<DigitPair>)> {
    let (paper, typed) = (paper.to_string().into_bytes(), typed.to_string().into_bytes());
    if paper.len() == typed.len() {
        return of_same_length(&paper, &typed);
    }
    let without_one = |long: &[u8], short: &[u8]| {
        long.len() == short.len() + 1
            && (0..long.len()).any(|at| [&long[..at], &long[at + 1..]].concat() == short)
    };
    if without_one(&paper, &typed) {
        Some((SlipKind::DigitDropped, None))
    } else if without_one(&typed, &paper) {
        Some((SlipKind::DigitAdded, None))
    } else {
        None
    }
}

fn of_same_length(paper: &[u8], typed: &[u8]) -> Option<(SlipKind, Option<DigitPair>)> {
    let pairs = paper.iter().zip(typed).filter(|(one, other)| one != other);
    let different: Vec<(u8, u8)> = pairs.map(|(one, other)| (one - b'0', other - b'0')).collect();
    match different[..] {
        [(paper, typed)] => Some((SlipKind::DigitDiffers, Some(DigitPair { paper, typed }))),
        [(a, b), (c, d)] if (a, b) == (d, c) => Some((SlipKind::DigitsSwapped, None)),
        _ => None,
    }
}

/// Whether the paper says the number in the row above or below, in the same column.
fn is_beside(comparison: &Comparison<'_>, field: &Field, typed: u32) -> bool {
    let like = |other: &&Field| other.section == field.section && other.column == field.column;
    let column: Vec<&Field> = comparison.paper.fields().iter().filter(like).collect();
    let at = column.iter().position(|other| other.code == field.code);
    let near = at.into_iter().flat_map(|at| [at.checked_sub(1), Some(at + 1)]).flatten();
    near.filter_map(|at| column.get(at)).any(|other| comparison.says(other) == Some(Figure::Written(typed)))
}
