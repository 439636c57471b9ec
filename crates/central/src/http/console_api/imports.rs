//! `POST /api/imports`: a bundle, or a picture of a tally's QR code.

use axum::extract::State;
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::http::extract::UploadedFile;
use crate::http::guard::Caller;
use crate::ingest::import::{ImportError, Imported};
use crate::refusal::Refusal;
use crate::store::Actor;

pub(crate) async fn import(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    UploadedFile(file): UploadedFile,
) -> Result<Json<Imported>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let imported = endpoint.import(file.path()).map_err(refusal_of)?;
            endpoint.record_import(&imported, &Actor::User(user.name))?;
            Ok(Json(imported))
        })
        .await
}

fn refusal_of(error: ImportError) -> Refusal {
    match error {
        ImportError::Bundle(_) | ImportError::NoCode(_) => {
            Problem::new(ProblemCode::ImportUnreadable, error_chain(&error)).into()
        }
        ImportError::Io(_) | ImportError::Endpoint(_) => Refusal::internal("importing a file", &error),
    }
}
