//! Adds up what counts: coverage and votes by region, and how each station stands.

use std::collections::{BTreeMap, BTreeSet};

use tally::{ContestId, Figures, Paper, Quantity, RegionCode, StationId};

use crate::count::{Received, Which, which_counts};
use crate::endpoint::Inner;
use crate::store::{ArrivedPhoto, CountedTally, StoreError};
use crate::view::{
    Arrivals, CandidateVotes, Coverage, RegionName, RegionRow, RegionView, Standing, StationRow, Votes,
};

/// Most steps in a list of arrivals.
const ARRIVAL_STEPS_MAX: i64 = 96;
const MINUTE_MS: i64 = 60_000;
/// Lengths of a step of arrivals, in minutes; beyond the last it doubles.
const ARRIVAL_STEPS_MIN: [i64; 9] = [1, 5, 10, 15, 30, 60, 180, 360, 1_440];

/// How one station stands in one contest.
#[derive(Debug, Clone)]
pub(crate) struct StationCount {
    pub(crate) standing: Standing,
    /// The figures that count.
    counted: Option<Figures>,
    pub(crate) faults: u32,
    pub(crate) witnesses: u32,
    pub(crate) tallies: u32,
    pub(crate) pages_photographed: u32,
    pub(crate) last_at_ms: Option<i64>,
}

/// One contest in one region, counted.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) stations: BTreeMap<StationId, StationCount>,
    pages: u32,
    tallies_at_ms: Vec<i64>,
    photos_at_ms: Vec<i64>,
}

/// Counts a contest over the stations of `region`; `None` for all.
pub(crate) fn count(
    endpoint: &Inner,
    contest: &ContestId,
    paper: &Paper,
    region: Option<&RegionCode>,
) -> Result<Counted, StoreError> {
    let tallies = by_station(endpoint.store.tallies(contest, region)?, |tally| &tally.station);
    let photos = by_station(endpoint.store.arrived_photos(contest, region)?, |photo| &photo.station);
    let witnesses: BTreeMap<StationId, u32> =
        endpoint.store.witnesses(contest, region)?.into_iter().collect();

    let all = endpoint.package.election.stations();
    let stations = all.filter(|station| region.is_none_or(|region| region.contains(station.desa())));
    let stations = stations
        .map(|station| {
            let counted = count_station(
                paper,
                tallies.get(&station).map_or(&[][..], Vec::as_slice),
                photos.get(&station).map_or(&[][..], Vec::as_slice),
                witnesses.get(&station).copied().unwrap_or(0),
            );
            (station, counted)
        })
        .collect();
    Ok(Counted {
        stations,
        pages: page_count(paper),
        tallies_at_ms: tallies.values().flatten().map(|tally| tally.received_at_ms).collect(),
        photos_at_ms: photos.values().flatten().map(|photo| photo.arrived_at_ms).collect(),
    })
}

fn by_station<T>(list: Vec<T>, station: impl Fn(&T) -> &StationId) -> BTreeMap<StationId, Vec<T>> {
    let mut stations: BTreeMap<StationId, Vec<T>> = BTreeMap::new();
    for item in list {
        stations.entry(station(&item).clone()).or_default().push(item);
    }
    stations
}

fn count_station(
    paper: &Paper,
    tallies: &[CountedTally],
    photos: &[ArrivedPhoto],
    witnesses: u32,
) -> StationCount {
    let received: Vec<Received<'_>> = tallies
        .iter()
        .map(|tally| Received {
            device: tally.device,
            sequence: tally.sequence,
            assigned: tally.assigned,
            verdict: tally.verdict,
            figures: &tally.figures,
        })
        .collect();
    let which = which_counts(&received);
    let counting = match which {
        Which::Counts { place, .. } => tallies.get(place),
        Which::Missing | Which::Conflicting => None,
    };
    let pages: BTreeSet<u8> = paper.form().pages.iter().map(|page| page.number).collect();
    let photographed: BTreeSet<u8> = photos.iter().map(|photo| photo.page).collect();
    let tally_times = tallies.iter().map(|tally| tally.received_at_ms);
    let photo_times = photos.iter().map(|photo| photo.arrived_at_ms);
    StationCount {
        standing: which.standing(),
        counted: counting.and_then(|tally| paper.from_wire(&tally.figures)),
        faults: counting.or(tallies.last()).map_or(0, |tally| tally.faults),
        witnesses,
        tallies: number(tallies.len()),
        pages_photographed: number(photographed.intersection(&pages).count()),
        last_at_ms: tally_times.chain(photo_times).max(),
    }
}

