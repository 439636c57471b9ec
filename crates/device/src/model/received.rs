//! Reads what an endpoint, a hall or another phone says of itself.

use evidence::{LogPublicKey, Rotation};
use tally::Election;

use crate::error::DeviceError;

/// The package through the loader, so that it is as consistent as one from a file.
pub(crate) fn election_of(received: &Election) -> Result<Election, DeviceError> {
    received
        .to_json()
        .map_err(|error| error.to_string())
        .and_then(|json| Election::from_json(&json).map_err(|error| error.to_string()))
        .map_err(|error| DeviceError::NotTheEndpoint(format!("its election package is not valid: {error}")))
}

/// The key of a log, from hex.
pub(crate) fn log_key_of(hex: &str) -> Result<LogPublicKey, DeviceError> {
    LogPublicKey::from_hex(hex)
        .map_err(|error| DeviceError::NotTheEndpoint(format!("its log key is malformed: {error}")))
}

/// The rotations of a log's key, from hex.
pub(crate) fn rotations_of(hex: &[String]) -> Result<Vec<Rotation>, DeviceError> {
    let read: Result<_, _> = hex.iter().map(|hex| Rotation::from_hex(hex)).collect();
    read.map_err(|error| DeviceError::NotTheEndpoint(format!("a rotation of its log is malformed: {error}")))
}
