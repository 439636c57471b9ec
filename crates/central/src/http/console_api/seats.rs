//! `GET /api/seats`.

use axum::extract::State;
use axum::{Extension, Json};

use super::{ContestQuery, contest};
use crate::console::seats_page::seats_view;
use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::http::guard::Caller;
use crate::refusal::Refusal;
use crate::view::SeatsView;

/// For users whose region contains the whole district: the sums are of all of it.
pub(crate) async fn seats(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<ContestQuery>,
) -> Result<Json<SeatsView>, Refusal> {
    endpoint
        .blocking(move |endpoint| {
            let contest = contest(endpoint, &query.contest)?;
            let everywhere = endpoint.package().children(None);
            let district = if contest.district.is_empty() { everywhere } else { &contest.district };
            district.iter().try_for_each(|part| caller.must_reach(part))?;
            seats_view(endpoint, contest).map(Json)
        })
        .await
}
