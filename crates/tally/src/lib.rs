//! What an election, a form and a tally are; the checks; numbers in words.
//!
//! Pure: no clock, no randomness, no I/O (but for [`load::read`]), and no other crate of this workspace. An
//! [`Election`] package brings contests, candidates, regions, stations and forms as data; a [`Paper`] is one contest's
//! form with its rows spelled out; [`Figures`] are what the paper says; [`Paper::check`] tells what does not add up.

pub mod check;
pub mod election;
pub mod figure;
pub mod form;
pub mod id;
pub mod load;
pub mod text;
pub mod words;

pub use check::{
    CheckCode, CheckReport, Comparison, Finding, FindingKey, Relation, RunningSum, Severity, Side, Term,
};
pub use election::{Candidate, Contest, Election, Party, Region, StationBlock};
pub use figure::{Figure, Figures};
pub use form::{Column, Field, Form, Page, Paper, Quantity, Row, Section};
pub use id::{
    CandidateNumber, ContestId, ElectionId, FieldCode, FormId, IdError, RegionCode, RegionLevel, StationId,
};
pub use load::PackageError;
pub use text::{Language, Localized};
