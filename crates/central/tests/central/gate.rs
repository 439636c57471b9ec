//! The gate before all routes: rates, lanes, the proofs of devices, and the texts that no request may
//! contain.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use central::view::Role;
use central::{Audience, Endpoint, LaneName, Rates, RouteInfo, Settings, routes};
use evidence::DeviceKey;
use protocol::{CBOR, DEVICE_HEADER, PROOF_HEADER, ProblemCode, PushRequest, ReceiptsRequest, path};
use rusqlite::Connection;
use serde_bytes::ByteBuf;
use tempfile::TempDir;

use crate::post::{Answer, Clock, Post, demo_json, election, proven, push_of, settings, sound_tally};

/// A path of the route that names nothing.
fn example(path: &str) -> String {
    path.replace("{hash}", &"11".repeat(32)).replace("{*file}", "index.html").replace(['{', '}'], "x")
}

fn request_of(route: &RouteInfo) -> Request<Body> {
    Request::builder()
        .method(route.method.clone())
        .uri(example(route.path))
        .header("content-type", CBOR)
        .header(protocol::UPLOAD_OFFSET, "0")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn every_route_is_in_the_table_and_has_a_rate() {
    let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
    let rates = Rates { requests_of_address: std::num::NonZeroU32::MIN, ..Rates::default() };
    let settings = Settings { rates, ..settings(folder.path()) };
    let endpoint = Endpoint::open(&settings, Some(election(&demo_json())), clock.environment()).unwrap();
    let post = Post::around(endpoint, folder, clock);
    // The burst of each class is five units.
    let all = routes();
    let answers = futures::future::join_all(all.iter().map(|route| {
        let post = &post;
        async move { futures::future::join_all((0..8).map(|_| post.send_as_is(request_of(route)))).await }
    }));
    for (route, answers) in all.iter().zip(answers.await) {
        let throttled = answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS);
        let name = format!("{} {}", route.method, route.path);
        assert!(throttled.expect(&name).headers.contains_key("retry-after"), "{name}");
    }
}

#[tokio::test]
async fn only_what_is_public_is_open_to_anybody() {
    let open: Vec<&str> = routes()
        .into_iter()
        .filter(|route| route.audience == Audience::Anybody)
        .map(|route| {
            let is_cheap = matches!(route.policy.lane, LaneName::Stranger | LaneName::Internal);
            assert!(is_cheap, "{} must not take the lane of others", route.path);
            route.path
        })
        .collect();
    let public = [
        "/v1/enrol",
        "/v1/enrol/carried",
        "/v1/endpoint",
        "/v1/log/checkpoint",
        "/v1/log/consistency",
        "/v1/log/keys",
        "/healthz",
        "/readyz",
        "/api/login",
        "/open/v1/openapi.json",
        "/",
        "/{*file}",
        "/hall",
    ];
    assert_eq!(open, public);
}

#[tokio::test]
async fn a_route_of_devices_answers_only_to_the_proof_of_an_enrolled_device_for_this_request() {
    let post = Post::new();
    let phone = post.phone_at(1, &post.station(0)).await;
    let stranger = DeviceKey::from_seed([99; 32]);
    for route in routes().into_iter().filter(|route| route.audience == Audience::Device) {
        let name = format!("{} {}", route.method, route.path);
        let code = |answer: &Answer| answer.headers[protocol::PROBLEM_HEADER].to_str().unwrap().to_owned();
        let unproven = post.send_as_is(request_of(&route)).await;
        assert_eq!(code(&unproven), "proof_invalid", "{name}");
        let unknown = post.send_as_is(proven(request_of(&route), &stranger).await).await;
        assert_eq!(code(&unknown), "device_unknown", "{name}");
        // The proof of another request of the same device.
        let other = proven(Request::head("/v1/photos/other").body(Body::empty()).unwrap(), &phone.key).await;
        let mut stolen = request_of(&route);
        for header in [DEVICE_HEADER, PROOF_HEADER] {
            stolen.headers_mut().insert(header, other.headers()[header].clone());
        }
        assert_eq!(code(&post.send_as_is(stolen).await), "proof_invalid", "{name}");
        let own = post.send_as_is(proven(request_of(&route), &phone.key).await).await;
        assert_ne!(code(&own), "proof_invalid", "{name}");
    }
}

