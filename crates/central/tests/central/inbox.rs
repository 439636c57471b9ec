//! The inbox of a device: what coordinators send, for nobody except the device itself.

use axum::http::StatusCode;
use central::store::Actor;
use central::view::{Role, Standing, StationView};
use evidence::{Body, PhotoBody, VerdictDecision};
use protocol::{
    CBOR, ChangedEnrolment, Decision, EnrolmentMark, InboxBody, InboxRequest, InboxResponse, ProblemCode,
    inbox_proof_message, path,
};
use serde_bytes::ByteBuf;

use crate::post::{Phone, Post, demo_subject, hash_of, photo_body, picture, sound_tally};
use crate::reviewer::Reviewer;

async fn fetch(post: &Post, phone: &Phone, after: u64) -> Vec<(u64, InboxBody)> {
    let device = phone.key.public().device_id();
    let proof = ByteBuf::from(phone.key.sign_message(&inbox_proof_message(device, after)));
    let answer = post
        .post_bytes(
            path::INBOX,
            CBOR,
            protocol::to_cbor(&InboxRequest { device, after, proof, enrolment: None, read: Vec::new() })
                .unwrap(),
        )
        .await;
    let response: InboxResponse = protocol::from_cbor(&answer.body).unwrap();
    response.items.into_iter().map(|item| (item.cursor, item.body)).collect()
}

/// What the endpoint says of a phone's enrolment, when it says to have this state of it.
async fn enrolment(post: &Post, phone: &Phone, mark: (u32, u64)) -> Option<ChangedEnrolment> {
    let device = phone.key.public().device_id();
    let proof = ByteBuf::from(phone.key.sign_message(&inbox_proof_message(device, 0)));
    let (election_version, assignments_revision) = mark;
    let mark = EnrolmentMark { election_version, assignments_revision };
    let request = InboxRequest { device, after: 0, proof, enrolment: Some(mark), read: Vec::new() };
    let answer = post.post_bytes(path::INBOX, CBOR, protocol::to_cbor(&request).unwrap()).await;
    protocol::from_cbor::<InboxResponse>(&answer.body).unwrap().enrolment
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

    let items = fetch(&post, &phone, 0).await;
    let expected = InboxBody::photo_request(tally.id, 2, "buram".to_owned());
    assert_eq!(items.iter().map(|(_, body)| body.clone()).collect::<Vec<_>>(), [expected]);
    assert!(fetch(&post, &phone, items[0].0).await.is_empty());

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
    let ask = |device, after, proof| {
        protocol::to_cbor(&InboxRequest { device, after, proof, enrolment: None, read: Vec::new() }).unwrap()
    };
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

#[tokio::test]
async fn a_coordinators_verdict_decides_what_counts_and_reaches_the_phone() {
    let post = Post::new();
    let station = post.station(0);
    let (mut one, mut other) = (post.phone_at(1, &station).await, post.phone_at(2, &station).await);
    let first = one.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let second = other.tally(&station, sound_tally(&post.paper(), [1, 2, 4]));
    post.push(&[&first.bytes, &second.bytes]).await;
    let mut reviewer = Reviewer::new(&post, "koordinator", Some("52")).await;
    let cookie = reviewer.cookie.clone();
    let mut give = async |tally: &evidence::StatementId, decision: VerdictDecision, reason: &str| {
        reviewer.decide(&post, &station, *tally, decision, reason).await
    };
    let page = async || {
        post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json::<StationView>()
    };
    assert_eq!(page().await.standing, Standing::Conflicting);
    assert_eq!(
        give(&first.id, VerdictDecision::Disputed, " ").await.code(),
        ProblemCode::RequestMalformed,
        "a dispute says why"
    );
    assert_eq!(
        give(&first.id, VerdictDecision::Disputed, "C1 berkata lain").await.status,
        StatusCode::CREATED
    );
    assert_eq!(page().await.standing, Standing::Provisional, "the other witness speaks alone");
    assert_eq!(give(&second.id, VerdictDecision::Verified, "").await.status, StatusCode::CREATED);
    let seen = page().await;
    assert_eq!(seen.standing, Standing::Verified);
    let of_first = seen.tallies.iter().find(|tally| tally.statement == first.id.to_string()).unwrap();
    let given = &of_first.verdicts[0];
    assert_eq!((given.decision, &given.reason[..]), (Decision::Disputed, "C1 berkata lain"));
    assert_eq!(given.reviewer, "user:koordinator");
    let region: central::view::RegionView = post.get("/api/regions/52?contest=ppwp", &cookie).await.json();
    assert_eq!((region.coverage.verified, region.votes[2].votes.verified), (1, 4));
    give(&second.id, VerdictDecision::Withdrawn, "salah tombol").await;
    assert_eq!(page().await.standing, Standing::Provisional);

    let items = fetch(&post, &one, 0).await;
    let expected = InboxBody::verdict(first.id, Decision::Disputed, "C1 berkata lain".to_owned());
    assert_eq!(items.into_iter().map(|(_, body)| body).collect::<Vec<_>>(), [expected]);
    assert_eq!(fetch(&post, &other, 0).await.len(), 2);
    let elsewhere = post.station(1);
    let wrong = reviewer.decide(&post, &elsewhere, first.id, VerdictDecision::Verified, "").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND, "it is of another station");
    let audit = post.endpoint.store().audit().unwrap();
    assert_eq!(audit.iter().filter(|entry| entry.action == "verdict.give").count(), 3);
}

