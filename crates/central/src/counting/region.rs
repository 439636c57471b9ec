//! The sums of a region. The store has those of kecamatan and above; a desa is added up from its stations.

use std::collections::BTreeMap;

use tally::{Contest, ContestKind, RegionCode, RegionLevel, StationId};

use crate::election::package::Package;
use crate::endpoint::Endpoint;
use crate::model::count::{RegionTotal, StationCount};
use crate::model::sums_of::SumKey;
use crate::store::{MinuteArrivals, RegionCounts, StationRange, StoreError};

/// The contests that are added up.
#[derive(Debug, Clone)]
pub(crate) struct Summed<'a> {
    pub(crate) kind: ContestKind,
    /// Those of the kind that are voted in the region, or one contest.
    pub(crate) contests: Vec<&'a Contest>,
}

impl<'a> Summed<'a> {
    /// One contest.
    pub(crate) fn contest(contest: &'a Contest) -> Self {
        Self { kind: contest.kind, contests: vec![contest] }
    }

    /// All contests of a kind that are voted in a region; `None` is the whole election.
    pub(crate) fn of_kind(package: &'a Package, kind: ContestKind, region: Option<&RegionCode>) -> Self {
        Self { kind, contests: package.contests_of_kind(kind, region) }
    }

    /// The contest, if it is only one.
    pub(crate) fn only(&self) -> Option<&'a Contest> {
        match self.contests[..] {
            [contest] => Some(contest),
            _ => None,
        }
    }

    /// Where the sums in a region are stored; `None` if no contest is voted there.
    fn sum(&self, package: &Package, region: Option<&RegionCode>) -> Option<SumKey> {
        match self.only() {
            Some(contest) => Some(package.sum_of_contest(contest, region)),
            None => package.sum_of_kind(self.kind, region),
        }
    }
}

/// The sums of a region and of the regions `below`, and the region's arrivals.
pub(crate) fn region_counts(
    endpoint: &Endpoint,
    summed: &Summed<'_>,
    region: Option<&RegionCode>,
    below: &[RegionCode],
) -> Result<RegionCounts, StoreError> {
    // The store has no arrivals of a kecamatan or desa. Their stations are few.
    if region.is_some_and(|code| code.level() >= RegionLevel::Kecamatan) {
        return Ok(added_up(&station_counts(endpoint, summed, region)?, below));
    }
    let sum = |region: Option<&RegionCode>| summed.sum(endpoint.package(), region);
    let Some(own) = sum(region) else { return Ok(RegionCounts::default()) };
    let below: Vec<SumKey> = below.iter().filter_map(|code| sum(Some(code))).collect();
    let mut counts = endpoint.store().region_counts(&own, &below)?;
    if summed.only().is_none() {
        // A region below with one contest has the sums of that contest.
        counts.below.iter_mut().for_each(RegionTotal::keep_lists);
    }
    Ok(counts)
}

/// The sums of a region alone.
pub(crate) fn region_total(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
) -> Result<RegionTotal, StoreError> {
    let summed = Summed::contest(contest);
    if region.is_some_and(|code| code.level() == RegionLevel::Desa) {
        return Ok(region_counts(endpoint, &summed, region, &[])?.total);
    }
    let sum = endpoint.package().sum_of_contest(contest, region);
    Ok(endpoint.store().region_counts(&sum, &[])?.total)
}

/// The sums of all contests of a kind in the whole election.
pub(crate) fn kind_total(endpoint: &Endpoint, kind: ContestKind) -> Result<RegionTotal, StoreError> {
    let summed = Summed::of_kind(endpoint.package(), kind, None);
    Ok(region_counts(endpoint, &summed, None, &[])?.total)
}

/// The counts of the region's stations. A station votes in one contest of a kind.
fn station_counts(
    endpoint: &Endpoint,
    summed: &Summed<'_>,
    region: Option<&RegionCode>,
) -> Result<BTreeMap<StationId, StationCount>, StoreError> {
    let range = StationRange::of_region(region);
    let mut counts = BTreeMap::new();
    for contest in &summed.contests {
        counts.extend(endpoint.store().station_counts(&contest.id, &range)?);
    }
    if summed.only().is_none() {
        counts.values_mut().for_each(StationCount::keep_lists);
    }
    Ok(counts)
}

fn added_up(stations: &BTreeMap<StationId, StationCount>, below: &[RegionCode]) -> RegionCounts {
    let in_region = |region: &RegionCode| {
        let inside = stations.iter().filter(|(station, _)| region.contains(station.desa()));
        RegionTotal::of(inside.map(|(_, count)| count))
    };
    RegionCounts {
        total: RegionTotal::of(stations.values()),
        below: below.iter().map(in_region).collect(),
        arrivals: arrivals_of(stations.values()),
    }
}

fn arrivals_of<'a>(stations: impl Iterator<Item = &'a StationCount>) -> Vec<MinuteArrivals> {
    let mut minutes: BTreeMap<i64, MinuteArrivals> = BTreeMap::new();
    let mut arrived = |minute: i64, tallies: i64, photos: i64| {
        let slot = minutes.entry(minute).or_insert(MinuteArrivals { minute, ..MinuteArrivals::default() });
        slot.tallies += tallies;
        slot.photos += photos;
    };
    for count in stations {
        count.tally_minutes.iter().for_each(|&minute| arrived(minute, 1, 0));
        count.photo_minutes.iter().for_each(|&minute| arrived(minute, 0, 1));
    }
    minutes.into_values().collect()
}
