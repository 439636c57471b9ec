//! Sessions: how they begin and end, who sees them, and what nobody can do with another one's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use central::view::{OpenSession, Role, SessionView};
use central::{Audience, Endpoint, Settings, routes};
use environment::{Environment, SystemRng};
use protocol::ProblemCode;
use serde_json::json;
use tempfile::TempDir;

use crate::post::{Answer, Clock, NOON_MS, PASSWORD, Post, cookie_of, demo_json, election, settings};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// A login as a browser at this address sends it, with the cookies that it has.
async fn log_in_from(post: &Post, address: &str, cookie: &str) -> Answer {
    let body = json!({ "user": "rini", "password": PASSWORD }).to_string();
    let request = Request::post("/api/login")
        .header("x-forwarded-for", address)
        .header("user-agent", "Peramban 1.0")
        .header("cookie", cookie)
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin");
    post.send(request.body(Body::from(body)).unwrap()).await
}

/// An endpoint behind a proxy, which says where requests come from.
fn behind_proxy() -> Post {
    let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
    let settings = Settings { behind_proxy: true, ..settings(folder.path()) };
    let endpoint = Endpoint::open(&settings, Some(election(&demo_json())), clock.environment()).unwrap();
    Post::around(endpoint, folder, clock)
}

#[tokio::test]
async fn a_planted_token_is_never_logged_in_and_the_browsers_earlier_session_ends() {
    let post = behind_proxy();
    let earlier = post.user("rini", Role::Auditor, None).await;
    let name = earlier.split('=').next().unwrap();
    let planted = format!("{name}={}", "a".repeat(64));
    let got = cookie_of(&log_in_from(&post, "203.0.113.7", &planted).await);
    assert_ne!(got, planted);
    assert_eq!(post.get("/api/session", &planted).await.code(), ProblemCode::LoginNeeded);
    assert_eq!(post.get("/api/session", &got).await.status, StatusCode::OK);

    let next = cookie_of(&log_in_from(&post, "203.0.113.7", &earlier).await);
    assert_eq!(post.get("/api/session", &earlier).await.code(), ProblemCode::LoginNeeded);
    assert_eq!(post.get("/api/session", &next).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_from_another_site_changes_nothing_on_any_route() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Admin, None).await;
    let rows = post.endpoint.store().audit().unwrap().len();
    let mut tried = 0;
    for route in routes().into_iter().filter(|route| route.path.starts_with("/api/")) {
        if route.method == Method::GET {
            continue;
        }
        assert!(route.audience != Audience::Device);
        let path = route.path.replace(['{', '}'], "x");
        for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://jahat.example")] {
            let request = Request::builder()
                .method(&route.method)
                .uri(&path)
                .header(header, value)
                .header("host", "saksi.example")
                .header("cookie", &cookie)
                .header("content-type", "application/json")
                .body(Body::from("{}"))
                .unwrap();
            assert_eq!(post.send(request).await.code(), ProblemCode::Forbidden, "{header} {path}");
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
    assert_eq!(post.endpoint.store().audit().unwrap().len(), rows);
}

#[tokio::test]
async fn a_user_sees_and_ends_their_own_sessions_and_nobody_elses() {
    let post = behind_proxy();
    let first = post.user("rini", Role::Coordinator, None).await;
    let other = post.user("budi", Role::Admin, None).await;
    post.clock.advance(1_000);
    let second = cookie_of(&log_in_from(&post, "203.0.113.7", "").await);
    let open: Vec<OpenSession> = post.get("/api/session/sessions", &second).await.json();
    assert_eq!(open.iter().map(|session| session.own).collect::<Vec<_>>(), [true, false]);
    assert_eq!((open[0].network.as_str(), open[0].browser.as_str()), ("203.0.113.0/24", "Peramban 1.0"));

    let end = |session: i64| format!("/api/session/sessions/{session}/end");
    let foreign = post.post_json(&end(open[1].session), &other, json!({})).await;
    assert_eq!(foreign.code(), ProblemCode::NotFound);
    let left: Vec<OpenSession> = post.post_json(&end(open[1].session), &second, json!({})).await.json();
    assert_eq!(left.len(), 1);
    assert_eq!(post.get("/api/session", &first).await.code(), ProblemCode::LoginNeeded);

    log_in_from(&post, "203.0.113.7", "").await;
    let own: Vec<OpenSession> =
        post.post_json("/api/session/sessions/end-others", &second, json!({})).await.json();
    assert!(own.len() == 1 && own[0].own);
    let by_admin = format!("/api/accounts/rini/sessions/{}/end", own[0].session);
    let none: Vec<OpenSession> = post.post_json(&by_admin, &other, json!({})).await.json();
    assert!(none.is_empty());
    assert_eq!(post.get("/api/session", &second).await.code(), ProblemCode::LoginNeeded);
}

#[tokio::test]
async fn a_login_from_a_new_place_is_shown_until_the_user_confirms_it() {
    let post = behind_proxy();
    post.user("rini", Role::Coordinator, None).await;
    let shown = |answer: Answer| answer.json::<SessionView>().new_places;
    let places = shown(log_in_from(&post, "203.0.113.7", "").await);
    assert_eq!(places.len(), 1, "the first login came from an unknown place");
    assert_eq!(places[0].network, "203.0.113.0/24");
    let known = log_in_from(&post, "203.0.113.200", "").await;
    let cookie = cookie_of(&known);
    assert_eq!(shown(known).len(), 1, "the same network");
    let confirmed = post.post_json("/api/session/places", &cookie, json!({})).await;
    assert!(shown(confirmed).is_empty());
    assert!(shown(log_in_from(&post, "203.0.113.9", "").await).is_empty());
    let audit = post.endpoint.store().audit().unwrap();
    let new: Vec<&str> =
        audit.iter().filter(|row| row.action == "session.place").map(|row| row.subject.as_str()).collect();
    assert_eq!(new, ["rini 203.0.113.0/24"]);
}

/// A wall clock that can be set, beside a time that never jumps.
#[derive(Clone)]
struct JumpingClock {
    wall_ms: Arc<AtomicI64>,
    steady_ms: Arc<AtomicI64>,
}

impl JumpingClock {
    fn advance(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
        self.steady_ms.fetch_add(ms, Ordering::SeqCst);
    }

    fn jump(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl environment::Clock for JumpingClock {
    fn now_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::SeqCst)
    }

    fn monotonic_ms(&self) -> i64 {
        self.steady_ms.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_also_when_the_clock_jumps_back() {
    let folder = TempDir::new().unwrap();
    let clock = JumpingClock { wall_ms: Arc::new(AtomicI64::new(NOON_MS)), steady_ms: Arc::default() };
    let environment = Environment::new(clock.clone(), SystemRng);
    let endpoint =
        Endpoint::open(&settings(folder.path()), Some(election(&demo_json())), environment).unwrap();
    let post = Post::around(endpoint, folder, Clock::new());
    let cookie = post.user("rini", Role::Auditor, None).await;
    clock.advance(8 * HOUR_MS);
    clock.jump(-6 * HOUR_MS);
    assert_eq!(post.get("/api/session", &cookie).await.status, StatusCode::OK);
    clock.advance(4 * HOUR_MS);
    assert_eq!(post.get("/api/session", &cookie).await.code(), ProblemCode::LoginNeeded, "12 hours are over");

    let ahead = cookie_of(&post.log_in("rini", PASSWORD).await);
    clock.jump(-24 * HOUR_MS);
    assert_eq!(post.get("/api/session", &ahead).await.code(), ProblemCode::LoginNeeded, "opened tomorrow");
    let forward = cookie_of(&post.log_in("rini", PASSWORD).await);
    clock.jump(13 * HOUR_MS);
    assert_eq!(post.get("/api/session", &forward).await.code(), ProblemCode::LoginNeeded);
}

#[tokio::test]
async fn one_user_has_at_most_twenty_open_sessions() {
    let post = Post::new();
    let oldest = post.user("rini", Role::Auditor, None).await;
    let mut newest = String::new();
    for _ in 0..20 {
        post.clock.advance(1_000);
        newest = cookie_of(&post.log_in("rini", PASSWORD).await);
    }
    let open: Vec<OpenSession> = post.get("/api/session/sessions", &newest).await.json();
    assert_eq!(open.len(), 20);
    assert_eq!(post.get("/api/session", &oldest).await.code(), ProblemCode::LoginNeeded);
}
