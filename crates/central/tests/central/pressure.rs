//! Clients above their rate are throttled with `Retry-After`, and the operator can monitor the endpoint.

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
    let endpoint = Endpoint::open(&settings, Some(election(&demo_json())), clock.environment()).unwrap();
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
async fn an_address_over_its_rate_is_throttled_and_another_is_not() {
    // One request a second, and a burst of five.
    let rates = Rates { requests_of_address: number(1), ..Rates::default() };
    let post = post_with(rates, true);
    post.sender().await;
    // All at once, so that no time passes in which the rate would allow more.
    let requests = futures::future::join_all((0..20).map(|_| ask(&post, "192.0.2.1, 198.51.100.7")));
    // A client can write what it likes before the address that the proxy adds.
    let spoofed = futures::future::join_all((0..4).map(|_| ask(&post, "198.51.100.8, 198.51.100.7")));
    let (requests, spoofed) = tokio::join!(requests, spoofed);
    assert_eq!(requests[0].status, StatusCode::NOT_FOUND, "the burst passes");
    let throttled = requests.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS);
    assert!(throttled.expect("a throttled request").headers.contains_key("retry-after"));
    assert!(spoofed.iter().any(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(ask(&post, "198.51.100.8").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_device_over_its_rate_is_throttled_and_another_is_not() {
    // One statement a minute: longer than this test takes on any machine.
    let rates = Rates { statements_of_device: number(1), ..Rates::default() };
    let post = post_with(rates, false);
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut other = post.phone_at(2, &station).await;
    let seal =
        |phone: &mut Phone, votes| phone.tally(&station, sound_tally(&post.paper(), [votes, 2, 3])).bytes;
    post.push(&[&seal(&mut phone, 1)]).await;
    let body = |bytes: Vec<u8>| {
        let statements = vec![serde_bytes::ByteBuf::from(bytes)];
        protocol::to_cbor(&protocol::PushRequest { statements }).unwrap()
    };
    let refused = post.send(push_of(body(seal(&mut phone, 9)))).await;
    assert_eq!(refused.code(), ProblemCode::TooManyRequests);
    assert_eq!(post.endpoint.store().statement_count().unwrap(), 1);
    let taken = post.send(push_of(body(seal(&mut other, 9)))).await;
    assert_eq!(taken.status, StatusCode::OK, "another device is not throttled");
}

#[tokio::test]
async fn an_operator_can_monitor_the_endpoint() {
    let post = Post::new();
    for (path, said) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = post.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.body), (StatusCode::OK, said.as_bytes().to_vec()), "{path}");
    }
    let hidden = post.send(Request::get("/metrics").body(Body::empty()).unwrap()).await;
    assert!(!String::from_utf8_lossy(&hidden.body).contains("saksi_"), "figures are not for everybody");
}
