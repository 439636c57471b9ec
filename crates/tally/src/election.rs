//! The election package: one versioned JSON file that brings everything the code does not know.

mod index;
mod slice;
mod stations;

pub use self::stations::{StationNumbers, StationNumbersError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::index::Index;
use crate::form::{Form, Paper};
use crate::id::{CandidateNumber, ContestId, ElectionId, FormId, RegionCode, StationId};
use crate::text::Localized;

/// The only format of election packages that this version reads.
pub const FORMAT: &str = "saksi-election/1";

/// An election package. Built by [`Election::from_json`] only, so that one in hand is always consistent.
///
/// What is looked up by code is indexed on first use: never change `regions` or `stations` of one in hand.
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
    /// Grows by one with every change of the package.
    pub version: u32,
    /// Its name for people.
    pub title: Localized,
    /// The day of voting, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub date: String,
    /// Whether this is practice. A drill never meets the real count.
    #[serde(default)]
    pub drill: bool,
    /// The most voters that the law allows at one TPS.
    pub station_voters_max: u32,
    /// The parties; none where candidates stand alone.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// The contests.
    #[schemars(length(min = 1, max = 40))]
    pub contests: Vec<Contest>,
    /// Forms beside the ones that every copy of the app has; one with the same id stands in for the app's own.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// Every region from provinsi to desa that has a station, with all regions above it.
    pub regions: Vec<Region>,
    /// The stations, by desa.
    pub stations: Vec<StationBlock>,
    #[serde(skip)]
    index: Index,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its number on the ballot.
    pub number: u16,
    /// Its name.
    pub name: String,
}

/// One race.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// The contest.
    pub id: ContestId,
    /// Its full name.
    pub title: Localized,
    /// Its name where there is little room, for instance "Pilpres".
    pub short_title: Localized,
    /// The form on which its result is written.
    pub form: FormId,
    /// The candidates or pairs, in the ballot's order.
    #[schemars(length(min = 1, max = 100))]
    pub candidates: Vec<Candidate>,
}

/// A candidate, or a pair that stands together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The number on the ballot, from 1.
    #[schemars(range(min = 1))]
    pub number: CandidateNumber,
    /// One name, or two of a pair.
    #[schemars(length(min = 1, max = 2))]
    pub names: Vec<String>,
    /// The party, where the contest is one of parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<u16>,
}

impl Candidate {
    /// The names in one line.
    pub fn label(&self) -> Localized {
        Localized::new(self.names.join(" – "), self.names.join(" – "))
    }
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

    /// The form with this id: the package's own, else the app's.
    pub fn form(&self, id: &FormId) -> Option<&Form> {
        let own = self.forms.iter().find(|form| form.id == *id);
        own.or_else(|| crate::load::builtin_forms().iter().find(|form| form.id == *id))
    }

    /// The contest's form with every field spelled out.
    pub fn paper(&self, contest: &ContestId) -> Option<Paper> {
        let contest = self.contest(contest)?;
        let form = self.form(&contest.form)?;
        Paper::new(form.clone(), contest.clone(), self.station_voters_max).ok()
    }

    /// The region with this code.
    pub fn region(&self, code: &RegionCode) -> Option<&Region> {
        self.index(|index| index.regions.get(code).copied()).and_then(|place| self.regions.get(place))
    }

    /// The regions directly below `code`, in the package's order; those without a region above them for `None`.
    pub fn children(&self, code: Option<&RegionCode>) -> impl Iterator<Item = &Region> {
        let places = self.index(|index| match code {
            Some(code) => index.children.get(code).map_or(&[][..], Vec::as_slice),
            None => &index.roots,
        });
        places.iter().filter_map(|&place| self.regions.get(place))
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

    /// How many stations the package has.
    pub fn station_count(&self) -> u32 {
        self.index(|index| index.station_count)
    }

    /// Whether the package has this station.
    pub fn has_station(&self, station: &StationId) -> bool {
        self.index(|index| index.stations.get(station.desa()))
            .is_some_and(|numbers| numbers.contains(station.number()))
    }

    /// The names of the regions in which `station` lies, its desa first, its provinsi last.
    pub fn names_from_desa_up(&self, station: &StationId) -> Vec<&str> {
        let upwards = std::iter::successors(Some(station.desa().clone()), RegionCode::parent);
        upwards.filter_map(|code| self.region(&code)).map(|region| region.name.as_str()).collect()
    }

    fn index<'a, T>(&'a self, ask: impl FnOnce(&'a index::Lookup) -> T) -> T {
        ask(self.index.of(&self.regions, &self.stations))
    }
}
