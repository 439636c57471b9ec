//! How far the imports are that this replica is reading or storing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::model::person::ImportId;

/// Rows or figures that are done, and of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: u32,
    pub(crate) of: u32,
}

/// The imports in work. An import that ends is taken out, so that there are as many as work runs.
#[derive(Debug, Default)]
pub(crate) struct ImportProgress(Mutex<HashMap<ImportId, Progress>>);

impl ImportProgress {
    pub(crate) fn tell(&self, import: ImportId, done: usize, of: usize) {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.map().insert(import, Progress { done: number(done), of: number(of) });
    }

    pub(crate) fn end(&self, import: ImportId) {
        self.map().remove(&import);
    }

    pub(crate) fn of(&self, import: ImportId) -> Progress {
        self.map().get(&import).copied().unwrap_or_default()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<ImportId, Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
