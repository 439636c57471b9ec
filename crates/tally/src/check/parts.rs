//! The checks themselves, part by part of the form.

use std::collections::BTreeSet;

use super::desk::{Amount, Desk};
use crate::check::{CheckCode, CheckReport, Relation, Severity, Term};
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

impl Desk<'_> {
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

// Faults come first in a report because `Severity` orders them so.
const _: () = assert!((Severity::Fault as u8) < (Severity::Warning as u8));
