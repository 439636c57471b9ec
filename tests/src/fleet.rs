//! Simulated witnesses with real devices, who work through an election evening.

mod crowd;
mod evening;
mod figures;
mod night;
mod progress;

pub use crowd::{Light, Reply, Wire, election_of, papers, psql, seed_server, tally_of};
pub use evening::{Evening, work_through};
pub use figures::{Chance, plausible};
pub use night::{Night, NightTold, night_of};
pub use progress::{Counts, Progress};
