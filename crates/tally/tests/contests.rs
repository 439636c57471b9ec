//! Contests with districts and lists, kinds of stations, rounds: what the loader refuses, and what it finds.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the functions of a test file are tests too"
)]

use std::path::Path;

use serde_json::{Value, json};
use tally::{Choice, ContestId, Election, Quantity, StationId, StationKind};

fn asset(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets").join(name);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn but(name: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut package = asset(&format!("elections/{name}.json"));
    change(&mut package);
    package.to_string()
}

/// The general election with one change. Its contests are 0 president, 1 DPR, 2 DPD, 3 DPRD of the provinsi,
/// 4 and 5 DPRD of the city.
fn general_but(change: impl FnOnce(&mut Value)) -> String {
    but("demo-general", change)
}

fn pilkada_but(change: impl FnOnce(&mut Value)) -> String {
    but("demo-pilkada", change)
}

/// The general election with the form of the DPR as its own form, and a change in it.
fn form_but(change: impl FnOnce(&mut Value)) -> String {
    let mut form = asset("forms/c-hasil-dpr-2024.json");
    change(&mut form);
    general_but(|package| package["forms"] = json!([form]))
}

fn read(json: &str) -> Election {
    Election::from_json(json).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(json: &str) -> String {
    Election::from_json(json).map(|_| ()).expect_err("the package was accepted").to_string()
}

fn each_is_refused(cases: &[(String, &str)]) {
    for (json, said) in cases {
        assert_eq!(refusal(json), *said);
    }
}

fn round(number: u8, stations: &[&str], contests: &[&str]) -> Value {
    json!({
        "number": number, "kind": "psu", "date": "2026-12-16", "stations": stations, "contests": contests,
        "reason": {"id": "Putusan Bawaslu", "en": "Decision of Bawaslu"},
    })
}

const SELAPARANG: &str = "52.71.05.1001-001";
const AMPENAN: &str = "52.71.01.1004-001";

#[test]
fn lists_that_do_not_fit_are_refused() {
    each_is_refused(&[
        (
            general_but(|p| p["contests"][1]["lists"] = json!([])),
            "contests[1].lists: the contest \"dpr-ntb-2\" has no party lists; list them all\n\
             contests[1].form: the form \"c-hasil-dpr-2024\" has a part for each list, and the contest has no lists",
        ),
        (
            general_but(|p| p["contests"][1]["lists"][2]["party"] = json!(7)),
            "contests[1].lists[2].party: no party has number 7; add it to parties or correct the number",
        ),
        (
            general_but(|p| p["contests"][1]["lists"][2]["party"] = json!(2)),
            "contests[1].lists[2].party: party 2 has two lists here; put its candidates in one",
        ),
        (
            general_but(|p| p["contests"][1]["lists"][0]["candidates"][3]["number"] = json!(3)),
            "contests[1].lists[0].candidates[3].number: candidate number 3 is there twice; give each its own",
        ),
        (
            general_but(|p| p["contests"][1]["lists"][0]["candidates"][3]["party"] = json!(1)),
            "contests[1].lists[0].candidates[3].party: the list names the party; remove it here",
        ),
        (
            general_but(|p| p["contests"][1]["lists"][0]["candidates"][3]["empty_column"] = json!(true)),
            "contests[1].lists[0].candidates[3].empty_column: a list has no empty column; remove it",
        ),
        (
            general_but(|p| {
                let numbers = 1..=21;
                let candidate = |n| json!({"number": n, "names": [format!("Calon {n}")]});
                p["contests"][1]["lists"][0]["candidates"] = numbers.map(candidate).collect();
            }),
            "contests[1].lists[0].candidates: 21 entries, at most 20 are allowed; check that none is there twice",
        ),
        (
            general_but(|p| p["contests"][1]["kind"] = json!("dpd")),
            "contests[1].candidates: the contest \"dpr-ntb-2\" has no candidates; list them all\n\
             contests[1].lists: voters of \"dpd\" choose between candidates; move them to candidates, or correct the kind\n\
             contests[2].district[0]: the contest \"dpr-ntb-2\" is of the kind \"dpd\" and voted there too; a station has \
             one contest of each kind",
        ),
        (
            general_but(|p| p["contests"][1]["candidates"] = json!([{"number": 1, "names": ["A"]}])),
            "contests[1].candidates: voters of \"dpr\" choose between lists; move the candidates to lists\n\
             contests[1].form: the form \"c-hasil-dpr-2024\" has no row of candidates; write one that has it",
        ),
        (
            general_but(|p| p["contests"][1]["form"] = json!("c-hasil-dpd-2024")),
            "contests[1].form: the form \"c-hasil-dpd-2024\" has no part for each list; write the form of a contest of \
             lists",
        ),
        (
            general_but(|p| p["contests"][2]["form"] = json!("c-hasil-dpr-2024")),
            "contests[2].form: the form \"c-hasil-dpr-2024\" has a part for each list, and the contest has no lists",
        ),
        (
            general_but(|p| p["contests"][1]["seats"] = json!(0)),
            "contests[1].seats: 0 seats; write 1 to 200, or leave it out",
        ),
    ]);
}

#[test]
fn a_contest_has_at_most_forty_lists() {
    let json = general_but(|p| {
        p["parties"] = (1..=41).map(|n| json!({"number": n, "name": format!("Partai {n}")})).collect();
        p["contests"][1]["lists"] = (1..=41).map(|n| json!({"party": n, "candidates": []})).collect();
    });
    assert_eq!(
        refusal(&json),
        "contests[1].lists: 41 entries, at most 40 are allowed; check that none is there twice"
    );
}

#[test]
fn what_is_asked_names_parties_with_a_list() {
    let asked = |parties: &[u16]| {
        general_but(|p| p["contests"][5]["asked"] = json!({"totals_and_lists_of": parties}))
    };
    each_is_refused(&[
        (
            asked(&[1, 24]),
            "contests[5].asked.totals_and_lists_of[1]: party 24 has no list in this contest; correct the number",
        ),
        (asked(&[1, 1]), "contests[5].asked.totals_and_lists_of[1]: party 1 is there twice; keep it once"),
        (
            general_but(|p| p["contests"][0]["asked"] = json!({"totals_and_lists_of": []})),
            "contests[0].asked: only the figures of lists can be left out; remove it",
        ),
    ]);
    let election = read(&asked(&[2]));
    let paper = election.paper(&"dprd-mataram-2".parse().unwrap()).unwrap();
    let asked = |choice: &str| {
        let choice: Choice = choice.parse().unwrap();
        paper.fields().iter().find(|field| field.choice == Some(choice)).unwrap().asked
    };
    assert!(asked("L1") && asked("L2") && asked("L2.0") && asked("L2.1"));
    assert!(!asked("L1.0") && !asked("L1.1"));
    assert!(paper.fields().iter().filter(|field| field.choice.is_none()).all(|field| field.asked));
}

#[test]
fn the_empty_column_stands_against_one_pair() {
    let said = "contests[1].candidates: the empty column stands against a single pair; keep one pair and one empty \
                column, or remove it";
    each_is_refused(&[
        (
            pilkada_but(|p| {
                let pair = json!({"number": 3, "names": ["Budi", "Siti"]});
                p["contests"][1]["candidates"].as_array_mut().unwrap().push(pair);
            }),
            said,
        ),
        (pilkada_but(|p| p["contests"][1]["candidates"][0]["empty_column"] = json!(true)), said),
        (
            pilkada_but(|p| {
                p["contests"][1]["candidates"].as_array_mut().unwrap().remove(0);
            }),
            said,
        ),
    ]);
    let election = read(&pilkada_but(|_| {}));
    let paper = election.paper(&"walikota-mataram".parse().unwrap()).unwrap();
    let rows: Vec<&str> =
        paper.fields().iter().filter(|f| f.choice.is_some()).map(|f| f.code.as_str()).collect();
    assert_eq!(rows, ["IV.1", "IV.2"]);
    assert_eq!(paper.reserve_permille(), 25);
    assert_eq!(paper.whole(Quantity::UsersMoved).unwrap().code.as_str(), "I.B.2.J");
}

#[test]
fn districts_that_do_not_fit_are_refused() {
    each_is_refused(&[
        (
            general_but(|p| p["contests"][1]["district"] = json!(["52.72", "52.71"])),
            "contests[1].district[0]: 52.72 is not among the regions; add it there or correct the code",
        ),
        (
            general_but(|p| p["contests"][1]["district"] = json!(["52.71", "52.71"])),
            "contests[1].district[1]: 52.71 is there twice; keep it once",
        ),
        (
            general_but(|p| p["contests"][1]["district"] = json!(["52.71.05", "52.71"])),
            "contests[1].district[0]: 52.71.05 lies in 52.71, which is there too; keep one of them",
        ),
        (
            general_but(|p| p["contests"][5]["district"] = json!(["52.71.01", "52.71.05"])),
            "contests[5].district[1]: the contest \"dprd-mataram-1\" is of the kind \"dprd_kabkota\" and voted there too; \
             a station has one contest of each kind",
        ),
        (
            general_but(|p| p["contests"][5]["district"] = json!(["52.71"])),
            "contests[4].district[0]: 52.71.05 lies in 52.71, where the contest \"dprd-mataram-2\" of the same kind is \
             voted; a station has one contest of each kind",
        ),
        (
            general_but(|p| {
                p["contests"][5].as_object_mut().unwrap().remove("district");
            }),
            "contests[4].district: the contest \"dprd-mataram-2\" is of the same kind and voted everywhere; give it a \
             district too",
        ),
        (
            general_but(|p| {
                for contest in [4, 5] {
                    p["contests"][contest].as_object_mut().unwrap().remove("district");
                }
            }),
            "contests[5].kind: the contest \"dprd-mataram-1\" is of the kind \"dprd_kabkota\" and voted there too; a \
             station has one contest of each kind",
        ),
    ]);
}

#[test]
fn a_station_without_any_contest_is_refused() {
    let only_selaparang = |p: &mut Value| {
        let contest = p["contests"][4].clone();
        p["contests"] = json!([contest]);
        p["stations"].as_array_mut().unwrap().truncate(10);
    };
    assert_eq!(
        refusal(&general_but(only_selaparang)),
        "stations[9].desa: no contest is voted in 52.71.01.1004; add it to the district of one, or remove its stations"
    );
}

#[test]
fn wrong_codes_of_districts_are_reported_with_all_others() {
    let json = general_but(|p| {
        p["contests"][1]["district"] = json!(["52", 5271]);
        p["contests"][4]["district"] = json!(["5271"]);
        p["regions"][1]["code"] = json!("52.1");
    });
    let error = Election::from_json(&json).unwrap_err();
    let paths: Vec<&str> = error.mistakes().iter().map(|mistake| mistake.path.as_str()).collect();
    assert_eq!(paths, ["contests[1].district[1]", "contests[4].district[0]", "regions[1].code"]);
}

/// What a package of format 1 cannot have, and its path.
type Later = (fn(&mut Value), &'static str);

#[test]
fn format_1_has_no_features_of_format_2() {
    let said = |path: &str| {
        format!("{path}: \"saksi-election/1\" does not know this; write the format \"saksi-election/2\"")
    };
    let demo_but = |change: fn(&mut Value)| but("demo", change);
    let cases: [Later; 10] = [
        (|p| p["contests"][0]["kind"] = json!("gubernur"), "contests[0].kind"),
        (|p| p["contests"][0]["district"] = json!(["52"]), "contests[0].district"),
        (|p| p["contests"][0]["seats"] = json!(3), "contests[0].seats"),
        (
            |p| p["contests"][0]["forms_by_kind"] = json!({"ksk": "c-hasil-ppwp-ln-2024"}),
            "contests[0].forms_by_kind",
        ),
        (|p| p["reserve_permille"] = json!(25), "reserve_permille"),
        (|p| p["readiness"] = json!({"exercises_min": 3}), "readiness"),
        (|p| p["voters_max_by_kind"] = json!({"pos": 200_000}), "voters_max_by_kind"),
        (|p| p["stations"][0]["kind"] = json!("ksk"), "stations[0].kind"),
        (|p| p["rounds"] = json!([round(2, &[SELAPARANG], &[])]), "rounds"),
        (
            |p| {
                p["contests"][0]["candidates"].as_array_mut().unwrap().truncate(2);
                p["contests"][0]["candidates"][1]["empty_column"] = json!(true);
            },
            "contests[0].candidates[1].empty_column",
        ),
    ];
    for (change, path) in cases {
        assert_eq!(refusal(&demo_but(change)), said(path));
    }
    let form = but("demo", |p| {
        let mut form = asset("forms/c-hasil-ppwp-2024.json");
        form["pages"][1]["repeat"] = json!({"candidates": 100});
        p["forms"] = json!([form]);
    });
    assert_eq!(refusal(&form), said("forms[0].pages[1].repeat"));
}

#[test]
fn forms_of_other_kinds_of_stations_exist_and_fit() {
    each_is_refused(&[
        (
            general_but(|p| p["contests"][1]["forms_by_kind"] = json!({"pos": "c-hasil-ppwp-pos-2024"})),
            "contests[1].forms_by_kind.pos: the form \"c-hasil-ppwp-pos-2024\" has no part for each list; write the form \
             of a contest of lists",
        ),
        (
            general_but(|p| p["contests"][1]["forms_by_kind"] = json!({"tps": "c-hasil-dpr-2024"})),
            "contests[1].forms_by_kind.tps: the form of a TPS stands in form; write it there",
        ),
        (
            general_but(|p| p["voters_max_by_kind"] = json!({"tps": 300, "pos": 0, "ksk": 1_000_001})),
            "voters_max_by_kind.tps: the most voters of a TPS stand in station_voters_max; write them there\n\
             voters_max_by_kind.ksk: 1000001 cannot be the most voters of a station; write 1 to 1000000, or leave the \
             kind out if the law has no maximum\n\
             voters_max_by_kind.pos: 0 cannot be the most voters of a station; write 1 to 1000000, or leave the kind out \
             if the law has no maximum",
        ),
        (
            general_but(|p| p["readiness"] = json!({"accuracy_permille_min": 1_001})),
            "readiness: nobody could reach this; write at most 50 exercises and 1000 thousandths",
        ),
        (
            general_but(|p| p["reserve_permille"] = json!(201)),
            "reserve_permille: 201 thousandths are no reserve; write what the law says, for instance 20 or 25, at most 200",
        ),
    ]);
}

#[test]
fn a_station_abroad_has_its_own_paper_and_legal_maximum() {
    let election = read(&general_but(|p| {
        for code in ["99", "99.10", "99.10.01", "99.10.01.0001"] {
            p["regions"].as_array_mut().unwrap().push(json!({"code": code, "name": "Kuala Lumpur"}));
        }
        for (kind, numbers) in [("pos", "1-3"), ("ksk", "1"), ("tpsln", "1-2")] {
            let block = json!({"desa": "99.10.01.0001", "kind": kind, "numbers": numbers});
            p["stations"].as_array_mut().unwrap().push(block);
        }
        p["voters_max_by_kind"] = json!({"pos": 200_000});
        p["contests"][1]["district"] = json!(["52", "99"]);
        p["contests"][1]["forms_by_kind"] =
            json!({"pos": "c-hasil-dpr-pos-2024", "ksk": "c-hasil-dpr-ln-2024"});
    }));
    let station: StationId = "99.10.01.0001-POS003".parse().unwrap();
    assert!(election.has_station(&station));
    let contests: Vec<&str> = election.contests_at(&station).map(|contest| contest.id.as_str()).collect();
    assert_eq!(contests, ["ppwp", "dpr-ntb-2"]);
    let dpr: ContestId = "dpr-ntb-2".parse().unwrap();
    let paper = election.paper_of_kind(&dpr, StationKind::Pos).unwrap();
    assert_eq!(paper.station_voters_max(), Some(200_000));
    let unused = paper.whole(Quantity::BallotsUnused).unwrap();
    assert!(unused.holds(99_999) && !unused.holds(100_000));
    assert!(paper.whole(Quantity::BallotsUndelivered).is_some());
    let paper = election.paper_of_kind(&dpr, StationKind::Ksk).unwrap();
    assert_eq!(paper.station_voters_max(), None);
    assert!(paper.whole(Quantity::BallotsUndelivered).is_none());
}

#[test]
fn rounds_that_do_not_fit_are_refused() {
    let rounds = |rounds: Value| general_but(|p| p["rounds"] = rounds);
    each_is_refused(&[
        (
            rounds(json!([round(1, &[SELAPARANG], &["ppwp"])])),
            "rounds[0].number: 1 is no later round; the first count is 1, so write 2 to 9\n\
             rounds: 52.71.05.1001-001 and \"ppwp\" have a later round, but no round 2; number the rounds 2, 3, 4",
        ),
        (
            rounds(json!([round(3, &[SELAPARANG], &["ppwp"])])),
            "rounds: 52.71.05.1001-001 and \"ppwp\" have a later round, but no round 2; number the rounds 2, 3, 4",
        ),
        (
            rounds(json!([round(2, &["52.71.05.1001-099"], &["ppwp"])])),
            "rounds[0].contests[0]: the contest \"ppwp\" is voted at none of these stations; remove it\n\
             rounds[0].stations[0]: 52.71.05.1001-099 is not among the stations; correct it or add it there",
        ),
        (
            rounds(json!([round(2, &[SELAPARANG], &["ppwp", "dpr"])])),
            "rounds[0].contests[1]: no contest \"dpr\"; correct the id",
        ),
        (
            rounds(json!([round(2, &[SELAPARANG], &["dprd-mataram-1", "dprd-mataram-2"])])),
            "rounds[0].contests[1]: the contest \"dprd-mataram-2\" is voted at none of these stations; remove it",
        ),
        (
            rounds(json!([round(2, &[SELAPARANG, AMPENAN], &["dprd-mataram-1"])])),
            "rounds[0].stations[1]: 52.71.01.1004-001 votes in none of the round's contests; remove it",
        ),
        (
            rounds(json!([round(2, &[SELAPARANG], &["ppwp"]), round(2, &[AMPENAN, SELAPARANG], &[])])),
            "rounds[1].number: round 2 of 52.71.05.1001-001 and \"ppwp\" is there twice; number them in their order",
        ),
        (rounds(json!([round(2, &[], &[])])), "rounds[0].stations: there is no station; add at least one"),
        (
            rounds(json!([round(2, &[SELAPARANG, SELAPARANG], &["ppwp", "ppwp"])])),
            "rounds[0].contests[1]: the contest \"ppwp\" is there twice; keep it once\n\
             rounds[0].stations[1]: 52.71.05.1001-001 is there twice; keep it once",
        ),
    ]);
}

#[test]
fn a_slice_keeps_the_rounds_of_its_stations_and_contests() {
    let election = read(&general_but(|p| {
        p["rounds"] = json!([
            round(2, &[SELAPARANG, AMPENAN], &["dprd-mataram-1", "dprd-mataram-2"]),
            round(2, &[AMPENAN], &["ppwp"]),
            round(3, &[SELAPARANG], &["dprd-mataram-1"]),
        ]);
    }));
    let station: StationId = SELAPARANG.parse().unwrap();
    let newest =
        |election: &Election, contest: &str| election.newest_round(&station, &contest.parse().unwrap());
    let slice = election.slice(std::slice::from_ref(&station));
    for package in [&election, &slice, &read(&slice.to_json().unwrap())] {
        assert_eq!(newest(package, "dprd-mataram-1"), 3);
        assert_eq!(newest(package, "ppwp"), 1);
    }
    let contests: Vec<&str> = slice.contests.iter().map(|contest| contest.id.as_str()).collect();
    assert_eq!(contests, ["ppwp", "dpr-ntb-2", "dpd-ntb", "dprd-ntb-1", "dprd-mataram-1"]);
    assert_eq!(slice.rounds.len(), 2);
    assert_eq!(slice.rounds[0].contests, ["dprd-mataram-1".parse().unwrap()]);
    assert_eq!(slice.rounds[0].stations, [station]);
}

#[test]
fn forms_with_parts_for_each_list_are_examined() {
    each_is_refused(&[
        (
            form_but(|f| f["sections"][4]["page"] = json!(2)),
            "forms[0].sections[4].page: page 2 is there once for each list, and this section is not",
        ),
        (
            form_but(|f| f["pages"][1]["repeat"] = json!({"candidates": 10})),
            "forms[0].sections[3].page: page 2 repeats for candidates who are on no list",
        ),
        (
            form_but(|f| f["pages"][1]["repeat"] = json!({"candidates": 0})),
            "forms[0].pages[1].repeat: 0 candidates on a page; write how many it has room for\n\
             forms[0].sections[3].page: page 2 repeats for candidates who are on no list",
        ),
        (
            form_but(|f| f["pages"][2]["tag"] = json!(1159)),
            "forms[0].pages[2].tag: tag 1159 is on two pages; each page has its own, and so has each copy of a repeated \
             page",
        ),
        (
            form_but(|f| f["sections"][4]["rows"][0]["counts"] = json!("list_votes")),
            "forms[0].sections[4].rows[0].counts: only a section that is there for each list has votes of a party; set \
             each_list\n\
             forms[0].sections[4].rows[0].counts: forms[0].sections[3].rows[2] counts the same; a form says each quantity \
             in one row",
        ),
        (
            form_but(|f| f["sections"][3]["rows"][2]["code"] = json!("IV.A.2.B")),
            "forms[0].sections[3].rows[2].code: IV.A.2.B and IV.A.2 can make the same code for a column or candidate; \
             change one",
        ),
        (
            form_but(|f| f["sections"][3]["rows"][1]["code"] = json!("IV.A.SUARA.CALON.SEMUA")),
            "contests[1].form: the form \"c-hasil-dpr-2024\" does not fit: \"IV.A.SUARA.CALON.SEMUA.24.8\" is not a field \
             code: up to 24 capitals, digits and inner full stops; shorten its codes or its pages",
        ),
    ]);
}
