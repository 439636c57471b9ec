//! Faults under the endpoint: a full or locked store, disks below their marks, a clock that jumps. It answers
//! what is wrong, recovers without a restart, and loses and repeats nothing.

use std::process::Command;
use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::http::{Request, StatusCode};
use central::{Endpoint, FreeSpaceMarks, Settings};
use evidence::{Body, IncidentBody, IncidentCategory, Sealed};
use protocol::{ProblemCode, PushRequest};
use rusqlite::Connection;
use serde_bytes::ByteBuf;
use tempfile::TempDir;

use crate::post::{
    Answer, Clock, Phone, Post, demo_json, demo_subject, election, hash_of, picture, push_of, settings,
    sound_tally,
};

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1_000;

/// The answer to a push, which may be a refusal of the whole request.
async fn pushed(post: &Post, sealed: &Sealed) -> Answer {
    let statements = vec![ByteBuf::from(sealed.bytes.clone())];
    post.send(push_of(protocol::to_cbor(&PushRequest { statements }).unwrap())).await
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.code(), ProblemCode::StoreUnavailable);
    assert!(answer.headers.contains_key("retry-after"));
}

fn incident(phone: &mut Phone, post: &Post) -> Sealed {
    let text = "kotak suara ".repeat(80);
    let body = IncidentBody { category: IncidentCategory::Other, text, on_the_form: false, tally: None };
    phone.seal(demo_subject(&post.station(0)), Body::Incident(body))
}

fn is_in_a_file(post: &Post) -> bool {
    post.folder.path().join("central.sqlite").exists()
}

/// What was acknowledged is stored once and in the log once.
fn assert_stored_once(post: &Post, acknowledged: usize) {
    assert_eq!(post.endpoint.store().statement_count().unwrap(), acknowledged as u64);
    post.endpoint.sequence().unwrap();
    let [leaves] = &post.sql("SELECT count(*) FROM log_leaf")[..] else { panic!("one row") };
    assert!(
        leaves.ends_with(&format!("{acknowledged}")) || leaves.contains(&format!("({acknowledged})")),
        "{leaves}"
    );
}

