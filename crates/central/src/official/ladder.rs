//! The ladder of recapitulation: on which rung did a sum change? Pure rules.
//!
//! Each document is compared with the one below it: the kecamatan's with the sum of its stations, the
//! kabupaten's with the sum of its kecamatan, and so on. A change that one document makes is found there and
//! nowhere above, because the next one is compared with the changed sum. A sum of which parts are missing is
//! not compared.

use std::collections::BTreeMap;

use tally::{Choice, RegionCode, RegionLevel};

use crate::model::official::{OfficialFigures, Rung, Unit};

/// Official figures by document and unit.
pub(crate) type OfficialByRung = BTreeMap<(Rung, Unit), OfficialFigures>;

/// The regions in which the contest is voted.
pub(crate) trait Tree {
    /// The regions directly below.
    fn children(&self, region: &RegionCode) -> Vec<RegionCode>;
    /// Number of stations.
    fn stations(&self, region: &RegionCode) -> u32;
}

/// A sum, and of how many of its parts it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PartialSum {
    pub(crate) votes: BTreeMap<Choice, u64>,
    /// Parts that are in the sum.
    pub(crate) parts: u32,
    /// Parts that there are.
    pub(crate) of: u32,
}

impl PartialSum {
    fn is_complete(&self) -> bool {
        self.of > 0 && self.parts == self.of
    }

    /// A sum of no part yet, in which each of these choices has no votes.
    pub(crate) fn of_none<'a>(choices: impl IntoIterator<Item = &'a Choice>, of: u32) -> Self {
        Self { votes: choices.into_iter().map(|choice| (*choice, 0)).collect(), parts: 0, of }
    }

    /// Adds the votes of one part.
    pub(crate) fn add<'a>(&mut self, votes: impl IntoIterator<Item = (&'a Choice, &'a u32)>) {
        for (choice, votes) in votes {
            *self.votes.entry(*choice).or_default() += u64::from(*votes);
        }
        self.parts += 1;
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        for (choice, votes) in other.votes {
            *self.votes.entry(choice).or_default() += votes;
        }
        self.parts += other.parts;
        self.of += other.of;
    }
}

/// A document that says something else than those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The document.
    pub(crate) rung: Rung,
    /// The region whose figures changed.
    pub(crate) region: RegionCode,
    /// For each choice that changed: the document minus the sum below it.
    pub(crate) votes: BTreeMap<Choice, i64>,
    /// Sum of all changes without their signs.
    pub(crate) size: u64,
}

/// What the ladder shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) changes: Vec<Change>,
    /// Numbers of figures, by document, that have no complete sum below them.
    pub(crate) not_compared: BTreeMap<Rung, u32>,
}

/// The figures of a region, to be compared rung by rung.
pub(crate) struct Ladder<'a, T> {
    pub(crate) tree: &'a T,
    pub(crate) official: &'a OfficialByRung,
    /// The official figures of stations, added up by desa and every region above.
    pub(crate) stations: &'a BTreeMap<RegionCode, PartialSum>,
    /// The witnesses' figures, likewise.
    pub(crate) witnessed: &'a BTreeMap<RegionCode, PartialSum>,
}

