//! The contests of a general election of national size: districts of kabupaten and kecamatan, 18 national
//! parties and 6 of Aceh, a quarter of a million candidates. All names are invented.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::{Value, json};
use tally::{ContestKind, RegionCode, RegionLevel};

use crate::rng::TestRng;

/// The numbers of the national parties in 2024.
const NATIONAL_PARTIES: [u16; 18] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 24];
/// The parties that stand in Aceh only.
const PARTIES_OF_ACEH: std::ops::RangeInclusive<u16> = 18..=23;
const ACEH: &str = "11";

/// How the districts of a kind are cut.
struct Districts {
    kind: ContestKind,
    form: &'static str,
    /// A district does not reach across regions of this level.
    within: RegionLevel,
    /// The level of its parts.
    parts: RegionLevel,
    /// Maximum number of parts of a district.
    parts_max: usize,
    seats: u16,
    /// About the number of candidates of a list.
    candidates: usize,
}

/// About the numbers of districts of 2024: 84, 38, 301 and 2,325.
const DISTRICTS: [Districts; 4] = [
    Districts {
        kind: ContestKind::Dpr,
        form: "c-hasil-dpr-2024",
        within: RegionLevel::Provinsi,
        parts: RegionLevel::KabupatenKota,
        parts_max: 8,
        seats: 8,
        candidates: 8,
    },
    Districts {
        kind: ContestKind::Dpd,
        form: "c-hasil-dpd-2024",
        within: RegionLevel::Provinsi,
        parts: RegionLevel::Provinsi,
        parts_max: 1,
        seats: 4,
        candidates: 0,
    },
    Districts {
        kind: ContestKind::DprdProvinsi,
        form: "c-hasil-dprd-prov-2024",
        within: RegionLevel::Provinsi,
        parts: RegionLevel::KabupatenKota,
        parts_max: 2,
        seats: 8,
        candidates: 7,
    },
    Districts {
        kind: ContestKind::DprdKabkota,
        form: "c-hasil-dprd-kabko-2024",
        within: RegionLevel::KabupatenKota,
        parts: RegionLevel::Kecamatan,
        parts_max: 3,
        seats: 9,
        candidates: 5,
    },
];
/// Number of candidates for the regional senate in a provinsi.
const SENATE_CANDIDATES: usize = 18;

/// The parties of the package.
pub(super) fn parties() -> Value {
    let party = |number| json!({ "number": number, "name": format!("Partai Contoh {number}") });
    let numbers: BTreeSet<u16> = NATIONAL_PARTIES.into_iter().chain(PARTIES_OF_ACEH).collect();
    numbers.into_iter().map(party).collect()
}

/// The contests of the first `kinds` of the four that have districts.
///
/// # Errors
/// When a code is none.
pub(super) fn contests(desas: &[String], kinds: usize) -> Result<Vec<Value>> {
    let desas: Vec<RegionCode> = desas.iter().map(|code| code.parse()).collect::<Result<_, _>>()?;
    let mut names = Names(TestRng::new(2_024));
    let mut contests = Vec::new();
    for districts in DISTRICTS.iter().take(kinds) {
        for (nth, district) in districts.of(&desas).into_iter().enumerate() {
            contests.push(districts.contest(nth, &district, &mut names));
        }
    }
    Ok(contests)
}

impl Districts {
    /// The regions of each district.
    fn of(&self, desas: &[RegionCode]) -> Vec<Vec<RegionCode>> {
        let mut parts: BTreeMap<RegionCode, BTreeSet<RegionCode>> = BTreeMap::new();
        for desa in desas {
            let path = desa.path();
            let at = |level| path.iter().find(|code: &&RegionCode| code.level() == level).cloned();
            if let (Some(within), Some(part)) = (at(self.within), at(self.parts)) {
                parts.entry(within).or_default().insert(part);
            }
        }
        let district = |parts: BTreeSet<RegionCode>| {
            let parts: Vec<RegionCode> = parts.into_iter().collect();
            parts.chunks(self.parts_max).map(<[RegionCode]>::to_vec).collect::<Vec<_>>()
        };
        parts.into_values().flat_map(district).collect()
    }

    fn contest(&self, nth: usize, district: &[RegionCode], names: &mut Names) -> Value {
        let word = self.kind.word();
        let id = format!("{}-{}", word.replace('_', "-"), nth + 1);
        let title = format!("{} daerah pemilihan contoh {}", word.to_uppercase().replace('_', " "), nth + 1);
        let is_aceh = district.first().is_some_and(|code| code.as_str().starts_with(ACEH));
        let (candidates, lists) = if self.candidates == 0 {
            (names.candidates(SENATE_CANDIDATES), Vec::new())
        } else {
            (Vec::new(), self.lists(is_aceh, nth, names))
        };
        json!({
            "id": id, "kind": word, "form": self.form, "seats": self.seats, "district": district,
            "title": { "id": title, "en": title },
            "short_title": { "id": word.to_uppercase(), "en": word.to_uppercase() },
            "candidates": candidates, "lists": lists,
        })
    }

    fn lists(&self, is_aceh: bool, nth: usize, names: &mut Names) -> Vec<Value> {
        let of_aceh = PARTIES_OF_ACEH.filter(|_| is_aceh && self.kind != ContestKind::Dpr);
        let parties: BTreeSet<u16> = NATIONAL_PARTIES.into_iter().chain(of_aceh).collect();
        let list = |party: u16| {
            // Some lists are shorter than others.
            let count = self.candidates - (usize::from(party) + nth) % 3;
            json!({ "party": party, "candidates": names.candidates(count) })
        };
        parties.into_iter().map(list).collect()
    }
}

/// Makes up names of people.
struct Names(TestRng);

impl Names {
    /// Candidates with different names.
    fn candidates(&mut self, count: usize) -> Vec<Value> {
        let mut taken = BTreeSet::new();
        while taken.len() < count {
            taken.insert(self.name());
        }
        (1..)
            .zip(taken)
            .map(|(number, name): (u16, String)| json!({ "number": number, "names": [name] }))
            .collect()
    }

    fn name(&mut self) -> String {
        const FIRST: [&str; 16] = [
            "Agam", "Bima", "Candra", "Dewi", "Eka", "Fajar", "Galuh", "Hanum", "Intan", "Joko", "Kirana",
            "Laras", "Mahesa", "Nirmala", "Panji", "Ratna",
        ];
        const BEGIN: [&str; 12] = [
            "Adhi", "Bumi", "Cakra", "Jala", "Langit", "Mega", "Puspa", "Rana", "Samudra", "Surya", "Wana",
            "Wira",
        ];
        const END: [&str; 10] =
            ["guna", "kencana", "luhung", "mukti", "nagari", "pati", "prana", "sekar", "utami", "wijaya"];
        const TITLES: [&str; 5] = ["", ", S.E.", ", S.H.", ", M.Si.", ", S.Pd."];
        let mut pick = |words: &[&'static str]| words[self.0.index(words.len())];
        let (first, begin, end) = (pick(&FIRST), pick(&BEGIN), pick(&END));
        format!("{first} {begin}{end}{}", pick(&TITLES))
    }
}
