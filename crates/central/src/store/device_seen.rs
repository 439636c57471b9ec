//! When devices last sent a request.

use evidence::DeviceId;

use super::database::{Insert, OnConflict};
use super::{Store, StoreError};

const SEEN: Insert<2> = Insert {
    table: "device_seen",
    columns: [("device", "bytea"), ("at_ms", "bigint")],
    on_conflict: OnConflict::Update(
        "(device) DO UPDATE SET at_ms = CASE WHEN excluded.at_ms > device_seen.at_ms
            THEN excluded.at_ms ELSE device_seen.at_ms END",
    ),
};

impl Store {
    /// Stores when each device was seen, if that is later than before.
    pub fn store_seen(&self, seen: &[(DeviceId, i64)]) -> Result<(), StoreError> {
        self.write_beside_others("store when devices were seen", |transaction| {
            transaction.insert_all(&SEEN, seen, |(device, at_ms)| [&device.0, at_ms])?;
            Ok(())
        })
    }
}
