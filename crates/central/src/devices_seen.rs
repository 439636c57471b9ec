//! When devices last sent a request that they proved. It is kept in memory and stored now and then: a write
//! for each request would cost more than the request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use evidence::DeviceId;

/// Maximum number of devices between two times of storing: about 5 MB. Further ones are not noted.
const DEVICES_MAX: usize = 100_000;

/// The devices that were seen since they were stored last.
#[derive(Debug, Default)]
pub(crate) struct DevicesSeen(Mutex<HashMap<DeviceId, i64>>);

impl DevicesSeen {
    /// Notes that a device was seen.
    pub(crate) fn note(&self, device: DeviceId, now_ms: i64) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < DEVICES_MAX || seen.contains_key(&device) {
            seen.insert(device, now_ms);
        }
    }

    /// Takes what was noted, by device, so that replicas lock rows in one order.
    pub(crate) fn take(&self) -> Vec<(DeviceId, i64)> {
        let mut seen: Vec<_> =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect();
        seen.sort_unstable();
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_devices_is_bounded_and_the_last_time_of_each_is_taken_once() {
        let seen = DevicesSeen::default();
        let device = |number: usize| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&number.to_be_bytes());
            DeviceId(id)
        };
        for number in 0..DEVICES_MAX + 10 {
            seen.note(device(number), 1);
        }
        seen.note(device(0), 2);
        let taken = seen.take();
        assert_eq!((taken.len(), taken[0]), (DEVICES_MAX, (device(0), 2)));
        assert!(seen.take().is_empty());
    }
}
