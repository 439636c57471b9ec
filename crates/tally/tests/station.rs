//! The papers of one station side by side: each code with papers that trip it, and what is explained.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions of a test file are tests too")]

use std::collections::BTreeSet;

use tally::{CheckCode, Election, Figure, Figures, Paper, compare_papers};

/// What most papers of the sound evening say.
const SOUND: &[(&str, u32)] = &[
    ("I.A.L", 140),
    ("I.A.P", 144),
    ("I.A.J", 284),
    ("I.B.1.J", 245),
    ("I.B.2.J", 3),
    ("I.B.3.J", 9),
    ("I.B.4.J", 257),
    ("II.1", 290),
];

fn papers(package: &str) -> Vec<Paper> {
    let election = Election::from_json(package).unwrap_or_else(|error| panic!("{error}"));
    let station = election.stations().next().unwrap();
    let contests = election.contests_at(&station);
    contests.map(|contest| election.paper(&contest.id).unwrap()).collect()
}

fn general() -> Vec<Paper> {
    papers(include_str!("../../../assets/elections/demo-general.json"))
}

/// A code, what differs (paper, field, figure), and the questions that follow.
type Trip = (CheckCode, &'static [(usize, &'static str, Option<u32>)], &'static [&'static str]);

/// The questions about the papers of an evening on which `changes` (paper, field, figure) differ.
fn asked(papers: &[Paper], changes: &[(usize, &str, Option<u32>)]) -> Vec<String> {
    let mut figures: Vec<Figures> = papers
        .iter()
        .map(|_| {
            let typed = SOUND.iter().map(|(field, value)| (field.parse().unwrap(), Figure::Written(*value)));
            Figures(typed.collect())
        })
        .collect();
    for (paper, field, value) in changes {
        let figure = value.map_or(Figure::Blank, Figure::Written);
        figures[*paper].0.insert(field.parse().unwrap(), figure);
    }
    let pairs: Vec<(&Paper, &Figures)> = papers.iter().zip(&figures).collect();
    let questions = compare_papers(&pairs);
    for question in &questions {
        for text in [&question.finding.title, &question.finding.advice, &question.finding.for_coordinator] {
            assert!(!format!("{}{}", text.id, text.en).contains(['{', '}']), "{text:?}");
        }
    }
    let short = |question: &tally::StationQuestion| {
        format!(
            "{} {}: {} here, {} on {}",
            question.contest, question.finding.key.0, question.here, question.there, question.other_contest
        )
    };
    questions.iter().map(short).collect()
}

#[test]
fn papers_that_say_the_same_raise_no_question() {
    assert_eq!(asked(&general(), &[]), [""; 0]);
    assert_eq!(asked(&papers(include_str!("../../../assets/elections/demo-pilkada.json")), &[]), [""; 0]);
    assert_eq!(asked(&general()[..1], &[]), [""; 0]);
    assert_eq!(asked(&[], &[]), [""; 0]);
}

#[test]
fn every_code_of_several_papers_has_an_evening_that_trips_it() {
    // Papers: 0 president, 1 DPR, 2 DPD, 3 DPRD of the provinsi, 4 DPRD of the city.
    let trips: &[Trip] = &[
        (CheckCode::W501, &[(1, "I.A.J", Some(234))], &["dpr-ntb-2 W501@I.A.J: 234 here, 284 on ppwp"]),
        (CheckCode::W502, &[(3, "I.B.1.J", Some(244))], &["dprd-ntb-1 W502@I.B.1.J: 244 here, 245 on ppwp"]),
        (
            CheckCode::W503,
            &[(4, "I.B.3.J", Some(8)), (4, "I.B.4.J", Some(256))],
            &["dprd-mataram-1 W503@I.B.3.J: 8 here, 9 on ppwp"],
        ),
        (CheckCode::W504, &[(2, "II.1", Some(291))], &["dpd-ntb W504@II.1: 291 here, 290 on ppwp"]),
        (CheckCode::W505, &[(2, "I.B.4.J", Some(258))], &["dpd-ntb W505@I.B.4.J: 258 here, 257 on ppwp"]),
        (
            CheckCode::W506,
            &[(4, "I.B.2.J", Some(4)), (4, "I.B.4.J", Some(258))],
            &["dprd-mataram-1 W506@I.B.2.J: 4 here, 3 on ppwp"],
        ),
    ];
    let papers = general();
    let mut tried = BTreeSet::new();
    for (code, changes, expected) in trips {
        assert_eq!(asked(&papers, changes), *expected, "{code}");
        tried.insert(*code);
    }
    let all = CheckCode::ALL.iter().filter(|code| code.as_str().starts_with("W5"));
    assert_eq!(tried, all.copied().collect());
}

#[test]
fn who_moved_may_vote_for_fewer_contests() {
    let fewer =
        [(3, "I.B.2.J", Some(1)), (3, "I.B.4.J", Some(255)), (4, "I.B.2.J", None), (4, "I.B.4.J", Some(254))];
    assert_eq!(asked(&general(), &fewer), [""; 0]);
}

#[test]
fn what_most_papers_say_is_taken_for_comparison() {
    let papers = general();
    // The first paper is the odd one.
    assert_eq!(asked(&papers, &[(0, "I.A.J", Some(243))]), ["ppwp W501@I.A.J: 243 here, 284 on dpr-ntb-2"]);
    // Of two, the second is asked about.
    assert_eq!(
        asked(&papers[..2], &[(0, "I.A.J", Some(243))]),
        ["dpr-ntb-2 W501@I.A.J: 284 here, 243 on ppwp"]
    );
    // Each odd one is asked about, in the order of the papers.
    assert_eq!(
        asked(&papers, &[(4, "II.1", Some(300)), (1, "II.1", Some(209))]),
        ["dpr-ntb-2 W504@II.1: 209 here, 290 on ppwp", "dprd-mataram-1 W504@II.1: 300 here, 290 on ppwp"]
    );
}

#[test]
fn men_and_women_are_compared_where_both_together_agree() {
    let papers = general();
    let swapped = [(2, "I.A.L", Some(144)), (2, "I.A.P", Some(140))];
    assert_eq!(
        asked(&papers, &swapped),
        ["dpd-ntb W501@I.A.L: 144 here, 140 on ppwp", "dpd-ntb W501@I.A.P: 140 here, 144 on ppwp"]
    );
    let wrong = [(2, "I.A.L", Some(141)), (2, "I.A.J", Some(285))];
    assert_eq!(asked(&papers, &wrong), ["dpd-ntb W501@I.A.J: 285 here, 284 on ppwp"]);
}

#[test]
fn what_is_not_written_is_not_compared() {
    let nothing = [(1, "I.A.J", None), (1, "I.B.1.J", None), (1, "I.B.3.J", None), (1, "II.1", None)];
    assert_eq!(asked(&general(), &nothing), [""; 0]);
}

#[test]
fn in_a_pilkada_dpph_may_differ_and_dptb_may_not() {
    let papers = papers(include_str!("../../../assets/elections/demo-pilkada.json"));
    assert_eq!(asked(&papers, &[(1, "I.B.2.J", Some(1)), (1, "I.B.4.J", Some(255))]), [""; 0]);
    assert_eq!(
        asked(&papers, &[(1, "I.B.3.J", Some(7)), (1, "I.B.4.J", Some(255))]),
        ["walikota-mataram W503@I.B.3.J: 7 here, 9 on gubernur-ntb"]
    );
}
