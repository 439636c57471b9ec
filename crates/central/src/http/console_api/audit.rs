//! The audit: `GET /api/audit`, and the same rows as a file, `GET /api/audit/export`.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode, limit};
use serde::Deserialize;
use spreadsheet::{Cell, CsvWriter, WriteError};
use tally::RegionCode;

use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::http::guard::Caller;
use crate::refusal::Refusal;
use crate::store::{Actor, AuditEntry, AuditFilter, StatedAudit};
use crate::view::{AuditRow, AuditView, LoggedAuditHead};

/// Maximum number of rows on a page.
const PAGE_MAX: usize = 200;
/// Maximum number of rows of a file. The filter makes several of a larger audit.
const EXPORT_MAX: usize = 20_000;
/// Maximum number of kinds, and of people, that the filter names.
const WORDS_MAX: usize = 500;

#[derive(Deserialize)]
pub(crate) struct AuditQuery {
    before: Option<i64>,
    #[serde(default)]
    search: String,
    actor: Option<String>,
    action: Option<String>,
    region: Option<RegionCode>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
}

impl AuditQuery {
    fn filter(self) -> Result<AuditFilter, Refusal> {
        let texts = [Some(&self.search), self.actor.as_ref(), self.action.as_ref()];
        if texts.into_iter().flatten().any(|text| text.chars().count() > limit::SEARCH_CHARS) {
            let detail = format!("a search text has at most {} characters", limit::SEARCH_CHARS);
            return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
        }
        Ok(AuditFilter {
            before: self.before,
            text: self.search.trim().to_owned(),
            actor: self.actor,
            action: self.action,
            region: self.region,
            from_ms: self.from_ms,
            until_ms: self.until_ms,
        })
    }
}

pub(crate) async fn audit(
    State(endpoint): State<Endpoint>,
    QueryParams(query): QueryParams<AuditQuery>,
) -> Result<Json<AuditView>, Refusal> {
    let filter = query.filter()?;
    endpoint
        .blocking(move |endpoint| {
            let store = endpoint.store();
            let mut rows = store.audit_page(&filter, PAGE_MAX + 1)?;
            let more = rows.len() > PAGE_MAX;
            rows.truncate(PAGE_MAX);
            let words = store.audit_words(WORDS_MAX)?;
            Ok(Json(AuditView {
                next: rows.last().filter(|_| more).map(|row| row.number),
                rows: rows.into_iter().map(audit_row).collect(),
                head: store.audit_head()?.map(|hash| hash.to_string()),
                logged: store.newest_stated_audit()?.map(logged),
                actions: words.actions,
                actors: words.actors,
            }))
        })
        .await
}

/// The rows as CSV, without the page's limit. Who took them is in the audit too.
pub(crate) async fn export(
    State(endpoint): State<Endpoint>,
    Extension(Caller(admin)): Extension<Caller>,
    QueryParams(query): QueryParams<AuditQuery>,
) -> Result<Response, Refusal> {
    let filter = query.filter()?;
    endpoint
        .blocking(move |endpoint| {
            let rows = endpoint.store().audit_page(&filter, EXPORT_MAX)?;
            let file = csv(&rows).map_err(|error| Refusal::internal("writing the audit", &error))?;
            let subject = format!("{} rows", rows.len());
            endpoint.record_event("audit.export", &subject, &Actor::User(admin.name))?;
            Ok(download(file))
        })
        .await
}

fn csv(rows: &[AuditEntry]) -> Result<Vec<u8>, WriteError> {
    let mut file = CsvWriter::new(Vec::new(), &["number", "at_ms", "actor", "action", "subject", "hash"])?;
    for row in rows {
        let texts = [
            row.number.to_string(),
            row.at_ms.to_string(),
            row.actor.clone(),
            row.action.clone(),
            row.subject.clone(),
            row.hash.to_string(),
        ];
        file.row(&texts.map(Cell::Text))?;
    }
    file.finish()
}

fn download(file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"saksi-audit.csv\""),
    ];
    (headers, file).into_response()
}

fn audit_row(entry: AuditEntry) -> AuditRow {
    let AuditEntry { number, at_ms, actor, action, subject, hash: _ } = entry;
    AuditRow { number, at_ms, actor, action, subject }
}

fn logged(stated: StatedAudit) -> LoggedAuditHead {
    LoggedAuditHead {
        statement: stated.statement.to_string(),
        rows: stated.state.rows,
        head: stated.state.head.to_string(),
        at_ms: stated.at_ms,
        log_index: stated.log_index,
    }
}
