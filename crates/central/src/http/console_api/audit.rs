//! The audit: `GET /api/audit`.

use axum::Json;
use axum::extract::State;
use protocol::{Problem, ProblemCode, limit};
use serde::Deserialize;

use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::refusal::Refusal;
use crate::store::AuditEntry;
use crate::view::{AuditRow, AuditView};

/// Maximum number of rows on a page.
const PAGE_MAX: usize = 200;

#[derive(Deserialize)]
pub(crate) struct AuditQuery {
    before: Option<i64>,
    #[serde(default)]
    search: String,
}

pub(crate) async fn audit(
    State(endpoint): State<Endpoint>,
    QueryParams(query): QueryParams<AuditQuery>,
) -> Result<Json<AuditView>, Refusal> {
    if query.search.chars().count() > limit::SEARCH_CHARS {
        let detail = format!("a search text has at most {} characters", limit::SEARCH_CHARS);
        return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
    }
    endpoint
        .blocking(move |endpoint| {
            let store = endpoint.store();
            let mut rows = store.audit_page(query.before, query.search.trim(), PAGE_MAX + 1)?;
            let more = rows.len() > PAGE_MAX;
            rows.truncate(PAGE_MAX);
            Ok(Json(AuditView {
                next: rows.last().filter(|_| more).map(|row| row.number),
                rows: rows.into_iter().map(audit_row).collect(),
                head: store.audit_head()?.map(|hash| hash.to_string()),
                logged: None,
                actions: Vec::new(),
                actors: Vec::new(),
            }))
        })
        .await
}

fn audit_row(entry: AuditEntry) -> AuditRow {
    let AuditEntry { number, at_ms, actor, action, subject, hash: _ } = entry;
    AuditRow { number, at_ms, actor, action, subject }
}
