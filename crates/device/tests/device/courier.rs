//! The courier: carrying records of other witnesses to a place with a signal.

use device::view::{CourierReceipt, Failure, FailureCode};
use device::{DeviceError, LifeState};
use evidence::StatementId;
use evidence::bundle::{Item, check, write};

use crate::world::{ScriptedReply, World, key, picture};

/// A witness without a signal, with a tally and a photo sealed.
fn stranded() -> World {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 2, &picture(10)).unwrap();
    world.seal();
    world
}

/// Another witness, with another key.
fn courier() -> World {
    World::joined_as(77)
}

fn refusal(error: &DeviceError) -> FailureCode {
    Failure::from(error).code
}

#[tokio::test]
async fn records_of_another_device_arrive_through_a_courier_who_sees_that_they_are_proved() {
    let (stranded, courier) = (stranded(), courier());
    let bundle = stranded.device().export_bundle().unwrap();
    let receipt = courier.device().accept_bundle(&bundle.bytes).unwrap();
    assert_eq!(receipt, CourierReceipt { records: 2, already_here: 0, photos: 1 });
    let again = courier.device().accept_bundle(&bundle.bytes).unwrap();
    assert_eq!(again, CourierReceipt { records: 0, already_here: 2, photos: 0 });

    courier.send().await;
    let arrived = courier.endpoint.verified(&stranded.public_key());
    assert_eq!(arrived.len(), 2, "as they were signed, by the device that signed them");
    assert_eq!(courier.endpoint.photos.lock().unwrap().len(), 1);
    let carried = courier.device().app().unwrap().witness.unwrap().carried;
    assert_eq!((carried.len(), carried[0].records, carried[0].proved), (1, 2, 2));
    assert_eq!((carried[0].photos, carried[0].photos_arrived), (1, 1));

    let calls = courier.endpoint.call_count();
    courier.send().await;
    assert_eq!(courier.endpoint.call_count(), calls, "nothing is sent twice");
}

#[tokio::test]
async fn carried_records_survive_a_killed_app_and_stay_apart_from_the_couriers_own() {
    let mut courier = courier();
    courier.device().accept_bundle(&stranded().device().export_bundle().unwrap().bytes).unwrap();
    courier.restart();
    assert_eq!(courier.tally().life.state, LifeState::Draft);
    assert!(courier.tally().life.since_ms.is_none(), "the station is the same, the record is another's");
    courier.type_all();
    courier.seal();
    courier.send().await;
    assert_eq!(courier.endpoint.statement_ids().len(), 3);
    let own = courier.endpoint.statement_ids().into_iter().filter(|id| *id == own_id(&courier)).count();
    assert_eq!(own, 1);
}

fn own_id(world: &World) -> StatementId {
    world.tally().statement.unwrap().parse().unwrap()
}

#[test]
fn a_couriers_bundle_contains_what_it_carries_and_a_second_courier_accepts_it() {
    let (stranded, first) = (stranded(), courier());
    first.device().accept_bundle(&stranded.device().export_bundle().unwrap().bytes).unwrap();
    let bundle = first.device().export_bundle().unwrap();
    check(bundle.bytes.as_slice()).unwrap();
    let second = World::joined_as(78);
    let receipt = second.device().accept_bundle(&bundle.bytes).unwrap();
    assert_eq!(receipt, CourierReceipt { records: 2, already_here: 0, photos: 1 });
    let home = stranded.device().accept_bundle(&bundle.bytes).unwrap();
    assert_eq!((home.records, home.already_here), (0, 2), "they are its own");
}

#[test]
fn damaged_unsigned_and_foreign_bundles_are_refused_as_a_whole() {
    let (stranded, courier) = (stranded(), courier());
    let whole = stranded.device().export_bundle().unwrap().bytes;
    let mut bent = whole.clone();
    bent[whole.len() / 2] ^= 1;
    let statement = stranded.endpoint_statement();
    let key = Item::DeviceKey(stranded.public_key());
    let without_key = write(vec![Item::Statement(statement.clone())], Vec::new()).unwrap();
    let stray =
        write(vec![key.clone(), Item::Statement(statement), Item::Photo(picture(3))], Vec::new()).unwrap();
    for file in [&whole[..whole.len() - 9], &bent, b"not a bundle", b"", &without_key, &stray] {
        let error = courier.device().accept_bundle(file).unwrap_err();
        assert_eq!(refusal(&error), FailureCode::BundleUnreadable, "{error}");
    }
    assert!(
        courier.device().app().unwrap().witness.unwrap().carried.is_empty(),
        "nothing of them was stored"
    );
}

#[tokio::test]
async fn carried_records_are_retried_like_own_ones() {
    let courier = courier();
    courier.device().accept_bundle(&stranded().device().export_bundle().unwrap().bytes).unwrap();
    courier.endpoint.script(ScriptedReply::LoseTheAnswer);
    courier.send().await;
    assert_eq!(courier.device().app().unwrap().witness.unwrap().carried[0].proved, 0);
    courier.pass_ms(3_600_000);
    courier.send().await;
    assert_eq!(courier.device().app().unwrap().witness.unwrap().carried[0].proved, 2);
    assert_eq!(courier.endpoint.statements.lock().unwrap().len(), 2);
}
