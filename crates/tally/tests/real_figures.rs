//! Real figures of real stations through the checks. Where the data is not beside the repository, each test
//! says so.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the functions of a test file are tests too, and these print what they counted"
)]

mod data;

use std::collections::BTreeMap;

use data::{Line, lines};
use tally::{CheckCode, CheckReport, Election, Figure, Figures, Paper, Severity};

fn paper(form: &str, candidates: usize) -> Paper {
    let json = include_str!("../../../assets/elections/demo.json").replace("c-hasil-ppwp-2024", form);
    let mut election = Election::from_json(&json).unwrap_or_else(|error| panic!("{error}"));
    election.contests[0].candidates.truncate(candidates);
    election.paper(&election.contests[0].id).unwrap()
}

/// The figures of `line` by field; a column that is empty, or −1 as the source writes it once, was not typed.
fn figures(line: &Line, columns: &[(&str, &str)]) -> Figures {
    let mut figures = Figures::default();
    for (field, column) in columns {
        let text = line.get(*column).unwrap_or_else(|| panic!("no column {column}"));
        if !text.is_empty() && text != "-1" {
            figures.0.insert(field.parse().unwrap(), Figure::Written(text.parse().unwrap()));
        }
    }
    figures
}

/// One source's figures (`kpu` or `kp`) of a station of 2019.
fn figures_2019(line: &Line, source: &str) -> Figures {
    let columns = ["jum", "pas1", "pas2", "sah", "tsah"].map(|column| format!("{source}_{column}"));
    let [jum, pas1, pas2, sah, tsah] = columns.each_ref().map(String::as_str);
    let mut figures = figures(
        line,
        &[
            ("I.A.1.L", "dpt_l"),
            ("I.A.1.P", "dpt_p"),
            ("I.B.4.J", jum),
            ("IV.1", pas1),
            ("IV.2", pas2),
            ("V.A", sah),
            ("V.B", tsah),
        ],
    );
    let number = |field: &str| figures.number(&field.parse().unwrap());
    if let (Some(men), Some(women)) = (number("I.A.1.L"), number("I.A.1.P")) {
        figures.0.insert("I.A.1.J".parse().unwrap(), Figure::Written(men + women));
    }
    figures
}

/// The codes that a label asks for.
fn codes_of(label: &str) -> Vec<CheckCode> {
    label
        .split('|')
        .flat_map(|part| match part {
            "ok" => None,
            "missing" => Some(CheckCode::W101),
            "valid+invalid!=voters" => Some(CheckCode::F302),
            "cand_sum!=valid" => Some(CheckCode::F401),
            "voters>dpt+2%" => Some(CheckCode::W104),
            "voters>300" => Some(CheckCode::W103),
            other => panic!("unknown label {other:?}"),
        })
        .collect()
}

fn is_of_the_labels(code: CheckCode) -> bool {
    matches!(code, CheckCode::F302 | CheckCode::F401 | CheckCode::W104 | CheckCode::W103)
}

#[test]
fn every_labelled_violation_is_flagged_by_its_code_and_no_clean_row_has_a_fault() {
    let Some(rows) = lines("pilpres_2019_ntb_hard_cases.csv") else { return };
    let paper = paper("c1-ppwp-2019", 2);
    let mut flagged: BTreeMap<(String, CheckCode), u32> = BTreeMap::new();
    let mut label_counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut more_than_labelled = Vec::new();
    let mut without_dpt = Vec::new();
    for row in &rows {
        for source in ["kpu", "kp"] {
            let label = &row[&format!("{source}_label")];
            let figures = figures_2019(row, source);
            let report = paper.check(&figures);
            let station = format!("{source} {} {} TPS {}", row["kec"], row["kel"], row["tps"]);
            *label_counts.entry(label.clone()).or_default() += 1;
            for code in codes_of(label) {
                if code == CheckCode::W104 && !figures.0.contains_key("I.A.1.J") {
                    without_dpt.push(station.clone());
                    continue;
                }
                assert!(report.has(code), "{station}: labelled {label}, not flagged by {code}");
                *flagged.entry((label.clone(), code)).or_default() += 1;
            }
            if label == "missing" {
                // One or more of the five figures are not there, so what needs them does not run.
                let five = ["I.B.4.J", "IV.1", "IV.2", "V.A", "V.B"];
                assert!(
                    five.iter().any(|field| !figures.0.contains_key(*field)),
                    "{station}: nothing is missing"
                );
                assert_eq!(report.faults().count(), 0, "{station}: {:?}", report.findings);
            }
            if label == "ok" {
                assert_eq!(report.faults().count(), 0, "{station}: clean, yet {:?}", report.findings);
            }
            for finding in &report.findings {
                if is_of_the_labels(finding.code) && !codes_of(label).contains(&finding.code) {
                    more_than_labelled.push((station.clone(), finding.code, finding.key.0.clone()));
                }
                assert!(
                    finding.severity == Severity::Warning || is_of_the_labels(finding.code),
                    "{station}: {:?} has no label",
                    finding.code
                );
            }
        }
    }
    println!("{} rows, {} tallies", rows.len(), rows.len() * 2);
    for (label, count) in &label_counts {
        let codes = flagged.iter().filter(|((of, _), _)| of == label);
        let codes: Vec<String> = codes.map(|((_, code), count)| format!("{code} {count}")).collect();
        println!(
            "{label:>60} {count:>5}: {}",
            if codes.is_empty() { "no fault".to_owned() } else { codes.join(", ") }
        );
    }
    // The source has no DPT for one station and writes −1; its label takes that for a number. Nobody can say
    // whether users are above a DPT that is not known, so our check does not run.
    assert_eq!(without_dpt, ["kpu SUMBAWA SAMAPUIN TPS 14", "kp SUMBAWA SAMAPUIN TPS 14"]);
    // One label is generous: with a DPT of 200 the reserve is 4, so 205 users are one more than ballots were
    // sent. Labels round a whole 2 % up to the next ballot, our rule does not. Warnings on the DPT itself are
    // not in the labels.
    more_than_labelled.retain(|(_, _, key)| key != "W103@I.A.1.J");
    assert_eq!(more_than_labelled, [("kpu BOLO LEU TPS 2".to_owned(), CheckCode::W104, "W104".to_owned())]);
}

