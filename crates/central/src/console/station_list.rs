//! Lists of stations, by region, standing, flags, missing photos and search text, in three orders.
//!
//! The work for a page does not grow with the election. A filter skips every kecamatan whose sums say that no
//! station of it matches. The orders by age and by flags read an index of the store for the stations that
//! have news or faults, and go through the package for the others. Only a search text, or several conditions
//! at once, go through the whole region.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tally::{Contest, FIRST_ROUND, RegionCode, RegionLevel, StationId};

use crate::counting::region::region_total;
use crate::election::search::StationSearch;
use crate::endpoint::Endpoint;
use crate::model::count::u32_of;
use crate::model::count::{Standing, StationCount};
use crate::model::station_order::{CountFilter, StationCursor, StationOrder};
use crate::model::sums_of::SumKey;
use crate::refusal::Refusal;
use crate::store::{CountedStation, StationPage, StationRange, StoreError};
use crate::view::{StationList, StationRow};

/// Maximum number of stations on a page.
const PAGE_MAX: usize = 200;
/// A page with one station of the next page, if there is one.
const PAGE_AND_ONE: usize = PAGE_MAX + 1;
/// Number of kecamatan whose sums are read by one query.
const KECAMATAN_PER_QUERY: usize = 256;

/// Which stations to list.
#[derive(Debug)]
pub(crate) struct StationFilter {
    pub(crate) region: Option<RegionCode>,
    pub(crate) counts: CountFilter,
    pub(crate) search: StationSearch,
    pub(crate) order: StationOrder,
    /// The last station of the page before.
    pub(crate) after: Option<StationCursor>,
}

/// One page of the stations.
pub(crate) fn station_list(
    endpoint: &Endpoint,
    contest: &Contest,
    filter: &StationFilter,
) -> Result<StationList, Refusal> {
    let query = Query { endpoint, contest, filter };
    let known_total = query.known_total()?.filter(|_| query.has_index());
    let Found { mut page, total } = match known_total {
        Some(total) => Found { page: query.page()?, total },
        None => query.whole_region()?,
    };
    let more = page.len() > PAGE_MAX;
    page.truncate(PAGE_MAX);
    let next = page.last().filter(|_| more).map(|found| query.cursor(found));
    let row = |found: FoundStation| station_row(endpoint, contest, found);
    Ok(StationList { stations: page.into_iter().map(row).collect(), total, next })
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

/// A part of a page in the order of age or flags.
#[derive(Clone, Copy)]
enum Part {
    /// Stations that the store's index of the order has.
    Indexed,
    /// All others, in the order of their ids.
    Walked,
}

/// The parts of a list in this order.
fn parts_of(order: StationOrder) -> &'static [Part] {
    match order {
        StationOrder::Code => &[Part::Walked],
        // Stations without news are before all others, and those without faults after all others.
        StationOrder::Age => &[Part::Walked, Part::Indexed],
        StationOrder::Flags => &[Part::Indexed, Part::Walked],
    }
}

struct Query<'a> {
    endpoint: &'a Endpoint,
    contest: &'a Contest,
    filter: &'a StationFilter,
}

