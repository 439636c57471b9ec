//! `POST /api/imports`: a bundle, or a picture of a tally's QR code.

use axum::Json;
use axum::extract::State;
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::http::extract::UploadedFile;
use crate::ingest::import::{ImportError, Imported};
use crate::refusal::Refusal;

pub(crate) async fn import(
    State(endpoint): State<Endpoint>,
    UploadedFile(file): UploadedFile,
) -> Result<Json<Imported>, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.import(file.path()).map_err(refusal_of)).await.map(Json)
}

fn refusal_of(error: ImportError) -> Refusal {
    match error {
        ImportError::Bundle(_) | ImportError::NoCode(_) => {
            Problem::new(ProblemCode::ImportUnreadable, error_chain(&error)).into()
        }
        ImportError::Io(_) | ImportError::Endpoint(_) => Refusal::internal("importing a file", &error),
    }
}
