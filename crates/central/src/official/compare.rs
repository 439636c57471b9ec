//! The page of differences: the official results of a region beside the witnesses', station by station and
//! rung by rung.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;
use spreadsheet::Cell;
use tally::{Choice, Contest, RegionCode, RegionLevel, StationId};

use super::choices::choices;
use super::difference::{Difference, Witnessed, difference};
use super::ladder::{Change, Ladder, PartialSum, Tree};
use super::sign_test::Signs;
use crate::election::package::Package;
use crate::endpoint::Endpoint;
use crate::model::count::{StationCount, u32_of};
use crate::model::official::{OfficialFigures, Rung, Shape, Unit};
use crate::refusal::Refusal;
use crate::store::{OfficialResults, StationRange};
use crate::view::{
    ChoiceName, DifferenceRow, DifferencesView, DifferingRegion, LadderChange, LadderView, Leaning,
    RegionName, RungView,
};

/// Maximum number of stations that are compared for one page: more than any provinsi but three has.
const STATIONS_MAX: u32 = 60_000;
/// Rows on a page.
const ROWS_MAX: usize = 200;
/// Changes of the ladder on a page.
const CHANGES_MAX: usize = 100;
/// Splits that are shown as leaning to one side.
const LEANING_MAX: usize = 20;
/// Differing stations below which even a split to one side alone says nothing.
const SIGNS_MIN: u32 = 6;
/// The probability above which a split is not shown.
const PROBABILITY_MAX: f64 = 0.05;

/// Which differences to show.
#[derive(Debug, Clone, Default)]
pub(crate) struct DifferenceFilter {
    pub(crate) shape: Option<Shape>,
    /// Only stations at which this choice differs.
    pub(crate) choice: Option<Choice>,
    /// Only differences of at least this size.
    pub(crate) least: u64,
    /// The official results as of this version.
    pub(crate) as_of: Option<i64>,
    /// The last row of the page before.
    pub(crate) after: Option<DifferenceCursor>,
}

/// A place in the list, which descends by size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct DifferenceCursor(Reverse<u64>, StationId);

impl FromStr for DifferenceCursor {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a place in the list of differences");
        let (size, station) = text.split_once(':').ok_or_else(wrong)?;
        let size = size.parse().map_err(|_| wrong())?;
        Ok(Self(Reverse(size), station.parse().map_err(|_| wrong())?))
    }
}

impl TryFrom<String> for DifferenceCursor {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The regions of a contest.
struct ContestTree<'a> {
    package: &'a Package,
    contest: &'a Contest,
}

impl Tree for ContestTree<'_> {
    fn children(&self, region: &RegionCode) -> Vec<RegionCode> {
        let children = self.package.children(Some(region)).iter();
        children.filter(|child| self.contest.touches(child)).cloned().collect()
    }

    fn stations(&self, region: &RegionCode) -> u32 {
        self.package.stations_voting(self.contest, Some(region))
    }
}

/// A station whose results differ.
struct Differing {
    station: StationId,
    count: StationCount,
    official: OfficialFigures,
    difference: Difference,
}

impl Differing {
    fn cursor(&self) -> DifferenceCursor {
        DifferenceCursor(Reverse(self.difference.size), self.station.clone())
    }
}

/// Both results of a region.
struct Comparison<'a> {
    endpoint: &'a Endpoint,
    contest: &'a Contest,
    region: Option<&'a RegionCode>,
    tree: ContestTree<'a>,
    choices: Vec<Choice>,
    official: OfficialResults,
    /// By desa and every region above, within the region of the page.
    stations: BTreeMap<RegionCode, PartialSum>,
    witnessed: BTreeMap<RegionCode, PartialSum>,
    compared: BTreeMap<RegionCode, u32>,
    no_official: u32,
    no_witness: u32,
    differing: Vec<Differing>,
}

/// Number of stations of the page, if they can be compared at once.
fn stations_of(endpoint: &Endpoint, contest: &Contest, region: Option<&RegionCode>) -> (u32, bool) {
    let stations = endpoint.package().stations_voting(contest, region);
    (stations, stations > STATIONS_MAX)
}

