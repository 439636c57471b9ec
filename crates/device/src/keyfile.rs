//! The device's secret key, in a file that only the app's user can read. It is never in the database, so that
//! no copy of the database contains it.
//!
//! If the platform has a keystore, the file contains the key encrypted (XChaCha20-Poly1305) with a wrapping
//! key that only the keystore has: a copy of all the app's files can sign nothing. Otherwise the file
//! contains the key itself. An unencrypted key is encrypted as soon as a keystore answers. A key that cannot
//! be read is never replaced by a new one.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use evidence::DeviceKey;
use zeroize::Zeroizing;

use crate::error::{DeviceError, StoreError};
use crate::keystore::{Keystore, KeystoreError};
use environment::Rng;

/// The beginning of an encrypted key's file. The name of the wrapping key, the nonce and the encrypted seed
/// follow.
const SEALED: &[u8] = b"saksi-device-key-v1\0";
const NAME_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
const SEED_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

pub(crate) struct KeyFile {
    path: PathBuf,
    keystore: Arc<dyn Keystore>,
    /// Whether the keystore did not accept the wrapping key. It is not tried again in this run.
    refused: AtomicBool,
}

impl KeyFile {
    pub(crate) fn at(path: PathBuf, keystore: Arc<dyn Keystore>) -> Self {
        Self { path, keystore, refused: AtomicBool::new(false) }
    }

    /// The device's key. It is made and stored durably if there is none yet.
    pub(crate) fn read_or_make(&self, rng: &dyn Rng) -> Result<DeviceKey, DeviceError> {
        if let Some(key) = self.read(rng)? {
            return Ok(key);
        }
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        rng.fill(seed.as_mut_slice())?;
        self.keep(&seed, rng)?;
        Ok(DeviceKey::from_seed(*seed))
    }

    /// The device's key, if it has one.
    pub(crate) fn read(&self, rng: &dyn Rng) -> Result<Option<DeviceKey>, DeviceError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.file_error("read the device's key", source).into()),
        };
        if let Some(sealed) = bytes.strip_prefix(SEALED) {
            return Ok(Some(DeviceKey::from_seed(*self.unseal(sealed)?)));
        }
        let seed = <[u8; SEED_BYTES]>::try_from(bytes.as_slice()).map(Zeroizing::new);
        let seed = seed.map_err(|_| self.damaged("is not a key"))?;
        if !self.refused.load(Ordering::Relaxed) {
            self.keep(&seed, rng)?;
        }
        Ok(Some(DeviceKey::from_seed(*seed)))
    }

    /// Writes the key, encrypted if a keystore accepts the wrapping key.
    fn keep(&self, seed: &[u8; SEED_BYTES], rng: &dyn Rng) -> Result<(), DeviceError> {
        let mut fresh = Zeroizing::new([0; NAME_BYTES + NONCE_BYTES + SEED_BYTES]);
        rng.fill(fresh.as_mut_slice())?;
        let (name, rest) = fresh.split_at(NAME_BYTES);
        let (nonce, wrapping_key) = rest.split_at(NONCE_BYTES);
        let bytes = match self.hand_over(name, wrapping_key) {
            Ok(()) => Zeroizing::new(self.sealed(name, nonce, wrapping_key, seed)?),
            Err(error) => {
                tracing::info!(%error, "the device's key is protected only by its file's permissions");
                self.refused.store(true, Ordering::Relaxed);
                Zeroizing::new(seed.to_vec())
            }
        };
        Ok(self.write(&bytes).map_err(|source| self.file_error("store the device's key", source))?)
    }

    /// Stores the wrapping key in the keystore, and checks that it can be read again.
    fn hand_over(&self, name: &[u8], wrapping_key: &[u8]) -> Result<(), KeystoreError> {
        let name = entry_name(name);
        self.keystore.set(&name, wrapping_key)?;
        match self.keystore.get(&name)? {
            Some(stored) if stored.as_slice() == wrapping_key => Ok(()),
            _ => Err(KeystoreError("it does not return what was stored".into())),
        }
    }

    fn sealed(
        &self,
        name: &[u8],
        nonce: &[u8],
        wrapping_key: &[u8],
        seed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let payload = Payload { msg: seed, aad: name };
        let sealed = cipher(wrapping_key)
            .and_then(|cipher| cipher.encrypt(&nonce_of(nonce)?, payload).ok())
            .ok_or_else(|| self.damaged("cannot be encrypted"))?;
        Ok([SEALED, name, nonce, &sealed].concat())
    }

    fn unseal(&self, sealed: &[u8]) -> Result<Zeroizing<[u8; SEED_BYTES]>, StoreError> {
        if sealed.len() != NAME_BYTES + NONCE_BYTES + SEED_BYTES + TAG_BYTES {
            return Err(self.damaged("is truncated"));
        }
        let (name, rest) = sealed.split_at(NAME_BYTES);
        let (nonce, sealed) = rest.split_at(NONCE_BYTES);
        let wrapping_key = match self.keystore.get(&entry_name(name)) {
            Ok(Some(wrapping_key)) => wrapping_key,
            Ok(None) => return Err(StoreError::KeyLost),
            Err(error) => return Err(StoreError::Keystore(error)),
        };
        let payload = Payload { msg: sealed, aad: name };
        let seed = cipher(&wrapping_key)
            .and_then(|cipher| cipher.decrypt(&nonce_of(nonce)?, payload).ok())
            .map(Zeroizing::new)
            .ok_or_else(|| self.damaged("cannot be decrypted with the keystore's key"))?;
        let mut bytes = Zeroizing::new([0; SEED_BYTES]);
        bytes.copy_from_slice(&seed);
        Ok(bytes)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let partial = self.path.with_extension("key.partial");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, &self.path)?;
        crate::folder::sync_parent(&self.path)
    }

    fn file_error(&self, doing: &'static str, source: io::Error) -> StoreError {
        StoreError::File { doing, path: self.path.clone(), source }
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::Damaged(format!("{} {what}", self.path.display()))
    }
}

/// The name of a wrapping key in the keystore.
fn entry_name(name: &[u8]) -> String {
    format!("device-key-{}", evidence::to_hex(name))
}

fn cipher(wrapping_key: &[u8]) -> Option<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(wrapping_key).ok()
}

fn nonce_of(bytes: &[u8]) -> Option<XNonce> {
    XNonce::try_from(bytes).ok()
}
