//! Makes what counting reads anew from the statements themselves. What comes of it is what was there, or something had
//! been changed behind the endpoint's back.

use evidence::{PublicKey, StatementId, Unverified};

use crate::endpoint::Inner;
use crate::ingest::admission::{self, Admitted};
use crate::store::{StoreError, UnreadStatement};

/// Why nothing was made anew.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// A kept statement is not what was taken in.
    #[error("the statement {id} does not hold any more: {reason}")]
    Statement {
        /// Its name.
        id: StatementId,
        /// What is wrong with it.
        reason: String,
    },
    /// The store cannot read or keep.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Inner {
    pub(crate) fn read_again(&self, unread: UnreadStatement) -> Result<Admitted, RebuildError> {
        let wrong = |reason: String| RebuildError::Statement { id: unread.id, reason };
        let unverified = Unverified::parse(&unread.bytes).map_err(|error| wrong(error.to_string()))?;
        if unverified.id() != unread.id {
            return Err(wrong(String::from("its bytes are not those that have this name")));
        }
        let key = PublicKey::from_bytes(&unread.key).map_err(|error| wrong(error.to_string()))?;
        admission::admit(unverified, unread.bytes, Some(&key), &self.package)
            .map_err(|problem| wrong(format!("{}: {}", problem.title, problem.detail)))
    }
}