impl<T: Tree> Ladder<'_, T> {
    /// Every document whose figures differ from those below it.
    pub(crate) fn changes(&self) -> Found {
        let mut found = Found::default();
        for ((rung, unit), figures) in self.official {
            let Unit::Region(region) = unit else { continue };
            let Some(below) = self.below(*rung, region) else {
                *found.not_compared.entry(*rung).or_default() += 1;
                continue;
            };
            let votes = differences(figures, &below);
            if !votes.is_empty() {
                let size = votes.values().map(|difference| difference.unsigned_abs()).sum();
                found.changes.push(Change { rung: *rung, region: region.clone(), votes, size });
            }
        }
        found
    }

    /// The complete sum with which a document's figures of a region are compared.
    fn below(&self, rung: Rung, region: &RegionCode) -> Option<PartialSum> {
        let own_columns = self.columns(rung, region).filter(|_| is_total(rung, region));
        own_columns.or_else(|| self.sum_of_documents_below(rung, region))
    }

    /// The sum of the document's own figures of the regions below, if it has all of them.
    fn columns(&self, rung: Rung, region: &RegionCode) -> Option<PartialSum> {
        let mut sum = PartialSum::default();
        for child in self.tree.children(region) {
            sum.add(&self.official.get(&(rung, Unit::Region(child)))?.votes);
            sum.of += 1;
        }
        Some(sum).filter(PartialSum::is_complete)
    }

    fn sum_of_documents_below(&self, rung: Rung, region: &RegionCode) -> Option<PartialSum> {
        let mut rung = rung;
        while let Some(below) = rung.below() {
            let sum = self.sum(below, region);
            if sum.is_complete() {
                return Some(sum);
            }
            rung = below;
        }
        self.witnessed.get(region).filter(|sum| sum.is_complete()).cloned()
    }

    /// What a document says of a region: its own figure, or the sum of its columns. Of a region above the
    /// document, the sum of all documents of its kind.
    pub(crate) fn sum(&self, rung: Rung, region: &RegionCode) -> PartialSum {
        if rung == Rung::Station {
            let none = || PartialSum { of: self.tree.stations(region), ..PartialSum::default() };
            return self.stations.get(region).cloned().unwrap_or_else(none);
        }
        if Rung::of_level(region.level()) > rung {
            let mut sum = PartialSum::default();
            self.tree.children(region).iter().for_each(|child| sum.merge(self.sum(rung, child)));
            return sum;
        }
        let own = self.official.get(&(rung, Unit::Region(region.clone())));
        let mut sum = PartialSum { of: 1, ..PartialSum::default() };
        if let Some(figures) = own {
            sum.add(&figures.votes);
        } else if let Some(columns) = self.columns(rung, region).filter(|_| is_total(rung, region)) {
            sum = PartialSum { votes: columns.votes, parts: 1, of: 1 };
        }
        sum
    }
}

/// Whether a document's figure of a region is its total, and not one of its columns.
fn is_total(rung: Rung, region: &RegionCode) -> bool {
    region.level() != RegionLevel::Desa && Rung::of_level(region.level()) == rung
}

