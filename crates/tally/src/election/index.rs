//! Finds regions and stations of a package by code, however many there are.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::election::{Region, StationBlock, StationNumbers};
use crate::id::RegionCode;

/// A [`Lookup`] that is made when it is first asked, and no part of what the package says.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(OnceLock<Lookup>);

/// Where things stand in the package.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookup {
    pub(super) regions: HashMap<RegionCode, usize>,
    pub(super) children: HashMap<RegionCode, Vec<usize>>,
    pub(super) roots: Vec<usize>,
    pub(super) stations: HashMap<RegionCode, StationNumbers>,
    pub(super) station_count: u32,
}

impl Index {
    pub(super) fn of(&self, regions: &[Region], stations: &[StationBlock]) -> &Lookup {
        self.0.get_or_init(|| Lookup::new(regions, stations))
    }
}

impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Index {}

impl Lookup {
    fn new(regions: &[Region], blocks: &[StationBlock]) -> Self {
        let mut lookup = Self::default();
        for (place, region) in regions.iter().enumerate() {
            lookup.regions.insert(region.code.clone(), place);
            match region.code.parent() {
                Some(parent) => lookup.children.entry(parent).or_default().push(place),
                None => lookup.roots.push(place),
            }
        }
        for block in blocks {
            // A package that was read has been checked; a block that cannot be understood has no stations.
            if let Ok(numbers) = block.numbers.parse::<StationNumbers>() {
                lookup.station_count += numbers.count();
                lookup.stations.insert(block.desa.clone(), numbers);
            }
        }
        lookup
    }
}
