//! Proofs: only a receipt that this device has verified counts.

use std::sync::atomic::Ordering;

use device::LifeState;
use device::sync::Answer;
use device::view::SyncError;
use evidence::LogKey;
use protocol::{MissingStatement, Outcome};

use crate::world::{ScriptedReply, World, key};

fn sealed() -> World {
    let world = World::joined();
    world.type_all();
    world.seal();
    world
}

fn error(world: &World) -> Option<SyncError> {
    world.device().app().unwrap().witness.unwrap().outbox.error
}

#[tokio::test]
async fn a_receipt_that_holds_makes_a_tally_sent_and_proved() {
    let mut world = sealed();
    world.send().await;
    world.restart();
    let tally = world.tally();
    assert_eq!(tally.life.state, LifeState::Receipted);
    let receipt = tally.receipt.unwrap();
    assert_eq!((receipt.leaf_index, receipt.tree_size), (0, 1));
}

#[tokio::test]
async fn a_statement_that_is_not_in_the_log_yet_is_asked_for_again() {
    let world = sealed();
    world.endpoint.sequencer_sleeps.store(true, Ordering::SeqCst);
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Accepted);
    assert_eq!(world.device().app().unwrap().witness.unwrap().outbox.proofs_waiting, 1);
    world.endpoint.sequencer_sleeps.store(false, Ordering::SeqCst);
    world.pass_ms(300_000);
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
}

#[tokio::test]
async fn receipts_of_another_log_prove_nothing() {
    let world = sealed();
    world.endpoint.log.lock().unwrap().key = LogKey::from_seed([4; 32]);
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Accepted);
    assert_eq!(error(&world), Some(SyncError::ProofWrong));
    assert!(
        world.device().app().unwrap().witness.unwrap().log_alarm.is_none(),
        "it is not this log's checkpoint"
    );
}

#[tokio::test]
async fn a_log_whose_key_was_rotated_is_followed_and_stays_followed() {
    let mut world = sealed();
    world.send().await;
    let first = world.tally().receipt.unwrap().log;
    {
        let mut log = world.endpoint.log.lock().unwrap();
        log.hand_over_to(LogKey::from_seed([4; 32]));
        log.hand_over_to(LogKey::from_seed([5; 32]));
    }
    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.seal();
    world.send().await;
    let tally = world.tally();
    assert_eq!((tally.life.state, error(&world)), (LifeState::Receipted, None));
    assert_ne!(tally.receipt.unwrap().log, first);
    assert!(world.device().app().unwrap().witness.unwrap().log_alarm.is_none());

    world.restart();
    let calls = world.endpoint.call_count();
    world.device().begin_correction(&key(), "salah ketik lagi").unwrap();
    world.seal();
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
    assert_eq!(world.endpoint.call_count(), calls + 2, "a push and the receipts: the keys are known");
}

#[tokio::test]
async fn a_replaced_key_signs_no_more_for_the_log() {
    let world = sealed();
    world.endpoint.log.lock().unwrap().hand_over_to(LogKey::from_seed([4; 32]));
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
    world.endpoint.log.lock().unwrap().key = LogKey::from_seed([3; 32]);
    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.seal();
    world.send().await;
    assert_eq!((world.tally().life.state, error(&world)), (LifeState::Accepted, Some(SyncError::ProofWrong)));
}

#[tokio::test]
async fn a_rotation_without_the_old_keys_signature_is_not_followed() {
    let world = sealed();
    {
        let mut log = world.endpoint.log.lock().unwrap();
        log.hand_over_to(LogKey::from_seed([4; 32]));
        log.rotations[0].signature[7] ^= 1;
    }
    world.send().await;
    assert_eq!((world.tally().life.state, error(&world)), (LifeState::Accepted, Some(SyncError::ProofWrong)));
    // It is retried later, and not in a loop.
    let calls = world.endpoint.call_count();
    world.send().await;
    assert_eq!(world.endpoint.call_count(), calls);
}

#[tokio::test]
async fn a_rewritten_log_is_detected_and_both_checkpoints_are_kept() {
    let mut world = sealed();
    world.endpoint.log.lock().unwrap().leaves.push(b"somebody else's statement".to_vec());
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);

    // A statement is dropped and the log rebuilt, everything signed with the right key.
    world.endpoint.log.lock().unwrap().leaves.remove(0);
    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.seal();
    world.send().await;
    world.restart();
    assert_eq!(world.tally().life.state, LifeState::Accepted, "no receipt of a rewritten log counts");
    let alarm = world.device().app().unwrap().witness.unwrap().log_alarm.unwrap();
    assert_ne!(alarm.older, alarm.newer);
    assert_eq!(error(&world), Some(SyncError::ProofWrong));
}

#[tokio::test]
async fn a_statement_that_the_endpoint_misses_is_sent_again() {
    let world = sealed();
    world.send().await;
    world.endpoint.statements.lock().unwrap().clear();
    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.seal();
    let key = world.public_key();
    let id = world.tally().statement.unwrap().parse().unwrap();
    let missing = vec![MissingStatement { device: key.device_id(), sequence: 1 }];
    let outcomes = vec![Outcome::Accepted { id, received_at_ms: 78 }];
    world.endpoint.script(ScriptedReply::Answer(Answer::Pushed { outcomes, missing }));
    world.send().await;
    let arrived = world.endpoint.verified(&key);
    assert_eq!(arrived.iter().map(|statement| statement.claims.sequence).collect::<Vec<_>>(), [1]);
}
