//! Exported bundles: everything that was sealed in one file, and never the secret key.

use evidence::bundle::{Item, Kind, Reader, check};
use evidence::{Receipt, StatementId};

use crate::world::{World, key, picture};

async fn sealed_and_proved() -> World {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 2, &picture(10)).unwrap();
    world.seal();
    world.send().await;
    world
}

#[tokio::test]
async fn a_bundle_contains_everything_that_was_sealed_with_its_proofs_and_photos() {
    let world = sealed_and_proved().await;
    let bundle = world.device().export_bundle().unwrap();
    assert_eq!((bundle.contents.statements, bundle.contents.photos), (2, 1));
    let summary = check(bundle.bytes.as_slice()).unwrap();
    for (kind, count) in [(Kind::Statement, 2), (Kind::Receipt, 2), (Kind::Photo, 1), (Kind::Checkpoint, 1)] {
        assert_eq!(summary.items.get(&kind), Some(&count), "{kind:?}");
    }
    let items: Vec<Item> = Reader::new(bundle.bytes.as_slice()).unwrap().map(Result::unwrap).collect();
    let statements: Vec<StatementId> = items
        .iter()
        .filter_map(
            |item| if let Item::Statement(bytes) = item { Some(StatementId::of(bytes)) } else { None },
        )
        .collect();
    for item in &items {
        if let Item::Receipt(bytes) = item {
            assert!(statements.contains(&Receipt::parse(bytes).unwrap().statement()));
        }
    }
    assert_eq!(world.device().export_bundle().unwrap(), bundle, "the same state gives the same bytes");
}

#[tokio::test]
async fn the_secret_key_is_in_no_bundle_and_in_no_database() {
    let world = sealed_and_proved().await;
    let secret = std::fs::read(world.folder.path().join("device.key")).unwrap();
    let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    assert!(!holds(&world.device().export_bundle().unwrap().bytes));
    for file in ["saksi.db", "saksi.db-wal"] {
        assert!(!holds(&std::fs::read(world.folder.path().join(file)).unwrap()), "{file}");
    }
}

#[tokio::test]
async fn a_tally_is_drawn_as_a_code_only_once_it_is_sealed() {
    let world = World::joined();
    world.type_all();
    assert!(world.device().tally_code(&key()).is_err());
    world.seal();
    assert!(world.device().tally_code(&key()).unwrap().starts_with("<svg"));
}
