//! The election package: one versioned JSON file with contests, candidates, parties, regions, stations and
//! forms.

mod index;
mod slice;
mod stations;

pub use self::stations::{StationNumbers, StationNumbersError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::index::Index;
use crate::contest::{Contest, Party};
use crate::form::{Form, builtin_forms};
use crate::id::{ContestId, ElectionId, FormId, RegionCode, StationId};
use crate::paper::Paper;
use crate::text::Localized;

/// The format of election packages that this version reads.
pub const FORMAT: &str = "saksi-election/1";

/// An election package. Only `Election::from_json` builds one, so every value is consistent.
///
/// The first lookup by code builds an index. Do not change `regions` or `stations` afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "An election package of Saksi: everything that an election brings and the app does not know."
)]
pub struct Election {
    /// Always `saksi-election/1`.
    #[schemars(regex(pattern = r"^saksi-election/1$"))]
    pub format: String,
    /// The election.
    pub id: ElectionId,
    /// Version of the package. Each change increments it.
    pub version: u32,
    /// Its name for people.
    pub title: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub date: String,
    /// Whether this is practice. A drill never meets the real count.
    #[serde(default)]
    pub drill: bool,
    /// Legal maximum of voters at one TPS.
    pub station_voters_max: u32,
    /// The parties. Empty if no candidate belongs to one.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// The contests.
    #[schemars(length(min = 1, max = 40))]
    pub contests: Vec<Contest>,
    /// Forms in addition to the built-in ones. A form with the same id replaces the built-in one.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// Every region with a station, and all regions above it.
    pub regions: Vec<Region>,
    /// The stations, by desa.
    pub stations: Vec<StationBlock>,
    #[serde(skip)]
    index: Index,
}

/// A node of the wilayah tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its Kemendagri code.
    pub code: RegionCode,
    /// Its name as people write it, for instance "Kota Mataram".
    pub name: String,
}

/// The stations of one desa.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StationBlock {
    /// The desa or kelurahan.
    pub desa: RegionCode,
    /// Numbers and ranges, ascending: `"1-26,901"`.
    #[schemars(regex(pattern = r"^[0-9]{1,3}(-[0-9]{1,3})?(, *[0-9]{1,3}(-[0-9]{1,3})?)*$"))]
    pub numbers: String,
}

impl Election {
    /// The contest with this id.
    pub fn contest(&self, id: &ContestId) -> Option<&Contest> {
        self.contests.iter().find(|contest| contest.id == *id)
    }

    /// The form with this id: the package's own, else the built-in one.
    pub fn form(&self, id: &FormId) -> Option<&Form> {
        let own = self.forms.iter().find(|form| form.id == *id);
        own.or_else(|| builtin_forms().iter().find(|form| form.id == *id))
    }

    /// The contest's form with all its fields.
    pub fn paper(&self, contest: &ContestId) -> Option<Paper> {
        let contest = self.contest(contest)?;
        let form = self.form(&contest.form)?;
        Paper::new(form.clone(), contest.clone(), self.station_voters_max).ok()
    }

    /// The region with this code.
    pub fn region(&self, code: &RegionCode) -> Option<&Region> {
        self.index(|index| index.regions.get(code).copied()).and_then(|index| self.regions.get(index))
    }

    /// The regions directly below `code`, in the package's order. The top regions for `None`.
    pub fn children(&self, code: Option<&RegionCode>) -> impl Iterator<Item = &Region> {
        let positions = self.index(|index| match code {
            Some(code) => index.children.get(code).map_or(&[][..], Vec::as_slice),
            None => &index.roots,
        });
        positions.iter().filter_map(|&index| self.regions.get(index))
    }

    /// All stations in the package's order.
    pub fn stations(&self) -> impl Iterator<Item = StationId> {
        let blocks = self.stations.iter().map(|block| &block.desa);
        blocks.flat_map(|desa| self.stations_of(desa))
    }

    /// The stations of one desa, ascending.
    pub fn stations_of(&self, desa: &RegionCode) -> impl Iterator<Item = StationId> {
        let block = self.index(|index| index.stations.get_key_value(desa));
        block.into_iter().flat_map(|(desa, numbers)| {
            numbers.iter().filter_map(|number| StationId::new(desa.clone(), number).ok())
        })
    }

    /// Number of stations in the package.
    pub fn station_count(&self) -> u32 {
        self.index(|index| index.station_count)
    }

    /// Whether the package has this station.
    pub fn has_station(&self, station: &StationId) -> bool {
        self.index(|index| index.stations.get(station.desa()))
            .is_some_and(|numbers| numbers.contains(station.number()))
    }

    /// The names of the regions that contain `station`: its desa first, its provinsi last.
    pub fn names_from_desa_up(&self, station: &StationId) -> Vec<&str> {
        let upwards = std::iter::successors(Some(station.desa().clone()), RegionCode::parent);
        upwards.filter_map(|code| self.region(&code)).map(|region| region.name.as_str()).collect()
    }

    fn index<'a, T>(&'a self, query: impl FnOnce(&'a index::Lookup) -> T) -> T {
        query(self.index.of(&self.regions, &self.stations))
    }
}
