//! How a station's count is made, how counts add up, and the pages that show them.
//!
//! The counts themselves are kept in the store and follow the statements a moment later: [`Endpoint::settle_counts`] is
//! their only writer, [`Inner::rebuild`] makes all of them anew.

use std::collections::{BTreeMap, BTreeSet};

use tally::{ContestId, Figures, Paper, Quantity, RegionCode, RegionLevel, StationId};

use crate::counting::rebuild::RebuildError;
use crate::counting::which::{Received, Which, which_counts};
use crate::endpoint::{Endpoint, Inner};
use crate::model::count::{RegionTotal, StationCount};
use crate::refusal::Refusal;
use crate::store::{
    ArrivedPhoto, CountedTally, MinuteArrivals, RecountScope, RegionCounts, StationRange, StoreError,
};
use crate::view::{
    Arrivals, CandidateVotes, RegionName, RegionRow, RegionView, Standing, StationList, StationRow,
};

/// Most steps in a list of arrivals.
const ARRIVAL_STEPS_MAX: i64 = 96;
const MINUTE_MS: i64 = 60_000;
/// Lengths of a step of arrivals, in minutes; beyond the last it doubles.
const ARRIVAL_STEPS_MIN: [i64; 9] = [1, 5, 10, 15, 30, 60, 180, 360, 1_440];

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
    let figures: Option<Figures> = counting.and_then(|tally| paper.from_wire(&tally.figures));
    let mut votes = BTreeMap::new();
    let mut invalid = 0;
    for field in paper.fields() {
        let Some(number) = figures.as_ref().and_then(|figures| figures.number(&field.code)) else { continue };
        match (field.counts, field.candidate) {
            (Quantity::CandidateVotes, Some(candidate)) => *votes.entry(candidate).or_default() += number,
            (Quantity::InvalidVotes, _) => invalid += number,
            _ => {}
        }
    }
    let pages: BTreeSet<u8> = paper.form().pages.iter().map(|page| page.number).collect();
    let photographed: BTreeSet<u8> = photos.iter().map(|photo| photo.page).collect();
    let tally_times = tallies.iter().map(|tally| tally.received_at_ms);
    let photo_times = photos.iter().map(|photo| photo.arrived_at_ms);
    let minutes = |times: &mut dyn Iterator<Item = i64>| {
        let mut minutes: Vec<i64> = times.map(|at_ms| at_ms.div_euclid(MINUTE_MS)).collect();
        minutes.sort_unstable();
        minutes
    };
    StationCount {
        standing: which.standing(),
        votes,
        invalid,
        faults: counting.or(tallies.last()).map_or(0, |tally| tally.faults),
        witnesses,
        tallies: number(tallies.len()),
        pages_photographed: number(photographed.intersection(&pages).count()),
        pages: number(pages.len()),
        last_at_ms: tally_times.clone().chain(photo_times.clone()).max(),
        tally_minutes: minutes(&mut tally_times.clone()),
        photo_minutes: minutes(&mut photo_times.clone()),
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Endpoint {
    /// Lets the counts follow what was taken in, until nothing waits any more. Gives how many changes were settled.
    pub fn settle_counts(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        loop {
            let settled_now = self.store.settle_counts(&|contest, tallies, photos, witnesses| {
                self.count_of(contest, tallies, photos, witnesses)
            })?;
            settled += settled_now.changes;
            if !settled_now.more {
                return Ok(settled);
            }
        }
    }
}

impl Inner {
    fn count_of(
        &self,
        contest: &ContestId,
        tallies: &[CountedTally],
        photos: &[ArrivedPhoto],
        witnesses: u32,
    ) -> Option<StationCount> {
        Some(count_station(self.package.paper(contest)?, tallies, photos, witnesses))
    }

    /// Makes what counting reads and all counts anew, all or nothing. Gives from how many statements.
    pub fn rebuild(&self) -> Result<u64, RebuildError> {
        let contests: Vec<ContestId> =
            self.package.election.contests.iter().map(|contest| contest.id.clone()).collect();
        let parts = self.package.at_level(RegionLevel::KabupatenKota);
        self.store.rebuild(
            |unread| self.read_again(unread),
            RecountScope { contests: &contests, parts: &parts },
            &|contest, tallies, photos, witnesses| self.count_of(contest, tallies, photos, witnesses),
        )
    }
}

/// The page of a region, or of the whole election.
pub(crate) fn region_view(
    endpoint: &Inner,
    paper: &Paper,
    region: Option<&RegionCode>,
) -> Result<RegionView, StoreError> {
    let contest = paper.contest();
    let children = endpoint.package.children(region);
    let is_small = region.is_some_and(|code| code.level() >= RegionLevel::Kecamatan);
    let RegionCounts { total, below, arrivals: minutes } = if is_small {
        small_region(endpoint, &contest.id, region, children)?
    } else {
        endpoint.store.region_counts(&contest.id, region, children)?
    };
    let name = |code: RegionCode| RegionName { name: endpoint.region_name(&code), code };
    let (arrivals, arrivals_step_ms) = arrivals(&minutes);
    Ok(RegionView {
        path: region.map(RegionCode::path).unwrap_or_default().into_iter().map(name).collect(),
        contest: contest.id.clone(),
        coverage: total.coverage_of(endpoint.package.stations_in(region)),
        candidates: contest
            .candidates
            .iter()
            .map(|candidate| CandidateVotes {
                number: candidate.number,
                names: candidate.names.clone(),
                votes: total.votes.get(&candidate.number).copied().unwrap_or_default(),
            })
            .collect(),
        invalid: total.invalid,
        children: children
            .iter()
            .zip(below)
            .map(|(code, below)| RegionRow {
                coverage: below.coverage_of(endpoint.package.stations_in(Some(code))),
                last_at_ms: below.last_at_ms,
                region: name(code.clone()),
            })
            .collect(),
        arrivals,
        arrivals_step_ms,
        at_ms: endpoint.outside.now_ms(),
    })
}

/// Of a kecamatan or desa nothing is kept but its stations, which are few.
fn small_region(
    endpoint: &Inner,
    contest: &ContestId,
    region: Option<&RegionCode>,
    children: &[RegionCode],
) -> Result<RegionCounts, StoreError> {
    let stations = endpoint.store.station_counts(contest, &StationRange::of_region(region))?;
    let mut minutes: BTreeMap<i64, MinuteArrivals> = BTreeMap::new();
    let mut arrived = |minute: i64, tallies: i64, photos: i64| {
        let slot = minutes.entry(minute).or_insert(MinuteArrivals { minute, ..MinuteArrivals::default() });
        slot.tallies += tallies;
        slot.photos += photos;
    };
    for count in stations.values() {
        count.tally_minutes.iter().for_each(|&minute| arrived(minute, 1, 0));
        count.photo_minutes.iter().for_each(|&minute| arrived(minute, 0, 1));
    }
    let in_child = |child: &RegionCode| {
        RegionTotal::of(stations.iter().filter(|(at, _)| child.contains(at.desa())).map(|(_, count)| count))
    };
    Ok(RegionCounts {
        total: RegionTotal::of(stations.values()),
        below: children.iter().map(in_child).collect(),
        arrivals: minutes.into_values().collect(),
    })
}

/// Which stations are listed.
pub(crate) struct StationsAsked<'a> {
    pub(crate) region: Option<&'a RegionCode>,
    pub(crate) standing: Option<Standing>,
    /// A text in lower case that a station's id or the names of its desa and kecamatan hold; may be empty.
    pub(crate) search: &'a str,
    pub(crate) after: Option<&'a StationId>,
}

