//! Scenarios and their sheets: the same seed gives the same, every trap is where it says, and a file with
//! anything odd in it is refused by name.

use std::collections::{BTreeMap, BTreeSet};

use practice::{
    Event, Exercise, Happening, Level, PracticeSheet, SCENARIO_BYTES_MAX, Scenario, ScenarioError,
    SheetNumber, TrapKind, When, drill_package,
};
use sha2::{Digest as _, Sha256};
use sheet::draw::{BoxMark, SeededRng};
use tally::{ContestKind, Figure, Figures, Paper, Severity, StationId};

use crate::papers;

fn scenario(seed: u32, kind: ContestKind, traps: &[(TrapKind, u8)]) -> Scenario {
    let base = Scenario::of_kinds(Level::FirstSteps, seed, &[kind]);
    let exercise = Exercise { traps: traps.iter().copied().collect(), ..base.exercises[0].clone() };
    Scenario { exercises: vec![exercise], ..base }
}

fn sheet(paper: &Paper, seed: u32, traps: &[(TrapKind, u8)]) -> PracticeSheet {
    let number = SheetNumber { exercise: 1, copy: 1 };
    PracticeSheet::of(&scenario(seed, paper.contest().kind, traps), number, paper).unwrap()
}

fn asked(paper: &Paper, says: &Figures) -> usize {
    paper.fields().iter().filter(|field| field.asked && says.0.contains_key(&field.code)).count()
}

#[test]
fn a_sheet_without_traps_is_full_and_passes_every_check_on_every_paper() {
    for (name, paper) in papers::all() {
        for seed in 0..40 {
            let sheet = sheet(&paper, seed, &[]);
            assert_eq!(sheet.says().0.len(), paper.fields().len(), "{name}");
            assert_eq!(sheet.expected().0.len(), asked(&paper, sheet.says()), "{name}");
            let report = paper.check(sheet.says());
            let faults: Vec<_> =
                report.findings.iter().filter(|finding| finding.severity == Severity::Fault).collect();
            assert_eq!(faults, Vec::<&tally::Finding>::new(), "{name} {seed}");
            assert_eq!(paper.misfits(sheet.says()), [], "{name} {seed}");
            assert!(sheet.trapped().is_empty() && sheet.objection().is_none());
        }
    }
}

#[test]
fn copies_differ_and_the_papers_of_one_copy_agree_about_the_voters() {
    let election = papers::elections().remove(1);
    let contests: Vec<_> = election.contests_at(&"52.71.05.1001-001".parse().unwrap()).collect();
    let kinds: Vec<ContestKind> = contests.iter().map(|contest| contest.kind).collect();
    let scenario = Scenario::of_kinds(Level::FullNight, 5, &kinds);
    let papers: Vec<Paper> = contests.iter().map(|contest| election.paper(&contest.id).unwrap()).collect();
    let figures = |copy| -> Vec<Figures> {
        let sheets = (1..).zip(&papers).map(|(exercise, paper)| {
            let plain = Exercise { traps: BTreeMap::new(), ..scenario.exercises[exercise - 1].clone() };
            let mut clean = scenario.clone();
            clean.exercises[exercise - 1] = plain;
            let number = SheetNumber { exercise: u8::try_from(exercise).unwrap(), copy };
            PracticeSheet::of(&clean, number, paper).unwrap().says().clone()
        });
        sheets.collect()
    };
    let (one, two) = (figures(1), figures(2));
    let side_by_side: Vec<(&Paper, &Figures)> = papers.iter().zip(&one).collect();
    assert_eq!(tally::compare_papers(&side_by_side), []);
    assert!(one.iter().zip(&two).all(|(one, two)| one != two));
}

#[test]
fn each_trap_is_on_the_sheet_where_it_says() {
    for (name, paper) in papers::all() {
        for seed in 0..12 {
            let clean = sheet(&paper, seed, &[]);
            for trap in TrapKind::ALL {
                let sheet = sheet(&paper, seed, &[(*trap, 1)]);
                let [trapped] = sheet.trapped() else { unreachable!("{name}: {trap:?} found no room") };
                let says = |code| sheet.says().0[code];
                let written = |code: &tally::FieldCode| {
                    sheet.written().iter().find(|field| field.code == code.as_str()).unwrap().clone()
                };
                let faults = paper.check(sheet.says()).faults().count();
                match trap {
                    TrapKind::WrongSum => {
                        assert_ne!(says(&trapped.fields[0]), clean.says().0[&trapped.fields[0]]);
                        assert!(faults > 0, "{name}: no check notices the wrong sum");
                    }
                    TrapKind::Correction => {
                        let boxes = written(&trapped.fields[0]).boxes;
                        assert!(boxes.iter().any(|mark| matches!(mark, BoxMark::Overwritten(..))), "{name}");
                    }
                    TrapKind::UnclearDigit => {
                        let boxes = written(&trapped.fields[0]).boxes;
                        assert!(boxes.iter().any(|mark| matches!(mark, BoxMark::Unclear(_))), "{name}");
                    }
                    TrapKind::CrossedBoxes => {
                        assert!(trapped.fields.iter().all(|field| says(field) == Figure::Blank));
                        let blank = paper.fields().iter().find(|field| says(&field.code) == Figure::Blank);
                        let crossed = |field: &tally::Field| {
                            written(&field.code).boxes.iter().all(|mark| *mark == BoxMark::Cross)
                        };
                        assert!(blank.is_none_or(crossed), "{name}");
                    }
                    TrapKind::Illegible => assert_eq!(says(&trapped.fields[0]), Figure::Illegible),
                    TrapKind::MissingPage => {
                        let page = trapped.page.unwrap();
                        let on_it = paper.fields().iter().filter(|field| field.page == page);
                        assert!(on_it.clone().count() > 0);
                        assert!(on_it.into_iter().all(|field| !sheet.expected().0.contains_key(&field.code)));
                    }
                    TrapKind::DarkPhoto => {
                        let page = trapped.page.unwrap();
                        assert!(sheet.shot(page, 0).light < 0.1 && sheet.shot(page, 1).light > 0.5);
                    }
                    TrapKind::Objection => assert!(sheet.objection().is_some()),
                }
                if *trap != TrapKind::WrongSum {
                    assert_eq!(faults, 0, "{name}: only a wrong sum makes a paper wrong, not {trap:?}");
                }
            }
        }
    }
}