/// Counts tallies with each code, and prints them as shares.
fn print_rates(what: &str, reports: &[CheckReport]) {
    let with_faults = reports.iter().filter(|report| report.faults().next().is_some()).count();
    let share = |count: usize| 100.0 * count as f64 / reports.len() as f64;
    println!("{what}: {} tallies, with a fault {with_faults} ({:.2} %)", reports.len(), share(with_faults));
    for code in CheckCode::ALL {
        let count = reports.iter().filter(|report| report.has(*code)).count();
        if count > 0 {
            println!("  {code} {count:>6} ({:.2} %)", share(count));
        }
    }
}

#[test]
fn the_official_figures_of_2019_break_identities_as_often_as_is_known() {
    let Some(rows) = lines("pilpres_2019_ntb_by_tps.csv") else { return };
    let paper = paper("c1-ppwp-2019", 2);
    let [kpu, kp] = ["kpu", "kp"]
        .map(|source| rows.iter().map(|row| paper.check(&figures_2019(row, source))).collect::<Vec<_>>());
    print_rates("official", &kpu);
    print_rates("citizens' reading", &kp);
    let share = |reports: &[CheckReport]| {
        reports.iter().filter(|report| report.faults().next().is_some()).count() as f64 / reports.len() as f64
    };
    assert!((0.05..0.065).contains(&share(&kpu)), "known to be 5.8 %, warnings included");
    assert!(share(&kp) < share(&kpu), "two readers make fewer mistakes than one");
}

#[test]
fn the_official_app_of_2024_is_full_of_faults() {
    let Some(rows) = lines("sirekap_2024_dki_1000tps.csv") else { return };
    let paper = paper("c-hasil-ppwp-2024", 3);
    let mut columns = vec![
        ("IV.1".to_owned(), "pas1".to_owned()),
        ("IV.2".to_owned(), "pas2".to_owned()),
        ("IV.3".to_owned(), "pas3".to_owned()),
        ("V.A".to_owned(), "suara_sah".to_owned()),
        ("V.B".to_owned(), "suara_tidak_sah".to_owned()),
        ("V.C".to_owned(), "suara_total".to_owned()),
    ];
    for (field, column) in [
        ("I.A", "pemilih_dpt"),
        ("I.B.1", "pengguna_dpt"),
        ("I.B.2", "pengguna_dptb"),
        ("I.B.3", "pengguna_non_dpt"),
        ("I.B.4", "pengguna_total"),
    ] {
        for (letter, suffix) in [("L", "l"), ("P", "p"), ("J", "j")] {
            columns.push((format!("{field}.{letter}"), format!("{column}_{suffix}")));
        }
    }
    let columns: Vec<(&str, &str)> = columns.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let tallies: Vec<Figures> = rows.iter().map(|row| figures(row, &columns)).collect();
    let typed: Vec<CheckReport> =
        tallies.iter().filter(|figures| !figures.0.is_empty()).map(|figures| paper.check(figures)).collect();
    print_rates("official app", &typed);
    println!("  {} of {} stations have no figures", tallies.len() - typed.len(), tallies.len());
    assert!(typed.iter().any(|report| report.has(CheckCode::F401)));
    assert!(typed.iter().any(|report| report.faults().next().is_none()));
}
