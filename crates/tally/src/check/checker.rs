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
    fn side(&self) -> Side {
        Side {
            label: self.label.clone(),
            terms: self.terms.clone(),
            total: u32::try_from(self.total).unwrap_or(u32::MAX),
        }
    }
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
        let value = self.number(field)?;
        Some(Amount {
            label: Localized::new(format!("{} di kertas", field.code), format!("{} on paper", field.code)),
            terms: vec![Term { field: field.code.clone(), value }],
            total: value.into(),
            unknown: Vec::new(),
        })
    }

    pub(super) fn stated_whole(&self, counts: Quantity) -> Option<Amount> {
        self.stated(self.whole(counts)?)
    }

    /// The sum of `parts`. `None` while one of them is not typed.
    pub(super) fn sum(&self, parts: &[&Field]) -> Option<Amount> {
        let mut sum = Amount { label: sum_label(parts), terms: Vec::new(), total: 0, unknown: Vec::new() };
        for part in parts {
            match self.figure(part)? {
                Figure::Written(value) => {
                    sum.total += u64::from(value);
                    sum.terms.push(Term { field: part.code.clone(), value });
                }
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
        let (Some(stated), Some(sum)) = (self.stated(total), self.sum(parts)) else { return };
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
        ]
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
        }
        let rule = code.rule();
        let write = |wording: Wording| wording.fill(&facts);
        self.findings.push(Finding {
            key: FindingKey(at.map_or_else(|| code.to_string(), |at| format!("{code}@{at}"))),
            code,
            severity: rule.severity,
            title: write(rule.title),
            advice: write(rule.advice),
            for_coordinator: write(rule.for_coordinator),
            comparison,
            fields,
        });
    }
}

/// The fields of both amounts, blank parts of a sum included.
fn fields_of(left: &Amount, right: &Amount) -> Vec<FieldCode> {
    let terms = left.terms.iter().chain(&right.terms).map(|term| &term.field);
    terms.chain(&left.unknown).cloned().collect()
}

/// "II.2 + II.3 + II.4". For the candidates, whose list can be long, "IV dijumlahkan".
fn sum_label(parts: &[&Field]) -> Localized {
    match parts.first() {
        Some(first) if first.counts == Quantity::CandidateVotes => {
            Localized::new(format!("{} dijumlahkan", first.section), format!("{} added up", first.section))
        }
        _ => {
            let codes: Vec<&str> = parts.iter().map(|part| part.code.as_str()).collect();
            Localized::new(codes.join(" + "), codes.join(" + "))
        }
    }
}

/// "ketiga pasangan", "kedua calon": all candidates of the contest in a few words.
fn candidates(paper: &Paper) -> Localized {
    let candidates = &paper.contest().candidates;
    let pairs = candidates.iter().any(|candidate| candidate.names.len() > 1);
    let (id, en_one, en_many) =
        if pairs { ("pasangan", "pair", "pairs") } else { ("calon", "candidate", "candidates") };
    let count = u32_len(candidates);
    let words = crate::words::in_words(count);
    match count {
        1 => Localized::new(format!("{id} itu"), format!("the {en_one}")),
        _ => Localized::new(format!("ke{} {id}", words.id), format!("the {} {en_many}", words.en)),
    }
}
