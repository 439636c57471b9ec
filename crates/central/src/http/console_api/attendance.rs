//! Who is at the stations, and who is silent: `GET /api/attendance`.

use axum::extract::State;
use axum::{Extension, Json};
use serde::Deserialize;
use tally::RegionCode;

use super::{witness_cursor, witness_place};
use crate::console::attendance::{AttendanceQuestion, attendance_list};
use crate::endpoint::Endpoint;
use crate::http::extract::QueryParams;
use crate::http::guard::{Caller, region_within};
use crate::model::presence::Presence;
use crate::refusal::Refusal;
use crate::view::AttendanceList;

#[derive(Deserialize)]
pub(crate) struct AttendanceQuery {
    region: Option<RegionCode>,
    presence: Option<Presence>,
    #[serde(default)]
    silent: bool,
    after: Option<String>,
}

pub(crate) async fn attendance(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(query): QueryParams<AttendanceQuery>,
) -> Result<Json<AttendanceList>, Refusal> {
    let question = AttendanceQuestion {
        region: region_within(&caller, query.region)?,
        presence: query.presence,
        is_silent: query.silent,
        after: query.after.as_deref().map(witness_place).transpose()?,
    };
    endpoint
        .blocking(move |endpoint| {
            let page = attendance_list(endpoint, &caller.0, question)?;
            let next = page.next.map(|(station, device)| witness_cursor(&station, device));
            Ok(Json(AttendanceList { next, ..page.list }))
        })
        .await
}
