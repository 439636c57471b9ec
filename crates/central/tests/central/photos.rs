//! Photos: piece by piece, resumed, mismatched, refused.

use std::sync::Arc;

use axum::http::StatusCode;
use evidence::{Body as Said, PhotoHash};
use protocol::{ProblemCode, limit};
use tally::StationId;

use crate::post::{Phone, Post, demo_subject, hash_of, photo_body, picture, sound_tally};

/// A phone that has announced a photo of these bytes.
async fn announced(post: &Post, bytes: &[u8]) -> (Phone, StationId, PhotoHash) {
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let photo = phone.photo(&station, tally.id, 2, bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    (phone, station, hash_of(bytes))
}

#[tokio::test]
async fn a_photo_arrives_in_pieces_and_goes_on_where_it_stopped() {
    let post = Post::new();
    let bytes = picture(1, 90);
    let (_, _, hash) = announced(&post, &bytes).await;
    assert_eq!(post.photo_offset(hash).await.offset(), 0);
    let (first, rest) = bytes.split_at(5_000);
    let answer = post.photo_piece(hash, 0, first).await;
    assert_eq!((answer.status, answer.offset()), (StatusCode::NO_CONTENT, 5_000));

    // The answer is lost, and the phone sends the piece again: it learns where to go on.
    let again = post.photo_piece(hash, 0, first).await;
    assert_eq!((again.code(), again.offset()), (ProblemCode::PhotoOffsetWrong, 5_000));
    let gap = post.photo_piece(hash, 5_001, &rest[1..]).await;
    assert_eq!((gap.code(), gap.offset()), (ProblemCode::PhotoOffsetWrong, 5_000));

    assert_eq!(post.photo_offset(hash).await.offset(), 5_000);
    let last = post.photo_piece(hash, 5_000, rest).await;
    assert_eq!((last.status, last.offset()), (StatusCode::NO_CONTENT, bytes.len() as u64));

    // Sending any of it again is harmless.
    for offset in [0, 5_000] {
        let again = post.photo_piece(hash, offset, first).await;
        assert_eq!((again.status, again.offset()), (StatusCode::NO_CONTENT, bytes.len() as u64));
    }
    let cookie = post.user("admin", central::view::Role::Admin, None).await;
    let shown = post.get(&format!("/api/photos/{hash}"), &cookie).await;
    assert_eq!(shown.body, bytes);
    assert_eq!(shown.headers["content-type"], "image/png");
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");
    assert!(shown.headers["cache-control"].to_str().unwrap().contains("immutable"));
}

#[tokio::test]
async fn wrong_bytes_are_dropped_at_the_end_and_the_photo_may_come_again() {
    let post = Post::new();
    let bytes = picture(1, 40);
    let (_, _, hash) = announced(&post, &bytes).await;
    let mut wrong = bytes.clone();
    wrong[20] ^= 1;
    assert_eq!(post.photo_piece(hash, 0, &wrong).await.code(), ProblemCode::PhotoHashMismatch);
    assert_eq!(post.photo_offset(hash).await.offset(), 0);
    assert_eq!(post.photo_piece(hash, 0, &bytes).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn bytes_that_are_no_picture_are_refused_for_good() {
    let post = Post::new();
    let bytes = b"%PDF-1.7 a scan, they said";
    let (_, _, hash) = announced(&post, bytes).await;
    assert_eq!(post.photo_piece(hash, 0, bytes).await.code(), ProblemCode::PhotoNotAnImage);
    assert_eq!(post.photo_piece(hash, 0, bytes).await.code(), ProblemCode::PhotoNotAnImage);
    let offset = post.photo_offset(hash).await;
    assert_eq!(offset.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(offset.headers[protocol::PROBLEM_HEADER], "photo_not_an_image");
    let cookie = post.user("admin", central::view::Role::Admin, None).await;
    assert_eq!(post.get(&format!("/api/photos/{hash}"), &cookie).await.code(), ProblemCode::NotFound);
}

#[tokio::test]
async fn more_bytes_than_were_announced_or_than_a_piece_may_have_are_refused() {
    let post = Post::new();
    let bytes = picture(1, 40);
    let (_, _, hash) = announced(&post, &bytes).await;
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(post.photo_piece(hash, 0, &longer).await.code(), ProblemCode::BodyTooLong);
    let piece = vec![0; limit::PHOTO_PIECE_BYTES + 1];
    assert_eq!(post.photo_piece(hash, 0, &piece).await.code(), ProblemCode::BodyTooLong);
    assert_eq!(post.photo_offset(hash).await.offset(), 0);
}

#[tokio::test]
async fn a_photo_without_a_statement_is_not_known_yet() {
    let post = Post::new();
    let bytes = picture(1, 10);
    let hash = hash_of(&bytes);
    assert_eq!(post.photo_offset(hash).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post.photo_piece(hash, 0, &bytes).await.code(), ProblemCode::PhotoUnknown);
}

#[tokio::test]
async fn a_lie_about_a_photos_length_does_not_keep_the_photo_out() {
    let post = Post::new();
    let bytes = picture(1, 60);
    let (mut phone, station, hash) = announced(&post, &bytes).await;
    for lie in [5, bytes.len() as u64 + 1_000] {
        let mut body = photo_body(evidence::StatementId([1; 32]), 1, &bytes);
        body.derivative_bytes = lie;
        let sealed = phone.seal(demo_subject(&station), Said::Photo(body));
        post.push_one(&sealed.bytes).await.unwrap();
    }
    post.photo_piece(hash, 0, &bytes[..5]).await;
    let last = post.photo_piece(hash, 5, &bytes[5..]).await;
    assert_eq!((last.status, last.offset()), (StatusCode::NO_CONTENT, bytes.len() as u64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_who_send_the_same_photo_at_once_make_one_whole_photo() {
    let post = Arc::new(Post::new());
    let bytes = Arc::new(picture(3, 150));
    let (_, _, hash) = announced(&post, &bytes).await;
    let senders: Vec<_> = (0..4)
        .map(|_| {
            let (post, bytes) = (Arc::clone(&post), Arc::clone(&bytes));
            tokio::spawn(async move {
                let mut offset = post.photo_offset(hash).await.offset();
                while offset < bytes.len() as u64 {
                    let from = usize::try_from(offset).unwrap();
                    let piece = &bytes[from..bytes.len().min(from + 5_000)];
                    offset = post.photo_piece(hash, offset, piece).await.offset();
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    let cookie = post.user("admin", central::view::Role::Admin, None).await;
    assert_eq!(post.get(&format!("/api/photos/{hash}"), &cookie).await.body, *bytes);
}

#[tokio::test]
async fn a_photo_stays_where_it_was_announced_first() {
    let post = Post::new();
    let bytes = picture(1, 90);
    let (_, station, hash) = announced(&post, &bytes).await;
    post.photo_piece(hash, 0, &bytes).await;
    let elsewhere = post.endpoint.election().stations().find(|one| one.desa() != station.desa()).unwrap();
    post.clock.advance(1_000);
    let mut accomplice = post.phone_at(2, &elsewhere).await;
    let tally = accomplice.tally(&elsewhere, sound_tally(&post.paper(), [1, 2, 3]));
    let same = accomplice.photo(&elsewhere, tally.id, 2, &bytes);
    post.push(&[&tally.bytes, &same.bytes]).await;
    let there = post.user("sana", central::view::Role::Coordinator, Some(elsewhere.desa().as_str())).await;
    assert_eq!(post.get(&format!("/api/photos/{hash}"), &there).await.code(), ProblemCode::Forbidden);
    let here = post.user("sini", central::view::Role::Coordinator, Some(station.desa().as_str())).await;
    assert_eq!(post.get(&format!("/api/photos/{hash}"), &here).await.status, StatusCode::OK);
}
