//! Simulated witnesses with real devices, who work through an election evening.

mod evening;
mod figures;
mod progress;

pub use evening::{Evening, work_through};
pub use figures::{Chance, plausible};
pub use progress::{Counts, Progress};
