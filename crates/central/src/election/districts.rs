//! Where contests are voted: the contests of a region, and the stations of a contest.

use std::collections::{BTreeMap, HashMap};

use tally::{Contest, ContestKind, Election, RegionCode};

use super::package::Package;

/// An index of the regions that have only a part of a contest's district, or have one beside other stations.
#[derive(Debug, Default)]
pub(super) struct Districts {
    /// The contests, as positions in the package, that are voted in a part of the region.
    partly: HashMap<RegionCode, Vec<usize>>,
    /// Numbers of stations that vote in a contest of the kind; `None` is the whole election.
    stations: HashMap<(ContestKind, Option<RegionCode>), u32>,
    /// Numbers of contests of the kind that are voted in a part of the region.
    contests: HashMap<(ContestKind, Option<RegionCode>), u32>,
}

impl Districts {
    pub(super) fn of(election: &Election, station_counts: &BTreeMap<RegionCode, u32>) -> Self {
        let mut districts = Self::default();
        for (position, contest) in election.contests.iter().enumerate() {
            *districts.contests.entry((contest.kind, None)).or_default() += 1;
            for part in largest_parts(&contest.district) {
                let stations = station_counts.get(part).copied().unwrap_or(0);
                districts.add(position, contest.kind, part, stations);
            }
        }
        districts
    }

    fn add(&mut self, position: usize, kind: ContestKind, part: &RegionCode, stations: u32) {
        *self.stations.entry((kind, None)).or_default() += stations;
        for region in std::iter::successors(part.parent(), RegionCode::parent) {
            *self.stations.entry((kind, Some(region.clone()))).or_default() += stations;
            let positions = self.partly.entry(region.clone()).or_default();
            if positions.last() != Some(&position) {
                positions.push(position);
                *self.contests.entry((kind, Some(region))).or_default() += 1;
            }
        }
    }
}

/// The regions of a district that lie in no other one, by code.
fn largest_parts(district: &[RegionCode]) -> Vec<&RegionCode> {
    let mut parts: Vec<&RegionCode> = district.iter().collect();
    parts.sort_unstable();
    parts.dedup_by(|next, part| part.contains(next));
    parts
}

impl Package {
    /// The contests that are voted in a region or in a part of it, in the package's order; `None` is the
    /// whole election.
    pub fn contests_touching(&self, region: Option<&RegionCode>) -> Vec<&Contest> {
        let Some(region) = region else { return self.election.contests.iter().collect() };
        let partly = self.districts.partly.get(region).map_or(&[][..], Vec::as_slice);
        let partly = partly.iter().filter_map(|&position| self.election.contests.get(position));
        let partly = partly.filter(|contest| !contest.covers(region));
        let mut contests: Vec<&Contest> = self.election.contests_in(region).chain(partly).collect();
        // The contests are in one list, so their addresses have its order.
        contests.sort_by_key(|contest| std::ptr::from_ref::<Contest>(contest));
        contests
    }

    /// Those of [`Self::contests_touching`] that are of this kind.
    pub fn contests_of_kind(&self, kind: ContestKind, region: Option<&RegionCode>) -> Vec<&Contest> {
        let mut contests = self.contests_touching(region);
        contests.retain(|contest| contest.kind == kind);
        contests
    }

    /// The contests by kind, in the order of the kinds.
    pub fn contests_by_kind(&self, region: Option<&RegionCode>) -> BTreeMap<ContestKind, Vec<&Contest>> {
        let mut kinds: BTreeMap<ContestKind, Vec<&Contest>> = BTreeMap::new();
        for contest in self.contests_touching(region) {
            kinds.entry(contest.kind).or_default().push(contest);
        }
        kinds
    }

    /// Number of stations of a region at which a contest is voted; `None` is the whole election.
    pub fn stations_voting(&self, contest: &Contest, region: Option<&RegionCode>) -> u32 {
        self.voting_parts(contest, region).into_iter().map(|part| self.stations_in(part)).sum()
    }

    /// Number of stations of a region at which a contest of this kind is voted; `None` is the whole election.
    pub fn stations_of_kind(&self, kind: ContestKind, region: Option<&RegionCode>) -> u32 {
        let of_kind = |contest: &Contest| contest.kind == kind;
        let is_everywhere = match region {
            Some(region) => self.election.contests_in(region).any(of_kind),
            None => {
                self.election.contests.iter().any(|contest| of_kind(contest) && contest.district.is_empty())
            }
        };
        if is_everywhere {
            return self.stations_in(region);
        }
        self.districts.stations.get(&(kind, region.cloned())).copied().unwrap_or(0)
    }

    /// Whether several contests of this kind are voted in a region; `None` is the whole election.
    pub(super) fn has_several(&self, kind: ContestKind, region: Option<&RegionCode>) -> bool {
        let contests = self.districts.contests.get(&(kind, region.cloned()));
        contests.is_some_and(|contests| *contests > 1)
    }

