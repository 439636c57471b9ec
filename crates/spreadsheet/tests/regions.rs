//! Codes and names of regions as spreadsheets and people write them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use spreadsheet::{Cell, FaultCode, Regions, station_number};
use tally::{Election, RegionLevel, StationKind};

const DEMO: &str = include_str!("../../../assets/elections/demo.json");

/// The demo election, with the regions of another list: code and name.
fn election(regions: &[(&str, &str)]) -> Election {
    let mut package: serde_json::Value = serde_json::from_str(DEMO).unwrap();
    let list: Vec<_> =
        regions.iter().map(|(code, name)| serde_json::json!({ "code": code, "name": name })).collect();
    let desas: Vec<_> = regions
        .iter()
        .filter(|(code, _)| code.len() == 13)
        .map(|(code, _)| serde_json::json!({ "desa": code, "numbers": "1-3,901" }))
        .collect();
    package["regions"] = list.into();
    package["stations"] = desas.into();
    Election::from_json(&package.to_string()).unwrap()
}

fn ntb() -> Election {
    election(&[
        ("52", "Nusa Tenggara Barat"),
        ("52.06", "Bima"),
        ("52.06.05", "Ambalawi"),
        ("52.06.05.2001", "Nipa"),
        ("52.71", "Kota Mataram"),
        ("52.71.05", "Ampenan"),
        ("52.71.05.1001", "Bintaro"),
        ("52.71.05.1002", "Ampenan Utara"),
        ("52.72", "Kota Bima"),
        ("52.72.05", "Asakota"),
        ("52.72.05.1001", "Bintaro"),
    ])
}

#[test]
fn codes_are_found_as_spreadsheets_break_them() {
    let election = ntb();
    let regions = Regions::new(&election);
    for (cell, code) in [
        (Cell::Number(52.71), "52.71"),
        (Cell::Number(5271.0), "52.71"),
        (Cell::of("52.71"), "52.71"),
        (Cell::of("5.271"), "52.71"),
        (Cell::of("'5271051001"), "52.71.05.1001"),
        (Cell::Number(5_271_051_001.0), "52.71.05.1001"),
        (Cell::of("5271051001.0"), "52.71.05.1001"),
        (Cell::of("5.271.051.001"), "52.71.05.1001"),
        (Cell::of("52.71.5.1001"), "52.71.05.1001"),
        (Cell::of("52.6"), ""),
        (Cell::of("52.6.5.2001"), "52.06.05.2001"),
        (Cell::of("52"), "52"),
    ] {
        let found = regions.by_code(&cell).map(String::from).unwrap_or_default();
        assert_eq!(found, code, "{cell:?}");
    }
}

#[test]
fn a_code_that_is_not_certain_is_refused_by_name() {
    let election = ntb();
    let regions = Regions::new(&election);
    for (cell, code) in [
        (Cell::of("52.73"), FaultCode::UnknownRegion),
        (Cell::Number(52.7), FaultCode::NotARegionCode),
        (Cell::of("5,27105E+09"), FaultCode::Shortened),
        (Cell::of("527105100"), FaultCode::NotARegionCode),
        (Cell::of("54022"), FaultCode::NotARegionCode),
        (Cell::of("Bintaro"), FaultCode::NotARegionCode),
        (Cell::of("52.71.05.101"), FaultCode::NotARegionCode),
        (Cell::of("52; DROP TABLE"), FaultCode::NotARegionCode),
        (Cell::Empty, FaultCode::NotARegionCode),
    ] {
        assert_eq!(regions.by_code(&cell).unwrap_err().code, code, "{cell:?}");
    }
    let level = regions.by_code_of(&Cell::of("52.71"), RegionLevel::Desa).unwrap_err();
    assert_eq!(level.code, FaultCode::WrongLevel);
}

