//! Which sums are stored. A row is written only where it is read: a region that holds the whole district of a
//! contest has the contest's own sums, and a region in which one contest of a kind is voted has those of that
//! contest for its kind.

use tally::{Contest, ContestKind, RegionCode, RegionLevel, StationId};

use super::package::Package;
use crate::model::sums_of::{SumKey, SumsOf};

impl Package {
    /// Where the sums of a contest in a region are stored; `None` is the whole election.
    pub fn sum_of_contest(&self, contest: &Contest, region: Option<&RegionCode>) -> SumKey {
        let region = region.filter(|region| !holds_all_of(region, contest)).cloned();
        SumKey { sums_of: SumsOf::Contest(contest.id.clone()), region }
    }

    /// Where the sums of a kind in a region are stored. `None` if no contest of the kind is voted there.
    pub fn sum_of_kind(&self, kind: ContestKind, region: Option<&RegionCode>) -> Option<SumKey> {
        match self.contests_of_kind(kind, region)[..] {
            [] => None,
            [contest] => Some(self.sum_of_contest(contest, region)),
            _ => Some(SumKey { sums_of: SumsOf::Kind(kind), region: region.cloned() }),
        }
    }

    /// The sums that a station's count of a contest is part of.
    pub fn sums_with(&self, contest: &Contest, station: &StationId) -> Vec<SumKey> {
        let path = station.desa().path().into_iter().filter(|code| code.level() != RegionLevel::Desa);
        let regions: Vec<Option<RegionCode>> = std::iter::once(None).chain(path.map(Some)).collect();
        let kinds = regions.iter().filter(|region| self.has_several(contest.kind, region.as_ref()));
        let kinds =
            kinds.map(|region| SumKey { sums_of: SumsOf::Kind(contest.kind), region: region.clone() });
        let own = regions.iter().map(|region| self.sum_of_contest(contest, region.as_ref()));
        let mut sums: Vec<SumKey> = own.chain(kinds).collect();
        sums.sort_unstable();
        sums.dedup();
        sums
    }
}

/// Whether a region holds the whole district of a contest.
fn holds_all_of(region: &RegionCode, contest: &Contest) -> bool {
    !contest.district.is_empty() && contest.district.iter().all(|part| region.contains(part))
}

#[cfg(test)]
mod tests {
    use tally::Election;

    use super::*;

    fn package(file: &str) -> Package {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/elections");
        let json = std::fs::read_to_string(folder.join(file)).unwrap();
        Package::new(Election::from_json(&json).unwrap())
    }

    fn sums_with(package: &Package, contest: &str, station: &str) -> Vec<String> {
        let contest = package.election.contest(&contest.parse().unwrap()).unwrap();
        let sums = package.sums_with(contest, &station.parse().unwrap());
        let name = |key: &SumKey| {
            let region = key.region.as_ref().map_or("", RegionCode::as_str);
            format!("{} {region}", key.sums_of)
        };
        sums.iter().map(name).collect()
    }

    #[test]
    fn sums_go_up_from_the_kecamatan_and_none_is_stored_twice() {
        let demo = package("demo.json");
        let all = ["ppwp ", "ppwp 52", "ppwp 52.71", "ppwp 52.71.05"];
        assert_eq!(sums_with(&demo, "ppwp", "52.71.05.1001-001"), all);
        let general = package("demo-general.json");
        let station = "52.71.01.1004-001";
        assert_eq!(
            sums_with(&general, "dpr-ntb-2", station),
            ["dpr-ntb-2 ", "dpr-ntb-2 52.71", "dpr-ntb-2 52.71.01"]
        );
        assert_eq!(
            sums_with(&general, "dprd-mataram-2", station),
            ["dprd-mataram-2 ", "kind:dprd_kabkota ", "kind:dprd_kabkota 52", "kind:dprd_kabkota 52.71"]
        );
        let (kind, region) = (ContestKind::DprdKabkota, "52.71.01".parse().unwrap());
        let kecamatan = general.sum_of_kind(kind, Some(&region)).unwrap();
        assert_eq!((kecamatan.sums_of.to_string().as_str(), kecamatan.region), ("dprd-mataram-2", None));
    }
}
