//! The checks: each code with a tally that trips it and one that does not, blank boxes, texts, running sums.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions of a test file are tests too")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tally::check::Relation;
use tally::{CheckCode, Column, Election, FieldCode, Figure, Figures, Finding, Paper, Severity};

/// What found in a field.
#[derive(Clone, Copy)]
enum Boxes {
    N(u32),
    Blank,
    Illegible,
    NotTyped,
}
use Boxes::{Blank, Illegible, N, NotTyped};

/// A sound evening on the form of 2024: 284 voters, 257 came, 252 valid votes.
const SOUND_2024: &[(&str, u32)] = &[
    ("I.A.L", 140),
    ("I.A.P", 144),
    ("I.A.J", 284),
    ("I.B.1.L", 120),
    ("I.B.1.P", 125),
    ("I.B.1.J", 245),
    ("I.B.2.L", 1),
    ("I.B.2.P", 2),
    ("I.B.2.J", 3),
    ("I.B.3.L", 3),
    ("I.B.3.P", 6),
    ("I.B.3.J", 9),
    ("I.B.4.L", 124),
    ("I.B.4.P", 133),
    ("I.B.4.J", 257),
    ("II.1", 290),
    ("II.2", 257),
    ("II.3", 1),
    ("II.4", 32),
    ("III.L", 2),
    ("III.P", 3),
    ("III.J", 5),
    ("IV.1", 128),
    ("IV.2", 97),
    ("IV.3", 27),
    ("V.A", 252),
    ("V.B", 5),
    ("V.C", 257),
];

/// The same evening on the form of 2019.
const SOUND_2019: &[(&str, u32)] = &[
    ("I.A.1.L", 140),
    ("I.A.1.P", 144),
    ("I.A.1.J", 284),
    ("I.A.2.L", 2),
    ("I.A.2.P", 2),
    ("I.A.2.J", 4),
    ("I.A.3.L", 3),
    ("I.A.3.P", 6),
    ("I.A.3.J", 9),
    ("I.A.4.L", 145),
    ("I.A.4.P", 152),
    ("I.A.4.J", 297),
    ("I.B.1.L", 120),
    ("I.B.1.P", 125),
    ("I.B.1.J", 245),
    ("I.B.2.L", 1),
    ("I.B.2.P", 2),
    ("I.B.2.J", 3),
    ("I.B.3.L", 3),
    ("I.B.3.P", 6),
    ("I.B.3.J", 9),
    ("I.B.4.L", 124),
    ("I.B.4.P", 133),
    ("I.B.4.J", 257),
    ("II.1.L", 4),
    ("II.1.P", 4),
    ("II.1.J", 8),
    ("II.2.L", 2),
    ("II.2.P", 3),
    ("II.2.J", 5),
    ("III.1", 290),
    ("III.2", 1),
    ("III.3", 32),
    ("III.4", 257),
    ("IV.1", 128),
    ("IV.2", 97),
    ("IV.3", 27),
    ("V.A", 252),
    ("V.B", 5),
    ("V.C", 257),
];

/// The same evening on the form of votes by post, whose unused ballots are of three kinds.
const POS_KINDS: &[(&str, u32)] = &[("II.4.A", 20), ("II.4.B", 7), ("II.4.C", 5)];

/// The votes of the same evening on a paper with three lists, of which the last has no candidates.
const LISTS: &[(&str, u32)] = &[
    ("IV.1.A.1", 40),
    ("IV.1.A.2.1", 50),
    ("IV.1.A.2.2", 20),
    ("IV.1.A.2.3", 0),
    ("IV.1.B", 110),
    ("IV.2.A.1", 30),
    ("IV.2.A.2.1", 60),
    ("IV.2.A.2.2", 10),
    ("IV.2.B", 100),
    ("IV.24.A.1", 42),
    ("IV.24.B", 42),
];

