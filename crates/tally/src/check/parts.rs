//! The checks, by part of the form.

use std::collections::BTreeSet;

use super::checker::{Amount, Checker, percent};
use crate::check::{CheckCode, CheckReport, Relation, Severity, Term};
use crate::figure::{Figure, Figures};
use crate::form::{Column, Quantity};
use crate::id::FieldCode;
use crate::paper::{Field, Paper};
use crate::text::Localized;

/// Maximum figure that W202 and W401 ignore. At small stations shares vary much.
const FEW: u64 = 10;
/// W202: maximum usual share of spoiled ballots among the received ones.
const SPOILED_PERCENT_MAX: u64 = 5;
/// W401: maximum usual share of invalid votes. One in 200 stations of NTB exceeded it in 2019.
const INVALID_PERCENT_MAX: u64 = 15;
/// W301: minimum number of voters.
const FULL_TURNOUT_VOTERS_MIN: u32 = 50;
/// W402: minimum number of valid votes.
const UNANIMOUS_VOTES_MIN: u64 = 30;

impl Paper {
    /// Runs every check of the table over `figures`.
    ///
    /// A check runs only when all its figures are present. A field that was not typed has no figure, so
    /// nothing is flagged too early. A blank or illegible field has no figure either: blank is not 0. But its
    /// value is at least 0, so a sum with such a part can still be checked:
    ///
    /// - the written parts exceed the total: a fault;
    /// - the written parts equal the total: it holds, as on a paper where the row of moved voters is empty;
    /// - the written parts are below the total: no fault, but the blank field is needed, and `W102` says so.
    ///
    /// On a paper of lists most boxes are crossed. There a blank box adds nothing if its list has votes
    /// otherwise, and so does the blank total of a list in which nothing is written.
    pub fn check(&self, figures: &Figures) -> CheckReport {
        let mut checker =
            Checker { paper: self, figures, findings: Vec::new(), passed: 0, needed: BTreeSet::new() };
        checker.voters_and_users();
        checker.ballots();
        checker.across_the_parts();
        checker.votes();
        checker.completeness();
        let mut findings = checker.findings;
        findings.sort_by_cached_key(|finding| {
            (
                finding.severity,
                finding.fields.first().and_then(|field| self.position(field)),
                finding.key.clone(),
            )
        });
        CheckReport { findings, checks_passed: checker.passed }
    }
}

impl<'a> Checker<'a> {
    fn voters_and_users(&mut self) {
        self.men_and_women();
        self.sums_of_lists();
        self.subsets();
        self.legal_maximum();
        if let (Some(users), Some(sent)) = (self.stated_whole(Quantity::UsersAll), self.ballots_sent()) {
            self.compare(CheckCode::W104, None, &users, Relation::AtMost, &sent);
        }
    }

    /// J = L + P in each row with columns.
    fn men_and_women(&mut self) {
        for both in self.paper.fields().iter().filter(|field| field.column == Some(Column::J)) {
            let row =
                |column| self.paper.fields().iter().find(|f| f.row == both.row && f.column == Some(column));
            if let (Some(men), Some(women)) = (row(Column::L), row(Column::P)) {
                self.total_is_sum(CheckCode::F101, Some(&both.row), both, &[men, women]);
            }
        }
    }

    /// All = DPT + DPTb + DPK, for voters and for users of the vote.
    fn sums_of_lists(&mut self) {
        for (code, all, lists) in [
            (
                CheckCode::F102,
                Quantity::UsersAll,
                [Quantity::UsersDpt, Quantity::UsersMoved, Quantity::UsersUnlisted],
            ),
            (
                CheckCode::F103,
                Quantity::VotersAll,
                [Quantity::VotersDpt, Quantity::VotersMoved, Quantity::VotersUnlisted],
            ),
        ] {
            for total in self.all(all) {
                let parts: Vec<&Field> = lists.iter().filter_map(|&list| self.beside(list, total)).collect();
                // A form with one list only has no sum.
                if parts.len() > 1 {
                    self.total_is_sum(code, Some(&total.code), total, &parts);
                }
            }
        }
    }

