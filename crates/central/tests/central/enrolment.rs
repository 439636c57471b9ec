//! Joining with an invitation.

use axum::body::Body;
use axum::http::Request;
use protocol::{EnrolRequest, EnrolResponse, ProblemCode, path};
use tally::Election;

use crate::post::{Phone, Post};

#[tokio::test]
async fn a_device_joins_and_gets_the_election_cut_to_its_station() {
    let post = Post::new();
    let station = post.station(3);
    let invitation = post.invite(&station);
    assert!(invitation.link.starts_with(&format!("https://saksi.example/#{}.", invitation.code)));
    let phone = Phone::new(1);
    let response: EnrolResponse = post.enrol(&phone.asks_with(&invitation.code)).await.json();
    assert_eq!(response.device, phone.key.public().device_id());
    assert_eq!(response.assignments.len(), 1);
    assert_eq!(response.assignments[0].station, station);
    assert_eq!(response.election.stations().collect::<Vec<_>>(), [station]);
    let alone = Election::from_json(&response.election.to_json().unwrap()).unwrap();
    assert_eq!(alone.paper(&"ppwp".parse().unwrap()).unwrap().fields(), post.paper().fields());
}

#[tokio::test]
async fn the_same_device_may_ask_again_and_another_may_not() {
    let post = Post::new();
    let invitation = post.invite(&post.station(0));
    let (phone, other) = (Phone::new(1), Phone::new(2));
    let first: EnrolResponse = post.enrol(&phone.asks_with(&invitation.code)).await.json();
    post.clock.advance(60_000);
    let typed = invitation.code.to_lowercase().replace('-', " ");
    let again: EnrolResponse = post.enrol(&phone.asks_with(&typed)).await.json();
    assert_eq!(again, first);
    assert_eq!(post.enrol(&other.asks_with(&invitation.code)).await.code(), ProblemCode::InvitationUsed);
    let audit = post.endpoint.store().audit().unwrap();
    assert_eq!(audit.iter().filter(|entry| entry.action == "device.enrol").count(), 1);
}

#[tokio::test]
async fn a_second_invitation_adds_a_station() {
    let post = Post::new();
    let phone = Phone::new(1);
    for place in [0, 5] {
        let invitation = post.invite(&post.station(place));
        let response: EnrolResponse = post.enrol(&phone.asks_with(&invitation.code)).await.json();
        assert_eq!(response.assignments.len(), if place == 0 { 1 } else { 2 });
    }
}

#[tokio::test]
async fn an_unknown_invitation_or_a_proof_that_does_not_hold_is_refused() {
    let post = Post::new();
    let invitation = post.invite(&post.station(0));
    let (phone, other) = (Phone::new(1), Phone::new(2));
    for unknown in ["ABCD-EFGH-JKMN", "short", ""] {
        assert_eq!(post.enrol(&phone.asks_with(unknown)).await.code(), ProblemCode::InvitationUnknown);
    }
    let asked = phone.asks_with(&invitation.code);
    for wrong in [
        EnrolRequest { proof: other.asks_with(&invitation.code).proof, ..asked.clone() },
        EnrolRequest { proof: phone.asks_with("ABCD-EFGH-JKMN").proof, ..asked.clone() },
        EnrolRequest { proof: String::from("é"), ..asked.clone() },
        EnrolRequest { public_key: String::from("00"), ..asked.clone() },
        EnrolRequest { public_key: "00".repeat(32), ..asked.clone() },
    ] {
        assert_eq!(post.enrol(&wrong).await.code(), ProblemCode::ProofInvalid);
    }
    let _: EnrolResponse = post.enrol(&asked).await.json();
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let post = Post::new();
    let phone = Phone::new(1);
    let asked = phone.asks_with("ABCD-EFGH-JKMN");
    let mut answers = Vec::new();
    for _ in 0..201 {
        answers.push(post.enrol(&asked).await.code());
    }
    assert_eq!(answers[199], ProblemCode::InvitationUnknown);
    assert_eq!(answers[200], ProblemCode::TooManyRequests);
    post.clock.advance(15 * 60 * 1_000);
    assert_eq!(post.enrol(&asked).await.code(), ProblemCode::InvitationUnknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_devices_with_one_invitation_one_gets_in() {
    let post = std::sync::Arc::new(Post::new());
    let code = post.invite(&post.station(0)).code;
    let asking: Vec<_> = (0..8)
        .map(|seed| {
            let (post, asked) = (std::sync::Arc::clone(&post), Phone::new(seed).asks_with(&code));
            tokio::spawn(async move { post.enrol(&asked).await.status.is_success() })
        })
        .collect();
    let mut in_count = 0;
    for asking in asking {
        in_count += u32::from(asking.await.unwrap());
    }
    assert_eq!(in_count, 1);
}

#[tokio::test]
async fn the_election_package_comes_compressed_to_whom_that_helps() {
    let post = Post::new();
    let invitation = post.invite(&post.station(0));
    let asked = serde_json::to_vec(&Phone::new(1).asks_with(&invitation.code)).unwrap();
    let ask = async |encodings: &str| {
        let request = Request::post(path::ENROL)
            .header("content-type", "application/json")
            .header("accept-encoding", encodings)
            .body(Body::from(asked.clone()))
            .unwrap();
        post.send(request).await
    };
    let (plain, small) = (ask("identity").await, ask("gzip").await);
    assert_eq!(small.headers["content-encoding"], "gzip");
    assert!(small.body.len() * 3 < plain.body.len(), "{} of {}", small.body.len(), plain.body.len());
}
