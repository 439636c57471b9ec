//! People: `/api/people` and below.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use protocol::{Problem, ProblemCode, limit};
use serde::Deserialize;
use tally::{RegionCode, StationId};

use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::Caller;
use crate::people::editor::{Editor, PeopleError};
use crate::people::persons::{PeopleQuery, people_cursor};
use crate::refusal::Refusal;
use crate::store::PeopleFilter;
use crate::view::{
    AssignRequest, Availability, BulkEditRequest, ChangeId, ChangeView, EraseRequest, MergeRequest,
    OfDevicesRequest, PeoplePage, PeopleSettings, PersonHistory, PersonId, PersonRequest, PersonView,
    Position, SimilarPeople, SimilarRequest, StationPerson,
};

/// What a list or an export of people is to have.
#[derive(Deserialize)]
pub(crate) struct PeopleParams {
    region: Option<RegionCode>,
    #[serde(default)]
    search: String,
    station: Option<StationId>,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    field: String,
    position: Option<Position>,
    availability: Option<Availability>,
    assigned: Option<bool>,
    joined: Option<bool>,
    letter: Option<bool>,
    trained: Option<bool>,
    consent: Option<bool>,
    after: Option<String>,
}

impl PeopleParams {
    /// The query, and where its page begins.
    pub(crate) fn query(self) -> Result<(PeopleQuery, Option<String>), Refusal> {
        if self.search.chars().count() > limit::SEARCH_CHARS {
            let detail = format!("a search text has at most {} characters", limit::SEARCH_CHARS);
            return Err(Problem::new(ProblemCode::RequestMalformed, detail).into());
        }
        let filter = PeopleFilter {
            words: Vec::new(),
            station: self.station,
            organisation: self.organisation,
            field: self.field,
            position: self.position,
            availability: self.availability,
            assigned: self.assigned,
            joined: self.joined,
            letter: self.letter,
            trained: self.trained,
            consent: self.consent,
        };
        Ok((PeopleQuery { region: self.region, filter, search: self.search }, self.after))
    }
}

/// Does something about people in the name of a user.
pub(super) async fn done<T: Send + 'static>(
    endpoint: Endpoint,
    Caller(user): Caller,
    work: impl FnOnce(&Endpoint, &Editor) -> Result<T, PeopleError> + Send + 'static,
) -> Result<Json<T>, Refusal> {
    let editor = Editor::user(user);
    endpoint.blocking(move |endpoint| work(endpoint, &editor).map(Json).map_err(refusal_of)).await
}

pub(crate) async fn people(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    QueryParams(params): QueryParams<PeopleParams>,
) -> Result<Json<PeoplePage>, Refusal> {
    let (query, after) = params.query()?;
    let malformed = || Problem::new(ProblemCode::RequestMalformed, "the place in the list cannot be read");
    let after = after.map(|cursor| people_cursor(&cursor).ok_or_else(malformed)).transpose()?;
    done(endpoint, caller, move |endpoint, editor| endpoint.people_page(editor, &query, after.as_ref())).await
}

pub(crate) async fn add(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<PersonRequest>,
) -> Result<(StatusCode, Json<PersonView>), Refusal> {
    let added = done(endpoint, caller, move |endpoint, editor| endpoint.add_person(editor, &request)).await?;
    Ok((StatusCode::CREATED, added))
}

pub(crate) async fn person(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.person_view(editor, person)).await
}

pub(crate) async fn edit(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
    JsonBody(request): JsonBody<PersonRequest>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.edit_person(editor, person, &request)).await
}

pub(crate) async fn assign(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
    JsonBody(request): JsonBody<AssignRequest>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.assign_person(editor, person, &request)).await
}

pub(crate) async fn history(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
) -> Result<Json<PersonHistory>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.person_history(editor, person)).await
}

/// Everything that is stored about a person, as a file for them.
pub(crate) async fn report(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
) -> Result<Response, Refusal> {
    let report = done(endpoint, caller, move |endpoint, editor| endpoint.person_report(editor, person));
    let name = format!("attachment; filename=\"saksi-person-{person}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, name)], report.await?).into_response())
}

pub(crate) async fn merge(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
    JsonBody(MergeRequest { duplicate }): JsonBody<MergeRequest>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.merge_people(editor, person, duplicate)).await
}

pub(crate) async fn erase(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(person): PathId<PersonId>,
    JsonBody(EraseRequest {}): JsonBody<EraseRequest>,
) -> Result<Json<PersonView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.erase_person(editor, person)).await
}

pub(crate) async fn similar(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<SimilarRequest>,
) -> Result<Json<SimilarPeople>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.similar_people(editor, &request)).await
}

pub(crate) async fn edit_many(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<BulkEditRequest>,
) -> Result<Json<ChangeView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.edit_people(editor, &request)).await
}

pub(crate) async fn undo(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(change): PathId<ChangeId>,
) -> Result<Json<ChangeView>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.undo_people_change(editor, change)).await
}

pub(crate) async fn settings(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<PeopleSettings>, Refusal> {
    done(endpoint, caller, |endpoint, _| endpoint.people_settings()).await
}

pub(crate) async fn set_settings(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<PeopleSettings>,
) -> Result<Json<PeopleSettings>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.set_people_settings(editor, &request)).await
}

pub(crate) async fn at_station(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    PathId(station): PathId<StationId>,
) -> Result<Json<Vec<StationPerson>>, Refusal> {
    done(endpoint, caller, move |endpoint, _| endpoint.people_at(&station)).await
}

pub(crate) async fn of_devices(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(OfDevicesRequest { devices }): JsonBody<OfDevicesRequest>,
) -> Result<Json<Vec<StationPerson>>, Refusal> {
    done(endpoint, caller, move |endpoint, editor| endpoint.people_of_devices(editor, &devices)).await
}

/// The refusal for an error, without personal data.
pub(super) fn refusal_of(error: PeopleError) -> Refusal {
    let code = match &error {
        PeopleError::Unknown => ProblemCode::NotFound,
        PeopleError::OutsideRegion => ProblemCode::Forbidden,
        PeopleError::Unfit(_) => ProblemCode::PersonRefused,
        PeopleError::Duplicate => ProblemCode::PersonDuplicate,
        PeopleError::ChangedSince => ProblemCode::PersonChanged,
        PeopleError::MandateFull => ProblemCode::MandateFull,
        PeopleError::ImportFaulty(_) => ProblemCode::ImportFaulty,
        PeopleError::ImportStateWrong(_) => ProblemCode::ImportStateWrong,
        PeopleError::ImportUnreadable(_) => ProblemCode::ImportUnreadable,
        PeopleError::Invite(_) | PeopleError::Store(_) | PeopleError::Randomness(_) => {
            return internal_of(error);
        }
    };
    Problem::new(code, error.to_string()).into()
}

fn internal_of(error: PeopleError) -> Refusal {
    match error {
        PeopleError::Invite(error) => super::invitations::refusal_of(error),
        PeopleError::Store(error) => error.into(),
        other => Refusal::internal("changing people", &other),
    }
}