    /// Some of the voters are no more than all of them.
    fn subsets(&mut self) {
        for (code, some, of) in [
            (CheckCode::F104, Quantity::UsersDpt, Quantity::VotersDpt),
            (CheckCode::F104, Quantity::UsersMoved, Quantity::VotersMoved),
            (CheckCode::F104, Quantity::UsersUnlisted, Quantity::VotersUnlisted),
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
    }

    /// No more voters than the law allows at a station of this kind.
    fn legal_maximum(&mut self) {
        let Some(voters_max) = self.paper.station_voters_max() else { return };
        let legal = Amount {
            label: Localized::new("Batas menurut aturan", "Legal limit"),
            terms: Vec::new(),
            total: voters_max.into(),
            unknown: Vec::new(),
        };
        for counts in [Quantity::VotersDpt, Quantity::UsersAll] {
            if let Some(field) = self.whole(counts)
                && let Some(people) = self.stated(field)
            {
                self.compare(CheckCode::W103, Some(&field.code), &people, Relation::AtMost, &legal);
            }
        }
    }

    /// Number of ballots that a station receives: DPT and reserve.
    fn ballots_sent(&self) -> Option<Amount> {
        let voters = self.whole(Quantity::VotersDpt)?;
        let value = self.number(voters)?;
        let permille = self.paper.reserve_permille();
        let reserve = percent(permille);
        Some(Amount {
            label: Localized::each(|language| format!("{} + {}", voters.code, reserve.get(language))),
            terms: vec![Term { field: voters.code.clone(), value }],
            total: u64::from(value) + (u64::from(value) * u64::from(permille)).div_ceil(1_000),
            unknown: Vec::new(),
        })
    }

    /// The fields of these quantities in the paper's order, which differs between editions.
    fn rows(&self, counts: &[Quantity]) -> Vec<&'a Field> {
        self.paper.fields().iter().filter(|field| counts.contains(&field.counts)).collect()
    }

