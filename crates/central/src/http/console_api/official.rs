//! Official results: `/api/official/imports`, and `/api/official/differences` with its export.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use spreadsheet::{CsvWriter, WriteError, XlsxWriter};
use tally::{Choice, ContestId, RegionCode};

use super::contest;
use crate::blocking::LaneName;
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams, UploadedFile};
use crate::http::guard::{Caller, not_found, region_within};
use crate::model::official::{OfficialState, Shape};
use crate::model::person::ImportId;
use crate::official::{DifferenceCursor, DifferenceFilter, Upload, differences_table, differences_view};
use crate::refusal::Refusal;
use crate::store::{Actor, OfficialImport};
use crate::view::{
    DifferencesView, OfficialChanges, OfficialImportRequest, OfficialImportView, OfficialImports,
    OfficialLayout,
};

#[derive(Deserialize)]
pub(crate) struct UploadQuery {
    contest: ContestId,
    file: String,
}

pub(crate) async fn upload(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    QueryParams(query): QueryParams<UploadQuery>,
    UploadedFile(file): UploadedFile,
) -> Result<(StatusCode, Json<OfficialImportView>), Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let failed = |error: std::io::Error| Refusal::internal("reading a temporary file", &error);
            let upload = Upload {
                contest: contest(endpoint, &query.contest)?,
                region: user.region.as_ref(),
                name: &query.file,
                content: std::fs::read(file.path()).map_err(failed)?,
            };
            let view = endpoint.upload_official(upload, &Actor::User(user.name.clone()))?;
            Ok((StatusCode::CREATED, Json(view)))
        })
        .await
}

#[derive(Deserialize)]
pub(crate) struct ImportsQuery {
    contest: ContestId,
}

pub(crate) async fn imports(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<ImportsQuery>,
) -> Result<Json<OfficialImports>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            contest(endpoint, &query.contest)?;
            let mut imports = endpoint.store().official_imports(&query.contest)?;
            imports.retain(|import| is_shown(&caller, import));
            let views = imports.iter().map(|import| endpoint.official_import_view(import));
            let mut imports: Vec<OfficialImportView> = views.collect::<Result<_, _>>()?;
            // They are in the answer about one import.
            imports
                .iter_mut()
                .filter_map(|import| import.check.as_mut())
                .for_each(|check| check.faults.clear());
            Ok(Json(OfficialImports { imports }))
        })
        .await
}

/// What counts, counts for everybody. What does not count yet is shown to those who reach its region.
fn is_shown(caller: &Caller, import: &OfficialImport) -> bool {
    import.state == OfficialState::Stored || reaches(caller, import)
}

/// An import of the whole election is within reach of those whose region is the whole election.
fn reaches(caller: &Caller, import: &OfficialImport) -> bool {
    match &import.region {
        Some(region) => caller.0.reaches(region),
        None => caller.0.region.is_none(),
    }
}

/// An import that the user may work on.
fn own(endpoint: &Endpoint, caller: &Caller, id: ImportId) -> Result<OfficialImport, Refusal> {
    let import = endpoint.store().official_import(id)?.ok_or_else(not_found)?;
    if reaches(caller, &import) {
        return Ok(import);
    }
    Err(Problem::new(ProblemCode::Forbidden, "this is outside of the user's region").into())
}

#[derive(Deserialize)]
pub(crate) struct LookQuery {
    sheet: Option<u32>,
    header_row: Option<u32>,
    layout: Option<OfficialLayout>,
    /// Whether only the state is asked for, as while it is being stored.
    #[serde(default)]
    brief: bool,
}

pub(crate) async fn import(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId<ImportId>,
    QueryParams(query): QueryParams<LookQuery>,
) -> Result<Json<OfficialImportView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let import = own(endpoint, &caller, id)?;
            if query.brief {
                return endpoint.official_import_view(&import).map(Json);
            }
            let chosen = query.layout.map(|layout| OfficialImportRequest {
                layout,
                sheet: query.sheet.unwrap_or(0),
                header_row: query.header_row.unwrap_or(0),
                ..OfficialImportRequest::default()
            });
            endpoint.official_import_with_file(&import, chosen).map(Json)
        })
        .await
}

/// Begins to check a file. The work goes on behind the answer, and `GET` tells how far it is.
pub(crate) async fn check(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId<ImportId>,
    JsonBody(request): JsonBody<OfficialImportRequest>,
) -> Result<(StatusCode, Json<OfficialImportView>), Refusal> {
    let actor = Actor::User(caller.0.name.clone());
    let begin = {
        let actor = actor.clone();
        move |endpoint: &Endpoint| {
            endpoint.begin_official_check(&own(endpoint, &caller, id)?, &request, &actor)?;
            view_of(endpoint, id)
        }
    };
    let view = endpoint.blocking(begin).await?;
    work_behind(&endpoint, move |endpoint| endpoint.check_official(id, &actor));
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// Begins to store a checked file, in the same way.
pub(crate) async fn store(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId<ImportId>,
) -> Result<(StatusCode, Json<OfficialImportView>), Refusal> {
    let actor = Actor::User(caller.0.name.clone());
    let begin = move |endpoint: &Endpoint| {
        let version = endpoint.begin_official_store(&own(endpoint, &caller, id)?)?;
        Ok((version, view_of(endpoint, id)?))
    };
    let (version, view) = endpoint.blocking(begin).await?;
    work_behind(&endpoint, move |endpoint| endpoint.store_official(id, version, &actor));
    Ok((StatusCode::ACCEPTED, Json(view)))
}

pub(crate) async fn discard(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId<ImportId>,
) -> Result<Json<OfficialImportView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let import = own(endpoint, &caller, id)?;
            endpoint.discard_official(&import, &Actor::User(caller.0.name))?;
            view_of(endpoint, id).map(Json)
        })
        .await
}

