//! People: importing 50,000 of them, and pages and searches among as many as a national organisation has.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use central::view::{ImportRequest, ImportState, OnDuplicate, PersonColumn, Position};
use central::{Editor, Endpoint, FreeSpaceMarks, PeopleQuery, Rates, Settings};
use environment::Environment;
use saksi_tests::postgres::{create_database, psql};
use saksi_tests::rng::TestRng;
use tally::{Election, RegionCode, RegionLevel, StationId};

use super::quantile_ms;

/// People of the import that is measured, and of all imports.
const IMPORTED: usize = 50_000;
const PEOPLE: usize = 800_000;
/// Rows of the other imports.
const PART: usize = 150_000;
/// Number of times that each page and each search is asked for.
const TIMES: usize = 40;

const FIRST: [&str; 16] = [
    "Siti", "Muhammad", "Nur", "Dewi", "Agus", "Sri", "Budi", "Ahmad", "Rina", "Eko", "Wayan", "Made",
    "Yusuf", "Maria", "Andi", "Fitri",
];
const LAST: [&str; 16] = [
    "Lestari",
    "Hidayat",
    "Rahmawati",
    "Santoso",
    "Wulandari",
    "Saputra",
    "Ramadhan",
    "Susanti",
    "Nugroho",
    "Siregar",
    "Pratama",
    "Kurniawan",
    "Handayani",
    "Setiawan",
    "Nasution",
    "Sudarsana",
];

/// Measures one store.
pub(super) fn measure(election: &Election, server: Option<&str>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let name = format!("saksi_people_{}", std::process::id());
    let database = server.map(|server| create_database(server, &name)).transpose()?;
    let settings = settings(folder.path().to_owned(), database);
    let endpoint = Endpoint::open(&settings, Some(election.clone()), Environment::system())?;
    println!("\n{}: people", if server.is_some() { "PostgreSQL" } else { "SQLite" });

    let stations: Vec<StationId> = election.stations().collect();
    let mut rng = TestRng::new(7);
    let (checked, stored) = import(&endpoint, &spreadsheet(&stations, 0, IMPORTED, &mut rng)?)?;
    println!(
        "  {IMPORTED} people: checked in {:.1} s, checked and stored in {:.1} s (goal 30)",
        checked.as_secs_f64(),
        stored.as_secs_f64()
    );
    let mut from = IMPORTED;
    while from < PEOPLE {
        let until = (from + PART).min(PEOPLE);
        let (_, stored) = import(&endpoint, &spreadsheet(&stations, from, until, &mut rng)?)?;
        println!("  {} more stored in {:.1} s", until - from, stored.as_secs_f64());
        from = until;
    }
    pages(&endpoint, election)?;
    searches(&endpoint)?;
    drop(endpoint);
    if let Some(server) = server {
        psql(server, &format!("DROP DATABASE {name}"))?;
    }
    Ok(())
}

fn settings(data: std::path::PathBuf, database: Option<String>) -> Settings {
    Settings {
        data,
        public_url: None,
        database,
        bucket: None,
        rates: Rates::default(),
        behind_proxy: false,
        log_key: None,
        invitation_days: central::INVITATION_DAYS,
        left_out_stations: central::package::LeftOutStations::Refused,
        free_space: FreeSpaceMarks::NONE,
        require_second_factor: false,
        boundaries: None,
    }
}

/// A spreadsheet of people, one for each station in turn.
fn spreadsheet(stations: &[StationId], from: usize, until: usize, rng: &mut TestRng) -> Result<String> {
    let mut csv = String::from("Nama;HP;Kode desa;TPS;Jabatan;Organisasi\n");
    for number in from..until {
        let station = &stations[number * stations.len() / PEOPLE];
        let (first, last) = (FIRST[rng.index(FIRST.len())], LAST[rng.index(LAST.len())]);
        writeln!(
            csv,
            "{first} {last} {};08{:010};{};{};saksi;Kelompok {}",
            letters(number),
            number,
            station.desa(),
            station,
            number % 7
        )?;
    }
    Ok(csv)
}

