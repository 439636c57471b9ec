//! The paper: the form of one contest with all its pages, sections and fields.

mod build;

use std::collections::BTreeMap;

use crate::contest::{Choice, Contest};
use crate::figure::{Figure, Figures};
use crate::form::{Column, Form, Quantity};
use crate::id::{CandidateNumber, FieldCode, IdError, PartyNumber};
use crate::text::Localized;

/// One field of the paper: the boxes for one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The paper's code, for instance `I.B.4.J`, `IV.2` or `IV.5.A.2.7`.
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
    /// What the votes are for, if it counts votes for someone.
    pub choice: Option<Choice>,
    /// The paper's words for the row, or the names of the candidate.
    pub label: Localized,
    /// Number of digit boxes.
    pub digits: u8,
    /// Whether witnesses are asked for it.
    pub asked: bool,
}

impl Field {
    /// The candidate's number, if it counts a candidate's votes.
    pub fn candidate(&self) -> Option<CandidateNumber> {
        self.choice.and_then(Choice::candidate)
    }

    /// The party on whose list it is.
    pub fn party(&self) -> Option<PartyNumber> {
        self.choice.and_then(Choice::party)
    }

    /// Whether its figure is for men and women together: the only one of its row, or the one in column J.
    pub fn is_whole(&self) -> bool {
        matches!(self.column, None | Some(Column::J))
    }

    /// Whether its figure decides the result: votes for someone, valid and invalid votes.
    pub fn decides(&self) -> bool {
        self.choice.is_some() || matches!(self.counts, Quantity::ValidVotes | Quantity::InvalidVotes)
    }

    /// Whether `number` fits into its digit boxes.
    pub fn holds(&self, number: u32) -> bool {
        u64::from(number) < 10_u64.pow(self.digits.min(10).into())
    }
}

/// One page of the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperPage {
    /// Its number, from 1.
    pub number: u8,
    /// What it holds, in a few words.
    pub title: Localized,
    /// The AprilTag (family 36h10) printed on it.
    pub tag: Option<u16>,
    /// The page of the form that it is a copy of.
    pub form_page: u8,
    /// The party whose list is on it.
    pub party: Option<PartyNumber>,
}

/// One section of the paper. A section that a form has once for each list is one section for each list here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperSection {
    /// The Roman numeral, and the party's number in the section of a list: `IV`, `IV.5`.
    pub code: FieldCode,
    /// Its heading.
    pub title: Localized,
    /// Its first page.
    pub page: u8,
    /// The party whose list it is.
    pub party: Option<PartyNumber>,
    /// Its rows in the paper's order.
    pub rows: Vec<PaperRow>,
}

/// One row of the paper: one figure, or three (L, P, J).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// The paper's code.
    pub code: FieldCode,
    /// The sub-heading above it on paper.
    pub heading: Option<Localized>,
    /// The indexes of its fields in [`Paper::fields`].
    pub fields: std::ops::Range<usize>,
}

/// The legal numbers that the checks of a paper use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PaperRules {
    /// Maximum number of voters of the station, where the law has one.
    pub(crate) voters_max: Option<u32>,
    /// The reserve of ballots, in thousandths of the DPT.
    pub(crate) reserve_permille: u16,
}

/// The form of one contest with all its fields, in the paper's order. `Election::paper` makes it.
#[derive(Debug, Clone)]
pub struct Paper {
    form: Form,
    contest: Contest,
    pages: Vec<PaperPage>,
    sections: Vec<PaperSection>,
    fields: Vec<Field>,
    positions: BTreeMap<FieldCode, usize>,
    rules: PaperRules,
}

impl Paper {
    /// The form it was made from.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The contest it is for.
    pub fn contest(&self) -> &Contest {
        &self.contest
    }

    /// Its pages in order.
    pub fn pages(&self) -> &[PaperPage] {
        &self.pages
    }

    /// The page with this number.
    pub fn page(&self, number: u8) -> Option<&PaperPage> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// Its sections in order.
    pub fn sections(&self) -> &[PaperSection] {
        &self.sections
    }

    /// All fields in the paper's order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The fields of a row.
    pub fn fields_of(&self, row: &PaperRow) -> &[Field] {
        self.fields.get(row.fields.clone()).unwrap_or_default()
    }

    /// The field with this code.
    pub fn field(&self, code: &FieldCode) -> Option<&Field> {
        self.positions.get(code).map(|&index| &self.fields[index])
    }

    /// The index of the field with this code in [`Paper::fields`].
    pub fn position(&self, code: &FieldCode) -> Option<usize> {
        self.positions.get(code).copied()
    }

    /// The field of `counts` for men and women together. For votes, the field of the first candidate or list.
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

    /// The legal maximum of voters at the station, where the law has one.
    pub fn station_voters_max(&self) -> Option<u32> {
        self.rules.voters_max
    }

    /// The reserve of ballots, in thousandths of the DPT.
    pub fn reserve_permille(&self) -> u16 {
        self.rules.reserve_permille
    }

    /// The votes in `figures`, by whom they are for. A list whose total was not written has the sum of its
    /// written parts.
    pub fn votes(&self, figures: &Figures) -> BTreeMap<Choice, u32> {
        let mut votes: BTreeMap<Choice, u32> = BTreeMap::new();
        let mut parts: BTreeMap<Choice, u32> = BTreeMap::new();
        for field in &self.fields {
            let (Some(choice), Some(number)) = (field.choice, figures.number(&field.code)) else { continue };
            votes.insert(choice, number);
            if let Choice::PartyItself(party) | Choice::ListCandidate(party, _) = choice {
                let sum = parts.entry(Choice::List(party)).or_default();
                *sum = sum.saturating_add(number);
            }
        }
        for (list, sum) in parts {
            votes.entry(list).or_insert(sum);
        }
        votes
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

/// Why a form and a contest do not make a paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// A code is too long or has a wrong letter.
    #[error(transparent)]
    Code(#[from] IdError),
    /// More pages than a paper can have.
    #[error("it would have more than {PAGES_MAX} pages")]
    TooManyPages,
}

/// Maximum number of pages of a paper. The largest paper of 2024 has 26: 24 parties and two pages of figures
/// about voters and ballots.
pub const PAGES_MAX: usize = 60;
