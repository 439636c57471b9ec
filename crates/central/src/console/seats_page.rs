//! The seats of a district that the present sums would give.

use std::collections::BTreeMap;

use tally::seats::{DPR_THRESHOLD_PERMILLE, allocate, has_threshold, parties_above_threshold};
use tally::{Choice, Contest, PartyNumber};

use super::votes::party_name;
use crate::counting::region::{kind_total, region_total};
use crate::endpoint::Endpoint;
use crate::model::count::RegionTotal;
use crate::refusal::Refusal;
use crate::view::{SeatThreshold, SeatsView};

/// Builds the page. A contest without lists has no seats to divide.
pub(crate) fn seats_view(endpoint: &Endpoint, contest: &Contest) -> Result<SeatsView, Refusal> {
    let seats = contest.seats.filter(|_| contest.kind.has_lists()).unwrap_or(0);
    let total = region_total(endpoint, contest, None)?;
    let national = if has_threshold(contest.kind) { Some(kind_total(endpoint, contest.kind)?) } else { None };
    let above = national.as_ref().map(|national| parties_above_threshold(&list_votes(national)));
    let votes = list_votes(&total);
    let parties = contest.lists.iter().map(|list| list.party);
    let votes: Vec<(PartyNumber, u64)> =
        parties.map(|party| (party, votes.get(&party).copied().unwrap_or(0))).collect();
    let known = &endpoint.election().parties;
    Ok(SeatsView {
        contest: contest.id.clone(),
        coverage: total.coverage_of(endpoint.package().stations_voting(contest, None)),
        allocation: allocate(&votes, seats, above.as_ref()),
        names: votes.iter().map(|(party, _)| party_name(*party, known)).collect(),
        threshold: national.map(|national| SeatThreshold {
            permille: u16::try_from(DPR_THRESHOLD_PERMILLE).unwrap_or(u16::MAX),
            coverage: national.coverage_of(endpoint.package().stations_of_kind(contest.kind, None)),
        }),
        at_ms: endpoint.now_ms(),
    })
}

/// The votes of the lists, of every standing.
fn list_votes(total: &RegionTotal) -> BTreeMap<PartyNumber, u64> {
    let lists = total.votes.iter().filter_map(|(choice, votes)| match choice {
        Choice::List(party) => Some((*party, votes.all())),
        _ => None,
    });
    lists.collect()
}
