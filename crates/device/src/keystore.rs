//! The platform's keystore: protected storage for small secrets.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

/// Protected storage for secrets: the keychain of a desktop, the keystore of a phone.
pub trait Keystore: Send + Sync {
    /// The secret with this name; `None` if the keystore works and has none.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError>;
    /// Stores a secret under `name`.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError>;
}

/// The keystore is missing, is locked, or refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot use the system's keystore: {0}")]
pub struct KeystoreError(pub String);

/// A platform without a keystore. The key's file is protected only by its permissions.
#[derive(Debug, Clone, Copy)]
pub struct NoKeystore;

impl Keystore for NoKeystore {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        Err(KeystoreError("this device has none".into()))
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeystoreError> {
        Err(KeystoreError("this device has none".into()))
    }
}

/// A keystore in memory, for tests and for simulated devices.
#[derive(Debug, Default)]
pub struct MemoryKeystore(Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>);

impl Keystore for MemoryKeystore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret);
        Ok(())
    }
}