/// At most `most` of the stations asked for, in the order of their ids.
pub(crate) fn station_list(
    endpoint: &Inner,
    paper: &Paper,
    asked: &StationsAsked<'_>,
    most: usize,
) -> Result<StationList, Refusal> {
    let contest = &paper.contest().id;
    let (found, total) = match asked.standing {
        Some(standing) if asked.search.is_empty() && standing != Standing::Missing => {
            standing_so(endpoint, contest, asked, standing, most + 1)?
        }
        _ => walk(endpoint, contest, asked, most + 1)?,
    };
    let more = found.len() > most;
    let stations: Vec<StationRow> = found
        .into_iter()
        .take(most)
        .map(|(station, count)| station_row(endpoint, paper, station, count.as_ref()))
        .collect();
    let next = stations.last().filter(|_| more).map(|row| row.station.clone());
    Ok(StationList { stations, total, next })
}

type Found = (Vec<(StationId, Option<StationCount>)>, u32);

/// Stations that the store finds by how they stand.
fn standing_so(
    endpoint: &Inner,
    contest: &ContestId,
    asked: &StationsAsked<'_>,
    standing: Standing,
    most: usize,
) -> Result<Found, StoreError> {
    let region = StationRange::of_region(asked.region);
    let range = match asked.after {
        Some(station) => region.after(station),
        None => region,
    };
    let found = endpoint.store.stations_by_standing(contest, standing, &range, most)?;
    let coverage = region_total(endpoint, contest, asked.region)?.coverage;
    let total = match standing {
        Standing::Verified => coverage.verified,
        Standing::Corroborated => coverage.corroborated,
        Standing::Provisional => coverage.provisional,
        Standing::Conflicting => coverage.conflicting,
        Standing::Missing => 0,
    };
    Ok((found.into_iter().map(|(station, count)| (station, Some(count))).collect(), total))
}

fn region_total(
    endpoint: &Inner,
    contest: &ContestId,
    region: Option<&RegionCode>,
) -> Result<RegionTotal, StoreError> {
    if region.is_some_and(|code| code.level() == RegionLevel::Desa) {
        return Ok(small_region(endpoint, contest, region, &[])?.total);
    }
    Ok(endpoint.store.region_counts(contest, region, &[])?.total)
}

