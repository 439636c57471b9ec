//! The import of people below `/api/people/imports`, and `/api/people/export`.

use std::io::{BufWriter, Read as _, Seek as _};

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use tokio_util::io::ReaderStream;

use super::people::{PeopleParams, done, refusal_of};
use crate::blocking::LaneName;
use crate::endpoint::Endpoint;
use crate::error_chain::error_chain;
use crate::http::extract::{JsonBody, PathId, QueryParams, UploadedFile};
use crate::http::guard::Caller;
use crate::people::editor::Editor;
use crate::people::person_export::ExportPeopleError;
use crate::refusal::Refusal;
use crate::view::{ImportCheck, ImportId, ImportRequest, PeopleImport, PeopleImports};

#[derive(Deserialize)]
pub(crate) struct UploadQuery {
    #[serde(default)]
    file: String,
}

pub(crate) async fn upload(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(UploadQuery { file: name }): QueryParams<UploadQuery>,
    UploadedFile(file): UploadedFile,
) -> Result<(StatusCode, Json<PeopleImport>), Refusal> {
    let mut bytes = Vec::new();
    let failed = |error: std::io::Error| Refusal::internal("reading a temporary file", &error);
    file.reopen().map_err(failed)?.read_to_end(&mut bytes).map_err(failed)?;
    let upload = move |endpoint: &Endpoint, editor: &Editor| endpoint.upload_people(editor, &name, bytes);
    Ok((StatusCode::CREATED, done(endpoint, caller, upload).await?))
}

pub(crate) async fn imports(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<PeopleImports>, Refusal> {
    done(endpoint, caller, |endpoint, editor| endpoint.people_imports(editor)).await
}

pub(crate) async fn import(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(import): PathId<ImportId>,
) -> Result<Json<PeopleImport>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.people_import(editor, import)).await
}

pub(crate) async fn check(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(import): PathId<ImportId>,
    JsonBody(request): JsonBody<ImportRequest>,
) -> Result<Json<ImportCheck>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.check_people(editor, import, &request)).await
}

/// Begins to store an import. The work goes on behind the answer, and `GET` tells how far it is.
pub(crate) async fn store(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(import): PathId<ImportId>,
    JsonBody(request): JsonBody<ImportRequest>,
) -> Result<(StatusCode, Json<PeopleImport>), Refusal> {
    let editor = Editor::user(caller.0.clone());
    let Json((begun, is_new)) = {
        let request = request.clone();
        let begin = move |endpoint: &Endpoint, editor: &Editor| {
            endpoint.begin_people_import(editor, import, &request)
        };
        done(endpoint.clone(), caller, begin).await?
    };
    if is_new {
        store_behind(endpoint, editor, import, request);
    }
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

/// Stores an import after the answer. The import's state says what became of it.
fn store_behind(endpoint: Endpoint, editor: Editor, import: ImportId, request: ImportRequest) {
    tokio::spawn(async move {
        let work = move |endpoint: &Endpoint| {
            // The import's state says what became of it.
            if let Err(error) = endpoint.store_people(&editor, import, &request) {
                tracing::warn!(error = error_chain(&error), "an import of people stored nothing");
            }
            Ok(())
        };
        if let Err(refusal) = endpoint.blocking_in(LaneName::Pixels, work).await {
            tracing::error!(problem = ?refusal.problem, "cannot import people");
        }
    });
}

pub(crate) async fn discard(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(import): PathId<ImportId>,
) -> Result<Json<PeopleImport>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.discard_people(editor, import)).await
}

/// The format of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    #[default]
    Csv,
    Xlsx,
}

#[derive(Deserialize)]
pub(crate) struct FormatQuery {
    #[serde(default)]
    format: ExportFormat,
}

/// The complete file is written before its first byte is sent: half a list must not look like one.
pub(crate) async fn export(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    QueryParams(params): QueryParams<PeopleParams>,
    QueryParams(FormatQuery { format }): QueryParams<FormatQuery>,
) -> Result<Response, Refusal> {
    let (query, _) = params.query()?;
    let editor = Editor::user(user);
    let is_workbook = format == ExportFormat::Xlsx;
    let write = move |endpoint: &Endpoint| {
        let failed = |error: std::io::Error| Refusal::internal("writing a temporary file", &error);
        let mut file = tempfile::tempfile().map_err(failed)?;
        endpoint.export_people(&editor, &query, is_workbook, BufWriter::new(&file)).map_err(|error| {
            match error {
                ExportPeopleError::People(error) => refusal_of(error),
                ExportPeopleError::Write(error) => Refusal::internal("writing an export", &error),
            }
        })?;
        file.rewind().map_err(failed)?;
        Ok(file)
    };
    let file = endpoint.blocking(write).await?;
    let (media_type, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "saksi.csv"),
        ExportFormat::Xlsx => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "saksi.xlsx")
        }
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))).into_response())
}
