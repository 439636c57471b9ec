//! `GET /api/exports/results`: the result of each station as a table or as a report.

use std::io::{BufWriter, Seek as _};

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use protocol::{Problem, ProblemCode};
use serde::Deserialize;
use tally::{Contest, ContestId, ContestKind, RegionCode};
use tokio_util::io::ReaderStream;

use super::contest;
use crate::endpoint::Endpoint;
use crate::exports::{Scope, write_csv, write_report, write_xlsx};
use crate::http::extract::QueryParams;
use crate::http::guard::{Caller, region_within};
use crate::http::streamed::{Pieces, streamed};
use crate::refusal::Refusal;
use crate::store::Actor;

/// Number of stations in an export, so that a reader sees how far it is.
const ROWS: HeaderName = HeaderName::from_static("saksi-rows");

#[derive(Clone, Deserialize)]
pub(crate) struct ResultsQuery {
    pub(crate) contest: Option<ContestId>,
    pub(crate) kind: Option<ContestKind>,
    pub(crate) region: Option<RegionCode>,
    #[serde(default)]
    pub(crate) format: ResultsFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResultsFormat {
    #[default]
    Csv,
    Xlsx,
    /// NIST SP 1500-100 version 2.
    Nist,
}

impl ResultsFormat {
    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Nist => "application/json",
        }
    }

    fn end(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Nist => "json",
        }
    }
}

impl ResultsQuery {
    /// One contest, or all of a kind.
    fn contests<'a>(&self, endpoint: &'a Endpoint) -> Result<Vec<&'a Contest>, Refusal> {
        match (&self.contest, self.kind) {
            (Some(id), None) => Ok(vec![contest(endpoint, id)?]),
            (None, Some(kind)) => {
                let contests = endpoint.election().contests.iter();
                let of_kind: Vec<&Contest> = contests.filter(|contest| contest.kind == kind).collect();
                match of_kind[..] {
                    [] => Err(malformed("the election has no contest of this kind")),
                    _ => Ok(of_kind),
                }
            }
            _ => Err(malformed("name a contest or a kind")),
        }
    }

    fn scope<'a>(&self, endpoint: &'a Endpoint, region: Option<RegionCode>) -> Result<Scope<'a>, Refusal> {
        let contests = self.contests(endpoint)?;
        if self.format == ResultsFormat::Nist && contests.len() > 1 {
            return Err(malformed("a report is about one contest"));
        }
        Ok(Scope { contests, region })
    }

    /// The name of the file, for instance `hasil-ppwp-52.71.csv`.
    fn file_name(&self, region: Option<&RegionCode>) -> String {
        let of = self.contest.as_ref().map(ContestId::to_string);
        let of = of.or_else(|| self.kind.map(|kind| kind.word().to_owned())).unwrap_or_default();
        let place = region.map_or("semua", RegionCode::as_str);
        format!("hasil-{of}-{place}.{}", self.format.end())
    }
}

fn malformed(detail: &str) -> Refusal {
    Problem::new(ProblemCode::RequestMalformed, detail).into()
}

pub(crate) async fn results(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<ResultsQuery>,
) -> Result<Response, Refusal> {
    let region = region_within(&caller, query.region.clone())?;
    answer(&endpoint, query, region, Actor::User(caller.0.name)).await
}

/// Answers an export, and writes into the audit who took it.
pub(crate) async fn answer(
    endpoint: &Endpoint,
    query: ResultsQuery,
    region: Option<RegionCode>,
    actor: Actor,
) -> Result<Response, Refusal> {
    let name = query.file_name(region.as_ref());
    let rows = {
        let (query, region, subject) = (query.clone(), region.clone(), name.clone());
        let begin = move |endpoint: &Endpoint| {
            let rows = query.scope(endpoint, region)?.len(endpoint);
            endpoint.record_event("results.export", &subject, &actor)?;
            Ok(rows)
        };
        endpoint.blocking(begin).await?
    };
    let format = query.format;
    let body = match format {
        ResultsFormat::Xlsx => workbook(endpoint, query, region).await?,
        ResultsFormat::Csv | ResultsFormat::Nist => {
            let write = move |endpoint: &Endpoint, out: &mut Pieces| {
                let scope = query.scope(endpoint, region)?;
                match (format, &scope.contests[..]) {
                    (ResultsFormat::Nist, [contest]) => {
                        write_report(endpoint, contest, scope.region.as_ref(), out)
                    }
                    _ => write_csv(endpoint, &scope, out),
                }
            };
            streamed(endpoint, write).await?
        }
    };
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (ROWS, rows.to_string()),
    ];
    Ok((headers, body).into_response())
}

/// A workbook is an archive whose table of contents comes last, so it is complete before it is sent.
async fn workbook(
    endpoint: &Endpoint,
    query: ResultsQuery,
    region: Option<RegionCode>,
) -> Result<Body, Refusal> {
    let failed = |error: std::io::Error| Refusal::internal("writing a temporary file", &error);
    let write = move |endpoint: &Endpoint| {
        let mut file = tempfile::tempfile().map_err(failed)?;
        write_xlsx(endpoint, &query.scope(endpoint, region)?, BufWriter::new(&file))?;
        file.rewind().map_err(failed)?;
        Ok(file)
    };
    let file = endpoint.blocking(write).await?;
    Ok(Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file))))
}
