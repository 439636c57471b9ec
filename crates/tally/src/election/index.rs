//! Index of the regions and stations of a package, by code.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::election::{Region, StationBlock, StationNumbers};
use crate::id::RegionCode;

/// A [`Lookup`] that is built on first use. It is not part of the package, so it does not take part in
/// comparisons.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(OnceLock<Lookup>);

/// Positions in the lists of the package.
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
        for (position, region) in regions.iter().enumerate() {
            lookup.regions.insert(region.code.clone(), position);
            match region.code.parent() {
                Some(parent) => lookup.children.entry(parent).or_default().push(position),
                None => lookup.roots.push(position),
            }
        }
        for block in blocks {
            // The loader has checked the package. In a package that code built by hand, an unreadable block
            // has no stations.
            if let Ok(numbers) = block.numbers.parse::<StationNumbers>() {
                lookup.station_count += numbers.count();
                lookup.stations.insert(block.desa.clone(), numbers);
            }
        }
        lookup
    }
}
