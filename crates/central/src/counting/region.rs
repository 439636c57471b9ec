//! The sums of a region. The store has those of kecamatan and above; a desa is added up from its stations.

use std::collections::BTreeMap;

use tally::{ContestId, RegionCode, RegionLevel, StationId};

use crate::endpoint::Endpoint;
use crate::model::count::{RegionTotal, StationCount};
use crate::store::{MinuteArrivals, RegionCounts, StationRange, StoreError};

/// The sums of a region and of the regions `below`, and the region's arrivals.
pub(crate) fn region_counts(
    endpoint: &Endpoint,
    contest: &ContestId,
    region: Option<&RegionCode>,
    below: &[RegionCode],
) -> Result<RegionCounts, StoreError> {
    // The store has no arrivals of a kecamatan or desa. Their stations are few.
    if region.is_some_and(|code| code.level() >= RegionLevel::Kecamatan) {
        let stations = endpoint.store().station_counts(contest, &StationRange::of_region(region))?;
        return Ok(added_up(&stations, below));
    }
    endpoint.store().region_counts(contest, region, below)
}

/// The sums of a region alone.
pub(crate) fn region_total(
    endpoint: &Endpoint,
    contest: &ContestId,
    region: Option<&RegionCode>,
) -> Result<RegionTotal, StoreError> {
    if region.is_some_and(|code| code.level() == RegionLevel::Desa) {
        return Ok(region_counts(endpoint, contest, region, &[])?.total);
    }
    Ok(endpoint.store().region_counts(contest, region, &[])?.total)
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
