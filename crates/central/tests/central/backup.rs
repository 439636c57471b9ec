//! Everything can be saved while the endpoint serves, and be put back elsewhere.

use central::view::{Role, StationView};
use central::{BackupError, Endpoint, Settings, back_up, restore};
use tempfile::TempDir;

use crate::post::{Clock, Post, hash_of, picture, settings, sound_tally};

#[tokio::test]
async fn what_was_saved_comes_back_whole_in_another_place() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let bytes = picture(1, 30);
    let photo = phone.photo(&station, tally.id, 1, &bytes);
    post.push(&[&tally.bytes, &photo.bytes]).await;
    post.photo_piece(hash_of(&bytes), 0, &bytes).await;
    post.endpoint.sequence().unwrap();
    let cookie = post.user("admin", Role::Admin, None).await;
    let path = format!("/api/stations/{station}?contest=ppwp");
    let before: StationView = post.get(&path, &cookie).await.json();

    let kept = TempDir::new().unwrap();
    let of_post = settings(post.folder.path());
    assert_eq!(back_up(&of_post, kept.path()).unwrap(), 1);
    assert_eq!(back_up(&of_post, kept.path()).unwrap(), 0, "again, nothing is new");

    let (folder, clock) = (TempDir::new().unwrap(), Clock::new());
    let elsewhere = Settings { log_key: Some(post.folder.path().join("log.key")), ..settings(folder.path()) };
    assert_eq!(restore(&elsewhere, kept.path()).unwrap(), 1);
    let again = restore(&elsewhere, kept.path()).unwrap_err();
    assert!(matches!(again, BackupError::NotEmpty(_) | BackupError::Program { .. }), "{again}");
    let endpoint = Endpoint::open(&elsewhere, None, clock.environment()).unwrap();
    let back = Post::around(endpoint, folder, clock);
    let after: StationView = back.get(&path, &cookie).await.json();
    assert_eq!(after, before);
    let shown = back.get(&format!("/api/photos/{}", hash_of(&bytes)), &cookie).await;
    assert_eq!(shown.body, bytes);
    assert_eq!(back.endpoint.rebuild().unwrap().statements, 2);
    let nothing = TempDir::new().unwrap();
    let empty = Settings { log_key: None, ..settings(TempDir::new().unwrap().path()) };
    assert!(matches!(restore(&empty, nothing.path()), Err(BackupError::NoBackup(..))));
}
