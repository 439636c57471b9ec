//! The paper: a [`Form`] as data, and a [`Paper`], which is one contest's form with all its fields spelled out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::election::{Candidate, Contest};
use crate::figure::{Figure, Figures};
use crate::id::{CandidateNumber, FieldCode, FormId};
use crate::text::Localized;

/// One edition of a result form, described as data: pages, sections, rows, official codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its name in code, for instance `c-hasil-ppwp-2024`.
    pub id: FormId,
    /// Its name for people, for instance "C.HASIL-PPWP".
    pub title: Localized,
    /// The regulation that prescribes it.
    pub source: String,
    /// Its pages in order.
    pub pages: Vec<Page>,
    /// Its sections in the paper's order.
    pub sections: Vec<Section>,
    /// Where its boxes stand on paper, for whoever looks at photos of it; of no concern to this crate. A form that every
    /// copy of the app has needs none here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<serde_json::Value>,
}

/// One page of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Page number as printed, from 1.
    pub number: u8,
    /// What the page holds, in a few words.
    pub title: Localized,
    /// The AprilTag (family 36h10) printed on the page, where the form has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<u16>,
}

/// One section of a form, headed by a Roman numeral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The Roman numeral.
    pub code: FieldCode,
    /// Its heading.
    pub title: Localized,
    /// The page on which it stands.
    pub page: u8,
    /// Its rows in the paper's order.
    pub rows: Vec<Row>,
}

/// One row of a section: one figure, or three (L, P, J).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The paper's code of the row, for instance `I.B.4`. Of a row that stands for all candidates, the section's
    /// code: their numbers are put behind it.
    pub code: FieldCode,
    /// The paper's words for it.
    pub label: Localized,
    /// The sub-heading that stands above it on paper, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Localized>,
    /// What it counts. The checks speak of quantities, never of codes.
    pub counts: Quantity,
    /// Its columns; none for a single figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// How many digit boxes a figure has.
    pub digits: u8,
}

/// The columns that a row may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Column {
    /// Laki-laki, men.
    L,
    /// Perempuan, women.
    P,
    /// Jumlah, both.
    J,
}

impl Column {
    /// The letter on the paper.
    pub fn letter(self) -> char {
        match self {
            Self::L => 'L',
            Self::P => 'P',
            Self::J => 'J',
        }
    }
}

/// What a row counts, whatever code and place a form gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Voters in the DPT (daftar pemilih tetap).
    VotersDpt,
    /// Voters in the DPTb (daftar pemilih tambahan, those who moved).
    VotersDptb,
    /// Voters in the DPK (daftar pemilih khusus, those who came with an e-KTP).
    VotersDpk,
    /// All voters.
    VotersAll,
    /// Users of the vote from the DPT.
    UsersDpt,
    /// Users of the vote from the DPTb.
    UsersDptb,
    /// Users of the vote from the DPK.
    UsersDpk,
    /// All users of the vote.
    UsersAll,
    /// Ballots received, the 2 % reserve included.
    BallotsReceived,
    /// Ballots used.
    BallotsUsed,
    /// Ballots returned spoiled or wrongly pierced.
    BallotsSpoiled,
    /// Ballots not used, the rest of the reserve included.
    BallotsUnused,
    /// Registered voters with a disability.
    DisabledVoters,
    /// Voters with a disability who used their vote.
    DisabledUsers,
    /// Valid votes of one candidate or pair; one row stands for all of them.
    CandidateVotes,
    /// All valid votes.
    ValidVotes,
    /// Invalid votes.
    InvalidVotes,
    /// Valid and invalid votes.
    AllVotes,
}

/// One place on the paper where one figure stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The paper's code, for instance `I.B.4.J` or `IV.2`.
    pub code: FieldCode,
    /// The code of its row, the same for all its columns.
    pub row: FieldCode,
    /// The section in which it stands.
    pub section: FieldCode,
    /// The page on which it stands.
    pub page: u8,
    /// What it counts.
    pub counts: Quantity,
    /// Its column, where the row has columns.
    pub column: Option<Column>,
    /// Whose votes they are, in a row of [`Quantity::CandidateVotes`].
    pub candidate: Option<CandidateNumber>,
    /// The paper's words for the row; of a candidate, the names.
    pub label: Localized,
    /// How many digit boxes it has.
    pub digits: u8,
}

impl Field {
    /// Whether its figure is for everybody: the only one of its row, or the one in column J.
    pub fn is_whole(&self) -> bool {
        matches!(self.column, None | Some(Column::J))
    }

    /// Whether its digit boxes have room for `number`.
    pub fn holds(&self, number: u32) -> bool {
        u64::from(number) < 10_u64.pow(self.digits.min(10).into())
    }
}

/// One contest's form with every field spelled out, in the paper's order. Made by [`crate::Election::paper`].
#[derive(Debug, Clone)]
pub struct Paper {
    form: Form,
    contest: Contest,
    fields: Vec<Field>,
    places: BTreeMap<FieldCode, usize>,
    station_voters_max: u32,
}

impl Paper {
    /// Spells out `form` for `contest`. `station_voters_max` is the most voters that the law allows at one TPS.
    pub(crate) fn new(form: Form, contest: Contest, station_voters_max: u32) -> Result<Self, crate::IdError> {
        let mut fields = Vec::new();
        for section in &form.sections {
            for row in &section.rows {
                let field = |code: FieldCode, column, candidate: Option<&Candidate>| Field {
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
                    for candidate in &contest.candidates {
                        fields.push(field(row.code.child(candidate.number)?, None, Some(candidate)));
                    }
                } else if row.columns.is_empty() {
                    fields.push(field(row.code.clone(), None, None));
                } else {
                    for &column in &row.columns {
                        fields.push(field(row.code.child(column.letter())?, Some(column), None));
                    }
                }
            }
        }
        let places = fields.iter().enumerate().map(|(place, field)| (field.code.clone(), place)).collect();
        Ok(Self { form, contest, fields, places, station_voters_max })
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
        self.places.get(code).map(|&place| &self.fields[place])
    }

    /// Where in the paper's order the field with this code stands.
    pub fn place(&self, code: &FieldCode) -> Option<usize> {
        self.places.get(code).copied()
    }

    /// The field of `counts` for everybody: the only one of its row, or the one in column J. Of the candidates' votes,
    /// those of the first candidate.
    pub fn whole(&self, counts: Quantity) -> Option<&Field> {
        self.fields.iter().find(|field| field.counts == counts && field.is_whole())
    }

    /// The fields of `figures` that cannot stand on this paper: it has no such field, or the number needs more boxes
    /// than the field has. Empty for every tally that was typed from this paper.
    pub fn misfits(&self, figures: &Figures) -> Vec<FieldCode> {
        let fits = |code: &FieldCode, figure: &Figure| {
            self.field(code).is_some_and(|field| figure.number().is_none_or(|number| field.holds(number)))
        };
        figures.0.iter().filter(|(code, figure)| !fits(code, figure)).map(|(code, _)| code.clone()).collect()
    }

    /// The most voters that the law allows at one TPS in this election.
    pub fn station_voters_max(&self) -> u32 {
        self.station_voters_max
    }

    /// The figures as one list in the paper's order, `None` where nothing was typed: the form that is signed.
    /// Figures of fields that this paper does not have are left out.
    pub fn to_wire(&self, figures: &Figures) -> Vec<Option<i64>> {
        self.fields.iter().map(|field| figures.0.get(&field.code).map(|figure| figure.to_wire())).collect()
    }

    /// The inverse of [`Paper::to_wire`]; `None` when the list has another length than the paper, or a number that
    /// stands for nothing.
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
