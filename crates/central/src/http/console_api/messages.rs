//! Messages to witnesses: `GET` and `POST /api/messages`, and below `/api/messages/{message}` `…/readers`
//! and `…/withdraw`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use tally::RegionCode;

use super::{WitnessPlace, witness_cursor, witness_place};
use crate::endpoint::Endpoint;
use crate::http::extract::{JsonBody, PathId, QueryParams};
use crate::http::guard::{Caller, not_found, outside_region};
use crate::model::person::MessageId;
use crate::refusal::Refusal;
use crate::review::messages::may_see;
use crate::store::{DevicePost, ReaderFilter, StationRange, StoredMessage, User};
use crate::view::{MessageList, MessageView, NewMessageRequest, ReaderList, ReaderView};

/// Maximum number of messages on a page.
const PAGE_MAX: usize = 50;
/// Maximum number of readers on a page.
const READERS_MAX: usize = 200;

#[derive(Deserialize)]
pub(crate) struct MessagesQuery {
    before: Option<i64>,
}

pub(crate) async fn messages(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    QueryParams(query): QueryParams<MessagesQuery>,
) -> Result<Json<MessageList>, Refusal> {
    endpoint.blocking(move |endpoint| page(endpoint, &user, query.before).map(Json)).await
}

fn page(endpoint: &Endpoint, user: &User, before: Option<i64>) -> Result<MessageList, Refusal> {
    let mut messages = endpoint.store().messages(user.region.as_ref(), before, PAGE_MAX + 1)?;
    let more = messages.len() > PAGE_MAX;
    messages.truncate(PAGE_MAX);
    let next = messages.last().filter(|_| more).map(|message| message.number);
    // Many messages are for the same region, whose devices are counted once.
    let mut devices: BTreeMap<Option<RegionCode>, u64> = BTreeMap::new();
    let mut views = Vec::with_capacity(messages.len());
    for message in messages {
        let count = match devices.get(&message.region) {
            Some(count) => *count,
            None => {
                let stations = StationRange::of_region(message.region.as_ref());
                let count = endpoint.store().devices_at(&stations)?;
                devices.insert(message.region.clone(), count);
                count
            }
        };
        views.push(endpoint.counted_view(message, count, user));
    }
    Ok(MessageList { messages: views, next })
}

pub(crate) async fn send(
    State(endpoint): State<Endpoint>,
    Extension(caller): Extension<Caller>,
    JsonBody(NewMessageRequest { region, text }): JsonBody<NewMessageRequest>,
) -> Result<(StatusCode, Json<MessageView>), Refusal> {
    match &region {
        Some(region) => caller.must_reach(region)?,
        None if caller.0.region.is_some() => return Err(outside_region()),
        None => {}
    }
    endpoint
        .blocking(move |endpoint| {
            let sent = endpoint.send_message(region.as_ref(), &text, &caller.0)?;
            Ok((StatusCode::CREATED, Json(sent)))
        })
        .await
}

/// A message whose witnesses are not all in the user's region does not exist for the user.
pub(crate) async fn withdraw(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(message): PathId<MessageId>,
) -> Result<Json<MessageView>, Refusal> {
    endpoint.blocking(move |endpoint| endpoint.withdraw_message(message, &user).map(Json)).await
}

#[derive(Deserialize)]
pub(crate) struct ReadersQuery {
    unread: Option<bool>,
    after: Option<String>,
}

/// The witnesses of a message who are in the user's region.
pub(crate) async fn readers(
    State(endpoint): State<Endpoint>,
    Extension(Caller(user)): Extension<Caller>,
    PathId(message): PathId<MessageId>,
    QueryParams(query): QueryParams<ReadersQuery>,
) -> Result<Json<ReaderList>, Refusal> {
    let after = query.after.as_deref().map(witness_place).transpose()?;
    endpoint
        .blocking(move |endpoint| {
            let found = endpoint.store().message(message)?.filter(|message| may_see(message, &user));
            let message = found.ok_or_else(not_found)?;
            let is_read = query.unread.map(|unread| !unread);
            reader_page(endpoint, &message, &user, is_read, after).map(Json)
        })
        .await
}

fn reader_page(
    endpoint: &Endpoint,
    message: &StoredMessage,
    user: &User,
    is_read: Option<bool>,
    after: Option<WitnessPlace>,
) -> Result<ReaderList, Refusal> {
    let stations = StationRange::of_region(narrower(message.region.as_ref(), user.region.as_ref()));
    let filter = ReaderFilter { stations, is_read, after };
    let mut readers = endpoint.store().readers(message.number, &filter, READERS_MAX + 1)?;
    let more = readers.len() > READERS_MAX;
    readers.truncate(READERS_MAX);
    let next = readers.last().filter(|_| more).map(|last| witness_cursor(&last.station, last.device));
    let posts: Vec<DevicePost> = readers
        .iter()
        .map(|reader| DevicePost { device: reader.device, station: reader.station.clone() })
        .collect();
    let contacts = endpoint.contacts_of_devices(user, &posts)?;
    let view = |(reader, contact): (crate::store::Reader, _)| ReaderView {
        station: reader.station,
        device: reader.device.to_string(),
        read_at_ms: reader.read_at_ms,
        contact,
    };
    Ok(ReaderList { readers: readers.into_iter().zip(contacts).map(view).collect(), next })
}

/// The smaller one of two regions of which one contains the other.
fn narrower<'a>(one: Option<&'a RegionCode>, other: Option<&'a RegionCode>) -> Option<&'a RegionCode> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one.contains(other) { other } else { one }),
        (one, other) => one.or(other),
    }
}
