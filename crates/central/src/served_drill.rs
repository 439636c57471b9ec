//! The drill that this process serves: its scenario, when each phone was heard, and the results so far.

use std::sync::{Mutex, MutexGuard, PoisonError};

use evidence::{DeviceId, StatementId, to_hex};
use practice::{Scenario, ScenarioError, TakenExercise};
use sha2::{Digest as _, Sha256};

use crate::bounded_map::BoundedMap;

/// Maximum number of phones whose times are in memory.
const PHONES_MAX: usize = 1_000;

/// A drill.
#[derive(Debug)]
pub(crate) struct ServedDrill {
    pub(crate) scenario: Scenario,
    /// As it is stored and sent.
    pub(crate) json: String,
    /// The SHA-256 of that, in hex.
    pub(crate) sha256: String,
    /// When phones were heard, by the monotonic clock.
    pub(crate) heard: BoundedMap<DeviceId, i64>,
    results: Mutex<Results>,
}

/// The results of the log, as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// The first position that was not read.
    pub(crate) next: i64,
    pub(crate) taken: Vec<(StatementId, TakenExercise)>,
}

impl ServedDrill {
    pub(crate) fn new(json: String) -> Result<Self, ScenarioError> {
        Ok(Self {
            scenario: Scenario::from_json(&json)?,
            sha256: to_hex(&Sha256::digest(&json)),
            json,
            heard: BoundedMap::new(PHONES_MAX),
            results: Mutex::default(),
        })
    }

    pub(crate) fn results(&self) -> MutexGuard<'_, Results> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
