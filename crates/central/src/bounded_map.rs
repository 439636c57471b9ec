//! A map in memory with a bounded number of entries. It forgets all of them when it is full.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// What the endpoint has looked up lately. Forgetting an entry costs another look, and nothing else.
#[derive(Debug)]
pub(crate) struct BoundedMap<K, V> {
    entries_max: usize,
    entries: Mutex<HashMap<K, V>>,
}

impl<K: Eq + Hash, V: Clone> BoundedMap<K, V> {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { entries_max, entries: Mutex::default() }
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(crate) fn insert(&self, key: K, value: V) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.entries_max && !entries.contains_key(&key) {
            entries.clear();
        }
        entries.insert(key, value);
    }

    pub(crate) fn remove(&self, key: &K) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_map_forgets_and_stays_within_its_bound() {
        let map = BoundedMap::new(2);
        for number in 0..5 {
            map.insert(number, number);
            assert!(map.entries.lock().unwrap().len() <= 2);
            assert_eq!(map.get(&number), Some(number));
        }
        map.remove(&4);
        assert_eq!(map.get(&4), None);
    }
}
