//! The device's secret key, in a file of its own that only the app's user may read. It is never in the database, so that
//! no copy of the database carries it.
//!
//! Where the platform has a keystore, the file holds the key sealed (XChaCha20-Poly1305) under a wrapping key that only
//! the keystore has: a copy of all the app's files signs nothing. Where it has none, the file holds the key itself. A key
//! that lies open is sealed as soon as a keystore answers. A key is never made anew in place of one that cannot be read.

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
use crate::outside::Random;

/// How a sealed key's file begins; the name of the wrapping key, the nonce and the sealed seed follow.
const SEALED: &[u8] = b"saksi-device-key-v1\0";
const NAME_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
const SEED_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

pub(crate) struct KeyFile {
    path: PathBuf,
    keystore: Arc<dyn Keystore>,
    /// The keystore did not take the key: it is not asked again in this run.
    refused: AtomicBool,
}

impl KeyFile {
    pub(crate) fn at(path: PathBuf, keystore: Arc<dyn Keystore>) -> Self {
        Self { path, keystore, refused: AtomicBool::new(false) }
    }

    /// The device's key; made and stored durably when there is none yet.
    pub(crate) fn read_or_make(&self, random: &dyn Random) -> Result<DeviceKey, DeviceError> {
        if let Some(key) = self.read(random)? {
            return Ok(key);
        }
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        random.fill(seed.as_mut_slice())?;
        self.keep(&seed, random)?;
        Ok(DeviceKey::from_seed(*seed))
    }

    /// The device's key, if it has one.
    pub(crate) fn read(&self, random: &dyn Random) -> Result<Option<DeviceKey>, DeviceError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.fault("read the device's key", source).into()),
        };
        if let Some(sealed) = bytes.strip_prefix(SEALED) {
            return Ok(Some(DeviceKey::from_seed(*self.unseal(sealed)?)));
        }
        let seed = <[u8; SEED_BYTES]>::try_from(bytes.as_slice()).map(Zeroizing::new);
        let seed = seed.map_err(|_| self.damaged("is not a key"))?;
        if !self.refused.load(Ordering::Relaxed) {
            self.keep(&seed, random)?;
        }
        Ok(Some(DeviceKey::from_seed(*seed)))
    }

    /// Writes the key sealed, or open where no keystore takes the wrapping key.
    fn keep(&self, seed: &[u8; SEED_BYTES], random: &dyn Random) -> Result<(), DeviceError> {
        let mut fresh = Zeroizing::new([0; NAME_BYTES + NONCE_BYTES + SEED_BYTES]);
        random.fill(fresh.as_mut_slice())?;
        let (name, rest) = fresh.split_at(NAME_BYTES);
        let (nonce, wrapping_key) = rest.split_at(NONCE_BYTES);
        let bytes = match self.hand_over(name, wrapping_key) {
            Ok(()) => Zeroizing::new(self.sealed(name, nonce, wrapping_key, seed)?),
            Err(error) => {
                tracing::info!(%error, "the device's key lies in its file, guarded by the file's permissions");
                self.refused.store(true, Ordering::Relaxed);
                Zeroizing::new(seed.to_vec())
            }
        };
        Ok(self.write(&bytes).map_err(|source| self.fault("store the device's key", source))?)
    }

    /// Gives the wrapping key to the keystore, and believes only what it gives back.
    fn hand_over(&self, name: &[u8], wrapping_key: &[u8]) -> Result<(), KeystoreError> {
        let name = entry_name(name);
        self.keystore.set(&name, wrapping_key)?;
        match self.keystore.get(&name)? {
            Some(kept) if kept.as_slice() == wrapping_key => Ok(()),
            _ => Err(KeystoreError("it did not keep what it was given".into())),
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
            .ok_or_else(|| self.damaged("could not be sealed"))?;
        Ok([SEALED, name, nonce, &sealed].concat())
    }

    fn unseal(&self, sealed: &[u8]) -> Result<Zeroizing<[u8; SEED_BYTES]>, StoreError> {
        if sealed.len() != NAME_BYTES + NONCE_BYTES + SEED_BYTES + TAG_BYTES {
            return Err(self.damaged("is cut off"));
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
            .ok_or_else(|| self.damaged("does not open with the key that the keystore has for it"))?;
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

    fn fault(&self, doing: &'static str, source: io::Error) -> StoreError {
        StoreError::File { doing, path: self.path.clone(), source }
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::Damaged(format!("{} {what}", self.path.display()))
    }
}

/// The name under which the keystore has a wrapping key.
fn entry_name(name: &[u8]) -> String {
    let hex: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("device-key-{hex}")
}

fn cipher(wrapping_key: &[u8]) -> Option<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(wrapping_key).ok()
}

fn nonce_of(bytes: &[u8]) -> Option<XNonce> {
    XNonce::try_from(bytes).ok()
}
