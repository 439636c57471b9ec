//! The page of patterns of a region.

use std::collections::{BTreeMap, BTreeSet};

use evidence::PhotoHash;
use tally::{Choice, Contest, Paper, RegionCode, StationId};

use super::digits::LastDigits;
use super::find::{Finding, full_turnout, latest, one_device, page_of_another, same_figures};
use crate::endpoint::Endpoint;
use crate::model::count::{StationCount, u32_of};
use crate::model::official::{OfficialFigures, Rung, Unit};
use crate::official::choices;
use crate::refusal::Refusal;
use crate::store::{CountedTally, OfficialResults, PatternSource, StationRange};
use crate::view::{
    ChoiceDigits, DigitsView, PatternKind, PatternRow, PatternStation, PatternView, PatternsView,
};

/// Maximum number of stations that are looked at for one page: more than any kabupaten or kota has.
const STATIONS_MAX: u32 = 25_000;
/// Findings of one kind on the page.
const ROWS_MAX: usize = 100;
/// Stations of one finding on the page.
const ROW_STATIONS_MAX: usize = 20;
/// Valid votes below which no invalid vote is not rare.
const VALID_MIN: u32 = 100;

/// Builds the page of a region; `None` is the whole election.
pub(crate) fn patterns_view(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
) -> Result<PatternsView, Refusal> {
    let package = endpoint.package();
    let children = package.children(region).iter().filter(|child| contest.touches(child));
    let stations = package.stations_voting(contest, region);
    let mut view = PatternsView {
        contest: contest.id.clone(),
        path: package.named_path(region),
        children: children.map(|child| package.named(child.clone())).collect(),
        stations,
        examined: 0,
        patterns: Vec::new(),
        digits: None,
        too_large: stations > STATIONS_MAX,
    };
    if !view.too_large {
        let looked = Looked::at(endpoint, contest, region)?;
        let latest = latest(&looked.source.tallies);
        let paper = package.paper(&contest.id);
        let pattern = |kind| looked.pattern(kind, &looked.findings(kind, &latest, paper.as_deref()));
        view.examined = examined(&latest);
        view.digits = looked.digits();
        view.patterns = PatternKind::ALL.into_iter().map(pattern).collect();
    }
    Ok(view)
}

/// All that is looked at in a region.
struct Looked<'a> {
    endpoint: &'a Endpoint,
    contest: &'a Contest,
    region: Option<&'a RegionCode>,
    source: PatternSource,
    counts: BTreeMap<StationId, StationCount>,
    official: OfficialResults,
    /// The official results before the last import that counts.
    official_before: OfficialResults,
}

impl<'a> Looked<'a> {
    fn at(
        endpoint: &'a Endpoint,
        contest: &'a Contest,
        region: Option<&'a RegionCode>,
    ) -> Result<Self, Refusal> {
        let (store, id) = (endpoint.store(), &contest.id);
        let range = StationRange::of_region(region);
        let version = store.latest_official_import(id)?.and_then(|import| import.version);
        let official_at = |version: Option<i64>| match version {
            Some(version) => store.official_results(id, &range, Some(version)),
            None => Ok(OfficialResults::new()),
        };
        let mut counts = store.station_counts(id, &range)?;
        counts.retain(|_, count| count.counts());
        Ok(Self {
            source: store.pattern_source(id, &range)?,
            official: official_at(version)?,
            official_before: official_at(version.map(|version| version - 1))?,
            endpoint,
            contest,
            region,
            counts,
        })
    }

    fn pattern(&self, kind: PatternKind, findings: &[Finding]) -> PatternView {
        let row = |finding: &Finding| PatternRow {
            stations: finding
                .stations
                .iter()
                .filter(|station| self.region.is_none_or(|region| region.contains(station.desa())))
                .take(ROW_STATIONS_MAX)
                .map(|station| PatternStation {
                    station: station.clone(),
                    desa: self.endpoint.package().region_name(station.desa()),
                })
                .collect(),
            count: u32_of(finding.stations.len()),
            numbers: finding.numbers.clone(),
        };
        PatternView {
            kind,
            total: u32_of(findings.len()),
            rows: findings.iter().take(ROWS_MAX).map(row).collect(),
        }
    }

