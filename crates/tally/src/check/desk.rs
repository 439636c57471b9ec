//! Runs the table of checks over one tally.

use std::collections::BTreeSet;

use crate::check::{
    CheckCode, CheckReport, Comparison, Finding, FindingKey, Relation, Severity, Side, Term, Wording,
};
use crate::figure::{Figure, Figures};
use crate::form::{Column, Field, Paper, Quantity};
use crate::id::FieldCode;
use crate::text::Localized;

/// Ballots that are sent beside the DPT are one for each of so many voters, rounded up: 2 %.
const VOTERS_PER_RESERVE_BALLOT: u32 = 50;
/// W202 and W401 are silent up to this figure, whatever its share: small stations jump about.
const FEW: u64 = 10;
/// W202: returned ballots above this share of the received ones are unusual.
const SPOILED_PERCENT_MAX: u64 = 5;
/// W401: invalid votes above this share of all votes are unusual (1 in 200 stations of NTB in 2019).
const INVALID_PERCENT_MAX: u64 = 15;
/// W301 is silent below this many voters.
const FULL_TURNOUT_VOTERS_MIN: u32 = 50;
/// W402 is silent below this many valid votes.
const UNANIMOUS_VOTES_MIN: u64 = 30;

impl Paper {
    /// Runs every check of the table over `figures`.
    ///
    /// A check runs only when all its figures are there. *Not typed* is no figure, so nothing is flagged too early.
    /// *Blank* and *illegible* are no figures either: a blank box is not 0. But whatever such a box should say, it
    /// is no less than 0, so a sum with one can still be judged:
    ///
    /// - its written parts alone exceed the total: a fault, whatever the box should say;
    /// - its written parts are the total: it holds, as on a paper where the DPTb row was left empty;
    /// - its written parts fall short: not a fault, but the blank box is needed, which `W102` says.
    pub fn check(&self, figures: &Figures) -> CheckReport {
        let mut desk =
            Desk { paper: self, figures, findings: Vec::new(), passed: 0, needed: BTreeSet::new() };
        desk.voters_and_users();
        desk.ballots();
        desk.across_the_parts();
        desk.votes();
        desk.completeness();
        let mut findings = desk.findings;
        findings.sort_by_cached_key(|finding| {
            (
                finding.severity,
                finding.fields.first().and_then(|field| self.place(field)),
                finding.key.clone(),
            )
        });
        CheckReport { findings, checks_passed: desk.passed }
    }
}

/// An amount that a check compares: a stated figure, a sum of figures, or a bound made from one.
#[derive(Clone)]
struct Amount {
    label: Localized,
    terms: Vec<Term>,
    total: u64,
    /// Fields of a sum that are blank or illegible.
    unknown: Vec<FieldCode>,
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

struct Desk<'a> {
    paper: &'a Paper,
    figures: &'a Figures,
    findings: Vec<Finding>,
    passed: u32,
    /// Places of blank fields without which a sum falls short.
    needed: BTreeSet<usize>,
}

impl<'a> Desk<'a> {
    // The form, asked for what it counts.