/// The sound evening on a form, with every field in the paper's order.
fn sound(form: &str) -> Vec<(&'static str, u32)> {
    let of_2024 = SOUND_2024.iter().copied();
    match form {
        "2024" => of_2024.collect(),
        "2019" => SOUND_2019.to_vec(),
        "pos" => SOUND_2024[..19].iter().chain(POS_KINDS).chain(&SOUND_2024[19..]).copied().collect(),
        "dpr" => SOUND_2024[..22].iter().chain(LISTS).chain(&SOUND_2024[25..]).copied().collect(),
        other => panic!("no sound tally for {other}"),
    }
}

fn paper_of(form: &str) -> Paper {
    match form {
        "2024" => paper("c-hasil-ppwp-2024"),
        "2019" => paper("c1-ppwp-2019"),
        "pos" => paper("c-hasil-ppwp-pos-2024"),
        _ => list_paper(json!("all")),
    }
}

/// A paper of the DPR with three short lists.
fn list_paper(asked: Value) -> Paper {
    let json = include_str!("../../../assets/elections/demo-general.json");
    let mut package: Value = serde_json::from_str(json).unwrap();
    let contest = &mut package["contests"][1];
    let lists = contest["lists"].as_array().unwrap();
    let mut short = vec![lists[0].clone(), lists[1].clone(), lists[5].clone()];
    for (list, length) in short.iter_mut().zip([3, 2, 0]) {
        list["candidates"].as_array_mut().unwrap().truncate(length);
    }
    contest["lists"] = json!(short);
    contest["asked"] = asked;
    let election = Election::from_json(&package.to_string()).unwrap_or_else(|error| panic!("{error}"));
    election.paper(&election.contests[1].id).unwrap()
}

fn paper(form: &str) -> Paper {
    let json = include_str!("../../../assets/elections/demo.json").replace("c-hasil-ppwp-2024", form);
    let election = Election::from_json(&json).unwrap_or_else(|error| panic!("{error}"));
    election.paper(&election.contests[0].id).unwrap()
}

fn figures(sound: &[(&str, u32)], changes: &[(&str, Boxes)]) -> Figures {
    let code = |text: &str| text.parse::<FieldCode>().unwrap();
    let mut figures = Figures(
        sound.iter().map(|(field, value)| (code(field), Figure::Written(*value))).collect::<BTreeMap<_, _>>(),
    );
    for (field, change) in changes {
        match change {
            N(value) => figures.0.insert(code(field), Figure::Written(*value)),
            Blank => figures.0.insert(code(field), Figure::Blank),
            Illegible => figures.0.insert(code(field), Figure::Illegible),
            NotTyped => figures.0.remove(&code(field)),
        };
    }
    figures
}

fn findings_2024(changes: &[(&str, Boxes)]) -> Vec<Finding> {
    paper("c-hasil-ppwp-2024").check(&figures(SOUND_2024, changes)).findings
}

fn keys(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.key.0.as_str()).collect()
}

#[test]
fn a_sound_tally_has_no_findings_on_either_form() {
    for form in ["2024", "2019", "pos", "dpr"] {
        let (paper, sound) = (paper_of(form), sound(form));
        let typed: Vec<&str> = sound.iter().map(|(field, _)| *field).collect();
        let fields: Vec<&str> = paper.fields().iter().map(|field| field.code.as_str()).collect();
        assert_eq!(typed, fields, "the test's tally has every field of {form}");
        let report = paper.check(&figures(&sound, &[]));
        assert_eq!(keys(&report.findings), [""; 0]);
        assert!(report.checks_passed >= 20, "{} passed", report.checks_passed);
    }
}

