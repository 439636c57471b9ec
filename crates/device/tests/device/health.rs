//! Damage of the phone's storage: found, shown, and no more is lost than must be.

use device::view::LostPhotoView;
use device::{Device, LifeState};

use crate::world::{World, contest, key, picture, station};

fn health(world: &World) -> device::view::HealthView {
    world.device().app().unwrap().health
}

/// Overwrites the middle of the database, as a dying card does.
fn damage(world: &World) {
    let file = world.folder.path().join("saksi.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let (from, until) = (bytes.len() / 4, bytes.len() * 3 / 4);
    bytes[from..until].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    for companion in ["saksi.db-wal", "saksi.db-shm"] {
        let _ = std::fs::remove_file(world.folder.path().join(companion));
    }
}

#[tokio::test]
async fn a_damaged_database_is_restored_from_its_copy_and_no_sequence_number_is_used_twice() {
    let mut world = World::joined();
    world.type_all();
    world.seal();
    world.device().keep_copy().unwrap();
    world.send().await;
    // Sealed and even sent after the copy: it is at the endpoint, and this device will not know of it.
    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.seal();
    world.send().await;

    world.close();
    damage(&world);
    world.restart();
    assert!(health(&world).restored_at_ms.is_some());
    assert_eq!(world.tally().life.state, LifeState::Sealed, "as it was at the copy");
    world.device().begin_correction(&key(), "salah ketik lagi").unwrap();
    world.seal();
    world.send().await;
    let sequences: Vec<u64> =
        world.endpoint.verified(&world.public_key()).iter().map(|one| one.claims.sequence).collect();
    assert_eq!(sequences[..2], [1, 2]);
    assert!(sequences[2] > 1_000, "a gap, and never a fork: {sequences:?}");
    let aside = std::fs::read_dir(world.folder.path()).unwrap();
    let kept = aside.filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().contains("damaged"));
    assert!(kept.count() > 0, "the damaged database is kept");
}

#[tokio::test]
async fn a_copy_that_is_restored_twice_uses_no_sequence_number_twice() {
    let mut world = World::joined();
    world.type_all();
    world.seal();
    world.device().keep_copy().unwrap();
    for reason in ["salah ketik", "salah ketik lagi", "masih salah ketik"] {
        world.close();
        damage(&world);
        world.restart();
        world.device().begin_correction(&key(), reason).unwrap();
        world.seal();
        world.send().await;
    }
    let mut sequences: Vec<u64> =
        world.endpoint.verified(&world.public_key()).iter().map(|one| one.claims.sequence).collect();
    sequences.sort_unstable();
    assert_eq!(sequences, [1, 1_001, 2_001, 3_001]);
    let aside = |number: u32| world.folder.path().join(format!("saksi.damaged-{number}.db"));
    assert!((1..=3).all(|number| aside(number).exists()), "each damaged database is kept");
}

#[test]
fn a_damaged_database_without_a_copy_is_an_error_and_is_not_changed() {
    let mut world = World::joined();
    world.type_all();
    world.close();
    damage(&world);
    let before = std::fs::read(world.folder.path().join("saksi.db")).unwrap();
    let Err(error) = Device::open(world.folder.path(), world.platform()) else {
        unreachable!("it is damaged")
    };
    assert!(error.to_string().contains("damaged"), "{error}");
    assert_eq!(std::fs::read(world.folder.path().join("saksi.db")).unwrap(), before);
}

#[test]
fn a_healthy_device_shows_no_damage() {
    let mut world = World::joined();
    world.device().keep_copy().unwrap();
    world.restart();
    let health = health(&world);
    assert_eq!((health.restored_at_ms, health.lost_photos.len()), (None, 0));
}

fn derivative(world: &World, page: usize) -> std::path::PathBuf {
    let hash = world.tally().pages[page - 1].photo.clone().unwrap().hash;
    world.folder.path().join(format!("photos/derivatives/{hash}.jpg"))
}

#[tokio::test]
async fn a_damaged_photo_is_made_again_from_its_original() {
    let mut world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 2, &picture(10)).unwrap();
    world.seal();
    let file = derivative(&world, 2);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..20]).unwrap();
    world.restart();
    assert_eq!(std::fs::read(&file).unwrap(), whole);
    world.send().await;
    assert_eq!(world.endpoint.photos.lock().unwrap().values().next(), Some(&whole));
}

#[tokio::test]
async fn a_lost_photo_is_shown_and_does_not_delay_the_others() {
    let mut world = World::joined();
    world.type_all();
    for page in [1, 2] {
        world.device().attach_photo(&key(), page, &picture(page)).unwrap();
    }
    world.seal();
    // The files disappear while the app runs.
    std::fs::remove_file(derivative(&world, 1)).unwrap();
    std::fs::remove_dir_all(world.folder.path().join("photos/originals")).unwrap();
    world.send().await;
    let lost = LostPhotoView { station: station(), contest: contest(), round: 1, page: 1 };
    assert_eq!(health(&world).lost_photos, std::slice::from_ref(&lost));
    assert_eq!(world.endpoint.photos.lock().unwrap().len(), 1, "page 2 arrived");
    world.restart();
    assert_eq!(health(&world).lost_photos, [lost]);
    // After a new photo of the page nothing is missing.
    world.device().attach_photo(&key(), 1, &picture(9)).unwrap();
    world.send().await;
    assert_eq!(world.endpoint.photos.lock().unwrap().len(), 2);
}

#[cfg(feature = "sabotage")]
#[tokio::test]
async fn on_a_full_disk_nothing_is_claimed_and_nothing_is_lost() {
    use device::DeviceError;
    use device::view::{Failure, FailureCode};
    use evidence::Body;

    let mut world = World::joined();
    world.type_all();
    let fill = |world: &World| world.device().limit_disk(0).unwrap();
    fill(&world);
    let mut refused = None;
    for _ in 0..200 {
        if let Err(error) = world.device().attend(&station(), evidence::AttendanceEvent::Arrived) {
            refused = Some(error);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(Failure::from(&refused).code, FailureCode::DiskFull, "{refused}");
    let sealed = world.device().seal(&key());
    assert!(matches!(&sealed, Err(DeviceError::Store(_))), "{sealed:?}");
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.filled), (LifeState::Draft, tally.fields));
    world.restart();
    world.seal();
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
    let tallies = world.endpoint.verified(&world.public_key());
    assert_eq!(tallies.iter().filter(|one| matches!(one.body, Body::Tally(_))).count(), 1);
}
