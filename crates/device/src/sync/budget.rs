//! How much of a metered connection originals may use.

use std::sync::atomic::Ordering;

use crate::Device;
use crate::error::StoreError;
use crate::store::{OriginalsSpent, Store};
use crate::sync_core::Budget;

/// Maximum number of bytes that originals may use of a metered connection in a day: four to ten photos.
const ORIGINALS_BYTES_A_DAY: u64 = 20 * 1024 * 1024;
const DAY_MS: i64 = 24 * 60 * 60_000;

impl Device {
    /// Tells the device whether its connection costs the witness money. It is treated as metered until
    /// somebody says that it is not.
    pub fn set_metered(&self, metered: bool) {
        if self.metered.swap(metered, Ordering::SeqCst) && !metered {
            self.wake();
        }
    }

    /// What originals may still use of the connection.
    pub(crate) fn original_budget(&self, store: &Store) -> Result<Budget, StoreError> {
        if !self.metered.load(Ordering::SeqCst) {
            return Ok(Budget { left_bytes: u64::MAX, again_at_ms: self.now_ms() });
        }
        let OriginalsSpent { since_ms, bytes } = spent_today(store.originals_spent()?, self.now_ms());
        Ok(Budget {
            left_bytes: ORIGINALS_BYTES_A_DAY.saturating_sub(bytes),
            again_at_ms: since_ms.saturating_add(DAY_MS),
        })
    }

    pub(super) fn spend_on_originals(&self, bytes: u64, now_ms: i64) -> Result<(), StoreError> {
        if !self.metered.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut store = self.store();
        let spent = spent_today(store.originals_spent()?, now_ms);
        let spent = OriginalsSpent { bytes: spent.bytes.saturating_add(bytes), ..spent };
        store.write(|write| write.set_originals_spent(spent))
    }
}

/// What was spent in the current day. A clock that has jumped begins a new one.
fn spent_today(spent: OriginalsSpent, now_ms: i64) -> OriginalsSpent {
    let day = spent.since_ms..spent.since_ms.saturating_add(DAY_MS);
    if day.contains(&now_ms) { spent } else { OriginalsSpent { since_ms: now_ms, bytes: 0 } }
}
