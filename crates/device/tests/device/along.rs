//! Taking other witnesses' records along to where there is a signal.

use device::view::{Failure, FailureCode, TakenAlongView};
use device::{DeviceError, LifeState};
use evidence::StatementId;
use evidence::bundle::{Item, check, write};

use crate::world::{World, contest, picture, station};

/// A witness without a signal, with a tally and a photo sealed.
fn stranded() -> World {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&station(), &contest(), 2, &picture(10)).unwrap();
    world.seal();
    world
}

/// Another witness, whose key grows from other chance.
fn carrier() -> World {
    World::joined_as(77)
}

fn refusal(error: &DeviceError) -> FailureCode {
    Failure::from(error).code
}

#[tokio::test]
async fn what_another_device_sealed_arrives_through_a_carrier_and_is_proved_to_it() {
    let (stranded, carrier) = (stranded(), carrier());
    let bundle = stranded.device().export_bundle().unwrap();
    let taken = carrier.device().take_along(&bundle.bytes).unwrap();
    assert_eq!(taken, TakenAlongView { records: 2, already_here: 0, photos: 1 });
    let again = carrier.device().take_along(&bundle.bytes).unwrap();
    assert_eq!(again, TakenAlongView { records: 0, already_here: 2, photos: 0 });

    carrier.send().await;
    let arrived = carrier.endpoint.verified(&stranded.public_key());
    assert_eq!(arrived.len(), 2, "as they were signed, by the device that signed them");
    assert_eq!(carrier.endpoint.photos.lock().unwrap().len(), 1);
    let carried = carrier.device().app().unwrap().witness.unwrap().carried;
    assert_eq!((carried.len(), carried[0].records, carried[0].proved), (1, 2, 2));
    assert_eq!((carried[0].photos, carried[0].photos_arrived), (1, 1));

    let calls = carrier.endpoint.call_count();
    carrier.send().await;
    assert_eq!(carrier.endpoint.call_count(), calls, "nothing is sent twice");
}

#[tokio::test]
async fn carried_records_survive_a_killed_app_and_stay_apart_from_the_carriers_own() {
    let mut carrier = carrier();
    carrier.device().take_along(&stranded().device().export_bundle().unwrap().bytes).unwrap();
    carrier.restart();
    assert_eq!(carrier.tally().life.state, LifeState::Draft);
    assert!(carrier.tally().life.since_ms.is_none(), "the station is the same, the record is another's");
    carrier.type_all();
    carrier.seal();
    carrier.send().await;
    assert_eq!(carrier.endpoint.verified_any().len(), 3);
    let own = carrier.endpoint.verified_any().into_iter().filter(|id| *id == own_id(&carrier)).count();
    assert_eq!(own, 1);
}

fn own_id(world: &World) -> StatementId {
    world.tally().statement.unwrap().parse().unwrap()
}

#[test]
fn a_carriers_own_bundle_holds_what_it_carries_and_a_second_carrier_takes_it_on() {
    let (stranded, first) = (stranded(), carrier());
    first.device().take_along(&stranded.device().export_bundle().unwrap().bytes).unwrap();
    let bundle = first.device().export_bundle().unwrap();
    check(bundle.bytes.as_slice()).unwrap();
    let second = World::joined_as(78);
    let taken = second.device().take_along(&bundle.bytes).unwrap();
    assert_eq!(taken, TakenAlongView { records: 2, already_here: 0, photos: 1 });
    let home = stranded.device().take_along(&bundle.bytes).unwrap();
    assert_eq!((home.records, home.already_here), (0, 2), "they came home");
}

#[test]
fn damaged_unsigned_and_foreign_bundles_are_refused_whole() {
    let (stranded, carrier) = (stranded(), carrier());
    let whole = stranded.device().export_bundle().unwrap().bytes;
    let mut bent = whole.clone();
    bent[whole.len() / 2] ^= 1;
    let statement = stranded.endpoint_statement();
    let key = Item::DeviceKey(stranded.public_key());
    let without_key = write(vec![Item::Statement(statement.clone())], Vec::new()).unwrap();
    let stray =
        write(vec![key.clone(), Item::Statement(statement), Item::Photo(picture(3))], Vec::new()).unwrap();
    for file in [&whole[..whole.len() - 9], &bent, b"not a bundle", b"", &without_key, &stray] {
        let error = carrier.device().take_along(file).unwrap_err();
        assert_eq!(refusal(&error), FailureCode::BundleUnreadable, "{error}");
    }
    assert!(carrier.device().app().unwrap().witness.unwrap().carried.is_empty(), "nothing of them was kept");
}

#[tokio::test]
async fn a_carrier_keeps_trying_like_for_its_own() {
    let carrier = carrier();
    carrier.device().take_along(&stranded().device().export_bundle().unwrap().bytes).unwrap();
    carrier.endpoint.tell(crate::world::Told::LoseTheAnswer);
    carrier.send().await;
    assert_eq!(carrier.device().app().unwrap().witness.unwrap().carried[0].proved, 0);
    carrier.pass_ms(3_600_000);
    carrier.send().await;
    assert_eq!(carrier.device().app().unwrap().witness.unwrap().carried[0].proved, 2);
    assert_eq!(carrier.endpoint.statements.lock().unwrap().len(), 2);
}
