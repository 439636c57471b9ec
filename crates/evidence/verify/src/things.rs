//! The contents of the files, sorted for the checks.

use std::collections::{BTreeMap, HashMap};

use evidence::bundle::{Consistency, VerdictRecord};
use evidence::{PhotoHash, Receipt, Rotation, Statement, StatementId, Unverified, UnverifiedCheckpoint};

use crate::input::{Found, Position, Thing};
use crate::trust::Trust;

/// The contents of the files, by sort.
#[derive(Debug, Default)]
pub(crate) struct Things {
    pub(crate) statements: Vec<(Position, Unverified)>,
    pub(crate) bytes: HashMap<StatementId, Vec<u8>>,
    pub(crate) receipts: Vec<(Position, Receipt)>,
    pub(crate) checkpoints: Vec<(Position, UnverifiedCheckpoint)>,
    pub(crate) consistency: Vec<(Position, Consistency)>,
    pub(crate) rotations: Vec<(Position, Rotation)>,
    pub(crate) verdicts: Vec<(Position, VerdictRecord)>,
    pub(crate) photos: Vec<FoundPhoto>,
}

/// A photo, named by its hash.
#[derive(Debug)]
pub(crate) struct FoundPhoto {
    pub(crate) at: Position,
    pub(crate) hash: PhotoHash,
    pub(crate) bytes: u64,
}

impl Things {
    pub(crate) fn add(&mut self, found: Found, trust: &mut Trust) {
        let Found { at, thing } = found;
        match thing {
            Thing::Statement { parsed, bytes } => {
                self.bytes.insert(parsed.id(), bytes);
                self.statements.push((at, *parsed));
            }
            Thing::Receipt(receipt) => self.receipts.push((at, *receipt)),
            Thing::Checkpoint(checkpoint) => self.checkpoints.push((at, *checkpoint)),
            Thing::Consistency(consistency) => self.consistency.push((at, consistency)),
            Thing::Rotation(rotation) => self.rotations.push((at, *rotation)),
            Thing::Verdict(record) => self.verdicts.push((at, *record)),
            Thing::DeviceKey(key) => trust.add_device(key),
            Thing::LogKey(key) => trust.add_enclosed(key),
            Thing::Photo { hash, bytes } => self.photos.push(FoundPhoto { at, hash, bytes }),
        }
    }
}

/// Statements whose signatures hold, by id.
pub(crate) type Verified = BTreeMap<StatementId, (Position, Statement)>;
