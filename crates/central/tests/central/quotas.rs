//! What one phone may store, and that it cannot spoil a page or another phone's photos.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use central::view::{Role, StationView};
use evidence::{
    AttendanceBody, AttendanceEvent, Body as Said, DeviceKey, Draft, SEQUENCE_MAX, Sealed, StatementId,
};
use protocol::{Outcome, ProblemCode, limit, quota};
use tally::StationId;

use crate::post::{Answer, Phone, Post, demo_subject, hash_of, photo_body, picture, proven, sound_tally};

fn arrived() -> Said {
    Said::Attendance(AttendanceBody { event: AttendanceEvent::Arrived, package_version: 1 })
}

/// Pushes `count` new attendances of a phone. Gives the number of those that are accepted.
async fn flood(post: &Post, phone: &mut Phone, station: &StationId, count: usize) -> usize {
    let sealed: Vec<Sealed> = (0..count).map(|_| phone.seal(demo_subject(station), arrived())).collect();
    let mut accepted = 0;
    for batch in sealed.chunks(limit::STATEMENTS_PER_PUSH) {
        let bytes: Vec<&[u8]> = batch.iter().map(|sealed| &sealed.bytes[..]).collect();
        for outcome in post.push(&bytes).await {
            match outcome {
                Outcome::Accepted { .. } => accepted += 1,
                Outcome::Refused { problem } => assert_eq!(problem.code, ProblemCode::QuotaExceeded),
            }
        }
    }
    accepted
}

fn sealed_with(key: &DeviceKey, station: &StationId, sealed_at_s: i64, sequence: u64) -> Vec<u8> {
    let subject = demo_subject(station);
    let previous = (sequence > 1).then_some(StatementId([7; 32]));
    Draft { subject, sealed_at_s, sequence, previous, body: arrived() }.seal(key).unwrap().bytes
}

async fn station_page(post: &Post, cookie: &str, station: &StationId) -> StationView {
    post.get(&format!("/api/stations/{station}?contest=ppwp"), cookie).await.json()
}

#[tokio::test]
async fn an_impossible_time_is_accepted_and_shown_as_none() {
    let post = Post::new();
    let station = post.station(0);
    let phone = post.phone_at(1, &station).await;
    for (sequence, time) in (1..).zip([i64::MAX, i64::MIN, 0, 1_796_792_400]) {
        post.push_one(&sealed_with(&phone.key, &station, time, sequence)).await.unwrap();
    }
    let cookie = post.user("admin", Role::Admin, None).await;
    let page = station_page(&post, &cookie, &station).await;
    let times: Vec<Option<i64>> = page.reports.iter().map(|report| report.sealed_at_ms).collect();
    assert_eq!(times, [None, None, None, Some(1_796_792_400_000)]);
}

#[tokio::test]
async fn the_highest_sequence_number_leaves_the_page_and_the_list_of_devices_usable() {
    let post = Post::new();
    let station = post.station(0);
    let phone = post.phone_at(1, &station).await;
    post.push_one(&sealed_with(&phone.key, &station, 0, SEQUENCE_MAX)).await.unwrap();
    let cookie = post.user("admin", Role::Admin, None).await;
    assert_eq!(station_page(&post, &cookie, &station).await.reports[0].sequence, SEQUENCE_MAX);
    let devices: serde_json::Value = post.get("/api/devices", &cookie).await.json();
    let numbers = devices.to_string();
    assert!(numbers.contains(&(SEQUENCE_MAX - 1).to_string()), "{numbers}");
}

