//! The state of a run of the checks: looks up figures, compares amounts, collects findings.

use std::collections::BTreeSet;

use crate::check::{CheckCode, Comparison, Finding, FindingKey, Relation, Side, Term, Wording};
use crate::figure::{Figure, Figures};
use crate::form::Quantity;
use crate::id::FieldCode;
use crate::number::u32_len;
use crate::paper::{Field, Paper};
use crate::text::Localized;

/// An amount that a check compares: a figure on the paper, a sum of figures, or a bound.
#[derive(Clone)]
pub(super) struct Amount {
    pub(super) label: Localized,
    pub(super) terms: Vec<Term>,
    pub(super) total: u64,
    /// Fields of a sum that are blank or illegible.
    pub(super) unknown: Vec<FieldCode>,
}

impl Amount {
    pub(super) fn side(&self) -> Side {
        Side { label: self.label.clone(), terms: self.terms.clone(), total: self.written() }
    }

    /// The total as one number; one that is too large counts as the largest.
    pub(super) fn written(&self) -> u32 {
        u32::try_from(self.total).unwrap_or(u32::MAX)
    }
}

/// The number in `field`, if one is written there.
pub(super) fn stated(field: &Field, figures: &Figures) -> Option<Amount> {
    let value = figures.number(&field.code)?;
    Some(Amount {
        label: Localized::new(format!("{} di kertas", field.code), format!("{} on paper", field.code)),
        terms: vec![Term { field: field.code.clone(), value }],
        total: value.into(),
        unknown: Vec::new(),
    })
}

/// One tally on its paper, and the findings so far.
pub(super) struct Checker<'a> {
    pub(super) paper: &'a Paper,
    pub(super) figures: &'a Figures,
    pub(super) findings: Vec<Finding>,
    pub(super) passed: u32,
    /// Indexes of the blank fields that a sum needs to reach its total.
    pub(super) needed: BTreeSet<usize>,
}

