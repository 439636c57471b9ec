//! Sums that were worked out instead of read.

use std::collections::BTreeSet;

use tally::{Column, Field, Figure, Quantity};

use super::Comparison;
use crate::slip::{Slip, SlipKind};

/// Each total that is wrong, and is the sum of what was typed.
pub(super) fn slips(comparison: &mut Comparison<'_>) -> Vec<Slip> {
    let open: Vec<usize> = comparison.open.iter().copied().collect();
    let own = open.into_iter().filter(|position| {
        let total = comparison.field(*position);
        let typed = comparison.has(total).and_then(Figure::number);
        // A zero in a blank field is no sum; it is the habit of writing zeros.
        let is_blank = comparison.says(total) == Some(Figure::Blank);
        let typed = typed.filter(|typed| *typed > 0 || !is_blank);
        let sums = parts(comparison, total);
        typed.is_some_and(|typed| {
            sums.iter().any(|parts| typed_sum(comparison, parts) == Some(u64::from(typed)))
        })
    });
    let own: Vec<usize> = own.collect();
    own.into_iter().map(|position| comparison.close(SlipKind::OwnSum, &BTreeSet::from([position]))).collect()
}

/// The sum of what was typed. `None` while a part is not typed.
fn typed_sum(comparison: &Comparison<'_>, parts: &[&Field]) -> Option<u64> {
    let number = |field: &&Field| Some(u64::from(comparison.has(field)?.number().unwrap_or(0)));
    parts.iter().map(number).sum::<Option<u64>>().filter(|_| parts.len() > 1)
}

/// The parts of a total, in each way in which the paper adds them up.
fn parts<'a>(comparison: &Comparison<'a>, total: &Field) -> Vec<Vec<&'a Field>> {
    use Quantity as Q;
    let fields = || comparison.paper.fields().iter();
    let in_column = |counts: &[Q]| -> Vec<&'a Field> {
        fields().filter(|field| counts.contains(&field.counts) && field.column == total.column).collect()
    };
    let of = match total.counts {
        Q::UsersAll => in_column(&[Q::UsersDpt, Q::UsersMoved, Q::UsersUnlisted]),
        Q::VotersAll => in_column(&[Q::VotersDpt, Q::VotersMoved, Q::VotersUnlisted]),
        Q::BallotsReceived => in_column(&[Q::BallotsUsed, Q::BallotsSpoiled, Q::BallotsUnused]),
        Q::BallotsUnused => in_column(&[Q::BallotsNotReturned, Q::BallotsUndelivered, Q::BallotsNotSent]),
        Q::AllVotes => in_column(&[Q::ValidVotes, Q::InvalidVotes]),
        Q::ListVotes => fields().filter(|f| f.section == total.section && f.code != total.code).collect(),
        Q::ValidVotes if comparison.paper.contest().lists.is_empty() => in_column(&[Q::CandidateVotes]),
        Q::ValidVotes => in_column(&[Q::ListVotes]),
        _ => Vec::new(),
    };
    let of_row: Vec<&Field> = match total.column {
        Some(Column::J) => fields().filter(|f| f.row == total.row && f.code != total.code).collect(),
        _ => Vec::new(),
    };
    vec![of, of_row]
}
