//! The log's sequencer, and what the log answers.

use evidence::log::{NodeHash, Tree};
use evidence::{Checkpoint, Receipt, UnverifiedCheckpoint};
use protocol::{ReceiptsRequest, ReceiptsResponse};
use serde_bytes::ByteBuf;

use crate::endpoint::Inner;
use crate::refusal::Refusal;
use crate::store::{LogSnapshot, StoreError};

impl Inner {
    /// Appends what was taken in since the last time, and signs the log's new state. Gives how many statements that were.
    pub fn sequence(&self) -> Result<usize, StoreError> {
        let now_ms = self.outside.now_ms();
        let at_s = now_ms.div_euclid(1_000);
        let sign =
            |tree: &Tree| Checkpoint::sign(&self.log_key, tree.size(), tree.root(), at_s).note().to_owned();
        self.store.append_to_log(self.log_key.public(), sign, now_ms)
    }

    /// The newest checkpoint. Of an empty log it is made on the spot.
    pub fn checkpoint(&self) -> Result<String, StoreError> {
        let empty = || {
            let at_s = self.outside.now_ms().div_euclid(1_000);
            Checkpoint::sign(&self.log_key, 0, Tree::EMPTY.root(), at_s).note().to_owned()
        };
        Ok(self.store.newest_checkpoint()?.map_or_else(empty, |note| self.under_own_key(note)))
    }

    /// A kept checkpoint as this key signs it. When another key has taken over since, it is the same word of the log,
    /// at the same time, under the key that devices are led to.
    fn under_own_key(&self, note: String) -> String {
        match UnverifiedCheckpoint::parse(&note) {
            Ok(kept) if kept.log() != self.log_key.public().id() => {
                let Checkpoint { size, root, at_s, .. } = *kept.unproved();
                Checkpoint::sign(&self.log_key, size, root, at_s).note().to_owned()
            }
            _ => note,
        }
    }

    /// The receipts that a device asks for, at the newest checkpoint.
    pub(crate) fn receipts(&self, asked: &ReceiptsRequest) -> Result<ReceiptsResponse, Refusal> {
        let Some(LogSnapshot { size, checkpoint, consistency, statements }) =
            self.store.log_snapshot(&asked.statements, asked.seen_size)?
        else {
            return Ok(ReceiptsResponse {
                receipts: vec![None; asked.statements.len()],
                checkpoint: self.checkpoint()?,
                consistency: Vec::new(),
            });
        };
        let at_s = self.outside.now_ms().div_euclid(1_000);
        let receipts = statements
            .into_iter()
            .map(|logged| {
                let Some(logged) = logged else { return Ok(None) };
                Receipt::issue(&self.log_key, &logged.bytes, logged.index, size, &logged.proof, at_s)
                    .map(|receipt| Some(ByteBuf::from(receipt)))
                    .map_err(|error| Refusal::fault("issuing a receipt", &error))
            })
            .collect::<Result<_, _>>()?;
        Ok(ReceiptsResponse {
            receipts,
            checkpoint: self.under_own_key(checkpoint),
            consistency: consistency.iter().map(bytes_of).collect(),
        })
    }
}

fn bytes_of(hash: &NodeHash) -> ByteBuf {
    ByteBuf::from(hash.to_vec())
}
