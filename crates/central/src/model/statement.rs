//! A statement as the store has it: the signed bytes, and what counting reads of them.

use evidence::{AttendanceEvent, DeviceId, IncidentCategory, PhotoHash, StatementId};
use tally::{ContestId, StationId};

/// A verified statement that the rule of admission accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    pub id: StatementId,
    /// The device that signed it.
    pub device: DeviceId,
    /// The device's sequence number of it.
    pub sequence: i64,
    pub station: StationId,
    pub entry: Entry,
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
}

/// The content of a statement, as far as counting and photo uploads need it. It can always be read again from
/// the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Tally {
        contest: ContestId,
        /// The round that was counted.
        round: u8,
        /// The figures in the paper's order.
        figures: Vec<Option<i64>>,
        /// Number of faults that the checks find.
        faults: u32,
    },
    /// A photo, which follows the statement.
    Photo {
        /// The tally that it belongs to.
        tally: StatementId,
        /// The page that it shows.
        page: u8,
        /// The picture that the device sends.
        derivative: PhotoHash,
        derivative_bytes: u64,
        /// What the device read in it with certainty: fields and figures.
        readings: Vec<(String, u32)>,
    },
    /// The witness arrived, left, or was not admitted.
    Attendance { event: AttendanceEvent },
    /// An incident, which coordinators work through.
    Incident {
        category: IncidentCategory,
        /// The tally that it is about.
        tally: Option<StatementId>,
    },
    /// The result of an exercise.
    Report,
    /// What a coordinator decided on a tally.
    Verdict {
        /// The tally, or the correction.
        about: StatementId,
    },
}
