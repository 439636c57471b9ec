//! The page of a region, or of the whole election.

use tally::{ContestId, Paper, RegionCode};

use super::arrivals::ArrivalSteps;
use crate::counting::region::region_counts;
use crate::endpoint::Endpoint;
use crate::model::count::RegionTotal;
use crate::refusal::Refusal;
use crate::store::RegionCounts;
use crate::view::{CandidateVotes, RegionName, RegionRow, RegionView};

/// Builds the page. `None` is the whole election.
pub(crate) fn region_view(
    endpoint: &Endpoint,
    paper: &Paper,
    region: Option<&RegionCode>,
) -> Result<RegionView, Refusal> {
    let contest = &paper.contest().id;
    let children = endpoint.package().children(region);
    let counts = region_counts(endpoint, contest, region, children)?;
    let RegionCounts { total, below, arrivals } = counts;
    let ArrivalSteps { steps, step_ms } = ArrivalSteps::of(&arrivals);
    let rows = children.iter().zip(&below).map(|(code, total)| region_row(endpoint, code, total));
    Ok(RegionView {
        path: region.map(|code| path_to(endpoint, code)).unwrap_or_default(),
        contest: ContestId::clone(contest),
        coverage: total.coverage_of(endpoint.package().stations_in(region)),
        candidates: candidates(paper, &total),
        invalid: total.invalid,
        children: rows.collect(),
        arrivals: steps,
        arrivals_step_ms: step_ms,
        at_ms: endpoint.now_ms(),
    })
}

/// The regions from the provinsi down to this one.
pub(super) fn path_to(endpoint: &Endpoint, region: &RegionCode) -> Vec<RegionName> {
    region.path().into_iter().map(|code| region_name(endpoint, code)).collect()
}

fn region_name(endpoint: &Endpoint, code: RegionCode) -> RegionName {
    RegionName { name: endpoint.package().region_name(&code), code }
}

fn region_row(endpoint: &Endpoint, code: &RegionCode, total: &RegionTotal) -> RegionRow {
    RegionRow {
        level: code.level(),
        coverage: total.coverage_of(endpoint.package().stations_in(Some(code))),
        last_at_ms: total.last_at_ms,
        region: region_name(endpoint, code.clone()),
    }
}

fn candidates(paper: &Paper, total: &RegionTotal) -> Vec<CandidateVotes> {
    let candidates = paper.contest().candidates.iter();
    candidates
        .map(|candidate| CandidateVotes {
            number: candidate.number,
            names: candidate.names.clone(),
            votes: total.votes.get(&candidate.number).copied().unwrap_or_default(),
        })
        .collect()
}
