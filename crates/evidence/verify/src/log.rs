//! The checks of the log: changes of its key, receipts, checkpoints.

use std::collections::BTreeMap;

use evidence::{Checkpoint, LogId, LogPublicKey, Receipt, Rotation};

use crate::input::Position;
use crate::report::{Report, Sort};
use crate::states::States;
use crate::things::Things;
use crate::trust::Trust;

pub(crate) fn check(things: &Things, trust: &Trust, report: &mut Report) {
    let is_needed =
        !(things.receipts.is_empty() && things.checkpoints.is_empty() && things.rotations.is_empty());
    if !is_needed {
        return;
    }
    let pinned = trust.pin_log_key(report);
    let log = Log { pinned, keys: follow_rotations(&things.rotations, pinned, report) };
    let mut states = States::default();
    for (at, receipt) in &things.receipts {
        log.receipt(at, receipt, things, &mut states, report);
    }
    for (at, checkpoint) in &things.checkpoints {
        let Some(key) = log.key(Sort::Checkpoint, at, checkpoint.log(), report) else { continue };
        match checkpoint.clone().verify(key) {
            Ok(checkpoint) => {
                let Checkpoint { size, .. } = checkpoint;
                let detail = format!("the log has {size} statements; read out: {}", checkpoint.spoken());
                report.pass(Sort::Checkpoint, at, detail);
                states.add_checkpoint(&checkpoint, at);
            }
            Err(error) => report.fail(Sort::Checkpoint, at, error),
        }
    }
    states.check(&things.consistency, report);
}

/// The keys under which the log may have signed.
struct Log {
    pinned: Option<LogPublicKey>,
    keys: BTreeMap<LogId, LogPublicKey>,
}

impl Log {
    /// The key of `log`. Without a key, the check of `sort` fails or could not be made.
    fn key(&self, sort: Sort, at: &Position, log: LogId, report: &mut Report) -> Option<&LogPublicKey> {
        let key = self.keys.get(&log);
        match (key, self.pinned) {
            (Some(_), _) => {}
            (None, None) => report.not_checked(
                sort,
                at,
                "the log's key was not given (--log-key)",
                "the log's public key: --log-key with a file or the key itself",
            ),
            (None, Some(pinned)) => report.fail(
                sort,
                at,
                format!("log {log} is neither the pinned one ({}) nor one that it led to", pinned.id()),
            ),
        }
        key
    }

    fn receipt(
        &self,
        at: &Position,
        receipt: &Receipt,
        things: &Things,
        states: &mut States,
        report: &mut Report,
    ) {
        let id = receipt.statement();
        let Some(key) = self.key(Sort::Receipt, at, receipt.log(), report) else { return };
        let Some(bytes) = things.bytes.get(&id) else {
            return report.not_checked(
                Sort::Receipt,
                at,
                format!("its statement {id} is not here"),
                format!("statement {id}, which a receipt names"),
            );
        };
        match receipt.verify(key, bytes) {
            Ok(proved) => {
                let (index, size) = (proved.leaf_index, proved.tree_size);
                let detail = format!("statement {id} is at index {index} of {size} in the log");
                report.pass(Sort::Receipt, at, detail);
                states.add_receipt(&proved, at);
            }
            Err(error) => report.fail(Sort::Receipt, at, format!("of statement {id}: {error}")),
        }
    }
}

/// The pinned key and those to which it was handed over. The records may come in any order.
fn follow_rotations(
    rotations: &[(Position, Rotation)],
    pinned: Option<LogPublicKey>,
    report: &mut Report,
) -> BTreeMap<LogId, LogPublicKey> {
    let mut keys: BTreeMap<_, _> = pinned.map(|key| (key.id(), key)).into_iter().collect();
    let mut open: Vec<_> = rotations.iter().collect();
    loop {
        let before = open.len();
        open.retain(|(at, rotation)| {
            let follows = keys.get(&rotation.old.id()) == Some(&rotation.old) && rotation.holds();
            if follows {
                let (old, new) = (rotation.old.id(), rotation.new.id());
                report.pass(Sort::Rotation, at, format!("log {old} handed over to {new}"));
                keys.insert(new, rotation.new);
            }
            !follows
        });
        if open.len() == before {
            break;
        }
    }
    for (at, rotation) in open {
        unfollowed(at, rotation, pinned.is_some(), report);
    }
    keys
}

fn unfollowed(at: &Position, rotation: &Rotation, is_pinned: bool, report: &mut Report) {
    let change = format!("from log {} to {}", rotation.old.id(), rotation.new.id());
    if !rotation.holds() {
        report.fail(Sort::Rotation, at, format!("{change}: the signature does not hold"));
    } else if is_pinned {
        report.fail(Sort::Rotation, at, format!("{change}: the pinned key does not lead to it"));
    } else {
        report.not_checked(
            Sort::Rotation,
            at,
            format!("{change}: the log's key was not given (--log-key)"),
            "the log's public key: --log-key with a file or the key itself",
        );
    }
}
