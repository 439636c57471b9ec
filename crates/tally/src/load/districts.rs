//! Checks where the contests of a package are voted. Every look-up is by region code, so that the package of
//! the whole country, with 2,750 districts, takes no longer than its length.

use std::collections::{HashMap, HashSet};

use super::mistakes::Mistakes;
use crate::contest::{Contest, ContestKind};
use crate::election::{Election, FORMAT};
use crate::id::RegionCode;

/// Maximum number of regions that a district names.
const DISTRICT_REGIONS_MAX: usize = 2_000;

pub(super) fn examine(election: &Election, found: &mut Mistakes) {
    if election.format != FORMAT {
        return;
    }
    let known: HashSet<&RegionCode> = election.regions.iter().map(|region| &region.code).collect();
    let mut districts = Districts::default();
    for (index, contest) in election.contests.iter().enumerate() {
        let path = format!("contests[{index}]");
        one_district(contest, &format!("{path}.district"), &known, found);
        districts.add(contest, &path, found);
    }
    for (index, contest) in election.contests.iter().enumerate() {
        districts.apart(contest, &format!("contests[{index}].district"), found);
    }
    districts.reach_all_stations(election, found);
}

/// The regions of one district exist, each once.
fn one_district(contest: &Contest, path: &str, known: &HashSet<&RegionCode>, found: &mut Mistakes) {
    let parts = &contest.district;
    super::bounds::count(path, parts.len(), 0, DISTRICT_REGIONS_MAX, "region", found);
    let mut own: HashSet<&RegionCode> = HashSet::new();
    for (index, region) in parts.iter().enumerate() {
        if !known.contains(region) {
            found.add(
                format!("{path}[{index}]"),
                format!("{region} is not among the regions; add it there or correct the code"),
            );
        }
        if !own.insert(region) {
            found.add(format!("{path}[{index}]"), format!("{region} is there twice; keep it once"));
        }
    }
    for (index, region) in parts.iter().enumerate() {
        if let Some(around) = above(region).find(|above| own.contains(above)) {
            let reason = format!("{region} lies in {around}, which is there too; keep one of them");
            found.add(format!("{path}[{index}]"), reason);
        }
    }
}

/// The regions above `region`, without itself.
fn above(region: &RegionCode) -> impl Iterator<Item = RegionCode> + use<> {
    std::iter::successors(region.parent(), RegionCode::parent)
}

/// The first contest of each kind everywhere and in each region.
#[derive(Default)]
struct Districts<'a> {
    everywhere: HashMap<ContestKind, &'a Contest>,
    regions: HashMap<&'a RegionCode, Vec<&'a Contest>>,
}

impl<'a> Districts<'a> {
    fn add(&mut self, contest: &'a Contest, path: &str, found: &mut Mistakes) {
        let twice = |other: &Contest| {
            format!(
                "the contest {:?} is of the kind {:?} and voted there too; a station has one contest of each kind",
                other.id.as_str(),
                other.kind.word()
            )
        };
        if contest.district.is_empty()
            && let Some(other) = self.everywhere.insert(contest.kind, contest)
        {
            found.add(format!("{path}.kind"), twice(other));
        }
        for (index, region) in contest.district.iter().enumerate() {
            let here = self.regions.entry(region).or_default();
            let other = here.iter().find(|other| other.kind == contest.kind && other.id != contest.id);
            if let Some(other) = other {
                found.add(format!("{path}.district[{index}]"), twice(other));
            }
            here.push(contest);
        }
    }

    /// No contest of the same kind is voted around a part of this district.
    fn apart(&self, contest: &Contest, path: &str, found: &mut Mistakes) {
        if contest.district.is_empty() {
            return;
        }
        if let Some(other) = self.everywhere.get(&contest.kind) {
            let reason = format!(
                "the contest {:?} is of the same kind and voted everywhere; give it a district too",
                other.id.as_str()
            );
            found.add(path, reason);
        }
        for (index, region) in contest.district.iter().enumerate() {
            let around = above(region).find_map(|above| {
                let there = self.regions.get(&above)?;
                let other = there.iter().find(|other| other.kind == contest.kind && other.id != contest.id);
                other.map(|other| (above, *other))
            });
            if let Some((around, other)) = around {
                let reason = format!(
                    "{region} lies in {around}, where the contest {:?} of the same kind is voted; a station has one \
                     contest of each kind",
                    other.id.as_str()
                );
                found.add(format!("{path}[{index}]"), reason);
            }
        }
    }

    fn reach_all_stations(&self, election: &Election, found: &mut Mistakes) {
        if !self.everywhere.is_empty() {
            return;
        }
        for (index, block) in election.stations.iter().enumerate() {
            let mut around = std::iter::successors(Some(block.desa.clone()), RegionCode::parent);
            if !around.any(|region| self.regions.contains_key(&region)) {
                let reason = format!(
                    "no contest is voted in {}; add it to the district of one, or remove its stations",
                    block.desa
                );
                found.add(format!("stations[{index}].desa"), reason);
            }
        }
    }
}
