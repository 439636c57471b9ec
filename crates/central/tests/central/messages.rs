//! Messages of coordinators: to whom they go, who opened them, and who may send and withdraw them.

use axum::http::StatusCode;
use central::store::{Actor, AuditContext, NewMessage, SendingRate};
use central::view::{MessageId, MessageList, MessageView, ReaderList, Role};
use protocol::{CBOR, InboxBody, InboxRequest, InboxResponse, ProblemCode, inbox_proof_message, path};
use serde_bytes::ByteBuf;
use serde_json::json;
use tally::StationId;

use crate::post::{Phone, Post};

/// Reads the inbox of the phone that enrolled last, and reports messages as opened in the name of `of`.
async fn inbox(post: &Post, of: &Phone, read: Vec<String>) -> Vec<InboxBody> {
    let device = of.key.public().device_id();
    let proof = ByteBuf::from(of.key.sign_message(&inbox_proof_message(device, 0)));
    let request = InboxRequest { device, after: 0, proof, enrolment: None, read };
    let answer = post.post_bytes(path::INBOX, CBOR, protocol::to_cbor(&request).unwrap()).await;
    let response: InboxResponse = protocol::from_cbor(&answer.body).unwrap();
    response.items.into_iter().map(|item| item.body).collect()
}

/// Two stations of different desas.
fn two_stations(post: &Post) -> [StationId; 2] {
    let first = post.station(0);
    let other = post.endpoint.election().stations().find(|station| station.desa() != first.desa());
    [first, other.unwrap()]
}

/// A message to the whole election.
pub(crate) fn sent_by_the_operator(post: &Post) -> String {
    let (id, now_ms) = (MessageId::new(&post.clock.environment()).unwrap(), 0);
    let message = NewMessage { id, region: None, text: "Rapat.", sender: "pusat" };
    let audit = AuditContext { actor: &Actor::Operator, now_ms };
    let rate = SendingRate { most: 1, since_ms: 0 };
    assert!(post.endpoint.store().send_message(message, rate, audit).unwrap());
    id.to_string()
}

fn texts(items: &[InboxBody]) -> Vec<String> {
    let text = |item: &'_ InboxBody| match item {
        InboxBody::Message { text, .. } => Some(text.clone()),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}