/// A code, the form, what is changed in the sound tally, and every finding that this makes.
type Trip = (CheckCode, &'static str, &'static [(&'static str, Boxes)], &'static [&'static str]);

/// A paper of zeros, with a row that is blank.
const ZEROS_2024: &[(&str, Boxes)] = &[
    ("I.A.L", N(0)),
    ("I.A.P", N(0)),
    ("I.A.J", N(0)),
    ("I.B.1.L", N(0)),
    ("I.B.1.P", N(0)),
    ("I.B.1.J", N(0)),
    ("I.B.2.L", N(0)),
    ("I.B.2.P", N(0)),
    ("I.B.2.J", N(0)),
    ("I.B.3.L", N(0)),
    ("I.B.3.P", N(0)),
    ("I.B.3.J", N(0)),
    ("I.B.4.L", N(0)),
    ("I.B.4.P", N(0)),
    ("I.B.4.J", N(0)),
    ("II.1", N(0)),
    ("II.2", N(0)),
    ("II.3", N(0)),
    ("II.4", N(0)),
    ("IV.1", N(0)),
    ("IV.2", N(0)),
    ("IV.3", N(0)),
    ("V.A", N(0)),
    ("V.B", N(0)),
    ("V.C", N(0)),
    ("III.L", Blank),
    ("III.P", Blank),
    ("III.J", Blank),
];

const TRIPS: &[Trip] = &[
    (CheckCode::F101, "2024", &[("I.A.L", N(141))], &["F101@I.A"]),
    (CheckCode::F101, "2024", &[("III.J", N(6))], &["F101@III"]),
    (CheckCode::F102, "2024", &[("I.B.2.L", N(3)), ("I.B.2.J", N(5))], &["F102@I.B.4.L", "F102@I.B.4.J"]),
    (CheckCode::F103, "2019", &[("I.A.4.L", N(146)), ("I.A.4.J", N(298))], &["F103@I.A.4.L", "F103@I.A.4.J"]),
    (
        CheckCode::F104,
        "2024",
        &[
            ("I.B.1.L", N(141)),
            ("I.B.1.P", N(104)),
            ("I.B.2.L", N(0)),
            ("I.B.2.P", N(3)),
            ("I.B.4.L", N(144)),
            ("I.B.4.P", N(113)),
        ],
        &["F104@I.B.1.L"],
    ),
    (
        CheckCode::F104,
        "2019",
        &[
            ("I.A.2.L", N(1)),
            ("I.A.2.P", N(1)),
            ("I.A.2.J", N(2)),
            ("I.A.4.L", N(144)),
            ("I.A.4.P", N(151)),
            ("I.A.4.J", N(295)),
        ],
        &["F104@I.B.2.P", "F104@I.B.2.J"],
    ),
    (CheckCode::F105, "2024", &[("III.L", N(125)), ("III.J", N(128))], &["F105@III.L"]),
    (CheckCode::F106, "2019", &[("II.2.L", N(5)), ("II.2.J", N(8))], &["F106@II.2.L"]),
    (CheckCode::F201, "2024", &[("II.4", N(33))], &["F201"]),
    (CheckCode::F202, "2024", &[("II.1", N(250)), ("II.4", Illegible)], &["F201", "F202", "W201", "W105"]),
    (CheckCode::F202, "dpr", &[("IV.1.A.2.1", N(291))], &["F202", "F403@IV.1"]),
    (CheckCode::F203, "pos", &[("II.4.B", N(8))], &["F203"]),
    (CheckCode::F301, "2024", &[("II.2", N(256)), ("II.4", N(33))], &["F301"]),
    (CheckCode::F302, "2024", &[("V.B", N(6)), ("V.C", N(258))], &["F302"]),
    (CheckCode::F303, "2024", &[("I.B.4.J", Blank), ("II.2", N(256)), ("II.4", N(33))], &["F303", "W102"]),
    (CheckCode::F401, "2024", &[("IV.3", N(32))], &["F401"]),
    (CheckCode::F402, "2024", &[("V.B", N(6))], &["F402"]),
    (CheckCode::F401, "dpr", &[("IV.24.A.1", N(47)), ("IV.24.B", N(47))], &["F401"]),
    (CheckCode::F403, "dpr", &[("IV.1.A.2.1", N(51))], &["F403@IV.1"]),
    (CheckCode::F403, "dpr", &[("IV.2.B", N(103))], &["F401", "F403@IV.2"]),
    (CheckCode::W101, "2024", &[("III.L", NotTyped), ("III.P", NotTyped)], &["W101"]),
    (CheckCode::W102, "2024", &[("II.1", Blank)], &["W102"]),
    (
        CheckCode::W103,
        "2024",
        &[("I.A.L", N(160)), ("I.A.J", N(304)), ("II.1", N(311)), ("II.4", N(53))],
        &["W103@I.A.J"],
    ),
    (
        CheckCode::W104,
        "2024",
        &[
            ("I.A.P", N(108)),
            ("I.A.J", N(248)),
            ("I.B.1.P", N(105)),
            ("I.B.1.J", N(225)),
            ("I.B.2.P", N(22)),
            ("I.B.2.J", N(23)),
            ("II.1", N(253)),
            ("II.3", N(0)),
            ("II.4", N(0)),
            ("II.2", Illegible),
            ("V.A", Illegible),
            ("V.C", Illegible),
        ],
        &["F202", "W104", "W105"],
    ),
    (CheckCode::W105, "2024", &[("I.B.2.P", Illegible)], &["W105"]),
    (CheckCode::W106, "2024", ZEROS_2024, &["W106"]),
    (CheckCode::W201, "2024", &[("II.1", N(291)), ("II.4", N(33))], &["W201"]),
    (CheckCode::W202, "2024", &[("II.3", N(32)), ("II.4", N(1))], &["W202"]),
    (
        CheckCode::W301,
        "2024",
        &[
            ("I.A.L", N(120)),
            ("I.A.P", N(125)),
            ("I.A.J", N(245)),
            ("II.1", N(250)),
            ("II.4", Illegible),
            ("I.B.4.J", N(257)),
        ],
        &["F201", "F202", "W301", "W104", "W105"],
    ),
    (CheckCode::W401, "2024", &[("IV.1", N(60)), ("V.A", N(184)), ("V.B", N(73))], &["W401"]),
    (CheckCode::W402, "2024", &[("IV.1", N(252)), ("IV.2", N(0)), ("IV.3", Blank)], &["W402@IV.1"]),
    (
        CheckCode::W402,
        "dpr",
        &[
            ("IV.1.A.1", N(182)),
            ("IV.1.B", N(252)),
            ("IV.2.A.1", N(0)),
            ("IV.2.A.2.1", Blank),
            ("IV.2.A.2.2", Blank),
            ("IV.2.B", N(0)),
            ("IV.24.A.1", Blank),
            ("IV.24.B", Blank),
        ],
        &["W402@IV.1.B"],
    ),
];

#[test]
fn every_code_has_a_tally_that_trips_it_and_no_other_than_what_follows() {
    let mut tried = BTreeSet::new();
    for (code, form, changes, expected) in TRIPS {
        let report = paper_of(form).check(&figures(&sound(form), changes));
        let mut found = keys(&report.findings);
        let mut expected = expected.to_vec();
        assert!(report.has(*code), "{code} is not among {found:?}");
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{code}");
        tried.insert(*code);
    }
    // Those of several papers have their own test.
    let of_one_paper = CheckCode::ALL.iter().filter(|code| !code.as_str().starts_with("W5"));
    assert_eq!(tried, of_one_paper.copied().collect());
}

/// Tallies at the very edge of a rule, on its quiet side.
#[test]
fn what_is_just_allowed_is_not_flagged() {
    let quiet: &[&[(&str, Boxes)]] = &[
        // W202 and W401 let small figures be.
        &[("II.3", N(10)), ("II.4", N(23))],
        &[("IV.1", N(123)), ("V.A", N(247)), ("V.B", N(10))],
        // W401 at 15 % of all votes.
        &[("IV.1", N(95)), ("V.A", N(219)), ("V.B", N(38))],
        // F104 and F105 at equality, in one column.
        &[("I.A.L", N(120)), ("I.A.P", N(164))],
        // W402: one vote is for another.
        &[("IV.1", N(251)), ("IV.2", N(1)), ("IV.3", N(0))],
        // W103 at the limit of 300.
        &[("I.A.L", N(156)), ("I.A.J", N(300)), ("II.1", N(306)), ("II.4", N(48))],
    ];
    for changes in quiet {
        assert_eq!(keys(&findings_2024(changes)), [""; 0]);
    }
}

#[test]
fn nothing_is_flagged_before_its_figures_are_typed() {
    let paper = paper("c-hasil-ppwp-2024");
    assert_eq!(keys(&paper.check(&Figures::default()).findings), ["W101"]);
    // Typed from the top, a sound tally never has a fault on the way.
    for typed in 0..=SOUND_2024.len() {
        let report = paper.check(&figures(&SOUND_2024[..typed], &[]));
        assert_eq!(report.faults().count(), 0, "after {typed} fields");
        assert_eq!(report.findings.is_empty(), typed == SOUND_2024.len());
    }
}

#[test]
fn a_blank_part_leaves_a_sum_that_agrees_without_it_alone() {
    let changes = [
        ("I.B.2.L", Blank),
        ("I.B.2.P", Blank),
        ("I.B.2.J", Blank),
        ("I.B.3.L", N(4)),
        ("I.B.3.P", N(8)),
        ("I.B.3.J", N(12)),
    ];
    assert_eq!(keys(&findings_2024(&changes)), [""; 0]);
}

#[test]
fn a_blank_part_that_a_sum_needs_is_a_warning_because_nothing_contradicts() {
    let findings = findings_2024(&[("IV.3", Blank)]);
    assert_eq!(keys(&findings), ["W102"]);
    assert_eq!(findings[0].fields, ["IV.3".parse().unwrap()]);
    assert_eq!(findings[0].title.id, "Kosong di kertas, padahal dibutuhkan: IV.3");
}

#[test]
fn written_parts_above_their_total_are_a_fault_whatever_the_blank_box_should_say() {
    for unknown in [Blank, Illegible] {
        let findings = findings_2024(&[("IV.3", unknown), ("IV.1", N(160))]);
        let fault = &findings[0];
        assert_eq!(fault.code, CheckCode::F401);
        let comparison = fault.comparison.as_ref().unwrap();
        assert_eq!((comparison.left.total, comparison.right.total, comparison.difference), (257, 252, 5));
        assert_eq!(comparison.left.terms.len(), 2);
        assert!(fault.fields.contains(&"IV.3".parse().unwrap()), "the unread box is named too");
    }
}

#[test]
fn a_blank_total_is_a_warning_and_checks_nothing() {
    assert_eq!(keys(&findings_2024(&[("V.A", Blank), ("IV.3", N(99))])), ["W102"]);
}

#[test]
fn one_odd_figure_among_users_ballots_and_votes_makes_one_finding() {
    for (users, used, votes, expected) in [
        (257, 257, 257, &[][..]),
        (256, 257, 257, &["F302"]),
        (257, 256, 257, &["F301"]),
        (257, 257, 256, &["F302"]),
        (255, 256, 257, &["F301", "F302"]),
    ] {
        let findings = findings_2024(&[
            ("I.B.4.J", N(users)),
            ("I.B.4.L", Illegible),
            ("I.B.3.J", Illegible),
            ("II.2", N(used)),
            ("II.4", Illegible),
            ("V.C", N(votes)),
            ("V.B", Illegible),
        ]);
        let across: BTreeSet<&str> =
            keys(&findings).into_iter().filter(|key| key.starts_with("F3")).collect();
        assert_eq!(across, expected.iter().copied().collect(), "{users} {used} {votes}");
    }
}

#[test]
fn users_are_compared_with_valid_and_invalid_votes_where_all_votes_has_no_figure() {
    for missing in [NotTyped, Blank, Illegible] {
        let findings = findings_2024(&[("V.C", missing), ("V.B", N(6))]);
        let fault = findings.iter().find(|finding| finding.code == CheckCode::F302).unwrap();
        let comparison = fault.comparison.as_ref().unwrap();
        assert_eq!(comparison.right.label.id, "V.A + V.B");
        assert_eq!((comparison.left.total, comparison.right.total), (257, 258));
    }
}

#[test]
fn a_finding_shows_both_sides_and_speaks_both_languages() {
    let findings = findings_2024(&[("IV.3", N(32))]);
    let fault = &findings[0];
    assert_eq!(fault.severity, Severity::Fault);
    assert_eq!(fault.title.id, "Suara sah tidak sama dengan jumlah suara ketiga pasangan");
    assert_eq!(fault.title.en, "Valid votes is not the sum of the three pairs");
    assert_eq!(
        fault.advice.id,
        "Lihat lagi kertasnya. Kalau salah ketik, perbaiki. Kalau kertasnya memang begitu, biarkan dan nyatakan."
    );
    assert_eq!(fault.for_coordinator.id, "Suara sah: IV dijumlahkan 257, V.A di kertas 252, selisih 5.");
    assert_eq!(fault.for_coordinator.en, "Valid votes: IV added up 257, V.A on paper 252, 5 apart.");
    let comparison = fault.comparison.as_ref().unwrap();
    assert_eq!(comparison.relation, Relation::Equal);
    assert_eq!(comparison.left.terms.iter().map(|term| term.value).collect::<Vec<_>>(), [128, 97, 32]);
    assert_eq!((comparison.left.total, comparison.right.total, comparison.difference), (257, 252, 5));
    let fields: Vec<&str> = fault.fields.iter().map(FieldCode::as_str).collect();
    assert_eq!(fields, ["IV.1", "IV.2", "IV.3", "V.A"]);
    let thousands = findings_2024(&[("V.C", N(1_257)), ("V.B", N(1_005)), ("I.B.4.J", Illegible)]);
    let above = thousands.iter().find(|finding| finding.code == CheckCode::F202).unwrap();
    assert_eq!(above.for_coordinator.id, "V.C di kertas 1.257, surat suara diterima 290, lebih 967.");
    assert_eq!(above.for_coordinator.en, "V.C on paper 1,257, ballots received 290, 967 more.");
}

#[test]
fn faults_come_first_then_the_order_of_the_paper() {
    let findings = findings_2024(&[("V.B", N(6)), ("I.A.L", N(141)), ("II.1", N(291)), ("III.J", NotTyped)]);
    assert_eq!(keys(&findings), ["F101@I.A", "F201", "F402", "W201", "W101"]);
}

#[test]
fn no_text_leaves_a_name_in_braces() {
    for (_, form, changes, _) in TRIPS {
        for finding in paper_of(form).check(&figures(&sound(form), changes)).findings {
            for text in [&finding.title, &finding.advice, &finding.for_coordinator] {
                assert!(
                    !format!("{}{}", text.id, text.en).contains(['{', '}']),
                    "{}: {text:?}",
                    finding.code
                );
            }
        }
    }
}

#[test]
fn on_a_paper_of_lists_crossed_boxes_add_nothing() {
    let paper = list_paper(json!("all"));
    let found = |changes: &[(&str, Boxes)]| -> Vec<String> {
        let report = paper.check(&figures(&sound("dpr"), changes));
        keys(&report.findings).into_iter().map(str::to_owned).collect()
    };
    // Crossed where nobody voted.
    assert_eq!(found(&[("IV.1.A.2.3", Blank)]), [""; 0]);
    // B is too high for its list, whatever is crossed in it.
    assert_eq!(found(&[("IV.1.A.2.3", Blank), ("IV.1.A.2.2", N(19))]), ["F403@IV.1"]);
    // Only B is written: nothing contradicts it.
    let only_b = [("IV.1.A.1", Blank), ("IV.1.A.2.1", Blank), ("IV.1.A.2.2", Blank), ("IV.1.A.2.3", Blank)];
    assert_eq!(found(&only_b), ["W102"]);
    // A crossed list adds nothing to the valid votes, so a slip in another list shows.
    let crossed = [("IV.24.A.1", Blank), ("IV.24.B", Blank)];
    assert_eq!(found(&crossed), ["F401"]);
    // B is missing though its list has votes: the valid votes cannot be checked.
    assert_eq!(found(&[("IV.24.B", Blank)]), ["W102"]);
    assert_eq!(found(&[("IV.24.B", Illegible)]), ["W105"]);
}

#[test]
fn a_finding_about_a_list_names_its_party() {
    let report = list_paper(json!("all")).check(&figures(&sound("dpr"), &[("IV.24.B", N(47))]));
    let [valid, list] = report.findings.as_slice() else { panic!("{:?}", keys(&report.findings)) };
    assert_eq!(
        list.title.id,
        "24. Partai Gotong Karya: B tidak sama dengan suara partai ditambah suara calon"
    );
    assert_eq!(
        list.for_coordinator.en,
        "24. Partai Gotong Karya: IV.24 A added up 42, IV.24.B on paper 47, 5 apart."
    );
    assert_eq!(valid.title.id, "Suara sah tidak sama dengan jumlah suara ketiga partai");
    assert_eq!(valid.for_coordinator.id, "Suara sah: B dijumlahkan 257, V.A di kertas 252, selisih 5.");
}

#[test]
fn what_is_not_asked_is_neither_missing_nor_zero() {
    let paper = list_paper(json!({"totals_and_lists_of": [2]}));
    let not_asked = ["IV.1.A.1", "IV.1.A.2.1", "IV.1.A.2.2", "IV.1.A.2.3", "IV.24.A.1"];
    let changed = |more: &[(&str, Boxes)]| {
        let changes: Vec<(&str, Boxes)> =
            not_asked.iter().map(|field| (*field, NotTyped)).chain(more.iter().copied()).collect();
        paper.check(&figures(&sound("dpr"), &changes))
    };
    assert_eq!(keys(&changed(&[]).findings), [""; 0]);
    assert_eq!(keys(&changed(&[("IV.2.A.1", N(31))]).findings), ["F403@IV.2"]);
    assert_eq!(keys(&changed(&[("IV.1.B", N(111))]).findings), ["F401"]);
    assert_eq!(keys(&changed(&[("IV.24.B", NotTyped)]).findings), ["W101"]);
    assert_eq!(keys(&changed(&[("IV.24.B", Blank), ("V.A", N(252))]).findings), ["F401"]);
    let sum = |section: &str| paper.running_sum(&section.parse().unwrap(), &Figures::default());
    assert!(sum("IV.1").is_none() && sum("IV.2").is_some());
}

#[test]
fn the_reserve_is_the_packages() {
    let json = include_str!("../../../assets/elections/demo-pilkada.json");
    let election = Election::from_json(json).unwrap_or_else(|error| panic!("{error}"));
    let paper = election.paper(&election.contests[0].id).unwrap();
    // 284 voters and 2.5 %, rounded up, are 292 ballots; 2 % would be 290.
    let of = |received, unused| {
        let changes = [("II.1", N(received)), ("II.4", N(unused))];
        paper.check(&figures(SOUND_2024, &changes))
    };
    assert_eq!(keys(&of(292, 34).findings), [""; 0]);
    let report = of(290, 32);
    assert_eq!(keys(&report.findings), ["W201"]);
    let finding = &report.findings[0];
    assert_eq!(finding.title.id, "Surat suara diterima tidak sama dengan DPT ditambah cadangan 2,5%");
    assert_eq!(finding.title.en, "Ballots received is not DPT plus the 2.5% reserve");
    assert_eq!(finding.comparison.as_ref().unwrap().right.label.id, "I.A.J + 2,5%");
}

#[test]
fn a_single_pair_and_the_empty_column_are_named() {
    let json = include_str!("../../../assets/elections/demo-pilkada.json");
    let election = Election::from_json(json).unwrap_or_else(|error| panic!("{error}"));
    let paper = election.paper(&election.contests[1].id).unwrap();
    let report = paper.check(&figures(&[("IV.1", 128), ("IV.2", 97), ("V.A", 252)], &[]));
    let fault = report.faults().next().unwrap();
    assert_eq!(fault.title.id, "Suara sah tidak sama dengan jumlah suara pasangan dan kolom kosong");
    assert_eq!(fault.title.en, "Valid votes is not the sum of the pair and the empty column");
}

#[test]
fn a_code_is_written_as_it_is_named() {
    for code in CheckCode::ALL {
        assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        assert_eq!(code.rule().code, *code);
        assert_eq!(code.as_str().starts_with('F'), code.severity() == Severity::Fault);
    }
}

#[test]
fn huge_figures_neither_panic_nor_wrap() {
    let paper = paper("c-hasil-ppwp-2024");
    let mut huge = figures(SOUND_2024, &[]);
    huge.0.values_mut().for_each(|figure| *figure = Figure::Written(u32::MAX));
    let report = paper.check(&huge);
    let fault = report.findings.iter().find(|finding| finding.code == CheckCode::F401).unwrap();
    assert_eq!(fault.comparison.as_ref().unwrap().difference, 2 * i64::from(u32::MAX));
}

#[test]
fn sums_grow_while_typing_where_the_paper_has_a_sum() {
    let paper = paper("c-hasil-ppwp-2024");
    let sum = |section: &str, changes: &[(&str, Boxes)]| {
        let sum = paper.running_sum(&section.parse().unwrap(), &figures(SOUND_2024, changes))?;
        Some((sum.label.id, sum.filled, sum.fields, sum.total))
    };
    let some = |label: &str, filled, fields, total| Some((label.to_owned(), filled, fields, total));
    assert_eq!(sum("IV", &[("IV.3", NotTyped)]), some("IV.1 + IV.2 + IV.3", 2, 3, 225));
    assert_eq!(sum("IV", &[("IV.3", Blank)]), some("IV.1 + IV.2 + IV.3", 2, 3, 225));
    assert_eq!(sum("V", &[]), some("V.A + V.B", 2, 2, 257));
    assert_eq!(sum("II", &[]), some("II.2 + II.3 + II.4", 3, 3, 290));
    assert_eq!(sum("I", &[]), some("I.B.1.J + I.B.2.J + I.B.3.J", 3, 3, 257));
    assert_eq!(sum("III", &[]), None);
}

#[test]
fn the_sums_of_lists_grow_while_typing() {
    let paper = list_paper(json!("all"));
    let typed =
        figures(&sound("dpr"), &[("IV.1.A.2.3", Blank), ("IV.1.A.2.2", NotTyped), ("IV.24.B", Blank)]);
    let list = paper.running_sum(&"IV.1".parse().unwrap(), &typed).unwrap();
    assert_eq!((list.label.id.as_str(), list.filled, list.fields, list.total), ("A.1 + A.2", 2, 4, 90));
    let lists = paper.running_sum_of_lists(&typed).unwrap();
    assert_eq!(
        (lists.label.id.as_str(), lists.filled, lists.fields, lists.total),
        ("IV.1.B + IV.2.B + IV.24.B", 2, 3, 210)
    );
    assert!(paper_of("2024").running_sum_of_lists(&typed).is_none());
}

#[test]
fn figures_that_do_not_fit_the_paper_are_found() {
    let paper = paper("c-hasil-ppwp-2024");
    assert!(paper.misfits(&figures(SOUND_2024, &[("V.B", N(999)), ("III.L", Blank)])).is_empty());
    let odd = figures(SOUND_2024, &[("V.B", N(1_000)), ("VI.A", N(1))]);
    let misfits: Vec<String> = paper.misfits(&odd).into_iter().map(String::from).collect();
    assert_eq!(misfits, ["V.B", "VI.A"]);
}

#[test]
fn a_tally_survives_the_wire() {
    let paper = paper("c-hasil-ppwp-2024");
    let typed = figures(SOUND_2024, &[("I.B.2.J", Blank), ("V.B", Illegible), ("III.J", NotTyped)]);
    let wire = paper.to_wire(&typed);
    assert_eq!(wire.len(), paper.fields().len());
    assert_eq!(paper.from_wire(&wire), Some(typed));
    assert_eq!(paper.from_wire(&wire[1..]), None);
    let columns: Vec<_> = paper.fields().iter().take(3).map(|field| field.column).collect();
    assert_eq!(columns, [Some(Column::L), Some(Column::P), Some(Column::J)]);
}
