//! The log's key: made once, missed loudly, handed over to a next one that the old one signs.

use central::store::{Actor, AuditContext};
use central::view::{LogComparison, LogVerdict, LogView, Role};
use central::{Endpoint, LogKeyError, OpenError};
use evidence::{Checkpoint, LogKey, LogPublicKey, Receipt, Rotation};
use protocol::{LogKeys, path};

use crate::post::{Post, settings, sound_tally};

fn reopen(post: &Post) -> Result<Endpoint, OpenError> {
    Endpoint::open(&settings(post.folder.path()), None, post.clock.environment())
}

async fn keys(post: &Post) -> LogKeys {
    post.get(path::LOG_KEYS, "").await.json()
}

#[tokio::test]
async fn a_missing_key_is_not_made_again_and_a_wrong_one_is_not_taken() {
    let post = Post::new();
    let file = post.folder.path().join("log.key");
    let right = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let missing = reopen(&post).unwrap_err();
    assert!(matches!(missing, OpenError::LogKey(LogKeyError::Missing { .. })), "{missing}");
    assert!(!file.exists());
    std::fs::write(&file, [9; 32]).unwrap();
    let wrong = reopen(&post).unwrap_err();
    assert!(matches!(wrong, OpenError::LogKey(LogKeyError::OtherLog { .. })), "{wrong}");
    std::fs::write(&file, &right[..31]).unwrap();
    let short = reopen(&post).unwrap_err();
    assert!(matches!(short, OpenError::LogKey(LogKeyError::File { .. })), "{short}");
    std::fs::write(&file, right).unwrap();
    reopen(&post).unwrap();
}

#[tokio::test]
async fn the_key_is_in_a_file_for_its_owner_and_nowhere_in_the_database() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    post.endpoint.sequence().unwrap();
    let file = post.folder.path().join("log.key");
    let seed = std::fs::read(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    for (name, bytes) in post.dump() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!bytes.windows(32).any(|window| window == seed) && !text.contains(&hex), "{name}");
    }
}

#[tokio::test]
async fn a_device_that_trusts_the_old_key_follows_to_the_new_one_and_the_log_goes_on() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let first = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&first.bytes).await.unwrap();
    post.endpoint.sequence().unwrap();
    let pinned = LogPublicKey::from_hex(&keys(&post).await.current).unwrap();
    let before = post.endpoint.checkpoint().unwrap();

    for _ in 0..2 {
        reopen(&post).unwrap().rotate_log_key(&Actor::Operator).unwrap();
    }
    // A hand that holds the old key cannot sign for the log any more.
    let second = phone.tally(&station, sound_tally(&post.paper(), [3, 2, 1]));
    post.push_one(&second.bytes).await.unwrap();
    assert!(post.endpoint.sequence().is_err());

    let post = Post::around(reopen(&post).unwrap(), post.folder, post.clock);
    let published = keys(&post).await;
    let rotations: Vec<Rotation> =
        published.rotations.iter().map(|hex| Rotation::from_hex(hex).unwrap()).collect();
    let current = LogPublicKey::from_hex(&published.current).unwrap();
    assert_eq!((rotations.len(), pinned.follow(&rotations)), (2, Some(current)));
    // What the old key said last is said again under the new one, and the log goes on from there.
    let [old, new] = [
        Checkpoint::parse(&before, &pinned),
        Checkpoint::parse(&post.endpoint.checkpoint().unwrap(), &current),
    ];
    let [old, new] = [old.unwrap(), new.unwrap()];
    assert_eq!((old.size, old.root, old.at_s), (new.size, new.root, new.at_s));
    assert_eq!(post.endpoint.sequence().unwrap(), 1);
    let response = crate::log::receipts(&post, vec![first.id, second.id], old.size).await;
    for (receipt, sealed) in response.receipts.iter().zip([&first, &second]) {
        Receipt::parse(receipt.as_ref().unwrap()).unwrap().verify(&current, &sealed.bytes).unwrap();
    }
    let kept = serde_json::json!({ "kept": before });
    let answer: LogComparison = post.post_json("/api/log/compare", &cookie, kept).await.json();
    assert_eq!(answer.verdict, LogVerdict::Continues);
    let log: LogView = post.get("/api/log", &cookie).await.json();
    assert_eq!(log.keys.len(), 3);
    let audit = post.endpoint.store().audit().unwrap();
    assert_eq!(audit.iter().filter(|entry| entry.action == "log.rotate_key").count(), 2);
}

#[tokio::test]
async fn a_handing_over_that_was_cut_short_is_finished_or_forgotten() {
    let post = Post::new();
    let waiting = post.folder.path().join("log.key.next");
    let old = std::fs::read(post.folder.path().join("log.key")).unwrap();
    let next = LogKey::from_seed([5; 32]);
    // Before the store knew of it, nothing has happened.
    std::fs::write(&waiting, [5; 32]).unwrap();
    let hand = reopen(&post).unwrap();
    // After that, the file takes its place at the next start.
    let rotation = LogKey::from_seed(old.try_into().unwrap()).hand_over_to(next.public());
    assert!(
        hand.store().rotate_log_key(&rotation, AuditContext { actor: &Actor::Operator, now_ms: 0 }).unwrap()
    );
    assert!(
        !hand.store().rotate_log_key(&rotation, AuditContext { actor: &Actor::Operator, now_ms: 0 }).unwrap(),
        "once"
    );
    let again = reopen(&post).unwrap();
    assert!(!waiting.exists());
    Checkpoint::parse(&again.checkpoint().unwrap(), &next.public()).unwrap();
    reopen(&post).unwrap();
}
