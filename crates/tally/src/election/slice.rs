//! Cuts a package to a few stations, so that a phone downloads kilobytes instead of megabytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::election::{Election, StationBlock, StationNumbers};
use crate::id::{RegionCode, StationId};

impl Election {
    /// This package with only `stations`, their regions, and every form that a contest uses. Unknown stations
    /// are left out. The result does not depend on the built-in forms of the app that reads it.
    pub fn slice(&self, stations: &[StationId]) -> Self {
        let mut numbers: BTreeMap<&RegionCode, Vec<u16>> = BTreeMap::new();
        for station in stations.iter().filter(|station| self.has_station(station)) {
            numbers.entry(station.desa()).or_default().push(station.number());
        }
        let mut regions: BTreeSet<RegionCode> = BTreeSet::new();
        for desa in numbers.keys() {
            regions.extend(desa.path());
        }
        let mut forms = Vec::new();
        for id in self.contests.iter().map(|contest| &contest.form) {
            if let Some(form) = self.form(id)
                && !forms.contains(form)
            {
                forms.push(form.clone());
            }
        }
        let blocks = self.stations.iter().filter_map(|block| {
            let numbers = StationNumbers::collect(numbers.get(&block.desa)?.iter().copied());
            Some(StationBlock { desa: block.desa.clone(), numbers: numbers.to_string() })
        });
        Self {
            format: self.format.clone(),
            id: self.id.clone(),
            version: self.version,
            title: self.title.clone(),
            date: self.date.clone(),
            drill: self.drill,
            station_voters_max: self.station_voters_max,
            parties: self.parties.clone(),
            contests: self.contests.clone(),
            forms,
            regions: self.regions.iter().filter(|region| regions.contains(&region.code)).cloned().collect(),
            stations: blocks.collect(),
            index: Default::default(),
        }
    }
}