/// Builds the page of a region; `None` is the whole election.
pub(crate) fn differences_view(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
    filter: &DifferenceFilter,
) -> Result<DifferencesView, Refusal> {
    let (stations, too_large) = stations_of(endpoint, contest, region);
    let comparison = Comparison::of(endpoint, contest, region, filter.as_of, too_large)?;
    let mut view = comparison.view(filter);
    (view.stations, view.too_large) = (stations, too_large);
    let import = endpoint.store().latest_official_import(&contest.id)?;
    view.import = import.map(|import| endpoint.official_import_view(&import)).transpose()?;
    Ok(view)
}

impl<'a> Comparison<'a> {
    fn of(
        endpoint: &'a Endpoint,
        contest: &'a Contest,
        region: Option<&'a RegionCode>,
        as_of: Option<i64>,
        without_stations: bool,
    ) -> Result<Self, Refusal> {
        let tree = ContestTree { package: endpoint.package(), contest };
        let mut comparison = Self {
            endpoint,
            contest,
            region,
            tree,
            choices: choices(contest),
            official: OfficialResults::new(),
            stations: BTreeMap::new(),
            witnessed: BTreeMap::new(),
            compared: BTreeMap::new(),
            no_official: 0,
            no_witness: 0,
            differing: Vec::new(),
        };
        if !without_stations {
            let range = StationRange::of_region(region);
            comparison.official = endpoint.store().official_results(&contest.id, &range, as_of)?;
            let mut counts = endpoint.store().station_counts(&contest.id, &range)?;
            counts.retain(|_, count| count.counts());
            comparison.add_official_stations();
            comparison.add_counts(counts);
        }
        Ok(comparison)
    }

    /// The regions of a station, down to its desa, within the region of the page.
    fn path(&self, desa: &RegionCode) -> impl Iterator<Item = RegionCode> + use<> {
        let from = self.region.map(RegionCode::level);
        desa.path().into_iter().filter(move |code| from.is_none_or(|from| code.level() >= from))
    }

    fn add_official_stations(&mut self) {
        let mut stations = std::mem::take(&mut self.stations);
        for ((rung, unit), figures) in &self.official {
            let (Rung::Station, Unit::Station(station)) = (rung, unit) else { continue };
            for region in self.path(station.desa()) {
                let of = || PartialSum::of_none([], self.tree.stations(&region));
                stations.entry(region.clone()).or_insert_with(of).add(&figures.votes);
            }
        }
        self.stations = stations;
    }

    fn add_counts(&mut self, counts: BTreeMap<StationId, StationCount>) {
        let stated = self.official.keys().filter(|(rung, _)| *rung == Rung::Station).count();
        let mut both = 0;
        for (station, count) in counts {
            for region in self.path(station.desa()) {
                let of = || PartialSum::of_none(&self.choices, self.tree.stations(&region));
                self.witnessed.entry(region.clone()).or_insert_with(of).add(&count.votes);
            }
            let key = (Rung::Station, Unit::Station(station.clone()));
            let Some(official) = self.official.get(&key) else {
                self.no_official += 1;
                continue;
            };
            both += 1;
            for region in self.path(station.desa()) {
                *self.compared.entry(region).or_default() += 1;
            }
            let witnessed = Witnessed { votes: &count.votes, invalid: count.invalid };
            if let Some(difference) = difference(witnessed, official) {
                self.differing.push(Differing { official: official.clone(), station, count, difference });
            }
        }
        self.no_witness = u32::try_from(stated - both).unwrap_or(u32::MAX);
        self.differing.sort_by_cached_key(Differing::cursor);
    }

    fn matching<'b>(&'b self, filter: &'b DifferenceFilter) -> impl Iterator<Item = &'b Differing> {
        self.differing.iter().filter(move |differing| {
            let difference = &differing.difference;
            filter.shape.is_none_or(|shape| difference.shape == shape)
                && filter.choice.is_none_or(|choice| difference.votes.contains_key(&choice))
                && difference.size >= filter.least
        })
    }

