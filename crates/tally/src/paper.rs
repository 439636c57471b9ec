//! The paper: the form of one contest with all its fields.

use std::collections::BTreeMap;

use crate::contest::{Candidate, Contest};
use crate::figure::{Figure, Figures};
use crate::form::{Column, Form, Quantity, Row, Section};
use crate::id::{CandidateNumber, FieldCode, IdError};
use crate::text::Localized;

/// One field of the paper: the boxes for one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The paper's code, for instance `I.B.4.J` or `IV.2`.
    pub code: FieldCode,
    /// The code of its row, the same for all its columns.
    pub row: FieldCode,
    /// Its section.
    pub section: FieldCode,
    /// Its page.
    pub page: u8,
    /// What it counts.
    pub counts: Quantity,
    /// Its column, where the row has columns.
    pub column: Option<Column>,
    /// The candidate, in a row of [`Quantity::CandidateVotes`].
    pub candidate: Option<CandidateNumber>,
    /// The paper's words for the row, or the names of the candidate.
    pub label: Localized,
    /// Number of digit boxes.
    pub digits: u8,
}

impl Field {
    /// Whether its figure is for men and women together: the only one of its row, or the one in column J.
    pub fn is_whole(&self) -> bool {
        matches!(self.column, None | Some(Column::J))
    }

    /// Whether `number` fits into its digit boxes.
    pub fn holds(&self, number: u32) -> bool {
        u64::from(number) < 10_u64.pow(self.digits.min(10).into())
    }
}

/// The form of one contest with all its fields, in the paper's order. `Election::paper` makes it.
#[derive(Debug, Clone)]
pub struct Paper {
    form: Form,
    contest: Contest,
    fields: Vec<Field>,
    positions: BTreeMap<FieldCode, usize>,
    station_voters_max: u32,
}

impl Paper {
    /// Lists the fields of `form` for `contest`. `station_voters_max` is the legal maximum of voters at one
    /// TPS.
    pub(crate) fn new(form: Form, contest: Contest, station_voters_max: u32) -> Result<Self, IdError> {
        let mut fields = Vec::new();
        for section in &form.sections {
            for row in &section.rows {
                fields.extend(fields_of_row(section, row, &contest)?);
            }
        }
        let positions = fields.iter().enumerate().map(|(index, field)| (field.code.clone(), index)).collect();
        Ok(Self { form, contest, fields, positions, station_voters_max })
    }

    /// The form it was made from.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The contest it is for.
    pub fn contest(&self) -> &Contest {
        &self.contest
    }

    /// All fields in the paper's order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field with this code.
    pub fn field(&self, code: &FieldCode) -> Option<&Field> {
        self.positions.get(code).map(|&index| &self.fields[index])
    }

    /// The index of the field with this code in [`Paper::fields`].
    pub fn position(&self, code: &FieldCode) -> Option<usize> {
        self.positions.get(code).copied()
    }

    /// The field of `counts` for men and women together. For the candidates' votes, the field of the first
    /// candidate.
    pub fn whole(&self, counts: Quantity) -> Option<&Field> {
        self.fields.iter().find(|field| field.counts == counts && field.is_whole())
    }

    /// The fields of `figures` that do not fit this paper: it has no such field, or the number has more
    /// digits than the field has boxes. Empty for every tally that was typed from this paper.
    pub fn misfits(&self, figures: &Figures) -> Vec<FieldCode> {
        let fits = |code: &FieldCode, figure: &Figure| {
            self.field(code).is_some_and(|field| figure.number().is_none_or(|number| field.holds(number)))
        };
        figures.0.iter().filter(|(code, figure)| !fits(code, figure)).map(|(code, _)| code.clone()).collect()
    }

    /// The legal maximum of voters at one TPS in this election.
    pub fn station_voters_max(&self) -> u32 {
        self.station_voters_max
    }

    /// The figures as one list in the paper's order, as it is signed. `None` where nothing was typed. Figures
    /// of fields that this paper does not have are left out.
    pub fn to_wire(&self, figures: &Figures) -> Vec<Option<i64>> {
        self.fields.iter().map(|field| figures.0.get(&field.code).map(|figure| figure.to_wire())).collect()
    }

    /// The inverse of [`Paper::to_wire`]. `None` if the length differs from the paper's, or if a number has
    /// no meaning.
    pub fn from_wire(&self, wire: &[Option<i64>]) -> Option<Figures> {
        if wire.len() != self.fields.len() {
            return None;
        }
        let mut figures = Figures::default();
        for (field, value) in self.fields.iter().zip(wire) {
            if let Some(value) = value {
                figures.0.insert(field.code.clone(), Figure::from_wire(*value)?);
            }
        }
        Some(figures)
    }
}

/// The fields of one row, in the paper's order: one for each candidate, one for each column, or a single one.
fn fields_of_row(section: &Section, row: &Row, contest: &Contest) -> Result<Vec<Field>, IdError> {
    let field = |code: FieldCode, column, candidate: Option<&Candidate>| Field {
        // Each candidate has a row of their own on paper, although the form describes all of them in one.
        row: candidate.map_or_else(|| row.code.clone(), |_| code.clone()),
        code,
        section: section.code.clone(),
        page: section.page,
        counts: row.counts,
        column,
        candidate: candidate.map(|c| c.number),
        label: candidate.map_or_else(|| row.label.clone(), Candidate::label),
        digits: row.digits,
    };
    if row.counts == Quantity::CandidateVotes {
        let candidates = contest.candidates.iter();
        candidates
            .map(|candidate| Ok(field(row.code.child(candidate.number)?, None, Some(candidate))))
            .collect()
    } else if row.columns.is_empty() {
        Ok(vec![field(row.code.clone(), None, None)])
    } else {
        let columns = row.columns.iter();
        columns.map(|&column| Ok(field(row.code.child(column.letter())?, Some(column), None))).collect()
    }
}
