//! Reads a stored statement again from its signed bytes. The result equals what was stored, unless somebody
//! changed the database, or the present package has no place for the statement: then it is kept, and not
//! counted.

use evidence::{PublicKey, StatementId, Unverified};
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::ingest::admission;
use crate::store::{ReadAgain, StoreError, UnplacedStatement, UnreadStatement};

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
    /// Wrong bytes and a wrong signature are an error: somebody changed the database. All other rules follow
    /// the package and the version of the program, and may have changed since the statement was accepted.
    pub(super) fn verify_again(&self, unread: UnreadStatement) -> Result<ReadAgain, RebuildError> {
        let UnreadStatement { id, bytes, station, key } = unread;
        let wrong = |reason: String| RebuildError::Statement { id, reason };
        if StatementId::of(&bytes) != id {
            return Err(wrong(String::from("its bytes have another hash")));
        }
        let unplaced = |reason: String| ReadAgain::Unplaced(UnplacedStatement { id, station, reason });
        let unverified = match Unverified::parse(&bytes) {
            Ok(unverified) => unverified,
            Err(error) => return Ok(unplaced(error_chain(&error))),
        };
        let key = PublicKey::from_bytes(&key).map_err(|error| wrong(error_chain(&error)))?;
        match admission::admit_any(unverified, bytes, Some(&key), self.package()) {
            Ok(admitted) => Ok(ReadAgain::Placed(admitted)),
            Err(Problem {
                code: ProblemCode::SignatureInvalid | ProblemCode::DeviceUnknown, detail, ..
            }) => Err(wrong(detail)),
            Err(Problem { title, detail, .. }) => Ok(unplaced(format!("{title}: {detail}"))),
        }
    }
}
