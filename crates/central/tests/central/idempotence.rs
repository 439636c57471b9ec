//! Pushing again, in any order, by several at once: each statement is there exactly once.

use std::sync::Arc;

use evidence::{Body as Said, StatementId};
use protocol::Outcome;

use crate::post::{NOON_MS, Post, demo_subject, sound_tally};

fn accepted(outcomes: &[Outcome]) -> Vec<(StatementId, i64)> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Accepted { id, received_at_ms } => (*id, *received_at_ms),
            Outcome::Refused { problem } => panic!("refused: {problem:?}"),
        })
        .collect()
}

#[tokio::test]
async fn the_same_bytes_again_get_the_first_answer_again() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let sealed = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let first = accepted(&post.push(&[&sealed.bytes]).await);
    assert_eq!(first, [(sealed.id, NOON_MS)]);
    post.clock.advance(90_000);
    assert_eq!(accepted(&post.push(&[&sealed.bytes, &sealed.bytes]).await), [first[0], first[0]]);
    let kept = post.endpoint.store().statements_about(&station).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].bytes, sealed.bytes, "the bytes are kept as they were signed");
}

#[tokio::test]
async fn statements_in_the_wrong_order_are_taken() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let paper = post.paper();
    let tally = phone.tally(&station, sound_tally(&paper, [1, 2, 3]));
    let photo = phone.photo(&station, tally.id, 1, b"some bytes");
    let later = phone.tally(&station, sound_tally(&paper, [4, 5, 6]));
    accepted(&post.push(&[&later.bytes]).await);
    accepted(&post.push(&[&photo.bytes, &tally.bytes]).await);
    assert_eq!(post.endpoint.store().statements_about(&station).unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_devices_that_push_twice_at_once_leave_each_statement_once() {
    let post = Arc::new(Post::new());
    let station = post.station(0);
    let paper = post.paper();
    let mut sealed = Vec::new();
    for seed in [1, 2] {
        let mut phone = post.phone_at(seed, &station).await;
        for votes in 0..8 {
            sealed.push(phone.tally(&station, sound_tally(&paper, [votes, 2, 3])).bytes);
        }
    }
    // Every carrier has everything, in an order of its own; what it is answered is lost.
    let carriers: Vec<_> = (0..6)
        .map(|carrier| {
            let (post, mut own) = (Arc::clone(&post), sealed.clone());
            own.rotate_left(carrier * 5 % sealed.len());
            if carrier % 2 == 1 {
                own.reverse();
            }
            tokio::spawn(async move {
                for part in own.chunks(5) {
                    let part: Vec<&[u8]> = part.iter().map(Vec::as_slice).collect();
                    accepted(&post.push(&part).await);
                }
            })
        })
        .collect();
    for carrier in carriers {
        carrier.await.unwrap();
    }
    let mut kept: Vec<Vec<u8>> = post
        .endpoint
        .store()
        .statements_about(&station)
        .unwrap()
        .into_iter()
        .map(|kept| kept.bytes)
        .collect();
    kept.sort();
    sealed.sort();
    assert_eq!(kept, sealed);
}

#[tokio::test]
async fn two_statements_under_one_sequence_number_are_both_kept_and_flagged() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let paper = post.paper();
    let one = phone.tally(&station, sound_tally(&paper, [1, 2, 3]));
    let other = phone.seal_again(demo_subject(&station), Said::Tally(sound_tally(&paper, [9, 2, 3])));
    assert_ne!(one.id, other.id);
    accepted(&post.push(&[&one.bytes]).await);
    assert!(!post.endpoint.store().statements_about(&station).unwrap()[0].forks);
    accepted(&post.push(&[&other.bytes]).await);
    let kept = post.endpoint.store().statements_about(&station).unwrap();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|kept| kept.forks));
}