/// The document minus the sum below it, for each choice that both state and that differs.
fn differences(figures: &OfficialFigures, below: &PartialSum) -> BTreeMap<Choice, i64> {
    let difference = |(choice, stated): (&Choice, &u32)| {
        let below = i64::try_from(*below.votes.get(choice)?).unwrap_or(i64::MAX);
        let difference = i64::from(*stated) - below;
        (difference != 0).then_some((*choice, difference))
    };
    figures.votes.iter().filter_map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two kabupaten of two kecamatan each, of which each has one desa of two stations.
    struct Four;

    impl Tree for Four {
        fn children(&self, region: &RegionCode) -> Vec<RegionCode> {
            let below: &[&str] = match region.level() {
                RegionLevel::Provinsi => &["01", "02"],
                RegionLevel::KabupatenKota => &["01", "02"],
                RegionLevel::Kecamatan => &["2001"],
                RegionLevel::Desa => &[],
            };
            below.iter().map(|part| format!("{region}.{part}").parse().unwrap()).collect()
        }

        fn stations(&self, region: &RegionCode) -> u32 {
            match region.level() {
                RegionLevel::Provinsi => 8,
                RegionLevel::KabupatenKota => 4,
                RegionLevel::Kecamatan | RegionLevel::Desa => 2,
            }
        }
    }

    fn code(text: &str) -> RegionCode {
        text.parse().unwrap()
    }

    /// Every station has 100 votes for one choice.
    fn witnessed(missing: &str) -> BTreeMap<RegionCode, PartialSum> {
        let mut sums = BTreeMap::new();
        for region in ["52", "52.01", "52.02", "52.01.01", "52.01.02", "52.02.01", "52.02.02"] {
            let of = Four.stations(&code(region));
            let parts = if missing.starts_with(region) { of - 1 } else { of };
            let votes = BTreeMap::from([(Choice::Candidate(1), u64::from(parts) * 100)]);
            sums.insert(code(region), PartialSum { votes, parts, of });
        }
        sums
    }

    fn official(list: &[(Rung, &str, u32)]) -> OfficialByRung {
        list.iter()
            .map(|(rung, unit, votes)| {
                let votes = BTreeMap::from([(Choice::Candidate(1), *votes)]);
                ((*rung, unit.parse().unwrap()), OfficialFigures { votes, ..OfficialFigures::default() })
            })
            .collect()
    }

    fn changes(list: &[(Rung, &str, u32)], missing: &str) -> (Vec<(Rung, String, i64)>, u32) {
        let (witnessed, official, stations) = (witnessed(missing), official(list), BTreeMap::new());
        let ladder = Ladder { tree: &Four, official: &official, stations: &stations, witnessed: &witnessed };
        let found = ladder.changes();
        let named = |change: &Change| {
            (change.rung, change.region.to_string(), *change.votes.values().next().unwrap())
        };
        (found.changes.iter().map(named).collect(), found.not_compared.values().sum())
    }

    use Rung::{KabupatenKota, Kecamatan, Provinsi};

    const ALL: [(Rung, &str, u32); 7] = [
        (Kecamatan, "52.01.01", 200),
        (Kecamatan, "52.01.02", 200),
        (Kecamatan, "52.02.01", 200),
        (Kecamatan, "52.02.02", 200),
        (KabupatenKota, "52.01", 400),
        (KabupatenKota, "52.02", 400),
        (Provinsi, "52", 800),
    ];

    #[test]
    fn a_change_is_found_on_its_rung_and_nowhere_above() {
        assert_eq!(changes(&ALL, "-"), (vec![], 0));
        let mut kecamatan = ALL;
        kecamatan[0].2 = 230;
        kecamatan[4].2 = 430;
        kecamatan[6].2 = 830;
        assert_eq!(changes(&kecamatan, "-").0, [(Kecamatan, "52.01.01".into(), 30)]);
        let mut kabupaten = ALL;
        kabupaten[5].2 = 390;
        kabupaten[6].2 = 790;
        assert_eq!(changes(&kabupaten, "-").0, [(KabupatenKota, "52.02".into(), -10)]);
        let mut provinsi = ALL;
        provinsi[6].2 = 801;
        assert_eq!(changes(&provinsi, "-").0, [(Provinsi, "52".into(), 1)]);
    }

    #[test]
    fn two_changes_that_cancel_out_are_both_found() {
        let mut both = ALL;
        both[0].2 = 230;
        both[4].2 = 400;
        assert_eq!(
            changes(&both, "-").0,
            [(Kecamatan, "52.01.01".into(), 30), (KabupatenKota, "52.01".into(), -30)]
        );
    }

    #[test]
    fn a_sum_with_missing_parts_is_not_compared() {
        assert_eq!(changes(&ALL, "52.01.01"), (vec![], 1));
        // Without the kecamatan's documents the kabupaten's is compared with the stations.
        let only = [(KabupatenKota, "52.02", 405)];
        assert_eq!(changes(&only, "52.01.01").0, [(KabupatenKota, "52.02".into(), 5)]);
        assert_eq!(changes(&only, "52.02.01"), (vec![], 1));
    }

    #[test]
    fn the_columns_of_a_document_are_compared_with_the_documents_below() {
        let kota = [
            (Kecamatan, "52.01.01", 200),
            (Kecamatan, "52.01.02", 200),
            (KabupatenKota, "52.01.01", 200),
            (KabupatenKota, "52.01.02", 260),
            (KabupatenKota, "52.01", 470),
        ];
        let found = changes(&kota, "-").0;
        assert_eq!(
            found,
            [(KabupatenKota, "52.01".into(), 10), (KabupatenKota, "52.01.02".into(), 60)],
            "its total is compared with its own columns"
        );
    }
}
