//! The keys that whoever asks has decided to trust.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use evidence::{DeviceId, LogPublicKey, PublicKey};

/// What is trusted, and how strictly chains are judged.
#[derive(Debug, Default)]
pub(crate) struct Trust {
    /// The pinned key of the log.
    pub(crate) log: Option<LogPublicKey>,
    /// Keys of devices, by the name that each is the hash of.
    pub(crate) devices: BTreeMap<DeviceId, PublicKey>,
    /// The devices that were enrolled, where that is known.
    pub(crate) roster: Option<BTreeSet<DeviceId>>,
    /// Whether a gap in a chain is no failure.
    pub(crate) partial: bool,
}

impl Trust {
    pub(crate) fn read(
        log: Option<&Path>,
        devices: &[PathBuf],
        roster: Option<&Path>,
        partial: bool,
    ) -> anyhow::Result<Self> {
        let log =
            log.map(|path| LogPublicKey::from_bytes(&key(path)?).with_context(|| told(path))).transpose()?;
        let mut trust = Self { log, partial, ..Self::default() };
        for path in devices {
            let key = PublicKey::from_bytes(&key(path)?).with_context(|| told(path))?;
            trust.devices.insert(key.device_id(), key);
        }
        if let Some(path) = roster {
            let mut enrolled = BTreeSet::new();
            for (number, line) in text(path)?.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                let hex = line.split([',', ';', ' ', '\t']).next().unwrap_or_default();
                let key = PublicKey::from_hex(hex)
                    .with_context(|| format!("{}, line {}", path.display(), number + 1))?;
                enrolled.insert(key.device_id());
                trust.devices.insert(key.device_id(), key);
            }
            trust.roster = Some(enrolled);
        }
        Ok(trust)
    }
}

fn told(path: &Path) -> String {
    format!("the key in {}", path.display())
}

/// The longest file that is read for keys: a roster of a million devices with their names stays below.
const KEYS_BYTES_MAX: u64 = 256 << 20;

fn text(path: &Path) -> anyhow::Result<String> {
    let length = fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len();
    if length > KEYS_BYTES_MAX {
        bail!("{} is too long", path.display());
    }
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// The 32 bytes of a key in hex or PEM.
fn key(path: &Path) -> anyhow::Result<[u8; 32]> {
    let text = text(path)?;
    let text = text.trim();
    let wanted = || anyhow!("{} holds neither 64 hex digits nor an Ed25519 key in PEM", path.display());
    if let Ok(evidence::StatementId(bytes)) = text.parse() {
        return Ok(bytes);
    }
    PublicKey::from_pem(text).map(PublicKey::to_bytes).map_err(|_| wanted())
}
