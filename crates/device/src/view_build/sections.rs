//! Builds the views of a tally's sections.

use std::collections::BTreeSet;

use tally::words::in_words;
use tally::{
    CheckReport, Field, FieldCode, Figure, Figures, Localized, Paper, PaperRow, PaperSection, Quantity,
    RunningSum,
};

use super::count;
use crate::cross_out::still_crossed_out;
use crate::store::Draft;
use crate::view::{CellView, RowView, SectionState, SectionView};

/// What the views of the sections are built from. Everything that concerns the whole paper is found once, so
/// that a keystroke costs as much as the paper has fields.
pub(super) struct Sections<'a> {
    paper: &'a Paper,
    figures: &'a Figures,
    draft: Option<&'a Draft>,
    /// The fields of faults without an answer.
    open: BTreeSet<&'a FieldCode>,
    /// The sections in which a fault has all its fields.
    disagreeing: BTreeSet<&'a FieldCode>,
}

impl<'a> Sections<'a> {
    pub(super) fn new(
        paper: &'a Paper,
        figures: &'a Figures,
        draft: Option<&'a Draft>,
        report: &'a CheckReport,
        is_open: impl Fn(&tally::Finding) -> bool,
    ) -> Self {
        let open = report.faults().filter(|fault| is_open(fault)).flat_map(|fault| &fault.fields);
        let disagreeing = report.faults().filter_map(|fault| section_of(paper, &fault.fields));
        Self { paper, figures, draft, open: open.collect(), disagreeing: disagreeing.collect() }
    }

    pub(super) fn views(&self) -> Vec<SectionView> {
        self.paper.sections().iter().map(|section| self.section(section)).collect()
    }

    fn section(&self, section: &PaperSection) -> SectionView {
        let fields: Vec<&Field> = section.rows.iter().flat_map(|row| self.paper.fields_of(row)).collect();
        let asked = || fields.iter().filter(|field| field.asked);
        let list_votes = fields.iter().find(|field| field.counts == Quantity::ListVotes);
        let stated_sum = list_votes.and_then(|field| self.figure(field));
        let running_sum = self.paper.running_sum(&section.code, self.figures);
        let crossed_out = self.draft.map_or(0, |draft| still_crossed_out(draft, &section.code).count());
        SectionView {
            code: section.code.clone(),
            title: section.title.clone(),
            page: section.page,
            party: section.party,
            rows: section.rows.iter().map(|row| self.row(row)).collect(),
            filled: count(asked().filter(|field| self.figure(field).is_some()).count()),
            fields: count(asked().count()),
            has_open_fault: fields.iter().any(|field| self.open.contains(&field.code)),
            state: self.state(section, &fields, running_sum.as_ref(), stated_sum),
            running_sum,
            stated_sum,
            crossed_out: count(crossed_out),
        }
    }

    fn state(
        &self,
        section: &PaperSection,
        fields: &[&Field],
        running: Option<&RunningSum>,
        stated: Option<Figure>,
    ) -> SectionState {
        let typed = |field: &&Field| self.figure(field).is_some();
        let stated = stated.and_then(Figure::number);
        // More than the list's total, before all of its votes are typed.
        let exceeds = running.zip(stated).is_some_and(|(sum, stated)| sum.total > u64::from(stated));
        if exceeds || self.disagreeing.contains(&section.code) {
            SectionState::Disagrees
        } else if !fields.iter().any(typed) {
            SectionState::Empty
        } else if fields.iter().any(|field| field.asked && !typed(field)) {
            SectionState::Open
        } else {
            SectionState::Done
        }
    }

    fn row(&self, row: &PaperRow) -> RowView {
        let fields = self.paper.fields_of(row);
        let choice = fields.first().and_then(|field| field.choice);
        let candidate = choice.and_then(|choice| self.paper.contest().candidate(choice));
        RowView {
            code: row.code.clone(),
            heading: row.heading.clone(),
            label: fields.first().filter(|_| candidate.is_none()).map(|field| field.label.clone()),
            candidate: candidate.map(|candidate| candidate.number),
            names: candidate.map(|candidate| candidate.names.clone()).unwrap_or_default(),
            counts: fields.first().map(|field| field.counts),
            asked: fields.iter().any(|field| field.asked),
            cells: fields.iter().map(|field| self.cell(field)).collect(),
        }
    }

    fn cell(&self, field: &Field) -> CellView {
        let figure = self.figure(field);
        CellView {
            field: field.code.clone(),
            column: field.column,
            digits: field.digits,
            figure,
            words: match figure {
                Some(Figure::Written(number)) => in_words(number),
                Some(Figure::Blank) => Localized::new("kosong di kertas", "blank on the paper"),
                Some(Figure::Illegible) => Localized::new("tidak terbaca", "illegible"),
                None => Localized::new("", ""),
            },
            has_open_fault: self.open.contains(&field.code),
        }
    }

    fn figure(&self, field: &Field) -> Option<Figure> {
        self.figures.0.get(&field.code).copied()
    }
}

/// The section that has all of `fields`.
fn section_of<'a>(paper: &'a Paper, fields: &[FieldCode]) -> Option<&'a FieldCode> {
    let section = &paper.field(fields.first()?)?.section;
    let inside = |code: &FieldCode| paper.field(code).is_some_and(|field| field.section == *section);
    fields.iter().all(inside).then_some(section)
}
