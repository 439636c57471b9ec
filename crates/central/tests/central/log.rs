//! The log: everything once, a proof for everything, and nothing rewritten unnoticed.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use evidence::log::NodeHash;
use evidence::{Checkpoint, LogPublicKey, Receipt, Sealed, StatementId};
use protocol::{
    CBOR, ConsistencyAnswer, LogKeys, MissingStatement, ProblemCode, PushRequest, PushResponse,
    ReceiptsRequest, ReceiptsResponse, path,
};
use serde_bytes::ByteBuf;

use crate::post::{Post, push_of, settings, sound_tally};

async fn log_key(post: &Post) -> LogPublicKey {
    let keys: LogKeys = post.get(path::LOG_KEYS, "").await.json();
    LogPublicKey::from_hex(&keys.current).unwrap()
}

pub(crate) async fn receipts(post: &Post, statements: Vec<StatementId>, seen_size: u64) -> ReceiptsResponse {
    let asked = protocol::to_cbor(&ReceiptsRequest { statements, seen_size }).unwrap();
    let request = Request::post(path::RECEIPTS).header("content-type", CBOR).body(Body::from(asked)).unwrap();
    let answer = post.send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    protocol::from_cbor(&answer.body).unwrap()
}

fn hashes(proof: &[ByteBuf]) -> Vec<NodeHash> {
    proof.iter().map(|hash| hash.as_slice().try_into().unwrap()).collect()
}

/// Statements of one phone at the first station.
async fn sealed(post: &Post, seed: u8, count: u32) -> Vec<Sealed> {
    let station = post.station(0);
    let mut phone = post.phone_at(seed, &station).await;
    (0..count).map(|votes| phone.tally(&station, sound_tally(&post.paper(), [votes, 2, 3]))).collect()
}

async fn push(post: &Post, statements: &[&Sealed]) -> PushResponse {
    let statements = statements.iter().map(|sealed| ByteBuf::from(sealed.bytes.clone())).collect();
    let answer = post.send(push_of(protocol::to_cbor(&PushRequest { statements }).unwrap())).await;
    protocol::from_cbor(&answer.body).unwrap()
}

#[tokio::test]
async fn every_statement_gets_a_receipt_that_holds_at_every_size_of_the_log() {
    let post = Post::new();
    let key = log_key(&post).await;
    let all = sealed(&post, 1, 9).await;
    let ids: Vec<StatementId> = all.iter().map(|sealed| sealed.id).collect();
    let mut seen: Option<Checkpoint> = None;
    for (place, statement) in all.iter().enumerate() {
        push(&post, &[statement]).await;
        assert_eq!(post.endpoint.sequence().unwrap(), 1);
        let seen_size = seen.as_ref().map_or(0, |seen| seen.size);
        let answer = receipts(&post, ids.clone(), seen_size).await;
        let checkpoint = Checkpoint::parse(&answer.checkpoint, &key).unwrap();
        for (index, receipt) in answer.receipts.iter().enumerate() {
            let Some(receipt) = receipt else {
                assert!(index > place, "{index} is in the log and has no receipt");
                continue;
            };
            let proved = Receipt::parse(receipt).unwrap().verify(&key, &all[index].bytes).unwrap();
            assert_eq!((proved.tree_size, proved.root), (checkpoint.size, checkpoint.root));
            assert_eq!(proved.leaf_index, index as u64);
        }
        if let Some(seen) = &seen {
            assert!(checkpoint.continues(seen, &hashes(&answer.consistency)));
        }
        seen = Some(checkpoint);
    }
}

#[tokio::test]
async fn an_empty_log_has_a_checkpoint_and_no_receipts() {
    let post = Post::new();
    let key = log_key(&post).await;
    let answer = receipts(&post, vec![StatementId([1; 32])], 0).await;
    assert_eq!(answer.receipts, [None]);
    let checkpoint = Checkpoint::parse(&answer.checkpoint, &key).unwrap();
    assert_eq!(checkpoint.size, 0);
    let open = post.get(path::CHECKPOINT, "").await;
    assert_eq!(Checkpoint::parse(std::str::from_utf8(&open.body).unwrap(), &key).unwrap().size, 0);
}

