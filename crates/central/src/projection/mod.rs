//! Projections from a sample of stations that was drawn before the day.

mod draw;
mod estimate;
mod page;

pub use draw::{DrawError, Drawn, NewSample};
pub use estimate::{Observed, Projection, Stratum, project};
pub(crate) use page::projection_view;
