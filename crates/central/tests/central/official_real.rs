//! Real results, where the machine has the files: what the endpoint finds equals what is counted straight
//! from the file.

use std::collections::{BTreeMap, BTreeSet};

use central::model::official::{Rung, Shape};
use central::view::{DifferencesView, Role};
use evidence::{Body as Said, DeviceKey};
use protocol::{Outcome, limit};
use serde_json::json;
use tally::{Choice, RegionCode, StationId};

use crate::lists::list_tally;
use crate::official::{checked, differences, stored};
use crate::post::{Phone, Post};

/// A file of real figures, if the machine has it.
fn real(file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/results");
    let text = std::fs::read_to_string(root.join(file)).ok()?;
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let head = lines.next()?;
    Some(lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect())
}

/// A package with these stations and named regions, and one contest of candidates.
fn package(
    kind: &str,
    form: &str,
    candidates: u16,
    regions: &BTreeMap<String, String>,
    stations: &BTreeSet<StationId>,
) -> serde_json::Value {
    let mut numbers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for station in stations {
        numbers.entry(station.desa().to_string()).or_default().push(station.number().to_string());
    }
    let blocks: Vec<_> =
        numbers.iter().map(|(desa, numbers)| json!({ "desa": desa, "numbers": numbers.join(",") })).collect();
    let regions: Vec<_> = regions.iter().map(|(code, name)| json!({ "code": code, "name": name })).collect();
    let candidates: Vec<_> = (1..=candidates)
        .map(|number| json!({ "number": number, "names": [format!("Calon {number}")] }))
        .collect();
    let title = json!({ "id": "Contoh", "en": "Example" });
    json!({
        "format": "saksi-election/2", "id": "real", "version": 1, "title": title, "date": "2024-02-14",
        "station_voters_max": 800, "regions": regions, "stations": blocks,
        "contests": [{
            "id": "c", "kind": kind, "title": title, "short_title": title, "form": form,
            "candidates": candidates,
        }],
    })
}

/// One row of the presidential election of 2019 in NTB.
struct Row2019 {
    station: StationId,
    /// Of both pairs, and the invalid ones.
    official: [i64; 3],
    valid: i64,
    /// `None` where citizens had not read the form.
    witnessed: Option<[i64; 3]>,
}