#[tokio::test]
async fn the_proof_of_a_body_does_not_hold_for_another_body() {
    let post = Post::new();
    let phone = post.phone_at(1, &post.station(0)).await;
    let body = protocol::to_cbor(&ReceiptsRequest { statements: Vec::new(), seen_size: 0 }).unwrap();
    let request = |body: &[u8]| {
        Request::post(path::RECEIPTS).header("content-type", CBOR).body(Body::from(body.to_vec())).unwrap()
    };
    let (head, _) = proven(request(&body), &phone.key).await.into_parts();
    let answer = post.send_as_is(Request::from_parts(head.clone(), Body::from(body))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = post.send_as_is(Request::from_parts(head, Body::from("another"))).await;
    assert_eq!(answer.code(), ProblemCode::ProofInvalid);
}

#[tokio::test]
async fn a_checkpoint_from_memory_follows_the_log_at_once() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut seen = Vec::new();
    for votes in 1..4 {
        let tally = phone.tally(&station, crate::post::sound_tally(&post.paper(), [votes, 2, 3]));
        post.push(&[&tally.bytes]).await;
        post.endpoint.sequence().unwrap();
        let answer = post.send(Request::get(path::CHECKPOINT).body(Body::empty()).unwrap()).await;
        let note = String::from_utf8(answer.body).unwrap();
        seen.push(note.lines().nth(1).unwrap().to_owned());
    }
    assert_eq!(seen, ["1", "2", "3"]);
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_not_ready_and_says_why() {
    let post = Post::new();
    let file = post.folder.path().join("central.sqlite");
    if !file.exists() {
        // The store is on a server in this run.
        return;
    }
    let ready = || post.send(Request::get("/readyz").body(Body::empty()).unwrap());
    assert_eq!(ready().await.status, StatusCode::OK);
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = until(&ready, |answer| answer.status != StatusCode::OK).await;
    assert_eq!(locked.code(), ProblemCode::StoreUnavailable);
    assert!(locked.headers.contains_key("retry-after"));
    assert!(String::from_utf8_lossy(&locked.body).contains("locked"));
    other.execute_batch("ROLLBACK").unwrap();
    until(&ready, |answer| answer.status == StatusCode::OK).await;
}

/// Repeats a request until its answer is the wanted one.
async fn until<F: Future<Output = Answer>>(
    send: impl Fn() -> F,
    is_wanted: impl Fn(&Answer) -> bool,
) -> Answer {
    for _ in 0..200 {
        let answer = send().await;
        if is_wanted(&answer) {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the answer did not change");
}

#[tokio::test]
async fn photos_that_cannot_be_written_make_the_endpoint_unready() {
    let post = Post::new();
    let folder = post.folder.path().join("photos");
    if !folder.exists() {
        // The photos are in a bucket in this run.
        return;
    }
    std::fs::rename(&folder, post.folder.path().join("elsewhere")).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    let answer = post.send(Request::get("/readyz").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.code(), ProblemCode::StoreUnavailable);
}

#[tokio::test]
async fn texts_with_control_characters_are_refused_before_they_reach_the_store() {
    let post = Post::new();
    for text in ["x\u{0}", "x\u{7}", "\u{202E}x", "x\u{2066}"] {
        assert_eq!(post.log_in(text, "any").await.code(), ProblemCode::RequestMalformed, "{text:?}");
    }
    let cookie = post.user("rini", central::view::Role::Admin, None).await;
    let search = post.get("/api/stations?contest=ppwp&search=a%00b", &cookie).await;
    assert_eq!(search.code(), ProblemCode::RequestMalformed);
}

#[tokio::test]
async fn answers_to_devices_are_not_sniffed_and_the_cookie_belongs_to_this_host() {
    let post = Post::new();
    let keys = post.send(Request::get(path::LOG_KEYS).body(Body::empty()).unwrap()).await;
    assert_eq!(keys.headers["x-content-type-options"], "nosniff");
    assert!(post.user("rini", central::view::Role::Admin, None).await.starts_with("__Host-saksi_session="));
    let gone = post.send(Request::builder().method(Method::GET).uri("/v1/x").body(Body::empty()).unwrap());
    assert_eq!(gone.await.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_look_alike() {
    let post = Post::new();
    post.user("rini", Role::Admin, None).await;
    let wrong = post.log_in("rini", "salah sekali").await;
    assert_eq!(wrong.code(), ProblemCode::LoginFailed);
    for (user, password) in [("budi", "salah sekali"), ("rini\u{301}", "x"), ("", ""), ("rini", "")] {
        let answer = post.log_in(user, password).await;
        assert_eq!((answer.status, &answer.body), (wrong.status, &wrong.body), "{user}");
        assert_eq!(answer.headers, wrong.headers, "{user}");
    }
}

#[tokio::test]
async fn a_device_that_sends_forged_statements_waits_and_no_other_does() {
    let post = Post::new();
    let station = post.station(0);
    let mut honest = post.phone_at(1, &station).await;
    let mut attacker = post.phone_at(2, &station).await;
    let tally = honest.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let mut forged = tally.bytes.clone();
    *forged.last_mut().unwrap() ^= 1;
    let push = |count: usize| {
        let statements = vec![ByteBuf::from(forged.clone()); count];
        push_of(protocol::to_cbor(&PushRequest { statements }).unwrap())
    };
    for _ in 0..4 {
        let answer = post.send_as_is(proven(push(64), &attacker.key).await).await;
        assert_eq!(answer.status, StatusCode::OK, "each of them is refused, and the answer says so");
    }
    let answer = post.send_as_is(proven(push(1), &attacker.key).await).await;
    assert_eq!(answer.code(), ProblemCode::TooManyRequests);
    assert!(answer.headers.contains_key("retry-after"));

    let body = PushRequest { statements: vec![ByteBuf::from(tally.bytes)] };
    let answer = post.send_as_is(proven(push_of(protocol::to_cbor(&body).unwrap()), &honest.key).await).await;
    assert_eq!(answer.status, StatusCode::OK);
    // The attacker's own statements come when the window has ended.
    post.clock.advance(16 * 60 * 1_000);
    let own = attacker.tally(&station, sound_tally(&post.paper(), [3, 2, 1]));
    let body = PushRequest { statements: vec![ByteBuf::from(own.bytes)] };
    let answer =
        post.send_as_is(proven(push_of(protocol::to_cbor(&body).unwrap()), &attacker.key).await).await;
    assert_eq!(answer.status, StatusCode::OK);
}