impl<'a> Checker<'a> {
    pub(super) fn all(&self, counts: Quantity) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.paper.fields().iter().filter(move |field| field.counts == counts)
    }

    /// The field of `counts` in the same column as `like`.
    pub(super) fn beside(&self, counts: Quantity, like: &Field) -> Option<&'a Field> {
        self.all(counts).find(|field| field.column == like.column)
    }

    /// The field for men and women together: the only one of its row, or column J.
    pub(super) fn whole(&self, counts: Quantity) -> Option<&'a Field> {
        self.paper.whole(counts)
    }

    pub(super) fn figure(&self, field: &Field) -> Option<Figure> {
        self.figures.0.get(&field.code).copied()
    }

    pub(super) fn number(&self, field: &Field) -> Option<u32> {
        self.figures.number(&field.code)
    }

    pub(super) fn stated(&self, field: &Field) -> Option<Amount> {
        stated(field, self.figures)
    }

    pub(super) fn stated_whole(&self, counts: Quantity) -> Option<Amount> {
        self.stated(self.whole(counts)?)
    }

    /// The sum of `parts`. `None` while one of them is not typed.
    pub(super) fn sum(&self, parts: &[&Field]) -> Option<Amount> {
        self.sum_where(parts, |_| false)
    }

    /// The sum of `parts`, of which a blank one adds nothing if `is_nothing` says so.
    fn sum_where(&self, parts: &[&Field], is_nothing: impl Fn(&Field) -> bool) -> Option<Amount> {
        let mut sum = Amount { label: sum_label(parts), terms: Vec::new(), total: 0, unknown: Vec::new() };
        for part in parts {
            match self.figure(part)? {
                Figure::Written(value) => {
                    sum.total += u64::from(value);
                    sum.terms.push(Term { field: part.code.clone(), value });
                }
                Figure::Blank if is_nothing(part) => {}
                Figure::Blank | Figure::Illegible => sum.unknown.push(part.code.clone()),
            }
        }
        Some(sum)
    }

    /// Checks `total` = the sum of `parts`. [`Paper::check`] explains the rule for blank parts.
    pub(super) fn total_is_sum(
        &mut self,
        code: CheckCode,
        at: Option<&FieldCode>,
        total: &Field,
        parts: &[&Field],
    ) {
        self.total_is_sum_where(code, at, total, parts, |_| false);
    }

    /// As [`Checker::total_is_sum`], for parts of which a blank one adds nothing if `is_nothing` says so.
    pub(super) fn total_is_sum_where(
        &mut self,
        code: CheckCode,
        at: Option<&FieldCode>,
        total: &Field,
        parts: &[&Field],
        is_nothing: impl Fn(&Field) -> bool,
    ) {
        let (Some(stated), Some(sum)) = (self.stated(total), self.sum_where(parts, is_nothing)) else {
            return;
        };
        if sum.total < stated.total && !sum.unknown.is_empty() {
            self.needed.extend(sum.unknown.iter().filter_map(|field| self.paper.position(field)));
        } else {
            self.compare(code, at, &sum, Relation::Equal, &stated);
        }
    }

    /// Adds a finding if `left` does not have the given relation to `right`.
    pub(super) fn compare(
        &mut self,
        code: CheckCode,
        at: Option<&FieldCode>,
        left: &Amount,
        relation: Relation,
        right: &Amount,
    ) {
        let holds = match relation {
            Relation::Equal => left.total == right.total,
            Relation::AtMost => left.total <= right.total,
        };
        if holds {
            self.passed += 1;
        } else {
            self.find(code, at, left, relation, right, &[]);
        }
    }

    pub(super) fn find(
        &mut self,
        code: CheckCode,
        at: Option<&FieldCode>,
        left: &Amount,
        relation: Relation,
        right: &Amount,
        more_fields: &[FieldCode],
    ) {
        let comparison = Comparison {
            left: left.side(),
            relation,
            right: right.side(),
            difference: left.total.cast_signed() - right.total.cast_signed(),
        };
        let mut fields = fields_of(left, right);
        fields.extend_from_slice(more_fields);
        let facts = self.facts(left, right);
        self.push(code, at, Some(comparison), fields, facts);
    }

    /// Adds a finding about two amounts that are unusual together and do not contradict each other.
    pub(super) fn unusual(&mut self, code: CheckCode, at: Option<&FieldCode>, left: &Amount, right: &Amount) {
        let facts = self.facts(left, right);
        self.push(code, at, None, fields_of(left, right), facts);
    }

    fn facts(&self, left: &Amount, right: &Amount) -> Vec<(&'static str, Localized)> {
        vec![
            ("left", Localized::number(left.total)),
            ("right", Localized::number(right.total)),
            ("left_label", left.label.clone()),
            ("right_label", right.label.clone()),
            ("difference", Localized::number(left.total.abs_diff(right.total))),
            ("candidates", candidates(self.paper)),
            ("one", one(self.paper)),
            ("reserve", percent(self.paper.reserve_permille())),
        ]
    }

    /// "5. Partai Contoh": the heading of a section.
    fn heading(&self, code: &FieldCode) -> Option<Localized> {
        self.paper
            .sections()
            .iter()
            .find(|section| section.code == *code)
            .map(|section| section.title.clone())
    }

    /// Adds a finding about fields, without a comparison.
    pub(super) fn point_out(&mut self, code: CheckCode, fields: Vec<FieldCode>) {
        if !fields.is_empty() {
            self.push(code, None, None, fields, Vec::new());
        }
    }

    fn push(
        &mut self,
        code: CheckCode,
        at: Option<&FieldCode>,
        comparison: Option<Comparison>,
        mut fields: Vec<FieldCode>,
        mut facts: Vec<(&'static str, Localized)>,
    ) {
        fields.sort_by_key(|field| self.paper.position(field));
        fields.dedup();
        let codes: Vec<&str> = fields.iter().map(FieldCode::as_str).collect();
        facts.push(("count", Localized::number(fields.len() as u64)));
        facts.push(("fields", Localized::new(codes.join(", "), codes.join(", "))));
        if let Some(at) = at {
            facts.push(("at", Localized::new(at.as_str(), at.as_str())));
            facts.extend(self.heading(at).map(|heading| ("list", heading)));
        }
        self.findings.push(finding(code, at, comparison, fields, &facts));
    }
}