    fn view(&self, filter: &DifferenceFilter) -> DifferencesView {
        let total = self.matching(filter).count();
        let rest = self
            .matching(filter)
            .filter(|row| filter.after.as_ref().is_none_or(|after| row.cursor() > *after));
        let page: Vec<&Differing> = rest.take(ROWS_MAX + 1).collect();
        let last = page.get(ROWS_MAX - 1).filter(|_| page.len() > ROWS_MAX);
        let sizes = self.differing.iter().map(|differing| differing.difference.size);
        let (leaning, splits) = self.leaning();
        let compared = self.top_regions().iter().filter_map(|region| self.compared.get(region)).sum();
        let differing = u32_of(self.differing.len());
        DifferencesView {
            path: self
                .region
                .map(|region| region.path())
                .unwrap_or_default()
                .iter()
                .map(|c| self.name(c))
                .collect(),
            children: self.children(),
            choices: self.columns().into_iter().map(|choice| self.choice_name(choice)).collect(),
            import: None,
            stations: 0,
            compared,
            no_official: self.no_official,
            no_witness: self.no_witness,
            same: u32::saturating_sub(compared, differing),
            differing,
            photographed: u32_of(self.differing.iter().filter(|row| row.count.is_photographed()).count()),
            size: sizes.clone().sum(),
            largest: sizes.max().unwrap_or(0),
            shapes: self.shapes(),
            ladder: self.ladder(),
            leaning,
            splits,
            total: u32_of(total),
            next: last.map(|last| format!("{}:{}", last.difference.size, last.station)),
            rows: page.into_iter().take(ROWS_MAX).map(|differing| self.row(differing)).collect(),
            too_large: false,
        }
    }

    /// The region of the page, or all at the top.
    fn top_regions(&self) -> Vec<RegionCode> {
        match self.region {
            Some(region) => vec![region.clone()],
            None => {
                let top = self.endpoint.package().children(None).iter();
                top.filter(|region| self.contest.touches(region)).cloned().collect()
            }
        }
    }

    fn name(&self, code: &RegionCode) -> RegionName {
        self.endpoint.package().named(code.clone())
    }

    /// The choices that have a column: candidates, or lists as a whole.
    fn columns(&self) -> Vec<Choice> {
        self.choices.iter().copied().filter(|choice| column_of(*choice) == *choice).collect()
    }

    fn choice_name(&self, choice: Choice) -> ChoiceName {
        ChoiceName { choice, name: self.endpoint.package().choice_name(self.contest, choice) }
    }

    fn shapes(&self) -> BTreeMap<Shape, u32> {
        let mut shapes = BTreeMap::new();
        for differing in &self.differing {
            *shapes.entry(differing.difference.shape).or_default() += 1;
        }
        shapes
    }

    fn row(&self, differing: &Differing) -> DifferenceRow {
        let Differing { station, count, official, difference } = differing;
        let stated = difference.votes.keys();
        DifferenceRow {
            station: station.clone(),
            desa: self.endpoint.package().region_name(station.desa()),
            standing: count.standing,
            photographed: count.is_photographed(),
            votes: difference.votes.clone(),
            invalid: difference.invalid,
            witnessed: stated
                .clone()
                .map(|choice| (*choice, count.votes.get(choice).copied().unwrap_or(0)))
                .collect(),
            official: stated
                .map(|choice| (*choice, official.votes.get(choice).copied().unwrap_or(0)))
                .collect(),
            shape: difference.shape,
            from_to: difference.from_to,
            size: difference.size,
        }
    }

    fn children(&self) -> Vec<DifferingRegion> {
        let package = self.endpoint.package();
        let children = package.children(self.region).iter().filter(|child| self.contest.touches(child));
        let of = |child: &RegionCode| {
            let inside = self.differing.iter().filter(|differing| child.contains(differing.station.desa()));
            let sizes: Vec<u64> = inside.map(|differing| differing.difference.size).collect();
            DifferingRegion {
                region: self.name(child),
                compared: self.compared.get(child).copied().unwrap_or(0),
                differing: u32_of(sizes.len()),
                size: sizes.iter().sum(),
            }
        };
        children.map(of).collect()
    }

