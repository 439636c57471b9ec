//! What the device receives from its host: a clock, random bytes and a keystore. Tests and the simulator
//! bring their own.

use std::sync::Arc;

use environment::Environment;

use crate::keystore::Keystore;

/// The host of a device. Clones share everything.
#[derive(Clone)]
pub struct Platform {
    /// The clock and the source of random bytes.
    pub environment: Environment,
    /// The store for small secrets that the operating system protects.
    pub keystore: Arc<dyn Keystore>,
}

impl Platform {
    /// The clock and the random number generator of the operating system, with the given keystore.
    pub fn system(keystore: Arc<dyn Keystore>) -> Self {
        Self { environment: Environment::system(), keystore }
    }
}
