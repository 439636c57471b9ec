//! Slips of whole rows: skipped, shifted, swapped.

use std::collections::BTreeSet;
use std::ops::Range;

use tally::{Column, Figure, PaperRow, PaperSection};

use super::Comparison;
use crate::slip::{Slip, SlipKind};

/// Two lists are taken for swapped if that explains at least so many figures.
const SWAPPED_LIST_FIGURES_MIN: usize = 4;

/// A slip that could explain some fields.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    kind: SlipKind,
    /// Slips that it takes: a shift that stops before the end needs a second one that puts it right again.
    slips: u8,
    explains: BTreeSet<usize>,
}

/// The slips of rows that explain at least two wrong figures each.
pub(super) fn slips(comparison: &mut Comparison<'_>) -> Vec<Slip> {
    let mut slips = Vec::new();
    while let Some(best) = best(comparison) {
        slips.push(comparison.close(best.kind, &best.explains));
    }
    slips
}

/// The explanation of most wrong figures; among equals the one of fewer slips, then the earlier kind and
/// place.
fn best(comparison: &Comparison<'_>) -> Option<Candidate> {
    let mut candidates = lists_swapped(comparison);
    for section in comparison.paper.sections().iter().filter(|section| comparison.touches(section)) {
        candidates.extend(shifted(comparison, section, 1));
        candidates.extend(shifted(comparison, section, -1));
        candidates.extend(swapped(comparison, section));
        candidates.push(columns_swapped(comparison, section));
    }
    let rank = |candidate: &Candidate| {
        let first = candidate.explains.first().copied();
        (std::cmp::Reverse(candidate.explains.len()), candidate.slips, candidate.kind, first)
    };
    candidates.into_iter().filter(|candidate| candidate.explains.len() > 1).min_by_key(rank)
}

impl Comparison<'_> {
    fn touches(&self, section: &PaperSection) -> bool {
        section.rows.iter().any(|row| !self.open_of(row).is_empty())
    }

    fn open_of(&self, row: &PaperRow) -> BTreeSet<usize> {
        row.fields.clone().filter(|position| self.is_open(*position)).collect()
    }

    /// Whether what was typed in `row` is what the paper says in `other`, column by column.
    fn is_typed_from(&self, row: &PaperRow, other: &PaperRow) -> bool {
        alike(self, row, other)
            && row.fields.clone().zip(other.fields.clone()).all(|(here, there)| {
                let (here, there) = (self.field(here), self.field(there));
                self.has(here).is_some() && self.has(here) == self.says(there)
            })
    }

    /// Whether the paper says a number above zero in the row: only then a match means something.
    fn has_numbers(&self, row: &PaperRow) -> bool {
        let number = |position| self.says(self.field(position)).and_then(Figure::number);
        row.fields.clone().any(|position| number(position).is_some_and(|number| number > 0))
    }

    /// Whether nothing was typed in the row, or only blanks and zeros.
    fn is_left_empty(&self, row: &PaperRow) -> bool {
        row.fields.clone().all(|position| {
            matches!(self.has(self.field(position)), None | Some(Figure::Blank | Figure::Written(0)))
        })
    }
}

/// Whether two rows have the same columns.
fn alike(comparison: &Comparison<'_>, row: &PaperRow, other: &PaperRow) -> bool {
    let columns =
        |row: &PaperRow| row.fields.clone().map(|at| comparison.field(at).column).collect::<Vec<_>>();
    columns(row) == columns(other)
}

/// Runs of rows that have the figures of the row `by` further down (1) or up (-1), with the row at their end
/// that was left empty.
fn shifted(comparison: &Comparison<'_>, section: &PaperSection, by: isize) -> Vec<Candidate> {
    let rows = &section.rows;
    let from = |at: usize| at.checked_add_signed(by).and_then(|other| rows.get(other));
    let matches = |at: usize| from(at).is_some_and(|other| comparison.is_typed_from(&rows[at], other));
    let mut candidates = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let end = start + (start..rows.len()).take_while(|at| matches(*at)).count();
        if end > start {
            candidates.extend(shift(comparison, rows, start..end, by));
        }
        start = end.max(start + 1);
    }
    candidates
}

