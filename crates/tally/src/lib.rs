//! Elections, forms and tallies; the checks; the seats that votes give; numbers in words.
//!
//! - An [`Election`] package brings contests, candidates, regions, stations and forms as data ([`load`]).
//! - A [`Paper`] is the form of one contest with all its fields.
//! - [`Figures`] are the numbers on the paper. [`Paper::check`] finds those that contradict each other.
//!
//! Invariants:
//! - Pure: no clock, no randomness, no I/O except in [`load::read`], and no other crate of this workspace.
//! - An [`Election`] has passed the loader, so it is consistent.
//! - A blank box is not 0, and a field that was not typed is not blank.

pub mod check;
pub mod contest;
pub mod election;
pub mod figure;
pub mod form;
pub mod id;
pub mod load;
mod number;
pub mod paper;
pub mod seats;
pub mod text;
pub mod words;

pub use check::{
    CheckCode, CheckReport, Comparison, Finding, FindingKey, Relation, RunningSum, Severity, Side,
    StationQuestion, Term, compare_papers,
};
pub use contest::{AskedFigures, Candidate, Choice, Contest, ContestKind, Party, PartyList};
pub use election::{Election, FIRST_ROUND, ROUND_MAX, Readiness, Region, Round, RoundKind, StationBlock};
pub use figure::{Figure, Figures};
pub use form::{Column, Form, Page, PageRepeat, Quantity, Row, Section};
pub use id::{
    CandidateNumber, ContestId, ElectionId, FieldCode, FormId, IdError, PartyNumber, RegionCode, RegionLevel,
    StationId, StationKind,
};
pub use load::PackageError;
pub use paper::{Field, Paper, PaperError, PaperPage, PaperRow, PaperSection};
pub use seats::{PartySeats, SeatAllocation, SeatTie};
pub use text::{Language, Localized};
