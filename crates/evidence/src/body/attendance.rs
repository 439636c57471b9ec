//! The witness arrived at the station or left it. The statement lives for ever, so it has no position of the
//! phone.

use coset::cbor::value::Value;
use serde::{Deserialize, Serialize};

use crate::cbor::{DecodeError, Fields};

pub(super) const CONTENT_TYPE: &str = "application/vnd.saksi.attendance.v1+cbor";

/// The witness arrived at the station or left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceBody {
    pub event: AttendanceEvent,
    /// The version of the election package that names the station.
    pub package_version: u32,
}

/// The event that the witness reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AttendanceEvent {
    /// Present at the station.
    Arrived,
    /// Left the station.
    Left,
    /// At the station, and not admitted.
    NotAdmitted,
}

impl AttendanceEvent {
    /// All of them, with their numbers.
    const NUMBERED: [(u64, Self); 3] = [(1, Self::Arrived), (2, Self::Left), (3, Self::NotAdmitted)];

    fn number(self) -> u64 {
        match self {
            Self::Arrived => 1,
            Self::Left => 2,
            Self::NotAdmitted => 3,
        }
    }
}

impl AttendanceBody {
    pub(super) fn write(&self) -> Vec<(i64, Value)> {
        vec![(10, Value::from(self.event.number())), (11, Value::from(self.package_version))]
    }

    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Result<Self, DecodeError> {
        let number = fields.required(10)?.unsigned()?;
        let event = AttendanceEvent::NUMBERED
            .into_iter()
            .find_map(|(known, event)| (known == number).then_some(event))
            .ok_or("an unknown event of attendance")?;
        Ok(Self { event, package_version: fields.required(11)?.small()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (number, event) in AttendanceEvent::NUMBERED {
            assert_eq!(event.number(), number);
        }
    }
}
