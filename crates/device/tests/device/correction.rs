//! Corrections: a new record that supersedes the old one, with a reason. The old one stays.

use device::{DeviceError, LifeState};
use evidence::Body;

use crate::world::{World, key};

#[tokio::test]
async fn a_correction_supersedes_with_a_reason_and_both_arrive() {
    let world = World::joined();
    world.type_all();
    world.seal();
    world.device().begin_correction(&key(), "  Salah ketik nomor 1 ").unwrap();
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.filled, tally.superseded.len()), (LifeState::Draft, 28, 1));
    world.type_figure("IV.1", 122);
    world.type_figure("IV.2", 98);
    world.seal();
    world.send().await;

    let statements = world.endpoint.verified(&world.public_key());
    let Body::Tally(corrected) = &statements[1].body else { panic!("a tally") };
    let supersedes = corrected.supersedes.as_ref().unwrap();
    assert_eq!((supersedes.statement, supersedes.reason.as_str()), (statements[0].id, "Salah ketik nomor 1"));
    let tally = world.tally();
    assert_eq!(tally.statement, Some(statements[1].id.to_string()));
    assert_eq!(tally.superseded[0].statement, statements[0].id.to_string());
    assert_eq!(tally.correction_reason.as_deref(), Some("Salah ketik nomor 1"));
}

#[test]
fn a_correction_that_is_abandoned_leaves_the_sealed_tally_as_it_was() {
    let world = World::joined();
    world.type_all();
    world.seal();
    world.device().begin_correction(&key(), "salah").unwrap();
    world.type_figure("IV.1", 1);
    world.device().abandon_correction(&key()).unwrap();
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.superseded.len()), (LifeState::Sealed, 0));
}

#[test]
fn a_correction_needs_something_sealed_and_a_reason_and_a_first_draft_is_never_thrown_away() {
    let world = World::joined();
    let begin = |reason| world.device().begin_correction(&key(), reason);
    assert!(matches!(begin("salah"), Err(DeviceError::NotSealed { .. })));
    world.type_figure("IV.1", 5);
    world.device().abandon_correction(&key()).unwrap();
    assert_eq!(world.tally().filled, 1);
    assert!(matches!(begin("   "), Err(DeviceError::ReasonMissing)));
    let too_long = "é".repeat(protocol::limit::CORRECTION_REASON_CHARS + 1);
    assert!(matches!(begin(&too_long), Err(DeviceError::ReasonTooLong(_))));
}