/// Codes in Kemendagri's shape for regions that the file names by ids of its own, in the order of the file.
#[derive(Default)]
struct Codes {
    codes: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Codes {
    fn of(&mut self, above: &str, id: &str, name: &str, width: usize) -> String {
        if let Some(code) = self.codes.get(id) {
            return code.clone();
        }
        let number = self.codes.values().filter(|code| is_child(code, above)).count() + 1;
        let code =
            if width == 4 { format!("{above}.{}", 2000 + number) } else { format!("{above}.{number:02}") };
        self.codes.insert(id.to_owned(), code.clone());
        self.names.insert(code.clone(), name.to_owned());
        code
    }
}

fn is_child(code: &str, above: &str) -> bool {
    code.rsplit_once('.').is_some_and(|(parent, _)| parent == above)
}

fn rows_of_2019(lines: &[BTreeMap<String, String>]) -> (Vec<Row2019>, BTreeMap<String, String>) {
    let mut codes = Codes::default();
    codes.names.insert("52".into(), "NUSA TENGGARA BARAT".into());
    let rows = lines
        .iter()
        .map(|line| {
            let kab = codes.of("52", &line["kab_id"], &line["kab"], 2);
            let kec = codes.of(&kab, &line["kec_id"], &line["kec"], 2);
            let desa = codes.of(&kec, &line["kel_id"], &line["kel"], 4);
            let number = |name: &str| line[name].parse::<i64>().ok();
            let three = |of: &str| {
                Some([
                    number(&format!("{of}_pas1"))?,
                    number(&format!("{of}_pas2"))?,
                    number(&format!("{of}_tsah"))?,
                ])
            };
            let desa: RegionCode = desa.parse().unwrap();
            Row2019 {
                station: StationId::new(desa, line["tps"].parse().unwrap()).unwrap(),
                official: three("kpu").unwrap(),
                valid: number("kpu_sah").unwrap(),
                witnessed: three("kp"),
            }
        })
        .collect();
    (rows, codes.names)
}

/// Sends the citizens' reading of each station from a device of its own.
async fn send_all(post: &Post, rows: &[Row2019]) {
    let read: Vec<(&Row2019, [i64; 3])> = rows.iter().filter_map(|row| Some((row, row.witnessed?))).collect();
    let key = |number: usize| {
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
        DeviceKey::from_seed(seed)
    };
    let devices: Vec<_> = read
        .iter()
        .enumerate()
        .map(|(number, (row, _))| (key(number).public(), row.station.clone()))
        .collect();
    post.endpoint.store().seed_enrolled(&devices, &|_| vec![String::from("c")]).unwrap();
    let paper = post.endpoint.election().paper(&"c".parse().unwrap()).unwrap();
    let invalid = paper.fields().iter().position(|field| field.code.as_str() == "V.B").unwrap();
    let subject = |station: &StationId| evidence::Subject {
        namespace: evidence::Namespace::Real,
        election: String::from("real"),
        station: station.to_string(),
    };
    let statements: Vec<Vec<u8>> = read
        .iter()
        .enumerate()
        .map(|(number, (row, [first, second, invalid_votes]))| {
            let votes = [*first, *second].map(|votes| u32::try_from(votes).unwrap());
            let mut body = list_tally(&paper, |choice| match choice {
                Choice::Candidate(number) => votes[usize::from(number) - 1],
                _ => 0,
            });
            body.figures[invalid] = Some(*invalid_votes);
            let mut phone = Phone::new(1);
            phone.key = key(number);
            phone.seal(subject(&row.station), Said::Tally(body)).bytes
        })
        .collect();
    for batch in statements.chunks(limit::STATEMENTS_PER_PUSH) {
        // A device carries the statements of others, at most 600 a minute.
        post.clock.advance(60_000);
        let batch: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        let outcomes = post.push(&batch).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })), "{outcomes:?}");
    }
}

/// What an independent count finds in the file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    compared: u32,
    differing: u32,
    /// Sum of the differences of each pair.
    pairs: [i64; 2],
    swapped: u32,
    size: u64,
}

fn counted(rows: &[Row2019], inside: impl Fn(&StationId) -> bool) -> Counted {
    let mut counted = Counted::default();
    for row in rows.iter().filter(|row| inside(&row.station)) {
        let Some(witnessed) = row.witnessed else { continue };
        let [first, second, invalid] = row.official;
        if first == 0 && second == 0 && invalid == 0 && row.valid == 0 {
            continue;
        }
        counted.compared += 1;
        let by = [first - witnessed[0], second - witnessed[1], invalid - witnessed[2]];
        counted.differing += u32::from(by != [0, 0, 0]);
        counted.size += by.iter().map(|by| by.unsigned_abs()).sum::<u64>();
        counted.pairs[0] += by[0];
        counted.pairs[1] += by[1];
        let crossed = first == witnessed[1] && second == witnessed[0] && first != second;
        counted.swapped += u32::from(crossed && by[2] == 0);
    }
    counted
}

fn found(view: &DifferencesView) -> Counted {
    let stations = view.ladder.rungs.iter().find(|rung| rung.rung == Some(Rung::Station)).unwrap();
    let of = |number: u16| stations.changed.get(&Choice::Candidate(number)).copied().unwrap_or(0);
    Counted {
        compared: view.compared,
        differing: view.differing,
        pairs: [of(1), of(2)],
        swapped: view.shapes.get(&Shape::Swapped).copied().unwrap_or(0),
        size: view.size,
    }
}

