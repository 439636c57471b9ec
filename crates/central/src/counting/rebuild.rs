//! Reads a stored statement again from its signed bytes. The result equals what was stored, unless somebody changed the
//! database.

use evidence::{PublicKey, StatementId, Unverified};

use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::ingest::admission;
use crate::model::statement::Admitted;
use crate::store::{StoreError, UnreadStatement};

/// Why a rebuild changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// A stored statement is not the one that was ingested.
    #[error("cannot verify the statement {id} again: {reason}")]
    Statement { id: StatementId, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Endpoint {
    pub(super) fn verify_again(&self, unread: UnreadStatement) -> Result<Admitted, RebuildError> {
        let wrong = |reason: String| RebuildError::Statement { id: unread.id, reason };
        let unverified = Unverified::parse(&unread.bytes).map_err(|error| wrong(error_chain(&error)))?;
        if unverified.id() != unread.id {
            return Err(wrong(String::from("its bytes have another hash")));
        }
        let key = PublicKey::from_bytes(&unread.key).map_err(|error| wrong(error_chain(&error)))?;
        admission::admit(unverified, unread.bytes, Some(&key), self.package())
            .map_err(|problem| wrong(format!("{}: {}", problem.title, problem.detail)))
    }
}
