//! Real figures of party lists through the paper, the checks and the votes.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the functions of a test file are tests too, and these print what they counted"
)]

mod data;

use std::collections::BTreeMap;

use data::{Line, lines};
use serde_json::{Value, json};
use tally::{CheckCode, Choice, Election, FieldCode, Figure, Figures, Paper, StationId};

/// The national parties of 2024.
const PARTIES: [u16; 18] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 24];

/// A package of one contest with these lists at these stations (code of 13 digits, as the source has it).
fn election(
    kind: &str,
    form: &str,
    lists: &BTreeMap<u16, u16>,
    stations: &[&str],
    asked: &Value,
) -> Election {
    let candidates = |count: u16| -> Value {
        (1..=count).map(|number| json!({"number": number, "names": [format!("Calon {number}")]})).collect()
    };
    let mut numbers: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for station in stations.iter().map(|code| station(code)) {
        numbers.entry(station.desa().to_string()).or_default().push(station.number());
    }
    let mut regions: Vec<String> =
        numbers.keys().flat_map(|desa| [2, 5, 8, 13].map(|length| desa[..length].to_owned())).collect();
    regions.sort();
    regions.dedup();
    let block = |(desa, mut numbers): (String, Vec<u16>)| {
        numbers.sort_unstable();
        let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
        json!({"desa": desa, "numbers": numbers.join(",")})
    };
    let package = json!({
        "format": "saksi-election/2", "id": "nyata", "version": 1, "date": "2024-02-14",
        "station_voters_max": 300,
        "title": {"id": "Nyata", "en": "Real"},
        "parties": PARTIES.map(|number| json!({"number": number, "name": format!("Partai {number}")})),
        "contests": [{
            "id": "lists", "kind": kind, "form": form, "asked": asked,
            "title": {"id": "Daftar", "en": "Lists"}, "short_title": {"id": "Daftar", "en": "Lists"},
            "lists": lists
                .iter()
                .map(|(party, count)| json!({"party": party, "candidates": candidates(*count)}))
                .collect::<Vec<_>>(),
        }],
        "regions": regions.iter().map(|code| json!({"code": code, "name": code})).collect::<Vec<_>>(),
        "stations": numbers.into_iter().map(block).collect::<Vec<_>>(),
    });
    Election::from_json(&package.to_string()).unwrap_or_else(|error| panic!("{error}"))
}

/// `3301162001002` as a station.
fn station(code: &str) -> StationId {
    let [provinsi, kota, kecamatan, desa, number] = [0..2, 2..4, 4..6, 6..10, 10..13].map(|part| &code[part]);
    format!("{provinsi}.{kota}.{kecamatan}.{desa}-{number}").parse().unwrap()
}

fn paper(election: &Election) -> Paper {
    election.paper(&election.contests[0].id).unwrap()
}

/// The field of a choice.
fn field(paper: &Paper, choice: Choice) -> FieldCode {
    paper.fields().iter().find(|field| field.choice == Some(choice)).unwrap().code.clone()
}

/// The figures as they arrive elsewhere: over the wire.
fn sent(paper: &Paper, figures: &Figures) -> Figures {
    assert!(paper.misfits(figures).is_empty());
    let sent = paper.from_wire(&paper.to_wire(figures)).unwrap();
    assert_eq!(sent, *figures);
    sent
}

fn add(totals: &mut BTreeMap<Choice, u64>, votes: &BTreeMap<Choice, u32>) {
    for (choice, number) in votes {
        *totals.entry(*choice).or_default() += u64::from(*number);
    }
}

fn number(line: &Line, column: &str) -> Option<u32> {
    line[column].parse().ok()
}

