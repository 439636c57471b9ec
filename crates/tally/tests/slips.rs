//! Papers of a DPR contest with seeded slips, as many as the official system had in 2024: 22 % of its papers
//! did not add up. Each slip is flagged by its code, and no clean paper is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions of a test file are tests too")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tally::{CheckCode, Election, Figure, Figures, Paper};

const PAPERS: usize = 1_000;
const LISTS: usize = 18;
const CANDIDATES: usize = 8;

/// A generator (xorshift) that gives the same papers on every machine.
struct TestRng(u64);

impl TestRng {
    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 % u64::from(end.max(1))).unwrap()
    }
}

fn paper() -> Paper {
    let json = include_str!("../../../assets/elections/demo-general.json");
    let mut package: Value = serde_json::from_str(json).unwrap();
    package["parties"] = (1..=LISTS).map(|n| json!({"number": n, "name": format!("Partai {n}")})).collect();
    let candidate = |n: usize| json!({"number": n, "names": [format!("Calon {n}")]});
    let list =
        |n: usize| json!({"party": n, "candidates": (1..=CANDIDATES).map(candidate).collect::<Value>()});
    package["station_voters_max"] = json!(600);
    package["contests"] = json!([package["contests"][1]]);
    package["contests"][0]["lists"] = (1..=LISTS).map(list).collect();
    let election = Election::from_json(&package.to_string()).unwrap_or_else(|error| panic!("{error}"));
    election.paper(&election.contests[0].id).unwrap()
}

/// A paper that adds up. As on real ones most boxes of candidates are crossed, and some parties have nothing.
fn clean(rng: &mut TestRng) -> Figures {
    let mut figures = Figures::default();
    let mut set = |code: String, figure| figures.0.insert(code.parse().unwrap(), figure);
    let mut valid = 0;
    for list in 1..=LISTS {
        let mut total = 0;
        let crossed = rng.below(6) == 0;
        let own = if crossed { 0 } else { rng.below(9) };
        for (row, votes) in
            std::iter::once(("A.1".to_owned(), own)).chain((1..=CANDIDATES).map(|candidate| {
                let votes = if crossed || rng.below(4) > 0 { 0 } else { 1 + rng.below(9) };
                (format!("A.2.{candidate}"), votes)
            }))
        {
            total += votes;
            let figure = if votes == 0 { Figure::Blank } else { Figure::Written(votes) };
            set(format!("IV.{list}.{row}"), figure);
        }
        valid += total;
        set(format!("IV.{list}.B"), if crossed { Figure::Blank } else { Figure::Written(total) });
    }
    let invalid = rng.below(10);
    let users = valid + invalid;
    let (moved, unlisted) = (rng.below(4), rng.below(8));
    let of_dpt = users.saturating_sub(moved + unlisted);
    let voters = of_dpt + 20 + rng.below(40);
    let received = voters + voters.div_ceil(50);
    let spoiled = rng.below(3);
    for (row, both) in [
        ("I.A", voters),
        ("I.B.1", of_dpt),
        ("I.B.2", moved),
        ("I.B.3", unlisted),
        ("I.B.4", users),
        ("III", 2),
    ] {
        set(format!("{row}.J"), Figure::Written(both));
        // The men of the sum of rows are the sum of their men.
        let men = |both: u32| both / 2;
        let men = if row == "I.B.4" { men(of_dpt) + men(moved) + men(unlisted) } else { men(both) };
        set(format!("{row}.L"), Figure::Written(men));
        set(format!("{row}.P"), Figure::Written(both - men));
    }
    for (row, number) in [
        ("II.1", received),
        ("II.2", users),
        ("II.3", spoiled),
        ("II.4", received - users - spoiled),
        ("V.A", valid),
        ("V.B", invalid),
        ("V.C", users),
    ] {
        set(row.to_owned(), Figure::Written(number));
    }
    figures
}

/// A slip: what it is, where it is made, and the code that must flag it.
const SLIPS: [(&str, &str, CheckCode); 11] = [
    ("a candidate's votes", "A.2", CheckCode::F403),
    ("a party's own votes", "A.1", CheckCode::F403),
    ("the sum of a party, too high", "B", CheckCode::F403),
    ("a candidate's votes and the sum of the party", "A.2+B", CheckCode::F401),
    ("valid votes", "V.A", CheckCode::F401),
    ("invalid votes", "V.B", CheckCode::F402),
    ("all votes", "V.C", CheckCode::F402),
    ("users of the vote", "I.B.4.J", CheckCode::F102),
    ("men of the DPT", "I.A.L", CheckCode::F101),
    ("ballots unused", "II.4", CheckCode::F201),
    ("ballots used", "II.2", CheckCode::F301),
];

/// Adds some votes to a figure; a crossed one becomes a number.
fn raise(figures: &mut Figures, code: &str, by: u32) {
    let figure = figures.0.get_mut(code).unwrap();
    *figure = Figure::Written(figure.number().unwrap_or(0) + by);
}

fn slip(figures: &mut Figures, place: &str, rng: &mut TestRng) {
    let by = 1 + rng.below(9);
    let written =
        |list: &usize| figures.number(&format!("IV.{list}.B").parse().unwrap()).is_some_and(|b| b > 0);
    let lists: Vec<usize> = (1..=LISTS).filter(written).collect();
    let list = lists[rng.below(lists.len() as u32) as usize];
    let candidate = 1 + rng.below(CANDIDATES as u32);
    match place {
        "A.1" | "B" => raise(figures, &format!("IV.{list}.{place}"), by),
        "A.2" => raise(figures, &format!("IV.{list}.A.2.{candidate}"), by),
        "A.2+B" => {
            raise(figures, &format!("IV.{list}.A.2.{candidate}"), by);
            raise(figures, &format!("IV.{list}.B"), by);
        }
        code => raise(figures, code, by),
    }
}

#[test]
fn every_seeded_slip_is_flagged_by_its_code_and_no_clean_paper_is() {
    let paper = paper();
    let mut rng = TestRng(20_240_214);
    let mut flagged: BTreeMap<&str, u32> = BTreeMap::new();
    for index in 0..PAPERS {
        let mut figures = clean(&mut rng);
        let report = paper.check(&figures);
        assert_eq!(report.findings, [], "paper {index} is clean");
        if rng.below(100) < 22 {
            let (what, place, code) = SLIPS[flagged.values().sum::<u32>() as usize % SLIPS.len()];
            slip(&mut figures, place, &mut rng);
            let report = paper.check(&figures);
            assert!(
                report.faults().any(|fault| fault.code == code),
                "paper {index}, {what}: {:?}",
                report.findings
            );
            *flagged.entry(what).or_default() += 1;
        }
    }
    let all: u32 = flagged.values().sum();
    println!("{PAPERS} papers, {all} with a slip: {flagged:?}");
    assert_eq!(flagged.len(), SLIPS.len());
    assert!((180..260).contains(&all));
}
