//! The papers of one station side by side: the same people voted on all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checker::{Amount, finding, stated};
use crate::check::{CheckCode, Comparison, Finding, Relation};
use crate::contest::ContestKind;
use crate::figure::Figures;
use crate::form::{Column, Quantity};
use crate::id::{ContestId, FieldCode};
use crate::paper::{Field, Paper};
use crate::text::Localized;

/// A figure of one paper that differs from another paper of the same station. It is asked about, and never
/// filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StationQuestion {
    /// The contest of the paper that is asked about.
    pub contest: ContestId,
    /// Its field.
    pub field: FieldCode,
    /// The figure in it.
    pub here: u32,
    /// The contest of the other paper.
    pub other_contest: ContestId,
    /// Its name where there is little room.
    pub other_short_title: Localized,
    /// The figure there.
    pub there: u32,
    /// The check with its texts. The key is unique within the paper.
    pub finding: Finding,
}

/// The quantities that are the same on all papers of a station.
const SAME: [(CheckCode, Quantity); 4] = [
    (CheckCode::W501, Quantity::VotersDpt),
    (CheckCode::W502, Quantity::UsersDpt),
    (CheckCode::W503, Quantity::UsersUnlisted),
    (CheckCode::W504, Quantity::BallotsReceived),
];

/// Compares the papers of one station and one round, in the order in which the station counts them. Figures
/// that are not written are not compared.
///
/// Where papers differ, what most of them say is taken for comparison, and on a tie what the first one says.
/// Each other paper has a question.
pub fn compare_papers(papers: &[(&Paper, &Figures)]) -> Vec<StationQuestion> {
    let mut questions = Vec::new();
    for (code, counts) in SAME {
        questions.extend(differing(papers, code, counts));
    }
    let explained: Vec<ContestId> = questions
        .iter()
        .filter(|question| matches!(question.finding.code, CheckCode::W502 | CheckCode::W503))
        .map(|question| question.contest.clone())
        .collect();
    let users = users_by_moved(papers);
    let users = users.into_iter().flat_map(|papers| differing(&papers, CheckCode::W505, Quantity::UsersAll));
    questions.extend(users.filter(|question| !explained.contains(&question.contest)));
    questions.extend(moved(papers));
    questions.sort_by_key(|question| place(papers, question));
    questions
}

/// Questions stand in the order of the papers, and of their fields.
fn place(papers: &[(&Paper, &Figures)], question: &StationQuestion) -> (usize, Option<usize>) {
    let paper = papers.iter().position(|(paper, _)| paper.contest().id == question.contest);
    let paper = paper.unwrap_or(papers.len());
    (paper, papers.get(paper).and_then(|(paper, _)| paper.position(&question.field)))
}

/// The papers on which as many users moved. Who moved votes for fewer contests, so only these have as many
/// users in all.
fn users_by_moved<'a>(papers: &[(&'a Paper, &'a Figures)]) -> Vec<Vec<(&'a Paper, &'a Figures)>> {
    let mut groups: BTreeMap<u32, Vec<(&Paper, &Figures)>> = BTreeMap::new();
    for (paper, figures) in papers {
        let moved = paper.whole(Quantity::UsersMoved).and_then(|field| figures.number(&field.code));
        if let Some(moved) = moved {
            groups.entry(moved).or_default().push((paper, figures));
        }
    }
    groups.into_values().collect()
}

/// One figure of a quantity on one paper.
struct Said<'a> {
    paper: &'a Paper,
    field: &'a Field,
    amount: Amount,
}

impl<'a> Said<'a> {
    fn by(
        (paper, figures): &(&'a Paper, &'a Figures),
        counts: Quantity,
        column: Option<Column>,
    ) -> Option<Self> {
        let field = match column {
            None => paper.whole(counts)?,
            column => paper.fields().iter().find(|field| field.counts == counts && field.column == column)?,
        };
        Some(Self { paper, field, amount: stated(field, figures)? })
    }
}

/// The papers on which a quantity differs. If it is the same for men and women together, the columns of
/// either are compared.
fn differing(papers: &[(&Paper, &Figures)], code: CheckCode, counts: Quantity) -> Vec<StationQuestion> {
    let both = differing_in(papers, code, counts, None);
    if !both.is_empty() {
        return both;
    }
    let columns = [Column::L, Column::P].into_iter();
    columns.flat_map(|column| differing_in(papers, code, counts, Some(column))).collect()
}

fn differing_in(
    papers: &[(&Paper, &Figures)],
    code: CheckCode,
    counts: Quantity,
    column: Option<Column>,
) -> Vec<StationQuestion> {
    let said: Vec<Said<'_>> = papers.iter().filter_map(|paper| Said::by(paper, counts, column)).collect();
    let votes =
        |said_so: &Said<'_>| said.iter().filter(|other| other.amount.total == said_so.amount.total).count();
    // The first of those with the most, as `max_by_key` would give the last.
    let Some(most) = said.iter().map(votes).max() else { return Vec::new() };
    let Some(reference) = said.iter().find(|said_so| votes(said_so) == most) else { return Vec::new() };
    let others = said.iter().filter(|here| here.amount.total != reference.amount.total);
    others.map(|here| question(code, here, Relation::Equal, reference)).collect()
}

/// Nobody who moved votes for another contest without voting for the president, or for the governor.
fn moved(papers: &[(&Paper, &Figures)]) -> Vec<StationQuestion> {
    let of_all = |kind| kind == ContestKind::Ppwp || kind == ContestKind::Gubernur;
    let of_all = papers.iter().find(|(paper, _)| of_all(paper.contest().kind));
    let Some(of_all) = of_all.and_then(|paper| Said::by(paper, Quantity::UsersMoved, None)) else {
        return Vec::new();
    };
    let others = papers.iter().filter_map(|paper| Said::by(paper, Quantity::UsersMoved, None));
    others
        .filter(|here| here.amount.total > of_all.amount.total)
        .map(|here| question(CheckCode::W506, &here, Relation::AtMost, &of_all))
        .collect()
}

fn question(code: CheckCode, here: &Said<'_>, relation: Relation, there: &Said<'_>) -> StationQuestion {
    let comparison = Comparison {
        left: here.amount.side(),
        relation,
        right: there.amount.side(),
        difference: here.amount.total.cast_signed() - there.amount.total.cast_signed(),
    };
    let field = &here.field.code;
    let facts = [
        ("at", Localized::new(field.as_str(), field.as_str())),
        ("left", Localized::number(here.amount.total)),
        ("right", Localized::number(there.amount.total)),
        ("difference", Localized::number(here.amount.total.abs_diff(there.amount.total))),
        ("here", here.paper.contest().short_title.clone()),
        ("other", there.paper.contest().short_title.clone()),
    ];
    StationQuestion {
        contest: here.paper.contest().id.clone(),
        field: field.clone(),
        here: here.amount.written(),
        other_contest: there.paper.contest().id.clone(),
        other_short_title: there.paper.contest().short_title.clone(),
        there: there.amount.written(),
        finding: finding(code, Some(field), Some(comparison), vec![field.clone()], &facts),
    }
}