pub(crate) fn page_count(paper: &Paper) -> u32 {
    number(paper.form().pages.len())
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Coverage {
    fn add(&mut self, station: &StationCount, pages: u32) {
        self.stations += 1;
        let (slot, counts) = match station.standing {
            Standing::Verified => (&mut self.verified, true),
            Standing::Corroborated => (&mut self.corroborated, true),
            Standing::Provisional => (&mut self.provisional, true),
            Standing::Conflicting => (&mut self.conflicting, false),
            Standing::Missing => (&mut self.missing, false),
        };
        *slot += 1;
        self.flagged += u32::from(counts && station.faults > 0);
        self.photographed += u32::from(pages > 0 && station.pages_photographed >= pages);
    }
}

impl Votes {
    fn add(&mut self, standing: Standing, votes: u32) {
        let slot = match standing {
            Standing::Verified => &mut self.verified,
            Standing::Corroborated => &mut self.corroborated,
            Standing::Provisional => &mut self.provisional,
            Standing::Conflicting | Standing::Missing => return,
        };
        *slot += u64::from(votes);
    }
}

/// The page of a region, or of the whole election.
pub(crate) fn region_view(
    endpoint: &Inner,
    paper: &Paper,
    region: Option<&RegionCode>,
    counted: &Counted,
) -> RegionView {
    let mut coverage = Coverage::default();
    let mut candidates: BTreeMap<u16, Votes> = BTreeMap::new();
    let mut invalid = Votes::default();
    let mut below: BTreeMap<RegionCode, (Coverage, Option<i64>)> = BTreeMap::new();
    let child_depth = region.map_or(0, |code| code.path().len());

    for (station, count) in &counted.stations {
        coverage.add(count, counted.pages);
        if let Some(child) = station.desa().path().into_iter().nth(child_depth) {
            let (coverage, last_at_ms) = below.entry(child).or_default();
            coverage.add(count, counted.pages);
            *last_at_ms = count.last_at_ms.max(*last_at_ms);
        }
        let Some(figures) = &count.counted else { continue };
        for field in paper.fields() {
            let Some(votes) = figures.number(&field.code) else { continue };
            match (field.counts, field.candidate) {
                (Quantity::CandidateVotes, Some(candidate)) => {
                    candidates.entry(candidate).or_default().add(count.standing, votes);
                }
                (Quantity::InvalidVotes, _) => invalid.add(count.standing, votes),
                _ => {}
            }
        }
    }

    let contest = paper.contest();
    let name = |code: RegionCode| RegionName { name: endpoint.region_name(&code), code };
    let (arrivals, arrivals_step_ms) = arrivals(&counted.tallies_at_ms, &counted.photos_at_ms);
    RegionView {
        path: region.map(RegionCode::path).unwrap_or_default().into_iter().map(name).collect(),
        contest: contest.id.clone(),
        coverage,
        candidates: contest
            .candidates
            .iter()
            .map(|candidate| CandidateVotes {
                number: candidate.number,
                names: candidate.names.clone(),
                votes: candidates.get(&candidate.number).copied().unwrap_or_default(),
            })
            .collect(),
        invalid,
        children: below
            .into_iter()
            .map(|(code, (coverage, last_at_ms))| RegionRow { region: name(code), coverage, last_at_ms })
            .collect(),
        arrivals,
        arrivals_step_ms,
        at_ms: endpoint.outside.now_ms(),
    }
}

/// One line of the list of stations.
pub(crate) fn station_row(
    endpoint: &Inner,
    paper: &Paper,
    station: &StationId,
    count: &StationCount,
) -> StationRow {
    let kecamatan = station.desa().parent();
    StationRow {
        station: station.clone(),
        desa: endpoint.region_name(station.desa()),
        kecamatan: kecamatan.map(|code| endpoint.region_name(&code)).unwrap_or_default(),
        standing: count.standing,
        witnesses: count.witnesses,
        tallies: count.tallies,
        faults: count.faults,
        pages_photographed: count.pages_photographed,
        pages: page_count(paper),
        last_at_ms: count.last_at_ms,
    }
}

/// Arrivals in equal steps from the first to the last, and how long a step is: the shortest of which a screen can
/// show all.
fn arrivals(tallies_at_ms: &[i64], photos_at_ms: &[i64]) -> (Vec<Arrivals>, i64) {
    let times = || tallies_at_ms.iter().chain(photos_at_ms).copied();
    let (Some(first), Some(last)) = (times().min(), times().max()) else {
        return (Vec::new(), MINUTE_MS);
    };
    let begin_of = |at_ms: i64, step_ms: i64| at_ms.div_euclid(step_ms) * step_ms;
    let steps_of = |step_ms: i64| (begin_of(last, step_ms) - begin_of(first, step_ms)) / step_ms + 1;
    let mut listed = ARRIVAL_STEPS_MIN.iter().map(|minutes| minutes * MINUTE_MS);
    let longest = ARRIVAL_STEPS_MIN.last().copied().unwrap_or(1) * MINUTE_MS;
    let mut step_ms = listed.find(|&step_ms| steps_of(step_ms) <= ARRIVAL_STEPS_MAX).unwrap_or(longest);
    while steps_of(step_ms) > ARRIVAL_STEPS_MAX {
        step_ms = step_ms.saturating_mul(2);
    }
    let from_ms = begin_of(first, step_ms);
    let mut steps: Vec<Arrivals> = (0..steps_of(step_ms))
        .map(|step| Arrivals { from_ms: from_ms + step * step_ms, tallies: 0, photos: 0 })
        .collect();
    let place = |at_ms: i64| usize::try_from((at_ms - from_ms) / step_ms).unwrap_or(usize::MAX);
    for &at_ms in tallies_at_ms {
        if let Some(step) = steps.get_mut(place(at_ms)) {
            step.tallies += 1;
        }
    }
    for &at_ms in photos_at_ms {
        if let Some(step) = steps.get_mut(place(at_ms)) {
            step.photos += 1;
        }
    }
    (steps, step_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_arrivals_make_no_steps() {
        assert_eq!(arrivals(&[], &[]), (Vec::new(), MINUTE_MS));
    }

    #[test]
    fn every_arrival_is_in_one_step_and_the_steps_are_never_too_many() {
        for span_ms in [0, MINUTE_MS, 95 * MINUTE_MS, 97 * MINUTE_MS, 400 * 24 * 60 * MINUTE_MS] {
            let (steps, step_ms) = arrivals(&[1_000, 1_000 + span_ms], &[1_000 + span_ms / 2]);
            assert!(i64::try_from(steps.len()).unwrap() <= ARRIVAL_STEPS_MAX, "{} steps", steps.len());
            assert_eq!(steps.iter().map(|step| step.tallies).sum::<u32>(), 2);
            assert_eq!(steps.iter().map(|step| step.photos).sum::<u32>(), 1);
            assert!(steps.windows(2).all(|two| two[1].from_ms - two[0].from_ms == step_ms));
        }
    }
}
