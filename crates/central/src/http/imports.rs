//! `POST /api/imports`: a bundle, or a picture of a tally's code, that came by hand.

use std::io::Write as _;

use axum::Json;
use axum::extract::State;
use protocol::{Problem, ProblemCode};

use super::extract::CarriedFile;
use crate::endpoint::Endpoint;
use crate::import::{ImportError, Imported};
use crate::refusal::Refusal;

pub(super) async fn import(
    State(endpoint): State<Endpoint>,
    CarriedFile(bytes): CarriedFile,
) -> Result<Json<Imported>, Refusal> {
    endpoint.blocking(move |endpoint| take_in(endpoint, &bytes)).await.map(Json)
}

fn take_in(endpoint: &Endpoint, bytes: &[u8]) -> Result<Imported, Refusal> {
    let fault = |error: std::io::Error| Refusal::fault("keeping an import for a moment", &error);
    // Read from a file like at the command line: a bundle is read twice, and only whole ones are taken.
    let mut file = tempfile::NamedTempFile::new().map_err(fault)?;
    file.write_all(bytes).map_err(fault)?;
    endpoint.import(file.path()).map_err(|error| match error {
        ImportError::Bundle(_) | ImportError::NoCode(_) => {
            Problem::new(ProblemCode::ImportUnreadable, error.to_string()).into()
        }
        ImportError::Io(_) | ImportError::Endpoint(_) => Refusal::fault("taking an import in", &error),
    })
}
