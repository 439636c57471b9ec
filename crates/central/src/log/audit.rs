//! The state of the audit goes into the log, so that nobody can rewrite the audit later without rewriting the
//! log, of which every phone keeps a checkpoint.

use std::io::Write;

use evidence::bundle::Item;
use evidence::{AuditBody, Body, Draft, Sealed, StatementError, Subject};
use protocol::ReceiptsRequest;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{AuditPlace, AuditState, StoreError};

/// What stands for a station in the subject of these statements.
const SUBJECT: &str = "audit";

/// Why the audit cannot be stated.
#[derive(Debug, thiserror::Error)]
pub enum StateAuditError {
    #[error("cannot sign the state of the audit")]
    Seal(#[from] StatementError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot write the states of the audit: {0}")]
    Export(String),
}

impl Endpoint {
    /// Signs the audit's state for the log, if it changed. Returns whether it did.
    pub fn state_audit(&self) -> Result<bool, StateAuditError> {
        let key = self.log_key().audit_key();
        let now_ms = self.now_ms();
        let seal = |state: AuditState, place: AuditPlace| -> Result<Sealed, StateAuditError> {
            let draft = Draft {
                subject: Subject {
                    namespace: self.package().namespace(),
                    election: self.election().id.to_string(),
                    station: SUBJECT.to_owned(),
                },
                sealed_at_s: now_ms.div_euclid(1_000),
                sequence: place.sequence,
                previous: place.previous,
                body: Body::Audit(AuditBody { rows: state.rows, head: state.head.0 }),
            };
            Ok(draft.seal(&key)?)
        };
        let is_new = self.store().state_audit(key.public(), seal, now_ms)?;
        if is_new {
            self.log_wakeup().notify_one();
        }
        Ok(is_new)
    }

    /// Writes all that the log has of the audit, with keys and receipts, as a bundle for saksi-verify.
    pub fn export_audit_states(&self, out: impl Write) -> Result<(), StateAuditError> {
        let export = self.write_audit_states(out);
        export.map_err(|refusal| StateAuditError::Export(refusal.problem.detail.clone()))
    }

    fn write_audit_states(&self, out: impl Write) -> Result<(), Refusal> {
        let mut items = self.log_key_items()?;
        let mut statements = Vec::new();
        for stated in self.store().stated_audits()? {
            statements.push(stated.statement);
            items.push(Item::DeviceKey(stated.key));
            items.push(Item::Statement(stated.bytes));
        }
        let proofs = self.receipts(&ReceiptsRequest { statements, seen_size: 0 })?;
        items.push(Item::Checkpoint(proofs.checkpoint));
        items.extend(proofs.receipts.into_iter().flatten().map(|receipt| Item::Receipt(receipt.into_vec())));
        items.sort_by_cached_key(Item::order);
        items.dedup();
        self.write_bundle(&items, std::collections::BTreeSet::new(), out)
    }
}
