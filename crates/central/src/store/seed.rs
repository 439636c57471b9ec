//! Devices for benchmarks, stored as if they had enrolled.

use evidence::PublicKey;
use tally::StationId;

use super::database::{Insert, OnConflict};
use super::{Store, StoreError};

/// Maximum number of devices in one statement, which bounds its memory: a nation has 820,000.
const CHUNK_MAX: usize = 10_000;
/// The time at which the devices enrolled, long before any statement.
const ENROLLED_AT_MS: i64 = 1;

const DEVICE: Insert<3> = Insert {
    table: "device",
    columns: [("id", "bytea"), ("public_key", "bytea"), ("enrolled_at_ms", "bigint")],
    on_conflict: OnConflict::Fail,
};
const ASSIGNMENT: Insert<3> = Insert {
    table: "assignment",
    columns: [("device", "bytea"), ("station", "text"), ("contest", "text")],
    on_conflict: OnConflict::Fail,
};

struct SeedDevice {
    id: [u8; 16],
    key: [u8; 32],
    station: String,
    contests: Vec<String>,
}

impl Store {
    /// Enrols a device at each station for the contests that `contests_at` gives. Unlike [`Store::enrol`] it
    /// uses no invitation, queues no count and writes no audit.
    #[doc(hidden)]
    pub fn seed_enrolled(
        &self,
        witnesses: &[(PublicKey, StationId)],
        contests_at: &dyn Fn(&StationId) -> Vec<String>,
    ) -> Result<(), StoreError> {
        self.write("enrol devices for a benchmark", |transaction| {
            for chunk in witnesses.chunks(CHUNK_MAX) {
                let devices: Vec<SeedDevice> = chunk
                    .iter()
                    .map(|(key, station)| SeedDevice {
                        id: key.device_id().0,
                        key: key.to_bytes(),
                        station: station.to_string(),
                        contests: contests_at(station),
                    })
                    .collect();
                transaction
                    .insert_all(&DEVICE, &devices, |device| [&device.id, &device.key, &ENROLLED_AT_MS])?;
                let assignments = devices
                    .iter()
                    .flat_map(|device| device.contests.iter().map(move |contest| (device, contest)));
                transaction.insert_all(&ASSIGNMENT, assignments, |(device, contest)| {
                    [&device.id, &device.station, contest]
                })?;
            }
            Ok(())
        })
    }
}
