//! The page of a region, or of the whole election.

use tally::{Contest, ContestKind, RegionCode};

use super::arrivals::ArrivalSteps;
use super::contests::{contest_view, kind_views};
use super::votes::{votes_of, votes_of_kind};
use crate::counting::region::{Summed, region_counts};
use crate::endpoint::Endpoint;
use crate::model::count::RegionTotal;
use crate::model::sums_of::SumsOf;
use crate::refusal::Refusal;
use crate::store::RegionCounts;
use crate::view::{LaterRounds, RegionRow, RegionView, VoteRow};

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
    let summed = match page_of {
        PageOf::Contest(contest) => Summed::contest(contest),
        PageOf::Kind(kind) => Summed::of_kind(endpoint.package(), kind, region),
    };
    let page = Page { endpoint, summed };
    let children = page.children(region);
    let counts = region_counts(endpoint, &page.summed, region, &children)?;
    let RegionCounts { total, below, arrivals } = counts;
    let ArrivalSteps { steps, step_ms } = ArrivalSteps::of(&arrivals);
    let rows = children.into_iter().zip(&below).map(|(code, total)| page.row(code, total));
    Ok(RegionView {
        path: endpoint.package().named_path(region),
        kind: page.summed.kind,
        contest: page.summed.only().map(|contest| contest.id.clone()),
        kinds: kind_views(endpoint.package(), region),
        cut_districts: page.cut_by(region).map(contest_view).collect(),
        coverage: total.coverage_of(page.stations(region)),
        votes: page.votes(&total),
        invalid: total.invalid,
        later_rounds: page.later_rounds(region, &total),
        children: rows.collect(),
        arrivals: steps,
        arrivals_step_ms: step_ms,
        at_ms: endpoint.now_ms(),
    })
}

/// The page of some contests.
struct Page<'a> {
    endpoint: &'a Endpoint,
    summed: Summed<'a>,
}

impl<'a> Page<'a> {
    /// The regions directly below in which one of the contests is voted.
    fn children(&self, region: Option<&RegionCode>) -> Vec<RegionCode> {
        let package = self.endpoint.package();
        let is_voted = |child: &&RegionCode| match self.summed.only() {
            Some(contest) => contest.touches(child),
            None => !package.contests_of_kind(self.summed.kind, Some(child)).is_empty(),
        };
        package.children(region).iter().filter(is_voted).cloned().collect()
    }

    /// Number of stations of the region that vote in one of the contests.
    fn stations(&self, region: Option<&RegionCode>) -> u32 {
        match self.summed.only() {
            Some(contest) => self.endpoint.package().stations_voting(contest, region),
            None => self.endpoint.package().stations_of_kind(self.summed.kind, region),
        }
    }

    fn cut_by(&self, region: Option<&RegionCode>) -> impl Iterator<Item = &'a Contest> {
        let package = self.endpoint.package();
        let cut = move |contest: &&Contest| region.is_some_and(|region| package.is_cut(contest, region));
        self.summed.contests.iter().copied().filter(cut)
    }

    fn votes(&self, total: &RegionTotal) -> Vec<VoteRow> {
        let parties = &self.endpoint.election().parties;
        match self.summed.only() {
            Some(contest) => votes_of(contest, parties, total),
            None => votes_of_kind(&self.summed.contests, parties, total),
        }
    }

    fn later_rounds(&self, region: Option<&RegionCode>, total: &RegionTotal) -> LaterRounds {
        let sums_of = match self.summed.only() {
            Some(contest) => SumsOf::Contest(contest.id.clone()),
            None => SumsOf::Kind(self.summed.kind),
        };
        let announced = self.endpoint.package().later_rounds(sums_of, region);
        LaterRounds { announced, counted: total.coverage.later_round }
    }

    fn row(&self, code: RegionCode, total: &RegionTotal) -> RegionRow {
        RegionRow {
            level: code.level(),
            coverage: total.coverage_of(self.stations(Some(&code))),
            last_at_ms: total.last_at_ms,
            region: self.endpoint.package().named(code),
        }
    }
}
