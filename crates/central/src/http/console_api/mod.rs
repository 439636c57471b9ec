//! The console API, below `/api`, and the files of the console itself.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod devices;
pub(crate) mod evidence;
pub(crate) mod imports;
pub(crate) mod invitations;
pub(crate) mod log;
pub(crate) mod regions;
pub(crate) mod review;
pub(crate) mod session;
pub(crate) mod static_files;
pub(crate) mod stations;

use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::{ContestId, Paper};

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// The contest that a page is about.
#[derive(Deserialize)]
pub(crate) struct ContestQuery {
    contest: ContestId,
}

fn paper<'a>(endpoint: &'a Endpoint, contest: &ContestId) -> Result<&'a Paper, Refusal> {
    let unknown = || Problem::new(ProblemCode::ContestUnknown, format!("contest {contest}")).into();
    endpoint.package().paper(contest).ok_or_else(unknown)
}
