//! A statement as the store keeps it: the signed bytes, and what counting reads of them.

use evidence::{DeviceId, PhotoHash, StatementId};
use tally::{ContestId, StationId};

/// A statement that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Its name.
    pub id: StatementId,
    /// Who signed it.
    pub device: DeviceId,
    /// The device's count of its statements.
    pub sequence: i64,
    /// What it is about.
    pub station: StationId,
    /// What it says, as far as counting needs it.
    pub entry: Entry,
    /// The bytes that were signed.
    pub bytes: Vec<u8>,
}

/// What a statement says, as far as counting and fetching photos need it. All of it can be read again from the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Figures.
    Tally {
        /// The contest.
        contest: ContestId,
        /// The figures in the paper's order.
        figures: Vec<Option<i64>>,
        /// How many faults the checks find.
        faults: u32,
    },
    /// A photo that will follow.
    Photo {
        /// The tally that it belongs to.
        tally: StatementId,
        /// The page that it shows.
        page: u8,
        /// The picture that is sent.
        derivative: PhotoHash,
        /// Its length.
        derivative_bytes: u64,
    },
    /// Something to be read and not to be counted: an attendance, an incident, the result of an exercise.
    Account,
}
