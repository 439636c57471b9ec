//! Verification of the log's receipts. Only a record with a valid receipt is shown as sent and proved.

use evidence::log::NodeHash;
use evidence::{Checkpoint, LogPublicKey, Receipt, Rotation, StatementId, UnverifiedCheckpoint};
use protocol::{LogKeys, ReceiptsResponse};

use crate::Device;
use crate::error::{DeviceError, StoreError, error_chain};
use crate::model::KnownLog;
use crate::sync_core::{Answer, LogResult, ProofResult, ProvedStatement, ReceiptItem};

impl Device {
    /// The size of the log in the newest checkpoint that this device has seen; 0 if it has seen none.
    pub(crate) fn seen_log_size(&self) -> Result<u64, StoreError> {
        let enrolment = match self.enrolment() {
            Ok(enrolment) => enrolment,
            Err(_) => return Ok(0),
        };
        let note = self.store().checkpoint()?;
        Ok(note.and_then(|note| read(&enrolment.log, &note)).map_or(0, |seen| seen.size))
    }

    /// Verifies the answer to a request for `receipts`.
    pub(crate) fn prove(
        &self,
        receipts: &[ReceiptItem],
        response: &ReceiptsResponse,
    ) -> Result<Answer, DeviceError> {
        let enrolment = self.enrolment()?;
        let key = enrolment.log.current();
        let store = self.store();
        let seen = store.checkpoint()?;
        let (checkpoint, log) = judge_log(&enrolment.log, seen.as_deref(), response);
        let mut results = Vec::with_capacity(receipts.len());
        for (item, receipt) in receipts.iter().zip(&response.receipts) {
            results.push(match (receipt, &checkpoint) {
                (None, _) => ProofResult::NotYet,
                (Some(receipt), Some(checkpoint)) => match store.statement_bytes(item.kind, item.id)? {
                    Some(bytes) => judge_receipt(&key, checkpoint, item.id, receipt, &bytes),
                    None => ProofResult::Wrong,
                },
                (Some(_), None) => ProofResult::Wrong,
            });
        }
        Ok(Answer::Proved { results, log })
    }
}

/// The rotations of the log's key that this device does not know yet, each signed by the key before it.
pub(crate) fn new_rotations(log: &KnownLog, keys: &LogKeys) -> Vec<Rotation> {
    let all: Result<Vec<Rotation>, _> = keys.rotations.iter().map(|hex| Rotation::from_hex(hex)).collect();
    all.map(|all| log.further(&all)).unwrap_or_default()
}

/// A checkpoint that this device has seen, under the key that the log had then.
fn read(log: &KnownLog, note: &str) -> Option<Checkpoint> {
    let unverified = UnverifiedCheckpoint::parse(note).ok()?;
    let key = log.key_of(unverified.log())?;
    unverified.verify(&key).ok()
}

/// Whether the checkpoint has the log's signature and continues the newest one that the device has seen.
fn judge_log(
    log: &KnownLog,
    seen: Option<&str>,
    response: &ReceiptsResponse,
) -> (Option<Checkpoint>, LogResult) {
    let proof: Option<Vec<NodeHash>> =
        response.consistency.iter().map(|hash| hash.as_slice().try_into().ok()).collect();
    let Ok(unverified) = UnverifiedCheckpoint::parse(&response.checkpoint) else {
        return (None, LogResult::Wrong);
    };
    if log.key_of(unverified.log()).is_none() {
        return (None, LogResult::UnknownKey);
    }
    // A key that was replaced signs no more: somebody who still has it cannot speak for the log.
    let (Ok(newer), Some(proof)) = (unverified.verify(&log.current()), proof) else {
        return (None, LogResult::Wrong);
    };
    match seen.and_then(|note| read(log, note)) {
        // An older answer that arrives late proves nothing against the log, and is not the newest.
        Some(older) if newer.size < older.size && newer.at_s <= older.at_s => (None, LogResult::Wrong),
        Some(older) if !newer.continues(&older, &proof) => {
            let contradiction =
                LogResult::Contradicts { older: older.note().to_owned(), newer: newer.note().to_owned() };
            (None, contradiction)
        }
        _ => {
            let note = newer.note().to_owned();
            (Some(newer), LogResult::Continues { note })
        }
    }
}

/// Whether the receipt is valid for the statement's bytes, in the log of the checkpoint.
fn judge_receipt(
    key: &LogPublicKey,
    checkpoint: &Checkpoint,
    id: StatementId,
    receipt: &[u8],
    statement: &[u8],
) -> ProofResult {
    match Receipt::parse(receipt).and_then(|parsed| parsed.verify(key, statement)) {
        Ok(verified) if verified.tree_size == checkpoint.size && verified.root == checkpoint.root => {
            ProofResult::Proved(ProvedStatement {
                id,
                receipt: receipt.to_vec(),
                tree_size: verified.tree_size,
                leaf_index: verified.leaf_index,
            })
        }
        Ok(_) => ProofResult::Wrong,
        Err(error) => {
            tracing::warn!(%id, error = error_chain(&error), "a receipt is not valid");
            ProofResult::Wrong
        }
    }
}
