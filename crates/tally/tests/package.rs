//! Election packages: what is read, what is refused and in which words, what is found in them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the functions of a test file are tests too"
)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tally::{ContestId, Election, RegionCode, StationId};

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets")
}

fn demo() -> Election {
    tally::load::read(&assets().join("elections/demo.json")).unwrap_or_else(|error| panic!("{error}"))
}

/// The demo election as JSON, with one change.
fn demo_but(change: impl FnOnce(&mut Value)) -> String {
    let text = std::fs::read_to_string(assets().join("elections/demo.json")).unwrap();
    let mut package: Value = serde_json::from_str(&text).unwrap();
    change(&mut package);
    package.to_string()
}

/// The demo election with a form of its own, and a change in that form.
fn form_but(change: impl FnOnce(&mut Value)) -> String {
    let text = std::fs::read_to_string(assets().join("forms/c-hasil-ppwp-2024.json")).unwrap();
    let mut form: Value = serde_json::from_str(&text).unwrap();
    change(&mut form);
    demo_but(|package| package["forms"] = json!([form]))
}

fn refusal(json: &str) -> String {
    Election::from_json(json).expect_err("the package was accepted").to_string()
}

fn station(text: &str) -> StationId {
    text.parse().unwrap()
}

fn region(text: &str) -> RegionCode {
    text.parse().unwrap()
}

#[test]
fn the_demo_election_is_valid() {
    let election = demo();
    assert_eq!(election.id.as_str(), "demo-selaparang");
    assert!(!election.drill);
    assert_eq!(election.station_count(), 25);
    assert_eq!(election.stations().count(), 25);
    let paper = election.paper(&"ppwp".parse::<ContestId>().unwrap()).unwrap();
    let codes: Vec<&str> = paper.fields().iter().map(|field| field.code.as_str()).collect();
    assert_eq!(codes.len(), 15 + 4 + 3 + 3 + 3);
    assert_eq!(codes[..4], ["I.A.L", "I.A.P", "I.A.J", "I.B.1.L"]);
    assert_eq!(
        codes[15..],
        [
            "II.1", "II.2", "II.3", "II.4", "III.L", "III.P", "III.J", "IV.1", "IV.2", "IV.3", "V.A", "V.B",
            "V.C"
        ]
    );
}

