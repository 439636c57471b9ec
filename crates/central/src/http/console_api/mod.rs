//! The console API, below `/api`, and the files of the console itself.

pub(crate) mod accounts;
pub(crate) mod attendance;
pub(crate) mod audit;
pub(crate) mod boundaries;
pub(crate) mod devices;
pub(crate) mod dossiers;
pub(crate) mod drills;
pub(crate) mod evidence;
pub(crate) mod exports;
pub(crate) mod imports;
pub(crate) mod incidents;
pub(crate) mod invitations;
pub(crate) mod log;
pub(crate) mod messages;
pub(crate) mod official;
pub(crate) mod patterns;
pub(crate) mod people;
pub(crate) mod people_assignments;
pub(crate) mod people_import;
pub(crate) mod projection;
pub(crate) mod regions;
pub(crate) mod review;
pub(crate) mod review_queue;
pub(crate) mod seats;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod staffing;
pub(crate) mod static_files;
pub(crate) mod stations;
pub(crate) mod tokens;

use ::evidence::DeviceId;
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::{Contest, ContestId, ContestKind, StationId};

use crate::console::region_page::PageOf;
use crate::endpoint::Endpoint;
use crate::refusal::Refusal;

/// The contest that a page is about.
#[derive(Deserialize)]
pub(crate) struct ContestQuery {
    contest: ContestId,
}

/// The contest, or the kind of contests, that a page is about: one of the two.
#[derive(Deserialize)]
pub(crate) struct ContestOrKindQuery {
    contest: Option<ContestId>,
    kind: Option<ContestKind>,
}

impl ContestOrKindQuery {
    fn page_of<'a>(&self, endpoint: &'a Endpoint) -> Result<PageOf<'a>, Refusal> {
        match (&self.contest, self.kind) {
            (Some(id), None) => contest(endpoint, id).map(PageOf::Contest),
            (None, Some(kind)) => Ok(PageOf::Kind(kind)),
            _ => Err(Problem::new(ProblemCode::RequestMalformed, "name a contest or a kind").into()),
        }
    }
}

pub(crate) fn contest<'a>(endpoint: &'a Endpoint, id: &ContestId) -> Result<&'a Contest, Refusal> {
    let unknown = || Problem::new(ProblemCode::ContestUnknown, format!("contest {id}")).into();
    endpoint.election().contest(id).ok_or_else(unknown)
}

/// The place of a witness in a list by station.
type WitnessPlace = (StationId, DeviceId);

/// The place as a page's `after`.
fn witness_cursor(station: &StationId, device: DeviceId) -> String {
    format!("{station}/{device}")
}

/// Reads a page's `after`.
fn witness_place(cursor: &str) -> Result<WitnessPlace, Refusal> {
    let place = cursor
        .split_once('/')
        .and_then(|(station, device)| Some((station.parse().ok()?, device.parse().ok()?)));
    place.ok_or_else(|| {
        Problem::new(ProblemCode::RequestMalformed, "the place in the list cannot be read").into()
    })
}
