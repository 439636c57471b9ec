//! The inbox: fetched by cursor, each item stored once.

use device::LifeState;
use device::sync::Call;
use protocol::{Assignment, ChangedEnrolment, Decision, InboxBody, InboxItem};
use sha2::{Digest as _, Sha256};
use tally::{Election, StationId};

use crate::world::{World, contest, demo_election, key, picture, station};

const QUARTER_MS: i64 = 15 * 60_000;

fn requested_photos(world: &World) -> Vec<(u8, String)> {
    let witness = world.device().app().unwrap().witness.unwrap();
    witness.photo_requests.into_iter().map(|request| (request.page, request.reason)).collect()
}

fn add_item(world: &World, cursor: u64, body: InboxBody) {
    world.endpoint.inbox.lock().unwrap().push(InboxItem { cursor, at_ms: 5, body });
}

fn ask(world: &World, cursor: u64, page: u8, reason: &str) {
    let tally = world.tally().statement.unwrap();
    add_item(world, cursor, InboxBody::PhotoRequest { tally, page, reason: reason.to_owned() });
}

fn inbox_calls(world: &World) -> Vec<u64> {
    let calls = world.endpoint.calls.lock().unwrap();
    let after = |call: &Call| if let Call::FetchInbox(asked) = call { Some(asked.after) } else { None };
    calls.iter().filter_map(after).collect()
}

async fn sealed() -> World {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 2, &picture(1)).unwrap();
    world.seal();
    world.send().await;
    world
}

#[tokio::test]
async fn a_request_for_a_photo_is_stored_once_and_answered_by_a_photo_of_the_page() {
    let mut world = sealed().await;
    ask(&world, 3, 2, "angka di kotak kedua tidak terbaca");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(requested_photos(&world), [(2, "angka di kotak kedua tidak terbaca".to_owned())]);
    world.restart();
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(requested_photos(&world).len(), 1, "the same item is not stored twice");
    assert_eq!(inbox_calls(&world), [0, 3], "it is asked for what is new");

    world.device().attach_photo(&key(), 1, &picture(2)).unwrap();
    assert_eq!(requested_photos(&world).len(), 1, "a photo of another page is no answer");
    world.device().attach_photo(&key(), 2, &picture(3)).unwrap();
    assert!(requested_photos(&world).is_empty());
    ask(&world, 9, 2, "masih buram");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(requested_photos(&world), [(2, "masih buram".to_owned())], "asked again, it is open again");
}

#[tokio::test]
async fn unknown_items_and_items_about_others_records_are_skipped() {
    let world = sealed().await;
    add_item(&world, 1, InboxBody::Unknown);
    let stranger = "11".repeat(32);
    add_item(&world, 2, InboxBody::PhotoRequest { tally: stranger, page: 1, reason: "?".into() });
    ask(&world, 4, 1, "gelap");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(requested_photos(&world), [(1, "gelap".to_owned())]);
}

#[tokio::test]
async fn the_inbox_is_read_every_quarter_of_an_hour_and_when_the_witness_asks() {
    let world = World::joined();
    world.send().await;
    assert!(inbox_calls(&world).is_empty(), "the inbox of a new device is empty");
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

fn decide(world: &World, cursor: u64, decision: Decision, reason: &str) {
    let statement = world.tally().statement.unwrap();
    add_item(world, cursor, InboxBody::Verdict { statement, decision, reason: reason.to_owned() });
}

#[tokio::test]
async fn the_last_verdict_on_a_tally_is_shown_and_a_correction_answers_a_dispute() {
    let world = sealed().await;
    let next = async || {
        world.pass_ms(QUARTER_MS);
        world.send().await;
        let life = world.tally().life;
        (life.state, life.verdict.map(|verdict| verdict.reason))
    };
    decide(&world, 1, Decision::Disputed, "IV.2 tidak sama dengan fotonya");
    assert_eq!(next().await, (LifeState::Disputed, Some("IV.2 tidak sama dengan fotonya".to_owned())));
    decide(&world, 2, Decision::Verified, "");
    assert_eq!(next().await, (LifeState::Verified, Some(String::new())));
    decide(&world, 3, Decision::Withdrawn, "salah TPS");
    assert_eq!(next().await, (LifeState::Receipted, None));
    decide(&world, 4, Decision::Disputed, "periksa lagi");
    assert_eq!(next().await.0, LifeState::Disputed);

    world.device().begin_correction(&key(), "salah ketik").unwrap();
    world.type_figure("IV.2", 98);
    world.type_figure("V.A", 249);
    world.type_figure("V.B", 3);
    world.seal();
    assert_eq!(world.tally().life.state, LifeState::Sealed);
    assert_eq!(
        world.tally().superseded[0].life.state,
        LifeState::Disputed,
        "the older one keeps its verdict"
    );
}

#[tokio::test]
async fn a_verdict_that_comes_before_the_receipt_is_shown_only_with_it() {
    let world = World::joined();
    world.type_all();
    world.seal();
    world.endpoint.sequencer_sleeps.store(true, std::sync::atomic::Ordering::SeqCst);
    decide(&world, 1, Decision::Verified, "");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Accepted);
    world.endpoint.sequencer_sleeps.store(false, std::sync::atomic::Ordering::SeqCst);
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Verified);
}

