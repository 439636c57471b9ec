//! Several elections on one phone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use device::sync::{HttpTransport, RestartDelay, send_due};
use device::view::{Failure, FailureCode, JoinOutcome};
use device::{DeviceError, Elections, Invitation};
use tally::Figure;

use crate::sending::Shared;
use crate::world::{Endpoint, World, demo_election, key};

/// Nothing listens at this address.
const NOBODY: &str = "http://127.0.0.1:1/#AB2C-9XYZ-QRST-0123";

fn open(folder: &Path, world: &World) -> Elections {
    Elections::open(folder, world.platform()).unwrap()
}

/// Elections whose first one was joined at `endpoint`.
fn joined(folder: &Path, world: &World, endpoint: &Endpoint) -> Elections {
    let elections = open(folder, world);
    let device = elections.current().unwrap();
    let invitation = Invitation::parse(NOBODY).unwrap();
    let request = device.enrol_request(&invitation).unwrap();
    let id = evidence::PublicKey::from_hex(&request.public_key).unwrap().device_id();
    let election = tally::load::read(&demo_election()).unwrap();
    device.enrolled(&invitation, endpoint.enrolment_of(id, &election), &[]).unwrap();
    elections
}

fn type_and_seal(elections: &Elections) {
    let device = elections.current().unwrap();
    for (field, value) in crate::world::WHOLE_PAPER {
        device.set_figure(&key(), &field.parse().unwrap(), Some(Figure::Written(*value))).unwrap();
    }
    device.seal(&key()).unwrap();
}

fn code(error: &DeviceError) -> FailureCode {
    Failure::from(error).code
}

#[test]
fn the_election_of_an_earlier_version_moves_into_a_folder_of_its_own_with_its_draft_and_key() {
    let mut world = World::joined();
    world.type_figure("I.A.L", 140);
    let device = world.device().app().unwrap().witness.unwrap().device;
    world.close();
    // A crash in the middle of the move has left some files in the new folder.
    let first = world.folder.path().join("elections/1");
    fs::create_dir_all(&first).unwrap();
    fs::rename(world.folder.path().join("device.key"), first.join("device.key")).unwrap();
    for _ in 0..2 {
        let elections = open(world.folder.path(), &world);
        let app = elections.app().unwrap();
        assert_eq!(app.witness.unwrap().device, device);
        assert_eq!(app.elections.len(), 1);
        let tally = elections.current().unwrap().tally(&key()).unwrap();
        assert_eq!(tally.filled, 1);
        assert!(!world.folder.path().join("saksi.db").exists());
    }
}

#[tokio::test]
async fn an_invitation_without_a_connection_waits_beside_the_election_that_is_here() {
    let (world, folder, endpoint) = (World::joined(), tempfile::tempdir().unwrap(), Endpoint::default());
    let elections = joined(folder.path(), &world, &endpoint);
    let field = "I.A.L".parse().unwrap();
    elections.current().unwrap().set_figure(&key(), &field, Some(Figure::Written(7))).unwrap();
    let other = NOBODY.replace("127.0.0.1:1", "127.0.0.1:2");
    let outcome = elections.join(&other, &HttpTransport::new().unwrap()).await.unwrap();
    assert_eq!(outcome, JoinOutcome::Waiting);
    let app = elections.app().unwrap();
    assert!(app.witness.is_none() && app.joining.unwrap().has_invitation);
    let cards: Vec<_> =
        app.elections.iter().map(|card| (card.number, card.is_joined, card.is_current)).collect();
    assert_eq!(cards, [(1, true, false), (2, false, true)]);
    // The same invitation again is no third election.
    elections.join(&other, &HttpTransport::new().unwrap()).await.unwrap();
    assert_eq!(elections.app().unwrap().elections.len(), 2);

    drop(elections);
    let elections = open(folder.path(), &world);
    assert!(elections.app().unwrap().witness.is_none(), "the one that was chosen last is shown");
    elections.choose(1).unwrap();
    assert_eq!(elections.current().unwrap().tally(&key()).unwrap().filled, 1);
    assert_eq!(code(&elections.choose(9).unwrap_err()), FailureCode::NoSuchElection);
}

