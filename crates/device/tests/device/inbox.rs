//! What the endpoint has to say: fetched by cursor, taken in once.

use device::sync::Call;
use protocol::{InboxBody, InboxItem};

use crate::world::{World, contest, picture, station};

const QUARTER_MS: i64 = 15 * 60_000;

fn asked_for(world: &World) -> Vec<(u8, String)> {
    let witness = world.device().app().unwrap().witness.unwrap();
    witness.photos_asked_for.into_iter().map(|asked| (asked.page, asked.reason)).collect()
}

fn tell(world: &World, cursor: u64, body: InboxBody) {
    world.endpoint.inbox.lock().unwrap().push(InboxItem { cursor, at_ms: 5, body });
}

fn ask(world: &World, cursor: u64, page: u8, reason: &str) {
    let tally = world.tally().statement.unwrap();
    tell(world, cursor, InboxBody::PhotoRequest { tally, page, reason: reason.to_owned() });
}

fn inbox_calls(world: &World) -> Vec<u64> {
    let calls = world.endpoint.calls.lock().unwrap();
    let after = |call: &Call| if let Call::FetchInbox(asked) = call { Some(asked.after) } else { None };
    calls.iter().filter_map(after).collect()
}

async fn sealed() -> World {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&station(), &contest(), 2, &picture(1)).unwrap();
    world.seal();
    world.send().await;
    world
}

#[tokio::test]
async fn another_photo_is_asked_for_once_and_taking_it_answers() {
    let mut world = sealed().await;
    ask(&world, 3, 2, "angka di kotak kedua tidak terbaca");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(asked_for(&world), [(2, "angka di kotak kedua tidak terbaca".to_owned())]);
    world.restart();
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(asked_for(&world).len(), 1, "the same item is not taken in twice");
    assert_eq!(inbox_calls(&world), [0, 3], "it is asked for what is new");

    world.device().attach_photo(&station(), &contest(), 1, &picture(2)).unwrap();
    assert_eq!(asked_for(&world).len(), 1, "a photo of another page is no answer");
    world.device().attach_photo(&station(), &contest(), 2, &picture(3)).unwrap();
    assert!(asked_for(&world).is_empty());
    ask(&world, 9, 2, "masih buram");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(asked_for(&world), [(2, "masih buram".to_owned())], "asked again, it is open again");
}

#[tokio::test]
async fn what_this_version_does_not_know_is_passed_over_and_what_is_not_ours_ignored() {
    let world = sealed().await;
    tell(&world, 1, InboxBody::Unknown);
    let stranger = "11".repeat(32);
    tell(&world, 2, InboxBody::PhotoRequest { tally: stranger, page: 1, reason: "?".into() });
    ask(&world, 4, 1, "gelap");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(asked_for(&world), [(1, "gelap".to_owned())]);
}

#[tokio::test]
async fn the_inbox_is_asked_for_every_quarter_of_an_hour_and_when_the_witness_wants_it() {
    let world = World::joined();
    world.send().await;
    assert!(inbox_calls(&world).is_empty(), "who has just joined was told nothing yet");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    world.pass_ms(60_000);
    world.send().await;
    assert_eq!(inbox_calls(&world).len(), 1);
    world.device().try_now().unwrap();
    world.send().await;
    assert_eq!(inbox_calls(&world).len(), 2);
    // A clock that was set back by years does not silence it.
    world.pass_ms(-3 * 365 * 86_400_000);
    world.send().await;
    assert_eq!(inbox_calls(&world).len(), 3);
}
