//! The election package: one versioned JSON file with contests, candidates, parties, regions, stations and
//! forms.

mod index;
mod readiness;
mod round;
mod slice;
mod stations;

pub use self::readiness::Readiness;
pub use self::round::{FIRST_ROUND, ROUND_MAX, Round, RoundKind};
pub use self::stations::{StationNumbers, StationNumbersError};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::index::Index;
use crate::contest::{Contest, Party};
use crate::form::{Form, builtin_forms};
use crate::id::{ContestId, ElectionId, FormId, RegionCode, StationId, StationKind};
use crate::paper::{Paper, PaperRules};
use crate::text::Localized;

/// The present format of election packages.
pub const FORMAT: &str = "saksi-election/2";
/// The formats that this version reads. Format 1 has presidential contests without districts.
pub const FORMATS_READ: [&str; 2] = ["saksi-election/1", FORMAT];

/// The reserve of ballots in a general election: 2 % of the DPT (UU 7/2017, article 344).
pub const RESERVE_PERMILLE: u16 = 20;

/// An election package. Only `Election::from_json` builds one, so every value is consistent.
///
/// The first lookup by code builds an index. Do not change `contests`, `regions` or `stations`
/// afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "An election package of Saksi: everything that an election brings and the app does not know."
)]
pub struct Election {
    /// `saksi-election/2`, or `saksi-election/1` for a package of one presidential contest.
    #[schemars(regex(pattern = r"^saksi-election/[12]$"))]
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
    /// Legal maximum of voters at stations of other kinds. A kind that is not named has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub voters_max_by_kind: BTreeMap<StationKind, u32>,
    /// The reserve of ballots, in thousandths of the DPT: 20 in a general election, 25 in a Pilkada.
    #[serde(default = "general_reserve", skip_serializing_if = "is_general_reserve")]
    #[schemars(range(max = 200))]
    pub reserve_permille: u16,
    /// When a person has practised enough.
    #[serde(default, skip_serializing_if = "Readiness::is_usual")]
    pub readiness: Readiness,
    /// The parties. Empty if no candidate belongs to one.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// The contests.
    #[schemars(length(min = 1, max = 4000))]
    pub contests: Vec<Contest>,
    /// Votes and counts after the first: repeated, continued, postponed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// Forms in addition to the built-in ones. A form with the same id replaces the built-in one.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// Every region with a station, and all regions above it.
    pub regions: Vec<Region>,
    /// The stations, by desa.
    pub stations: Vec<StationBlock>,
    #[serde(skip)]
    pub(crate) index: Index,
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
    /// The kind of these stations.
    #[serde(default, skip_serializing_if = "is_tps")]
    pub kind: StationKind,
    /// Numbers and ranges, ascending: `"1-26,901"`.
    #[schemars(regex(pattern = r"^[0-9]{1,3}(-[0-9]{1,3})?(, *[0-9]{1,3}(-[0-9]{1,3})?)*$"))]
    pub numbers: String,
}

fn general_reserve() -> u16 {
    RESERVE_PERMILLE
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_general_reserve(permille: &u16) -> bool {
    *permille == RESERVE_PERMILLE
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_tps(kind: &StationKind) -> bool {
    *kind == StationKind::Tps
}

impl Election {
    /// The contest with this id.
    pub fn contest(&self, id: &ContestId) -> Option<&Contest> {
        self.index(|index| index.contests.get(id).copied()).and_then(|index| self.contests.get(index))
    }

    /// The contests that are voted in the whole of `region`, in the package's order.
    pub fn contests_in<'a>(&'a self, region: &RegionCode) -> impl Iterator<Item = &'a Contest> + use<'a> {
        let mut positions: Vec<usize> = self.index(|index| {
            let districts = region.path().into_iter().filter_map(|code| index.districts.get(&code));
            index.everywhere.iter().chain(districts.flatten()).copied().collect()
        });
        positions.sort_unstable();
        positions.dedup();
        positions.into_iter().filter_map(|index| self.contests.get(index))
    }

    /// The contests of a station, in the package's order.
    pub fn contests_at<'a>(&'a self, station: &StationId) -> impl Iterator<Item = &'a Contest> + use<'a> {
        self.contests_in(station.desa())
    }

    /// Whether the station exists and votes in this contest.
    pub fn is_voted_at(&self, contest: &ContestId, station: &StationId) -> bool {
        self.has_station(station)
            && self.contest(contest).is_some_and(|contest| contest.covers(station.desa()))
    }

    /// The form with this id: the package's own, else the built-in one.
    pub fn form(&self, id: &FormId) -> Option<&Form> {
        let own = self.forms.iter().find(|form| form.id == *id);
        own.or_else(|| builtin_forms().iter().find(|form| form.id == *id))
    }

    /// The contest's form at a TPS, with all its fields.
    pub fn paper(&self, contest: &ContestId) -> Option<Paper> {
        self.paper_of_kind(contest, StationKind::Tps)
    }

    /// The contest's form at a station of this kind, with all its fields.
    pub fn paper_of_kind(&self, contest: &ContestId, kind: StationKind) -> Option<Paper> {
        let contest = self.contest(contest)?;
        let form = self.form(contest.forms_by_kind.get(&kind).unwrap_or(&contest.form))?;
        Paper::new(form, contest, &self.parties, self.paper_rules(kind)).ok()
    }

    /// The legal numbers of a station of this kind.
    pub(crate) fn paper_rules(&self, kind: StationKind) -> PaperRules {
        let voters_max = match kind {
            StationKind::Tps => Some(self.station_voters_max),
            other => self.voters_max_by_kind.get(&other).copied(),
        };
        PaperRules { voters_max, reserve_permille: self.reserve_permille }
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

    /// The stations of one desa, by kind and number.
    pub fn stations_of(&self, desa: &RegionCode) -> impl Iterator<Item = StationId> {
        let blocks = self.index(|index| index.stations.get_key_value(desa));
        let blocks =
            blocks.into_iter().flat_map(|(desa, blocks)| blocks.iter().map(move |block| (desa, block)));
        blocks.flat_map(|(desa, (kind, numbers))| {
            numbers.iter().filter_map(|number| StationId::of_kind(desa.clone(), *kind, number).ok())
        })
    }

    /// Number of stations of one desa.
    pub fn station_count_of(&self, desa: &RegionCode) -> u32 {
        let blocks = self.index(|index| index.stations.get(desa));
        blocks.map_or(0, |blocks| blocks.iter().map(|(_, numbers)| numbers.count()).sum())
    }

    /// Number of stations in the package.
    pub fn station_count(&self) -> u32 {
        self.index(|index| index.station_count)
    }

    /// Whether the package has this station.
    pub fn has_station(&self, station: &StationId) -> bool {
        self.index(|index| index.stations.get(station.desa())).is_some_and(|blocks| {
            blocks.iter().any(|(kind, numbers)| *kind == station.kind() && numbers.contains(station.number()))
        })
    }

    /// The names of the regions that contain `station`: its desa first, its provinsi last.
    pub fn names_from_desa_up(&self, station: &StationId) -> Vec<&str> {
        let upwards = std::iter::successors(Some(station.desa().clone()), RegionCode::parent);
        upwards.filter_map(|code| self.region(&code)).map(|region| region.name.as_str()).collect()
    }

    fn index<'a, T>(&'a self, query: impl FnOnce(&'a index::Lookup) -> T) -> T {
        query(self.index.of(self))
    }
}
