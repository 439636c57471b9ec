//! Photos: stored whole, replaced in a draft, kept after sealing.

use device::DeviceError;
use device::view::{Failure, FailureCode};

use crate::world::{World, key, picture};

#[test]
fn a_photo_is_kept_with_its_untouched_original() {
    let mut world = World::joined();
    let original = picture(1);
    world.device().attach_photo(&key(), 1, &original).unwrap();
    world.restart();
    let tally = world.tally();
    let photo = tally.pages[0].photo.as_ref().unwrap();
    assert_eq!((photo.width_px, photo.height_px, photo.sealed), (400, 300, false));
    assert!(world.device().photo(photo.hash.parse().unwrap()).unwrap().starts_with(&[0xff, 0xd8]));
    assert_eq!(originals(&world), [original]);
}

#[test]
fn a_draft_photo_is_replaced_and_removed_with_its_files() {
    let world = World::joined();
    let (first, second) = (picture(1), picture(2));
    world.device().attach_photo(&key(), 1, &first).unwrap();
    world.device().attach_photo(&key(), 1, &second).unwrap();
    assert_eq!(originals(&world), std::slice::from_ref(&second));
    world.device().attach_photo(&key(), 2, &second).unwrap();
    world.device().remove_photo(&key(), 1).unwrap();
    assert_eq!(originals(&world), [second], "page 2 still uses it");
    assert!(world.tally().pages[0].photo.is_none());
}

#[tokio::test]
async fn a_sealed_photo_cannot_be_removed_and_another_one_is_added() {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 1, &picture(1)).unwrap();
    world.seal();
    world.device().remove_photo(&key(), 1).unwrap();
    assert!(world.tally().pages[0].photo.as_ref().is_some_and(|photo| photo.sealed));
    world.device().attach_photo(&key(), 1, &picture(2)).unwrap();
    world.send().await;
    assert_eq!(world.endpoint.verified(&world.public_key()).len(), 3);
    assert_eq!(world.endpoint.photos.lock().unwrap().len(), 2);
    assert_eq!(originals(&world).len(), 2);
}

#[test]
fn a_file_that_is_not_a_photo_is_refused_and_nothing_changes() {
    let world = World::joined();
    let attach = |page, bytes: &[u8]| world.device().attach_photo(&key(), page, bytes);
    assert!(matches!(attach(1, b"not a photo"), Err(DeviceError::Picture(_))));
    assert!(matches!(attach(9, &picture(1)), Err(DeviceError::NoSuchPage { page: 9, .. })));
    assert!(originals(&world).is_empty());
}

#[test]
fn a_file_above_the_limit_is_too_large_and_not_a_damaged_picture() {
    let world = World::joined();
    let file = vec![0; usize::try_from(protocol::limit::ORIGINAL_BYTES).unwrap() + 1];
    let error = world.device().attach_photo(&key(), 1, &file).unwrap_err();
    assert_eq!(Failure::from(&error).code, FailureCode::PhotoTooLarge);
    assert!(originals(&world).is_empty());
}

fn originals(world: &World) -> Vec<Vec<u8>> {
    let folder = world.folder.path().join("photos/originals");
    std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}
