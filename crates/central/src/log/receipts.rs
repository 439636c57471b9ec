//! The log's sequencer, its checkpoints and its receipts.

use evidence::log::{NodeHash, Tree};
use evidence::{Checkpoint, Receipt, StatementId, UnverifiedCheckpoint};
use protocol::{ReceiptsRequest, ReceiptsResponse};
use serde_bytes::ByteBuf;

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{LogSnapshot, LoggedStatement, StoreError};

impl Endpoint {
    /// Appends the statements that are not in the log yet, and signs its new state. Gives their number.
    pub fn sequence(&self) -> Result<usize, StoreError> {
        let now_ms = self.now_ms();
        let at_s = now_ms.div_euclid(1_000);
        let sign =
            |tree: &Tree| Checkpoint::sign(self.log_key(), tree.size(), tree.root(), at_s).note().to_owned();
        let appended = self.store().append_to_log(self.log_key().public(), sign, now_ms)?;
        if appended > 0 {
            self.recent_log().clear();
        }
        Ok(appended)
    }

    /// The newest checkpoint. An empty log has none stored, so it is signed here.
    pub fn checkpoint(&self) -> Result<String, StoreError> {
        let empty = || {
            let at_s = self.now_ms().div_euclid(1_000);
            Checkpoint::sign(self.log_key(), 0, Tree::EMPTY.root(), at_s).note().to_owned()
        };
        Ok(self.store().newest_checkpoint()?.map_or_else(empty, |note| self.under_own_key(note)))
    }

    /// A stored checkpoint under this endpoint's key. After a rotation the newest stored checkpoint may carry
    /// the old key's signature. The new one states the same size, root and time under the key that devices
    /// now follow.
    fn under_own_key(&self, note: String) -> String {
        match UnverifiedCheckpoint::parse(&note) {
            Ok(stored) if stored.log() != self.log_key().public().id() => {
                let Checkpoint { size, root, at_s, .. } = *stored.unproved();
                Checkpoint::sign(self.log_key(), size, root, at_s).note().to_owned()
            }
            _ => note,
        }
    }

    /// The receipts that a device requests, at the newest checkpoint.
    pub(crate) fn receipts(&self, request: &ReceiptsRequest) -> Result<ReceiptsResponse, Refusal> {
        self.receipts_issued(request, |_| Ok(self.now_ms().div_euclid(1_000)))
    }

    /// The receipts of an export, with the time of the newest checkpoint as theirs: the same log gives the
    /// same bytes.
    pub(crate) fn receipts_of_state(
        &self,
        statements: Vec<StatementId>,
    ) -> Result<ReceiptsResponse, Refusal> {
        let of_checkpoint = |note: &str| {
            let checkpoint = UnverifiedCheckpoint::parse(note)
                .map_err(|error| Refusal::internal("reading the newest checkpoint", &error))?;
            Ok(checkpoint.unproved().at_s)
        };
        self.receipts_issued(&ReceiptsRequest { statements, seen_size: 0 }, of_checkpoint)
    }

    fn receipts_issued(
        &self,
        request: &ReceiptsRequest,
        at_s: impl FnOnce(&str) -> Result<i64, Refusal>,
    ) -> Result<ReceiptsResponse, Refusal> {
        let Some(snapshot) = self.store().log_snapshot(&request.statements, request.seen_size)? else {
            return Ok(ReceiptsResponse {
                receipts: vec![None; request.statements.len()],
                checkpoint: self.checkpoint()?,
                consistency: Vec::new(),
            });
        };
        let LogSnapshot { size, checkpoint, consistency, statements } = snapshot;
        let at_s = at_s(&checkpoint)?;
        let receipt = |logged: Option<LoggedStatement>| {
            logged.map(|logged| self.receipt(&logged, size, at_s)).transpose()
        };
        Ok(ReceiptsResponse {
            receipts: statements.into_iter().map(receipt).collect::<Result<_, _>>()?,
            checkpoint: self.under_own_key(checkpoint),
            consistency: consistency.iter().map(bytes_of).collect(),
        })
    }

    fn receipt(&self, logged: &LoggedStatement, size: u64, at_s: i64) -> Result<ByteBuf, Refusal> {
        Receipt::issue(self.log_key(), &logged.bytes, logged.index, size, &logged.proof, at_s)
            .map(ByteBuf::from)
            .map_err(|error| Refusal::internal("issuing a receipt", &error))
    }
}

fn bytes_of(hash: &NodeHash) -> ByteBuf {
    ByteBuf::from(hash.to_vec())
}
