//! Readiness: by region, how many witnesses have practised and passed, and the stations that are not ready.

use tally::{RegionCode, RegionLevel, StationId};

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{RegionTraining, StationRange};
use crate::view::{ReadinessRow, ReadinessView, UnreadyStationView, UnreadyStations};

/// Maximum number of stations in a list.
const STATIONS_MAX: usize = 200;

impl Endpoint {
    /// How far the witnesses of a region have practised; `None` is the whole election. `reach` is the
    /// region of the user.
    pub(crate) fn readiness_view(
        &self,
        region: Option<&RegionCode>,
        reach: Option<&RegionCode>,
    ) -> Result<ReadinessView, Refusal> {
        let below = level_below(region);
        let children: &[RegionCode] = if below.is_some() { self.package().children(region) } else { &[] };
        let sums = self.store().training_by_region(&StationRange::of_region(region), below)?;
        let of = |name: &str| sums.get(name).copied().unwrap_or_default();
        let mut rows: Vec<ReadinessRow> =
            children.iter().map(|code| self.readiness_row(Some(code), of(code.as_str()))).collect();
        rows.sort_by_key(|row| {
            std::cmp::Reverse((row.unready, row.stations - row.staffed.min(row.stations)))
        });
        let mut path = self.package().named_path(region);
        path.retain(|step| reach.is_none_or(|own| own.contains(&step.code)));
        Ok(ReadinessView {
            path,
            total: self.readiness_row(region, of("")),
            rows,
            threshold: self.election().readiness,
        })
    }

    fn readiness_row(&self, code: Option<&RegionCode>, sums: RegionTraining) -> ReadinessRow {
        ReadinessRow {
            name: code.map(|code| self.package().region_name(code)).unwrap_or_default(),
            code: code.cloned(),
            stations: self.package().stations_in(code),
            staffed: sums.stations,
            unready: sums.stations_unready,
            witnesses: sums.witnesses,
            trained: sums.trained,
            ready: sums.ready,
            last_at_ms: sums.last_at_ms,
            median_seconds: sums.median_seconds,
        }
    }

    /// The stations of a region of whose witnesses nobody is ready.
    pub(crate) fn unready_stations(
        &self,
        region: Option<&RegionCode>,
        after: Option<&StationId>,
    ) -> Result<UnreadyStations, Refusal> {
        let range = StationRange::of_region(region);
        let mut found = self.store().unready_stations(&range, after, STATIONS_MAX + 1)?;
        let more = found.len() > STATIONS_MAX;
        found.truncate(STATIONS_MAX);
        let name = |station: &StationId, level| {
            let path = station.desa().path();
            let code = path.iter().find(|code| code.level() == level);
            code.map(|code| self.package().region_name(code)).unwrap_or_default()
        };
        let stations: Vec<UnreadyStationView> = found
            .into_iter()
            .map(|one| UnreadyStationView {
                desa_name: name(&one.station, RegionLevel::Desa),
                kecamatan_name: name(&one.station, RegionLevel::Kecamatan),
                witnesses: one.witnesses,
                trained: one.trained,
                last_at_ms: one.last_at_ms,
                station: one.station,
            })
            .collect();
        let next = stations.last().filter(|_| more).map(|last| last.station.clone());
        Ok(UnreadyStations { stations, next })
    }
}

/// The level of the regions directly below; none below a desa.
fn level_below(region: Option<&RegionCode>) -> Option<RegionLevel> {
    match region.map(RegionCode::level) {
        None => Some(RegionLevel::Provinsi),
        Some(RegionLevel::Provinsi) => Some(RegionLevel::KabupatenKota),
        Some(RegionLevel::KabupatenKota) => Some(RegionLevel::Kecamatan),
        Some(RegionLevel::Kecamatan) => Some(RegionLevel::Desa),
        Some(RegionLevel::Desa) => None,
    }
}
