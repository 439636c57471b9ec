//! Checks that the regions and stations of a package fit together.

use std::collections::HashMap;

use super::bounds::{count, text};
use super::mistakes::Mistakes;
use crate::election::{Election, StationNumbers};
use crate::id::{RegionCode, RegionLevel, StationKind};

/// Maximum number of regions. The whole country has about 92,000.
const REGIONS_MAX: usize = 150_000;
/// Maximum number of desa with stations. The whole country has about 84,000.
const BLOCKS_MAX: usize = 150_000;

/// The index of each region in the package.
type Regions<'a> = HashMap<&'a RegionCode, usize>;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    count("regions", election.regions.len(), 1, REGIONS_MAX, "region", found);
    count("stations", election.stations.len(), 1, BLOCKS_MAX, "station", found);
    let regions = regions(election, found);
    stations(election, &regions, found);
}

fn regions<'a>(election: &'a Election, found: &mut Mistakes) -> Regions<'a> {
    let mut regions = Regions::new();
    for (index, region) in election.regions.iter().enumerate() {
        text(&format!("regions[{index}].name"), &region.name, found);
        if let Some(first) = regions.insert(&region.code, index) {
            found.add(
                format!("regions[{index}].code"),
                format!("the region {} is there twice, first at regions[{first}]; keep it once", region.code),
            );
        }
    }
    for (index, region) in election.regions.iter().enumerate() {
        if let Some(parent) = region.code.parent()
            && !regions.contains_key(&parent)
        {
            found.add(
                format!("regions[{index}].code"),
                format!("{} lies in {parent}, which is not among the regions; add {parent}", region.code),
            );
        }
    }
    regions
}

fn stations(election: &Election, regions: &Regions<'_>, found: &mut Mistakes) {
    let mut blocks: HashMap<(&RegionCode, StationKind), usize> = HashMap::new();
    for (index, block) in election.stations.iter().enumerate() {
        let path = format!("stations[{index}]");
        if block.desa.level() != RegionLevel::Desa {
            found.add(
                format!("{path}.desa"),
                format!("{} is no desa; write a code such as 52.71.01.1001", block.desa),
            );
        } else if !regions.contains_key(&block.desa) {
            found.add(
                format!("{path}.desa"),
                format!("{} is not among the regions; add it there or correct the code", block.desa),
            );
        }
        if let Some(first) = blocks.insert((&block.desa, block.kind), index) {
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