    /// Every desa of a region in which a contest is voted, by code. The lists follow each other.
    pub fn desas_voting(&self, contest: &Contest, region: Option<&RegionCode>) -> Vec<&[RegionCode]> {
        self.voting_parts(contest, region).into_iter().map(|part| self.desas_in(part)).collect()
    }

    /// Whether a region has one part of the contest's district and other regions the rest, while the region
    /// also has stations outside of the district.
    pub fn is_cut(&self, contest: &Contest, region: &RegionCode) -> bool {
        let is_outside = |part: &RegionCode| !region.contains(part) && !part.contains(region);
        let voting = self.stations_voting(contest, Some(region));
        let is_part = 0 < voting && voting < self.stations_in(Some(region));
        is_part && contest.district.iter().any(is_outside)
    }

    /// The largest regions within `region` in which a contest is voted, by code. `None` is the whole
    /// election.
    fn voting_parts<'a>(
        &self,
        contest: &'a Contest,
        region: Option<&'a RegionCode>,
    ) -> Vec<Option<&'a RegionCode>> {
        if region.map_or(contest.district.is_empty(), |region| contest.covers(region)) {
            return vec![region];
        }
        let is_inside = |part: &&RegionCode| region.is_none_or(|region| region.contains(part));
        largest_parts(&contest.district).into_iter().filter(is_inside).map(Some).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Two districts: of the first kecamatan of 52.01 with all of 52.71, and of the second of 52.01.
    fn package() -> Package {
        let title = json!({ "id": "a", "en": "a" });
        let contest = |id: &str, district: &[&str]| {
            let lists = json!([{ "party": 1, "candidates": [{ "number": 1, "names": ["A"] }] }]);
            json!({ "id": id, "kind": "dpr", "title": title, "short_title": title, "seats": 3,
                "form": "c-hasil-dpr-2024", "district": district, "lists": lists })
        };
        let codes =
            ["52", "52.01", "52.01.01", "52.01.01.2001", "52.01.02", "52.01.02.2001", "52.71", "52.71.01"];
        let regions =
            codes.iter().chain(&["52.71.01.1001"]).map(|code| json!({ "code": code, "name": code }));
        let json = json!({
            "format": "saksi-election/2", "id": "e", "version": 1, "title": title, "date": "2029-02-14",
            "station_voters_max": 300, "parties": [{ "number": 1, "name": "P" }],
            "contests": [contest("b", &["52.01.02"]), contest("a", &["52.71", "52.01.01"])],
            "regions": regions.collect::<Vec<_>>(),
            "stations": [
                { "desa": "52.01.01.2001", "numbers": "1-3" },
                { "desa": "52.01.02.2001", "numbers": "1-5" },
                { "desa": "52.71.01.1001", "numbers": "1-7" },
            ],
        });
        Package::new(Election::from_json(&json.to_string()).unwrap())
    }

    #[test]
    fn a_region_knows_its_contests_and_a_contest_its_stations() {
        let package = package();
        let (b, a) = (&package.election.contests[0], &package.election.contests[1]);
        // The region, the stations of A and of B in it, and whether it cuts them.
        let cases = [
            (None, 10, 5, [false, false]),
            (Some("52"), 10, 5, [false, false]),
            (Some("52.01"), 3, 5, [true, false]),
            (Some("52.01.01"), 3, 0, [false, false]),
            (Some("52.01.02.2001"), 0, 5, [false, false]),
            (Some("52.71"), 7, 0, [false, false]),
        ];
        for (region, of_a, of_b, cut) in cases {
            let region: Option<RegionCode> = region.map(|code| code.parse().unwrap());
            let region = region.as_ref();
            assert_eq!(package.stations_voting(a, region), of_a, "{region:?}");
            assert_eq!(package.stations_voting(b, region), of_b, "{region:?}");
            assert_eq!(package.stations_of_kind(ContestKind::Dpr, region), of_a + of_b, "{region:?}");
            assert_eq!(package.stations_of_kind(ContestKind::Dpd, region), 0);
            let touching: Vec<&str> =
                package.contests_touching(region).iter().map(|contest| contest.id.as_str()).collect();
            let expected: Vec<&str> =
                [("b", of_b), ("a", of_a)].iter().filter(|(_, of)| *of > 0).map(|(id, _)| *id).collect();
            assert_eq!(touching, expected, "{region:?}");
            let is_cut = [a, b].map(|contest| region.is_some_and(|region| package.is_cut(contest, region)));
            assert_eq!(is_cut, cut, "{region:?}");
            let desas: usize = package.desas_voting(a, region).into_iter().map(<[RegionCode]>::len).sum();
            assert_eq!(desas, usize::from(of_a > 0) + usize::from(of_a == 10), "{region:?}");
        }
    }
}