#[tokio::test]
async fn an_election_is_left_when_all_of_it_is_proved_or_in_a_file_and_that_can_be_undone() {
    let (world, folder, endpoint) = (World::joined(), tempfile::tempdir().unwrap(), Endpoint::default());
    let elections = joined(folder.path(), &world, &endpoint);
    type_and_seal(&elections);
    assert_eq!(code(&elections.leave(1, true).unwrap_err()), FailureCode::NotProvedYet);
    let device = elections.current().unwrap();
    device.export_bundle().unwrap();
    assert_eq!(code(&elections.leave(1, true).unwrap_err()), FailureCode::NotProvedYet, "not written yet");
    device.mark_exported().unwrap();
    elections.leave(1, false).unwrap();
    let app = elections.app().unwrap();
    assert!(app.witness.is_none() && app.elections[0].is_left);

    elections.undo_leave(1).unwrap();
    let device = elections.current().unwrap();
    assert_eq!(elections.app().unwrap().elections.len(), 1);
    device.begin_correction(&key(), "periksa ulang").unwrap();
    assert_eq!(code(&elections.leave(1, false).unwrap_err()), FailureCode::DraftsOpen);
    device.seal(&key()).unwrap();
    assert_eq!(code(&elections.leave(1, true).unwrap_err()), FailureCode::NotProvedYet, "one more since");
    send_due(&device, &endpoint).await.unwrap();
    elections.leave(1, false).unwrap();
    drop((elections, device));

    let elections = open(folder.path(), &world);
    let app = elections.app().unwrap();
    assert!(app.witness.is_none() && app.elections.is_empty());
    assert_eq!(code(&elections.undo_leave(1).unwrap_err()), FailureCode::NoSuchElection);
    assert!(folder.path().join("left/1/saksi.db").exists(), "nothing is deleted");
}

#[test]
fn one_damaged_database_does_not_keep_the_witness_from_the_other_elections() {
    let (world, folder, endpoint) = (World::joined(), tempfile::tempdir().unwrap(), Endpoint::default());
    drop(joined(folder.path(), &world, &endpoint));
    fs::create_dir_all(folder.path().join("elections/2")).unwrap();
    fs::write(folder.path().join("elections/2/saksi.db"), [7; 8_192]).unwrap();
    let elections = open(folder.path(), &world);
    assert_eq!(elections.app().unwrap().elections.len(), 1);
    assert!(folder.path().join("elections/2/saksi.db").exists());
}

#[tokio::test]
async fn the_sync_runs_for_every_election_and_for_one_that_comes_later() {
    let (world, folder) = (World::joined(), tempfile::tempdir().unwrap());
    let endpoint = Arc::new(Endpoint::default());
    let elections = joined(folder.path(), &world, &endpoint);
    type_and_seal(&elections);
    let (notify, mut changes) = tokio::sync::mpsc::unbounded_channel();
    let changed = Arc::new(move || _ = notify.send(()));
    let transport = {
        let endpoint = Arc::clone(&endpoint);
        move || Ok(Shared(Arc::clone(&endpoint)))
    };
    let evening = async {
        let other = NOBODY.replace("127.0.0.1:1", "127.0.0.1:2");
        elections.join(&other, &HttpTransport::new().unwrap()).await.unwrap();
        let device = elections.current().unwrap();
        let request = device.enrol_request(&Invitation::parse(&other).unwrap()).unwrap();
        let id = evidence::PublicKey::from_hex(&request.public_key).unwrap().device_id();
        let election = tally::load::read(&demo_election()).unwrap();
        *endpoint.enrols.lock().unwrap() = Some(endpoint.enrolment_of(id, &election));
        device.try_now().unwrap();
        while elections.app().unwrap().elections.iter().any(|card| !card.is_joined || card.unproved > 0) {
            changes.recv().await.unwrap();
        }
    };
    tokio::select! {
        () = elections.supervise_all(transport, changed, RestartDelay::default()) => {}
        () = evening => {}
    }
    assert_eq!(elections.app().unwrap().elections.len(), 2);
    assert_eq!(endpoint.statement_ids().len(), 1);
}