#[tokio::test]
async fn a_requested_original_is_sent_whole_within_its_budget_for_a_day() {
    let mut world = World::joined();
    // Bytes after the end of a picture are no pixels, and still a part of the original.
    let mut original = picture(1);
    original.resize(45 * 1024 * 1024, 7);
    world.type_all();
    world.device().attach_photo(&key(), 2, &original).unwrap();
    world.seal();
    world.send().await;
    let hash = evidence::PhotoHash(Sha256::digest(&original).into());
    let stored = |world: &World| world.endpoint.photos.lock().unwrap().get(&hash).map_or(0, Vec::len);
    assert_eq!(stored(&world), 0, "nobody asked for it");

    add_item(&world, 1, InboxBody::original_request(hash));
    add_item(&world, 2, InboxBody::original_request(evidence::PhotoHash([9; 32])));
    world.pass_ms(QUARTER_MS);
    world.send().await;
    let a_day = 20 * 1024 * 1024;
    assert_eq!(stored(&world), a_day);
    let outbox = |world: &World| world.device().app().unwrap().witness.unwrap().outbox;
    assert_eq!(outbox(&world).originals_waiting, 1);
    let again_at_ms = outbox(&world).originals_again_at_ms.unwrap();
    world.restart();
    world.pass_ms(60 * 60_000);
    world.send().await;
    assert_eq!(stored(&world), a_day, "the day is not over, and a restart is no new one");
    world.clock.0.store(again_at_ms, std::sync::atomic::Ordering::SeqCst);
    world.send().await;
    assert_eq!(stored(&world), 2 * a_day);
    world.device().set_metered(false);
    world.send().await;
    assert_eq!(world.endpoint.photos.lock().unwrap().get(&hash), Some(&original));
    assert_eq!(outbox(&world).originals_waiting, 0);
}

#[tokio::test]
async fn an_original_whose_file_is_gone_delays_nothing() {
    let world = sealed().await;
    let hash = evidence::PhotoHash(Sha256::digest(picture(1)).into());
    let file = world.folder.path().join("photos/originals").join(hash.to_string());
    std::fs::remove_file(file).unwrap();
    add_item(&world, 1, InboxBody::original_request(hash));
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(world.device().app().unwrap().witness.unwrap().outbox.originals_waiting, 0);
    ask(&world, 2, 1, "gelap");
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(requested_photos(&world).len(), 1);
}

/// The demo election with a higher version.
fn newer(change: impl FnOnce(&mut Election)) -> String {
    let mut election = tally::load::read(&demo_election()).unwrap();
    election.version += 1;
    change(&mut election);
    election.to_json().unwrap()
}

fn stations(world: &World) -> Vec<(StationId, bool, usize)> {
    let witness = world.device().app().unwrap().witness.unwrap();
    witness.stations.into_iter().map(|at| (at.station, at.ended, at.tallies.len())).collect()
}

