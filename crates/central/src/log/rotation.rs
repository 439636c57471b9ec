//! The rotation of the log's key: the old key signs the new one, so that devices can follow.

use evidence::{LogKey, Rotation};

use crate::endpoint::Endpoint;
use crate::log_key::{LogKeyError, finish_rotation, write_next};
use crate::store::{Actor, AuditContext};

impl Endpoint {
    /// Hands the log over to a new key, which the old one signs. Other handles to this endpoint cannot append
    /// to the log any more: the data folder must be opened again.
    pub fn rotate_log_key(self, actor: &Actor) -> Result<Rotation, LogKeyError> {
        let seed: [u8; 32] = self.environment().random()?;
        let next = LogKey::of(self.package().namespace(), seed).public();
        // A crash between any two of these steps leaves a file with the key that the store names.
        write_next(self.log_key_file(), &seed)?;
        let rotation = self.log_key().hand_over_to(next);
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        if !self.store().rotate_log_key(&rotation, audit)? {
            return Err(LogKeyError::HandedOver);
        }
        finish_rotation(self.log_key_file(), next)?;
        Ok(rotation)
    }
}
