//! Practice from a scenario to the report of a class.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod class;
mod grading;
mod papers;
mod printing;
mod scenarios;
mod trainees;