#[test]
fn totals_of_parties_are_counted_as_they_stand_in_the_source() {
    let Some(rows) = lines("legislative_tps.csv") else { return };
    let lists = PARTIES.map(|party| (party, 0)).into();
    let stations: Vec<&str> = rows.iter().map(|row| row["kode_tps"].as_str()).collect();
    let asked = json!({"totals_and_lists_of": []});
    let election = election("dprd_provinsi", "c-hasil-dprd-prov-2024", &lists, &stations, &asked);
    let paper = paper(&election);
    let (mut counted, mut straight) = (BTreeMap::new(), BTreeMap::new());
    let (mut blank, mut zero, mut special) = (0, 0, 0);
    for row in &rows {
        let station = station(&row["kode_tps"]);
        assert!(election.has_station(&station), "{station}");
        special += u32::from(station.number() > 900);
        let mut figures = Figures::default();
        for party in PARTIES {
            if let Some(votes) = number(row, &format!("partai_{party}_total")) {
                figures.0.insert(field(&paper, Choice::List(party)), Figure::Written(votes));
                *straight.entry(Choice::List(party)).or_default() += u64::from(votes);
            }
        }
        let figures = sent(&paper, &figures);
        let votes = paper.votes(&figures);
        add(&mut counted, &votes);
        let sum: u32 = votes.values().sum();
        assert_eq!(votes.is_empty(), row["status"] == "belum", "{station}: blank is not 0");
        assert_eq!((!votes.is_empty()).then_some(sum), number(row, "jumlah_partai"), "{station}");
        let report = paper.check(&figures);
        assert_eq!(report.faults().count(), 0, "{station}: {:?}", report.findings);
        assert_eq!(report.has(CheckCode::W106), !votes.is_empty() && sum == 0, "{station}");
        blank += u32::from(votes.is_empty());
        zero += u32::from(report.has(CheckCode::W106));
    }
    println!("{} stations: {blank} without figures, {zero} of zeros, {special} special", rows.len());
    assert_eq!(counted, straight);
    assert_eq!((rows.len(), blank, zero, special), (976, 306, 6, 15));
}

#[test]
fn votes_of_candidates_are_counted_as_they_stand_in_the_source() {
    let Some(rows) = lines("legislative_tps_dpr_candidates.csv") else { return };
    let mut lists: BTreeMap<u16, u16> = BTreeMap::new();
    let mut stations: BTreeMap<&str, Vec<(Choice, Option<u32>)>> = BTreeMap::new();
    for row in &rows {
        let (party, candidate): (u16, u16) =
            (row["partai"].parse().unwrap(), row["nomor_calon"].parse().unwrap());
        let longest = lists.entry(party).or_default();
        *longest = candidate.max(*longest);
        let of_station = stations.entry(&row["kode_tps"]).or_default();
        of_station.push((Choice::ListCandidate(party, candidate), number(row, "suara_calon")));
    }
    let codes: Vec<&str> = stations.keys().copied().collect();
    let election = election("dpr", "c-hasil-dpr-2024", &lists, &codes, &json!("all"));
    let paper = paper(&election);
    let (mut counted, mut straight) = (BTreeMap::new(), BTreeMap::new());
    let mut zero = 0;
    for (code, votes) in &stations {
        let mut figures = Figures::default();
        for (choice, votes) in votes {
            let Some(votes) = votes else { continue };
            figures.0.insert(field(&paper, *choice), Figure::Written(*votes));
            *straight.entry(*choice).or_default() += u64::from(*votes);
            *straight.entry(Choice::List(choice.party().unwrap())).or_default() += u64::from(*votes);
        }
        let figures = sent(&paper, &figures);
        add(&mut counted, &paper.votes(&figures));
        let report = paper.check(&figures);
        assert_eq!(report.faults().count(), 0, "{code}: {:?}", report.findings);
        let all_zero = votes.iter().all(|(_, votes)| *votes == Some(0));
        assert_eq!(report.has(CheckCode::W106), all_zero, "{code}");
        zero += u32::from(all_zero);
    }
    println!("{} stations with {} candidates, {zero} of zeros", stations.len(), rows.len() / stations.len());
    assert_eq!(counted, straight);
    assert_eq!((stations.len(), rows.len()), (65, 65 * 142));
}
