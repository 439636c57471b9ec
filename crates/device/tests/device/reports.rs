//! Reports: attendance and incidents are sealed and proved like a tally.

use device::view::{Failure, FailureCode, WitnessReport};
use device::{DeviceError, LifeState};
use evidence::{AttendanceEvent, Body, IncidentCategory};

use crate::world::{World, station};

fn code(error: &DeviceError) -> FailureCode {
    Failure::from(error).code
}

#[tokio::test]
async fn attendance_is_sealed_in_the_chain_and_proved_like_a_tally() {
    let world = World::joined();
    world.device().attend(&station(), AttendanceEvent::Arrived).unwrap();
    world.type_all();
    world.seal();
    world.device().attend(&station(), AttendanceEvent::Left).unwrap();
    world.send().await;
    let bodies: Vec<Body> =
        world.endpoint.verified(&world.public_key()).into_iter().map(|one| one.body).collect();
    let [Body::Attendance(came), Body::Tally(_), Body::Attendance(went)] = &bodies[..] else {
        panic!("{bodies:?}")
    };
    assert_eq!((came.event, went.event), (AttendanceEvent::Arrived, AttendanceEvent::Left));
    let sealed = world.device().reports(&station()).unwrap().sealed;
    assert_eq!(sealed[0].report, WitnessReport::Attendance { event: AttendanceEvent::Left }, "newest first");
    assert!(sealed.iter().all(|one| one.life.state == LifeState::Receipted));
}

#[test]
fn an_incident_is_on_disk_with_every_change_and_survives_a_killed_app() {
    let mut world = World::joined();
    let write = |world: &World, category, text: &str| {
        world.device().write_incident(&station(), category, text, false).unwrap();
    };
    write(&world, None, "Salinan belum");
    world.restart();
    assert_eq!(world.device().reports(&station()).unwrap().draft.unwrap().text, "Salinan belum");
    write(&world, Some(IncidentCategory::CopyWithheld), "Salinan belum diberikan pukul 23.40.");
    world.restart();
    let draft = world.device().reports(&station()).unwrap().draft.unwrap();
    assert_eq!((draft.category, draft.on_the_form), (Some(IncidentCategory::CopyWithheld), false));
    world.device().discard_incident(&station()).unwrap();
    assert_eq!(world.device().reports(&station()).unwrap().draft, None);
}

#[tokio::test]
async fn an_incident_is_sealed_only_with_a_category_and_a_text_and_then_its_draft_is_gone() {
    let world = World::joined();
    let seal = || world.device().seal_incident(&station());
    assert_eq!(code(&seal().unwrap_err()), FailureCode::IncidentIncomplete);
    for (category, text) in [(None, "Ada keributan."), (Some(IncidentCategory::Violence), "  \n ")] {
        world.device().write_incident(&station(), category, text, true).unwrap();
        assert_eq!(code(&seal().unwrap_err()), FailureCode::IncidentIncomplete);
    }
    world
        .device()
        .write_incident(&station(), Some(IncidentCategory::Objection), " Saksi keberatan. ", true)
        .unwrap();
    seal().unwrap();
    let view = world.device().reports(&station()).unwrap();
    assert_eq!((view.draft, view.sealed.len()), (None, 1));
    world.send().await;
    let statements = world.endpoint.verified(&world.public_key());
    let Body::Incident(incident) = &statements[0].body else { panic!("{statements:?}") };
    assert_eq!(
        (incident.category, incident.text.as_str()),
        (IncidentCategory::Objection, "Saksi keberatan.")
    );
    assert!(incident.on_the_form);
}

#[test]
fn a_text_that_is_too_long_is_refused_and_not_cut_off() {
    let world = World::joined();
    let most = world.device().reports(&station()).unwrap().text_chars_max as usize;
    // Four bytes a letter: the longest text still fits into a statement.
    world
        .device()
        .write_incident(&station(), Some(IncidentCategory::Other), &"𝄞".repeat(most), false)
        .unwrap();
    let error = world.device().write_incident(&station(), None, &"a".repeat(most + 1), false).unwrap_err();
    assert_eq!(code(&error), FailureCode::IncidentTooLong);
    world.device().seal_incident(&station()).unwrap();
}

#[test]
fn a_station_that_is_not_assigned_has_no_reports() {
    let world = World::joined();
    let other = "52.71.05.1001-002".parse().unwrap();
    for error in [
        world.device().reports(&other).map(drop),
        world.device().attend(&other, AttendanceEvent::Arrived),
        world.device().write_incident(&other, None, "", false),
        world.device().seal_incident(&other),
    ] {
        assert_eq!(code(&error.unwrap_err()), FailureCode::NotAssigned);
    }
}