    fn findings(&self, kind: PatternKind, latest: &[&CountedTally], paper: Option<&Paper>) -> Vec<Finding> {
        let tallies = &self.source.tallies;
        match (kind, paper) {
            (PatternKind::SameFigures, _) => same_figures(latest),
            (PatternKind::SamePhoto, _) => self.same_photo(),
            (PatternKind::OneDevice, _) => one_device(tallies),
            (PatternKind::SumGrew, _) => self.sum_grew(),
            (PatternKind::NoInvalid, _) => self.no_invalid(),
            (PatternKind::PageOfAnother, Some(paper)) => {
                page_of_another(latest, tallies, &self.source.photos, paper)
            }
            (PatternKind::FullTurnout, Some(paper)) => full_turnout(latest, paper),
            (PatternKind::PageOfAnother | PatternKind::FullTurnout, None) => Vec::new(),
        }
    }

    fn same_photo(&self) -> Vec<Finding> {
        let mut by_photo: BTreeMap<PhotoHash, BTreeSet<StationId>> = BTreeMap::new();
        for (photo, station) in &self.source.repeated {
            by_photo.entry(*photo).or_default().insert(station.clone());
        }
        let finding = |stations: BTreeSet<StationId>| Finding { numbers: Vec::new(), stations };
        by_photo.into_values().map(finding).collect()
    }

    /// Stations whose official votes were more in the last import than before it, the largest growth first.
    fn sum_grew(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for ((rung, unit), after) in &self.official {
            let (Rung::Station, Unit::Station(station)) = (rung, unit) else { continue };
            let Some(before) = self.official_before.get(&(*rung, unit.clone())) else { continue };
            let (before, after) = (sum(before), sum(after));
            if after > before {
                found.push(Finding::of_one(station, vec![before, after]));
            }
        }
        found.sort_by_key(|finding| std::cmp::Reverse(finding.numbers[1] - finding.numbers[0]));
        found
    }

    fn no_invalid(&self) -> Vec<Finding> {
        let found = self.counts.iter().filter_map(|(station, count)| {
            let valid = valid(count);
            (count.invalid == 0 && valid >= VALID_MIN).then(|| Finding::of_one(station, vec![valid]))
        });
        found.collect()
    }

    fn digits(&self) -> Option<DigitsView> {
        let mut all = LastDigits::default();
        let mut views = Vec::new();
        for choice in choices(self.contest).into_iter().filter(|choice| !matches!(choice, Choice::List(_))) {
            let mut digits = LastDigits::default();
            self.counts
                .values()
                .filter_map(|count| count.votes.get(&choice))
                .for_each(|votes| digits.add(*votes));
            all.add_all(&digits);
            if let Some(digits) = digits.count() {
                let name = self.endpoint.package().choice_name(self.contest, choice);
                views.push(ChoiceDigits { choice, name, digits });
            }
        }
        Some(DigitsView { all: all.count()?, choices: views })
    }
}

/// Number of stations with a tally.
fn examined(latest: &[&CountedTally]) -> u32 {
    let stations: BTreeSet<&StationId> = latest.iter().map(|tally| &tally.station).collect();
    u32_of(stations.len())
}

fn sum(figures: &OfficialFigures) -> u32 {
    let whole = figures.votes.iter().filter(|(choice, _)| is_whole(choice));
    whole.map(|(_, votes)| *votes).sum()
}

fn valid(count: &StationCount) -> u32 {
    count.votes.iter().filter(|(choice, _)| is_whole(choice)).map(|(_, votes)| *votes).sum()
}

/// Whether a choice is none of the parts of another.
fn is_whole(choice: &Choice) -> bool {
    matches!(choice, Choice::Candidate(_) | Choice::List(_))
}
