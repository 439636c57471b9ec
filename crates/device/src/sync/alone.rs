//! The endpoint of somebody who practises alone. It is in the phone: it stores nothing that is not here
//! already, and its log is of the drill, so that its receipts prove nothing in the real count.

use evidence::log::{MemoryNodes, Tree, leaf_hash};
use evidence::{Checkpoint, LogKey, Namespace, Receipt, StatementId, Unverified};
use protocol::{InboxResponse, LogKeys, Outcome, ReceiptsRequest, ReceiptsResponse};
use serde_bytes::ByteBuf;

use super::call::Call;
use crate::Device;
use crate::error::{DeviceError, StoreError};
use crate::folder::Picture;
use crate::sync_core::{Answer, OutboxKind};
use crate::view::SyncError;

impl Device {
    /// The answer of the phone's own endpoint; `None` if this device has a real one.
    pub(super) fn answered_here(&self, call: &Call) -> Result<Option<Answer>, DeviceError> {
        let Some(seed) = self.store().drill()?.and_then(|drill| drill.log_seed) else { return Ok(None) };
        let key = LogKey::of(Namespace::Drill, seed);
        let now_ms = self.true_now_ms();
        Ok(Some(match call {
            Call::Push(statements) => self.pushed_here(statements, now_ms)?,
            Call::FetchReceipts(request) => Answer::Receipts(self.receipts_here(&key, request, now_ms)?),
            Call::FetchLogKeys => {
                Answer::LogKeys(LogKeys { current: key.public().to_hex(), rotations: Vec::new() })
            }
            Call::FetchInbox(_) => {
                Answer::Inbox(InboxResponse { items: Vec::new(), at_ms: Some(now_ms), enrolment: None })
            }
            // The photo is here.
            Call::AskOffset(hash) => {
                let bytes = self.photos.read(Picture::Derivative, *hash)?.len();
                Answer::Stored { received_bytes: bytes as u64 }
            }
            Call::SendPiece { offset_bytes, piece, .. } => {
                Answer::Stored { received_bytes: offset_bytes + piece.len() as u64 }
            }
            Call::Enrol(_) | Call::TellProgress(_) => Answer::Failed(SyncError::NotTheEndpoint),
        }))
    }

    fn pushed_here(&self, statements: &[Vec<u8>], now_ms: i64) -> Result<Answer, DeviceError> {
        let id = |bytes: &Vec<u8>| Unverified::parse(bytes).map(|statement| statement.id());
        let ids: Vec<StatementId> = statements.iter().map(id).collect::<Result<_, _>>()?;
        self.store().write(|write| ids.iter().try_for_each(|id| write.append_to_practice_log(*id)))?;
        let accepted = |id: StatementId| Outcome::Accepted { id, received_at_ms: now_ms };
        Ok(Answer::Pushed { outcomes: ids.into_iter().map(accepted).collect(), missing: Vec::new() })
    }

    fn receipts_here(
        &self,
        key: &LogKey,
        request: &ReceiptsRequest,
        now_ms: i64,
    ) -> Result<ReceiptsResponse, DeviceError> {
        let missing = |what: &str| StoreError::Damaged(format!("the log for practice: {what}"));
        let at_s = now_ms.div_euclid(1_000);
        let store = self.store();
        let log = store.practice_log()?;
        let (mut tree, mut nodes) = (Tree::EMPTY, MemoryNodes::default());
        let mut leaves = Vec::with_capacity(log.len());
        for id in &log {
            let bytes = store.statement_bytes(OutboxKind::Own, *id)?;
            let bytes = bytes.ok_or_else(|| missing("one of its statements is gone"))?;
            nodes.extend(tree.append(leaf_hash(&bytes)));
            leaves.push(bytes);
        }
        let receipt = |id: &StatementId| -> Result<Option<ByteBuf>, StoreError> {
            let Some(index) = log.iter().position(|one| one == id) else { return Ok(None) };
            let proof = Tree::inclusion_proof(&nodes, index as u64, tree.size())
                .map_err(|error| missing(&error.to_string()))?;
            let receipt = Receipt::issue(key, &leaves[index], index as u64, tree.size(), &proof, at_s)
                .map_err(|error| missing(&error.to_string()))?;
            Ok(Some(ByteBuf::from(receipt)))
        };
        let receipts = request.statements.iter().map(receipt).collect::<Result<_, StoreError>>()?;
        let consistency = Tree::consistency_proof(&nodes, request.seen_size, tree.size())
            .map_err(|error| missing(&error.to_string()))?;
        Ok(ReceiptsResponse {
            receipts,
            checkpoint: Checkpoint::sign(key, tree.size(), tree.root(), at_s).note().to_owned(),
            consistency: consistency.iter().map(|hash| ByteBuf::from(hash.to_vec())).collect(),
        })
    }
}