/// The file as it is, with the pairs of some rows swapped: nobody swapped them in reality.
fn csv_of(lines: &[BTreeMap<String, String>], rows: &mut [Row2019]) -> String {
    let mut text = String::from("kab,kec,kel,tps,kpu_pas1,kpu_pas2,kpu_sah,kpu_tsah\n");
    for (number, (line, row)) in lines.iter().zip(rows).enumerate() {
        if number % 1_000 == 500 {
            row.official.swap(0, 1);
        }
        let [first, second, invalid] = row.official;
        let place = ["kab", "kec", "kel", "tps"].map(|name| line[name].as_str()).join(",");
        text += &format!("{place},{first},{second},{},{invalid}\n", row.valid);
    }
    text
}

#[tokio::test]
async fn differences_of_16_000_real_stations_equal_a_count_of_the_file() {
    let Some(lines) = real("pilpres_2019_ntb_by_tps.csv") else { return };
    let (mut rows, names) = rows_of_2019(&lines);
    assert_eq!(rows.len(), 15_989);
    let stations: BTreeSet<StationId> = rows.iter().map(|row| row.station.clone()).collect();
    let post = Post::of(&package("ppwp", "c-hasil-ppwp-2024", 2, &names, &stations));
    let cookie = post.user("admin", Role::Admin, None).await;
    send_all(&post, &rows).await;
    post.endpoint.settle_counts().unwrap();

    let import = checked(&post, &cookie, "c", csv_of(&lines, &mut rows), |request| {
        for (field, name) in
            [("votes:1", "kpu_pas1"), ("votes:2", "kpu_pas2"), ("valid", "kpu_sah"), ("invalid", "kpu_tsah")]
        {
            request.columns.columns.insert(field.into(), name.into());
        }
    })
    .await;
    let check = import.check.clone().unwrap();
    assert_eq!((check.faults, check.rows, check.no_reading), (vec![], 15_989, 11));
    stored(&post, &cookie, &import).await;

    let whole = differences(&post, &cookie, "contest=c").await;
    let expected = counted(&rows, |_| true);
    assert!(expected.swapped >= 10 && expected.differing > 100, "{expected:?}");
    assert_eq!(found(&whole), expected);
    for child in &whole.children {
        let code = &child.region.code;
        let view = differences(&post, &cookie, &format!("contest=c&region={code}")).await;
        assert_eq!(found(&view), counted(&rows, |station| code.contains(station.desa())), "{code}");
        for kab in &view.children {
            let code = &kab.region.code;
            let view = differences(&post, &cookie, &format!("contest=c&region={code}")).await;
            assert_eq!(found(&view), counted(&rows, |station| code.contains(station.desa())), "{code}");
        }
    }
    let listed: usize = whole.rows.len();
    assert_eq!(listed, usize::try_from(expected.differing).unwrap().min(200));
}

/// Votes of three candidates for governor, by region.
type Levels = BTreeMap<String, [u32; 3]>;

