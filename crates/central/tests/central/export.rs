//! A station's evidence as one file.

use std::collections::BTreeSet;

use central::view::Role;
use evidence::bundle::{Item, Reader};
use evidence::{Checkpoint, Receipt, StatementId, Unverified};

use crate::post::{Post, hash_of, picture, sound_tally};

#[tokio::test]
async fn it_holds_all_that_came_from_the_station_with_what_proves_it_and_nothing_of_others() {
    let post = Post::new();
    let (here, there) = (post.station(0), post.station(1));
    let mut phone = post.phone_at(1, &here).await;
    let mut other = post.phone_at(2, &there).await;
    let photo = picture(1, 60);
    let tally = phone.tally(&here, sound_tally(&post.paper(), [1, 2, 3]));
    let shown = phone.photo(&here, tally.id, 1, &photo);
    let coming = phone.photo(&here, tally.id, 2, b"not here yet");
    let elsewhere = other.tally(&there, sound_tally(&post.paper(), [4, 5, 6]));
    post.push(&[&elsewhere.bytes, &tally.bytes, &shown.bytes, &coming.bytes]).await;
    post.photo_piece(hash_of(&photo), 0, &photo).await;
    post.endpoint.sequence().unwrap();
    let late = phone.tally(&here, sound_tally(&post.paper(), [3, 2, 1]));
    post.push_one(&late.bytes).await.unwrap();

    let cookie = post.user("auditor", Role::Auditor, None).await;
    let answer = post.get(&format!("/api/stations/{here}/bundle"), &cookie).await;
    assert_eq!(
        answer.headers["content-disposition"],
        format!("attachment; filename=\"saksi-{here}.saksi\"").as_str()
    );
    let (mut statements, mut keys) = (Vec::new(), Vec::new());
    let (mut log_key, mut checkpoint, mut receipts, mut photos) = (None, None, Vec::new(), Vec::new());
    for item in Reader::new(&answer.body[..]).unwrap() {
        match item.unwrap() {
            Item::Statement(bytes) => statements.push(bytes),
            Item::DeviceKey(key) => keys.push(key),
            Item::LogKey(key) => log_key = Some(key),
            Item::Checkpoint(note) => checkpoint = Some(note),
            Item::Receipt(bytes) => receipts.push(bytes),
            Item::Photo(bytes) => photos.push(bytes),
            Item::Rotation(_) | Item::Consistency(_) | Item::Verdict(_) => {
                panic!("nothing of the kind has happened")
            }
        }
    }
    let ids: BTreeSet<StatementId> =
        statements.iter().map(|bytes| Unverified::parse(bytes).unwrap().id()).collect();
    assert_eq!(ids, BTreeSet::from([tally.id, shown.id, coming.id, late.id]));
    assert_eq!((keys, photos), (vec![phone.key.public()], vec![photo]));
    let log_key = log_key.unwrap();
    assert_eq!(Checkpoint::parse(&checkpoint.unwrap(), &log_key).unwrap().size, 4);
    assert_eq!(receipts.len(), 3, "the late one is not in the log yet");
    for receipt in &receipts {
        let receipt = Receipt::parse(receipt).unwrap();
        let proved = statements.iter().filter(|bytes| receipt.verify(&log_key, bytes).is_ok()).count();
        assert_eq!(proved, 1);
    }
}

#[tokio::test]
async fn another_endpoint_of_the_election_takes_it_in() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let bundle = post.get(&format!("/api/stations/{station}/bundle"), &cookie).await.body;
    let other = Post::new();
    other.phone_at(1, &station).await;
    let file = other.folder.path().join("dari-posko.saksi");
    std::fs::write(&file, bundle).unwrap();
    assert_eq!(other.endpoint.import(&file).unwrap().accepted, 1);
}
