//! Sending: nothing is claimed that the endpoint did not say, nothing is lost, and nothing stops for good.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use device::sync::{Answer, Call, RestartDelay, Sender, Transport, supervise};
use device::view::SyncError;
use device::{DeviceError, LifeState};
use evidence::StatementId;
use protocol::{Outcome, Problem, ProblemCode};

use crate::world::{Endpoint, FIRST_MOMENT_MS, ScriptedReply, World, key, picture};

fn pushed(outcome: Outcome) -> Answer {
    Answer::Pushed { outcomes: vec![outcome], missing: Vec::new() }
}

fn sealed_with_a_photo() -> World {
    let world = World::joined();
    world.type_all();
    world.device().attach_photo(&key(), 2, &picture(10)).unwrap();
    world.seal();
    world
}

#[tokio::test]
async fn without_a_connection_everything_waits_and_the_next_attempt_is_on_disk() {
    let mut world = sealed_with_a_photo();
    world.endpoint.script(ScriptedReply::Answer(Answer::Failed(SyncError::Unreachable)));
    world.send().await;
    world.restart();
    assert_eq!(world.tally().life.state, LifeState::Sealed);
    let outbox = world.device().app().unwrap().witness.unwrap().outbox;
    assert_eq!((outbox.tallies_waiting, outbox.photos_waiting), (1, 1));
    assert_eq!(outbox.error, Some(SyncError::Unreachable));
    assert!(outbox.next_attempt_at_ms.is_some_and(|at| at > FIRST_MOMENT_MS));
    world.send().await;
    assert_eq!(world.endpoint.call_count(), 1, "it is not tried before its time");
    world.pass_ms(300_000);
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_again_and_the_endpoint_has_everything_once() {
    let world = sealed_with_a_photo();
    for _ in 0..5 {
        world.endpoint.script(ScriptedReply::LoseTheAnswer);
        world.send().await;
        world.pass_ms(300_000);
    }
    assert_eq!(world.tally().life.state, LifeState::Sealed, "a lost answer is no acceptance");
    world.send().await;
    assert_eq!(world.endpoint.statements.lock().unwrap().len(), 2);
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.life.received_at_ms), (LifeState::Receipted, Some(77)));
    assert!(tally.pages[1].photo.as_ref().is_some_and(|photo| photo.arrived));
    let outbox = world.device().app().unwrap().witness.unwrap().outbox;
    assert_eq!((outbox.bytes_waiting, outbox.next_attempt_at_ms), (0, None));
}

#[tokio::test]
async fn a_refused_record_is_shown_with_the_reason_and_offered_again() {
    let world = World::joined();
    world.type_all();
    world.seal();
    let problem = Problem::new(ProblemCode::ElectionWrong, "this endpoint is for pilkada-2029");
    world.endpoint.script(ScriptedReply::Answer(pushed(Outcome::Refused { problem })));
    world.send().await;
    let tally = world.tally();
    assert_eq!((tally.life.state, tally.filled), (LifeState::Refused, 28));
    assert_eq!(tally.life.refusal.unwrap().code, ProblemCode::ElectionWrong);
    assert_eq!(world.device().app().unwrap().witness.unwrap().outbox.refused, 1);
    world.pass_ms(7 * 3_600_000);
    world.send().await;
    let life = world.tally().life;
    assert_eq!((life.state, life.refusal), (LifeState::Receipted, None));
}

#[tokio::test]
async fn an_answer_for_other_bytes_is_no_acceptance() {
    let world = World::joined();
    world.type_all();
    world.seal();
    let other = Outcome::Accepted { id: StatementId([9; 32]), received_at_ms: 1 };
    world.endpoint.script(ScriptedReply::Answer(pushed(other)));
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Sealed);
    let outbox = world.device().app().unwrap().witness.unwrap().outbox;
    assert_eq!(outbox.error, Some(SyncError::NotTheEndpoint));
}

#[tokio::test]
async fn the_witness_can_try_again_at_once() {
    let world = sealed_with_a_photo();
    world.endpoint.script(ScriptedReply::Answer(Answer::Failed(SyncError::Unreachable)));
    world.send().await;
    world.device().try_now().unwrap();
    world.send().await;
    assert_eq!(world.tally().life.state, LifeState::Receipted);
}

#[tokio::test]
async fn an_upload_continues_where_the_endpoint_stopped_and_is_whole_at_the_end() {
    let world = sealed_with_a_photo();
    let photo = world.tally().pages[1].photo.clone().unwrap();
    let whole = world.device().photo(photo.hash.parse().unwrap()).unwrap();
    let already = whole[..1000].to_vec();
    world.endpoint.photos.lock().unwrap().insert(photo.hash.parse().unwrap(), already);
    world.send().await;
    let calls = world.endpoint.calls.lock().unwrap().clone();
    let sent: usize =
        calls.iter().map(|call| if let Call::SendPiece { piece, .. } = call { piece.len() } else { 0 }).sum();
    assert_eq!(sent, whole.len() - 1000);
    assert_eq!(world.endpoint.photos.lock().unwrap()[&photo.hash.parse().unwrap()], whole);
}

#[tokio::test]
async fn a_refused_photo_is_kept_with_the_reason() {
    let world = sealed_with_a_photo();
    world.endpoint.script(ScriptedReply::Accept);
    world.endpoint.script(ScriptedReply::Accept);
    let problem = Problem::new(ProblemCode::PhotoNotAnImage, "not a JPEG");
    world.endpoint.script(ScriptedReply::Answer(Answer::Refused { problem, retry_after_ms: None }));
    world.send().await;
    let tally = world.tally();
    assert_eq!(tally.life.state, LifeState::Receipted);
    let photo = tally.pages[1].photo.as_ref().unwrap();
    assert_eq!(photo.refusal.as_ref().map(|refusal| refusal.code), Some(ProblemCode::PhotoNotAnImage));
    assert!(!photo.arrived && world.device().photo(photo.hash.parse().unwrap()).is_ok());
}

#[tokio::test]
async fn a_sync_that_panics_or_has_no_transport_is_started_again() {
    let world = World::joined();
    world.type_all();
    world.seal();
    world.endpoint.script(ScriptedReply::Panic);
    world.endpoint.script(ScriptedReply::Panic);
    let (device, endpoint, _folder) = world.into_shared();
    let builds = AtomicU32::new(0);
    let transport = || match builds.fetch_add(1, Ordering::SeqCst) {
        0 => Err(DeviceError::Tls("no verifier yet".into())),
        _ => Ok(Shared(Arc::clone(&endpoint))),
    };
    let delay = RestartDelay { first: Duration::from_millis(1), longest: Duration::from_millis(4) };
    let (notify, mut changes) = tokio::sync::mpsc::unbounded_channel();
    let changed = Arc::new(move || _ = notify.send(()));
    let receipted = async {
        while device.tally(&key()).unwrap().life.state != LifeState::Receipted {
            changes.recv().await.unwrap();
        }
    };
    tokio::select! {
        () = supervise(Arc::clone(&device), transport, changed, delay) => {}
        () = receipted => {}
    }
    assert_eq!(builds.load(Ordering::SeqCst), 4, "one without a transport, two panics, and one that sends");
    assert_eq!(endpoint.statements.lock().unwrap().len(), 1);
}

/// A transport that can be made again for the same endpoint.
pub(crate) struct Shared(pub(crate) Arc<Endpoint>);

impl Transport for Shared {
    async fn exchange(&self, sender: Sender<'_>, call: Call) -> Answer {
        self.0.exchange(sender, call).await
    }
}