/// A word of its own for each number.
fn letters(number: usize) -> String {
    let digits = (0..4_u32).map(|place| (number / 26_usize.pow(place)) % 26);
    digits.map(|digit| char::from(b'a' + digit as u8)).collect()
}

/// Imports a spreadsheet; gives the time of the check, and of the check and the storing together.
fn import(endpoint: &Endpoint, csv: &str) -> Result<(Duration, Duration)> {
    let editor = Editor::operator();
    let uploaded = endpoint.upload_people(&editor, "people.csv", csv.as_bytes().to_vec())?;
    let request = ImportRequest {
        columns: uploaded.columns,
        position: Position::WitnessInside,
        organisation: None,
        participant: None,
        consent: true,
        duplicates: OnDuplicate::Keep,
        decisions: Vec::new(),
    };
    ensure!(request.columns.contains(&Some(PersonColumn::Station)), "the headers are understood");
    let started = Instant::now();
    let check = endpoint.check_people(&editor, uploaded.import, &request)?;
    let checked = started.elapsed();
    ensure!(check.faults_total == 0, "the first fault is {:?}", check.faults.first());
    let started = Instant::now();
    let (_, is_new) = endpoint.begin_people_import(&editor, uploaded.import, &request)?;
    ensure!(is_new, "nobody else stores it");
    endpoint.store_people(&editor, uploaded.import, &request)?;
    let stored = started.elapsed();
    let import = endpoint.people_import(&editor, uploaded.import)?;
    ensure!(import.state == ImportState::Stored, "it is stored: {:?}", import.failure);
    Ok((checked, stored))
}

fn pages(endpoint: &Endpoint, election: &Election) -> Result<()> {
    let editor = Editor::operator();
    let of_level =
        |level| election.regions.iter().map(|one| &one.code).filter(move |code| code.level() == level);
    let provinsi: Vec<&RegionCode> = of_level(RegionLevel::Provinsi).collect();
    let mut times = Vec::new();
    for number in 0..TIMES.max(provinsi.len()) {
        let started = Instant::now();
        let view = endpoint.staffing(&editor, Some(provinsi[number % provinsi.len()]))?;
        times.push(started.elapsed());
        ensure!(view.total.witnesses > 0, "the provinsi has people");
    }
    print_times("staffing of a provinsi (goal 50)", &mut times);
    let largest = provinsi.iter().max_by_key(|code| stations_of(election, code)).context("a provinsi")?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        endpoint.people_page(&editor, &query(Some(largest), ""), None)?;
        times.push(started.elapsed());
    }
    print_times("the first page of people of the largest provinsi", &mut times);
    Ok(())
}

fn stations_of(election: &Election, region: &RegionCode) -> u32 {
    election
        .stations
        .iter()
        .filter(|block| region.contains(&block.desa))
        .map(|block| election.station_count_of(&block.desa))
        .sum()
}

fn searches(endpoint: &Endpoint) -> Result<()> {
    let editor = Editor::operator();
    let mut all = Vec::new();
    for typed in
        ["s", "siti", "siti rahmawati", "nasution maria", "qzqz", "0800000123", "4567", "siti rahmawati abcd"]
    {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            endpoint.people_page(&editor, &query(None, typed), None)?;
            times.push(started.elapsed());
        }
        print_times(&format!("search for {typed:?} (goal 100)"), &mut times);
        all.append(&mut times);
    }
    print_times("all searches (goal 100)", &mut all);
    Ok(())
}

fn query(region: Option<&RegionCode>, search: &str) -> PeopleQuery {
    PeopleQuery { region: region.cloned(), search: search.to_owned(), ..PeopleQuery::default() }
}

fn print_times(what: &str, times: &mut [Duration]) {
    println!("  {what}: median {:.1} ms, p99 {:.1} ms", quantile_ms(times, 0.5), quantile_ms(times, 0.99));
}
