//! A package of the size of the whole country in 2024: 820,161 stations, 2,749 contests, a quarter of a
//! million candidates. All names are invented.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::Instant;

use tally::{ContestKind, Election, RegionCode, StationId};

const PROVINSI: usize = 38;
const KABUPATEN_KOTA: usize = 514;
const KECAMATAN: usize = 7_277;
const DESA: usize = 83_860;
const STATIONS: usize = 820_161;
const DISTRICTS: [(ContestKind, usize); 4] = [
    (ContestKind::Dpr, 84),
    (ContestKind::Dpd, PROVINSI),
    (ContestKind::DprdProvinsi, 301),
    (ContestKind::DprdKabkota, 2_325),
];

/// Part `index` of `parts` nearly equal parts of `0..all`.
fn part(all: usize, parts: usize, index: usize) -> Range<usize> {
    all * index / parts..all * (index + 1) / parts
}

/// The codes of one level of the tree, each below its parent.
fn level(parents: &[String], count: usize, code: impl Fn(usize) -> String) -> Vec<String> {
    let below = |(index, parent): (usize, &String)| {
        let children = part(count, parents.len(), index);
        children.enumerate().map(|(nth, _)| format!("{parent}.{}", code(nth + 1))).collect::<Vec<_>>()
    };
    parents.iter().enumerate().flat_map(below).collect()
}

struct Nation {
    provinsi: Vec<String>,
    kabupaten_kota: Vec<String>,
    kecamatan: Vec<String>,
    desa: Vec<String>,
}

impl Nation {
    fn new() -> Self {
        let provinsi: Vec<String> = (0..PROVINSI).map(|index| (index + 11).to_string()).collect();
        let kabupaten_kota = level(&provinsi, KABUPATEN_KOTA, |nth| format!("{nth:02}"));
        let kecamatan = level(&kabupaten_kota, KECAMATAN, |nth| format!("{nth:02}"));
        let desa = level(&kecamatan, DESA, |nth| format!("{}", 2_000 + nth));
        Self { provinsi, kabupaten_kota, kecamatan, desa }
    }

    fn json(&self) -> String {
        let mut json = String::from(
            r#"{"format":"saksi-election/2","id":"nation","version":1,"title":{"id":"Contoh","en":"Example"},
            "date":"2029-02-14","station_voters_max":300,"parties":["#,
        );
        list(&mut json, 1..=24, |json, party| {
            let _ = write!(json, r#"{{"number":{party},"name":"Partai Contoh {party}"}}"#);
        });
        json.push_str(r#"],"contests":["#);
        self.contests(&mut json);
        json.push_str(r#"],"regions":["#);
        let levels = [&self.provinsi, &self.kabupaten_kota, &self.kecamatan, &self.desa];
        list(&mut json, levels.into_iter().flatten(), |json, code| {
            let _ = write!(json, r#"{{"code":"{code}","name":"Wilayah {code}"}}"#);
        });
        json.push_str(r#"],"stations":["#);
        list(&mut json, self.desa.iter().enumerate(), |json, (index, desa)| {
            let stations = part(STATIONS, DESA, index).len();
            let _ = write!(json, r#"{{"desa":"{desa}","numbers":"1-{stations}"}}"#);
        });
        json.push_str("]}");
        json
    }

    fn contests(&self, json: &mut String) {
        json.push_str(
            r#"{"id":"ppwp","kind":"ppwp","title":{"id":"P","en":"P"},"short_title":{"id":"P","en":"P"},
            "form":"c-hasil-ppwp-2024","candidates":[{"number":1,"names":["A","B"]},{"number":2,"names":["C","D"]}]}"#,
        );
        for (kind, count) in DISTRICTS {
            let (whole, form, listed) = match kind {
                ContestKind::Dpr => (&self.kabupaten_kota, "c-hasil-dpr-2024", 7),
                ContestKind::Dpd => (&self.provinsi, "c-hasil-dpd-2024", 0),
                ContestKind::DprdProvinsi => (&self.kabupaten_kota, "c-hasil-dprd-prov-2024", 6),
                _ => (&self.kecamatan, "c-hasil-dprd-kabko-2024", 5),
            };
            for index in 0..count {
                let district = &whole[part(whole.len(), count, index)];
                contest(json, kind, index, district, form, listed);
            }
        }
    }
}

fn contest(
    json: &mut String,
    kind: ContestKind,
    index: usize,
    district: &[String],
    form: &str,
    listed: usize,
) {
    let word = kind.word();
    let id = format!("{}-{index}", word.replace('_', "-"));
    let _ = write!(
        json,
        r#",{{"id":"{id}","kind":"{word}","title":{{"id":"{id}","en":"{id}"}},"short_title":{{"id":"K","en":"K"}},
        "form":"{form}","seats":8,"district":{district:?},"#
    );
    if listed == 0 {
        json.push_str(r#""candidates":["#);
        list(json, 1..=18, |json, number| candidate(json, &id, 0, number));
    } else {
        let parties = if district[0].starts_with("11") { 24 } else { 18 };
        json.push_str(r#""lists":["#);
        list(json, 1..=parties, |json, party| {
            let _ = write!(json, r#"{{"party":{party},"candidates":["#);
            list(json, 1..=listed + (party + index) % 3, |json, number| candidate(json, &id, party, number));
            json.push_str("]}");
        });
    }
    json.push_str("]}");
}

fn candidate(json: &mut String, contest: &str, party: usize, number: usize) {
    let _ = write!(json, r#"{{"number":{number},"names":["Calon {number} {contest} {party}"]}}"#);
}

fn list<T>(json: &mut String, entries: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    for (index, entry) in entries.into_iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write(json, entry);
    }
}

#[test]
fn a_package_of_the_whole_country_is_read_searched_and_cut() {
    let nation = Nation::new();
    let json = nation.json();
    let start = Instant::now();
    let election = Election::from_json(&json).unwrap_or_else(|error| panic!("{error}"));
    let lists = election.contests.iter().flat_map(|contest| &contest.lists);
    let candidates: usize = lists.map(|list| list.candidates.len()).sum();
    println!(
        "{} MB, {} contests, {candidates} candidates on lists, {} stations, read in {:.1} s",
        json.len() / 1_000_000,
        election.contests.len(),
        election.station_count(),
        start.elapsed().as_secs_f32()
    );
    assert_eq!((election.contests.len(), election.station_count() as usize), (2_749, STATIONS));
    assert!(candidates > 250_000);
    let some: Vec<StationId> = election.stations().step_by(997).collect();
    for station in &some {
        let kinds: Vec<ContestKind> = election.contests_at(station).map(|contest| contest.kind).collect();
        assert_eq!(kinds, ContestKind::ALL[..5], "{station}");
    }
    let slice = election.slice(&some[100..101]);
    let bytes = slice.to_json().unwrap();
    assert_eq!(slice.contests.len(), 5);
    assert_eq!(Election::from_json(&bytes).as_ref(), Ok(&slice));
    println!("a phone's slice has {} bytes before compression", bytes.len());
    let kota: RegionCode = nation.kabupaten_kota[7].parse().unwrap();
    let inside = election.stations().filter(|station| kota.contains(station.desa()));
    let voted: BTreeSet<&str> = inside
        .step_by(5)
        .flat_map(|station| {
            election.contests_at(&station).map(|contest| contest.id.as_str()).collect::<Vec<_>>()
        })
        .collect();
    let touching = election.contests.iter().filter(|contest| contest.touches(&kota));
    assert_eq!(touching.map(|contest| contest.id.as_str()).collect::<BTreeSet<_>>(), voted);
}
