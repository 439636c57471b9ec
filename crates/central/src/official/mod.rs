//! Official results: imports of what was published or written on the sheets of recapitulation, and how they
//! differ from what the witnesses sent.

mod choices;
mod compare;
mod difference;
mod import;
mod ladder;
mod sign_test;
mod table;

pub(crate) use choices::choices;
pub(crate) use compare::{DifferenceCursor, DifferenceFilter, differences_table, differences_view};
pub(crate) use difference::{Witnessed, difference};
pub(crate) use import::Upload;