#[tokio::test]
async fn each_receipt_belongs_to_the_statement_at_its_place_also_behind_one_that_is_not_in_the_log() {
    let post = Post::new();
    let key = log_key(&post).await;
    let all = sealed(&post, 1, 3).await;
    push(&post, &[&all[1], &all[2]]).await;
    post.endpoint.sequence().unwrap();
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        let asked = order.map(|index| all[index].id).to_vec();
        let answer = receipts(&post, asked, 0).await;
        for (index, receipt) in order.into_iter().zip(&answer.receipts) {
            assert_eq!(receipt.is_some(), index > 0, "{order:?}");
            if let Some(receipt) = receipt {
                assert!(
                    Receipt::parse(receipt).unwrap().verify(&key, &all[index].bytes).is_ok(),
                    "{order:?}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sequencing_while_statements_arrive_never_forks_the_log_or_leaves_one_out() {
    let post = Arc::new(Post::new());
    let key = log_key(&post).await;
    let mut all = Vec::new();
    for seed in 1..=4 {
        all.push(sealed(&post, seed, 12).await);
    }
    let mut working = Vec::new();
    for own in all.clone() {
        let post = Arc::clone(&post);
        working.push(tokio::spawn(async move {
            for statement in &own {
                push(&post, &[statement]).await;
                // Several sequencers at once, as after a restart that overlapped.
                post.endpoint.sequence().unwrap();
            }
        }));
    }
    for work in working {
        work.await.unwrap();
    }
    post.endpoint.sequence().unwrap();
    assert_eq!(post.endpoint.sequence().unwrap(), 0, "there is nothing left to append");
    let flat: Vec<&Sealed> = all.iter().flatten().collect();
    let answer = receipts(&post, flat.iter().map(|sealed| sealed.id).collect(), 0).await;
    let mut places: Vec<u64> = answer
        .receipts
        .iter()
        .zip(&flat)
        .map(|(receipt, sealed)| {
            let receipt = Receipt::parse(receipt.as_ref().unwrap()).unwrap();
            receipt.verify(&key, &sealed.bytes).unwrap().leaf_index
        })
        .collect();
    places.sort_unstable();
    assert_eq!(places, (0..48).collect::<Vec<u64>>());
}

#[tokio::test]
async fn the_log_goes_on_after_a_restart_under_the_same_key() {
    let post = Post::new();
    let key = log_key(&post).await;
    let all = sealed(&post, 1, 3).await;
    push(&post, &[&all[0], &all[1]]).await;
    post.endpoint.sequence().unwrap();
    let before = Checkpoint::parse(&receipts(&post, vec![], 0).await.checkpoint, &key).unwrap();

    let again =
        central::Endpoint::open(&settings(post.folder.path()), None, post.clock.environment()).unwrap();
    push(&post, &[&all[2]]).await;
    assert_eq!(again.sequence().unwrap(), 1);
    let answer = receipts(&post, vec![all[2].id], before.size).await;
    let after = Checkpoint::parse(&answer.checkpoint, &key).unwrap();
    assert_eq!((before.size, after.size), (2, 3));
    assert!(after.continues(&before, &hashes(&answer.consistency)));
}

#[tokio::test]
async fn consistency_is_proved_between_any_two_sizes_to_anybody() {
    let post = Post::new();
    let key = log_key(&post).await;
    let all = sealed(&post, 1, 5).await;
    let mut checkpoints = Vec::new();
    for statement in &all {
        push(&post, &[statement]).await;
        post.endpoint.sequence().unwrap();
        let note = post.get(path::CHECKPOINT, "").await.body;
        checkpoints.push(Checkpoint::parse(std::str::from_utf8(&note).unwrap(), &key).unwrap());
    }
    for older in &checkpoints {
        for newer in checkpoints.iter().filter(|newer| newer.size >= older.size) {
            let address = format!("{}?from={}&to={}", path::CONSISTENCY, older.size, newer.size);
            let answer: ConsistencyAnswer = post.get(&address, "").await.json();
            let proof: Vec<NodeHash> = answer
                .proof
                .iter()
                .map(|hex| {
                    let StatementId(hash) = hex.parse().unwrap();
                    hash
                })
                .collect();
            assert!(newer.continues(older, &proof), "{} to {}", older.size, newer.size);
        }
    }
    let never = post.get(&format!("{}?from=3&to=99", path::CONSISTENCY), "").await;
    assert_eq!(never.code(), ProblemCode::NotFound);
}

#[tokio::test]
async fn a_gap_in_a_chain_is_asked_for() {
    let post = Post::new();
    let all = sealed(&post, 1, 5).await;
    let device = evidence::DeviceKey::from_seed([1; 32]).public().device_id();
    let gap = |sequence| MissingStatement { device, sequence };
    assert_eq!(push(&post, &[&all[0]]).await.missing, []);
    assert_eq!(push(&post, &[&all[3]]).await.missing, [gap(2), gap(3)]);
    assert_eq!(push(&post, &[&all[2]]).await.missing, [gap(2)]);
    assert_eq!(push(&post, &[&all[1], &all[4]]).await.missing, []);
}
