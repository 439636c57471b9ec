//! What a log said about itself at different times, and whether all of it can be true of a log that only grows.

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
    /// The checkpoint's text; none where a receipt said so.
    note: Option<String>,
}

/// All that the log has signed.
#[derive(Debug, Default)]
pub(crate) struct States {
    states: Vec<State>,
    leaves: BTreeMap<u64, (StatementId, Position)>,
    doubled: Vec<(u64, [(StatementId, Position); 2])>,
}

impl States {
    pub(crate) fn add_checkpoint(&mut self, checkpoint: &Checkpoint, at: &Position) {
        let note = Some(checkpoint.note().to_owned());
        self.states.push(State { size: checkpoint.size, root: checkpoint.root, at: at.clone(), note });
    }

    pub(crate) fn add_receipt(&mut self, receipt: &VerifiedReceipt, at: &Position) {
        let VerifiedReceipt { tree_size: size, root, leaf_index, statement, .. } = *receipt;
        self.states.push(State { size, root, at: at.clone(), note: None });
        let leaf = (statement, at.clone());
        match self.leaves.get(&leaf_index) {
            Some(other) if other.0 != statement => self.doubled.push((leaf_index, [other.clone(), leaf])),
            Some(_) => {}
            None => {
                self.leaves.insert(leaf_index, leaf);
            }
        }
    }

    /// Checks that no two words of the log contradict each other, and that each checkpoint is shown to continue the
    /// one before it.
    pub(crate) fn judge(mut self, proofs: &[(Position, Consistency)], report: &mut Report) {
        for (index, [one, other]) in &self.doubled {
            let detail = format!(
                "the log was rewritten: place {index} is that of statement {} and, by {}, that of {}",
                other.0, one.1, one.0
            );
            report.fail(Sort::Consistency, &other.1, detail);
        }
        self.states.sort_by_key(|state| state.size);
        for pair in self.states.windows(2) {
            if let [one, other] = pair
                && one.size == other.size
            {
                judge_equal(one, other, report);
            }
        }
        let mut checkpoints: Vec<&State> = self.states.iter().filter(|state| state.note.is_some()).collect();
        checkpoints.dedup_by_key(|state| state.size);
        for pair in checkpoints.windows(2) {
            if let [older, newer] = pair {
                judge_growth(older, newer, proofs, report);
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

fn judge_equal(one: &State, other: &State, report: &mut Report) {
    let pair = format!("{} and {}", one.at, other.at);
    if one.root == other.root {
        report.pass(Sort::Consistency, pair, format!("one root for {} statements", one.size));
    } else {
        let why = format!("its size of {} has two roots", one.size);
        report.fail(Sort::Consistency, pair, rewritten(one, other, &why));
    }
}

fn judge_growth(older: &State, newer: &State, proofs: &[(Position, Consistency)], report: &mut Report) {
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
        report.fail(Sort::Consistency, pair, unproved(older, newer, &why));
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