#[test]
fn a_code_may_stand_in_four_columns() {
    let election = ntb();
    let regions = Regions::new(&election);
    for parts in
        [["52", "71", "5", "1001"], ["52", "5271", "527105", "5271051001"], ["52", "71", "05", "1001"]]
    {
        let cells: Vec<Cell> = parts.iter().map(|part| Cell::of(part)).collect();
        let found = regions.by_parts(&cells.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(found.as_str(), "52.71.05.1001", "{parts:?}");
    }
    let old = [Cell::Number(54020.0), Cell::Number(54021.0)];
    assert_eq!(regions.by_parts(&[&old[0], &old[1]]).unwrap_err().code, FaultCode::NotARegionCode);
}

#[test]
fn names_are_found_in_capitals_and_with_words_before_them() {
    use RegionLevel::{Desa, KabupatenKota, Kecamatan, Provinsi};
    let election = ntb();
    let regions = Regions::new(&election);
    for (names, code) in [
        (vec![(Provinsi, "NUSA TENGGARA BARAT"), (KabupatenKota, "MATARAM")], "52.71"),
        (vec![(KabupatenKota, "Kota Adm. Mataram")], "52.71"),
        (vec![(KabupatenKota, "BIMA")], "52.06"),
        (vec![(KabupatenKota, "KAB. BIMA")], "52.06"),
        (vec![(KabupatenKota, "KABUPATENBIMA")], "52.06"),
        (vec![(KabupatenKota, "KOTA BIMA")], "52.72"),
        (
            vec![(KabupatenKota, "kota bima"), (Kecamatan, "KEC. ASAKOTA"), (Desa, "KEL BINTARO")],
            "52.72.05.1001",
        ),
        (vec![(Kecamatan, "Ampenan"), (Desa, "Bintaro")], "52.71.05.1001"),
        (vec![(KabupatenKota, "Mataram"), (Desa, "ampenan-utara")], "52.71.05.1002"),
        (vec![(Desa, "Nipa"), (Kecamatan, "  ")], "52.06.05.2001"),
    ] {
        assert_eq!(regions.by_names(&names).map(String::from), Ok(code.to_owned()), "{names:?}");
    }
    let both = regions.by_names(&[(Desa, "Bintaro")]).unwrap_err();
    assert_eq!(both.code, FaultCode::AmbiguousRegion);
    assert!(both.detail.contains("52.71.05.1001 Bintaro, 52.72.05.1001 Bintaro"), "{}", both.detail);
    for names in [vec![(KabupatenKota, "KOTA AMBALAWI")], vec![(KabupatenKota, "Mataram"), (Desa, "Nipa")]] {
        assert_eq!(regions.by_names(&names).unwrap_err().code, FaultCode::UnknownRegion, "{names:?}");
    }
    assert_eq!(regions.by_names(&[]).unwrap_err().code, FaultCode::Blank);
}

#[test]
fn two_regions_that_differ_in_a_word_are_never_confused() {
    let election = election(&[
        ("52", "Nusa Tenggara Barat"),
        ("52.06", "Kabupaten Bima"),
        ("52.06.05", "Kotabaru"),
        ("52.06.05.2001", "Nipa"),
        ("52.72", "Kota Bima"),
        ("52.72.05", "Baru"),
        ("52.72.05.1001", "Melayu"),
    ]);
    let regions = Regions::new(&election);
    let by = |level, name: &str| regions.by_names(&[(level, name)]).map(String::from).map_err(|p| p.code);
    assert_eq!(by(RegionLevel::KabupatenKota, "BIMA"), Err(FaultCode::AmbiguousRegion));
    assert_eq!(by(RegionLevel::KabupatenKota, "Kab Bima"), Ok("52.06".into()));
    assert_eq!(by(RegionLevel::Kecamatan, "KOTABARU"), Ok("52.06.05".into()));
    assert_eq!(by(RegionLevel::Kecamatan, "BARU"), Ok("52.72.05".into()));
}

#[test]
fn stations_are_found_in_every_spelling() {
    let election = ntb();
    let regions = Regions::new(&election);
    for text in
        ["5271051001002", "52.71.05.1001-002", "52.71.05.1001.2", "5271051001-2", "52.71.5.1001/TPS 2"]
    {
        let station = regions.station(&Cell::of(text)).unwrap();
        assert_eq!(station.to_string(), "52.71.05.1001-002", "{text:?}");
    }
    for (text, code) in [
        ("5271051001004", FaultCode::UnknownStation),
        ("52710510012", FaultCode::NotARegionCode),
        ("5271051001000", FaultCode::NotAStationNumber),
        ("5271099001001", FaultCode::UnknownRegion),
    ] {
        assert_eq!(regions.station(&Cell::of(text)).unwrap_err().code, code, "{text:?}");
    }
}

#[test]
fn a_station_s_number_is_found_in_every_spelling() {
    for (text, number) in
        [("1", 1), ("001", 1), ("TPS 1", 1), ("TPS-001", 1), ("tps 901", 901), ("No. 14", 14), ("1.0", 1)]
    {
        assert_eq!(station_number(&Cell::of(text)), Ok((StationKind::Tps, number)), "{text:?}");
    }
    assert_eq!(station_number(&Cell::of("KSK 002")), Ok((StationKind::Ksk, 2)));
    for text in ["", "TPS", "0", "1000", "1a", "TPS 1 dan 2", "-1x", "1.5"] {
        assert_eq!(
            station_number(&Cell::of(text)).unwrap_err().code,
            FaultCode::NotAStationNumber,
            "{text:?}"
        );
    }
    assert_eq!(station_number(&Cell::Number(7.0)), Ok((StationKind::Tps, 7)));
}