    fn ballots(&mut self) {
        self.unused_ballots();
        let Some(received_field) = self.whole(Quantity::BallotsReceived) else { return };
        let parts = self.rows(&[Quantity::BallotsUsed, Quantity::BallotsSpoiled, Quantity::BallotsUnused]);
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

    /// Of the ballots sent by post, the unused ones are of several kinds.
    fn unused_ballots(&mut self) {
        let kinds = self.rows(&[
            Quantity::BallotsNotReturned,
            Quantity::BallotsUndelivered,
            Quantity::BallotsNotSent,
        ]);
        if let Some(unused) = self.whole(Quantity::BallotsUnused)
            && kinds.len() > 1
        {
            self.total_is_sum(CheckCode::F203, None, unused, &kinds);
        }
    }

    fn nothing_above(&mut self, received: &Amount) {
        let counted: Vec<&Field> = self
            .paper
            .fields()
            .iter()
            .filter(|field| match field.counts {
                Quantity::UsersAll => field.is_whole(),
                Quantity::CandidateVotes
                | Quantity::PartyVotes
                | Quantity::ListVotes
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

    /// A share above `percent_max` is unusual, except if the figure is small.
    fn share_at_most(&mut self, code: CheckCode, part: &Amount, whole: &Amount, percent_max: u64) {
        if part.total > FEW && part.total * 100 > whole.total * percent_max {
            self.unusual(code, None, part, whole);
        } else {
            self.passed += 1;
        }
    }

    /// Users of the vote, ballots used and all votes count the same people. If one of the three figures
    /// differs, there is one finding, not two.
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

    /// V.C if it has a figure, else V.A + V.B if both have one.
    fn all_votes(&self) -> Option<Amount> {
        self.stated_whole(Quantity::AllVotes).or_else(|| {
            let parts = [self.whole(Quantity::ValidVotes)?, self.whole(Quantity::InvalidVotes)?];
            self.sum(&parts).filter(|sum| sum.unknown.is_empty())
        })
    }

    fn votes(&mut self) {
        self.lists();
        self.valid_votes();
        if let Some(valid) = self.whole(Quantity::ValidVotes)
            && let Some(all) = self.whole(Quantity::AllVotes)
            && let Some(invalid) = self.whole(Quantity::InvalidVotes)
        {
            self.total_is_sum(CheckCode::F402, None, all, &[valid, invalid]);
        }
        if let (Some(invalid), Some(all)) = (self.stated_whole(Quantity::InvalidVotes), self.all_votes()) {
            self.share_at_most(CheckCode::W401, &invalid, &all, INVALID_PERCENT_MAX);
        }
        self.unanimous();
        self.all_zero();
    }

    /// The fields whose sum is the valid votes: the lists' totals, or the candidates' votes.
    fn shares(&self) -> Vec<&'a Field> {
        let counts = if self.paper.contest().lists.is_empty() {
            Quantity::CandidateVotes
        } else {
            Quantity::ListVotes
        };
        self.all(counts).collect()
    }

    /// The party's own votes and its candidates' votes.
    fn list_parts(&self, list: &Field) -> Vec<&'a Field> {
        let fields = self.paper.fields().iter();
        fields.filter(|field| field.section == list.section && field.code != list.code).collect()
    }

    fn has_written(&self, fields: &[&Field]) -> bool {
        fields.iter().any(|field| self.number(field).is_some())
    }

    /// B = A.1 + A.2 in each list.
    fn lists(&mut self) {
        for list in self.all(Quantity::ListVotes) {
            let parts = self.list_parts(list);
            let has_votes = self.has_written(&parts);
            self.total_is_sum_where(CheckCode::F403, Some(&list.section), list, &parts, |_| has_votes);
            let votes = self.sum(&parts).map_or(0, |sum| sum.total);
            if self.figure(list) == Some(Figure::Blank) && votes > 0 {
                self.needed.extend(self.paper.position(&list.code));
            }
        }
    }

    /// V.A = the votes of all candidates or lists.
    fn valid_votes(&mut self) {
        let shares = self.shares();
        let Some(valid) = self.whole(Quantity::ValidVotes).filter(|_| !shares.is_empty()) else { return };
        // A list in which nothing is written has no votes.
        let empty: BTreeSet<FieldCode> = self
            .all(Quantity::ListVotes)
            .filter(|list| !self.has_written(&self.list_parts(list)))
            .map(|list| list.code.clone())
            .collect();
        self.total_is_sum_where(CheckCode::F401, None, valid, &shares, |list| empty.contains(&list.code));
    }

    /// One candidate or list has all valid votes.
    fn unanimous(&mut self) {
        let shares = self.shares();
        let Some(valid) = self.stated_whole(Quantity::ValidVotes) else { return };
        if shares.len() < 2 || valid.total < UNANIMOUS_VOTES_MIN {
            return;
        }
        let winner = shares.iter().find(|f| self.number(f).is_some_and(|v| u64::from(v) == valid.total));
        // If others have votes too, the figures contradict each other, and F401 reports that.
        let others_have_none = self.sum(&shares).is_some_and(|sum| sum.total == valid.total);
        match winner.filter(|_| others_have_none) {
            Some(winner) => {
                if let Some(votes) = self.stated(winner) {
                    self.unusual(CheckCode::W402, Some(&winner.code), &votes, &valid);
                }
            }
            None => self.passed += 1,
        }
    }

    /// Something is typed for every candidate or list, and every written figure of the paper is 0.
    fn all_zero(&mut self) {
        let has_figure = |field: &Field| self.figure(field).is_some();
        let typed = |share: &&Field| {
            has_figure(share) || share.party().is_some() && self.list_parts(share).into_iter().any(has_figure)
        };
        let written: Vec<&Field> =
            self.paper.fields().iter().filter(|field| self.number(field).is_some()).collect();
        if written.iter().all(|field| field.choice.is_none()) || !self.shares().iter().all(typed) {
            return;
        }
        if written.iter().all(|field| self.number(field) == Some(0)) {
            self.point_out(CheckCode::W106, written.iter().map(|field| field.code.clone()).collect());
        } else {
            self.passed += 1;
        }
    }

    fn completeness(&mut self) {
        let codes_where = |wanted: &dyn Fn(usize, &Field) -> bool| -> Vec<FieldCode> {
            let fields = self.paper.fields().iter().enumerate();
            fields
                .filter(|(index, field)| wanted(*index, field))
                .map(|(_, field)| field.code.clone())
                .collect()
        };
        let untyped = codes_where(&|_, field| field.asked && self.figure(field).is_none());
        let illegible = codes_where(&|_, field| self.figure(field) == Some(Figure::Illegible));
        let blank = codes_where(&|index, field| {
            self.figure(field) == Some(Figure::Blank)
                && (self.needed.contains(&index) || must_be_written(field))
        });
        self.point_out(CheckCode::W101, untyped);
        self.point_out(CheckCode::W102, blank);
        self.point_out(CheckCode::W105, illegible);
    }
}

/// Totals that every filled paper has.
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

// A report lists faults first: it sorts by `Severity`.
const _: () = assert!((Severity::Fault as u8) < (Severity::Warning as u8));
