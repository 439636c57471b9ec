//! Whether regions and stations of a package fit together.

use std::collections::HashMap;

use super::contests::{count, text};
use super::mistakes::Mistakes;
use crate::election::{Election, StationNumbers};
use crate::id::{RegionCode, RegionLevel};

/// The whole country has about 92,000.
const REGIONS_MAX: usize = 150_000;
/// The whole country has about 84,000 desa.
const BLOCKS_MAX: usize = 150_000;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    count("regions", election.regions.len(), 1, REGIONS_MAX, "region", found);
    count("stations", election.stations.len(), 1, BLOCKS_MAX, "station", found);
    let mut places: HashMap<&RegionCode, usize> = HashMap::new();
    for (place, region) in election.regions.iter().enumerate() {
        text(&format!("regions[{place}].name"), &region.name, found);
        if let Some(first) = places.insert(&region.code, place) {
            found.add(
                format!("regions[{place}].code"),
                format!("the region {} is there twice, first at regions[{first}]; keep it once", region.code),
            );
        }
    }
    for (place, region) in election.regions.iter().enumerate() {
        if let Some(parent) = region.code.parent()
            && !places.contains_key(&parent)
        {
            found.add(
                format!("regions[{place}].code"),
                format!("{} lies in {parent}, which is not among the regions; add {parent}", region.code),
            );
        }
    }
    let mut blocks: HashMap<&RegionCode, usize> = HashMap::new();
    for (place, block) in election.stations.iter().enumerate() {
        let path = format!("stations[{place}]");
        if block.desa.level() != RegionLevel::Desa {
            found.add(
                format!("{path}.desa"),
                format!("{} is no desa; write a code such as 52.71.01.1001", block.desa),
            );
        } else if !places.contains_key(&block.desa) {
            found.add(
                format!("{path}.desa"),
                format!("{} is not among the regions; add it there or correct the code", block.desa),
            );
        }
        if let Some(first) = blocks.insert(&block.desa, place) {
            found.add(
                format!("{path}.desa"),
                format!(
                    "the stations of {} are listed twice, first at stations[{first}]; put them in one list",
                    block.desa
                ),
            );
        }
        if let Err(error) = block.numbers.parse::<StationNumbers>() {
            found.add(format!("{path}.numbers"), error.to_string());
        }
    }
}
