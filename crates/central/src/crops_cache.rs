//! Crops of photos in memory, so that opening a station again costs no decoding.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use evidence::PhotoHash;

use crate::view::CropsView;

/// Maximum number of photos whose crops are in memory. The crops of a photo have some 200 KB.
const CACHED_MAX: usize = 64;
/// The crops of the photos that were looked at last, by photo and contest. A photo never changes, nor does a
/// paper of which photos have arrived.
#[derive(Debug, Default)]
pub(crate) struct CropsCache(Mutex<VecDeque<CachedCrops>>);

#[derive(Debug)]
struct CachedCrops {
    key: (PhotoHash, String),
    view: CropsView,
}

impl CropsCache {
    /// The crops, if they are in memory.
    pub(crate) fn get(&self, key: &(PhotoHash, String)) -> Option<CropsView> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.iter().find(|cached| cached.key == *key).map(|cached| cached.view.clone())
    }

    /// Keeps the crops, and drops the oldest ones.
    pub(crate) fn insert(&self, key: (PhotoHash, String), view: CropsView) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.retain(|cached| cached.key != key);
        cached.truncate(CACHED_MAX - 1);
        cached.push_front(CachedCrops { key, view });
    }
}
