//! The device's secret key: with a keystore, a copy of the app's files can sign nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use device::view::{Failure, FailureCode, SyncError};
use device::{DeviceError, Keystore, KeystoreError, LifeState, MemoryKeystore, StoreError};

use crate::world::{World, key, picture};

/// A keystore that can be locked.
#[derive(Default)]
struct Lockable {
    inside: MemoryKeystore,
    locked: AtomicBool,
}

impl Lockable {
    fn open(&self) -> Result<(), KeystoreError> {
        if self.locked.load(Ordering::SeqCst) { Err(KeystoreError("it is locked".into())) } else { Ok(()) }
    }
}

impl Keystore for Lockable {
    fn get(&self, name: &str) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, KeystoreError> {
        self.open()?;
        self.inside.get(name)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        self.open()?;
        self.inside.set(name, secret)
    }
}

fn code(error: &DeviceError) -> FailureCode {
    Failure::from(error).code
}

/// Whether any file below `folder` holds `secret`, as bytes or in hex.
fn is_anywhere(folder: &Path, secret: &[u8]) -> bool {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let holds = |bytes: &[u8]| {
        [secret, hex.as_bytes()]
            .iter()
            .any(|wanted| bytes.windows(wanted.len()).any(|window| window == *wanted))
    };
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { is_anywhere(&path, secret) } else { holds(&std::fs::read(path).unwrap()) }
    })
}

#[tokio::test]
async fn an_unencrypted_key_is_encrypted_as_soon_as_a_keystore_answers_and_stays_the_same() {
    let mut world = World::joined();
    let (seed, public) = (std::fs::read(world.folder.path().join("device.key")).unwrap(), world.public_key());
    assert_eq!(seed.len(), 32);
    assert!(is_anywhere(world.folder.path(), &seed));
    world.keystore = Arc::new(MemoryKeystore::default());
    world.restart();
    world.type_all();
    world.device().attach_photo(&key(), 1, &picture(1)).unwrap();
    world.seal();
    world.device().keep_copy().unwrap();
    assert!(!is_anywhere(world.folder.path(), &seed), "no file has the key any more, nor has the copy");
    let bundle = world.device().export_bundle().unwrap();
    assert!(!bundle.bytes.windows(32).any(|window| window == seed), "nor has a bundle");
    world.send().await;
    assert_eq!(world.endpoint.verified(&public).len(), 2, "signed by the same key");

    world.restart();
    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.seal();
    world.send().await;
    assert_eq!(world.endpoint.verified(&public).len(), 3);
}

#[test]
fn a_locked_keystore_is_named_and_nothing_that_was_typed_is_lost() {
    let keystore = Arc::new(Lockable::default());
    let world = World::joined_with(Arc::clone(&keystore) as Arc<dyn Keystore>);
    world.type_all();
    keystore.locked.store(true, Ordering::SeqCst);
    let refusal = world.device().seal(&key()).unwrap_err();
    assert_eq!(code(&refusal), FailureCode::KeystoreLocked);
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.filled), (LifeState::Draft, tally.fields));
    world.device().attach_photo(&key(), 1, &picture(1)).unwrap();
    keystore.locked.store(false, Ordering::SeqCst);
    world.seal();
    assert_eq!(world.tally().life.state, LifeState::Sealed);
}

#[test]
fn a_key_that_the_keystore_lost_is_never_replaced_by_another() {
    let mut world = World::joined_with(Arc::new(MemoryKeystore::default()));
    let sealed = std::fs::read(world.folder.path().join("device.key")).unwrap();
    world.keystore = Arc::new(MemoryKeystore::default());
    world.restart();
    world.type_all();
    let refusal = world.device().seal(&key()).unwrap_err();
    assert_eq!(code(&refusal), FailureCode::KeyLost);
    assert_eq!(std::fs::read(world.folder.path().join("device.key")).unwrap(), sealed);
}

#[test]
fn a_keystore_that_takes_nothing_leaves_the_key_in_a_file_that_only_its_user_reads() {
    let keystore = Arc::new(Lockable::default());
    keystore.locked.store(true, Ordering::SeqCst);
    let world = World::joined_with(keystore);
    let file = world.folder.path().join("device.key");
    assert_eq!(std::fs::read(&file).unwrap().len(), 32);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap()) & 0o777, 0o600);
    world.type_all();
    world.seal();
}

#[test]
fn a_damaged_key_file_is_an_error() {
    let mut world = World::joined_with(Arc::new(MemoryKeystore::default()));
    let file = world.folder.path().join("device.key");
    let sealed = std::fs::read(&file).unwrap();
    world.type_all();
    let bent: Vec<u8> = sealed.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 80)).collect();
    for bytes in [&sealed[..sealed.len() - 1], &sealed[..25], &bent, b"seed"] {
        std::fs::write(&file, bytes).unwrap();
        world.restart();
        let refusal = world.device().seal(&key()).unwrap_err();
        assert!(matches!(refusal, DeviceError::Store(StoreError::Damaged(_))), "{refusal}");
    }
    std::fs::write(&file, sealed).unwrap();
    world.seal();
}

#[tokio::test]
async fn while_the_keystore_is_locked_nothing_is_sent_and_all_of_it_after_it_is_unlocked() {
    let keystore = Arc::new(Lockable::default());
    let world = World::joined_with(Arc::clone(&keystore) as Arc<dyn Keystore>);
    world.type_all();
    world.seal();
    keystore.locked.store(true, Ordering::SeqCst);
    world.send().await;
    assert_eq!(world.endpoint.statement_ids().len(), 0, "a request without a proof would be refused");
    let outbox = world.device().app().unwrap().witness.unwrap().outbox;
    assert_eq!((outbox.tallies_waiting, outbox.error), (1, Some(SyncError::KeystoreLocked)));
    keystore.locked.store(false, Ordering::SeqCst);
    world.device().try_now().unwrap();
    world.send().await;
    assert_eq!(world.endpoint.statement_ids().len(), 1);
}
