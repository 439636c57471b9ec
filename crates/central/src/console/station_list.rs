//! Lists of stations, by region, standing and search text.

use std::collections::BTreeMap;

use tally::{ContestId, Paper, RegionCode, StationId};

use crate::counting::region::region_total;
use crate::counting::station::u32_of;
use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::model::count::{Coverage, Standing, StationCount};
use crate::refusal::Refusal;
use crate::store::{StationRange, StoreError};
use crate::view::{StationList, StationRow};

/// Maximum number of stations on a page.
const PAGE_MAX: usize = 200;
/// Number of desa whose counts are read by one query.
const DESA_PER_QUERY: usize = 64;

/// Which stations to list.
#[derive(Debug)]
pub(crate) struct StationFilter {
    pub(crate) region: Option<RegionCode>,
    pub(crate) standing: Option<Standing>,
    pub(crate) search: StationSearch,
    /// The last station of the page before.
    pub(crate) after: Option<StationId>,
}

/// One page of the stations, in the order of their ids.
pub(crate) fn station_list(
    endpoint: &Endpoint,
    paper: &Paper,
    filter: &StationFilter,
) -> Result<StationList, Refusal> {
    let contest = &paper.contest().id;
    let Found { mut page, total } = match filter.standing {
        // The store has an index by standing. It has no rows of stations of which nothing is known.
        Some(standing) if filter.search.is_empty() && standing != Standing::Missing => {
            by_standing(endpoint, contest, filter, standing)?
        }
        _ => by_walk(endpoint, contest, filter)?,
    };
    let more = page.len() > PAGE_MAX;
    page.truncate(PAGE_MAX);
    let row = |found: FoundStation| station_row(endpoint, paper, found);
    let stations: Vec<StationRow> = page.into_iter().map(row).collect();
    let next = stations.last().filter(|_| more).map(|row| row.station.clone());
    Ok(StationList { stations, total, next })
}

struct FoundStation {
    station: StationId,
    /// `None` before anything is known of it.
    count: Option<StationCount>,
}

/// A page, with one station of the next page if there is one, and the number of all stations that match.
struct Found {
    page: Vec<FoundStation>,
    total: u32,
}

/// Finds stations by their standing alone.
fn by_standing(
    endpoint: &Endpoint,
    contest: &ContestId,
    filter: &StationFilter,
    standing: Standing,
) -> Result<Found, StoreError> {
    let region = StationRange::of_region(filter.region.as_ref());
    let range = match &filter.after {
        Some(station) => region.after(station),
        None => region,
    };
    let found = endpoint.store().stations_by_standing(contest, standing, &range, PAGE_MAX + 1)?;
    let page = found.into_iter().map(|(station, count)| FoundStation { station, count: Some(count) });
    let coverage = region_total(endpoint, contest, filter.region.as_ref())?.coverage;
    Ok(Found { page: page.collect(), total: stations_of(&coverage, standing) })
}

fn stations_of(coverage: &Coverage, standing: Standing) -> u32 {
    match standing {
        Standing::Verified => coverage.verified,
        Standing::Corroborated => coverage.corroborated,
        Standing::Provisional => coverage.provisional,
        Standing::Conflicting => coverage.conflicting,
        Standing::Missing => coverage.missing,
    }
}

/// Finds stations by going through the package, desa by desa.
fn by_walk(endpoint: &Endpoint, contest: &ContestId, filter: &StationFilter) -> Result<Found, StoreError> {
    // Without a search text the sums have the total, so that the walk begins and ends with the page.
    let known_total = known_total(endpoint, contest, filter)?;
    let desas = endpoint.package().desas_in(filter.region.as_ref());
    let before_page = match (known_total, &filter.after) {
        (Some(_), Some(after)) => desas.partition_point(|desa| desa < after.desa()),
        _ => 0,
    };
    let mut found = Found { page: Vec::new(), total: 0 };
    for some in desas[before_page..].chunks(DESA_PER_QUERY) {
        walk_desas(endpoint, contest, filter, some, &mut found)?;
        if known_total.is_some() && found.page.len() > PAGE_MAX {
            break;
        }
    }
    found.total = known_total.unwrap_or(found.total);
    Ok(found)
}

fn known_total(
    endpoint: &Endpoint,
    contest: &ContestId,
    filter: &StationFilter,
) -> Result<Option<u32>, StoreError> {
    if !filter.search.is_empty() {
        return Ok(None);
    }
    let region = filter.region.as_ref();
    let all = endpoint.package().stations_in(region);
    match filter.standing {
        None => Ok(Some(all)),
        Some(standing) => {
            let coverage = region_total(endpoint, contest, region)?.coverage_of(all);
            Ok(Some(stations_of(&coverage, standing)))
        }
    }
}

fn walk_desas(
    endpoint: &Endpoint,
    contest: &ContestId,
    filter: &StationFilter,
    desas: &[RegionCode],
    found: &mut Found,
) -> Result<(), StoreError> {
    let named = desas.iter().flat_map(|desa| filter.search.found_in(endpoint.package(), desa));
    let stations: Vec<StationId> = named.collect();
    let (Some(first), Some(last)) = (stations.first(), stations.last()) else { return Ok(()) };
    // Behind a full page stations are only numbered, for which the counts matter to a filter by standing only.
    let counts_matter = filter.standing.is_some() || found.page.len() <= PAGE_MAX;
    let mut counts = if counts_matter {
        endpoint.store().station_counts(contest, &StationRange::between(first, last))?
    } else {
        BTreeMap::new()
    };
    for station in stations {
        let count = counts.remove(&station);
        let actual = count.as_ref().map_or(Standing::Missing, |count| count.standing);
        if filter.standing.is_some_and(|standing| standing != actual) {
            continue;
        }
        found.total += 1;
        if found.page.len() <= PAGE_MAX && filter.after.as_ref().is_none_or(|after| *after < station) {
            found.page.push(FoundStation { station, count });
        }
    }
    Ok(())
}

fn station_row(endpoint: &Endpoint, paper: &Paper, found: FoundStation) -> StationRow {
    let FoundStation { station, count } = found;
    let region_name = |code| endpoint.package().region_name(&code);
    StationRow {
        number: station.number(),
        desa: region_name(station.desa().clone()),
        kecamatan: station.desa().parent().map(region_name).unwrap_or_default(),
        standing: count.as_ref().map_or(Standing::Missing, |count| count.standing),
        witnesses: count.as_ref().map_or(0, |count| count.witnesses),
        tallies: count.as_ref().map_or(0, |count| count.tallies),
        faults: count.as_ref().map_or(0, |count| count.faults),
        pages_photographed: count.as_ref().map_or(0, |count| count.pages_photographed),
        pages: u32_of(paper.form().pages.len()),
        last_at_ms: count.and_then(|count| count.last_at_ms),
        station,
    }
}