fn levels(lines: &[BTreeMap<String, String>]) -> Levels {
    let dotted = |code: &str| {
        let parts = [code.get(..2), code.get(2..4), code.get(4..6)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(".")
    };
    let gubernur = lines.iter().filter(|line| line["contest"] == "gubernur");
    gubernur
        .map(|line| {
            let votes = ["suara_01", "suara_02", "suara_03"].map(|name| line[name].parse().unwrap());
            (dotted(&line["kode"]), votes)
        })
        .collect()
}

/// Three stations in one desa of each kecamatan, which add up to it.
fn stations_below(levels: &Levels) -> BTreeMap<StationId, [u32; 3]> {
    let mut stations = BTreeMap::new();
    for (kecamatan, votes) in levels.iter().filter(|(code, _)| code.len() == 8) {
        let desa: RegionCode = format!("{kecamatan}.2001").parse().unwrap();
        for number in 1..=3_u16 {
            let part = votes.map(|votes| votes / 3 + u32::from(number == 1) * (votes % 3));
            stations.insert(StationId::new(desa.clone(), number).unwrap(), part);
        }
    }
    stations
}

/// Changes votes of a region, and of those above it, as those who add up afterwards do.
fn changed_from(levels: &mut Levels, code: &str, candidate: usize, by: i64) {
    for region in code.parse::<RegionCode>().unwrap().path() {
        if region.as_str().len() <= code.len() {
            let votes = levels.get_mut(region.as_str()).unwrap();
            votes[candidate] = u32::try_from(i64::from(votes[candidate]) + by).unwrap();
        }
    }
}

#[tokio::test]
async fn seeded_changes_of_the_recapitulation_are_found_on_their_rung_and_nowhere_else() {
    let Some(lines) = real("ntb_pilkada_2024_levels.csv") else { return };
    let mut levels = levels(&lines);
    assert_eq!(levels.len(), 128);
    let stations = stations_below(&levels);
    let mut names: BTreeMap<String, String> =
        levels.keys().map(|code| (code.clone(), format!("Wilayah {code}"))).collect();
    names.extend(
        stations.keys().map(|station| (station.desa().to_string(), format!("Desa {}", station.desa()))),
    );
    let ids = stations.keys().cloned().collect();
    let post = Post::of(&package("gubernur", "c-hasil-kwk-gubernur-2024", 3, &names, &ids));
    let cookie = post.user("admin", Role::Admin, None).await;
    let row = |code: &str, votes: &[u32; 3]| format!("{code},{},{},{}\n", votes[0], votes[1], votes[2]);
    let head = "kode,suara_01,suara_02,suara_03\n";
    let text = |levels: &Levels| levels.iter().map(|(code, votes)| row(code, votes)).collect::<String>();
    let below: String = stations.iter().map(|(station, votes)| row(&station.to_string(), votes)).collect();
    let first = checked(&post, &cookie, "c", format!("{head}{below}{}", text(&levels)), |_| {}).await;
    let units = first.check.clone().unwrap().units;
    let of = |rung: Rung| units[&rung];
    assert_eq!(Rung::ALL.map(of), [351, 117, 10, 1]);
    stored(&post, &cookie, &first).await;
    let clean = differences(&post, &cookie, "contest=c").await.ladder;
    assert_eq!((clean.changes_total, clean.rungs.len()), (0, 5), "as published, every rung adds up");
    assert!(clean.rungs[1..].windows(2).all(|two| two[0].votes == two[1].votes));

    let kecamatan: Vec<String> = levels.keys().filter(|code| code.len() == 8).cloned().collect();
    let kabupaten: Vec<String> = levels.keys().filter(|code| code.len() == 5).cloned().collect();
    let mut seeded: BTreeSet<(Rung, String, String, i64)> = BTreeSet::new();
    let mut seed = |rung: Rung, code: &str, candidate: usize, by: i64| {
        changed_from(&mut levels, code, candidate, by);
        seeded.insert((rung, code.to_owned(), (candidate + 1).to_string(), by));
    };
    for (number, code) in kecamatan.iter().step_by(13).enumerate() {
        seed(Rung::Kecamatan, code, number % 3, 40 + i64::try_from(number).unwrap());
        seed(Rung::Kecamatan, code, (number + 1) % 3, -7);
    }
    for (number, code) in kabupaten.iter().step_by(3).enumerate() {
        seed(Rung::KabupatenKota, code, number % 3, -100);
    }
    seed(Rung::Provinsi, "52", 2, 1_000);
    let second = checked(&post, &cookie, "c", format!("{head}{}", text(&levels)), |_| {}).await;
    stored(&post, &cookie, &second).await;
    let ladder = differences(&post, &cookie, "contest=c").await.ladder;
    let found: BTreeSet<(Rung, String, String, i64)> = ladder
        .changes
        .iter()
        .flat_map(|change| {
            let place = (change.rung, change.region.code.to_string());
            change.votes.iter().map(move |(choice, by)| (place.0, place.1.clone(), choice.to_string(), *by))
        })
        .collect();
    assert_eq!(found, seeded);
    // The ladder adds up: the top is the bottom and all that changed between.
    let top = &ladder.rungs[4];
    for (choice, votes) in &top.votes {
        let changed: i64 = ladder.rungs[2..].iter().filter_map(|rung| rung.changed.get(choice)).sum();
        let bottom = i64::try_from(ladder.rungs[1].votes[choice]).unwrap();
        assert_eq!(bottom + changed, i64::try_from(*votes).unwrap(), "candidate {choice}");
    }
}