/// A finding with the texts of the table.
pub(super) fn finding(
    code: CheckCode,
    at: Option<&FieldCode>,
    comparison: Option<Comparison>,
    fields: Vec<FieldCode>,
    facts: &[(&str, Localized)],
) -> Finding {
    let rule = code.rule();
    let write = |wording: Wording| wording.fill(facts);
    Finding {
        key: FindingKey(at.map_or_else(|| code.to_string(), |at| format!("{code}@{at}"))),
        code,
        severity: rule.severity,
        title: write(rule.title),
        advice: write(rule.advice),
        for_coordinator: write(rule.for_coordinator),
        comparison,
        fields,
    }
}

/// The fields of both amounts, blank parts of a sum included.
fn fields_of(left: &Amount, right: &Amount) -> Vec<FieldCode> {
    let terms = left.terms.iter().chain(&right.terms).map(|term| &term.field);
    terms.chain(&left.unknown).cloned().collect()
}

/// "II.2 + II.3 + II.4". For votes, whose rows can be many, "IV dijumlahkan", "IV.5 A dijumlahkan" or
/// "B dijumlahkan".
fn sum_label(parts: &[&Field]) -> Localized {
    let codes: Vec<&str> = parts.iter().map(|part| part.code.as_str()).collect();
    let rows = match parts.first() {
        Some(first) if first.counts == Quantity::ListVotes => "B".to_owned(),
        Some(first) if first.party().is_some() => format!("{} A", first.section),
        Some(first) if first.counts == Quantity::CandidateVotes => first.section.to_string(),
        _ => return Localized::new(codes.join(" + "), codes.join(" + ")),
    };
    Localized::new(format!("{rows} dijumlahkan"), format!("{rows} added up"))
}

/// "ketiga pasangan", "kedelapan belas partai": whom the contest's votes are for, in a few words.
fn candidates(paper: &Paper) -> Localized {
    let contest = paper.contest();
    if contest.candidates.iter().any(|candidate| candidate.empty_column) {
        return Localized::new("pasangan dan kolom kosong", "the pair and the empty column");
    }
    let pairs = contest.candidates.iter().any(|candidate| candidate.names.len() > 1);
    let (count, id, en_one, en_many) = if !contest.lists.is_empty() {
        (u32_len(&contest.lists), "partai", "party", "parties")
    } else if pairs {
        (u32_len(&contest.candidates), "pasangan", "pair", "pairs")
    } else {
        (u32_len(&contest.candidates), "calon", "candidate", "candidates")
    };
    let words = crate::words::in_words(count);
    match count {
        1 => Localized::new(format!("{id} itu"), format!("the {en_one}")),
        _ => Localized::new(format!("ke{} {id}", words.id), format!("the {} {en_many}", words.en)),
    }
}

/// One of those for whom votes are: a candidate, a party.
fn one(paper: &Paper) -> Localized {
    if paper.contest().lists.is_empty() {
        Localized::new("calon", "candidate")
    } else {
        Localized::new("partai", "party")
    }
}

/// "2%", "2,5%": a share in thousandths.
pub(super) fn percent(permille: u16) -> Localized {
    match (permille / 10, permille % 10) {
        (percent, 0) => Localized::new(format!("{percent}%"), format!("{percent}%")),
        (percent, tenths) => Localized::new(format!("{percent},{tenths}%"), format!("{percent}.{tenths}%")),
    }
}
