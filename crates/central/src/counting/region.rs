//! The sums of a region. The store has those of kecamatan and above; a desa is added up from its stations.

use std::collections::BTreeMap;

use tally::{Contest, ContestKind, RegionCode, RegionLevel, StationId};

use crate::endpoint::Endpoint;
use crate::model::count::{RegionTotal, StationCount};
use crate::model::sums_of::SumsOf;
use crate::store::{MinuteArrivals, RegionCounts, StationRange, StoreError};

/// The sums of a region and of the regions `below`, and the region's arrivals. `contests` are those that the
/// sums are of, as far as they are voted in the region.
pub(crate) fn region_counts(
    endpoint: &Endpoint,
    sums_of: &SumsOf,
    contests: &[&Contest],
    region: Option<&RegionCode>,
    below: &[RegionCode],
) -> Result<RegionCounts, StoreError> {
    // The store has no arrivals of a kecamatan or desa. Their stations are few.
    if region.is_some_and(|code| code.level() >= RegionLevel::Kecamatan) {
        return Ok(added_up(&station_counts(endpoint, sums_of, contests, region)?, below));
    }
    endpoint.store().region_counts(sums_of, region, below)
}

/// The sums of a region alone.
pub(crate) fn region_total(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
) -> Result<RegionTotal, StoreError> {
    let sums_of = SumsOf::Contest(contest.id.clone());
    if region.is_some_and(|code| code.level() == RegionLevel::Desa) {
        return Ok(region_counts(endpoint, &sums_of, &[contest], region, &[])?.total);
    }
    Ok(endpoint.store().region_counts(&sums_of, region, &[])?.total)
}

/// The sums of all contests of a kind in the whole election.
pub(crate) fn kind_total(endpoint: &Endpoint, kind: ContestKind) -> Result<RegionTotal, StoreError> {
    match endpoint.package().contests_of_kind(kind, None)[..] {
        // Its own sums are those of the kind.
        [contest] => region_total(endpoint, contest, None),
        _ => Ok(endpoint.store().region_counts(&SumsOf::Kind(kind), None, &[])?.total),
    }
}

/// The counts of the region's stations. A station votes in one contest of a kind.
fn station_counts(
    endpoint: &Endpoint,
    sums_of: &SumsOf,
    contests: &[&Contest],
    region: Option<&RegionCode>,
) -> Result<BTreeMap<StationId, StationCount>, StoreError> {
    let range = StationRange::of_region(region);
    let mut counts = BTreeMap::new();
    for contest in contests {
        counts.extend(endpoint.store().station_counts(&contest.id, &range)?);
    }
    if let SumsOf::Kind(_) = sums_of {
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
