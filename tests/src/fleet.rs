//! Simulated witnesses for load, demonstrations and benchmarks.

mod attack;
mod client;
mod evening;
mod figures;
mod national_contests;
mod national_election;
mod night;
mod progress;
mod sim_witness;

pub use attack::{
    ADDRESSES_MAX, Attack, AttackKind, AttackReport, KindReport, Latencies, enrol_phones, run_attack,
};
pub use evening::{Evening, run_evening};
pub use figures::plausible;
pub use national_election::election_with_stations;
pub use night::{Night, NightReport, run_night};
pub use progress::{Counts, Progress};
pub use sim_witness::{SimWitness, papers, seed_enrolled, some_papers, tally_of};