#[tokio::test]
async fn a_message_reaches_the_witnesses_of_its_region_also_those_who_join_later_and_nobody_else() {
    let post = Post::new();
    let [here, there] = two_stations(&post);
    let admin = post.user("admin", Role::Admin, None).await;
    let send = async |region: Option<&str>, text: &str| {
        let body = json!({ "region": region, "text": text });
        let answer = post.post_json("/api/messages", &admin, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
        answer.json::<MessageView>()
    };
    let phone = post.phone_at(1, &here).await;
    let of_desa = send(Some(here.desa().as_str()), "  Rapat pukul 12.  ").await;
    assert_eq!((of_desa.devices, of_desa.read, of_desa.by.as_str()), (1, 0, "admin"));
    send(None, "Untuk semua.").await;
    send(Some(there.desa().as_str()), "Hanya di sana.").await;
    assert_eq!(texts(&inbox(&post, &phone, Vec::new()).await), ["Rapat pukul 12.", "Untuk semua."]);
    let later = post.phone_at(2, &there).await;
    assert_eq!(texts(&inbox(&post, &later, Vec::new()).await), ["Untuk semua.", "Hanya di sana."]);

    let path = format!("/api/messages/{}/withdraw", of_desa.message);
    let withdrawn: MessageView = post.post_json(&path, &admin, json!({})).await.json();
    assert!(withdrawn.withdrawn_at_ms.is_some() && !withdrawn.may_withdraw);
    post.post_json(&path, &admin, json!({})).await;
    let items = inbox(&post, &phone, Vec::new()).await;
    let ends = items.iter().filter(|item| matches!(item, InboxBody::MessageWithdrawn { .. })).count();
    assert_eq!(ends, 1, "withdrawing twice is one item");
    let audit = post.endpoint.store().audit().unwrap();
    let sent = audit.iter().find(|row| row.action == "message.send").unwrap();
    assert!(sent.subject.starts_with(here.desa().as_str()) && !sent.subject.contains("Rapat"));
}

#[tokio::test]
async fn a_witness_who_opened_a_message_is_counted_once_and_nobody_opens_it_for_another() {
    let post = Post::new();
    let [here, there] = two_stations(&post);
    let admin = post.user("admin", Role::Admin, None).await;
    let stranger = post.phone_at(3, &there).await;
    let phone = post.phone_at(1, &here).await;
    let body = json!({ "region": here.desa().as_str(), "text": "Rapat pukul 12." });
    let message: MessageView = post.post_json("/api/messages", &admin, body).await.json();
    // The request is proven by the phone that enrolled last, so this one speaks in another's name.
    inbox(&post, &stranger, vec![message.message.clone()]).await;
    let read = async || {
        let list: MessageList = post.get("/api/messages", &admin).await.json();
        list.messages[0].read
    };
    assert_eq!(read().await, 0);
    for _ in 0..2 {
        inbox(&post, &phone, vec![message.message.clone(), "no uuid".to_owned()]).await;
    }
    assert_eq!(read().await, 1);

    let path = |query: &str| format!("/api/messages/{}/readers{query}", message.message);
    let readers: ReaderList = post.get(&path(""), &admin).await.json();
    assert_eq!(readers.readers.len(), 1, "the stranger is in another desa");
    assert_eq!(readers.readers[0].station, here);
    assert!(readers.readers[0].read_at_ms.is_some());
    let unread: ReaderList = post.get(&path("?unread=true"), &admin).await.json();
    assert!(unread.readers.is_empty());

    let too_many = vec![message.message.clone(); protocol::limit::MESSAGES_READ + 1];
    let device = phone.key.public().device_id();
    let proof = ByteBuf::from(phone.key.sign_message(&inbox_proof_message(device, 0)));
    let request = InboxRequest { device, after: 0, proof, enrolment: None, read: too_many };
    let answer = post.post_bytes(path::INBOX, CBOR, protocol::to_cbor(&request).unwrap()).await;
    assert_eq!(answer.code(), ProblemCode::BatchTooLong);
}

#[tokio::test]
async fn a_coordinator_writes_to_their_own_region_only_and_sees_what_concerns_it() {
    let post = Post::new();
    let [here, there] = two_stations(&post);
    let admin = post.user("admin", Role::Admin, None).await;
    let own = post.user("desa", Role::Coordinator, Some(here.desa().as_str())).await;
    let neighbour = post.user("sebelah", Role::Coordinator, Some(there.desa().as_str())).await;
    let trainer = post.user("pelatih", Role::Trainer, None).await;
    let send = async |cookie: &str, region: Option<&str>, text: &str| {
        post.post_json("/api/messages", cookie, json!({ "region": region, "text": text })).await
    };
    let desa = Some(here.desa().as_str());
    let message: MessageView = send(&own, desa, "Dari desa.").await.json();
    send(&admin, None, "Dari pusat.").await;
    for (cookie, region) in [(&own, None), (&own, Some("52")), (&neighbour, desa), (&trainer, desa)] {
        assert_eq!(send(cookie, region, "?").await.code(), ProblemCode::Forbidden, "{region:?}");
    }
    let long = "x".repeat(protocol::limit::MESSAGE_CHARS + 1);
    for text in ["", "  \n ", &long] {
        assert_eq!(send(&own, desa, text).await.code(), ProblemCode::MessageRefused);
    }
    assert_eq!(send(&admin, Some("99.99"), "?").await.code(), ProblemCode::MessageRefused);

    let seen = async |cookie: &str| {
        let list: MessageList = post.get("/api/messages", cookie).await.json();
        list.messages.into_iter().map(|message| (message.text, message.may_withdraw)).collect::<Vec<_>>()
    };
    assert_eq!(seen(&own).await, [("Dari pusat.".to_owned(), false), ("Dari desa.".to_owned(), true)]);
    assert_eq!(seen(&neighbour).await, [("Dari pusat.".to_owned(), false)]);
    assert!(seen(&trainer).await.iter().all(|(_, may_withdraw)| !may_withdraw));
    let path = format!("/api/messages/{}/withdraw", message.message);
    assert_eq!(post.post_json(&path, &neighbour, json!({})).await.code(), ProblemCode::NotFound);
    let path = format!("/api/messages/{}/readers", message.message);
    assert_eq!(post.get(&path, &neighbour).await.code(), ProblemCode::NotFound);
}

#[tokio::test]
async fn one_user_cannot_flood_the_phones_with_messages() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let send = async || post.post_json("/api/messages", &admin, json!({ "region": null, "text": "x" })).await;
    for _ in 0..30 {
        assert_eq!(send().await.status, StatusCode::CREATED);
        post.clock.advance(1_000);
    }
    assert_eq!(send().await.code(), ProblemCode::MessageRefused);
    post.clock.advance(60 * 60 * 1_000);
    assert_eq!(send().await.status, StatusCode::CREATED);
    let list: MessageList = post.get("/api/messages", &admin).await.json();
    assert_eq!((list.messages.len(), list.next), (31, None));
}
