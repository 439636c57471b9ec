//! What devices are told: by coordinators, to nobody but the device itself.

use axum::http::StatusCode;
use central::view::{Role, StationView};
use protocol::{CBOR, InboxBody, InboxRequest, InboxResponse, ProblemCode, inbox_proof_message, path};
use serde_bytes::ByteBuf;

use crate::post::{Phone, Post, picture, sound_tally};

async fn fetch(post: &Post, phone: &Phone, after: u64) -> Vec<(u64, InboxBody)> {
    let device = phone.key.public().device_id();
    let proof = ByteBuf::from(phone.key.sign_message(&inbox_proof_message(device, after)));
    let answer = post
        .post_bytes(path::INBOX, CBOR, protocol::to_cbor(&InboxRequest { device, after, proof }).unwrap())
        .await;
    let response: InboxResponse = protocol::from_cbor(&answer.body).unwrap();
    response.items.into_iter().map(|item| (item.cursor, item.body)).collect()
}

#[tokio::test]
async fn a_coordinator_asks_for_another_photo_and_sees_when_it_has_come() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let first = phone.photo(&station, tally.id, 2, &picture(1, 20));
    post.push(&[&tally.bytes, &first.bytes]).await;
    let cookie = post.user("koordinator", Role::Coordinator, Some("52")).await;
    let address = format!("/api/stations/{station}/photo-requests");
    let ask = |page: u8, reason: &str| serde_json::json!({ "tally": tally.id.to_string(), "page": page, "reason": reason });
    assert_eq!(post.post_json(&address, &cookie, ask(2, "buram")).await.status, StatusCode::CREATED);
    for (page, reason) in [(2, ""), (2, &"a".repeat(201)[..])] {
        let refused = post.post_json(&address, &cookie, ask(page, reason)).await;
        assert_eq!(refused.code(), ProblemCode::RequestMalformed);
    }
    assert_eq!(post.post_json(&address, &cookie, ask(9, "no such page")).await.status, StatusCode::NOT_FOUND);

    let told = fetch(&post, &phone, 0).await;
    let expected = InboxBody::photo_request(tally.id, 2, "buram".to_owned());
    assert_eq!(told.iter().map(|(_, body)| body.clone()).collect::<Vec<_>>(), [expected]);
    assert!(fetch(&post, &phone, told[0].0).await.is_empty());

    let page = || async {
        post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json::<StationView>()
    };
    let asked = page().await.photo_requests;
    assert_eq!((asked.len(), asked[0].page, asked[0].answered), (1, 2, false));
    post.clock.advance(60_000);
    let second = phone.photo(&station, tally.id, 2, &picture(2, 20));
    post.push(&[&second.bytes]).await;
    assert!(page().await.photo_requests[0].answered);
    let audit = post.endpoint.store().audit().unwrap();
    assert!(audit.iter().any(|entry| entry.action == "photo.ask" && entry.actor == "user:koordinator"));
}

#[tokio::test]
async fn an_inbox_opens_to_nobody_but_its_device() {
    let post = Post::new();
    let station = post.station(0);
    let phone = post.phone_at(1, &station).await;
    let stranger = Phone::new(2);
    let device = phone.key.public().device_id();
    let forged = ByteBuf::from(stranger.key.sign_message(&inbox_proof_message(device, 0)));
    let ask = |device, after, proof| protocol::to_cbor(&InboxRequest { device, after, proof }).unwrap();
    let answer = post.post_bytes(path::INBOX, CBOR, ask(device, 0, forged)).await;
    assert_eq!(answer.code(), ProblemCode::SignatureInvalid);
    // A proof for one cursor opens no other.
    let other = ByteBuf::from(phone.key.sign_message(&inbox_proof_message(device, 7)));
    let answer = post.post_bytes(path::INBOX, CBOR, ask(device, 0, other)).await;
    assert_eq!(answer.code(), ProblemCode::SignatureInvalid);
    let unknown = stranger.key.public().device_id();
    let own = ByteBuf::from(stranger.key.sign_message(&inbox_proof_message(unknown, 0)));
    let answer = post.post_bytes(path::INBOX, CBOR, ask(unknown, 0, own)).await;
    assert_eq!(answer.code(), ProblemCode::DeviceUnknown);
}