    /// Where the differences of a choice point one way: in the region of the page and those directly below.
    fn leaning(&self) -> (Vec<Leaning>, u32) {
        let level = self.region.map_or(RegionLevel::Provinsi, |region| below(region.level()));
        let mut signs: BTreeMap<(Option<RegionCode>, Choice), Signs> = BTreeMap::new();
        for differing in &self.differing {
            let child = differing.station.desa().path().into_iter().find(|code| code.level() == level);
            let child = child.filter(|child| Some(child) != self.region);
            for (choice, difference) in by_column(&differing.difference.votes) {
                signs.entry((None, choice)).or_default().add(difference);
                if let Some(child) = &child {
                    signs.entry((Some(child.clone()), choice)).or_default().add(difference);
                }
            }
        }
        signs.retain(|_, signs| signs.all() >= SIGNS_MIN);
        let splits = u32_of(signs.len());
        let mut leaning: Vec<Leaning> = signs
            .into_iter()
            .map(|((region, choice), signs)| Leaning {
                region: region.map(|code| self.name(&code)),
                choice,
                more: signs.more,
                fewer: signs.fewer,
                probability: signs.probability(),
            })
            .filter(|leaning| leaning.probability <= PROBABILITY_MAX)
            .collect();
        leaning.sort_by(|one, other| one.probability.total_cmp(&other.probability));
        leaning.truncate(LEANING_MAX);
        (leaning, splits)
    }

    fn ladder(&self) -> LadderView {
        let ladder = Ladder {
            tree: &self.tree,
            official: &self.official,
            stations: &self.stations,
            witnessed: &self.witnessed,
        };
        let found = ladder.changes();
        let mut changes = found.changes;
        changes.sort_by_key(|change| Reverse(change.size));
        let mut rungs = vec![self.witnesses()];
        for rung in Rung::ALL {
            let mut sum = PartialSum::default();
            self.top_regions().iter().for_each(|region| sum.merge(ladder.sum(rung, region)));
            if sum.parts > 0 {
                let not_compared = match rung {
                    Rung::Station => self.no_witness,
                    _ => found.not_compared.get(&rung).copied().unwrap_or(0),
                };
                rungs.push(rung_view(Some(rung), &sum, self.changed_on(rung, &changes), not_compared));
            }
        }
        let changes_total = u32_of(changes.len());
        changes.truncate(CHANGES_MAX);
        let changes = changes.into_iter().map(|change| self.ladder_change(change)).collect();
        LadderView { rungs, changes, changes_total }
    }

    fn witnesses(&self) -> RungView {
        let mut sum = PartialSum::default();
        for region in self.top_regions() {
            let none = || PartialSum::of_none([], self.tree.stations(&region));
            sum.merge(self.witnessed.get(&region).cloned().unwrap_or_else(none));
        }
        rung_view(None, &sum, BTreeMap::new(), 0)
    }

    /// What changed on a rung in all: of the stations their differences, of the others those of the
    /// documents.
    fn changed_on(&self, rung: Rung, changes: &[Change]) -> BTreeMap<Choice, i64> {
        let mut changed: BTreeMap<Choice, i64> = BTreeMap::new();
        let of_stations = self.differing.iter().filter(|_| rung == Rung::Station);
        let of_stations = of_stations.map(|differing| &differing.difference.votes);
        let of_documents = changes.iter().filter(|change| change.rung == rung).map(|change| &change.votes);
        for votes in of_stations.chain(of_documents) {
            for (choice, difference) in by_column(votes) {
                *changed.entry(choice).or_default() += difference;
            }
        }
        changed
    }

