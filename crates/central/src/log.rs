//! The log's key, its sequencer, and what it answers.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use evidence::log::{NodeHash, Tree};
use evidence::{Checkpoint, LogKey, Receipt};
use protocol::{ReceiptsRequest, ReceiptsResponse};
use serde_bytes::ByteBuf;

use crate::endpoint::Inner;
use crate::outside::Outside;
use crate::refusal::Refusal;
use crate::store::StoreError;

/// The log's key from its file; made and stored durably at the first start. The file is apart from the database, so that
/// no copy of the database carries the key.
pub(crate) fn read_or_make_key(file: &Path, outside: &Outside) -> io::Result<LogKey> {
    match fs::read(file) {
        Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(seed) => Ok(LogKey::from_seed(seed)),
            Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "the log's key is not 32 bytes long")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let seed: [u8; 32] = outside.random()?;
            let partial = file.with_extension("partial");
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut out = options.open(&partial)?;
            out.write_all(&seed)?;
            out.sync_all()?;
            fs::rename(&partial, file)?;
            if let Some(folder) = file.parent() {
                File::open(folder)?.sync_all()?;
            }
            Ok(LogKey::from_seed(seed))
        }
        Err(error) => Err(error),
    }
}

impl Inner {
    /// Appends what was taken in since the last time, and signs the log's new state. Gives how many statements that were.
    pub fn sequence(&self) -> Result<usize, StoreError> {
        let now_ms = self.outside.now_ms();
        let at_s = now_ms.div_euclid(1_000);
        let sign =
            |tree: &Tree| Checkpoint::sign(&self.log_key, tree.size(), tree.root(), at_s).note().to_owned();
        self.store.append_to_log(sign, now_ms)
    }

    /// The newest checkpoint. Of an empty log it is made on the spot.
    pub(crate) fn checkpoint(&self) -> Result<String, StoreError> {
        let empty = || {
            let at_s = self.outside.now_ms().div_euclid(1_000);
            Checkpoint::sign(&self.log_key, 0, Tree::EMPTY.root(), at_s).note().to_owned()
        };
        Ok(self.store.newest_checkpoint()?.unwrap_or_else(empty))
    }

    /// The receipts that a device asks for, at the newest checkpoint.
    pub(crate) fn receipts(&self, asked: &ReceiptsRequest) -> Result<ReceiptsResponse, Refusal> {
        let Some((size, checkpoint, consistency, logged)) =
            self.store.logged(&asked.statements, asked.seen_size)?
        else {
            return Ok(ReceiptsResponse {
                receipts: vec![None; asked.statements.len()],
                checkpoint: self.checkpoint()?,
                consistency: Vec::new(),
            });
        };
        let at_s = self.outside.now_ms().div_euclid(1_000);
        let receipts = logged
            .into_iter()
            .map(|logged| {
                let Some(logged) = logged else { return Ok(None) };
                Receipt::issue(&self.log_key, &logged.bytes, logged.index, size, &logged.proof, at_s)
                    .map(|receipt| Some(ByteBuf::from(receipt)))
                    .map_err(|error| Refusal::fault("issuing a receipt", &error))
            })
            .collect::<Result<_, _>>()?;
        Ok(ReceiptsResponse { receipts, checkpoint, consistency: consistency.iter().map(bytes_of).collect() })
    }
}

fn bytes_of(hash: &NodeHash) -> ByteBuf {
    ByteBuf::from(hash.to_vec())
}