#[tokio::test]
async fn a_witness_who_is_moved_sees_the_new_station_and_keeps_what_was_written_at_the_old_one() {
    let mut world = World::joined();
    let other: StationId = "52.71.05.1001-002".parse().unwrap();
    let move_to = |world: &World, station: &StationId, revision| {
        *world.endpoint.enrolment.lock().unwrap() = Some(ChangedEnrolment {
            assignments_revision: revision,
            assignments: vec![Assignment { station: station.clone(), contests: vec![contest()] }],
            election: newer(|_| {}),
        });
    };
    move_to(&world, &other, 1);
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(stations(&world), [(other.clone(), false, 1)], "nothing was written at the first one");
    move_to(&world, &station(), 2);
    world.pass_ms(QUARTER_MS);
    world.send().await;
    world.type_figure("IV.1", 9);
    move_to(&world, &other, 3);
    world.pass_ms(QUARTER_MS);
    world.send().await;
    world.restart();
    assert_eq!(stations(&world), [(other, false, 1), (station(), true, 1)]);
    // The draft can still be finished and sent.
    world.type_all();
    world.seal();
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
    let marks: Vec<_> = world
        .endpoint
        .calls
        .lock()
        .unwrap()
        .iter()
        .filter_map(|call| match call {
            Call::FetchInbox(asked) => {
                asked.enrolment.map(|mark| (mark.election_version, mark.assignments_revision))
            }
            _ => None,
        })
        .collect();
    assert_eq!(marks, [(1, 0), (2, 1), (2, 2)], "it says which state it has");
}

#[tokio::test]
async fn a_package_that_would_make_figures_unreadable_is_not_used() {
    let world = World::joined();
    world.type_figure("IV.1", 9);
    let offer = |election: String| {
        *world.endpoint.enrolment.lock().unwrap() =
            Some(ChangedEnrolment { assignments_revision: 0, assignments: Vec::new(), election });
    };
    let other_candidates = newer(|election| {
        for contest in &mut election.contests {
            contest.candidates.pop();
        }
    });
    for unfit in ["{}".to_owned(), newer(|election| election.drill = !election.drill), other_candidates] {
        offer(unfit);
        world.pass_ms(QUARTER_MS);
        world.send().await;
        assert_eq!(stations(&world), [(station(), false, 1)]);
        assert_eq!(world.tally().filled, 1);
    }
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_shown_until_it_is_right() {
    let world = sealed().await;
    let off = |world: &World| world.device().app().unwrap().witness.unwrap().outbox.clock_ahead_ms;
    let now_ms = || world.clock.0.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(off(&world), None, "no answer had a time yet");
    for (ahead_ms, shown) in [(3_600_000, Some(3_600_000)), (-86_400_000, Some(-86_400_000)), (60_000, None)]
    {
        world.pass_ms(QUARTER_MS);
        *world.endpoint.clock_ms.lock().unwrap() = Some(now_ms() - ahead_ms);
        world.send().await;
        assert_eq!(off(&world), shown);
    }
}

fn read_reports(world: &World) -> Vec<Vec<String>> {
    let calls = world.endpoint.calls.lock().unwrap();
    let read = |call: &Call| if let Call::FetchInbox(asked) = call { Some(asked.read.clone()) } else { None };
    calls.iter().filter_map(read).filter(|read| !read.is_empty()).collect()
}

fn message(world: &World, cursor: u64, id: &str, text: &str) {
    let (message, text, by) = (id.to_owned(), text.to_owned(), "koordinator".to_owned());
    add_item(world, cursor, InboxBody::Message { message, region: Some("52.71".to_owned()), text, by });
}

#[tokio::test]
async fn a_message_is_shown_and_that_it_was_opened_is_reported_until_the_endpoint_knows_it() {
    let mut world = sealed().await;
    message(&world, 1, "first", "Rapat pukul 12.");
    message(&world, 2, "second", "Bawa surat mandat.");
    message(&world, 3, "endless", &"x".repeat(protocol::limit::MESSAGE_CHARS + 1));
    add_item(&world, 4, InboxBody::MessageWithdrawn { message: "second".to_owned() });
    world.pass_ms(QUARTER_MS);
    world.send().await;
    let messages = |world: &World| world.device().app().unwrap().witness.unwrap().messages;
    let shown: Vec<(String, bool, bool)> = messages(&world)
        .into_iter()
        .map(|message| (message.text, message.withdrawn, message.opened))
        .collect();
    let expected =
        [("Bawa surat mandat.".to_owned(), true, false), ("Rapat pukul 12.".to_owned(), false, false)];
    assert_eq!(shown, expected, "newest first, and one that is too long is left out");
    assert!(read_reports(&world).is_empty());

    world.device().open_messages(&["first".to_owned(), "unknown".to_owned()]).unwrap();
    world.restart();
    assert!(messages(&world)[1].opened, "it is on disk");
    world.send().await;
    assert_eq!(read_reports(&world), [["first".to_owned()]], "opening it makes the request due");
    world.device().open_messages(&["first".to_owned()]).unwrap();
    world.pass_ms(QUARTER_MS);
    world.send().await;
    assert_eq!(read_reports(&world).len(), 1, "the endpoint knows it");
}