    fn all(&self, counts: Quantity) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.paper.fields().iter().filter(move |field| field.counts == counts)
    }

    /// The field of `counts` in the same column as `like`.
    fn beside(&self, counts: Quantity, like: &Field) -> Option<&'a Field> {
        self.all(counts).find(|field| field.column == like.column)
    }

    /// The figure for everybody: the only one of its row, or its column J.
    fn whole(&self, counts: Quantity) -> Option<&'a Field> {
        self.paper.whole(counts)
    }

    // The tally, asked for what is written.

    fn figure(&self, field: &Field) -> Option<Figure> {
        self.figures.0.get(&field.code).copied()
    }

    fn number(&self, field: &Field) -> Option<u32> {
        self.figures.number(&field.code)
    }

    fn stated(&self, field: &Field) -> Option<Amount> {
        let value = self.number(field)?;
        Some(Amount {
            label: Localized::new(format!("{} di kertas", field.code), format!("{} on paper", field.code)),
            terms: vec![Term { field: field.code.clone(), value }],
            total: value.into(),
            unknown: Vec::new(),
        })
    }

    fn stated_whole(&self, counts: Quantity) -> Option<Amount> {
        self.stated(self.whole(counts)?)
    }

    /// The sum of `parts`; `None` while one of them is not typed.
    fn sum(&self, parts: &[&Field]) -> Option<Amount> {
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

    // The two kinds of comparison.

    /// `total` = the sum of `parts`, with the care for blank parts that [`Paper::check`] promises.
    fn total_is_sum(&mut self, code: CheckCode, at: Option<&FieldCode>, total: &Field, parts: &[&Field]) {
        let (Some(stated), Some(sum)) = (self.stated(total), self.sum(parts)) else { return };
        if sum.total < stated.total && !sum.unknown.is_empty() {
            self.needed.extend(sum.unknown.iter().filter_map(|field| self.paper.place(field)));
        } else {
            self.compare(code, at, &sum, Relation::Equal, &stated);
        }
    }

    /// Left stands to right as `relation` says, or a finding is made.
    fn compare(
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

    fn find(
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

    /// A finding about two amounts that do not contradict each other, only look odd together.
    fn unusual(&mut self, code: CheckCode, at: Option<&FieldCode>, left: &Amount, right: &Amount) {
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

    /// A finding about fields as such, where nothing is compared.
    fn point_out(&mut self, code: CheckCode, fields: Vec<FieldCode>) {
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
        fields.sort_by_key(|field| self.paper.place(field));
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

    // The checks, part by part.

    fn voters_and_users(&mut self) {
        for both in self.paper.fields().iter().filter(|field| field.column == Some(Column::J)) {
            let row =
                |column| self.paper.fields().iter().find(|f| f.row == both.row && f.column == Some(column));
            if let (Some(men), Some(women)) = (row(Column::L), row(Column::P)) {
                self.total_is_sum(CheckCode::F101, Some(&both.row), both, &[men, women]);
            }
        }
        for (code, all, lists) in [
            (
                CheckCode::F102,
                Quantity::UsersAll,
                [Quantity::UsersDpt, Quantity::UsersDptb, Quantity::UsersDpk],
            ),
            (
                CheckCode::F103,
                Quantity::VotersAll,
                [Quantity::VotersDpt, Quantity::VotersDptb, Quantity::VotersDpk],
            ),
        ] {
            for total in self.all(all) {
                let parts: Vec<&Field> = lists.iter().filter_map(|&list| self.beside(list, total)).collect();
                if parts.len() > 1 {
                    self.total_is_sum(code, Some(&total.code), total, &parts);
                }
            }
        }
        for (code, some, of) in [
            (CheckCode::F104, Quantity::UsersDpt, Quantity::VotersDpt),
            (CheckCode::F104, Quantity::UsersDptb, Quantity::VotersDptb),
            (CheckCode::F104, Quantity::UsersDpk, Quantity::VotersDpk),
            (CheckCode::F105, Quantity::DisabledUsers, Quantity::UsersAll),
            (CheckCode::F106, Quantity::DisabledUsers, Quantity::DisabledVoters),
        ] {
            for part in self.all(some) {
                if let Some(whole) = self.beside(of, part)
                    && let (Some(left), Some(right)) = (self.stated(part), self.stated(whole))
                {
                    self.compare(code, Some(&part.code), &left, Relation::AtMost, &right);
                }
            }
        }
        let legal = Amount {
            label: Localized::new("Batas satu TPS", "Limit of one TPS"),
            terms: Vec::new(),
            total: self.paper.station_voters_max().into(),
            unknown: Vec::new(),
        };
        for counts in [Quantity::VotersDpt, Quantity::UsersAll] {
            if let Some(field) = self.whole(counts)
                && let Some(people) = self.stated(field)
            {
                self.compare(CheckCode::W103, Some(&field.code), &people, Relation::AtMost, &legal);
            }
        }
        if let (Some(users), Some(sent)) = (self.stated_whole(Quantity::UsersAll), self.ballots_sent()) {
            self.compare(CheckCode::W104, None, &users, Relation::AtMost, &sent);
        }
    }

    /// DPT + ⌈2 %⌉: as many ballots as a TPS is sent.
    fn ballots_sent(&self) -> Option<Amount> {
        let voters = self.whole(Quantity::VotersDpt)?;
        let value = self.number(voters)?;
        let label = format!("{} + 2%", voters.code);
        Some(Amount {
            label: Localized::new(label.clone(), label),
            terms: vec![Term { field: voters.code.clone(), value }],
            total: u64::from(value) + u64::from(value.div_ceil(VOTERS_PER_RESERVE_BALLOT)),
            unknown: Vec::new(),
        })
    }

    fn ballots(&mut self) {
        let Some(received_field) = self.whole(Quantity::BallotsReceived) else { return };
        // In the paper's order, which differs between editions.
        let parts: Vec<&Field> = self
            .paper
            .fields()
            .iter()
            .filter(|field| {
                matches!(
                    field.counts,
                    Quantity::BallotsUsed | Quantity::BallotsSpoiled | Quantity::BallotsUnused
                )
            })
            .collect();
        if parts.len() == 3 {
            self.total_is_sum(CheckCode::F201, None, received_field, &parts);
        }
        let Some(received) = self.stated(received_field) else { return };
        if let Some(sent) = self.ballots_sent() {
            self.compare(CheckCode::W201, None, &received, Relation::Equal, &sent);
        }
        if let Some(spoiled) = self.stated_whole(Quantity::BallotsSpoiled) {
            self.share_at_most(CheckCode::W202, &spoiled, &received, SPOILED_PERCENT_MAX);
        }
        self.nothing_above(&received);
    }

    fn nothing_above(&mut self, received: &Amount) {
        let counted: Vec<&Field> = self
            .paper
            .fields()
            .iter()
            .filter(|field| match field.counts {
                Quantity::UsersAll => field.is_whole(),
                Quantity::CandidateVotes
                | Quantity::ValidVotes
                | Quantity::InvalidVotes
                | Quantity::AllVotes => true,
                _ => false,
            })
            .collect();
        let above: Vec<Amount> = counted
            .iter()
            .filter_map(|field| self.stated(field))
            .filter(|amount| amount.total > received.total)
            .collect();
        match above.iter().max_by_key(|amount| amount.total) {
            None => self.passed += u32::from(counted.iter().any(|field| self.number(field).is_some())),
            Some(largest) => {
                let fields: Vec<FieldCode> =
                    above.iter().flat_map(|amount| &amount.terms).map(|term| term.field.clone()).collect();
                self.find(CheckCode::F202, None, largest, Relation::AtMost, received, &fields);
            }
        }
    }

    /// A share above `percent_max` is unusual unless the figure is small.
    fn share_at_most(&mut self, code: CheckCode, part: &Amount, whole: &Amount, percent_max: u64) {
        if part.total > FEW && part.total * 100 > whole.total * percent_max {
            self.unusual(code, None, part, whole);
        } else {
            self.passed += 1;
        }
    }

    /// Users of the vote, ballots used and all votes count the same people. Of the three comparisons between them
    /// no more are reported than the others do not already tell: one odd figure makes one finding.
    fn across_the_parts(&mut self) {
        let users = self.stated_whole(Quantity::UsersAll);
        let used = self.stated_whole(Quantity::BallotsUsed);
        let votes = self.all_votes();
        match (&users, &used, &votes) {
            (Some(users), Some(used), Some(votes)) => {
                self.compare(CheckCode::F302, None, users, Relation::Equal, votes);
                if used.total == votes.total {
                    self.passed += 1;
                } else {
                    self.compare(CheckCode::F301, None, users, Relation::Equal, used);
                }
            }
            (Some(users), Some(used), None) => {
                self.compare(CheckCode::F301, None, users, Relation::Equal, used);
            }
            (Some(users), None, Some(votes)) => {
                self.compare(CheckCode::F302, None, users, Relation::Equal, votes);
            }
            (None, Some(used), Some(votes)) => {
                self.compare(CheckCode::F303, None, used, Relation::Equal, votes);
            }
            _ => {}
        }
        if let (Some(users), Some(voters)) =
            (self.stated_whole(Quantity::UsersDpt), self.stated_whole(Quantity::VotersDpt))
        {
            if users.total == voters.total && voters.total >= u64::from(FULL_TURNOUT_VOTERS_MIN) {
                self.unusual(CheckCode::W301, None, &users, &voters);
            } else {
                self.passed += 1;
            }
        }
    }

    /// V.C where it has a figure; else V.A + V.B where both have.
    fn all_votes(&self) -> Option<Amount> {
        self.stated_whole(Quantity::AllVotes).or_else(|| {
            let parts = [self.whole(Quantity::ValidVotes)?, self.whole(Quantity::InvalidVotes)?];
            self.sum(&parts).filter(|sum| sum.unknown.is_empty())
        })
    }

    fn votes(&mut self) {
        let candidates: Vec<&Field> = self.all(Quantity::CandidateVotes).collect();
        if let Some(valid_field) = self.whole(Quantity::ValidVotes) {
            if !candidates.is_empty() {
                self.total_is_sum(CheckCode::F401, None, valid_field, &candidates);
            }
            if let Some(all) = self.whole(Quantity::AllVotes)
                && let Some(invalid) = self.whole(Quantity::InvalidVotes)
            {
                self.total_is_sum(CheckCode::F402, None, all, &[valid_field, invalid]);
            }
        }
        if let (Some(invalid), Some(all)) = (self.stated_whole(Quantity::InvalidVotes), self.all_votes()) {
            self.share_at_most(CheckCode::W401, &invalid, &all, INVALID_PERCENT_MAX);
        }
        if candidates.len() > 1
            && let Some(valid) = self.stated_whole(Quantity::ValidVotes)
            && valid.total >= UNANIMOUS_VOTES_MIN
        {
            let winner =
                candidates.iter().find(|f| self.number(f).is_some_and(|v| u64::from(v) == valid.total));
            // Only where all others have nothing; else the figures contradict each other, and F401 says so.
            let nothing_left =
                self.sum(&candidates).is_some_and(|sum| sum.total == valid.total && winner.is_some());
            match winner.filter(|_| nothing_left) {
                Some(winner) => {
                    if let Some(votes) = self.stated(winner) {
                        self.unusual(CheckCode::W402, Some(&winner.code), &votes, &valid);
                    }
                }
                None => self.passed += 1,
            }
        }
    }

    fn completeness(&mut self) {
        let codes_where = |wanted: &dyn Fn(usize, &Field) -> bool| -> Vec<FieldCode> {
            let fields = self.paper.fields().iter().enumerate();
            fields
                .filter(|(place, field)| wanted(*place, field))
                .map(|(_, field)| field.code.clone())
                .collect()
        };
        let untyped = codes_where(&|_, field| self.figure(field).is_none());
        let illegible = codes_where(&|_, field| self.figure(field) == Some(Figure::Illegible));
        let blank = codes_where(&|place, field| {
            self.figure(field) == Some(Figure::Blank)
                && (self.needed.contains(&place) || must_be_written(field))
        });
        self.point_out(CheckCode::W101, untyped);
        self.point_out(CheckCode::W102, blank);
        self.point_out(CheckCode::W105, illegible);
    }
}

/// The fields of both amounts, blank parts of a sum included.
fn fields_of(left: &Amount, right: &Amount) -> Vec<FieldCode> {
    let terms = left.terms.iter().chain(&right.terms).map(|term| &term.field);
    terms.chain(&left.unknown).cloned().collect()
}

/// Totals on which other figures lean: these are written on every paper that was filled in.
fn must_be_written(field: &Field) -> bool {
    field.is_whole()
        && matches!(
            field.counts,
            Quantity::VotersDpt
                | Quantity::UsersAll
                | Quantity::BallotsReceived
                | Quantity::BallotsUsed
                | Quantity::ValidVotes
                | Quantity::AllVotes
        )
}

/// "II.2 + II.3 + II.4"; of the candidates, whose list may be long, "IV dijumlahkan".
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
    let count = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    let words = crate::words::in_words(count);
    match count {
        1 => Localized::new(format!("{id} itu"), format!("the {en_one}")),
        _ => Localized::new(format!("ke{} {id}", words.id), format!("the {} {en_many}", words.en)),
    }
}

// Faults come first in a report because `Severity` orders them so.
const _: () = assert!((Severity::Fault as u8) < (Severity::Warning as u8));