fn view_of(endpoint: &Endpoint, id: ImportId) -> Result<OfficialImportView, Refusal> {
    let import = endpoint.store().official_import(id)?.ok_or_else(not_found)?;
    endpoint.official_import_view(&import)
}

/// Pause before work whose lane is full is offered again.
const LANE_FULL_PAUSE: Duration = Duration::from_secs(1);

/// Runs long work after the answer, when its lane has room. What fails is in the log and in the import's
/// state.
fn work_behind(
    endpoint: &Endpoint,
    work: impl Fn(&Endpoint) -> Result<(), Refusal> + Clone + Send + 'static,
) {
    let endpoint = endpoint.clone();
    tokio::spawn(async move {
        while let Err(refusal) = endpoint.blocking_in(LaneName::Pixels, work.clone()).await {
            if refusal.problem.code != ProblemCode::Busy {
                tracing::error!(problem = ?refusal.problem, "cannot import official results");
                return;
            }
            tokio::time::sleep(LANE_FULL_PAUSE).await;
        }
    });
}

#[derive(Deserialize)]
pub(crate) struct ChangesQuery {
    region: Option<RegionCode>,
    #[serde(default)]
    after: String,
}

pub(crate) async fn changes(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId<ImportId>,
    QueryParams(query): QueryParams<ChangesQuery>,
) -> Result<Json<OfficialChanges>, Refusal> {
    let region = region_within(&caller, query.region)?;
    endpoint
        .blocking(move |endpoint| {
            let import = endpoint.store().official_import(id)?;
            let import = import.filter(|import| is_shown(&caller, import)).ok_or_else(not_found)?;
            endpoint.official_changes_view(&import, region.as_ref(), &query.after).map(Json)
        })
        .await
}

#[derive(Deserialize)]
pub(crate) struct DifferencesQuery {
    contest: ContestId,
    region: Option<RegionCode>,
    shape: Option<Shape>,
    choice: Option<Choice>,
    #[serde(default)]
    least: u64,
    as_of: Option<i64>,
    after: Option<DifferenceCursor>,
    /// Of an export.
    #[serde(default)]
    format: TableFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TableFormat {
    #[default]
    Csv,
    Xlsx,
}

impl DifferencesQuery {
    fn filter(&self) -> DifferenceFilter {
        let Self { shape, choice, least, as_of, .. } = *self;
        DifferenceFilter { shape, choice, least, as_of, after: self.after.clone() }
    }
}

pub(crate) async fn differences(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<DifferencesQuery>,
) -> Result<Json<DifferencesView>, Refusal> {
    let region = region_within(&caller, query.region.clone())?;
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &query.contest)?;
            differences_view(endpoint, contest, region.as_ref(), &query.filter()).map(Json)
        })
        .await
}

pub(crate) async fn export(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<DifferencesQuery>,
) -> Result<Response, Refusal> {
    let region = region_within(&caller, query.region.clone())?;
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &query.contest)?;
            let table = differences_table(endpoint, contest, region.as_ref(), &query.filter())?;
            let file = written(&table.0, &table.1, query.format);
            let file = file.map_err(|error| Refusal::internal("writing a table", &error))?;
            let place = region.as_ref().map_or("all", RegionCode::as_str);
            let subject = format!("{} {place}", contest.id);
            endpoint.record_event("official.export", &subject, &Actor::User(caller.0.name))?;
            let (kind, end) = match query.format {
                TableFormat::Csv => ("text/csv; charset=utf-8", "csv"),
                TableFormat::Xlsx => {
                    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
                }
            };
            let name = format!("attachment; filename=\"selisih-{}-{place}.{end}\"", contest.id);
            let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
            Ok((headers, file).into_response())
        })
        .await
}

fn written(
    header: &[String],
    rows: &[Vec<spreadsheet::Cell>],
    format: TableFormat,
) -> Result<Vec<u8>, WriteError> {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    match format {
        TableFormat::Csv => {
            let mut csv = CsvWriter::new(Vec::new(), &header)?;
            rows.iter().try_for_each(|row| csv.row(row))?;
            csv.finish()
        }
        TableFormat::Xlsx => {
            let mut xlsx = XlsxWriter::new("selisih", &header)?;
            rows.iter().try_for_each(|row| xlsx.row(row))?;
            xlsx.finish()
        }
    }
}