#[tokio::test]
async fn an_original_comes_when_it_is_asked_for_and_not_before() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let (small, original) = (picture(1, 20), picture(2, 90));
    let body = PhotoBody {
        original: hash_of(&original),
        original_bytes: original.len() as u64,
        ..photo_body(tally.id, 2, &small)
    };
    let photo = phone.seal(demo_subject(&station), Body::Photo(body));
    post.push(&[&tally.bytes, &photo.bytes]).await;
    let send = async || post.photo_piece(hash_of(&original), 0, &original).await;
    assert_eq!(send().await.code(), ProblemCode::PhotoUnknown);

    let cookie = post.user("koordinator", Role::Coordinator, Some("52")).await;
    let page = async || {
        let view: StationView =
            post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
        view.photos[0].original.clone()
    };
    assert!(!page().await.wanted);
    let address = format!("/api/stations/{station}/originals");
    for _ in 0..2 {
        let body = serde_json::json!({ "photo": hash_of(&small).to_string() });
        assert_eq!(post.post_json(&address, &cookie, body).await.status, StatusCode::CREATED);
    }
    let items: Vec<InboxBody> = fetch(&post, &phone, 0).await.into_iter().map(|(_, body)| body).collect();
    assert_eq!(items, [InboxBody::original_request(hash_of(&original))], "asking again changes nothing");
    assert!(send().await.status.is_success());
    let seen = page().await;
    assert!(seen.wanted && seen.arrived);
    let shown = post.get(&format!("/api/photos/{}", seen.hash), &cookie).await;
    assert_eq!(shown.body, original);
}

#[tokio::test]
async fn a_phone_hears_of_other_assignments_and_what_it_sent_before_still_counts() {
    let post = Post::new();
    let (first, second) = (post.station(0), post.station(1));
    let mut phone = post.phone_at(1, &first).await;
    let device = phone.key.public().device_id();
    let version = post.endpoint.election().version;
    assert_eq!(enrolment(&post, &phone, (version, 0)).await, None, "it has what there is");
    let before = phone.tally(&first, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&before.bytes).await.unwrap();
    post.clock.advance(1_000);
    let actor = Actor::Operator;
    assert!(post.endpoint.assign(device, &second, &[], &actor).unwrap());
    assert!(!post.endpoint.assign(device, &second, &[], &actor).unwrap(), "it is already");
    assert!(post.endpoint.unassign(device, &first, &actor).unwrap());
    assert!(!post.endpoint.unassign(device, &first, &actor).unwrap());

    let changed = enrolment(&post, &phone, (version, 0)).await.unwrap();
    assert_eq!(changed.assignments_revision, 2);
    let stations: Vec<_> = changed.assignments.iter().map(|assignment| assignment.station.clone()).collect();
    assert_eq!(stations, std::slice::from_ref(&second));
    let package = tally::Election::from_json(&changed.election).unwrap();
    assert!(
        package.has_station(&first) && package.has_station(&second),
        "a draft of the first keeps its names"
    );
    assert_eq!(enrolment(&post, &phone, (version, 2)).await, None);

    let cookie = post.user("admin", Role::Admin, None).await;
    let standing = async || {
        let view: StationView =
            post.get(&format!("/api/stations/{first}?contest=ppwp"), &cookie).await.json();
        view.standing
    };
    assert_eq!(standing().await, Standing::Provisional, "it was assigned when this came");
    let after = phone.tally(&first, sound_tally(&post.paper(), [9, 9, 9]));
    post.push_one(&after.bytes).await.unwrap();
    let view: StationView = post.get(&format!("/api/stations/{first}?contest=ppwp"), &cookie).await.json();
    assert_eq!(view.tallies.iter().map(|tally| tally.assigned).collect::<Vec<_>>(), [true, false]);
    assert_eq!(view.standing, Standing::Provisional);
}
