//! How a failure reaches the screens.

use device::view::Failure;
use device::{DeviceError, error_chain};

/// A failure on its way to the screens.
#[derive(serde::Serialize)]
#[serde(transparent)]
pub(crate) struct CommandFailure(pub(crate) Failure);

impl From<DeviceError> for CommandFailure {
    fn from(error: DeviceError) -> Self {
        tracing::warn!(error = error_chain(&error), "a command failed");
        Self((&error).into())
    }
}