impl Query<'_> {
    fn cursor(&self, found: &FoundStation) -> StationCursor {
        StationCursor::of(self.filter.order, &found.station, found.count.as_ref())
    }

    /// The number of stations that match, where the region's sums have it.
    fn known_total(&self) -> Result<Option<u32>, StoreError> {
        if !self.filter.search.is_empty() {
            return Ok(None);
        }
        let region = self.filter.region.as_ref();
        let all = self.endpoint.package().stations_voting(self.contest, region);
        if self.filter.counts.is_empty() {
            return Ok(Some(all));
        }
        let coverage = region_total(self.endpoint, self.contest, region)?.coverage_of(all);
        Ok(self.filter.counts.number(&coverage))
    }

    /// Whether pages are read in order without reading the whole region. The store's indexes are of the whole
    /// election: a kabupaten is read faster than they are searched for it.
    fn has_index(&self) -> bool {
        let is_large = |region: &RegionCode| region.level() < RegionLevel::KabupatenKota;
        self.filter.order == StationOrder::Code || self.filter.region.as_ref().is_none_or(is_large)
    }

    fn page(&self) -> Result<Vec<FoundStation>, StoreError> {
        let mut page = Vec::new();
        for part in parts_of(self.filter.order) {
            match part {
                Part::Indexed => self.add_indexed(&mut page)?,
                Part::Walked => self.add_walked(&mut page)?,
            }
        }
        Ok(page)
    }

    fn add_indexed(&self, page: &mut Vec<FoundStation>) -> Result<(), StoreError> {
        if page.len() >= PAGE_AND_ONE {
            return Ok(());
        }
        let stations = self.endpoint.store().stations_in_order(&StationPage {
            contest: &self.contest.id,
            range: &StationRange::of_region(self.filter.region.as_ref()),
            counts: self.filter.counts,
            order: self.filter.order,
            after: self.filter.after.as_ref(),
            most: PAGE_AND_ONE - page.len(),
        })?;
        let found = |CountedStation { station, count }| FoundStation { station, count: Some(count) };
        page.extend(stations.into_iter().map(found));
        Ok(())
    }

    fn add_walked(&self, page: &mut Vec<FoundStation>) -> Result<(), StoreError> {
        let key = self.filter.order.key_of_unknown();
        let after = self.filter.after.as_ref();
        if page.len() >= PAGE_AND_ONE || after.is_some_and(|after| after.key > key) {
            return Ok(());
        }
        let after = after.filter(|after| after.key == key);
        self.walk(after.map(|after| after.station.desa()), |stations| {
            let found = self.counted(stations, true)?.into_iter().filter(|found| {
                self.cursor(found).key == key && after.is_none_or(|after| after.station < found.station)
            });
            page.extend(found.take(PAGE_AND_ONE - page.len()));
            Ok(if page.len() >= PAGE_AND_ONE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })
    }

    /// Finds all stations of the region, of which the page keeps the first after the cursor.
    fn whole_region(&self) -> Result<Found, StoreError> {
        let mut total = 0;
        let mut first: BTreeMap<StationCursor, FoundStation> = BTreeMap::new();
        let StationFilter { counts, order, after, .. } = self.filter;
        self.walk(None, |stations| {
            // In the order of ids, stations behind a full page are only numbered.
            let is_full = *order == StationOrder::Code && first.len() >= PAGE_AND_ONE;
            for found in self.counted(stations, !is_full || !counts.is_empty())? {
                total += 1;
                let cursor = self.cursor(&found);
                if after.as_ref().is_none_or(|after| *after < cursor) {
                    first.insert(cursor, found);
                }
                if first.len() > PAGE_AND_ONE {
                    first.pop_last();
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Found { page: first.into_values().collect(), total })
    }

    /// Gives the stations that the search finds, kecamatan by kecamatan, in the order of their ids, until
    /// `visit` breaks. Leaves out each kecamatan in which no station can match.
    fn walk(
        &self,
        from: Option<&RegionCode>,
        mut visit: impl FnMut(Vec<StationId>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let package = self.endpoint.package();
        let parts = package.desas_voting(self.contest, self.filter.region.as_ref());
        let rest = |desas: &'_ [RegionCode]| from.map_or(0, |from| desas.partition_point(|desa| desa < from));
        let mut kecamatans = parts
            .iter()
            .flat_map(|desas| desas[rest(desas)..].chunk_by(|one, other| one.parent() == other.parent()));
        loop {
            let some: Vec<&[RegionCode]> = kecamatans.by_ref().take(KECAMATAN_PER_QUERY).collect();
            if some.is_empty() {
                return Ok(());
            }
            for desas in self.that_may_match(some)? {
                let found = desas.iter().flat_map(|desa| self.filter.search.found_in(package, desa));
                if visit(found.collect())?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// The kecamatan, given as their desa, whose sums say that a station of them may match.
    fn that_may_match<'a>(&self, some: Vec<&'a [RegionCode]>) -> Result<Vec<&'a [RegionCode]>, StoreError> {
        if self.filter.counts.is_empty() {
            return Ok(some);
        }
        let kecamatan = |desas: &&[RegionCode]| desas.first().and_then(RegionCode::parent);
        let codes: Vec<RegionCode> = some.iter().filter_map(kecamatan).collect();
        let package = self.endpoint.package();
        let sums: Vec<SumKey> =
            codes.iter().map(|code| package.sum_of_contest(self.contest, Some(code))).collect();
        let totals = self.endpoint.store().region_totals(&sums)?;
        let may_match = some.into_iter().zip(&codes).zip(totals).filter(|((_, code), total)| {
            let stations = package.stations_voting(self.contest, Some(code));
            self.filter.counts.may_admit(&total.coverage_of(stations))
        });
        Ok(may_match.map(|((desas, _), _)| desas).collect())
    }

    /// Those of these stations that match. Without `counts_matter` their counts are not read.
    fn counted(
        &self,
        stations: Vec<StationId>,
        counts_matter: bool,
    ) -> Result<Vec<FoundStation>, StoreError> {
        let (Some(first), Some(last)) = (stations.first(), stations.last()) else { return Ok(Vec::new()) };
        let mut counts = if counts_matter {
            let range = StationRange::between(first, last);
            self.endpoint.store().station_counts(&self.contest.id, &range)?
        } else {
            BTreeMap::new()
        };
        let found =
            stations.into_iter().map(|station| FoundStation { count: counts.remove(&station), station });
        Ok(found.filter(|found| self.filter.counts.admits(found.count.as_ref())).collect())
    }
}

fn station_row(endpoint: &Endpoint, contest: &Contest, found: FoundStation) -> StationRow {
    let FoundStation { station, count } = found;
    let package = endpoint.package();
    let region_name = |code| package.region_name(&code);
    let paper = package.paper_of_kind(&contest.id, station.kind());
    StationRow {
        kind: station.kind(),
        round: count.as_ref().map_or(FIRST_ROUND, |count| count.round),
        newest_round: package.newest_round(&station, &contest.id),
        number: station.number(),
        desa: region_name(station.desa().clone()),
        kecamatan: station.desa().parent().map(region_name).unwrap_or_default(),
        standing: count.as_ref().map_or(Standing::Missing, |count| count.standing),
        conflicts: count.as_ref().map(|count| count.conflicts.clone()).unwrap_or_default(),
        witnesses: count.as_ref().map_or(0, |count| count.witnesses),
        tallies: count.as_ref().map_or(0, |count| count.tallies),
        faults: count.as_ref().map_or(0, |count| count.faults),
        pages_photographed: count.as_ref().map_or(0, |count| count.pages_photographed),
        pages: paper.map_or(0, |paper| u32_of(paper.pages().len())),
        last_at_ms: count.and_then(|count| count.last_at_ms),
        station,
    }
}