#[tokio::test]
async fn an_unassigned_phone_can_send_a_tally_and_cannot_flood_a_station() {
    let post = Post::new();
    let (own, other) = (post.station(0), post.station(1));
    let mut phone = post.phone_at(1, &own).await;
    let tally = phone.tally(&other, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    let most = usize::try_from(quota::UNASSIGNED_STATEMENTS_PER_STATION).unwrap();
    assert_eq!(flood(&post, &mut phone, &other, most + 20).await, most - 1);

    // What is stored is accepted again, and the own station has its own quota.
    post.push_one(&tally.bytes).await.unwrap();
    assert_eq!(flood(&post, &mut phone, &own, 100).await, 100);
    let counted = post.sql(&format!("SELECT statements FROM device_usage WHERE station = '{other}'"));
    assert!(counted.len() == 1 && counted[0].contains(&most.to_string()), "{counted:?}");
}

#[tokio::test]
async fn a_revoked_phone_stores_few_statements_and_no_photos() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let cookie = post.user("admin", Role::Admin, None).await;
    let bytes = picture(1, 60);
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let photo = phone.photo(&station, tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    let device = phone.key.public().device_id();
    let revoked =
        post.post_json(&format!("/api/devices/{device}/revoke"), &cookie, serde_json::json!({})).await;
    assert!(revoked.status.is_success());

    let late = phone.photo(&station, tally.id, 2, &picture(2, 60));
    assert_eq!(post.push_one(&late.bytes).await, Err(ProblemCode::QuotaExceeded));
    let piece = post.photo_piece(hash_of(&bytes), 0, &bytes).await;
    assert_eq!(piece.code(), ProblemCode::QuotaExceeded);
    assert_eq!(piece.headers["retry-after"], quota::RETRY_AFTER_S.to_string());
    let most = usize::try_from(quota::REVOKED_STATEMENTS).unwrap();
    assert_eq!(flood(&post, &mut phone, &station, most + 10).await, most);
}

#[tokio::test]
async fn the_page_of_a_flooded_station_shows_every_assigned_witness() {
    let post = Post::new();
    let (station, other) = (post.station(0), post.station(1));
    for seed in 2..14 {
        let mut stranger = post.phone_at(seed, &other).await;
        flood(&post, &mut stranger, &station, 40).await;
    }
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    let cookie = post.user("admin", Role::Admin, None).await;
    let page = station_page(&post, &cookie, &station).await;
    assert_eq!(page.tallies[0].statement, tally.id.to_string());
    assert_eq!((page.reports.len(), page.more_count), (399, 12 * 40 + 1 - 400));
}

async fn piece_of(
    post: &Post,
    phone: &Phone,
    hash: evidence::PhotoHash,
    offset: u64,
    piece: &[u8],
) -> Answer {
    let request = Request::builder()
        .method(Method::PATCH)
        .uri(format!("/v1/photos/{hash}"))
        .header("content-type", protocol::PHOTO_PIECE)
        .header("upload-offset", offset)
        .body(Body::from(piece.to_vec()))
        .unwrap();
    post.send_as_is(proven(request, &phone.key).await).await
}

#[tokio::test]
async fn another_phone_cannot_spoil_a_photo() {
    let post = Post::new();
    let station = post.station(0);
    let mut witness = post.phone_at(1, &station).await;
    let mut attacker = post.phone_at(2, &post.station(1)).await;
    let bytes = picture(1, 90);
    let hash = hash_of(&bytes);
    let tally = witness.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let photo = witness.photo(&station, tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    // The attacker announces the same photo with a false length, and sends garbage as its beginning.
    let mut lie = photo_body(tally.id, 1, &bytes);
    lie.derivative_bytes = limit::PHOTO_BYTES;
    let lie = attacker.seal(demo_subject(&post.station(1)), Said::Photo(lie));
    post.push_one(&lie.bytes).await.unwrap();
    let garbage = piece_of(&post, &attacker, hash, 0, &[7; 8_000]).await;
    assert_eq!(garbage.status, StatusCode::NO_CONTENT);

    let (first, rest) = bytes.split_at(6_000);
    assert_eq!(piece_of(&post, &witness, hash, 0, first).await.offset(), 6_000);
    let last = piece_of(&post, &witness, hash, 6_000, rest).await;
    assert_eq!(last.headers["upload-length"], bytes.len().to_string());
}

#[tokio::test]
async fn a_piece_without_a_proof_or_of_few_bytes_is_refused() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let bytes = picture(1, 90);
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let photo = phone.photo(&station, tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    let unsigned = Request::head(format!("/v1/photos/{}", hash_of(&bytes))).body(Body::empty()).unwrap();
    let unsigned = post.send_as_is(unsigned).await;
    assert_eq!(unsigned.headers[protocol::PROBLEM_HEADER], "proof_invalid");
    let short = post.photo_piece(hash_of(&bytes), 0, &bytes[..1]).await;
    assert_eq!(short.code(), ProblemCode::RequestMalformed);
}

#[tokio::test]
async fn a_small_file_with_many_pixels_is_refused_when_it_arrives() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(2_100, 2_100).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let bytes = png.into_inner();
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let photo = phone.photo(&station, tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    assert_eq!(post.photo_piece(hash_of(&bytes), 0, &bytes).await.code(), ProblemCode::PhotoTooLarge);
}

#[tokio::test]
async fn a_picture_that_cannot_be_decoded_has_no_crops() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    // Its header is that of a picture, and the rest is cut off.
    let mut bytes = picture(1, 90);
    bytes.truncate(bytes.len() / 2);
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let photo = phone.photo(&station, tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    assert_eq!(post.photo_piece(hash_of(&bytes), 0, &bytes).await.status, StatusCode::NO_CONTENT);
    let cookie = post.user("admin", Role::Admin, None).await;
    let crops: central::view::CropsView =
        post.get(&format!("/api/photos/{}/crops?contest=ppwp", hash_of(&bytes)), &cookie).await.json();
    assert!(crops.crops.is_empty());
}