#[test]
fn a_newer_format_is_refused_before_its_fields_are_read() {
    let said = refusal(r#"{"format":"saksi-election/3","whatever":1}"#);
    assert_eq!(
        said,
        "format: \"saksi-election/3\" is not a format that this version reads; write \"saksi-election/2\", or update the \
         app if the package is newer than it"
    );
}

#[test]
fn each_mistake_is_refused_with_advice() {
    let cases: Vec<(String, &str)> = vec![
        (
            demo_but(|p| p["contests"][0]["candidates"] = json!([])),
            "contests[0].candidates: the contest \"ppwp\" has no candidates; list them all",
        ),
        (
            demo_but(|p| p["stations"][1]["numbers"] = json!("1-4,4")),
            "stations[1].numbers: TPS 4 is listed twice; keep it once",
        ),
        (
            demo_but(|p| p["stations"][1]["desa"] = json!("52.71.05.1001")),
            "stations[1].desa: the stations of 52.71.05.1001 are listed twice, first at stations[0]; put them in one list",
        ),
        (
            demo_but(|p| p["stations"][0]["desa"] = json!("52.71.05.1099")),
            "stations[0].desa: 52.71.05.1099 is not among the regions; add it there or correct the code",
        ),
        (
            demo_but(|p| p["stations"][0]["desa"] = json!("52.71.05")),
            "stations[0].desa: 52.71.05 is no desa; write a code such as 52.71.01.1001",
        ),
        (
            demo_but(|p| p["stations"][0]["numbers"] = json!("1-3,satu")),
            "stations[0].numbers: \"satu\" is neither a TPS number (1 to 999) nor a range such as 1-26; write them as in \
             \"1-26,901\"",
        ),
        (demo_but(|p| p["stations"] = json!([])), "stations: there is no station; add at least one"),
        (
            demo_but(|p| p["regions"][1]["code"] = json!("52.72")),
            "regions[2].code: 52.71.05 lies in 52.71, which is not among the regions; add 52.71",
        ),
        (
            demo_but(|p| p["regions"][4]["code"] = json!("52.71.05.1001")),
            "regions[4].code: the region 52.71.05.1001 is there twice, first at regions[3]; keep it once\n\
             stations[1].desa: 52.71.05.1002 is not among the regions; add it there or correct the code",
        ),
        (
            demo_but(|p| p["contests"][0]["form"] = json!("c-hasil-ppwp-2029")),
            "contests[0].form: no form \"c-hasil-ppwp-2029\"; use one of c-hasil-ppwp-2024, c-hasil-dpr-2024, \
             c-hasil-dpd-2024, c-hasil-dprd-prov-2024, c-hasil-dprd-kabko-2024, c-hasil-kwk-gubernur-2024, \
             c-hasil-kwk-bupati-walikota-2024, c-hasil-ppwp-ln-2024, c-hasil-ppwp-pos-2024, c-hasil-dpr-ln-2024, \
             c-hasil-dpr-pos-2024, c1-ppwp-2019, or add it to forms",
        ),
        (
            demo_but(|p| p["contests"][0]["candidates"][2]["number"] = json!(2)),
            "contests[0].candidates[2].number: candidate number 2 is there twice; give each its own",
        ),
        (
            demo_but(|p| p["contests"][0]["candidates"][0]["number"] = json!(0)),
            "contests[0].candidates[0].number: numbers on the ballot start at 1; write the real one",
        ),
        (
            demo_but(|p| p["contests"][0]["candidates"][0]["names"] = json!([])),
            "contests[0].candidates[0].names: 0 names; write one, or the two of a pair",
        ),
        (
            demo_but(|p| p["contests"][0]["candidates"][0]["party"] = json!(7)),
            "contests[0].candidates[0].party: no party has number 7; add it to parties or correct the number",
        ),
        (
            demo_but(|p| {
                let contest = p["contests"][0].clone();
                p["contests"] = json!([contest, contest]);
            }),
            "contests[1].id: the contest \"ppwp\" is there twice; give each its own id",
        ),
        (
            demo_but(|p| p["parties"] = json!([{"number": 1, "name": "A"}, {"number": 1, "name": "B"}])),
            "parties[1].number: party number 1 is there twice; give each its own",
        ),
        (
            demo_but(|p| p["date"] = json!("2026-02-30")),
            "date: \"2026-02-30\" is not a day; write it as in \"2029-02-14\"",
        ),
        (
            demo_but(|p| p["version"] = json!(0)),
            "version: versions count from 1; write 1 for a first version",
        ),
        (
            demo_but(|p| p["station_voters_max"] = json!(0)),
            "station_voters_max: 0 cannot be the most voters of a TPS; write what the law says, 1 to 2000",
        ),
        (demo_but(|p| p["title"]["en"] = json!(" ")), "title.en: the text is empty; write it"),
        (
            demo_but(|p| p["regions"][0]["name"] = json!("x".repeat(201))),
            "regions[0].name: 201 characters, at most 200 are allowed; shorten it",
        ),
        (
            form_but(|f| f["sections"][0]["rows"][1]["code"] = json!("I.A")),
            "forms[0].sections[0].rows[1].code: the row I.A is there twice; give each its own code",
        ),
        (
            form_but(|f| f["sections"][3]["page"] = json!(4)),
            "forms[0].sections[3].page: the form has no page 4; correct the number or add the page",
        ),
        (
            form_but(|f| f["sections"][1]["rows"][0]["code"] = json!("V.1")),
            "forms[0].sections[1].rows[0].code: V.1 stands in section II; start its code with \"II.\"",
        ),
        (
            form_but(|f| f["sections"][1]["rows"][0]["digits"] = json!(8)),
            "forms[0].sections[1].rows[0].digits: 8 digit boxes; write 1 to 7",
        ),
        (
            form_but(|f| f["sections"][0]["rows"][0]["columns"] = json!(["L", "P"])),
            "forms[0].sections[0].rows[0].columns: a row has no columns or exactly L, P, J, and one of votes has \
             none; correct the list",
        ),
        (
            form_but(|f| f["sections"][1]["rows"][1]["counts"] = json!("ballots_received")),
            "forms[0].sections[1].rows[1].counts: forms[0].sections[1].rows[0] counts the same; a form says each quantity \
             in one row",
        ),
        (
            form_but(|f| f["pages"][2]["tag"] = json!(101)),
            "forms[0].pages[2].tag: tag 101 is on two pages; each page has its own",
        ),
    ];
    for (json, said) in cases {
        assert_eq!(refusal(&json), said);
    }
}

#[test]
fn a_wrong_shape_is_refused_with_its_position() {
    for (json, said) in [
        (
            demo_but(|p| p["contests"][0]["candidates"][2]["number"] = json!("tiga")),
            "contests[0].candidates[2].number: invalid type: string \"tiga\", expected a whole number from 0 to 65535",
        ),
        (
            demo_but(|p| p["stations"] = json!("1-4")),
            "stations: invalid type: string \"1-4\", expected a list in [ ]",
        ),
        (
            demo_but(|p| p["regions"][0]["code"] = json!("52.1")),
            "regions[0].code: \"52.1\" is not a region code such as 52, 52.71, 52.71.01 or 52.71.01.1001",
        ),
        (
            demo_but(|p| {
                p["contests"][0].as_object_mut().unwrap().remove("form");
            }),
            "contests[0]: missing field `form`; add it",
        ),
        (
            demo_but(|p| p["regions"][0]["nama"] = json!("x")),
            "regions[0].nama: unknown field `nama`, expected `code` or `name`; correct or remove it",
        ),
    ] {
        let refusal = refusal(&json);
        let (reason, position) = refusal.rsplit_once(" (line ").unwrap();
        assert_eq!(reason, said);
        assert!(position.contains(", column "), "{position}");
    }
    let twice = demo_but(|_| {}).replacen('{', "{\"version\":1,", 1);
    let said = refusal(&twice);
    assert!(said.contains("duplicate field `version`; keep one of them"), "{said}");
}

#[test]
fn what_is_not_json_is_refused_with_line_and_column() {
    assert_eq!(refusal(""), "the file ends too early, at line 1, column 0; copy or download it again");
    assert_eq!(refusal("{\n \"format\": saksi}"), "format: not JSON at line 2, column 12: expected value");
    let whole = demo_but(|_| {});
    let said = refusal(&whole[..whole.len() / 2]);
    assert!(said.contains("the file ends too early, at line 1, column "), "{said}");
    assert!(refusal(&(whole + "x")).starts_with("not JSON at line 1, column "));
}

#[test]
fn all_mistakes_are_reported_at_once_with_the_name_of_the_file() {
    let json = demo_but(|p| {
        p["date"] = json!("besok");
        p["contests"][0]["candidates"] = json!([]);
        p["stations"][3]["numbers"] = json!("3,1");
    });
    let error = Election::from_json(&json).unwrap_err().in_file("pemilu.json");
    assert_eq!(error.mistakes().len(), 3);
    assert_eq!(
        error.to_string(),
        "pemilu.json: date: \"besok\" is not a day; write it as in \"2029-02-14\"\n\
         pemilu.json: contests[0].candidates: the contest \"ppwp\" has no candidates; list them all\n\
         pemilu.json: stations[3].numbers: TPS 1 stands after TPS 3; write the numbers in ascending order"
    );
}

#[test]
fn a_flood_of_mistakes_is_counted_not_listed() {
    let json = demo_but(|p| {
        p["stations"] = (0..150).map(|_| json!({"desa": "52.71.05.1001", "numbers": "0"})).collect();
    });
    let error = Election::from_json(&json).unwrap_err();
    assert_eq!(error.mistakes().len(), 100);
    assert!(error.to_string().ends_with("\n… and 199 more"), "{error}");
}

#[test]
fn all_wrong_region_codes_are_reported_at_once() {
    let json = demo_but(|p| {
        p["regions"][1]["code"] = json!("52.1");
        p["regions"][2]["code"] = json!(52.71);
        p["stations"][0]["desa"] = json!("5271051001");
        p["stations"][2]["desa"] = json!("52.71.05.1003 ");
    });
    let error = Election::from_json(&json).unwrap_err();
    let paths: Vec<&str> = error.mistakes().iter().map(|mistake| mistake.path.as_str()).collect();
    assert_eq!(paths, ["regions[1].code", "regions[2].code", "stations[0].desa", "stations[2].desa"]);
    let said = error.to_string();
    assert!(said.contains("regions[2].code: 52.71 is not a text; put the region code in quotes"), "{said}");
    assert!(said.contains("stations[0].desa: \"5271051001\" is not a region code such as 52"), "{said}");
}

#[test]
fn a_flood_of_wrong_region_codes_is_counted_not_listed() {
    let json = demo_but(|p| {
        p["regions"] = (0..150).map(|_| json!({"code": "0", "name": "x"})).collect();
    });
    let error = Election::from_json(&json).unwrap_err();
    assert_eq!(error.mistakes().len(), 100);
    assert!(error.to_string().ends_with("\n… and 50 more"), "{error}");
}

#[test]
fn invisible_and_direction_changing_characters_are_mistakes() {
    for hidden in ['\u{200b}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{feff}'] {
        for (path, json) in [
            ("regions[0].name", demo_but(|p| p["regions"][0]["name"] = json!(format!("Nusa{hidden}")))),
            (
                "contests[0].candidates[0].names[0]",
                demo_but(|p| p["contests"][0]["candidates"][0]["names"][0] = json!(format!("Nusa{hidden}"))),
            ),
            ("title.id", demo_but(|p| p["title"]["id"] = json!(format!("Nusa{hidden}")))),
        ] {
            let said = refusal(&json);
            let code = u32::from(hidden);
            let start = format!("{path}: the text has the invisible character U+{code:04X} (");
            assert!(said.starts_with(&start), "{said}");
            assert!(said.ends_with(") as character 5; type the text again without it"), "{said}");
        }
    }
}

#[test]
fn a_name_is_in_a_contest_once_except_in_different_parties() {
    let names = |parties: [Option<u16>; 2]| {
        demo_but(|p| {
            p["parties"] = json!([{"number": 1, "name": "A"}, {"number": 2, "name": "B"}]);
            p["contests"][0]["candidates"] = json!([
                {"number": 1, "names": ["Siti Aminah"]},
                {"number": 2, "names": ["SITI  aminah "]},
            ]);
            for (candidate, party) in parties.iter().enumerate() {
                if let Some(party) = party {
                    p["contests"][0]["candidates"][candidate]["party"] = json!(party);
                }
            }
        })
    };
    let said = "contests[0].candidates[1].names[0]: the name \"SITI  aminah \" is there twice, first at \
                contests[0].candidates[0].names[0]; correct one of them";
    assert_eq!(refusal(&names([None, None])), said);
    assert_eq!(refusal(&names([Some(1), Some(1)])), said);
    assert!(Election::from_json(&names([Some(1), Some(2)])).is_ok());
    let pair = demo_but(|p| p["contests"][0]["candidates"][0]["names"] = json!(["Budi", "budi"]));
    assert!(
        refusal(&pair).starts_with("contests[0].candidates[0].names[1]: the name \"budi\" is there twice")
    );
}

#[test]
fn a_package_may_be_saved_as_utf_8_or_utf_16_with_a_byte_order_mark() {
    let json = demo_but(|_| {});
    let marked = format!("\u{feff}{json}");
    assert_eq!(Election::from_json(&marked).unwrap(), demo());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pemilu.json");
    let utf_16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [marked.into_bytes(), utf_16] {
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(tally::load::read(&file).unwrap(), demo());
    }
}

#[test]
fn a_file_that_is_missing_is_named() {
    let said = tally::load::read(Path::new("no-such-package.json")).unwrap_err().to_string();
    assert!(said.starts_with("no-such-package.json: cannot be read: "), "{said}");
}

#[test]
fn a_package_of_too_many_bytes_is_refused_with_both_sizes() {
    let said = refusal(&" ".repeat(tally::load::PACKAGE_BYTES_MAX + 1));
    assert_eq!(
        said,
        "the package has 67108865 bytes, at most 67108864 are read; cut it to the regions that are needed"
    );
}

#[test]
fn stations_and_regions_are_found_by_code() {
    let election = demo();
    assert!(election.has_station(&station("52.71.05.1001-901")));
    assert!(election.has_station(&station("52.71.05.1009-001")));
    assert!(!election.has_station(&station("52.71.05.1009-002")));
    assert!(!election.has_station(&station("52.71.01.1001-001")));
    assert_eq!(election.region(&region("52.71.05")).unwrap().name, "Selaparang");
    assert!(election.region(&region("52.72")).is_none());
    assert_eq!(
        election.names_from_desa_up(&station("52.71.05.1003-002")),
        ["Monjok", "Selaparang", "Kota Mataram", "Nusa Tenggara Barat"]
    );
    let names =
        |code: Option<&RegionCode>| election.children(code).map(|r| r.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names(None), ["Nusa Tenggara Barat"]);
    assert_eq!(names(Some(&region("52.71"))), ["Selaparang"]);
    assert_eq!(names(Some(&region("52.71.05"))).len(), 9);
    assert_eq!(names(Some(&region("52.71.05.1001"))), [""; 0]);
    let last: Vec<String> =
        election.stations_of(&region("52.71.05.1001")).map(|station| station.to_string()).collect();
    assert_eq!(last, ["52.71.05.1001-001", "52.71.05.1001-002", "52.71.05.1001-003", "52.71.05.1001-901"]);
}

#[test]
fn a_slice_stands_alone_and_holds_no_more_than_its_stations_need() {
    let election = demo();
    let wanted = [
        station("52.71.05.1003-002"),
        station("52.71.05.1001-901"),
        station("52.71.05.1001-002"),
        station("11.01.01.2001-001"),
    ];
    let slice = election.slice(&wanted);
    let stations: Vec<String> = slice.stations().map(|station| station.to_string()).collect();
    assert_eq!(stations, ["52.71.05.1001-002", "52.71.05.1001-901", "52.71.05.1003-002"]);
    let regions: Vec<&str> = slice.regions.iter().map(|region| region.code.as_str()).collect();
    assert_eq!(regions, ["52", "52.71", "52.71.05", "52.71.05.1001", "52.71.05.1003"]);
    assert_eq!(slice.forms.len(), 1);
    assert_eq!(slice.station_count(), 3);
    let read = Election::from_json(&slice.to_json().unwrap()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read, slice);
    let ppwp = "ppwp".parse::<ContestId>().unwrap();
    assert_eq!(read.paper(&ppwp).unwrap().fields(), election.paper(&ppwp).unwrap().fields());
}

#[test]
fn a_form_of_the_package_replaces_the_built_in_one() {
    let json = form_but(|form| form["sections"][1]["rows"][0]["digits"] = json!(4));
    let election = Election::from_json(&json).unwrap_or_else(|error| panic!("{error}"));
    let paper = election.paper(&"ppwp".parse::<ContestId>().unwrap()).unwrap();
    assert_eq!(paper.field(&"II.1".parse().unwrap()).unwrap().digits, 4);
}

#[test]
fn the_other_demo_elections_have_every_paper_of_their_night() {
    let read = |name: &str| {
        let file = assets().join("elections").join(name);
        tally::load::read(&file).unwrap_or_else(|error| panic!("{error}"))
    };
    let papers = |election: &Election, at: &str| -> Vec<(String, usize, usize)> {
        let contests = election.contests_at(&station(at));
        let paper = |contest: &tally::Contest| {
            let paper = election.paper(&contest.id).unwrap();
            (contest.id.to_string(), paper.pages().len(), paper.fields().len())
        };
        contests.map(paper).collect()
    };
    let expected = |papers: &[(&str, usize, usize)]| -> Vec<(String, usize, usize)> {
        papers.iter().map(|(id, pages, fields)| ((*id).to_owned(), *pages, *fields)).collect()
    };
    let general = read("demo-general.json");
    let everywhere = [
        ("ppwp", 3, 28),
        ("dpr-ntb-2", 8, 25 + 12 + 41),
        ("dpd-ntb", 4, 25 + 12),
        ("dprd-ntb-1", 8, 25 + 12 + 38),
    ];
    for (at, own) in [
        ("52.71.05.1001-901", ("dprd-mataram-1", 8, 25 + 12 + 33)),
        ("52.71.01.1013-003", ("dprd-mataram-2", 7, 25 + 10 + 31)),
    ] {
        let mut all = everywhere.to_vec();
        all.push(own);
        assert_eq!(papers(&general, at), expected(&all));
    }
    let pilkada = read("demo-pilkada.json");
    assert_eq!(
        papers(&pilkada, "52.71.05.1001-001"),
        expected(&[("gubernur-ntb", 3, 28), ("walikota-mataram", 3, 27)])
    );
}