#[tokio::test]
async fn a_full_store_is_answered_503_and_accepts_the_same_statements_when_there_is_room() {
    let post = Post::new();
    if !is_in_a_file(&post) {
        return;
    }
    let mut phone = post.phone_at(1, &post.station(0)).await;
    post.endpoint.store().limit_pages(Some(1)).unwrap();
    let mut sent = Vec::new();
    let full = loop {
        assert!(sent.len() < 200, "the store never became full");
        sent.push(incident(&mut phone, &post));
        let answer = pushed(&post, &sent[sent.len() - 1]).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
    };
    assert_unavailable(&full);
    assert!(String::from_utf8_lossy(&full.body).contains("full"));
    assert_eq!(post.endpoint.store().statement_count().unwrap(), sent.len() as u64 - 1, "nothing half");

    post.endpoint.store().limit_pages(None).unwrap();
    for sealed in &sent {
        post.push_one(&sealed.bytes).await.unwrap();
    }
    assert_stored_once(&post, sent.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_another_program_locks_is_answered_503_and_goes_on_when_the_lock_ends() {
    let post = Post::new();
    if !is_in_a_file(&post) {
        return;
    }
    let mut phone = post.phone_at(1, &post.station(0)).await;
    let sealed = incident(&mut phone, &post);
    let other = Connection::open(post.folder.path().join("central.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = pushed(&post, &sealed).await;
    assert_unavailable(&locked);
    assert!(String::from_utf8_lossy(&locked.body).contains("locked"));
    other.execute_batch("ROLLBACK").unwrap();
    post.push_one(&sealed.bytes).await.unwrap();
    post.push_one(&sealed.bytes).await.unwrap();
    assert_stored_once(&post, 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn while_photos_cannot_be_written_statements_go_on_and_the_photo_arrives_afterwards() {
    let post = Post::new();
    let (folder, aside) = (post.folder.path().join("photos"), post.folder.path().join("aside"));
    if !folder.exists() {
        // The photos are in a bucket in this run.
        return;
    }
    let mut phone = post.phone_at(1, &post.station(0)).await;
    let bytes = picture(1, 60);
    let tally = phone.tally(&post.station(0), sound_tally(&post.paper(), [1, 2, 3]));
    let photo = phone.photo(&post.station(0), tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    // Nobody can write there, not even the system's administrator.
    std::fs::rename(&folder, &aside).unwrap();
    std::os::unix::fs::symlink("/sys/kernel", &folder).unwrap();

    let refused = post.photo_piece(hash_of(&bytes), 0, &bytes).await;
    assert_unavailable(&refused);
    assert!(String::from_utf8_lossy(&refused.body).contains("read-only"));
    let unready = post.send(Request::get("/readyz").body(HttpBody::empty()).unwrap()).await;
    assert_eq!(unready.code(), ProblemCode::StoreUnavailable);
    let late = incident(&mut phone, &post);
    post.push_one(&late.bytes).await.unwrap();

    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    let taken = post.photo_piece(hash_of(&bytes), 0, &bytes).await;
    assert_eq!(taken.headers["upload-length"], bytes.len().to_string());
    assert_stored_once(&post, 3);
}

/// Stops the server's processes that serve this endpoint, as a machine that hangs does, and lets them go on
/// when dropped.
struct Hung(Vec<String>);

impl Hung {
    fn server_of(post: &Post) -> Self {
        let of_this_store = "datname = current_database() AND pid <> pg_backend_pid()";
        let hung = Self(post.sql(&format!("SELECT pid FROM pg_stat_activity WHERE {of_this_store}")));
        hung.signal("-STOP");
        hung
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").arg(signal).args(&self.0).status().unwrap().success());
    }
}

impl Drop for Hung {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_makes_the_endpoint_unready_within_seconds_and_loses_nothing_when_it_wakes() {
    let post = Post::new();
    if is_in_a_file(&post) {
        return;
    }
    let mut phone = post.phone_at(1, &post.station(0)).await;
    let sealed = incident(&mut phone, &post);
    post.push_one(&sealed.bytes).await.unwrap();
    assert_eq!(readiness(&post).await, StatusCode::OK);
    let hung = Hung::server_of(&post);
    // The last result is good for half a second.
    let mut asked = 0;
    while readiness(&post).await == StatusCode::OK {
        asked += 1;
        assert!(asked < 100, "the endpoint stays ready");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(hung);
    while readiness(&post).await != StatusCode::OK {
        asked += 1;
        assert!(asked < 500, "the endpoint does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    post.push_one(&sealed.bytes).await.unwrap();
    assert_stored_once(&post, 1);
}

fn with_marks(free_space: FreeSpaceMarks) -> Post {
    let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
    let settings = Settings { free_space, ..settings(folder.path()) };
    let endpoint = Endpoint::open(&settings, Some(election(&demo_json())), clock.environment()).unwrap();
    Post::around(endpoint, folder, clock)
}

async fn readiness(post: &Post) -> StatusCode {
    post.send(Request::get("/readyz").body(HttpBody::empty()).unwrap()).await.status
}

#[tokio::test]
async fn below_the_mark_for_photos_statements_go_on_and_photos_wait() {
    let post = with_marks(FreeSpaceMarks { statements_bytes: 0, photos_bytes: u64::MAX });
    if !post.folder.path().join("photos").exists() {
        return;
    }
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let bytes = picture(1, 30);
    let photo = phone.photo(&station, tally.id, 1, &bytes);
    post.push_one(&tally.bytes).await.unwrap();
    post.push_one(&photo.bytes).await.unwrap();
    assert_unavailable(&post.photo_piece(hash_of(&bytes), 0, &bytes).await);
    assert_eq!(readiness(&post).await, StatusCode::OK);

    // There is room again.
    let endpoint = Endpoint::open(&settings(post.folder.path()), None, post.clock.environment()).unwrap();
    let Post { folder, clock, .. } = post;
    let post = Post::around(endpoint, folder, clock);
    assert_eq!(post.photo_piece(hash_of(&bytes), 0, &bytes).await.status, StatusCode::NO_CONTENT);
    assert_stored_once(&post, 2);
}

#[tokio::test]
async fn below_the_mark_for_statements_the_endpoint_is_not_ready_and_refuses_them_all() {
    let post = with_marks(FreeSpaceMarks { statements_bytes: u64::MAX, photos_bytes: 0 });
    if !is_in_a_file(&post) {
        return;
    }
    let mut phone = post.phone_at(1, &post.station(0)).await;
    assert_unavailable(&pushed(&post, &incident(&mut phone, &post)).await);
    assert_eq!(readiness(&post).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(post.endpoint.store().statement_count().unwrap(), 0);
}

#[tokio::test]
async fn a_clock_that_jumps_a_year_either_way_loses_and_repeats_nothing() {
    let post = Post::new();
    let mut phone = post.phone_at(1, &post.station(0)).await;
    let mut sent = Vec::new();
    for jump in [0, YEAR_MS, -2 * YEAR_MS, YEAR_MS] {
        post.clock.advance(jump);
        let sealed = incident(&mut phone, &post);
        let first = post.push_one(&sealed.bytes).await.unwrap();
        assert_eq!(post.push_one(&sealed.bytes).await.unwrap(), first, "the first arrival stays");
        assert_eq!(readiness(&post).await, StatusCode::OK);
        post.endpoint.sequence().unwrap();
        sent.push(sealed);
    }
    for sealed in &sent {
        post.push_one(&sealed.bytes).await.unwrap();
    }
    assert_stored_once(&post, sent.len());
    assert_eq!(post.endpoint.rebuild().unwrap().statements, 4);
}
