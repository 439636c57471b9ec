//! Drills: the class of a trainer's hall, and what people have shown, at the real endpoint.
//!
//! A drill is served from a data folder of its own, with a package of its own that is marked as practice, so
//! that everything that enters or leaves it is of the drill's namespace. The results that its phones signed
//! are handed to the real endpoint, which keeps them apart from everything that counts.

mod class;
mod class_pdf;
mod lead;
mod prepare;
mod readiness;
mod report;
mod results;

pub use prepare::{DrillError, prepare, read_scenario};
