//! Reads keys from files and from the command line.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use evidence::{LogPublicKey, PublicKey};

/// Maximum length of a file with keys, in bytes. A roster of a million devices with their names is shorter.
const KEYS_BYTES_MAX: u64 = 256 << 20;

/// A log's key from a file or a text.
pub(crate) fn log_key(given: &str) -> anyhow::Result<LogPublicKey> {
    let key = public_key(given)?;
    LogPublicKey::from_bytes(&key.to_bytes()).with_context(|| format!("cannot use the key {given}"))
}

/// A public key: in hex or PEM, as the text itself or in the file with that name.
pub(crate) fn public_key(given: &str) -> anyhow::Result<PublicKey> {
    if let Some(key) = parse(given) {
        return Ok(key);
    }
    parse(&text(Path::new(given))?).ok_or_else(|| not_a_key(given))
}

/// The text of a file with keys.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let cannot = || format!("cannot read {}", path.display());
    if fs::metadata(path).with_context(cannot)?.len() > KEYS_BYTES_MAX {
        bail!("cannot read {}: it is too long for a file with keys", path.display());
    }
    fs::read_to_string(path).with_context(cannot)
}

fn parse(text: &str) -> Option<PublicKey> {
    let text = text.trim();
    PublicKey::from_hex(text).or_else(|_| PublicKey::from_pem(text)).ok()
}

fn not_a_key(given: &str) -> anyhow::Error {
    anyhow!("cannot use {given} as a key: it has neither 64 hex digits nor an Ed25519 key in PEM")
}
