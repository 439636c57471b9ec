//! The checks: each code with a tally that trips it and one that does not, blank boxes, texts, running sums.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions of a test file are tests too")]

use std::collections::{BTreeMap, BTreeSet};

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
    for (form, sound) in [("c-hasil-ppwp-2024", SOUND_2024), ("c1-ppwp-2019", SOUND_2019)] {
        let paper = paper(form);
        let typed: Vec<&str> = sound.iter().map(|(field, _)| *field).collect();
        let fields: Vec<&str> = paper.fields().iter().map(|field| field.code.as_str()).collect();
        assert_eq!(typed, fields, "the test's tally has every field of {form}");
        let report = paper.check(&figures(sound, &[]));
        assert_eq!(keys(&report.findings), [""; 0]);
        assert!(report.checks_passed >= 20, "{} passed", report.checks_passed);
    }
}

/// A code, the form, what is changed in the sound tally, and every finding that this makes.
type Trip = (CheckCode, &'static str, &'static [(&'static str, Boxes)], &'static [&'static str]);

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
    (CheckCode::F301, "2024", &[("II.2", N(256)), ("II.4", N(33))], &["F301"]),
    (CheckCode::F302, "2024", &[("V.B", N(6)), ("V.C", N(258))], &["F302"]),
    (CheckCode::F303, "2024", &[("I.B.4.J", Blank), ("II.2", N(256)), ("II.4", N(33))], &["F303", "W102"]),
    (CheckCode::F401, "2024", &[("IV.3", N(32))], &["F401"]),
    (CheckCode::F402, "2024", &[("V.B", N(6))], &["F402"]),
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
];

#[test]
fn every_code_has_a_tally_that_trips_it_and_no_other_than_what_follows() {
    let mut tried = BTreeSet::new();
    for (code, form, changes, expected) in TRIPS {
        let (form, sound) = match *form {
            "2024" => ("c-hasil-ppwp-2024", SOUND_2024),
            _ => ("c1-ppwp-2019", SOUND_2019),
        };
        let report = paper(form).check(&figures(sound, changes));
        let mut found = keys(&report.findings);
        let mut expected = expected.to_vec();
        assert!(report.has(*code), "{code} is not among {found:?}");
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{code}");
        tried.insert(*code);
    }
    let all: BTreeSet<CheckCode> = CheckCode::ALL.iter().copied().collect();
    assert_eq!(tried, all);
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
        let (form, sound) = match *form {
            "2024" => ("c-hasil-ppwp-2024", SOUND_2024),
            _ => ("c1-ppwp-2019", SOUND_2019),
        };
        for finding in paper(form).check(&figures(sound, changes)).findings {
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
