//! The sizes and roots that a log signed at different times, and whether a log that only grows can have
//! signed them all.

use std::collections::BTreeMap;

use evidence::bundle::Consistency;
use evidence::log::{NodeHash, consistency_holds};
use evidence::{Checkpoint, StatementId, VerifiedReceipt};

use crate::input::Position;
use crate::report::{Report, Sort};

/// A size and a root that the log has signed.
#[derive(Debug)]
struct State {
    size: u64,
    root: NodeHash,
    at: Position,
    /// The text of the checkpoint. `None` if the state comes from a receipt.
    note: Option<String>,
}

/// A statement, and the receipt that names it.
#[derive(Debug, Clone)]
struct Leaf {
    statement: StatementId,
    receipt: Position,
}

/// One index of the log that two receipts give to different statements.
#[derive(Debug)]
struct Doubled {
    index: u64,
    one: Leaf,
    other: Leaf,
}

/// All states that the log has signed.
#[derive(Debug, Default)]
pub(crate) struct States {
    states: Vec<State>,
    leaves: BTreeMap<u64, Leaf>,
    doubled: Vec<Doubled>,
}

impl States {
    pub(crate) fn add_checkpoint(&mut self, checkpoint: &Checkpoint, at: &Position) {
        let note = Some(checkpoint.note().to_owned());
        self.states.push(State { size: checkpoint.size, root: checkpoint.root, at: at.clone(), note });
    }

    pub(crate) fn add_receipt(&mut self, receipt: &VerifiedReceipt, at: &Position) {
        let VerifiedReceipt { tree_size: size, root, leaf_index: index, statement, .. } = *receipt;
        self.states.push(State { size, root, at: at.clone(), note: None });
        let leaf = Leaf { statement, receipt: at.clone() };
        match self.leaves.get(&index) {
            Some(one) if one.statement != statement => {
                self.doubled.push(Doubled { index, one: one.clone(), other: leaf });
            }
            Some(_) => {}
            None => {
                self.leaves.insert(index, leaf);
            }
        }
    }

    /// Checks that no two states contradict each other, and that a proof leads from each checkpoint to the
    /// next.
    pub(crate) fn check(mut self, proofs: &[(Position, Consistency)], report: &mut Report) {
        for Doubled { index, one, other } in &self.doubled {
            let detail = format!(
                "the log was rewritten: index {index} is that of statement {} and, by {}, that of {}",
                other.statement, one.receipt, one.statement
            );
            report.fail(Sort::Consistency, &other.receipt, detail);
        }
        self.states.sort_by_key(|state| state.size);
        for pair in self.states.windows(2) {
            if let [one, other] = pair
                && one.size == other.size
            {
                check_equal(one, other, report);
            }
        }
        let mut checkpoints: Vec<&State> = self.states.iter().filter(|state| state.note.is_some()).collect();
        checkpoints.dedup_by_key(|state| state.size);
        for pair in checkpoints.windows(2) {
            if let [older, newer] = pair {
                check_growth(older, newer, proofs, report);
            }
        }
        let alone = self.states.iter().filter(|state| {
            state.note.is_none() && !checkpoints.iter().any(|checkpoint| checkpoint.size == state.size)
        });
        let alone = alone.filter(|state| !self.is_joined(state, proofs)).count();
        if alone > 0 {
            report.note(format!(
                "{alone} receipts hold by themselves, but no proof here joins the log's size in them to another"
            ));
        }
    }

    /// Whether a proof leads from or to this state.
    fn is_joined(&self, state: &State, proofs: &[(Position, Consistency)]) -> bool {
        self.states.iter().any(|other| {
            let (older, newer) = if state.size < other.size { (state, other) } else { (other, state) };
            older.size < newer.size && proofs.iter().any(|(_, proof)| joins(older, newer, proof))
        })
    }
}

fn joins(older: &State, newer: &State, proof: &Consistency) -> bool {
    (proof.from, proof.to) == (older.size, newer.size)
        && consistency_holds((older.size, older.root), (newer.size, newer.root), &proof.proof)
}

fn check_equal(one: &State, other: &State, report: &mut Report) {
    let pair = format!("{} and {}", one.at, other.at);
    if one.root == other.root {
        report.pass(Sort::Consistency, pair, format!("one root for {} statements", one.size));
    } else {
        let why = format!("its size of {} has two roots", one.size);
        report.fail(Sort::Consistency, pair, rewritten(one, other, &why));
    }
}

fn check_growth(older: &State, newer: &State, proofs: &[(Position, Consistency)], report: &mut Report) {
    let pair = format!("{} → {}", older.at, newer.at);
    let found = proofs.iter().find(|(_, proof)| (proof.from, proof.to) == (older.size, newer.size));
    if older.size == 0 || proofs.iter().any(|(_, proof)| joins(older, newer, proof)) {
        let detail = format!("the log of {} statements continues that of {}", newer.size, older.size);
        report.pass(Sort::Consistency, pair, detail);
    } else if let Some((at, _)) = found {
        let why = format!("the proof in {at} does not lead from one to the other");
        report.fail(Sort::Consistency, pair, rewritten(older, newer, &why));
    } else {
        let why = format!("no proof from {} to {} statements is here", older.size, newer.size);
        let (from, to) = (older.size, newer.size);
        report.not_checked(
            Sort::Consistency,
            pair,
            unproved(older, newer, &why),
            format!("the endpoint's answer to /v1/log/consistency?from={from}&to={to}, saved as a file"),
        );
    }
}

fn rewritten(older: &State, newer: &State, why: &str) -> String {
    format!("the log was rewritten: {why}. Keep both:{}", notes(older, newer))
}

fn unproved(older: &State, newer: &State, why: &str) -> String {
    format!("that the log only grew is not shown: {why}:{}", notes(older, newer))
}

fn notes(older: &State, newer: &State) -> String {
    [older, newer]
        .iter()
        .map(|state| match &state.note {
            Some(note) => format!("\n{}", note.trim_end()),
            None => format!("\nthe receipt in {}", state.at),
        })
        .collect()
}
