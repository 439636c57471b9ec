//! The keys of the endpoint's log.

use evidence::{LogId, LogPublicKey, Rotation};

/// The keys of the endpoint's log: the one that the device pinned when it joined, and the rotations since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownLog {
    pub(crate) pinned: LogPublicKey,
    pub(crate) rotations: Vec<Rotation>,
}

impl KnownLog {
    pub(crate) fn pinned(pinned: LogPublicKey) -> Self {
        Self { pinned, rotations: Vec::new() }
    }

    /// `None` if the rotations do not continue from the pinned key.
    pub(crate) fn of(pinned: LogPublicKey, rotations: Vec<Rotation>) -> Option<Self> {
        pinned.follow(&rotations)?;
        Some(Self { pinned, rotations })
    }

    /// The key that signs now.
    pub(crate) fn current(&self) -> LogPublicKey {
        self.rotations.last().map_or(self.pinned, |rotation| rotation.new)
    }

    /// The key with this id, if the log has had it.
    pub(crate) fn key_of(&self, log: LogId) -> Option<LogPublicKey> {
        let later = self.rotations.iter().map(|rotation| rotation.new);
        std::iter::once(self.pinned).chain(later).find(|key| key.id() == log)
    }

    /// The rotations that continue from the key that signs now; empty if there are none, or if they are not
    /// valid.
    pub(crate) fn further(&self, all: &[Rotation]) -> Vec<Rotation> {
        let from = all.iter().position(|rotation| rotation.old == self.current()).unwrap_or(all.len());
        let further = &all[from..];
        if self.current().follow(further).is_some() { further.to_vec() } else { Vec::new() }
    }
}
