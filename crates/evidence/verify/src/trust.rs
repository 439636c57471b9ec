//! What the user decided to trust.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use evidence::{DeviceId, LogPublicKey, PublicKey};

use crate::keys;
use crate::report::{Report, Sort};

/// How the user named the log's key.
#[derive(Debug)]
enum GivenLogKey {
    Key(LogPublicKey),
    /// The fingerprint of a key that a bundle has to bring.
    Fingerprint(String),
}

/// The keys on the command line.
#[derive(Debug)]
pub(crate) struct TrustedKeys {
    log: Option<GivenLogKey>,
    devices: BTreeMap<DeviceId, PublicKey>,
    roster: Option<BTreeSet<DeviceId>>,
    /// Those who may decide, with their names.
    reviewers: Option<BTreeMap<DeviceId, String>>,
}

impl TrustedKeys {
    pub(crate) fn read(log: Option<&str>, devices: &[String], roster: Option<&Path>) -> anyhow::Result<Self> {
        let log = log.map(given_log_key).transpose()?;
        let mut trusted = Self { log, devices: BTreeMap::new(), roster: None, reviewers: None };
        for given in devices {
            trusted.add(keys::public_key(given)?);
        }
        if let Some(path) = roster {
            trusted.read_roster(path)?;
        }
        Ok(trusted)
    }

    fn add(&mut self, key: PublicKey) {
        self.devices.insert(key.device_id(), key);
    }

    fn read_roster(&mut self, path: &Path) -> anyhow::Result<()> {
        self.roster = Some(self.read_list(path)?.into_keys().collect());
        Ok(())
    }

    /// Those who may decide: a file with a public key in hex and a name on each line.
    pub(crate) fn read_reviewers(&mut self, path: &Path) -> anyhow::Result<()> {
        self.reviewers = Some(self.read_list(path)?);
        Ok(())
    }

    /// The keys of a list, with what follows on their lines.
    fn read_list(&mut self, path: &Path) -> anyhow::Result<BTreeMap<DeviceId, String>> {
        const BETWEEN: [char; 4] = [',', ';', ' ', '\t'];
        let mut listed = BTreeMap::new();
        for (index, line) in keys::text(path)?.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (hex, rest) = line.split_once(BETWEEN).unwrap_or((line, ""));
            let key = PublicKey::from_hex(hex)
                .with_context(|| format!("cannot read {}, line {}", path.display(), index + 1))?;
            listed.insert(key.device_id(), rest.trim_matches(BETWEEN).to_owned());
            self.add(key);
        }
        Ok(listed)
    }
}

fn given_log_key(given: &str) -> anyhow::Result<GivenLogKey> {
    if LogPublicKey::is_spoken(given) {
        Ok(GivenLogKey::Fingerprint(given.to_owned()))
    } else {
        keys::log_key(given).map(GivenLogKey::Key)
    }
}

/// The trusted keys, and those that came with the evidence.
#[derive(Debug)]
pub(crate) struct Trust {
    keys: TrustedKeys,
    /// Log keys in the files.
    enclosed: Vec<LogPublicKey>,
    /// Whether a gap in a chain needs no check.
    pub(crate) partial: bool,
}

impl Trust {
    pub(crate) fn new(keys: TrustedKeys, partial: bool) -> Self {
        Self { keys, enclosed: Vec::new(), partial }
    }

    /// A device's id is the hash of its key, so a key from any source can serve to check a signature. Whether
    /// the device belonged to a witness is for the roster to say.
    pub(crate) fn add_device(&mut self, key: PublicKey) {
        self.keys.add(key);
    }

    pub(crate) fn device(&self, device: DeviceId) -> Option<&PublicKey> {
        self.keys.devices.get(&device)
    }

    pub(crate) fn roster(&self) -> Option<&BTreeSet<DeviceId>> {
        self.keys.roster.as_ref()
    }

    /// The name of whose key it is, on the list of those who may decide: `None` without a list, `Some(None)`
    /// for a key that is not on it.
    pub(crate) fn reviewer(&self, key: DeviceId) -> Option<Option<&str>> {
        self.keys.reviewers.as_ref().map(|reviewers| reviewers.get(&key).map(String::as_str))
    }

    pub(crate) fn add_enclosed(&mut self, key: LogPublicKey) {
        if !self.enclosed.contains(&key) {
            self.enclosed.push(key);
        }
    }

    /// The key under which the log is checked, with a check of whether the user can trust it. `None` if there
    /// is none.
    pub(crate) fn pin_log_key(&self, report: &mut Report) -> Option<LogPublicKey> {
        match (&self.keys.log, self.enclosed.as_slice()) {
            (Some(GivenLogKey::Key(key)), _) => {
                report.pass(Sort::LogKey, "--log-key", format!("fingerprint {}", key.spoken()));
                Some(*key)
            }
            (Some(GivenLogKey::Fingerprint(heard)), enclosed) => {
                let key = enclosed.iter().find(|key| key.is_spoken_as(heard)).copied();
                match key {
                    Some(key) => report.pass(
                        Sort::LogKey,
                        "--log-key",
                        format!("the key in the files has the fingerprint {}", key.spoken()),
                    ),
                    None => report.not_checked(
                        Sort::LogKey,
                        "--log-key",
                        "no key in the files has this fingerprint",
                        "the log's key itself: --log-key FILE, or a bundle that has the key",
                    ),
                }
                key
            }
            (None, [key]) => {
                let fingerprint = key.spoken();
                let needs = format!(
                    "a comparison by voice: ask someone you trust for the fingerprint of the log's key. If it is \
                     {fingerprint}, add --log-key \"{fingerprint}\". If it is another one, the receipts prove nothing"
                );
                report.not_checked(
                    Sort::LogKey,
                    "the files",
                    format!("the key came with the evidence; its fingerprint is {fingerprint}"),
                    needs.as_str(),
                );
                report.doubt_log_key(needs);
                Some(*key)
            }
            (None, _) => None,
        }
    }
}
