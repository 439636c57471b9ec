//! Sealing: all or nothing, and final.

use device::{DeviceError, LifeState, StoreError};
use evidence::{Body, Namespace};
use tally::{Figure, FindingKey};

use crate::world::{World, key, picture, station};

#[tokio::test]
async fn a_sealed_tally_contains_what_was_typed_and_its_photos_follow_in_the_chain() {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 2, &picture(10)).unwrap();
    world.device().attach_photo(&key(), 3, &picture(20)).unwrap();
    world.seal();
    world.send().await;

    let statements = world.endpoint.verified(&world.public_key());
    assert_eq!(statements.len(), 3);
    assert_eq!(statements[0].claims.subject.namespace, Namespace::Real);
    assert_eq!(statements[0].claims.subject.station, station().to_string());
    for (index, statement) in statements.iter().enumerate() {
        assert_eq!(statement.claims.sequence, index as u64 + 1);
        assert_eq!(statement.claims.previous, index.checked_sub(1).map(|before| statements[before].id));
    }
    let Body::Tally(tally) = &statements[0].body else { panic!("the tally comes first") };
    assert_eq!((tally.figures.len(), tally.figures[0], tally.acknowledged.len()), (28, Some(140), 0));
    for (statement, page) in statements[1..].iter().zip([2, 3]) {
        let Body::Photo(photo) = &statement.body else { panic!("then the photos") };
        assert_eq!((photo.tally, photo.page), (statements[0].id, page));
    }
}

#[test]
fn a_fault_must_be_answered_before_sealing_and_the_answer_is_sealed_with_it() {
    let world = World::joined();
    world.type_all();
    world.type_figure("V.A", 243);
    let open = match world.device().seal(&key()) {
        Err(DeviceError::FaultsUnanswered(open)) => open,
        other => panic!("{other:?}"),
    };
    assert!(open.contains(&FindingKey("F401".into())), "{open:?}");
    assert_eq!(world.tally().life.state, LifeState::Draft);
    for fault in &open {
        world.device().acknowledge(&key(), fault, true).unwrap();
    }
    world.seal();
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.open_faults), (LifeState::Sealed, 0));
    assert!(
        tally
            .findings
            .iter()
            .any(|found| found.finding.key.0 == "F401" && found.acknowledged_at_ms.is_some())
    );
}

#[test]
fn a_sealed_tally_cannot_be_edited_or_sealed_again() {
    let mut world = World::joined();
    world.type_all();
    world.seal();
    world.restart();
    let edit = world.device().set_figure(&key(), &"IV.1".parse().unwrap(), Some(Figure::Written(1)));
    assert!(matches!(edit, Err(DeviceError::AlreadySealed { .. })));
    assert!(matches!(world.device().seal(&key()), Err(DeviceError::AlreadySealed { .. })));
    assert_eq!(world.tally().filled, 28);
}

#[test]
fn an_empty_paper_is_not_sealed() {
    let world = World::joined();
    assert!(matches!(world.device().seal(&key()), Err(DeviceError::NothingTyped)));
}

#[test]
fn without_its_key_a_device_keeps_the_draft_and_names_the_reason() {
    let world = World::joined();
    world.type_all();
    std::fs::remove_file(world.folder.path().join("device.key")).unwrap();
    let error = world.device().seal(&key()).unwrap_err();
    assert!(matches!(error, DeviceError::Store(StoreError::KeyLost)), "{error}");
    assert_eq!((world.tally().life.state, world.tally().filled), (LifeState::Draft, 28));
}
