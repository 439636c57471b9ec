//! Messages of coordinators.

use serde::Serialize;

/// A coordinator's message to the witnesses of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageView {
    pub id: String,
    /// The region to which it is addressed: its name if this device's package has it, or else its code.
    /// `None` for the whole election.
    pub region: Option<String>,
    pub text: String,
    /// The name of the user who sent it.
    pub by: String,
    /// By the endpoint's clock.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// Whether it does not hold any more.
    pub withdrawn: bool,
    /// Whether the witness opened it on this device.
    pub opened: bool,
}