/// Digests of all sheets of one seed. If one changes, a scenario that was shared gives other sheets than
/// before: keep the old way and add the new one beside it.
const SHEETS: [(&str, &str); 3] =
    [("1", "3efd7a32c983acfa"), ("7", "73ebd597fa36db74"), ("4000000000", "680729e2ebdbed1a")];

#[test]
fn the_same_seed_gives_the_same_sheets_for_ever() {
    let papers = papers::all();
    let digest = |seed: u32| {
        let mut hasher = Sha256::new();
        let traps: Vec<(TrapKind, u8)> = TrapKind::ALL.iter().map(|trap| (*trap, 1)).collect();
        for (name, paper) in &papers {
            let sheet = sheet(paper, seed, &traps);
            let text = serde_json::to_string(&(sheet.says(), sheet.trapped(), sheet.objection())).unwrap();
            hasher.update(format!("{name} {text} {:?} {:?}", sheet.written(), sheet.shot(1, 0)));
        }
        hasher.finalize().iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let now = SHEETS.map(|(seed, _)| (seed, digest(seed.parse().unwrap())));
    assert_eq!(now, SHEETS.map(|(seed, digest)| (seed, digest.to_owned())));
}

/// Digests of the scenarios of all levels for the demo elections.
const SCENARIOS: &str = "0f6b14aba0e2488c";

#[test]
fn the_same_seed_gives_the_same_scenario_for_ever_and_every_level_can_be_saved() {
    let mut hasher = Sha256::new();
    for election in papers::elections() {
        for level in Level::ALL {
            for seed in [0, 1, 99, u32::MAX] {
                let scenario = Scenario::of_level(*level, seed, &election);
                assert_eq!(scenario, Scenario::of_level(*level, seed, &election));
                let file = scenario.to_json();
                assert_eq!(Scenario::from_json(&file).unwrap(), scenario);
                hasher.update(file);
            }
        }
    }
    let digest = hasher.finalize().iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(digest, SCENARIOS);
}

#[test]
fn a_full_night_has_every_paper_of_the_station_a_re_vote_and_hindrances() {
    let election = papers::elections().remove(1);
    let night = Scenario::of_level(Level::FullNight, 3, &election);
    let kinds: BTreeSet<&str> = night.exercises.iter().map(|exercise| exercise.kind.word()).collect();
    assert_eq!(kinds.len(), 5);
    assert_eq!(night.exercises.last().map(|exercise| exercise.round), Some(2));
    let happens = |what: fn(&Happening) -> bool| night.events.iter().any(|event| what(&event.what));
    assert!(happens(|what| *what == Happening::PhoneDies));
    assert!(happens(|what| *what == Happening::NoNetwork(10)));
    assert!(happens(|what| matches!(what, Happening::WrongClock(_))));
    let steps = Scenario::of_level(Level::FirstSteps, 3, &election);
    assert!(steps.exercises.len() == 1 && steps.exercises[0].traps.is_empty() && steps.events.is_empty());
}

#[test]
fn a_drill_has_a_package_of_its_own_with_the_rounds_of_the_scenario() {
    for election in papers::elections() {
        let stations: Vec<StationId> = election.stations().take(2).collect();
        let night = Scenario::of_level(Level::FullNight, 3, &election);
        let drill = drill_package(&election, &night, &stations).unwrap();
        assert!(drill.drill && !election.drill);
        assert_eq!(drill.id.as_str(), format!("{}-latihan", election.id));
        assert_eq!(drill.stations().collect::<Vec<_>>(), stations);
        for exercise in &night.exercises {
            let at = |station: &StationId| {
                drill.contests_at(station).find(|contest| contest.kind == exercise.kind).unwrap().id.clone()
            };
            for station in &stations {
                let contest = at(station);
                assert!(drill.newest_round(station, &contest) >= exercise.round, "{} {contest}", election.id);
                // The paper is the same, so the sheet is.
                let [here, there] = [&drill, &election].map(|e| e.paper(&contest).unwrap());
                assert_eq!(here.fields(), there.fields());
            }
        }
        let steps = Scenario::of_level(Level::FirstSteps, 3, &election);
        assert_eq!(drill_package(&election, &steps, &stations).unwrap().rounds, []);
        assert!(drill_package(&election, &night, &[]).is_err());
    }
}

#[test]
fn the_scenario_in_the_docs_is_one_and_the_docs_name_every_trap_and_level() {
    let page = include_str!("../../../../docs/drills.md");
    let json = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let scenario = Scenario::from_json(json).unwrap();
    assert_eq!((scenario.exercises.len(), scenario.events.len()), (4, 3));
    let words =
        TrapKind::ALL.iter().map(|trap| trap.word()).chain(Level::ALL.iter().map(|level| level.word()));
    for word in words {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn anything_odd_in_a_file_is_refused_by_name() {
    let base = Scenario::of_kinds(Level::Hindrances, 1, &[ContestKind::Ppwp]);
    type Bend = fn(&mut Scenario);
    let bent: [(&str, Bend); 11] = [
        ("format", |scenario| scenario.format = "saksi-scenario/2".into()),
        ("id", |scenario| scenario.id = "A B".into()),
        ("id", |scenario| scenario.id = "x".repeat(41)),
        ("title", |scenario| scenario.title = "x".repeat(81)),
        ("title", |scenario| scenario.title = "a\u{7}".into()),
        ("exercises", |scenario| scenario.exercises.clear()),
        ("exercise 2", |scenario| scenario.exercises[1].round = 10),
        ("exercise 1", |scenario| scenario.exercises[0].minutes = 0),
        ("exercise 1", |scenario| _ = scenario.exercises[0].traps.insert(TrapKind::WrongSum, 6)),
        ("event 1", |scenario| scenario.events[0].exercise = 9),
        ("event 4", |scenario| {
            let what = Happening::NoNetwork(0);
            scenario.events.push(Event { exercise: 1, when: When::Start, what });
        }),
    ];
    for (place, bend) in bent {
        let mut odd = base.clone();
        bend(&mut odd);
        let refused = Scenario::from_json(&odd.to_json()).unwrap_err();
        assert!(matches!(&refused, ScenarioError::Odd { place: named, .. } if named == place), "{refused}");
    }
    for (from, to, place) in [
        ("\"seed\": 1", "\"seed\": -1", "seed"),
        ("\"seed\": 1", "\"seed\": 99999999999", "seed"),
        ("\"kind\": \"ppwp\"", "\"kind\": \"pbsk\"", "exercises[0].kind"),
        ("\"minutes\": 8", "\"minutes\": 8, \"colour\": \"red\"", "exercises[0].colour"),
        ("\"phone_dies\"", "\"phone_sinks\"", "events[1].what"),
    ] {
        let json = base.to_json().replacen(from, to, 1);
        assert_ne!(json, base.to_json(), "{from} is in the file");
        let refused = Scenario::from_json(&json).unwrap_err();
        assert!(
            matches!(&refused, ScenarioError::Json { place: at, .. } if at.starts_with(place)),
            "{refused:?}"
        );
    }
    let long = base.to_json().replacen("\"id\"", &format!("\"{}\"", "x".repeat(SCENARIO_BYTES_MAX)), 1);
    assert!(matches!(Scenario::from_json(&long), Err(ScenarioError::TooLong { .. })));
    assert!(Scenario::from_json(&format!("{} x", base.to_json())).is_err());
}

#[test]
fn bytes_at_random_are_read_as_a_scenario_that_can_be_or_refused() {
    let seed = Scenario::of_kinds(Level::FullNight, 1, &[ContestKind::Ppwp, ContestKind::Dpr]).to_json();
    let random = &mut SeededRng::new(1);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = seed.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                _ if bytes.is_empty() => {}
                0 => bytes[at] = b"0123456789-\"{}[],:a\0"[random.below(20)],
                1 => bytes.truncate(at + 1),
                2 => bytes.insert(at, b"0123456789"[random.below(10)]),
                _ => _ = bytes.remove(at),
            }
        }
        match Scenario::from_json(&String::from_utf8_lossy(&bytes)) {
            Ok(scenario) => {
                read += 1;
                assert_eq!(Scenario::from_json(&scenario.to_json()).unwrap(), scenario);
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 100 && refused > 1_000, "{read} {refused}");
}

#[test]
fn the_number_of_a_sheet_has_one_spelling() {
    for number in [SheetNumber { exercise: 2, copy: 7 }, SheetNumber { exercise: 12, copy: 300 }] {
        assert_eq!(SheetNumber::read(&number.to_string()), Some(number));
    }
    for odd in ["", "2", "2-7", "02-07", "2-007", "-2-07", "2-07-1", "300-01", "2-70000"] {
        assert_eq!(SheetNumber::read(odd), None, "{odd}");
    }
}
