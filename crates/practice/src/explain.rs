//! Explains the figures that are wrong by slips, as few as possible.
//!
//! A slip that explains several wrong figures at once is simpler than one slip for each of them. So slips of
//! whole rows come first, the one that explains most figures before the others; then sums of one's own; then
//! each figure that is left, by itself. Equal explanations are ordered by [`SlipKind`] and by the paper.

mod rows;
mod single;
mod sums;

use std::collections::BTreeSet;

use tally::{Field, Figure, Figures, Paper};

use crate::slip::{Slip, SlipKind};

/// A paper, what it says, and what was typed from it.
pub(crate) struct Comparison<'a> {
    pub(crate) paper: &'a Paper,
    expected: &'a Figures,
    typed: &'a Figures,
    /// Positions of fields that are wrong and not explained yet.
    open: BTreeSet<usize>,
}

/// The slips that explain what is wrong in `typed`, in the paper's order. `expected` is what the witness
/// should have typed.
pub fn explain(paper: &Paper, expected: &Figures, typed: &Figures) -> Vec<Slip> {
    let mut comparison = Comparison { paper, expected, typed, open: BTreeSet::new() };
    comparison.open = wrong(&comparison).collect();
    let mut slips = rows::slips(&mut comparison);
    slips.extend(sums::slips(&mut comparison));
    slips.extend(single::slips(&comparison));
    slips.sort_by_key(|slip| (slip.fields.first().and_then(|code| paper.position(code)), slip.kind));
    slips
}

fn wrong<'c>(comparison: &'c Comparison<'_>) -> impl Iterator<Item = usize> + 'c {
    let fields = comparison.paper.fields().iter().enumerate();
    let differs = |(_, field): &(usize, &Field)| comparison.says(field) != comparison.has(field);
    fields.filter(|(_, field)| field.asked).filter(differs).map(|(position, _)| position)
}

impl<'a> Comparison<'a> {
    /// What should have been typed. `None` on a page that is not there.
    fn says(&self, field: &Field) -> Option<Figure> {
        self.expected.0.get(&field.code).copied()
    }

    /// What was typed.
    fn has(&self, field: &Field) -> Option<Figure> {
        self.typed.0.get(&field.code).copied()
    }

    fn field(&self, position: usize) -> &'a Field {
        &self.paper.fields()[position]
    }

    fn is_open(&self, position: usize) -> bool {
        self.open.contains(&position)
    }

    /// A slip that explains these fields, which are then explained.
    fn close(&mut self, kind: SlipKind, positions: &BTreeSet<usize>) -> Slip {
        self.open.retain(|position| !positions.contains(position));
        let fields = positions.iter().map(|position| self.field(*position).code.clone()).collect();
        Slip { kind, fields, digits: None }
    }
}
