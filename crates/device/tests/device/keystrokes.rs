//! What a keystroke costs on the largest paper: 24 parties with 14 candidates each.

use std::sync::Arc;

use device::NoKeystore;
use tally::{Candidate, ContestKind, Election, Party, PartyList, Quantity};

use crate::world::{World, general_election, key_of};

const DPR: &str = "dpr-ntb-2";
/// Length of a page of the database, with the header of its frame in the write-ahead log.
const FRAME_BYTES: u64 = 4_096 + 24;

fn largest_paper() -> Election {
    let mut election = tally::load::read(&general_election()).unwrap();
    election.parties = (1..=24).map(|number| Party { number, name: format!("Partai {number}") }).collect();
    for contest in election.contests.iter_mut().filter(|contest| contest.kind == ContestKind::Dpr) {
        let candidate = |number| Candidate {
            number,
            names: vec![format!("Calon {number}")],
            party: None,
            empty_column: false,
        };
        contest.lists = (1..=24)
            .map(|party| PartyList { party, candidates: (1..=14).map(candidate).collect() })
            .collect();
    }
    election
}

#[test]
fn a_keystroke_writes_a_few_pages_however_large_the_paper_is() {
    let world = World::joined_in(&largest_paper(), 1, Arc::new(NoKeystore));
    let key = key_of(DPR);
    let paper = world.device().paper(&key).unwrap();
    for section in paper.sections() {
        world.device().cross_out_rest(&key, &section.code).unwrap();
    }
    let totals = paper.fields().iter().filter(|field| field.counts == Quantity::ListVotes);
    for total in totals {
        world.type_into(&key, &[(total.code.as_str(), 0)]);
    }
    let before = world.device().tally(&key).unwrap();
    assert!(before.filled > 380 && before.fields > 400, "{} of {}", before.filled, before.fields);

    let log = world.folder.path().join("saksi.db-wal");
    let database = rusqlite::Connection::open(world.folder.path().join("saksi.db")).unwrap();
    let mut written = Vec::new();
    for (field, figure) in [("IV.12.A.2.7", 4), ("IV.24.A.1", 31), ("I.A.J", 284), ("IV.12.A.2.7", 41)] {
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        world.type_into(&key, &[(field, figure)]);
        written.push(std::fs::metadata(&log).unwrap().len() / FRAME_BYTES);
    }
    let screen = serde_json::to_string(&world.device().tally(&key).unwrap()).unwrap();
    println!(
        "{} fields: {written:?} pages for each keystroke, a screen of {} bytes",
        before.fields,
        screen.len()
    );
    assert!(written.iter().all(|pages| (1..=8).contains(pages)), "{written:?}");
}
