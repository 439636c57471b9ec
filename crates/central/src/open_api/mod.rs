//! What programs of others read: tokens, the results in a shape that stays, and its description.

mod description;
mod results;
mod tokens;

pub(crate) use description::description;
pub(crate) use results::{open_election, open_stations};
pub(crate) use tokens::OpenReader;