    fn ladder_change(&self, change: Change) -> LadderChange {
        LadderChange {
            rung: change.rung,
            region: self.name(&change.region),
            votes: change.votes,
            size: change.size,
        }
    }
}

fn below(level: RegionLevel) -> RegionLevel {
    match level {
        RegionLevel::Provinsi => RegionLevel::KabupatenKota,
        RegionLevel::KabupatenKota => RegionLevel::Kecamatan,
        RegionLevel::Kecamatan | RegionLevel::Desa => RegionLevel::Desa,
    }
}

/// The column of a choice: what belongs to a list is in the list's.
fn column_of(choice: Choice) -> Choice {
    choice.party().map_or(choice, Choice::List)
}

/// Differences by column. Where the parts of a list are stated, its sum is not.
fn by_column(votes: &BTreeMap<Choice, i64>) -> BTreeMap<Choice, i64> {
    let mut columns = BTreeMap::new();
    for (choice, difference) in votes {
        *columns.entry(column_of(*choice)).or_default() += difference;
    }
    columns
}

fn rung_view(
    rung: Option<Rung>,
    sum: &PartialSum,
    changed: BTreeMap<Choice, i64>,
    not_compared: u32,
) -> RungView {
    let votes = sum.votes.iter().filter(|(choice, _)| column_of(**choice) == **choice);
    RungView {
        rung,
        votes: votes.map(|(choice, votes)| (*choice, *votes)).collect(),
        parts: sum.parts,
        of: sum.of,
        changed,
        not_compared,
    }
}

/// The header and the rows of all differences that match, to be saved as a table.
pub(crate) fn differences_table(
    endpoint: &Endpoint,
    contest: &Contest,
    region: Option<&RegionCode>,
    filter: &DifferenceFilter,
) -> Result<(Vec<String>, Vec<Vec<Cell>>), Refusal> {
    let (_, too_large) = stations_of(endpoint, contest, region);
    let comparison = Comparison::of(endpoint, contest, region, filter.as_of, too_large)?;
    let columns = comparison.columns();
    let mut header: Vec<String> =
        ["station", "kabupaten_kota", "kecamatan", "desa", "standing", "photographed", "shape", "size"]
            .map(str::to_owned)
            .to_vec();
    for kind in ["witnessed", "official", "difference"] {
        header.extend(columns.iter().map(|choice| format!("{kind}_{choice}")));
    }
    header.push(String::from("difference_invalid"));
    let rows = comparison.matching(filter).map(|differing| comparison.cells(differing, &columns));
    Ok((header, rows.collect()))
}

impl Comparison<'_> {
    fn cells(&self, differing: &Differing, columns: &[Choice]) -> Vec<Cell> {
        let Differing { station, count, official, difference } = differing;
        let names = station.desa().path().into_iter().skip(1);
        let names = names.map(|code| Cell::of(&self.endpoint.package().region_name(&code)));
        let shape = serde_json::to_value(difference.shape).ok();
        let shape = shape.as_ref().and_then(|shape| shape.as_str()).unwrap_or_default();
        let mut cells = vec![Cell::of(&station.to_string())];
        cells.extend(names);
        cells.push(Cell::of(count.standing.word()));
        cells.push(Cell::of(if count.is_photographed() { "yes" } else { "no" }));
        cells.push(Cell::of(shape));
        cells.push(Cell::Number(difference.size as f64));
        let changed = by_column(&difference.votes);
        cells.extend(columns.iter().map(|choice| votes_cell(count.votes.get(choice).copied().or(Some(0)))));
        cells.extend(columns.iter().map(|choice| votes_cell(official.votes.get(choice).copied())));
        cells.extend(
            columns.iter().map(|choice| Cell::Number(changed.get(choice).copied().unwrap_or(0) as f64)),
        );
        cells.push(difference.invalid.map_or(Cell::Empty, |invalid| Cell::Number(invalid as f64)));
        cells
    }
}

fn votes_cell(votes: Option<u32>) -> Cell {
    votes.map_or(Cell::Empty, |votes| Cell::Number(f64::from(votes)))
}
