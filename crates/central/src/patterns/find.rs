//! The rules by which patterns are found. Pure.

use std::collections::{BTreeMap, BTreeSet};

use evidence::DeviceId;
use tally::{FieldCode, Figure, Paper, Quantity, StationId};

use crate::model::count::u32_of;
use crate::store::{ArrivedPhoto, CountedTally};

/// Figures that are not zero and are the same at two stations: with fewer it is often luck.
const SAME_FIGURES_MIN: usize = 6;
/// Figures that were read in a photo, for it to be compared with other stations.
const READINGS_MIN: usize = 3;
/// Of them, those that differ from the station's own.
const READINGS_DIFFERING_MIN: usize = 2;
/// Voters below which everybody may well have come.
const VOTERS_MIN: u32 = 20;

/// Stations that have something in common, or one with something rare, and the numbers that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) stations: BTreeSet<StationId>,
    pub(super) numbers: Vec<u32>,
}

impl Finding {
    pub(super) fn of_one(station: &StationId, numbers: Vec<u32>) -> Self {
        Self { stations: BTreeSet::from([station.clone()]), numbers }
    }
}

/// The latest tally of each assigned device at each station, by station.
pub(super) fn latest(tallies: &[CountedTally]) -> Vec<&CountedTally> {
    let mut latest: BTreeMap<(&StationId, DeviceId), &CountedTally> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| tally.assigned) {
        let place = latest.entry((&tally.station, tally.device)).or_insert(tally);
        if (tally.round, tally.sequence) > (place.round, place.sequence) {
            *place = tally;
        }
    }
    latest.into_values().collect()
}

fn number(figure: Option<i64>) -> Option<u32> {
    Figure::from_wire(figure?)?.number()
}

/// Stations that have all figures in common.
pub(super) fn same_figures(latest: &[&CountedTally]) -> Vec<Finding> {
    let mut by_figures: BTreeMap<&[Option<i64>], BTreeSet<StationId>> = BTreeMap::new();
    for tally in latest {
        let telling = tally.figures.iter().filter_map(|figure| number(*figure)).filter(|figure| *figure > 0);
        if telling.count() >= SAME_FIGURES_MIN {
            by_figures.entry(&tally.figures).or_default().insert(tally.station.clone());
        }
    }
    let several = by_figures.into_iter().filter(|(_, stations)| stations.len() > 1);
    several
        .map(|(figures, stations)| Finding {
            stations,
            numbers: vec![u32_of(figures.iter().filter_map(|figure| number(*figure)).count())],
        })
        .collect()
}

/// Devices that sent tallies of several stations.
pub(super) fn one_device(tallies: &[CountedTally]) -> Vec<Finding> {
    let mut by_device: BTreeMap<DeviceId, BTreeSet<StationId>> = BTreeMap::new();
    for tally in tallies {
        by_device.entry(tally.device).or_default().insert(tally.station.clone());
    }
    let several = by_device.into_values().filter(|stations| stations.len() > 1);
    several.map(|stations| Finding { numbers: vec![u32_of(stations.len())], stations }).collect()
}

/// Stations with as many users from the list of voters as there are on it, or more.
pub(super) fn full_turnout(latest: &[&CountedTally], paper: &Paper) -> Vec<Finding> {
    let place = |counts: Quantity| paper.whole(counts).and_then(|field| paper.position(&field.code));
    let Some((voters, users)) = place(Quantity::VotersDpt).zip(place(Quantity::UsersDpt)) else {
        return Vec::new();
    };
    let at = |tally: &CountedTally, place: usize| number(tally.figures.get(place).copied().flatten());
    let found = latest.iter().filter_map(|tally| {
        let (voters, users) = at(tally, voters).zip(at(tally, users))?;
        (voters >= VOTERS_MIN && users >= voters)
            .then(|| Finding::of_one(&tally.station, vec![users, voters]))
    });
    // Two witnesses of a station are one finding.
    let mut found: Vec<Finding> = found.collect();
    found.dedup_by(|one, other| one.stations == other.stations);
    found
}

/// Photos in which something else was read than their station's figures, and what another station of the desa
/// has.
pub(super) fn page_of_another(
    latest: &[&CountedTally],
    tallies: &[CountedTally],
    photos: &[ArrivedPhoto],
    paper: &Paper,
) -> Vec<Finding> {
    let own: BTreeMap<(&StationId, DeviceId, u64), &CountedTally> =
        tallies.iter().map(|tally| ((&tally.station, tally.device, tally.sequence), tally)).collect();
    let mut found = Vec::new();
    for photo in photos.iter().filter(|photo| photo.readings.len() >= READINGS_MIN) {
        let Some(own) = own.get(&(&photo.station, photo.device, photo.sequence)) else { continue };
        if photo.readings.len() - matching(own, photo, paper) < READINGS_DIFFERING_MIN {
            continue;
        }
        let neighbours = latest
            .iter()
            .filter(|tally| tally.station != photo.station && tally.station.desa() == photo.station.desa());
        let same = neighbours.filter(|tally| matching(tally, photo, paper) == photo.readings.len());
        let mut stations: BTreeSet<StationId> = same.map(|tally| tally.station.clone()).collect();
        if !stations.is_empty() {
            stations.insert(photo.station.clone());
            found.push(Finding { stations, numbers: vec![u32_of(photo.readings.len())] });
        }
    }
    found
}

/// Number of figures of a photo that a tally has too.
fn matching(tally: &CountedTally, photo: &ArrivedPhoto, paper: &Paper) -> usize {
    let has = |(field, read): &&(String, u32)| {
        let place = field.parse::<FieldCode>().ok().and_then(|field| paper.position(&field));
        place.and_then(|place| number(tally.figures.get(place).copied().flatten())) == Some(*read)
    };
    photo.readings.iter().filter(has).count()
}
