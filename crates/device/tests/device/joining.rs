//! Recording before the endpoint has confirmed that the device joined, and where nobody has assigned it.

use device::sync::send_due;
use device::view::{Failure, FailureCode, SyncError};
use device::{Device, Invitation, LifeState, TallyKey};
use protocol::{Problem, ProblemCode, link_fingerprint};
use tally::Figure;

use crate::world::{Endpoint, ScriptedReply, World, contest, demo_election, key, station};

/// An invitation that names the log of `endpoint`.
fn invitation(endpoint: &Endpoint) -> Invitation {
    let fingerprint = link_fingerprint(endpoint.log.lock().unwrap().key.public());
    Invitation::parse(&format!("https://saksi.example/#AB2C-9XYZ-QRST-0123.{fingerprint}")).unwrap()
}

/// A phone with an invitation and without a connection, and another one that has joined.
fn phones() -> (Device, tempfile::TempDir, World) {
    let other = World::joined();
    let folder = tempfile::tempdir().unwrap();
    let device = Device::open(folder.path(), other.platform()).unwrap();
    device.remember_invitation(&invitation(&other.endpoint)).unwrap();
    (device, folder, other)
}

fn seal_at(device: &Device, tally_key: &TallyKey) {
    for (field, value) in crate::world::WHOLE_PAPER {
        device.set_figure(tally_key, &field.parse().unwrap(), Some(Figure::Written(*value))).unwrap();
    }
    device.seal(tally_key).unwrap();
}

fn id_of(device: &Device) -> evidence::DeviceId {
    device.app().unwrap().witness.unwrap().device.parse().unwrap()
}

#[tokio::test]
async fn a_phone_without_a_connection_records_with_the_package_of_another_and_joins_later() {
    let (device, _folder, other) = phones();
    assert!(device.app().unwrap().witness.is_none());
    device.accept_package(&other.device().export_package().unwrap()).unwrap();
    let app = device.app().unwrap();
    assert!(app.joining.is_some() && app.witness.unwrap().stations.is_empty());
    device.record_at(&station()).unwrap();
    assert!(device.app().unwrap().witness.unwrap().stations[0].is_own);
    seal_at(&device, &key());

    send_due(&device, &other.endpoint).await.unwrap();
    let waiting = device.app().unwrap().joining.unwrap();
    assert_eq!((waiting.error, waiting.refusal), (Some(SyncError::Unreachable), None));
    assert!(other.endpoint.statement_ids().is_empty(), "nothing is sent before the device has joined");

    let election = tally::load::read(&demo_election()).unwrap();
    let response = other.endpoint.enrolment_of(id_of(&device), &election);
    *other.endpoint.enrols.lock().unwrap() = Some(response);
    device.try_now().unwrap();
    send_due(&device, &other.endpoint).await.unwrap();
    let app = device.app().unwrap();
    assert!(app.joining.is_none());
    assert!(!app.witness.unwrap().stations[0].is_own, "the endpoint has assigned it");
    assert_eq!(device.tally(&key()).unwrap().life.state, LifeState::Receipted);
}

#[tokio::test]
async fn a_refused_invitation_is_shown_and_a_new_one_replaces_it() {
    let (device, _folder, other) = phones();
    let problem = Problem::new(ProblemCode::InvitationUsed, "another device used it before");
    other
        .endpoint
        .script(ScriptedReply::Answer(device::sync::Answer::Refused { problem, retry_after_ms: None }));
    send_due(&device, &other.endpoint).await.unwrap();
    let waiting = device.app().unwrap().joining.unwrap();
    assert_eq!(waiting.refusal.unwrap().code, ProblemCode::InvitationUsed);
    device.remember_invitation(&invitation(&other.endpoint)).unwrap();
    assert!(device.app().unwrap().joining.unwrap().refusal.is_none());
}

#[test]
fn the_package_of_another_endpoint_is_refused_and_so_is_one_that_was_changed() {
    let (device, _folder, other) = phones();
    let code = |file: &[u8]| Failure::from(&device.accept_package(file).unwrap_err()).code;
    let package = String::from_utf8(other.device().export_package().unwrap()).unwrap();
    let real = other.endpoint.log.lock().unwrap().key.public().to_hex();
    let another = evidence::LogKey::from_seed([9; 32]).public().to_hex();
    assert_eq!(code(package.replace(&real, &another).as_bytes()), FailureCode::OtherLog);
    for broken in ["", "{}", &package[..package.len() / 2], &package.replace("saksi-package/1", "x")] {
        assert_eq!(code(broken.as_bytes()), FailureCode::PackageUnreadable, "{broken:.40}");
    }
    assert!(device.app().unwrap().witness.is_none());
}

#[tokio::test]
async fn a_witness_sent_to_another_station_records_there_at_once_and_is_assigned_later() {
    let mut world = World::joined();
    let sent_to = "52.71.05.1001-002".parse().unwrap();
    let there = TallyKey::first(&sent_to, &contest());
    assert!(world.device().tally(&there).is_err());
    world.device().record_at(&sent_to).unwrap();
    world.restart();
    seal_at(world.device(), &there);
    world.send().await;
    assert_eq!(world.device().tally(&there).unwrap().life.state, LifeState::Receipted);
    let stations = || world.device().app().unwrap().witness.unwrap().stations;
    let own: Vec<_> = stations().iter().map(|station| station.is_own).collect();
    assert_eq!(own, [false, true]);

    for number in 3..6 {
        world.device().record_at(&format!("52.71.05.1001-00{number}").parse().unwrap()).unwrap();
    }
    for refused in ["52.71.05.1001-006", "11.01.01.2001-001"] {
        let error = world.device().record_at(&refused.parse().unwrap()).unwrap_err();
        assert_eq!(Failure::from(&error).code, FailureCode::CannotRecordAt);
    }
}
