//! Contests by name, for navigation.

use tally::{Contest, RegionCode};

use crate::election::package::Package;
use crate::model::count::u32_of;
use crate::view::{ContestView, KindView};

/// Maximum number of contests of a kind that are listed.
const LISTED_MAX: usize = 50;

pub(crate) fn contest_view(contest: &Contest) -> ContestView {
    ContestView {
        contest: contest.id.clone(),
        kind: contest.kind,
        title: contest.title.clone(),
        short_title: contest.short_title.clone(),
    }
}

/// The contests that are voted in a region or in a part of it, by kind. `None` is the whole election.
pub(crate) fn kind_views(package: &Package, region: Option<&RegionCode>) -> Vec<KindView> {
    let kinds = package.contests_by_kind(region).into_iter();
    kinds
        .map(|(kind, contests)| KindView {
            kind,
            count: u32_of(contests.len()),
            contests: match contests.len() {
                0..=LISTED_MAX => contests.into_iter().map(contest_view).collect(),
                _ => Vec::new(),
            },
        })
        .collect()
}
