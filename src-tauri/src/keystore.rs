//! The desktop's keystore: the Secret Service on Linux, the Keychain on macOS, the Credential Manager on
//! Windows.

use device::{Keystore, KeystoreError};
use keyring::{Entry, Error};
use zeroize::Zeroizing;

/// The name of the service under which the app's secrets are stored. People see it in their keystore.
const SERVICE: &str = "id.saksi.app";

/// The keystore of the user who runs the app.
#[derive(Debug, Clone, Copy)]
pub struct PlatformKeystore;

impl Keystore for PlatformKeystore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.get_secret()) {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(&error)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        Entry::new(SERVICE, name).and_then(|entry| entry.set_secret(secret)).map_err(|error| refusal(&error))
    }
}

fn refusal(error: &Error) -> KeystoreError {
    // If there is no keystore, the attempt to open it has the reason, and the request has not.
    match (error, Entry::store_status()) {
        (Error::NoDefaultStore, Err(reason)) => KeystoreError(reason.to_string()),
        _ => KeystoreError(error.to_string()),
    }
}
