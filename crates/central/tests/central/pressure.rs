//! Too much is turned away with how long to wait, and whoever runs the endpoint can see how it fares.

use std::num::NonZeroU32;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use central::{Endpoint, Rates, Settings};
use protocol::ProblemCode;
use tempfile::TempDir;

use crate::post::{Answer, Clock, Phone, Post, demo_json, election, push_of, settings, sound_tally};

fn post_with(rates: Rates, behind_proxy: bool) -> Post {
    let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
    let settings = Settings { rates, behind_proxy, ..settings(folder.path()) };
    let endpoint = Endpoint::open(&settings, Some(election(&demo_json())), clock.outside()).unwrap();
    Post::around(endpoint, folder, clock)
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

async fn ask(post: &Post, from: &str) -> Answer {
    let photo = format!("/v1/photos/{}", "11".repeat(32));
    post.send(Request::head(photo).header("x-forwarded-for", from).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits_and_another_does_not() {
    let rates = Rates { requests_of_address: number(2), ..Rates::default() };
    let post = post_with(rates, true);
    let mut answers = Vec::new();
    for _ in 0..11 {
        answers.push(ask(&post, "192.0.2.1, 198.51.100.7").await);
    }
    // Both at once: who is turned away hears of it late, and a while later one more may come.
    let (twelfth, faked) =
        tokio::join!(ask(&post, "192.0.2.1, 198.51.100.7"), ask(&post, "198.51.100.8, 198.51.100.7"),);
    answers.push(twelfth);
    assert_eq!(answers[9].status, StatusCode::NOT_FOUND, "ten at once are let through");
    assert_eq!(answers[11].status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answers[11].headers.contains_key("retry-after"));
    assert_eq!(ask(&post, "198.51.100.8").await.status, StatusCode::NOT_FOUND);
    // What the asker itself writes in front of the proxy's word changes nothing.
    assert_eq!(faked.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_device_that_sends_too_much_waits_and_nothing_of_it_is_lost() {
    let rates = Rates { statements_of_device: number(3), ..Rates::default() };
    let post = post_with(rates, false);
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut other = post.phone_at(2, &station).await;
    let seal =
        |phone: &mut Phone, votes| phone.tally(&station, sound_tally(&post.paper(), [votes, 2, 3])).bytes;
    for votes in 0..3 {
        post.push(&[&seal(&mut phone, votes)]).await;
    }
    let body = |bytes: Vec<u8>| {
        let statements = vec![serde_bytes::ByteBuf::from(bytes)];
        protocol::to_cbor(&protocol::PushRequest { statements }).unwrap()
    };
    let refused = post.send(push_of(body(seal(&mut phone, 9)))).await;
    assert_eq!(refused.code(), ProblemCode::TooManyRequests);
    assert_eq!(post.endpoint.store().statement_count().unwrap(), 3);
    let taken = post.send(push_of(body(seal(&mut other, 9)))).await;
    assert_eq!(taken.status, StatusCode::OK, "another device is not to blame");
}

#[tokio::test]
async fn whoever_runs_the_endpoint_can_ask_how_it_is() {
    let post = Post::new();
    for (path, said) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = post.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.body), (StatusCode::OK, said.as_bytes().to_vec()), "{path}");
    }
    let hidden = post.send(Request::get("/metrics").body(Body::empty()).unwrap()).await;
    assert!(!String::from_utf8_lossy(&hidden.body).contains("saksi_"), "figures are not for everybody");
}
