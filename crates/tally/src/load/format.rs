//! Refuses what a package of format 1 cannot have: apps that read only that format would misread it.

use super::mistakes::Mistakes;
use crate::contest::{AskedFigures, Contest, ContestKind};
use crate::election::{Election, FORMAT, RESERVE_PERMILLE, Readiness};
use crate::form::{Form, Quantity};
use crate::id::StationKind;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    if election.format == FORMAT {
        return;
    }
    let mut only_later = OnlyLater { format: &election.format, found };
    only_later.header(election);
    for (index, contest) in election.contests.iter().enumerate() {
        only_later.contest(&format!("contests[{index}]"), contest);
    }
    for (index, form) in election.forms.iter().enumerate() {
        only_later.form(&format!("forms[{index}]"), form);
    }
    for (index, block) in election.stations.iter().enumerate() {
        if block.kind != StationKind::Tps {
            only_later.refuse(&format!("stations[{index}].kind"), true);
        }
    }
}

struct OnlyLater<'a> {
    format: &'a str,
    found: &'a mut Mistakes,
}

impl OnlyLater<'_> {
    fn refuse(&mut self, path: &str, is_there: bool) {
        if is_there {
            let reason = format!("{:?} does not know this; write the format {FORMAT:?}", self.format);
            self.found.add(path, reason);
        }
    }

    fn header(&mut self, election: &Election) {
        self.refuse("voters_max_by_kind", !election.voters_max_by_kind.is_empty());
        self.refuse("reserve_permille", election.reserve_permille != RESERVE_PERMILLE);
        self.refuse("readiness", election.readiness != Readiness::default());
        self.refuse("rounds", !election.rounds.is_empty());
    }

    fn contest(&mut self, path: &str, contest: &Contest) {
        for (field, is_there) in [
            ("kind", contest.kind != ContestKind::default()),
            ("district", !contest.district.is_empty()),
            ("seats", contest.seats.is_some()),
            ("forms_by_kind", !contest.forms_by_kind.is_empty()),
            ("lists", !contest.lists.is_empty()),
            ("asked", contest.asked != AskedFigures::All),
        ] {
            self.refuse(&format!("{path}.{field}"), is_there);
        }
        for (index, candidate) in contest.candidates.iter().enumerate() {
            if candidate.empty_column {
                self.refuse(&format!("{path}.candidates[{index}].empty_column"), true);
            }
        }
    }

    fn form(&mut self, path: &str, form: &Form) {
        for (index, page) in form.pages.iter().enumerate() {
            self.refuse(&format!("{path}.pages[{index}].repeat"), page.repeat.is_some());
        }
        for (index, section) in form.sections.iter().enumerate() {
            let path = format!("{path}.sections[{index}]");
            self.refuse(&format!("{path}.each_list"), section.each_list);
            for (index, row) in section.rows.iter().enumerate() {
                self.refuse(&format!("{path}.rows[{index}].counts"), is_later(row.counts));
            }
        }
    }
}

fn is_later(counts: Quantity) -> bool {
    matches!(
        counts,
        Quantity::PartyVotes
            | Quantity::ListVotes
            | Quantity::BallotsNotReturned
            | Quantity::BallotsUndelivered
            | Quantity::BallotsNotSent
    )
}
