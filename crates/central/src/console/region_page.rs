//! The page of a region, or of the whole election.

use tally::{Contest, ContestKind, RegionCode};

use super::arrivals::ArrivalSteps;
use super::contests::{contest_view, kind_views};
use super::votes::{votes_of, votes_of_kind};
use crate::counting::region::region_counts;
use crate::endpoint::Endpoint;
use crate::model::count::RegionTotal;
use crate::model::sums_of::SumsOf;
use crate::refusal::Refusal;
use crate::store::RegionCounts;
use crate::view::{LaterRounds, RegionName, RegionRow, RegionView, VoteRow};

/// What the figures of the page are of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PageOf<'a> {
    Contest(&'a Contest),
    /// All contests of the kind that are voted in the region.
    Kind(ContestKind),
}

/// Builds the page. `None` is the whole election.
pub(crate) fn region_view(
    endpoint: &Endpoint,
    page_of: PageOf<'_>,
    region: Option<&RegionCode>,
) -> Result<RegionView, Refusal> {
    let summed = Summed::of(endpoint, page_of, region);
    let children = summed.children(endpoint, region);
    let counts = region_counts(endpoint, &summed.sums_of(), &summed.contests, region, &children)?;
    let RegionCounts { total, below, arrivals } = counts;
    let ArrivalSteps { steps, step_ms } = ArrivalSteps::of(&arrivals);
    let rows = children.into_iter().zip(&below).map(|(code, total)| summed.row(endpoint, code, total));
    Ok(RegionView {
        path: region.map(|code| path_to(endpoint, code)).unwrap_or_default(),
        kind: summed.kind,
        contest: summed.only().map(|contest| contest.id.clone()),
        kinds: kind_views(endpoint.package(), region),
        cut_districts: summed.cut_by(endpoint, region).map(contest_view).collect(),
        coverage: total.coverage_of(summed.stations(endpoint, region)),
        votes: summed.votes(endpoint, &total),
        invalid: total.invalid,
        later_rounds: summed.later_rounds(endpoint, region, &total),
        children: rows.collect(),
        arrivals: steps,
        arrivals_step_ms: step_ms,
        at_ms: endpoint.now_ms(),
    })
}

/// The contests whose figures the page adds up.
struct Summed<'a> {
    kind: ContestKind,
    contests: Vec<&'a Contest>,
}

impl<'a> Summed<'a> {
    fn of(endpoint: &'a Endpoint, page_of: PageOf<'a>, region: Option<&RegionCode>) -> Self {
        match page_of {
            PageOf::Contest(contest) => Self { kind: contest.kind, contests: vec![contest] },
            PageOf::Kind(kind) => Self { kind, contests: endpoint.package().contests_of_kind(kind, region) },
        }
    }

    /// The contest, if it is only one.
    fn only(&self) -> Option<&'a Contest> {
        match self.contests[..] {
            [contest] => Some(contest),
            _ => None,
        }
    }

    fn sums_of(&self) -> SumsOf {
        self.only().map_or(SumsOf::Kind(self.kind), |contest| SumsOf::Contest(contest.id.clone()))
    }

    /// The regions directly below in which one of the contests is voted.
    fn children(&self, endpoint: &Endpoint, region: Option<&RegionCode>) -> Vec<RegionCode> {
        let package = endpoint.package();
        let is_voted = |child: &&RegionCode| match self.only() {
            Some(contest) => contest.touches(child),
            None => !package.contests_of_kind(self.kind, Some(child)).is_empty(),
        };
        package.children(region).iter().filter(is_voted).cloned().collect()
    }

    /// Number of stations of the region that vote in one of the contests.
    fn stations(&self, endpoint: &Endpoint, region: Option<&RegionCode>) -> u32 {
        match self.only() {
            Some(contest) => endpoint.package().stations_voting(contest, region),
            None => endpoint.package().stations_of_kind(self.kind, region),
        }
    }

    fn cut_by(&self, endpoint: &Endpoint, region: Option<&RegionCode>) -> impl Iterator<Item = &'a Contest> {
        let package = endpoint.package();
        let cut = move |contest: &&Contest| region.is_some_and(|region| package.is_cut(contest, region));
        self.contests.iter().copied().filter(cut)
    }

    fn votes(&self, endpoint: &Endpoint, total: &RegionTotal) -> Vec<VoteRow> {
        let parties = &endpoint.election().parties;
        match self.only() {
            Some(contest) => votes_of(contest, parties, total),
            None => votes_of_kind(&self.contests, parties, total),
        }
    }

    fn later_rounds(
        &self,
        endpoint: &Endpoint,
        region: Option<&RegionCode>,
        total: &RegionTotal,
    ) -> LaterRounds {
        let announced = endpoint.package().later_rounds(self.sums_of(), region);
        LaterRounds { announced, counted: total.coverage.later_round }
    }

    fn row(&self, endpoint: &Endpoint, code: RegionCode, total: &RegionTotal) -> RegionRow {
        RegionRow {
            level: code.level(),
            coverage: total.coverage_of(self.stations(endpoint, Some(&code))),
            last_at_ms: total.last_at_ms,
            region: region_name(endpoint, code),
        }
    }
}

/// The regions from the provinsi down to this one.
pub(super) fn path_to(endpoint: &Endpoint, region: &RegionCode) -> Vec<RegionName> {
    region.path().into_iter().map(|code| region_name(endpoint, code)).collect()
}

fn region_name(endpoint: &Endpoint, code: RegionCode) -> RegionName {
    RegionName { name: endpoint.package().region_name(&code), code }
}