/// Stations that are found by going through the package's, desa by desa.
fn walk(
    endpoint: &Inner,
    contest: &ContestId,
    asked: &StationsAsked<'_>,
    most: usize,
) -> Result<Found, StoreError> {
    /// Desa whose counts are read at once.
    const AT_ONCE: usize = 64;
    let (mut found, mut total) = (Vec::new(), 0_u32);
    // Without a search the sums know how many there are, and nothing behind the page needs to be looked at.
    let known_total = match (asked.search.is_empty(), asked.standing) {
        (true, None) => Some(endpoint.package.stations_in(asked.region)),
        (true, Some(_)) => {
            let all = endpoint.package.stations_in(asked.region);
            Some(region_total(endpoint, contest, asked.region)?.coverage_of(all).missing)
        }
        (false, _) => None,
    };
    let desas = endpoint.package.desas_in(asked.region);
    let skipped = match (known_total, asked.after) {
        (Some(_), Some(after)) => desas.partition_point(|desa| desa < after.desa()),
        _ => 0,
    };
    for some in desas[skipped..].chunks(AT_ONCE) {
        let matching: Vec<StationId> = some
            .iter()
            .flat_map(|desa| {
                let named = asked.search.is_empty() || names_hold(endpoint, desa, asked.search);
                let stations = endpoint.package.election.stations_of(desa);
                stations.filter(move |station| named || station.to_string().contains(asked.search))
            })
            .collect();
        let page_is_full = found.len() >= most;
        let (Some(first), Some(last)) = (matching.first(), matching.last()) else { continue };
        let counts_matter = asked.standing.is_some() || !page_is_full;
        let mut counts = if counts_matter {
            endpoint.store.station_counts(contest, &StationRange::between(first, last))?
        } else {
            BTreeMap::new()
        };
        for station in matching {
            let count = counts.remove(&station);
            let stands = count.as_ref().map_or(Standing::Missing, |count| count.standing);
            if asked.standing.is_some_and(|standing| standing != stands) {
                continue;
            }
            total += 1;
            if found.len() < most && asked.after.is_none_or(|after| *after < station) {
                found.push((station, count));
            }
        }
        if known_total.is_some() && found.len() >= most {
            break;
        }
    }
    Ok((found, known_total.unwrap_or(total)))
}

/// Whether the name of a desa or of its kecamatan holds this text, which is in lower case.
fn names_hold(endpoint: &Inner, desa: &RegionCode, text: &str) -> bool {
    std::iter::once(desa.clone())
        .chain(desa.parent())
        .any(|code| endpoint.region_name(&code).to_lowercase().contains(text))
}

/// One line of the list of stations.
fn station_row(
    endpoint: &Inner,
    paper: &Paper,
    station: StationId,
    count: Option<&StationCount>,
) -> StationRow {
    let kecamatan = station.desa().parent();
    StationRow {
        desa: endpoint.region_name(station.desa()),
        kecamatan: kecamatan.map(|code| endpoint.region_name(&code)).unwrap_or_default(),
        standing: count.map_or(Standing::Missing, |count| count.standing),
        witnesses: count.map_or(0, |count| count.witnesses),
        tallies: count.map_or(0, |count| count.tallies),
        faults: count.map_or(0, |count| count.faults),
        pages_photographed: count.map_or(0, |count| count.pages_photographed),
        pages: number(paper.form().pages.len()),
        last_at_ms: count.and_then(|count| count.last_at_ms),
        station,
    }
}

/// Arrivals in equal steps from the first to the last, and how long a step is: the shortest of which a screen can
/// show all.
fn arrivals(minutes: &[MinuteArrivals]) -> (Vec<Arrivals>, i64) {
    let (Some(first), Some(last)) =
        (minutes.first().map(|one| one.minute * MINUTE_MS), minutes.last().map(|one| one.minute * MINUTE_MS))
    else {
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
    let count = |number: i64| u32::try_from(number).unwrap_or(0);
    for one in minutes {
        let place = usize::try_from((one.minute * MINUTE_MS - from_ms) / step_ms).unwrap_or(usize::MAX);
        if let Some(step) = steps.get_mut(place) {
            step.tallies += count(one.tallies);
            step.photos += count(one.photos);
        }
    }
    (steps, step_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: &[(i64, i64, i64)]) -> Vec<MinuteArrivals> {
        let one = |&(minute, tallies, photos)| MinuteArrivals { minute, tallies, photos };
        minutes.iter().map(one).collect()
    }

    #[test]
    fn no_arrivals_make_no_steps() {
        assert_eq!(arrivals(&[]), (Vec::new(), MINUTE_MS));
    }

    #[test]
    fn every_arrival_is_in_one_step_and_the_steps_are_never_too_many() {
        for span in [1, 95, 97, 400 * 24 * 60] {
            let (steps, step_ms) = arrivals(&at(&[(7, 1, 0), (7 + span / 2 + 1, 0, 1), (9 + span, 1, 0)]));
            assert!(i64::try_from(steps.len()).unwrap() <= ARRIVAL_STEPS_MAX, "{} steps", steps.len());
            assert_eq!(steps.iter().map(|step| step.tallies).sum::<u32>(), 2);
            assert_eq!(steps.iter().map(|step| step.photos).sum::<u32>(), 1);
            assert!(steps.windows(2).all(|two| two[1].from_ms - two[0].from_ms == step_ms));
        }
    }
}