fn shift(comparison: &Comparison<'_>, rows: &[PaperRow], run: Range<usize>, by: isize) -> Option<Candidate> {
    let source = |at: usize| at.checked_add_signed(by).and_then(|other| rows.get(other));
    let telling = |at: &usize| {
        !comparison.open_of(&rows[*at]).is_empty()
            && source(*at).is_some_and(|other| comparison.has_numbers(other))
    };
    // Rows that match because nothing is there tell nothing by themselves.
    let matched = run.clone().filter(telling).count();
    let end = if by > 0 { Some(run.end) } else { run.start.checked_sub(1) };
    let left_empty = end.and_then(|at| rows.get(at)).filter(|row| comparison.is_left_empty(row));
    let left_empty = left_empty.map(|row| comparison.open_of(row)).filter(|open| !open.is_empty());
    let has_end = left_empty.is_some();
    let mut explains: BTreeSet<usize> = run.flat_map(|at| comparison.open_of(&rows[at])).collect();
    explains.extend(left_empty.unwrap_or_default());
    let kind = match (matched, by > 0) {
        (0, _) => return None,
        (1, _) if !has_end => SlipKind::OtherRow,
        (_, true) => SlipKind::RowSkipped,
        (_, false) => SlipKind::RowShifted,
    };
    Some(Candidate { kind, slips: if has_end { 1 } else { 2 }, explains })
}

/// Pairs of rows with each other's figures.
fn swapped(comparison: &Comparison<'_>, section: &PaperSection) -> Vec<Candidate> {
    let open: Vec<&PaperRow> =
        section.rows.iter().filter(|row| !comparison.open_of(row).is_empty()).collect();
    let mut candidates = Vec::new();
    for (at, one) in open.iter().enumerate() {
        let is_pair = |other: &&&PaperRow| {
            comparison.is_typed_from(one, other)
                && comparison.is_typed_from(other, one)
                && (comparison.has_numbers(one) || comparison.has_numbers(other))
        };
        candidates.extend(open[at + 1..].iter().find(is_pair).map(|other| {
            let explains = comparison.open_of(one).union(&comparison.open_of(other)).copied().collect();
            Candidate { kind: SlipKind::RowsSwapped, slips: 1, explains }
        }));
    }
    candidates
}

/// The rows of a section in which men and women are in each other's column.
fn columns_swapped(comparison: &Comparison<'_>, section: &PaperSection) -> Candidate {
    let position = |row: &PaperRow, column| {
        row.fields.clone().find(|position| comparison.field(*position).column == Some(column))
    };
    let mut explains = BTreeSet::new();
    for row in &section.rows {
        let (Some(men), Some(women)) = (position(row, Column::L), position(row, Column::P)) else { continue };
        let (l, p) = (comparison.field(men), comparison.field(women));
        let both_open = comparison.is_open(men) && comparison.is_open(women);
        if both_open && comparison.has(l) == comparison.says(p) && comparison.has(p) == comparison.says(l) {
            explains.extend([men, women]);
        }
    }
    Candidate { kind: SlipKind::ColumnsSwapped, slips: 1, explains }
}

/// Pairs of lists with each other's figures, row by row.
fn lists_swapped(comparison: &Comparison<'_>) -> Vec<Candidate> {
    let open = |section: &&PaperSection| section.party.is_some() && comparison.touches(section);
    let lists: Vec<&PaperSection> = comparison.paper.sections().iter().filter(open).collect();
    let mut candidates = Vec::new();
    for (at, one) in lists.iter().enumerate() {
        for other in &lists[at + 1..] {
            candidates.extend(lists_exchanged(comparison, one, other));
        }
    }
    candidates
}

fn lists_exchanged(
    comparison: &Comparison<'_>,
    one: &PaperSection,
    other: &PaperSection,
) -> Option<Candidate> {
    // The rows that both have: the party's own votes, candidates by their place, the sum at the end.
    let pairs = one.rows.iter().zip(&other.rows).take(one.rows.len().min(other.rows.len()) - 1);
    let pairs: Vec<(&PaperRow, &PaperRow)> = pairs.chain(one.rows.last().zip(other.rows.last())).collect();
    let exchanged = pairs
        .iter()
        .all(|(here, there)| comparison.is_typed_from(here, there) && comparison.is_typed_from(there, here));
    let explains: BTreeSet<usize> = pairs
        .iter()
        .flat_map(|(here, there)| [comparison.open_of(here), comparison.open_of(there)])
        .flatten()
        .collect();
    (exchanged && explains.len() >= SWAPPED_LIST_FIGURES_MIN).then_some(Candidate {
        kind: SlipKind::ListsSwapped,
        slips: 1,
        explains,
    })
}
